"""What the constant-rate model counts: an area's own stock, moves, leavers and joiners, pooled over years.

A `state` is a need and a provision, needs first: state = need x provisions + provision. Year groups are those
before a move and at which a plan ceased; joiners have the year group in which they joined.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ALL, NC_YEARS, NOT_RECORDED
from forecast.errors import ForecastError
from forecast.inputs.rows import of_whole_area
from forecast.model.raking import Array

Labels = Mapping[str, Sequence[str]]
"""District, need and provision -> labels in their order."""
JOINERS: Final = ("start", "arrive")
"""Flows that join: witan.send counts who moved in with a plan among them."""


class NotCounted(ForecastError):
    """An area without the counts that rates are taken from."""

    def __init__(self, file: str, what: str) -> None:
        super().__init__(
            f"{file} {what}, and constant rates are shares of counted children: import the area from a return or a "
            "witan project, or run it without --model constant."
        )


@dataclass(frozen=True)
class Seen:
    """Children counted; whole or, where something was not recorded, shared out."""

    stock: Array
    """At the latest census: (district, state, nc_year)."""
    moved: Array
    """Who kept a plan, by state before and after, all districts and years: (state, nc_year, to)."""
    ceased: Array
    """Plans that ceased: (state, nc_year)."""
    joined: Array
    """Plans that began or moved in: (state, nc_year)."""
    residents: Array
    """People of each year group, added up over the same Januaries: (nc_year)."""
    years: tuple[int, ...]
    """Januaries that end the twelve months counted."""
    guessed: int
    """Cells of the stock that are suppressed, and taken at the middle of what they may be."""


def seen(tables: Mapping[str, pd.DataFrame], labels: Labels, census: int, people: xr.DataArray) -> Seen:
    """Count what the model needs.

    Parameters
    ----------
    tables : placements, flows and moves, as `inputs.schemas` has them
        Of moves a column `need_before` is used, if there is one, for children whose need changed.
    census : January of the latest census
    people : (year, district, nc_year)
        Residents at each January, those of the flows among them.

    Raises
    ------
    NotCounted
        A table lacks children by need, year group and provision, or has suppressed flows.
    """
    flows, moves = (tables[name] for name in ("flows", "moves"))
    years = sorted(set(flows["year"]) & set(moves["year"]))
    if not years:
        raise NotCounted("moves.csv", "has no year of which flows.csv says who started and ceased")
    flows, moves = (of_whole_area(table[table["year"].isin(years)]) for table in (flows, moves))
    if flows["children"].isna().any():
        raise NotCounted("flows.csv", "has suppressed counts")
    stock, guessed = census_stock(tables["placements"], labels, census)
    cells = _single(flows, "flows.csv")
    joined, ceased = (
        _summed(recorded(cells[cells["flow"].isin(kind)]), ("need", "provision", "nc_year"), labels)
        for kind in (JOINERS, ("cease",))
    )
    return Seen(
        stock=stock,
        moved=_moved(moves, labels),
        ceased=ceased,
        joined=joined,
        residents=people.sel(year=years).sum(["year", "district"]).to_numpy(),
        years=tuple(years),
        guessed=guessed,
    )


def census_stock(placements: pd.DataFrame, labels: Labels, census: int) -> tuple[Array, int]:
    """Children at a census, (district, state, nc_year), and how many cells are suppressed: taken at their middle.

    Raises
    ------
    NotCounted
        The census lacks children by district, need, year group and provision together.
    """
    now = _single(placements[placements["year"].eq(census)], "placements.csv")
    districts = labels["district"]
    if len(districts) == 1:
        now = of_whole_area(now).assign(district=districts[0])
    elif (now := now[now["district"].ne(ALL)]).empty:
        raise NotCounted("placements.csv", "has no children by district")
    hidden = now["children"].isna()
    if hidden.any():
        if not {"least", "most"} <= set(now) or now.loc[hidden, ["least", "most"]].isna().any(axis=None):
            raise NotCounted("placements.csv", "has blank counts at the latest census")
        now = now.assign(children=now["children"].fillna((now["least"] + now["most"]) / 2))
    return _summed(recorded(now), ("district", "need", "provision", "nc_year"), labels), int(hidden.sum())


def _moved(moves: pd.DataFrame, labels: Labels) -> Array:
    """Who kept a plan: (state, nc_year, to)."""
    known = recorded(_detailed(moves, ("need", "provision", "to"), "moves.csv"))
    if "need_before" in known:
        said = known["need_before"].isin(list(labels["need"]))
        known = known.assign(need_before=known["need_before"].where(said, known["need"]))
    else:
        known = known.assign(need_before=known["need"])
    both = {**labels, "need_before": labels["need"], "to": labels["provision"]}
    counts = _summed(known, ("need_before", "provision", "nc_year", "need", "to"), both)
    states = len(labels["need"]) * len(labels["provision"])
    return counts.reshape(states, len(NC_YEARS), states)


def recorded(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the children of `not_recorded` shared out in the mix of those whose label is known.

    The mix is of those alike in all other labels and age; if there are none, of those of the age; else of all.
    """
    columns = [column for column in ("need", "provision", "to") if column in table]
    for column in columns:
        others = [other for other in (*columns, "nc_year") if other != column]
        table = _shared_out(table, column, (others, ["nc_year"], []))
    return table


def _shared_out(table: pd.DataFrame, column: str, within: Sequence[list[str]]) -> pd.DataFrame:
    unknown = table[column].eq(NOT_RECORDED)
    known, rest = table[~unknown], table[unknown]
    parts = [known]
    for keys in within:
        if rest.empty:
            break
        mix = known.groupby([*keys, column], as_index=False)["children"].sum().query("children > 0")
        whole = mix.groupby(keys)["children"].transform("sum") if keys else mix["children"].sum()
        mix = mix.assign(share=mix["children"] / whole).drop(columns="children")
        bare = rest.drop(columns=column).reset_index(names="row")
        found = bare.merge(mix, on=keys) if keys else bare.merge(mix, how="cross")
        parts.append(found.assign(children=found["children"] * found["share"]).drop(columns=["row", "share"]))
        rest = rest.drop(index=found["row"].unique().tolist())
    return pd.concat(parts, ignore_index=True)


def _single(table: pd.DataFrame, file: str) -> pd.DataFrame:
    """Rows of one year group, need and provision each, the year group in one column."""
    one = table[table["nc_from"].eq(table["nc_to"])]
    return _detailed(one.assign(nc_year=one["nc_from"]), ("need", "provision"), file)


def _detailed(table: pd.DataFrame, columns: Sequence[str], file: str) -> pd.DataFrame:
    """Rows that are summed over none of `columns`."""
    rows = table[~table[list(columns)].isin([ALL]).any(axis=1)]
    if rows.empty:
        raise NotCounted(file, "has no children by need, year group and kind of place together")
    return rows.reset_index(drop=True)


def _summed(table: pd.DataFrame, axes: Sequence[str], labels: Labels) -> Array:
    """Children by the columns `axes`; need and provision side by side become one axis, `state`."""
    known: dict[str, Any] = {**labels, "nc_year": NC_YEARS}
    at = [pd.Index(known[axis]).get_indexer(pd.Index(table[axis])) for axis in axes]
    counts = np.zeros([len(known[axis]) for axis in axes])
    np.add.at(counts, tuple(at), table["children"].to_numpy(dtype=float))
    first = axes.index("provision") - 1
    return counts.reshape(*counts.shape[:first], -1, *counts.shape[first + 2 :])
