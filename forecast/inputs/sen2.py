"""Read the Department for Education's *Education, health and care plans* releases, as downloaded.

Two layouts are known, told apart by their files: the wide tables of the person-level return (2023 on:
`caseload.csv` and its neighbours) and the long tables of the aggregate return (to 2022:
`sen2_estab_caseload.csv`, `sen2_estab_new_plans.csv`). What comes out is tidy: one row a published
figure, in the codes of `domain`.

The flow files use three different ages (found from which of them closes the accounts; the release
does not say): a start by need at age x is a child of academic age x + 1 at the January that ends the
year; a ceased plan at age x is academic age x at the January that begins it; starts by placement are
at birthday age, blurred between the two, and so are used for their placements but not their ages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import ALL, NC_YEARS, Provision
from forecast.errors import Fault, InputFaults
from forecast.inputs.sen2_activity import ACTIVITY, BAND, band_sums, read_activity, read_bands, whole
from forecast.inputs.sen2_tables import (
    ENGLAND,
    KEY,
    NEEDS,
    NOW,
    STARTED,
    TOPIC,
    a_year_on,
    by_column,
    by_need,
    by_row,
    has_table,
    lacking_placements,
    provisions,
    read_table,
    tidy,
)

_WIDE, _LONG = "caseload", "sen2_estab_caseload"
"""File by which each layout is known."""
_TRACE: Final = 0.0005
"""Largest share of England's plans that may be in no kind of placement."""
_BELIED: Final = 0.5
"""A total more than twice the sum of its ages is not this authority's."""


@dataclass(frozen=True)
class Release:
    """Published figures of one or more releases; where two give the same figure, the later release stands."""

    placements: pd.DataFrame
    """Plans at each January: la_code, year, need, nc_from, nc_to, provision, children."""
    flows: pd.DataFrame
    """The same with flow: `start`, `start_at_birthday` (the blurred ages), `cease`, `transfer` (part of `cease`)."""
    activity: pd.DataFrame
    """Requests, decisions and moves in the year that ends at each January: la_code, year, measure, figure.

    Measures: `requests` for an assessment, `refused`, first plans `issued` and `issued_in_20_weeks` (both without
    those that the law allows longer), `moved_to_special` and `moved_to_mainstream`.
    """
    bands: pd.DataFrame
    """Plans and starts in the published bands of age: la_code, year, kind, age_from, age_to, children.

    `kind` is `plans` at that January or `starts` in the year that ends at it; both ages are inclusive.
    """
    authorities: pd.DataFrame
    """la_code, name, region, ons_code: one row an authority, as last published."""
    digest: str
    """SHA-256 of the files read."""


Parts = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]
"""Placements, flows, activity, bands and names of one release."""


def read_releases(folders: Sequence[Path]) -> Release:
    """Read release folders of either layout, in any order.

    An area needs stock and flows. The files of `activity` and `bands` serve only what is learned from every
    authority, so a folder may lack them, and then those figures have no rows.

    Raises
    ------
    InputFaults
        A folder holds neither layout, a file lacks a column, or a kind of placement is not known.
    """
    faults: list[Fault] = []
    parts: list[Parts] = []
    digests: list[str] = []
    for folder in folders:
        try:
            parts.append(_long(folder, digests) if has_table(folder, _LONG) else _wide(folder, digests))
        except InputFaults as error:
            faults.extend(error.faults)
    if faults:
        raise InputFaults(faults)
    parts.sort(key=lambda part: int(part[0]["year"].max()))
    tables = (pd.concat(table, ignore_index=True) for table in zip(*parts, strict=True))
    placements, flows, activity, bands, names = tables
    placements = _numbered(_last(placements, KEY))
    flows = _numbered(_last(flows, ["flow", *KEY]))
    return Release(
        placements=placements,
        flows=flows,
        activity=_last(activity, ACTIVITY),
        bands=_last(pd.concat([bands, band_sums(placements, flows)]), BAND),
        authorities=_last(names.sort_values("year", kind="stable"), ["la_code"]).drop(columns="year"),
        digest=sha256("".join(sorted(digests)).encode()).hexdigest(),
    )


def _wide(folder: Path, digests: list[str]) -> Parts:
    """A release of 2023 or later."""
    by_needs = [*TOPIC, "ehc_plans", *NEEDS]
    stock = read_table(folder, _WIDE, [*TOPIC, "ehcplans"], digests)
    new = read_table(folder, "newplans", [*TOPIC, "new_ehc_plans"], digests)
    new = by_column(new, "new_ehc_plans", STARTED)
    new = new.assign(flow=new["nc_year"].eq(ALL).map({True: "start", False: "start_at_birthday"}))
    new_need = by_need(read_table(folder, "sen_need_newplans", by_needs, digests), "ehc_plans")
    new_need = new_need.assign(flow="start", nc_year=new_need["nc_year"].map(a_year_on))
    ceased = read_table(folder, "ceased_plans", [*TOPIC, "total_ceased", "transfer"], digests)
    stock_need = by_need(read_table(folder, "sen_needs_all_plans", by_needs, digests), "ehc_plans")
    bands = read_bands(folder, digests)
    flows = [
        new_need,
        new,
        by_row(ceased, "total_ceased").assign(flow="cease"),
        by_row(ceased, "transfer").assign(flow="transfer"),
    ]
    if (lacking := lacking_placements(stock, "ehcplans")) > _TRACE:
        what = f"kinds of placement add up to {1 - lacking:.1%} of England's plans: a column is missing"
        raise InputFaults([Fault(f"{folder.name}/{_WIDE}.csv", 1, "", what, "use the release's own file, unchanged")])
    return (
        pd.concat([by_column(stock, "ehcplans", NOW), stock_need]),
        _sound_totals(pd.concat(flows, ignore_index=True)),
        read_activity(folder, digests),
        bands[~whole(bands)],
        _names(stock),
    )


