"""Scenarios side by side on the same luck: what each brings, and what it changes against the first.

Every scenario is carried on from the same drivers, so that a child meets the same luck in each, and a difference is
taken future by future before anything is summarised: its range is narrow, because what is uncertain in both is alike.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import xarray as xr

from forecast.decide.measures import ALL_SPECIALIST, UNITS, Measure, measures
from forecast.domain import academic_year
from forecast.errors import ForecastError, InputFaults
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.england import england_special_rate
from forecast.places.sufficiency import STATISTICS, summarise
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings

DIFFERENCES: Final = ("mean", "p10", "p50", "p90")
"""Statistics of a difference: of each future's own, p10 to p90 being the 80% range."""
CHANCES: Final = ("chance_more", "chance_fewer")
KEYS: Final = ("measure", "of", "year", "academic_year", "unit")
"""Columns that say what a row is of."""
LEAST: Final = 2
"""Scenarios that a comparison has."""


class TooFew(ForecastError):
    """One scenario, or none, to compare."""

    def __init__(self, given: int) -> None:
        super().__init__(f"{given} scenario{'' if given == 1 else 's'} cannot be compared; name {LEAST} or more.")


@dataclass(frozen=True, eq=False)
class Compared:
    """An area under several scenarios, each in the same futures."""

    names: tuple[str, ...]
    """What each is called, no two alike; the first is the one that the others are set against."""
    scenarios: tuple[Scenario, ...]
    projections: tuple[Projection, ...]
    measured: tuple[Mapping[Measure, xr.DataArray], ...]
    """Of each scenario, every measure in every future: (draw, year, of)."""
    drivers: xr.Dataset
    """What all of them were carried on from, before any change."""

    @property
    def about(self) -> About:
        """The area, with the notes of its forecast."""
        return self.projections[0].about

    @property
    def first(self) -> Projection:
        """The forecast that the others are set against."""
        return self.projections[0]

    @property
    def years(self) -> tuple[int, ...]:
        """Januaries, the latest census first."""
        return tuple(self.first.demand["year"].to_numpy().tolist())

    def difference(self, at: int, measure: Measure) -> xr.DataArray | None:
        """A scenario less the first, future by future: (draw, year, of); None where one has no such measure.

        Parameters
        ----------
        at : position of the scenario in `names`
        """
        one, other = self.measured[at].get(measure), self.measured[0].get(measure)
        return None if one is None or other is None else difference(one, other, measure)

    def same(self, at: int) -> bool:
        """Whether a scenario is the first in every measure of every future."""
        alike = [self.difference(at, measure) for measure in Measure]
        return all(change is None or not bool((change != 0).any()) for change in alike)


def compare(area: Area, scenarios: Sequence[Scenario], settings: Settings) -> Compared:
    """Carry an area on under each scenario, in the same futures; the first is what the others are set against.

    Raises
    ------
    TooFew
        There is one scenario, or none.
    InputFaults
        Every change of every scenario that means what the area does not have, or a year that is not forecast.
    NothingToHold
        A change holds new plans at the level of a year that is not forecast.
    """
    if len(scenarios) < LEAST:
        raise TooFew(len(scenarios))
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    years = drivers["year"].to_numpy().tolist()
    own = area.about, area.places, years
    if faults := [fault for scenario in scenarios for fault in scenario.faults(*own, ap=area.has_ap)]:
        raise InputFaults(dict.fromkeys(faults))
    rate = england_special_rate(england, assumptions, settings, drivers)
    return compared(drivers, scenarios, [project(area, drivers, scenario, settings, rate) for scenario in scenarios])


def compared(drivers: xr.Dataset, scenarios: Sequence[Scenario], projections: Sequence[Projection]) -> Compared:
    """Forecasts of one area in the same futures, set side by side.

    Parameters
    ----------
    drivers : what all of them were carried on from
    """
    return Compared(
        names=apart([scenario.name for scenario in scenarios]),
        scenarios=tuple(scenarios),
        projections=tuple(projections),
        measured=tuple(measures(projection) for projection in projections),
        drivers=drivers,
    )


