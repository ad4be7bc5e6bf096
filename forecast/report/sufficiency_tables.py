"""Are there enough places, line by line: by phase, group of needs and district, with a rating and when to decide.

Where the area lists its own places, "short" is children without one once each school takes only the districts,
needs and ages that it is for; those of a kind of place are shared among lines pro rata. Where places are only
assumed, every line says how many children more than now there are, and nothing is rated.

AP schools are for children with a plan and without one: both are in their lines, those without in full-time places of
the fullest month, and lines of their own part the two. Lines by need are of those with a plan.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.decide.without_plan import WITH_PLAN, fill
from forecast.domain import NEED_GROUPS, OWN, PHASES, WITHOUT_PLAN, academic_year
from forecast.fitted import PUBLISHED
from forecast.inputs.about import About
from forecast.inputs.reference_places import read_projects
from forecast.places.rating import PROJECT, chance_short, rate
from forecast.places.sufficiency import STATISTICS, more_than_now, summarise
from forecast.projection import Projection, by_phase
from forecast.report.tables import MORE, SHORT, TOTALS

WHOLE, PHASE, GROUP, DISTRICT, NO_SCHOOL = "whole area", "phase", "needs", "district", "no school for them"
"""What the lines of a table part: the column `by`."""
PLAN: Final = "with a plan or without"
"""`by` of the lines that part children with a plan from those without, of AP schools where both are counted."""
ANYWHERE: Final = "whole area, distance no matter"
"""`by` of the line that asks whether the county has the places, wherever they are."""
OTHER_NEEDS: Final = "other needs"
NEW: Final = "new_school"
"""Project that makes places of a kind that no quicker one is named for."""


def sufficiency_tables(projection: Projection) -> Mapping[str, pd.DataFrame]:
    """The tables `sufficiency` and, where the area lists its own places, `ratings`, by the names of their files.

    Returns
    -------
    sufficiency : provision, by, line, year, academic_year, figure ("short" or "more than now"), mean, p10, p50, p80,
        p90 (children), chance (share of futures with 5 children or more short), spare (places left empty, on average)
    ratings : provision, by, line, colour, first_likely, decide_by (academic years)
    """
    lines = list(_lines(projection))
    table = pd.concat([_rows(projection, *line) for line in lines], ignore_index=True)
    if projection.short is None:
        return {"sufficiency": table}
    return {"sufficiency": table, "ratings": _ratings(projection, table)}


def group_of(about: About, need: str) -> str:
    """Group of needs that a need label belongs to."""
    means = about.needs[need]
    return next((name for name, needs in NEED_GROUPS.items() if means != OWN and means in needs), OTHER_NEEDS)


def _lines(projection: Projection) -> Iterator[tuple[str, str, str, xr.DataArray]]:
    """Provision, by, line and children (draw, year) of every line."""
    about, short = projection.about, projection.short
    if short is None:
        for kind in about.planned:
            for by, line, children in _parts(projection, _who_fill(projection, kind)):
                yield kind, by, line, more_than_now(children)
        return
    cells = ["district", "need", "band"]
    for kind in short.short["provision"].to_numpy().tolist():
        who = _needs(projection, kind, short.short)
        left, takes = (each.sel(provision=kind, need=who) for each in (short.short, short.served))
        left, takes = left.drop_vars("provision"), takes.drop_vars("provision")
        somewhere = left.where(takes.any("district"), np.float32(0)).sum(cells)
        distant = short.anywhere.sel(provision=kind, drop=True) - (left.sum(cells) - somewhere)
        yield kind, ANYWHERE, TOTALS["district"], distant.clip(min=0)
        served = short.of_served.sel(provision=kind, need=who).drop_vars("provision")
        for by, line, children in _parts(projection, by_phase(served)):
            yield kind, by, line, children
        yield kind, NO_SCHOOL, TOTALS["need"], (left - served).sum(cells)


def _who_fill(projection: Projection, kind: str) -> xr.DataArray:
    """Children who fill a kind of place: (draw, year, district, need, phase)."""
    if fill(projection, kind) and projection.claims is not None:
        return by_phase(projection.claims.sel(provision=kind, drop=True))
    return projection.demand.sel(provision=kind, drop=True)


def _needs(projection: Projection, kind: str, children: xr.DataArray) -> list[str]:
    """Labels of the axis `need` of those who fill a kind of place."""
    both = fill(projection, kind)
    return [need for need in children["need"].to_numpy().tolist() if both or need != WITHOUT_PLAN]


def _parts(projection: Projection, children: xr.DataArray) -> Iterator[tuple[str, str, xr.DataArray]]:
    """By, line and children (draw, year), from children by (draw, year, district, need, phase): the whole first."""
    about = projection.about
    by_need, by_stage = children.sum(["district", "phase"]), children.sum(["district", "need"])
    yield WHOLE, TOTALS["district"], by_stage.sum("phase")
    for phase in PHASES:
        yield PHASE, phase.value, by_stage.sel(phase=phase.value, drop=True)
    for group in NEED_GROUPS:
        if needs := [need for need in about.needs if group_of(about, need) == group]:
            yield GROUP, group, by_need.sel(need=needs).sum("need")
    if WITHOUT_PLAN in by_need["need"]:
        yield PLAN, WITH_PLAN, by_need.sel(need=list(about.needs)).sum("need")
        yield PLAN, WITHOUT_PLAN, by_need.sel(need=WITHOUT_PLAN, drop=True)
    if len(about.districts) > 1:
        by_district = projection.apart(children.sum(["need", "phase"]))
        for district in about.district_names:
            yield DISTRICT, district, by_district.sel(district=district, drop=True)


def _rows(projection: Projection, kind: str, by: str, line: str, children: xr.DataArray) -> pd.DataFrame:
    """One line of the table `sufficiency`, a row a year."""
    values = summarise(children).transpose("statistic", "year").to_numpy()
    years, short = children["year"].to_numpy(), projection.short
    if projection.about.kind == PUBLISHED:
        values = values.round() + 0
    table = pd.DataFrame(dict(zip(STATISTICS, values, strict=True)))
    figure = MORE if short is None else SHORT
    named = {"provision": kind, "by": by, "line": line, "year": years, "academic_year": [*map(academic_year, years)]}
    table = pd.concat([pd.DataFrame({**named, "figure": figure}), table], axis=1)
    table["chance"] = np.nan if short is None else chance_short(children).to_numpy()
    table["spare"] = np.nan
    if short is not None and by == WHOLE:
        table["spare"] = short.spare.sel(provision=kind).mean("draw").to_numpy()
    return table


def _ratings(projection: Projection, table: pd.DataFrame) -> pd.DataFrame:
    """A line a row: its colour, the first year in which a shortage is likely, and the year to decide in."""
    projects, current = read_projects(), max(projection.settings.current_year, projection.base)
    rows = []
    for (kind, by, line), lines in table[table["by"] != NO_SCHOOL].groupby(["provision", "by", "line"], sort=False):
        chance = xr.DataArray(lines["chance"].to_numpy(), coords={"year": lines["year"].to_numpy()}, dims="year")
        means = projection.about.provisions[str(kind)]
        found = rate(chance, current, projects[PROJECT.get(means, NEW)].months)
        years = [academic_year(year) if year else "" for year in (found.first, found.decide_by)]
        rows.append((kind, by, line, found.colour.value, *years))
    return pd.DataFrame(rows, columns=["provision", "by", "line", "colour", "first_likely", "decide_by"])
