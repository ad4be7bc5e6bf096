"""Returns into counts, one after the other: what is kept of a return once it is counted is `Before`.

    January before                                               this January
    stock(before)  = moves out of each cell + cease
                     moves into each cell + start + arrive + unexplained    = stock(now)

A child with a plan at both Januaries moves (or stays). One who has none any more ceased, whether or not this return
says when: plans that ceased between New Year and census day are in the next return only. One who had none before
arrived, if the plan came from another authority in the year; started, if it begins after the census before; or else is
unexplained: counted in the stock, in no flow, and told. A plan made and ceased between two censuses is in no stock and
no flow. Where the census before is not given, this return's own dates tell who started, arrived and ceased, and
nobody's moves are known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pandas as pd

from forecast.domain import ALL, NOT_RECORDED
from forecast.inputs.about import About
from forecast.records.census import census_day, in_force
from forecast.records.districts import Lookup, located
from forecast.records.establishments import Establishments
from forecast.records.filed import Filed
from forecast.records.fill import phase, shared_out
from forecast.records.funnel import funnel
from forecast.records.keys import Known, numbered
from forecast.records.labels import Labels
from forecast.records.linked import TRANSFERRED_OUT, Linked, link
from forecast.records.stock import holders, stock_on

CELL: Final = ["district", "need", "nc_year", "provision"]
"""What a child with a plan is counted by."""
FLOW: Final = ["year", "flow", "district", "need", "nc_year", "provision"]
MOVE: Final = ["year", "district", "need", "nc_year", "provision", "to"]


@dataclass(frozen=True, eq=False)
class Rules:
    """How returns become counts of an area."""

    about: About
    """The area, with every label that a count may use."""
    labels: Labels
    establishments: Establishments
    lookup: Lookup | None
    """Where children live; None where the area is one district."""


@dataclass(frozen=True, eq=False)
class Before:
    """What is remembered of the returns counted so far: whole numbers and labels by child, in memory only."""

    known: Known = field(default_factory=Known)
    census: int = 0
    """January of the last; 0 before the first."""
    stock: pd.DataFrame = field(default_factory=pd.DataFrame)
    """As `stock_on` gives it, of the last."""
    district: "pd.Series[str]" = field(default_factory=lambda: pd.Series(dtype="str"))
    """By child, of every return."""
    cohort: "pd.Series[float]" = field(default_factory=lambda: pd.Series(dtype=float))
    """By child: year group less the year of the census."""


@dataclass(frozen=True, eq=False)
class Year:
    """One census, counted."""

    tables: Mapping[str, pd.DataFrame]
    """placements, flows, moves and funnel, with the columns of an area folder."""
    summary: Mapping[str, int]
    """What was read, and what had to be decided: keys of `summary.SAYS` -> children or records."""


def count_return(filed: Filed, before: Before, rules: Rules) -> tuple[Year, Before]:
    """Count one return.

    Parameters
    ----------
    before : what the returns before it left; `Before()` for the first
    """
    person = filed.tables["person"]
    numbers, known, met = numbered(person, before.known)
    linked = link(filed, numbers, located(person, rules.lookup, rules.about))
    children, supplied = _whole(linked, before)
    day, last = census_day(filed.census), census_day(filed.census - 1)
    stock = stock_on(day, linked, children, rules.establishments, rules.labels)
    if linked_to_the_year_before := before.census == filed.census - 1:
        then, gone = before.stock, before.stock[~before.stock.index.isin(stock.index)]
    else:
        then = _told_of_before(linked, children, stock, rules)
        gone = then
    came = stock[~stock.index.isin(then.index)] if linked_to_the_year_before else stock
    flows, said = _flows(linked, came, gone, (last, day), first=not linked_to_the_year_before)
    filled = Linked(linked.census, children, linked.plans, linked.placements, linked.requests, linked.orphans)
    tables = {
        "placements": _counted(stock.assign(year=filed.census), ["year", *CELL]),
        "flows": flows,
        "moves": _moves(stock, then, filed.census) if linked_to_the_year_before else _moves(stock[:0], then[:0], 0),
        "funnel": funnel(filled, rules.about.district_names, last, day),
    }
    summary = {**_of_stock(stock), **supplied, **said, "orphans": linked.orphans}
    summary |= {f"linked_by_{way}": found for way, found in met.items()}
    summary["brief"] = _brief(linked, stock, then, (last, day))
    return Year(tables, {"records": len(person), **summary}), _remembered(before, known, stock, children, filed.census)


def _whole(linked: Linked, before: Before) -> tuple[pd.DataFrame, dict[str, int]]:
    """Children with a district and year group each, and how many had to be supplied to holders of a plan."""
    rows = linked.children
    day = census_day(linked.census)
    needs = linked.plans.drop_duplicates("child").set_index("child")["need"].reindex(rows.index)
    cohort = before.cohort.reindex(rows.index) + linked.census
    nc_years = rows["nc_year"].fillna(cohort)
    unborn = nc_years.isna()
    nc_years = shared_out(nc_years, needs, rows["order"]).fillna(0)
    district = rows["district"].mask(rows["district"].eq(""))
    district = district.fillna(before.district.reindex(rows.index))
    nowhere = district.isna()
    group = needs.astype("str").fillna("") + phase(nc_years).astype(str)
    district = shared_out(district, group, rows["order"])
    held = pd.Series(rows.index.isin(holders(linked.plans, day).index), index=rows.index)
    supplied = {
        "without_birth_date": int((unborn & held).sum()),
        "without_district": int((nowhere & held & ~rows["outside"]).sum()),
        "outside": int((nowhere & held & rows["outside"]).sum()),
    }
    return rows.assign(nc_year=nc_years, district=district.astype("str")), supplied


def _told_of_before(linked: Linked, children: pd.DataFrame, stock: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """Children who had a plan at the January before, as this return tells, and have none any more."""
    last = census_day(linked.census - 1)
    younger = children.assign(nc_year=children["nc_year"] - 1)
    then = stock_on(last, linked, younger, rules.establishments, rules.labels)
    return then[~then.index.isin(stock.index) & ~then["transferred"]]


def _flows(
    linked: Linked, came: pd.DataFrame, gone: pd.DataFrame, days: tuple[pd.Timestamp, pd.Timestamp], *, first: bool
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Plans made, brought along, ceased and taken along; and how many came or went without a word.

    Parameters
    ----------
    came : children of this January's stock who were not in the one before; all of them if `first`
    gone : children of the stock before who are not in this one
    """
    last, day = days
    arrived = came["transferred"]
    started = (came["start"] > last) & ~arrived
    plans = linked.plans
    ceased = plans[(plans["cease"] > last) & (plans["cease"] <= day)]
    reason = (
        ceased.sort_values("cease", kind="stable").drop_duplicates("child", keep="last").set_index("child")["reason"]
    )
    away = gone.index.isin(reason.index[reason.eq(TRANSFERRED_OUT).fillna(False)])  # noqa: FBT003
    parts = {"start": came[started], "arrive": came[arrived], "cease": gone, "transfer": gone[away]}
    rows = pd.concat([part.assign(flow=flow, year=linked.census) for flow, part in parts.items()])
    said = {flow: len(part) for flow, part in parts.items()}
    said["gone_without_word"] = int((~gone.index.isin(ceased["child"])).sum())
    said["unexplained"] = 0 if first else int((~started & ~arrived).sum())
    return _counted(rows, FLOW), said


