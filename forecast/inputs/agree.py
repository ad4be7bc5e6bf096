"""Whether the tables of an area agree with area.toml and with themselves.

Every table here is indexed by the line of each row, and has no fault of its own.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Final

import pandas as pd

from forecast.domain import ALL, NC_YEARS
from forecast.errors import Fault
from forecast.inputs.about import About
from forecast.inputs.ap_agree import ap_disagreements
from forecast.inputs.faults import capped, shown

_AGES: Final = range(25)
_AXES: Final = ("district", "need", "nc_year", "provision")
_RECKON: Final = (
    "correct the one that is wrong: children whose need or placement is unknown are `not_recorded`, and a"
    " suppressed count is blank"
)
_CELL: Final = ["year", "district", "need", "nc_from", "nc_to", "provision"]


def disagreements(about: About, tables: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Faults between tables; those that could not be read are left out of `tables`."""
    if (placements := tables.get("placements")) is not None:
        yield from _latest_census(about, placements)
        yield from _contradictions(placements)
    if (flows := tables.get("flows")) is not None:
        yield from _transfers_beyond_ceased(flows)
    if (population := tables.get("population")) is not None:
        yield from _gaps(about, population)
    for name in ("placements", "flows", "moves", "funnel", "checks"):
        if name in tables:
            yield from _later_years(about, f"{name}.csv", tables[name])
    for name in ("placements", "flows", "population"):
        if name in tables:
            yield from _absent_districts(about, f"{name}.csv", tables[name])
    yield from ap_disagreements(about, tables)


def _latest_census(about: About, placements: pd.DataFrame) -> Iterator[Fault]:
    if about.latest_census not in placements["year"].to_numpy():
        remedy = "add its rows, or set latest_census in area.toml to a year that has some"
        what = f"has no rows for the latest census, {about.latest_census}"
        yield Fault("placements.csv", 0, "year", what, remedy)


def _later_years(about: About, file: str, table: pd.DataFrame) -> Iterator[Fault]:
    """Years after the latest census, each at its first row."""
    later = table.loc[table["year"] > about.latest_census, "year"].drop_duplicates()
    remedy = "correct the year, or latest_census in area.toml"
    for line, year in later.items():
        what = f"{year} is after the latest census, {about.latest_census}"
        yield Fault(file, int(str(line)), "year", what, remedy)


def _absent_districts(about: About, file: str, table: pd.DataFrame) -> Iterator[Fault]:
    """Districts without a row, in a table that names any."""
    named = set(table["district"].unique()) - {ALL}
    absent = [name for name in about.district_names if named and name not in named]
    remedy = "add its rows, or take it out of area.toml"
    yield from (Fault(file, 0, "district", f"has no rows for {shown(name)}", remedy) for name in absent)


def _gaps(about: About, population: pd.DataFrame) -> Iterator[Fault]:
    """Districts and ages without a row, in a year and variant that has others; and no year early enough."""
    whole = set(product(population["district"].unique(), _AGES))
    for (mid_year, variant), rows in population.groupby(["mid_year", "variant"]):
        if len(rows) == len(whole):
            continue
        district, age = min(whole - set(zip(rows["district"], rows["age"], strict=True)))
        what = f"mid-{mid_year}, {shown(str(variant))}, has {len(rows)} of {len(whole)} districts and ages"
        remedy = f"add the others, the first being {district} age {age}, or take out that year and variant"
        yield Fault("population.csv", int(rows.index[0]), "age", what, remedy)
    if population["mid_year"].min() > about.latest_census - 1:
        what = f"has nothing for mid-{about.latest_census - 1} or before, on which the latest census rests"
        yield Fault("population.csv", 0, "mid_year", what, "add the mid-year estimates of that year")


def _contradictions(placements: pd.DataFrame) -> Iterator[Fault]:
    """Margins of one year that add up to another number of children than its total does.

    A margin is the rows of a year that name the same columns; one with a blank cell is not checked. The
    total is the margin that names fewest.
    """
    sums = _margin_sums(placements).dropna(subset="children")
    for year, margins in sums.groupby("year"):
        total = margins.iloc[0]
        for margin in margins[margins["children"] != total["children"]].itertuples():
            what = (
                f"{year} {_by(margin.margin)} adds up to {margin.children:,.0f} children,"
                f" {_by(total['margin'])} to {total['children']:,.0f}"
            )
            yield Fault("placements.csv", int(margin.line), "children", what, _RECKON)


def _margin_sums(placements: pd.DataFrame) -> pd.DataFrame:
    """Children, and the first line, of each margin of each year, those that name fewest columns first."""
    every = (placements["nc_from"] == NC_YEARS[0]) & (placements["nc_to"] == NC_YEARS[-1])
    margin = pd.Series("", placements.index)
    for axis in _AXES:
        summed = every if axis == "nc_year" else placements[axis] == ALL
        margin = margin.where(summed, margin + f" x {axis}")
    by = [placements["year"], margin.rename("margin")]
    children = placements["children"].groupby(by).sum(skipna=False)
    lines = placements.index.to_series(name="line").groupby(by).min()
    sums = pd.concat([children, lines], axis=1).reset_index()
    return sums.sort_values("margin", key=lambda margins: margins.str.count(" x "), kind="stable")


def _by(margin: str) -> str:
    return f"by {margin.removeprefix(' x ')}" if margin else "in all"


def _transfers_beyond_ceased(flows: pd.DataFrame) -> Iterator[Fault]:
    """Cells in which more plans moved away than ceased."""
    ceased = flows[flows["flow"] == "cease"].set_index(_CELL)["children"].rename("ceased")
    moved = flows[flows["flow"] == "transfer"].join(ceased, on=_CELL)
    lines = moved.index[moved["children"] > moved["ceased"]].tolist()
    what, remedy = "more were transferred than ceased", "count every transfer among the ceased plans too"
    yield from capped(lines, lambda line: Fault("flows.csv", line, "children", what, remedy))
