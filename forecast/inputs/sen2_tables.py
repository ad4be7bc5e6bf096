"""One file of an *Education, health and care plans* release as tidy rows: `KEY` and children.

`x` (not available), `z` (not applicable) and blank give no row: none of them is zero.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, ALL, NC_YEARS, NOT_RECORDED
from forecast.errors import Fault, InputFaults
from forecast.inputs.bundled import bundled

ENGLAND: Final = "ENG"
"""Code of the national rows, where an authority has three digits."""
KEY: Final = ["la_code", "year", "need", "nc_year", "provision"]
"""`nc_year` is text here, as in an area's files: `7`, a range such as `-4..-2`, or `all`."""
NOW, STARTED, CEASED = "Child or young persons age", "Age when plan started", "Age plan ceased"
"""Topics of the rows by age. The stock is published by both of the first two."""
BY_PLACEMENT: Final = "Type of placement"
TOPIC: Final = ("breakdown_topic", "breakdown")
"""Columns that say which children a row of the wide layout is about."""
WHOLE: Final = ("All EHC plans", "New EHC plans", "All ceased EHC plans")
"""Topics of the rows that are about every plan."""
_NEEDS: Final = {
    f"number_{need}": need.upper()
    for need in ("asd", "hi", "mld", "msi", "oth", "pd", "pmld", "semh", "slcn", "sld", "spld", "vi")
} | {"number_need_unknown": NOT_RECORDED}
NEEDS: Final = tuple(_NEEDS)
"""Columns of plans by need."""
_STOCK: Final = ("caseload", "sen_needs_all_plans", "sen2_estab_caseload", "sen2_age_caseload")
"""Files about plans at a January; the others are about the calendar year before one."""
_COLUMNS: Final = (
    "time_period",
    "time_identifier",
    "geographic_level",
    "old_la_code",
    "la_name",
    "region_name",
    "new_la_code",
)


def has_table(folder: Path, name: str) -> bool:
    """Whether a release has a file, packed or not."""
    return _path(folder, name) is not None


def read_table(folder: Path, name: str, columns: Sequence[str], digests: list[str]) -> pd.DataFrame:
    """One file of a release as text, with `la_code` and `year` (January) and without regional rows.

    Parameters
    ----------
    columns : what this file must have, besides those that every file has
    digests : takes in the SHA-256 of the file

    Raises
    ------
    InputFaults
        The file is missing or cut off, or lacks a column.
    """
    path = _path(folder, name)
    where = f"{folder.name}/{path.name if path else name + '.csv'}"
    whole = "download the whole release from Explore education statistics and unpack it into one folder"
    if path is None:
        raise InputFaults([Fault(where, 0, "", "there is no such file", whole)])
    digests.append(sha256(path.read_bytes()).hexdigest())
    if path.suffix == ".csv" and not path.read_bytes().endswith(b"\n"):
        raise InputFaults([Fault(where, 0, "", "it ends in the middle of a line, as if cut off", whole)])
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError, EOFError) as error:
        raise InputFaults([Fault(where, 0, "", "it cannot be read as CSV in UTF-8", whole)]) from error
    lacking = [needed for needed in (*_COLUMNS, *columns) if needed not in table]
    if lacking:
        remedy = "use the release's own file, unchanged"
        raise InputFaults([Fault(where, 1, needed, "the column is missing", remedy) for needed in lacking])
    if table.empty:
        raise InputFaults([Fault(where, 0, "", "it has a header and no rows", whole)])
    table = table[table["geographic_level"] != "Regional"]
    stock_in_calendar_year = table["time_identifier"].eq("Calendar year") & (name in _STOCK)
    return table.assign(
        la_code=table["old_la_code"].where(table["geographic_level"] != "National", ENGLAND),
        year=table["time_period"].str[:4].astype(int) + 1 - stock_in_calendar_year.astype(int),
    )


def by_column(table: pd.DataFrame, total: str, ages: str) -> pd.DataFrame:
    """Placements, a column each after `total`, by age (the topic `ages`) and in all; the rest is not recorded."""
    after = [str(column) for column in table.columns[list(table.columns).index(total) + 1 :]]
    names = provisions("caseload", [column for column in after if not _is_sum(column) and column not in KEY])
    kept = table[table["breakdown_topic"].isin([ages, *WHOLE])]
    kept = kept.assign(nc_year=kept["breakdown"].map(nc_years), need=ALL)
    totals = tidy(kept.assign(provision=ALL), total)
    melted = kept.melt(["la_code", "year", "need", "nc_year"], list(names), "column", "figure")
    parts = tidy(melted.assign(provision=melted["column"].map(names)), "figure")
    keys = ["la_code", "year", "need", "nc_year"]
    short = totals.set_index(keys)["children"] - parts.groupby(keys)["children"].sum()
    rest = short[short > 0].reset_index().assign(provision=NOT_RECORDED)
    return pd.concat([totals, pd.concat([parts, rest]).groupby(KEY, as_index=False)[["children"]].sum()])