def _moves(stock: pd.DataFrame, then: pd.DataFrame, year: int) -> pd.DataFrame:
    """Children in both stocks, by placement at each."""
    both = then.index.intersection(stock.index)
    now, past = stock.reindex(both), then.reindex(both)
    rows = now[["district", "need"]].assign(
        year=year, nc_year=past["nc_year"], provision=past["provision"], to=now["provision"]
    )
    return _counted(rows, MOVE)


def _counted(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Children by `by`; year groups as an area's tables have them."""
    table = rows.groupby(by).size().rename("children").reset_index()
    if "to" in by:
        return table
    spans = {"nc_from": table["nc_year"].astype(int), "nc_to": table["nc_year"].astype(int)}
    columns = [*by[: by.index("nc_year")], *spans, *by[by.index("nc_year") + 1 :], "children"]
    return table.assign(**spans)[columns]


def _of_stock(stock: pd.DataFrame) -> dict[str, int]:
    """What the summary says of those with a plan."""
    placed = stock["placed"]
    return {
        "children": len(stock),
        "need_not_recorded": int(stock["need"].eq(NOT_RECORDED).sum()),
        "not_placed": int((~placed).sum()),
        "school_unknown": int((placed & ~stock["known"] & stock["given"] & stock["provision"].eq(NOT_RECORDED)).sum()),
        "type_unknown": int((placed & stock["known"] & stock["provision"].eq(NOT_RECORDED)).sum()),
        "nothing_given": int((placed & ~stock["given"]).sum()),
        "several_plans": int(stock["several"].sum()),
        "several_first_placements": int(stock["firsts"].gt(1).sum()),
        "no_first_placement": int((placed & stock["firsts"].eq(0)).sum()),
        "odd_base": int(stock["odd_base"].sum()),
    }


def _brief(linked: Linked, stock: pd.DataFrame, then: pd.DataFrame, days: tuple[pd.Timestamp, pd.Timestamp]) -> int:
    """Children whose plan was made and ceased between the two censuses."""
    last, day = days
    plans = linked.plans
    rows = plans[(plans["start"] > last) & (plans["start"] <= day) & ~in_force(plans["start"], plans["cease"], day)]
    return int(rows.loc[~rows["child"].isin(stock.index) & ~rows["child"].isin(then.index), "child"].nunique())


def _remembered(before: Before, known: Known, stock: pd.DataFrame, children: pd.DataFrame, census: int) -> Before:
    """What the next return needs of this one and those before."""

    def latest(new: "pd.Series[Any]", old: "pd.Series[Any]") -> "pd.Series[Any]":
        both = pd.concat([part for part in (new, old) if len(part)])
        return both[~both.index.duplicated()]

    return Before(
        known=known,
        census=census,
        stock=stock,
        district=latest(children["district"], before.district),
        cohort=latest(children["nc_year"] - census, before.cohort),
    )


def of_every_district(tables: Mapping[str, pd.DataFrame], about: About) -> dict[str, pd.DataFrame]:
    """The same, with a row of no children for a district that a table has none of: a reader asks for each."""
    return {name: _with_absent(table, about.district_names) for name, table in tables.items()}


def _with_absent(table: pd.DataFrame, districts: tuple[str, ...]) -> pd.DataFrame:
    named = set(table["district"]) if "district" in table else {ALL}
    absent = [district for district in districts if district not in named]
    if table.empty or ALL in named or not absent:
        return table
    none = [table.iloc[:1].assign(district=district, children=0) for district in absent]
    return pd.concat([table, *none], ignore_index=True)
