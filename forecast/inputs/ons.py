"""Read ONS population files: residents by district and single year of age, estimated or projected."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.errors import Fault, InputFaults
from forecast.inputs.bundled import bundled

COLUMNS: Final = ("lad_code", "year", "age", "population")
ESTIMATE: Final = "estimate"
_OLDEST: Final = NC_YEARS[-1] + AGE_AT_RECEPTION
_PROJECTION_MARKS: Final = ("snpp", "projection")


def read_population(files: Sequence[Path]) -> pd.DataFrame:
    """Residents: mid_year, variant, district_code, age (0 to 24), people.

    A file is a projection if its name says so ("snpp" or "projection") and then its name is the
    variant; else it holds estimates. Where two files give the same figure, the later file stands.

    Parameters
    ----------
    files : CSV files with the columns lad_code, year (mid-year), age, population

    Raises
    ------
    InputFaults
        A file is missing, lacks a column or holds something that is no number.
    """
    faults: list[Fault] = []
    tables = []
    for path in files:
        try:
            tables.append(_read(path))
        except InputFaults as error:
            faults.extend(error.faults)
    if faults:
        raise InputFaults(faults)
    table = pd.concat(tables, ignore_index=True)
    keys = ["mid_year", "variant", "district_code", "age"]
    return table[table["age"] <= _OLDEST].drop_duplicates(keys, keep="last").sort_values(keys, ignore_index=True)


def districts() -> pd.DataFrame:
    """Every English district since April 2023 and its authority: district_code, district, la_code, authority."""
    return pd.read_csv(bundled("data", "reference", "districts.csv"), dtype=str)


def by_authority(population: pd.DataFrame, mid_year: int) -> pd.DataFrame:
    """Estimated residents of each authority at `mid_year`: index la_code, a column an age."""
    rows = population[population["mid_year"].eq(mid_year) & population["variant"].eq(ESTIMATE)]
    named = rows.merge(districts(), on="district_code", validate="many_to_one")
    return named.pivot_table(index="la_code", columns="age", values="people", aggfunc="sum")


def latest_estimate(population: pd.DataFrame, before: int) -> int:
    """Latest mid-year before January `before` whose estimates cover every English district.

    Raises
    ------
    InputFaults
        No file has one.
    """
    known = set(districts()["district_code"])
    estimates = population[population["variant"].eq(ESTIMATE) & population["mid_year"].lt(before)]
    years = sorted({int(year) for year in estimates["mid_year"]}, reverse=True)
    whole = [year for year in years if known <= set(estimates.loc[estimates["mid_year"].eq(year), "district_code"])]
    if not whole:
        remedy = "give ONS mid-year estimates of all English districts by single year of age"
        raise InputFaults(
            [
                Fault(
                    "--population",
                    0,
                    "",
                    f"no file covers all {len(known)} districts of England before January {before}",
                    remedy,
                )
            ]
        )
    return whole[0]


def _read(path: Path) -> pd.DataFrame:
    """One file, its columns renamed and its numbers checked."""
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputFaults(
            [Fault(path.name, 0, "", "there is no such file", "check the path given with --population")]
        ) from error
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputFaults(
            [Fault(path.name, 0, "", "it is not a CSV file in UTF-8", "save it as CSV UTF-8 and try again")]
        ) from error
    if lacking := [column for column in COLUMNS if column not in table]:
        remedy = f"a population file has the columns {', '.join(COLUMNS)}"
        raise InputFaults([Fault(path.name, 1, column, "the column is missing", remedy) for column in lacking])
    faults, numbers = [], {}
    for column in COLUMNS[1:]:
        numbers[column] = pd.to_numeric(table[column], errors="coerce")
        wrong = numbers[column].isna() | (numbers[column] < 0)
        faults += [
            Fault(path.name, int(row) + 2, column, "it is no number of 0 or more", "write a number")
            for row in table.index[wrong][:25]
        ]
    if faults:
        raise InputFaults(faults)
    projected = any(mark in path.name.lower() for mark in _PROJECTION_MARKS)
    return pd.DataFrame({
        "mid_year": numbers["year"].astype(int),
        "variant": path.stem if projected else ESTIMATE,
        "district_code": table["lad_code"],
        "age": numbers["age"].astype(int),
        "people": numbers["population"].round().astype(int),
    })  # fmt: skip
