"""Ways to make places, as projects on the same futures: how soon each opens, how it fills, what it costs to build."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np

from forecast.decide.alternatives import Project
from forecast.decide.ask import Ask
from forecast.decide.occupancy import later, luck_of, open_share
from forecast.decide.priced import INSTEAD, priced
from forecast.decide.prices import Prices
from forecast.domain import Provision
from forecast.inputs.assumptions import Assumption
from forecast.inputs.reference_places import Project as Kind
from forecast.model.luck import uniform
from forecast.model.raking import Array
from forecast.places.costs import Costs
from forecast.places.register import LATE, months_late

BASE: Final = Provision.BASE.value
ELSEWHERE: Final = "ap_elsewhere"
"""Item of `costs.csv`: alternative provision that the council pays for elsewhere, a child without a plan a year."""
NEW_SCHOOL: Final = "new_school"
SHORT_STAY: Final = "short_stay"
"""A unit or school of short-stay places: alternative provision."""
CAPITAL: Final = {
    NEW_SCHOOL: "capital",
    SHORT_STAY: "capital",
    "expansion": "capital_expansion",
    "satellite": "capital_satellite",
    "hub_and_spoke": "capital_satellite",
    BASE: "capital",
}
"""Kind of project of `projects.csv` -> item of `costs.csv` that a place of it costs to build. For a hub and its spokes
no figure was found, and a satellite's is taken."""
NAMES: Final = {
    NEW_SCHOOL: "new school",
    SHORT_STAY: "new short-stay unit or school",
    "expansion": "expansion of a school",
    "satellite": "satellite of a school",
    "hub_and_spoke": "hub and spokes",
    BASE: "bases in mainstream schools",
}
"""Kind of project -> its words."""


@dataclass(frozen=True)
class Setting:
    """What every project of a question is set in."""

    ask: Ask
    years: tuple[int, ...]
    """Januaries, the latest census first."""
    draws: int
    seed: int
    late: Assumption
    """Months that an opening comes late."""
    costs: Costs
    provision: str
    """Standard code of the kind of place."""
    need: str
    """Standard code of the need, or `all`."""
    kinds: Mapping[str, Kind]
    """How soon each kind of project opens, and how it fills."""
    coming: int
    """January of the current academic year: the first whose count may still be awaited."""
    without_plan: float = 0.0
    """Share of the children asked about who have no plan, 0 to 1: for want of a place they are in alternative provision
    elsewhere, and the others in an independent school."""

    @property
    def today(self) -> str:
        """Month in which what is decided now is decided: the September that the current academic year began in."""
        return f"{self.coming - 1}-09"


def kind_of(provision: str) -> str:
    """Kind of project that a question about a kind of place is taken to mean."""
    return {BASE: BASE, Provision.ALTERNATIVE.value: SHORT_STAY}.get(provision, NEW_SCHOOL)


def share_open_of(setting: Setting, kind: str, opens: str) -> Array:
    """Share of a project's places open at each January of each future, late as schools are: (draw, year)."""
    name = f"asked about: {kind}"
    luck = uniform(luck_of(name, setting.draws, setting.seed), LATE)
    months = months_late({"opens": opens, "delay": None}, luck, setting.years[0], setting.late)
    ramp = setting.kinds[kind].ramp
    return open_share(opens, ramp, 1.0, months, setting.years, setting.seed, name)


def earliest(setting: Setting, kind: str) -> str:
    """First month in which a project that is decided now can open, or the month asked for if that is later."""
    return max(setting.ask.opens, later(setting.today, round(setting.kinds[kind].months)))


def prices_of(setting: Setting, kind: str) -> Prices:
    """Prices of a kind of project in each future."""
    of, capital = _priced_as(setting.provision, kind)
    made = priced(setting.costs, of, setting.need, setting.draws, setting.seed, capital)
    share = setting.without_plan
    if not share:
        return made
    elsewhere = setting.costs.drawn(ELSEWHERE, setting.provision, setting.need, setting.draws, setting.seed)
    return replace(made, independent=(1 - share) * np.asarray(made.independent) + share * elsewhere)


def prices_asked(provision: str, *, without_plan: bool = False) -> list[tuple[str, str]]:
    """Item and kind of place of every price that a question draws: of its alternatives, of what is done instead.

    Parameters
    ----------
    provision : standard code
    without_plan : whether children without a plan are among those asked about
    """
    kinds = [_priced_as(provision, kind) for kind in kinds_for(provision)]
    built = [(item, of) for of, capital in kinds for item in ("place", "transport", "empty", capital)]
    instead = [("place", INSTEAD), ("transport", INSTEAD), *([(ELSEWHERE, provision)] if without_plan else [])]
    return [*built, *instead, *((item, provision) for item in ("capital_expansion", "fee_growth", "discount", "life"))]


def _priced_as(provision: str, kind: str) -> tuple[str, str]:
    """Kind of place, and item that is its capital, by which a kind of project is priced."""
    return BASE if kind == BASE else provision, "capital" if provision == BASE else CAPITAL[kind]


def kinds_for(provision: str) -> list[str]:
    """Kinds of project that are alternatives for a kind of place, of a standard code."""
    every = [kind for kind in CAPITAL if kind != SHORT_STAY]
    return every if provision == Provision.SPECIAL else [kind_of(provision), "expansion"]


def projects_of(setting: Setting, places: int) -> dict[str, Project]:
    """Kind -> a project of so many places that is decided now, and opens as soon as its kind can."""
    return {
        kind: Project(
            NAMES[kind],
            places,
            share_open_of(setting, kind, earliest(setting, kind)),
            prices_of(setting, kind),
        )
        for kind in kinds_for(setting.provision)
    }


def in_futures(prices: Prices, positions: np.ndarray) -> Prices:
    """Prices of some of the futures.

    Parameters
    ----------
    positions : of the axis `draw`
    """
    arrays = {field.name: np.asarray(getattr(prices, field.name)) for field in fields(prices)}
    return replace(prices, **{name: array[positions] for name, array in arrays.items() if array.ndim})