def _long(folder: Path, digests: list[str]) -> Parts:
    """A release of 2022 or earlier."""
    kinds = ("establishment_type", "establishment_group")
    stock = read_table(folder, _LONG, [*kinds, "Total_all"], digests)
    new = read_table(folder, "sen2_estab_new_plans", [*kinds, "Total_new_all"], digests)
    bands = read_bands(folder, digests)
    everyone = whole(bands)
    return (
        _with_all_elsewhere(_by_establishment(stock, "Total_all"), bands[everyone & bands["kind"].eq("plans")]),
        _by_establishment(new, "Total_new_all").assign(flow="start"),
        read_activity(folder, digests),
        bands[~everyone],
        _names(stock),
    )


def _by_establishment(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Figures by kind of establishment, a row each, without the sums of groups."""
    kind, total = table["establishment_type"], table["establishment_type"].eq("Total")
    kept = table[~total | table["establishment_group"].eq("Total")]
    names = {**provisions("establishment_type", kind[~total].unique().tolist()), "Total": ALL}
    return tidy(kept.assign(provision=kept["establishment_type"].map(names), need=ALL, nc_year=ALL), column)


def _with_all_elsewhere(placements: pd.DataFrame, plans: pd.DataFrame) -> pd.DataFrame:
    """Add to the total, and to those elsewhere, the children whom the establishments leave out.

    In January 2018 `sen2_estab_caseload.csv` has no row for children not in education or at other places, who are
    `elsewhere` in the years about it, and its totals omit them: 312,626 in England against 319,819 by age.

    Parameters
    ----------
    placements : `KEY` and children
    plans : la_code, year, children: every plan, by the file of ages
    """
    keys = ["la_code", "year"]
    total = placements[placements["provision"].eq(ALL)].set_index(keys)["children"]
    short = plans.set_index(keys)["children"].sub(total).rename("children")
    left_out = short[short > 0].reset_index().assign(need=ALL, nc_year=ALL)
    added = [left_out.assign(provision=provision) for provision in (ALL, Provision.ELSEWHERE.value)]
    return pd.concat([placements, *added]).groupby(KEY, as_index=False)[["children"]].sum()


def _sound_totals(flows: pd.DataFrame) -> pd.DataFrame:
    """Replace totals of starts that their own ages belie.

    `newplans.csv` of 2025 repeats the regional total for every authority of Yorkshire and the Humber in 2022.
    """
    keys = ["la_code", "year"]
    whole = flows["provision"].eq(ALL) & flows["need"].eq(ALL)
    total = flows[whole & flows["flow"].eq("start") & flows["nc_year"].eq(ALL)].set_index(keys)["children"]
    by_age = flows[whole & flows["flow"].eq("start_at_birthday")].groupby(keys)["children"].sum()
    share = (by_age / total).dropna().drop(ENGLAND, level="la_code", errors="ignore")
    mended = by_age[share.index[share < _BELIED]]
    wanted = pd.MultiIndex.from_frame(flows[keys])
    wrong = whole & flows["flow"].eq("start") & flows["nc_year"].eq(ALL) & wanted.isin(mended.index)
    return flows.assign(children=flows["children"].mask(wrong, mended.reindex(wanted).to_numpy()))


def _names(table: pd.DataFrame) -> pd.DataFrame:
    """Name, region and ONS code of each authority in `table`, by year."""
    rows = table[table["geographic_level"] == "Local authority"].drop_duplicates(["la_code", "year"], keep="last")
    names = {"la_name": "name", "region_name": "region", "new_la_code": "ons_code"}
    return rows[["la_code", "year", *names]].rename(columns=names)


def _last(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """One row a key: the last."""
    return table.drop_duplicates(keys, keep="last").sort_values(keys, ignore_index=True)


def _numbered(table: pd.DataFrame) -> pd.DataFrame:
    """`nc_year` as two whole numbers, `nc_from` and `nc_to`."""
    ends = table["nc_year"].replace(ALL, f"{NC_YEARS[0]}..{NC_YEARS[-1]}").str.partition("..")
    last = ends[2].where(ends[2] != "", ends[0])
    return table.assign(nc_from=ends[0].astype(int), nc_to=last.astype(int)).drop(columns="nc_year")
