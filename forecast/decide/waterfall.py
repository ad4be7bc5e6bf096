"""Why a figure changes: a bar for each cause, adding up to the change with nothing left over.

Between the latest census and a later January of a scenario, or between two scenarios in one January. Bars are exact
Shapley shares on the central path (METHOD section 4). `last` tells another thing of the same cause: how much of the
change would not be there without it, everything else as it is; between scenarios of one cause the two are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecast.decide.coalitions import Coalitions
from forecast.decide.shapley import added_last, shapley
from forecast.decide.switches import Cause
from forecast.domain import Phase, Provision
from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.about import About
from forecast.model.raking import Array
from forecast.projection import Projection

SPECIAL_SCHOOLS = (Provision.SPECIAL, Provision.SPECIAL_NONMAINTAINED, Provision.INDEPENDENT)


@dataclass(frozen=True)
class Outcome:
    """What is counted."""

    words: str
    """For the inside of a sentence: "children in state special schools"."""
    provisions: tuple[str, ...]
    """Labels of the kinds of place."""
    phases: tuple[str, ...] = tuple(phase.value for phase in Phase)
    pounds: bool = False
    """Whether it is counted in pounds a year; else in children."""


@dataclass(frozen=True)
class Bar:
    """One cause."""

    name: str
    effect: float
    """Its share of the change."""
    last: float
    """What would not be there without it, everything else as it is."""


@dataclass(frozen=True)
class Waterfall:
    """A change and its causes."""

    outcome: Outcome
    about: About
    year: int
    """January of the end."""
    since: int | None
    """January of the start; None between two scenarios."""
    scenarios: tuple[str, ...]
    """The scenario, or the two that are compared."""
    start: float
    bars: tuple[Bar, ...]
    """In the order in which they are shown; `start` and all of them make `end`."""
    end: float
    futures: float
    """The change between the same two figures in the mean of all futures, luck and all."""
    worlds: tuple[str, ...] = ()
    """Named futures that the end stands in, where a figure must say so; of each scenario."""
    levers: tuple[str, ...] = ()
    """Names of those bars that are levers, or the world that they stand in."""
    left_out: tuple[str, ...] = ()
    """What the figures do not hold, in sentences."""

    @property
    def change(self) -> float:
        """`end` less `start`, on the central path."""
        return self.end - self.start

    @property
    def gap(self) -> float:
        """By how much the mean of all futures changes more than the central path does."""
        return self.futures - self.change


def kind_of_place(about: About, label: str) -> Outcome:
    """Children in one kind of place.

    Parameters
    ----------
    label : the area's own

    Raises
    ------
    UnknownLabel
        The area has no such kind of place.
    """
    if label not in about.provisions:
        raise UnknownLabel("kind of place", label, about.provisions)
    return Outcome(f"children ({about.provision_name(label).lower()})", (label,))


def special_schools(about: About) -> Outcome:
    """Children in special schools of every sort."""
    return Outcome("children in special schools of every sort", tuple(about.means(*SPECIAL_SCHOOLS)))


def all_plans(about: About) -> Outcome:
    """Every child with a plan."""
    return Outcome("children with a plan", tuple(about.provisions))


def of_children(coalitions: Coalitions, outcome: Outcome, year: int, projections: Sequence[Projection]) -> Waterfall:
    """Why the number of some children changes.

    Parameters
    ----------
    year : January of the end
    projections : of the scenario, or of the two that are compared, in that order: for the mean of the futures

    Raises
    ------
    NoSuchJanuary
        The forecast does not reach the year.
    """
    told_years(coalitions, year)
    chosen = coalitions.children.sel(provision=list(outcome.provisions), phase=list(outcome.phases))
    by_year = chosen.sum(["provision", "phase"])
    values, census = by_year.sel(year=year).to_numpy(), float(by_year.to_numpy()[0, 0])
    means = [_mean_of_futures(projection, outcome) for projection in projections]
    return waterfall(coalitions, outcome, year, projections, Values(values, census, tuple(means)))


@dataclass(frozen=True, eq=False)
class Values:
    """What a waterfall is made of."""

    values: Array
    """What comes of each set of causes: (coalition)."""
    census: float
    """The figure at the latest census."""
    means: tuple[Mapping[int, float], ...]
    """The figure by January in the mean of the futures, of each projection."""
    more_causes: tuple[str, ...] = ()
    """Causes after those of the coalitions."""
    left_out: tuple[str, ...] = ()
    """As in `Waterfall`."""


def waterfall(
    coalitions: Coalitions, outcome: Outcome, year: int, projections: Sequence[Projection], made_of: Values
) -> Waterfall:
    """The bars of a change.

    Parameters
    ----------
    projections : as for `of_children`
    """
    values, means = made_of.values, made_of.means
    bars = _bars((*coalitions.causes, *made_of.more_causes), values)
    start, since = float(values[0]), None
    futures = means[-1][year] - means[0][year]
    if coalitions.since_census:
        start, since = made_of.census, projections[0].base
        futures = means[0][year] - means[0][since]
        ageing = float(values[0]) - start
        bars = (Bar(Cause.AGEING.value, ageing, ageing), *bars)
    names = tuple(projection.scenario for projection in projections)
    about, end = projections[0].about, float(values[-1])
    worlds = tuple(dict.fromkeys(filter(None, (projection.world_of(year) for projection in projections))))
    levers = coalitions.causes[len(coalitions.switches) :]
    return Waterfall(outcome, about, year, since, names, start, bars, end, futures, worlds, levers, made_of.left_out)


def _bars(causes: Sequence[str], values: Array) -> tuple[Bar, ...]:
    """A bar for each cause."""
    return tuple(map(Bar, causes, shapley(values).tolist(), added_last(values).tolist()))


def told_years(coalitions: Coalitions, year: int) -> None:
    """Refuse a January that no change can end in; raises `NoSuchJanuary`."""
    years = coalitions.children["year"].to_numpy().tolist()[1:]
    if year not in years:
        raise NoSuchJanuary(year, years)


def _mean_of_futures(projection: Projection, outcome: Outcome) -> dict[int, float]:
    """Whole children, the mean of the futures, by January."""
    chosen = projection.demand.sel(provision=list(outcome.provisions), phase=list(outcome.phases))
    means = chosen.sum(["district", "need", "phase", "provision"], dtype=np.int64).mean("draw")
    return dict(zip(means["year"].to_numpy().tolist(), means.to_numpy().tolist(), strict=True))


class NoSuchJanuary(ForecastError):
    """A change is asked for up to a January that the forecast does not hold."""

    def __init__(self, year: int, years: Sequence[int]) -> None:
        super().__init__(
            f"The forecast says nothing of January {year} as the end of a change; choose one from {years[0]} to "
            f"{years[-1]}."
        )