def lacking_placements(table: pd.DataFrame, total: str) -> float:
    """Share of England's plans in no kind of placement of `table`, nor in that for unknown ones: of the middle year.

    More than a trace means that a column is missing. (In one January England's own row omits some plans.)
    """
    rows = table[table["la_code"].eq(ENGLAND) & table["breakdown"].isin(WHOLE)]
    after = [str(column) for column in table.columns[list(table.columns).index(total) + 1 :]]
    columns = [column for column in after if not _is_sum(column) and column not in KEY]
    whole = figures(rows[total])
    placed = pd.DataFrame({column: figures(rows[column]) for column in columns}).sum(axis=1, min_count=1)
    lacking = (1 - placed / whole.where(whole > 0)).dropna()
    return float(lacking.median()) if len(lacking) else 0.0


def by_need(table: pd.DataFrame, total: str) -> pd.DataFrame:
    """Needs, a column each, by age, by placement and in all."""
    columns = _NEEDS | {total: ALL}
    kept = _by_row(table)
    melted = kept.melt(["la_code", "year", "nc_year", "provision"], list(columns), "column", "figure")
    return tidy(melted.assign(need=melted["column"].map(columns)), "figure")


def by_row(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """The figures of `column` by age, by placement and in all."""
    return tidy(_by_row(table).assign(need=ALL), column)


def tidy(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """`KEY` and children, summed within a key; marks that mean no figure, and unknown ages, give no row."""
    found = figures(table[column])
    kept = table.assign(children=found)[found.notna() & table["nc_year"].ne("")]
    return kept.groupby(KEY, as_index=False)[["children"]].sum()


def figures(texts: "pd.Series[str]") -> "pd.Series[float]":
    """Published cells as numbers; NaN for marks that mean no figure."""
    return pd.to_numeric(texts.str.replace(",", ""), errors="coerce").astype(float)


def nc_years(label: str) -> str:
    """Year group, or range of them, of a published age label: `all` for every plan, "" where the age is unknown."""
    low, high = NC_YEARS[0], NC_YEARS[-1]
    if label in WHOLE:
        return ALL
    number = re.search(r"\d+", label)
    if number is None:
        return ""
    at = min(int(number.group()) - AGE_AT_RECEPTION, high)
    if "under" in label:
        return f"{low}..{at if 'and under' in label else at - 1}"
    return f"{at}..{high}" if "and over" in label else str(at)


def a_year_on(nc_year: str) -> str:
    """The same year groups a year later, `n and under` from the same youngest, `n and over` reaching no further."""
    if nc_year == ALL:
        return ALL
    low, mark, high = nc_year.partition("..")
    older = int(low) if mark and int(low) == NC_YEARS[0] else min(int(low) + 1, NC_YEARS[-1])
    return f"{older}..{min(int(high) + 1, NC_YEARS[-1])}" if mark else str(older)


def provisions(file: str, names: Iterable[str]) -> Mapping[str, str]:
    """Published name of a kind of placement -> label, from `data/reference/sen2_provisions.csv`.

    Raises
    ------
    InputFaults
        A name is not in that table.
    """
    table = pd.read_csv(bundled("data", "reference", "sen2_provisions.csv"), dtype=str)
    known = dict(zip(table["published"], table["provision"], strict=True)) | {"total": ALL}
    wanted = {name: known.get(_words(name)) for name in names}
    remedy = "add it to data/reference/sen2_provisions.csv with the provision that it belongs to"
    if unknown := [name for name, label in wanted.items() if label is None]:
        raise InputFaults([Fault(file, 0, name, "this kind of placement is not known", remedy) for name in unknown])
    return {name: label for name, label in wanted.items() if label is not None}


def _path(folder: Path, name: str) -> Path | None:
    """Where a file of a release is; None if the release lacks it."""
    return next((path for end in (".csv", ".csv.gz") if (path := folder / (name + end)).exists()), None)


def _by_row(table: pd.DataFrame) -> pd.DataFrame:
    """Rows by age, by placement and in all, with `nc_year` and `provision`."""
    ages, places = table["breakdown_topic"].isin([NOW, CEASED]), table["breakdown_topic"].eq(BY_PLACEMENT)
    places &= ~table["breakdown"].map(_is_sum)
    names = provisions("release", table.loc[places, "breakdown"].unique().tolist())
    return table.assign(
        nc_year=table["breakdown"].map(nc_years).where(ages, ALL),
        provision=table["breakdown"].map(names).where(places, ALL),
    )[ages | places | table["breakdown_topic"].isin(WHOLE)]


def _is_sum(name: str) -> bool:
    """Whether a column or row is a sum or a percentage of others."""
    words = _words(name)
    return words.endswith(("_total", "_pc")) or words == "ed_elsewhere"


def _words(name: str) -> str:
    """Published name in lower case, words joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
