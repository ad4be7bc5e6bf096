"""The same children and other ways to place them: a new school, an expansion, a satellite, bases, hub and spokes.

Every project meets the same children in the same futures, and is taken to suit them all alike. Each has its own
opening, ramp, capital and running cost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.occupancy import SLACK, filled
from forecast.decide.prices import Bill, Prices, bill, checked
from forecast.errors import ForecastError
from forecast.model.raking import Array

NOTHING: Final = "do nothing"
"""All of the children are placed in independent schools."""


class BadProjects(ForecastError):
    """Projects that cannot be set side by side."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(f"These projects cannot be compared: {'; '.join(faults)}; correct what is asked for.")


@dataclass(frozen=True, eq=False)
class Project:
    """One way to place children."""

    name: str
    places: int
    open_share: Array
    """Share of its places open at each January of each future: (draw, year); `occupancy.open_share` makes it."""
    prices: Prices
    """Its own capital, life, running cost and transport. What an independent place costs is no matter of the project:
    it should be the same in all."""


def compare(projects: Sequence[Project], wanted: Array, years: Sequence[int]) -> pd.DataFrame:
    """Projects, and doing nothing, by expected cost, the cheapest first.

    Parameters
    ----------
    wanted : (draw, year)
        Children who want a place.
    years : Januaries

    Returns
    -------
    project, places, year (the last January), chance_short and short (children without, at that January), child_years
    (children placed, summed over the years), present_value (pounds, of all children), p10, p90 (of it), saved (less
    than doing nothing), capital (pounds to build, in futures in which it is built), cost_child_year (pounds of present
    value that the project itself costs, for each child-year of present value; not a number where it places nobody).
    All but the range and the chance are means over futures.

    Raises
    ------
    BadProjects
        There is none, two have the same name, or a number is out of its range.
    BadFutures
        As `prices.checked`.
    """
    _check(projects)
    nobody = Project(NOTHING, 0, np.zeros(wanted.shape), projects[0].prices)
    rows = [_row(project, wanted, years) for project in (*projects, nobody)]
    table = pd.DataFrame(rows)
    nothing = table["present_value"].iloc[-1]
    ordered = table.assign(saved=nothing - table["present_value"]).sort_values("present_value", kind="stable")
    return ordered.reset_index(drop=True)


def placed(project: Project, wanted: Array) -> Array:
    """Children who have a place of the project: (draw, year)."""
    return filled(wanted, project.places, project.open_share)


def yearly_of(project: Project, wanted: Array) -> Bill:
    """What each year costs with the project: (draw, year), pounds.

    Raises
    ------
    BadFutures
        As `prices.checked`.
    """
    checked(wanted, project.open_share, project.prices)
    places = project.places * project.open_share
    capital = project.prices.capital_a_year(project.places, project.open_share)
    return bill(wanted, placed(project, wanted), places, capital, project.prices)


def _row(project: Project, wanted: Array, years: Sequence[int]) -> dict[str, object]:
    """One project's row of `compare`."""
    total = yearly_of(project, wanted).present(project.prices).total
    taken = placed(project, wanted)
    short = wanted[:, -1] - taken[:, -1]
    low, high = np.quantile(total, [0.1, 0.9])
    worth = project.prices.worth(len(years))
    met = float((taken * worth).sum(axis=1).mean())
    is_built = (project.open_share > 0).any(axis=1)
    spent = project.places * np.broadcast_to(project.prices.capital, total.shape)
    return {
        "project": project.name,
        "places": project.places,
        "year": years[-1],
        "chance_short": float((short > SLACK).mean()),
        "short": float(short.mean()),
        "child_years": float(taken.sum(axis=1).mean()),
        "present_value": float(total.mean()),
        "p10": float(low),
        "p90": float(high),
        "capital": float(spent[is_built].mean()) if is_built.any() else 0.0,
        "cost_child_year": _own_cost(project, wanted, taken) / met if met > 0 else np.nan,
    }


def _own_cost(project: Project, wanted: Array, taken: Array) -> float:
    """Present value of what the project itself costs: its children, their transport, its empty places and capital."""
    checked(wanted, project.open_share, project.prices)
    places = project.places * project.open_share
    capital = project.prices.capital_a_year(project.places, project.open_share)
    return bill(taken, taken, places, capital, project.prices).present(project.prices).mean["total"]


def _check(projects: Sequence[Project]) -> None:
    """Refuse projects that cannot be set side by side."""
    names = [project.name for project in projects]
    faults = [] if projects else ["there is none"]
    faults += [f"{name!r} stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
    faults += [f"{NOTHING!r} is set beside them in any case" for name in names if name == NOTHING]
    for project in projects:
        if project.places < 0:
            faults.append(f"{project.name!r} has fewer than 0 places")
    if faults:
        raise BadProjects(faults)
