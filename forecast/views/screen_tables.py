"""Tables as a page shows them: cells of words and whole numbers, rows and columns with names.

No number of children under five is shown, and none with decimals.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from forecast.domain import academic_year
from forecast.projection import Projection
from forecast.report.phrases import (
    FEW,
    RANGE,
    Row,
    capped,
    census,
    chances_in_brief,
    count,
    count_range,
    in_a_hundred,
    phase_words,
    signed,
)
from forecast.report.tables import CHANCE, CHILDREN, MORE, PLACES, SHORT, TOTALS, year_ahead
from forecast.views.plain import LINE_BREAK, plain

RANGE_HEADING: Final = f"Range ({RANGE})"
COUNTED: Final = "start"


def year_headings(projection: Projection, gap: str) -> dict[int, str]:
    """January -> its heading: the census by name, then school years and how far on each is.

    Parameters
    ----------
    gap : what stands between the year and how far on it is
    """
    ahead = {year: heading.replace("now", "this year") for heading, year in projection.table_years.items()}
    headings = {year: f"{academic_year(year)}{gap}{heading}" for year, heading in ahead.items()}
    return headings | {projection.base: f"{census(projection.base)}{gap}{COUNTED}"}


def by_year(projection: Projection, lines: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """A row a year: expected, range, how many more than at the census; and places, where the area lists its own.

    Parameters
    ----------
    lines : measure -> its rows, indexed by year
    """
    years = year_headings(projection, ", ")
    shown = {measure: rows.loc[list(years)] for measure, rows in lines.items()}
    children = shown[CHILDREN]
    columns: dict[str, object] = {
        "Expected": children["mean"].map(count),
        RANGE_HEADING: [
            COUNTED if year == projection.base else span for year, span in zip(years, _ranges(children), strict=True)
        ],
        _more_than(projection): shown[MORE]["mean"].map(_more),
    }
    if PLACES in shown:
        columns["Places"] = shown[PLACES]["mean"].map(count)
        columns["Short by"] = shown[SHORT]["mean"].map(count)
        columns["Chance of being short"] = shown[CHANCE]["mean"].map(chances_in_brief)
    return pd.DataFrame(columns).rename(index=years).rename_axis(None)


def by_phase(projection: Projection, table: pd.DataFrame) -> pd.DataFrame:
    """A row a phase and a column a year, with the range under each number; phases that stay small are left out.

    Parameters
    ----------
    table : rows of `places_table` of one kind of place
    """
    years = year_headings(projection, LINE_BREAK)
    children = table[(table["measure"] == CHILDREN) & table["year"].isin(list(years))]
    lines = {}
    for phase in children["phase"].unique():
        rows = children[children["phase"] == phase]
        if phase == TOTALS["phase"] or rows["p90"].max() >= FEW:
            words = phase if phase == TOTALS["phase"] else phase_words(phase)
            cells = zip(rows["year"], rows.to_dict("records"), strict=True)
            lines[capped(words)] = {years[year]: _cell(row) for year, row in cells}
    return pd.DataFrame.from_dict(lines, orient="index")


def by_label(projection: Projection, table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """A row a label: at the census, at the year that headlines speak of with the range under it, and how many more.

    Parameters
    ----------
    table : columns label, year, measure, mean, p10, p90
    names : label -> how it is written; in the order of the rows
    """
    year = year_ahead(projection)
    at = {
        (measure, at_year): rows.set_index("label").loc[list(names)]
        for (measure, at_year), rows in table.groupby(["measure", "year"])
        if measure in {CHILDREN, MORE} and at_year in {projection.base, year}
    }
    children = at[CHILDREN, year]
    columns: dict[str, object] = {
        census(projection.base): at[CHILDREN, projection.base]["mean"].map(count),
        f"{academic_year(year)}{LINE_BREAK}and range": [_cell(row) for row in children.to_dict("records")],
        _more_than(projection): at[MORE, year]["mean"].map(_more),
    }
    shown = pd.DataFrame(columns).rename(index={label: plain(name) for label, name in names.items()})
    return shown.rename_axis(None)


def of_rates(projection: Projection, table: pd.DataFrame) -> pd.DataFrame:
    """A row a year: the area's rate with its range, England's, and the difference in children.

    Parameters
    ----------
    table : rows of `special_rates_table` of one definition
    """
    rows = {}
    for row in table.to_dict("records"):
        rate, low, high = (in_a_hundred(row[name]) for name in ("rate", "rate_p10", "rate_p90"))
        known = pd.isna(row["rate_p10"]) or low == high
        rows[str(row["academic_year"])] = {
            plain(projection.about.name): rate if known else f"{rate} ({low} to {high})",
            "England": in_a_hundred(row["england_rate"]),
            "Children more than at England's rate": _more(row["children"]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _more_than(projection: Projection) -> str:
    return f"More than in {census(projection.base)}"


def _more(change: float) -> str:
    return signed(change) if change else "0"


def _ranges(children: pd.DataFrame) -> list[str]:
    return [_range(row) for row in children.to_dict("records")]


def _range(row: Row) -> str:
    """The range in words."""
    return count_range(row["p10"], row["p90"]) or count(row["p90"])


def _cell(row: Row) -> str:
    """The number, and its range on a second line where it has one."""
    span = count_range(row["p10"], row["p90"])
    return count(row["mean"]) if row["p10"] == row["p90"] or not span else f"{count(row['mean'])}{LINE_BREAK}{span}"
