"""Counts of alternative provision where districts become units, and what a check says of them."""

import numpy as np
import pandas as pd
import pytest
from builders import as_csv, read, small_area
from builders_ap_files import FIGURES, GOOD, ROLLS, STAYS
from builders_districts import about, squares, tables

from forecast.inputs.regroup import regroup
from forecast.inputs.schemas import TABLES, file_columns
from forecast.inputs.write import write_area
from forecast.report.checks_ap import NOTHING, ap_counted


def ap_of_districts():
    """Counts by district of Fourshire: rolls with sessions, arrivals, exclusions, and stays of the whole."""
    names = ("Ash", "Birch", "Cedar", "Dove")
    by = [
        (2025, 1, name, "ap_school", "without", "all", "ks4", 3 + at, 20 + at, f"Count of {name}")
        for at, name in enumerate(names)
    ]
    came = [
        (2025, 12, name, "ap_school", "medical", "ks3", "short", "without", 2 * at, "Count")
        for at, name in enumerate(names)
    ]
    out = [(2025, 12, name, "all", 1 + at, 10 * at, "Count") for at, name in enumerate(names)]
    rows = {"ap_rolls": by, "ap_arrivals": came, "exclusions": out, "ap_stays": STAYS, "ap": FIGURES}
    return {name: pd.DataFrame(each, columns=file_columns(TABLES[name])) for name, each in rows.items()}


@pytest.fixture
def fourshire(tmp_path):
    return write_area(tmp_path / "fourshire", about(), {**tables(), **ap_of_districts()}, squares())


def regrouped(area, folder, unit=""):
    units = folder / "map.csv"
    units.write_bytes(as_csv([["district", "unit"], ["Ash", "N"], ["Birch", "N"], ["Cedar", "S"], ["Dove", "S"]]))
    made = regroup(area, units, unit)
    return write_area(folder / "new", made.about, made.tables, made.boundaries)


def test_counts_of_districts_that_become_one_are_added_up(fourshire, tmp_path):
    new = regrouped(fourshire, tmp_path)
    rolls = new.ap_rolls.set_index("district")
    assert rolls["children"].to_dict() == {"N": 3 + 4, "S": 5 + 6}
    assert rolls["sessions"].to_dict() == {"N": 20 + 21, "S": 22 + 23}
    assert rolls.loc["S", "source"] == "Count of Cedar; Count of Dove"
    assert new.ap_arrivals.set_index("district")["children"].to_dict() == {"N": 2, "S": 4 + 6}
    assert new.exclusions.set_index("district")[["permanent", "suspensions"]].to_numpy().tolist() == [[3, 10], [7, 50]]
    assert new.ap_stays.equals(fourshire.ap_stays)
    assert new.ap.equals(fourshire.ap)


def test_exclusions_of_which_neither_count_is_known_once_added_up_have_no_row(tmp_path):
    known = ap_of_districts()
    known["exclusions"] = known["exclusions"].assign(
        permanent=[np.nan, 3.0, np.nan, 4.0], suspensions=[5.0, np.nan, 20.0, 30.0]
    )
    area = write_area(tmp_path / "fourshire", about(), {**tables(), **known}, squares())
    (left,) = regrouped(area, tmp_path).exclusions.itertuples()
    assert (left.district, left.suspensions) == ("S", 50)
    assert np.isnan(left.permanent)


def test_a_part_of_an_area_keeps_its_own_children_and_the_whole_s_stays(fourshire, tmp_path):
    new = regrouped(fourshire, tmp_path, "S")
    assert new.ap_rolls["district"].tolist() == ["Cedar", "Dove"]
    assert new.ap_arrivals["children"].sum() == 4 + 6
    assert new.ap_stays.equals(fourshire.ap_stays)
    assert "How long children stay in alternative provision is counted in Fourshire as a whole." in new.about.notes


def test_a_suppressed_count_is_no_part_of_a_sum(tmp_path):
    own = ap_of_districts()
    hidden = own["ap_rolls"].assign(children=[float("nan"), 4, 5, 6], sessions=[float("nan"), 21, 22, 23])
    area = write_area(tmp_path / "one", about(), {**tables(), **own, "ap_rolls": hidden}, squares())
    rolls = regrouped(area, tmp_path).ap_rolls.set_index("district")["children"]
    assert np.isnan(rolls["N"])
    assert rolls["S"] == 11


def test_a_check_says_what_is_counted_and_when_last():
    said = ap_counted(read(GOOD))
    assert "last counted in January 2025, 60 children; 40 children without a plan." in said[0]
    assert said[1] == "Arrivals: 2023/24 to 2024/25 (only a part of 2024/25), 42 children; 39 without a plan."
    assert said[2] == "Exclusions: 2023/24 to 2024/25 (only a part of 2024/25)."
    assert said[-1] == "Stays by length: 8 ended, 4 going on."
    assert ap_counted(read(small_area())) == (NOTHING,)


def test_a_check_of_counts_by_district_adds_them_up_and_says_at_least_where_some_are_hidden():
    counted = as_csv(
        [file_columns(TABLES["ap_rolls"]), ROLLS[5], (*ROLLS[5][:2], "South", *ROLLS[5][3:7], "", "", "Count")]
    )
    (said,) = ap_counted(read({**small_area(), "ap_rolls.csv": counted}))
    assert said.endswith("last counted in January 2025, at least 12 children; at least 12 children without a plan.")
