"""A school built in two stages: what is certain enough to build now, and what to wait with, and for what sign.

The firm stage is as many whole classes as more futures than not still want when the horizon comes, and no more than
is cheapest: places that are likely to be used and worth their money however little is known. The second stage takes
the school to what 8 futures in 10 need, or to the cheapest size where that is larger. It is ordered if, at one
January in between, so many children are counted that the firm stage is more likely than not to be too small by the
time that the second could open.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.decide.newsvendor import cost_of
from forecast.decide.occupancy import SLACK, standing
from forecast.decide.prices import Bill, Prices, bill, checked
from forecast.decide.trigger import trigger
from forecast.errors import ForecastError
from forecast.model.raking import Array

LIKELY, CAUTIOUS = 0.5, 0.8
"""Shares of futures, in the January to be right for, that the firm stage and both together are to be enough for."""
WAITS: Final = "second stage if triggered"
"""Label of the plan that waits."""


class NoTime(ForecastError):
    """The horizon ends before a second stage could open."""

    def __init__(self, lead: int, years: int) -> None:
        super().__init__(
            f"A second stage takes {lead} years, and the forecast has {years} Januaries after the latest census; "
            "forecast further ahead, or leave the second stage out."
        )


@dataclass(frozen=True)
class Stages:
    """Places of the two stages, in whole classes."""

    firm: int
    """Places to build now; 0 where less than a class is likely to be needed."""
    second: int
    """Places to add on a sign."""

    @property
    def both(self) -> int:
        """Places when both are built."""
        return self.firm + self.second


def stages_of(wanted: Array, cheapest: int, class_size: int) -> Stages:
    """Firm and second stage: the rule at the head of this module.

    Parameters
    ----------
    wanted : (draw)
        Children who want a place, in the January that the school is to be right for: the last of the horizon.
    cheapest : places with the least expected cost
    class_size : places in a class
    """
    likely, cautious = np.quantile(wanted, [LIKELY, CAUTIOUS])
    firm = class_size * int((min(cheapest, likely) + SLACK) // class_size)
    both = class_size * int(np.ceil((max(cheapest, cautious) - SLACK) / class_size))
    return Stages(firm, max(both - firm, 0))


def look_at(opening: int, lead: int, years: int) -> int:
    """Index of the January at which to count: early enough for a second stage to open with the school.

    Where that has passed, the first January after the latest census (at the census itself all futures are alike); and
    never so late that the second stage could not open within the horizon.

    Parameters
    ----------
    opening : index of the first January that the school is to be open
    lead : years from ordering a second stage to its first January
    years : Januaries, the latest census among them

    Raises
    ------
    NoTime
        A second stage ordered after the latest census would open after the horizon.
    """
    last = years - 1 - lead
    if last < 1:
        raise NoTime(lead, years - 1)
    return min(max(opening - lead, 1), last)


def watched(
    stages: Stages, wanted: Array, lead: int, second: Callable[[int], Array]
) -> tuple[NDArray[np.bool_], Array]:
    """The second stage if the count is looked at each January, and ordered the first time that the trigger is met.

    One look a lead time before opening often comes too soon to tell; this is what a council does that looks again.

    Parameters
    ----------
    wanted : (draw, year)
    lead : years from the order to the first January that it is open
    second : index of that January -> share of the second stage open (draw, year), if it is ordered for then

    Returns
    -------
    Where it is ever ordered (draw), and the share of it that is open (draw, year), 0 where it is not: what `staged`
    and `value_of_waiting` take.

    Raises
    ------
    NoTime
        As `look_at`.
    """
    years = wanted.shape[1]
    look_at(1, lead, years)
    ordered, share = np.zeros(len(wanted), dtype=bool), np.zeros(wanted.shape)
    for at in range(1, years - lead):
        now = trigger(wanted, stages.firm, at, lead).met & ~ordered
        share = np.where(now[:, None], second(at + lead), share)
        ordered |= now
    return ordered, share


def staged(
    stages: Stages, met: NDArray[np.bool_], wanted: Array, open_share: Array, second_share: Array, prices: Prices
) -> Bill:
    """Present value of the firm stage, and of the second where it is ordered: (draw), pounds.

    Parameters
    ----------
    met : (draw)
        Where the second stage is ordered.
    open_share : (draw, year)
        Of the firm stage.
    second_share : (draw, year)
        Of the second stage, if it is ordered. It opens no sooner than the school stands.

    Raises
    ------
    BadFutures
        As `prices.checked`.
    """
    checked(wanted, open_share, prices)
    more = np.where(met[:, None] & standing(open_share), second_share, 0.0)
    checked(wanted, more, prices)
    places = stages.firm * open_share + stages.second * more
    capital = prices.capital_a_year(stages.firm, open_share) + prices.expansion_a_year(stages.second, more)
    return bill(wanted, np.minimum(wanted, places), places, capital, prices).present(prices)


def value_of_waiting(
    stages: Stages,
    met: NDArray[np.bool_],
    wanted: Array,
    open_share: Array,
    second_share: Array,
    prices: Prices,
    cheapest: int,
) -> pd.DataFrame:
    """What each way to build costs in the same futures: plan, places (mean), run, ..., total, p10, p90 (of the total).

    In pounds of present value. `saved` is what each costs less than the cheapest of those that do not wait: in the
    row of the two stages it is the value of waiting, which is negative where waiting does not pay. The trigger was
    read off the same futures, which flatters it a little.

    Parameters
    ----------
    cheapest : places with the least expected cost, were they built at once
        The others, and the errors, as `staged`.
    """
    at_once = {
        "firm stage only": stages.firm,
        "cheapest size at once": cheapest,
        "both stages at once": stages.both,
    }
    rows = [
        {"plan": plan, "places": float(size), **_told(cost_of(size, wanted, open_share, prices))}
        for plan, size in at_once.items()
    ]
    waits = staged(stages, met, wanted, open_share, second_share, prices)
    places = stages.firm + stages.second * float(met.mean())
    table = pd.DataFrame([*rows, {"plan": WAITS, "places": places, **_told(waits)}])
    return table.assign(saved=table["total"].iloc[:-1].min() - table["total"])


def _told(cost: Bill) -> dict[str, float]:
    """Mean of each component and the total, and the range of the total."""
    low, high = np.quantile(cost.total, [0.1, 0.9])
    return {**cost.mean, "p10": float(low), "p90": float(high)}
