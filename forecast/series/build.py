"""The panel of every authority, from the releases and the figures that ship beside them."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.domain import ALL, NOT_RECORDED
from forecast.inputs.rows import every_age
from forecast.inputs.sen2 import Release
from forecast.series.panel import Panel
from forecast.series.targets import BY_PROVISION, PLANS, PLANS_5_15, TARGETS

Parts = Mapping[tuple[int, str], set[str]]
"""(January, unit of several authorities) -> their codes."""
MOST_NOT_RECORDED = 0.1
"""A census with a larger share of placements not recorded is left out of the series by placement."""
SCHOOL_AGES = (5, 15)


@dataclass(frozen=True)
class Beside:
    """Figures that the releases lack: see `forecast.inputs.reference`."""

    people: pd.DataFrame
    """Residents: la_code, mid_year, age, people."""
    neighbours: Mapping[str, tuple[str, ...]]
    """Authority -> its statistical neighbours."""
    plans_by_age: pd.DataFrame
    """Plans by age where a release has none: in the columns of `Release.bands`."""
    units: Mapping[str, str]
    """Authority that was reorganised -> label under which it is followed with the others."""


def build(release: Release, beside: Beside, most_not_recorded: float = MOST_NOT_RECORDED) -> Panel:
    """Every measure by January and unit, what was not published missing.

    What is not recorded is shared out by the authority's own mix.

    Parameters
    ----------
    most_not_recorded : share of placements; a census with more is left out
    """
    rows = release.placements
    rows = _by_unit(rows[rows["need"].eq(ALL) & every_age(rows)], beside.units)
    table = rows.pivot_table(index=["year", "unit"], columns="provision", values="children", aggfunc="sum")
    parts = _parts(rows[rows["provision"].eq(ALL)])
    table = table.drop(index=_short(rows[rows["provision"].eq(ALL)], parts))
    total = table[ALL]
    recorded = table.drop(columns=[ALL, NOT_RECORDED], errors="ignore")
    known = recorded.sum(axis=1, min_count=1)
    sound = known >= (1 - most_not_recorded) * total
    children = {PLANS: total.unstack("unit")}
    for name, provisions in BY_PROVISION.items():
        share = recorded.reindex(columns=list(provisions)).sum(axis=1) / known
        children[name] = (share * total).where(sound).unstack("unit")
    starts = _school_age(release.bands, "starts", beside.units, parts)
    stock = pd.concat([beside.plans_by_age, release.bands]).drop_duplicates(
        ["la_code", "year", "kind", "age_from"], keep="last"
    )
    like = children[PLANS]
    children[PLANS_5_15] = _like(_school_age(stock, "plans", beside.units, parts), like)
    flows = {
        **{name: _like(_activity(release.activity, name, beside.units, parts), like) for name in _MEASURES},
        "new_plans": _like(_new_plans(release.flows, beside.units, parts), like),
        "new_5_15": _like(starts, like),
        "new_under_5": _like(_under_5(release.bands, beside.units, parts), like),
    }
    return Panel(
        children=children,
        flows=flows,
        people=_people(beside),
        neighbours=_neighbours(beside, like.columns),
        left_out=_left_out(sound, known, children),
    )


_MEASURES = ("requests", "refused", "issued", "issued_in_20_weeks")


def _by_unit(rows: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """Rows of authorities, with the unit that each belongs to."""
    own = rows[rows["la_code"].str.fullmatch(r"\d{3}")]
    return own.assign(unit=own["la_code"].replace(dict(units)))


def _like(table: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """`table` on the years and units of `other`."""
    return table.reindex(index=other.index, columns=other.columns)


def _school_age(bands: pd.DataFrame, kind: str, units: Mapping[str, str], parts: Parts) -> pd.DataFrame:
    """Plans or new plans at ages 5 to 15: year by unit."""
    rows = bands[bands["kind"].eq(kind) & bands["age_from"].ge(SCHOOL_AGES[0]) & bands["age_to"].le(SCHOOL_AGES[1])]
    return _summed(rows, "children", units, parts)


def _under_5(bands: pd.DataFrame, units: Mapping[str, str], parts: Parts) -> pd.DataFrame:
    """New plans under the age of 5: year by unit."""
    return _summed(bands[bands["kind"].eq("starts") & bands["age_to"].lt(SCHOOL_AGES[0])], "children", units, parts)


def _new_plans(flows: pd.DataFrame, units: Mapping[str, str], parts: Parts) -> pd.DataFrame:
    """New plans at every age: year by unit."""
    whole = flows["need"].eq(ALL) & flows["provision"].eq(ALL) & every_age(flows)
    return _summed(flows[flows["flow"].eq("start") & whole], "children", units, parts)


def _activity(activity: pd.DataFrame, measure: str, units: Mapping[str, str], parts: Parts) -> pd.DataFrame:
    """Requests and decisions: year by unit."""
    return _summed(activity[activity["measure"].eq(measure)], "figure", units, parts)


def _summed(rows: pd.DataFrame, column: str, units: Mapping[str, str], parts: Parts) -> pd.DataFrame:
    """Sum of `column`: year by unit, missing where an authority of the unit has no figure."""
    named = _by_unit(rows, units)
    return _whole(named.pivot_table(index="year", columns="unit", values=column, aggfunc="sum"), named, parts)


def _parts(totals: pd.DataFrame) -> Parts:
    """Authorities of each unit of several at each January: those of the year before, until a new one reports."""
    several = totals[totals["unit"].ne(totals["la_code"])]
    parts: dict[tuple[int, str], set[str]] = {}
    for unit in several["unit"].unique():
        expected, seen = set[str](), set[str]()
        for year in sorted(totals["year"].unique()):
            now = set(several.loc[several["unit"].eq(unit) & several["year"].eq(year), "la_code"])
            expected = now if now - seen else expected
            seen |= now
            parts[int(year), str(unit)] = expected
    return parts


def _whole(table: pd.DataFrame, rows: pd.DataFrame, parts: Parts) -> pd.DataFrame:
    """`table` (year by unit) without the sums that lack an authority."""
    whole = table.copy()
    for year, unit in _short(rows, parts):
        whole.loc[year, unit] = np.nan
    return whole


def _short(rows: pd.DataFrame, parts: Parts) -> list[tuple[int, str]]:
    """Years and units of `rows` that lack an authority."""
    have = rows.groupby(["year", "unit"])["la_code"].agg(set).to_dict()
    return [key for key, expected in parts.items() if key in have and expected - have[key]]


def _people(beside: Beside) -> dict[int, pd.DataFrame]:
    """Mid-year -> residents: index unit, columns age."""
    rows = _by_unit(beside.people, beside.units)
    return {
        mid_year: rows[rows["mid_year"].eq(mid_year)].pivot_table(
            index="unit", columns="age", values="people", aggfunc="sum"
        )
        for mid_year in sorted(set(rows["mid_year"].tolist()))
    }


def _neighbours(beside: Beside, units: pd.Index) -> pd.DataFrame:
    """1 for each statistical neighbour: unit by unit."""
    near = pd.DataFrame(0.0, index=units, columns=units)
    for code, others in beside.neighbours.items():
        unit = beside.units.get(code, code)
        for other in {beside.units.get(code, code) for code in others} - {unit}:
            if unit in near.index and other in near.columns:
                near.loc[unit, other] = 1.0
    return near


def _left_out(
    sound: "pd.Series[bool]", known: "pd.Series[float]", children: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Every figure of the series that is missing, and why: unit, target, year, reason."""
    unsound = sound[~sound].index
    rows = [
        (
            unit,
            "every placement",
            year,
            "placements not published" if pd.isna(known[year, unit]) else "more than a tenth of placements unknown",
        )
        for year, unit in unsound
    ]
    plans, school_age = children[PLANS], children[PLANS_5_15]
    rows += [(unit, TARGETS[PLANS], year, "not published") for year, unit in _cells(plans.isna() & plans.notna().any())]
    rows += [
        (unit, TARGETS[PLANS_5_15], year, "ages not published")
        for year, unit in _cells(school_age.isna() & plans.notna())
    ]
    table = pd.DataFrame(rows, columns=["unit", "target", "year", "reason"])
    return table.sort_values(["year", "unit", "target"], ignore_index=True)


def _cells(true: pd.DataFrame) -> list[tuple[int, str]]:
    """(year, unit) of each cell that is true."""
    return [(int(year), str(unit)) for unit in true.columns for year in true.index[true[unit]].tolist()]
