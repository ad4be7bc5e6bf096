"""The tables that ship are what the published files give, made again as data/reference/README.md says."""

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from conftest import SHARED

from forecast.inputs.ons import by_authority, districts, read_population
from forecast.inputs.reference import read_people, read_units

pytestmark = pytest.mark.needs_shared_data

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "reference"
SPLIT = {
    "940": ["Corby", "East Northamptonshire", "Kettering", "Wellingborough"],
    "941": ["Daventry", "Northampton", "South Northamptonshire"],
    "942": ["Allerdale", "Carlisle", "Copeland"],
    "943": ["Barrow-in-Furness", "Eden", "South Lakeland"],
}
BANDS = {
    "Under 5": (0, 4),
    "Age 5 to 10": (5, 10),
    "Age 11 to 15": (11, 15),
    "Age 16 to 19": (16, 19),
    "Age 20 to 25": (20, 25),
}
ESTIMATES = next((SHARED / "population").glob("ons_mye_*.csv"), Path())


def text(name):
    return pd.read_csv(SHARED / name, dtype=str, encoding="utf-8-sig", keep_default_na=False)


def rows(table):
    return table.to_csv(index=False, lineterminator="\n").encode()


def shipped(name):
    return (SHIPPED / name).read_bytes()


def numbers_of_the_sheet(workbook):
    """Whole numbers of a workbook's first sheet as texts: a row each, a column each letter."""
    with zipfile.ZipFile(workbook) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    cells = re.findall(r'<c r="([A-Z]+)([0-9]+)"(?![^>]*t="s")[^>]*><v>([0-9]+)</v>', sheet)
    return pd.DataFrame(cells, columns=["column", "row", "number"]).pivot(
        index="row", columns="column", values="number"
    )


def test_residents_are_those_of_the_districts_that_each_authority_has_now():
    hierarchy = text("lookups/la_lad_hierarchy.csv").set_index("lad_code")["old_la_code"].to_dict()
    today = districts().set_index("district_code")["la_code"].to_dict()
    split = {name: code for code, names in SPLIT.items() for name in names}
    table = pd.read_csv(ESTIMATES, dtype={"lad_code": str}).query("age <= 24")
    of_district = {
        code: today.get(code) or split.get(name) or hierarchy[code]
        for code, name in zip(table["lad_code"], table["lad_name"], strict=True)
    }
    made = table.assign(la_code=table["lad_code"].map(of_district)).rename(
        columns={"year": "mid_year", "population": "people"}
    )
    made = made.groupby(["la_code", "mid_year", "age"], as_index=False)["people"].sum()
    assert rows(made) == shipped("population_by_authority.csv")
    assert len(shipped("population_by_authority.csv")) < 500_000


def test_residents_of_2023_are_those_that_the_programs_own_reading_gives():
    theirs = by_authority(read_population([ESTIMATES]), 2023)
    mine = read_people().query("mid_year == 2023").pivot(index="la_code", columns="age", values="people")
    pd.testing.assert_frame_equal(mine, theirs)


def test_every_resident_of_england_is_in_some_authority():
    table = pd.read_csv(ESTIMATES, dtype={"lad_code": str}).query("age <= 24 and lad_code.str.startswith('E')")
    mine = read_people().groupby("mid_year")["people"].sum()
    assert mine.to_dict() == table.groupby("year")["population"].sum().to_dict()


def test_neighbours_are_those_of_the_departments_sheet():
    sheet = numbers_of_the_sheet(SHARED / "lookups" / "sn_may_2025.xlsx")
    now = sheet[sheet["A"].isin(set(districts()["la_code"]))].sort_values("A")
    made = [(row["A"], rank, row[chr(ord("D") + 2 * rank)]) for _, row in now.iterrows() for rank in range(1, 11)]
    assert rows(pd.DataFrame(made, columns=["la_code", "rank", "neighbour"])) == shipped("neighbours.csv")


def test_plans_by_age_are_the_dashboards_of_january_2023():
    table = text("send_ap_dashboard/ehcp_ageprofile.csv")
    table = table[table["time_period"].eq("2023") & table["geographic_level"].eq("Local authority")]
    figures = pd.to_numeric(table["num_caseload"], errors="coerce")
    ages = [BANDS[label] for label in table["characteristic_age"]]
    first, last = zip(*ages, strict=True)
    made = pd.DataFrame({
        "la_code": table["old_la_code"], "year": 2023, "age_from": first, "age_to": last, "children": figures,
    }).dropna()  # fmt: skip
    made = made.astype({"children": int}).sort_values(["la_code", "age_from"])
    assert rows(made) == shipped("plans_by_age_2023.csv")


def test_the_reorganised_are_the_authorities_that_came_or_went_between_two_releases():
    table = text("sen2_2022/sen2_estab_caseload.csv")
    later = text("sen2_2025/caseload.csv")
    years = pd.concat(
        [
            table[["old_la_code", "time_period"]],
            later[["old_la_code"]].assign(time_period=later["time_period"].str[:4].astype(int).add(1).astype(str)),
        ]
    ).query("old_la_code != ''")
    counted = years.groupby("old_la_code")["time_period"].nunique()
    assert set(read_units()) == set(counted.index[counted < 16])