def difference(one: xr.DataArray, other: xr.DataArray, measure: Measure) -> xr.DataArray:
    """One scenario's measure less another's, future by future: (draw, year, of).

    What only one of them has counts as 0 in the other, but for children short: of a kind of place that only one of
    them lists a school of, who is short in the other is not known, nor then is the sum.
    """
    mine, theirs = (array["of"].to_numpy().tolist() for array in (one, other))
    if measure is Measure.SHORT and set(mine) != set(theirs):
        shared = [label for label in mine if label in theirs and label != ALL_SPECIALIST]
        return one.sel(of=shared) - other.sel(of=shared)
    labels = list(dict.fromkeys([*theirs, *mine]))
    return one.reindex(of=labels, fill_value=0.0) - other.reindex(of=labels, fill_value=0.0)


def levels(found: Compared) -> pd.DataFrame:
    """Every measure of every scenario, summarised.

    Returns
    -------
    columns scenario, measure, of, year, academic_year, unit, mean, p10, p50, p80, p90
    """
    tables = [
        _rows(summarise(array), measure, STATISTICS).assign(scenario=name)
        for name, measured in zip(found.names, found.measured, strict=True)
        for measure, array in measured.items()
        if array.sizes["of"]
    ]
    return pd.concat(tables, ignore_index=True)[["scenario", *KEYS, *STATISTICS]]


def changes(found: Compared) -> pd.DataFrame:
    """Every difference from the first scenario, taken future by future and then summarised.

    Returns
    -------
    columns scenario, against, measure, of, year, academic_year, unit, mean, p10, p50, p90, chance_more, chance_fewer
        The chances are shares of futures, 0 to 1, in which the difference is above and below 0.
    """
    tables = [
        _changed(change, measure).assign(scenario=name, against=found.names[0])
        for at, name in enumerate(found.names[1:], 1)
        for measure in Measure
        if (change := found.difference(at, measure)) is not None and change.sizes["of"]
    ]
    return pd.concat(tables, ignore_index=True)[["scenario", "against", *KEYS, *DIFFERENCES, *CHANCES]]


def totals(found: Compared) -> pd.DataFrame:
    """Pounds more or less than under the first scenario over all forecast Januaries, summed future by future.

    Returns
    -------
    columns scenario, against, of (who pays, or all of them), first_year, last_year, mean, p10, p50, p90
        Real and undiscounted.
    """
    tables = []
    for at, name in enumerate(found.names[1:], 1):
        change = found.difference(at, Measure.POUNDS)
        if change is not None:
            ahead = change.isel(year=slice(1, None))
            summary = summarise(ahead.sum("year")).sel(statistic=list(DIFFERENCES))
            table = pd.DataFrame(summary.to_numpy(), columns=list(DIFFERENCES)).assign(of=summary["of"].to_numpy())
            tables.append(table.assign(scenario=name, against=found.names[0]))
    span = {"first_year": academic_year(found.years[1]), "last_year": academic_year(found.years[-1])}
    columns = ["scenario", "against", "of", *span, *DIFFERENCES]
    return pd.concat(tables, ignore_index=True).assign(**span)[columns]


def _changed(change: xr.DataArray, measure: Measure) -> pd.DataFrame:
    """A difference summarised, with the chances that it is above and below 0."""
    table = _rows(summarise(change), measure, DIFFERENCES)
    sides = (change > 0, change < 0)
    chances = {name: side.mean("draw").transpose("of", "year") for name, side in zip(CHANCES, sides, strict=True)}
    return table.assign(**{name: share.to_numpy().reshape(-1) for name, share in chances.items()})


def _rows(summary: xr.DataArray, measure: Measure, statistics: Sequence[str]) -> pd.DataFrame:
    """A summary (year, of, statistic) as rows, one a label and January."""
    years, labels = summary["year"].to_numpy(), summary["of"].to_numpy()
    keys = pd.MultiIndex.from_product([labels, years], names=["of", "year"]).to_frame(index=False)
    values = summary.transpose("of", "year", "statistic").sel(statistic=list(statistics)).to_numpy()
    table = pd.DataFrame(values.reshape(len(keys), len(statistics)), columns=list(statistics))
    told = keys.assign(measure=measure.value, unit=UNITS[measure], academic_year=keys["year"].map(academic_year))
    return pd.concat([told, table], axis=1)


def apart(names: Sequence[str]) -> tuple[str, ...]:
    """Names of scenarios, each its own: a second "baseline" becomes "baseline (2)"."""
    counted = [names[: at + 1].count(name) for at, name in enumerate(names)]
    return tuple(name if number == 1 else f"{name} ({number})" for name, number in zip(names, counted, strict=True))
