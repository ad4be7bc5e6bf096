"""What an area has counted of itself in the last years, in the columns of `inputs.measures`: only whole counts.

A year with a hidden count has no figure of what the count is part of, unless another table of the year has it whole.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, ALL, FIRST_POST16_YEAR, NC_YEARS, NOT_RECORDED
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.measures import COLUMNS
from forecast.inputs.rows import every_age
from forecast.model.people import residents
from forecast.series.measured import AGES, HERE, JANUARIES, KINDS

SCHOOL_AGE: Final = range(1, 12)
"""Year groups of those aged 5 to 15 at 31 August."""
AFTER_16: Final = range(FIRST_POST16_YEAR, NC_YEARS[-1] + 1)
"""Year groups of those aged 16 and over."""
_NAN: Final = float("nan")
Counts = dict[str, float]
"""Column -> figure of one year."""


def measured_here(area: Area) -> pd.DataFrame:
    """Columns of `inputs.measures.Measured`, of the area's own counts to its latest census; missing where not counted.

    Residents are those of the area's own folder, by its estimates, or by its first projection after the last of them.
    """
    latest = area.about.latest_census
    years = [year for year in sorted(set(area.placements["year"].tolist())) if latest - JANUARIES < year <= latest]
    if not years:
        return pd.DataFrame(columns=list(COLUMNS))
    people = residents(area.population, area.about.district_names, years).sum("district")
    rows = [
        {"la_code": HERE, "year": year}
        | {
            column: float(people.sel(year=year, nc_year=[age - AGE_AT_RECEPTION for age in ages]).sum())
            for column, ages in AGES.items()
        }
        | _stock(area.placements[area.placements["year"].eq(year)], area.about)
        | _flows(area.flows, year, area.about)
        | _others(area, year)
        for year in years
    ]
    return pd.DataFrame(rows).reindex(columns=list(COLUMNS))


def _stock(rows: pd.DataFrame, about: About) -> Counts:
    """Children with a plan at one January."""
    by_age = _whole_table(rows, "nc_year")
    return {
        "plans": _sum(_whole_table(rows)),
        "plans_5_15": _aged(by_age, SCHOOL_AGE),
        "plans_16_24": _aged(by_age, AFTER_16),
        **_kinds(rows, about, "placed", ""),
    }


def _flows(flows: pd.DataFrame, year: int, about: About) -> Counts:
    """New plans, plans ended, moved away and moved in, of the year to one January."""
    of = {flow: flows[flows["flow"].eq(flow)] for flow in ("start", "cease", "transfer", "arrive")}
    now = {flow: rows[rows["year"].eq(year)] for flow, rows in of.items()}
    ceased = _sum(_whole_table(now["cease"]))
    out, came = (
        _NAN if of[flow].empty or np.isnan(ceased) else _sum(_whole_table(now[flow]), nobody=now[flow].empty)
        for flow in ("transfer", "arrive")
    )
    ceased_16, out_16 = (_aged(_whole_table(now[flow], "nc_year"), AFTER_16) for flow in ("cease", "transfer"))
    return {
        "new_plans": _sum(_whole_table(now["start"])),
        **_kinds(now["start"], about, "new_placed", "new_"),
        "ended": ceased - out,
        "ended_16": ceased_16 - (0.0 if out == 0 else out_16),
        "moved_out": out,
        "moved_in": came,
    }


def _others(area: Area, year: int) -> Counts:
    """Requests, and children who went from mainstream to special, of the year to one January."""
    steps, moves = area.funnel, area.moves
    asked = steps[steps["year"].eq(year) & steps["step"].eq("request")]
    whole = asked[asked["district"].eq(ALL)] if asked["district"].eq(ALL).any() else asked
    moved = moves[moves["year"].eq(year)]
    told = {"provision": (*KINDS["mainstream"], *KINDS["base"]), "to": (*KINDS["special"], *KINDS["independent"])}
    meant = np.logical_and.reduce([moved[end].isin(area.about.means(*kinds)) for end, kinds in told.items()])
    some = moved[meant & moved["need"].ne(ALL)]
    return {
        "requests": _NAN if whole.empty else float(whole["children"].sum(skipna=False)),
        "moved_to_special": _NAN if moved.empty else float(some["children"].sum(skipna=False)),
    }


def _kinds(rows: pd.DataFrame, about: About, placed: str, prefix: str) -> Counts:
    """Children whose placement is recorded, and those of each of `KINDS`."""
    table = _whole_table(rows, "provision")
    if table is None:
        return {}
    known = table[table["provision"].ne(NOT_RECORDED)].groupby("provision")["children"].sum()
    return {placed: float(known.sum())} | {
        prefix + kind: float(known.reindex(about.means(*means), fill_value=0.0).sum()) for kind, means in KINDS.items()
    }


def _whole_table(rows: pd.DataFrame, *axes: str) -> pd.DataFrame | None:
    """Rows of one year that count every child once and tell `axes` apart; None where no table does so in full.

    Tables are told apart by the axes that their rows name; of several that are whole the one with most children
    counts, as another may leave out those of whom an axis is not known.
    """
    told = {axis: rows[axis].ne(ALL) for axis in ("district", "need", "provision")} | {"nc_year": ~every_age(rows)}
    kinds = pd.DataFrame(told)
    wanted = rows[kinds[list(axes)].all(axis=1)]
    tables = [table for _, table in wanted.groupby([kinds.loc[wanted.index, axis] for axis in told])]
    whole = [table for table in tables if table["children"].notna().all() and not _overlap(table)]
    return max(whole, key=lambda table: float(table["children"].sum()), default=None)


def _overlap(rows: pd.DataFrame) -> bool:
    """Whether two bands of year groups share one."""
    bands = rows[["nc_from", "nc_to"]].drop_duplicates().sort_values("nc_from")
    return bool((bands["nc_from"].to_numpy()[1:] <= bands["nc_to"].to_numpy()[:-1]).any())


def _aged(table: pd.DataFrame | None, year_groups: Sequence[int]) -> float:
    """Children of some year groups; missing where a band reaches beyond them."""
    if table is None:
        return _NAN
    first, last = year_groups[0], year_groups[-1]
    some = table[table["nc_to"].ge(first) & table["nc_from"].le(last)]
    inside = some["nc_from"].ge(first) & some["nc_to"].le(last)
    return _sum(some, nobody=True) if inside.all() else _NAN


def _sum(table: pd.DataFrame | None, *, nobody: bool = False) -> float:
    """Children of a table; missing without one, unless there is nobody to count."""
    if table is None or table.empty:
        return 0.0 if nobody else _NAN
    return float(table["children"].sum())
