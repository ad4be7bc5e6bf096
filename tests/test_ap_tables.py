"""Files of alternative provision in an area's folder: what they hold, and what is said of one that is wrong."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from builders import as_csv, faults, put, read, same, small_area, with_cell
from builders_ap_files import GOOD, OWN, told

from forecast.inputs.area import read_area
from forecast.inputs.schemas import TABLES, file_columns
from forecast.inputs.schemas_ap import AP_TABLES
from forecast.inputs.write import write_area
from forecast.report.checks_ap import NOTHING, ap_counted

SPOILS = (
    b"",
    b"2",
    b"0",
    b"all",
    b"-1",
    b"1e9",
    b"=1",
    b"\xff",
    b"\r\n",
    b";",
    b'"',
    b"\xc2\xa0",
    b"nan",
    b"99999999999",
)


def test_each_file_reads_row_for_row():
    area = read(GOOD)
    for name, rows in OWN.items():
        table = area.tables[name]
        assert list(table.columns) == file_columns(TABLES[name])
        assert len(table) == len(rows)
        for read_row, row in zip(table.itertuples(index=False), rows, strict=True):
            for found, given in zip(read_row, row, strict=True):
                assert pd.isna(found) if given == "" else found in {given, {"yes": True, "no": False}.get(given)}


def test_a_blank_count_is_not_nobody():
    area = read(GOOD)
    assert np.isnan(area.ap_rolls["children"].iloc[-1])
    assert np.isnan(area.exclusions["permanent"].iloc[-1])
    nobody = read(with_cell(GOOD, "ap_rolls.csv", 8, "children", "0"))
    assert nobody.ap_rolls["children"].iloc[-1] == 0


def test_an_area_without_these_files_has_their_columns_and_no_rows():
    area = read(small_area())
    for name in (*AP_TABLES, "ap"):
        assert area.tables[name].empty
        assert list(area.tables[name].columns) == file_columns(TABLES[name])


def test_what_is_written_reads_back_the_same(tmp_path):
    area = read_area(put(GOOD, tmp_path / "one"))
    again = write_area(tmp_path / "two", area.about, area.tables, area.boundaries)
    assert same(area, again)
    assert (tmp_path / "two" / "ap_rolls.csv").exists()


@pytest.mark.parametrize(
    ("file", "row", "column", "cell", "parts"),
    [
        ("ap_rolls", 2, "setting", "pru", ("no setting is called 'pru'", "choose from", "ap_school")),
        ("ap_rolls", 2, "setting", "all", ("no setting is called 'all'",)),
        ("ap_rolls", 2, "plan", "withot", ("no plan is called 'withot'", "did you mean 'without'?")),
        ("ap_rolls", 5, "key_stage", "KS3", ("no key stage is called 'KS3'", "did you mean 'ks3'?")),
        ("ap_rolls", 7, "district", "Nroth", ("no district is called 'Nroth'", "did you mean 'North'?")),
        ("ap_rolls", 2, "month", "13", ("row 2, month: '13' is out of range", "1 to 12")),
        ("ap_rolls", 2, "children", "c", ("row 2, children: 'c' is not a whole number", "blank")),
        ("ap_rolls", 2, "children", "-1", ("row 2, children: '-1' is out of range",)),
        ("ap_rolls", 7, "sessions", "121", ("row 7, sessions: is more than ten half-days a child",)),
        ("ap_rolls", 2, "source", "", ("row 2, source: is blank",)),
        ("ap_rolls", 7, "year", "2052", ("2052 is more than 2 years after the latest census, 2025",)),
        (
            "ap_rolls",
            5,
            "key_stage",
            "ks4",
            ("has the same year, month, district, setting, plan, reason, key_stage as",),
        ),
        ("ap_arrivals", 2, "reason", "excluded", ("no reason is called 'excluded'", "time_limited, medical")),
        ("ap_arrivals", 2, "reason", "all", ("no reason is called 'all'",)),
        ("ap_arrivals", 2, "district", "all", ("no district is called 'all'",)),
        ("ap_arrivals", 2, "tier", "2", ("no tier is called '2'", "outreach, short, transition")),
        ("ap_arrivals", 2, "months", "0", ("row 2, months: '0' is out of range", "1 to 12")),
        ("ap_arrivals", 4, "months", "8", ("row 4, months: 2025 has 7 months in an earlier row",)),
        ("ap_arrivals", 2, "children", "", ("row 2, children: is blank", "0 or more")),
        ("ap_stays", 3, "days_to", "7", ("row 3, days_to: is not after days_from",)),
        ("ap_stays", 3, "returned", "6", ("row 3, returned: is more than ended",)),
        ("ap_stays", 2, "days_to", "8", ("row 3, days_from: begins before the band below it ends",)),
        ("ap_stays", 2, "days_to", "", ("row 3, days_from: begins before the band below it ends",)),
        ("exclusions", 2, "permanent", "many", ("'many' is not a whole number",)),
        ("exclusions", 3, "year", "2024", ("row 3, months: 2024 has 12 months in an earlier row",)),
        ("exclusions", 3, "suspensions", "", ("row 3, permanent: is blank, and so is suspensions", "take out the row")),
        ("ap", 2, "unit", "day", ("row 2, unit: no AP unit is called 'day'", "did you mean 'days'?")),
        ("ap", 2, "item", "stay", ("no AP item is called 'stay'", "did you mean 'stay_days'?")),
        ("ap", 2, "unit", "share", ("row 2, unit: does not go with item",)),
        ("ap", 2, "low", "91", ("row 2, value: is not from low to high",)),
        ("ap", 2, "low", "0", ("row 2, low: is 0, which no stay or multiple is",)),
        ("ap", 3, "high", "1.1", ("row 3, high: is a share of more than 1",)),
        ("ap", 3, "value", "0.2", ("row 3, value: reason_share of ap_school adds up to 1.1",)),
        ("ap", 3, "reason", "all", ("row 3, reason: reason_share of ap_school does not have each reason once",)),
    ],
)
def test_a_row_that_is_wrong_is_named_once_with_what_to_write(file, row, column, cell, parts):
    (fault,) = told(file, with_cell(GOOD, f"{file}.csv", row, column, cell))
    assert fault.file == f"{file}.csv"
    assert [part for part in parts if part not in str(fault)] == []


def test_every_wrong_row_of_a_file_is_told_at_once():
    files = with_cell(GOOD, "ap_rolls.csv", 2, "setting", "pru")
    files = with_cell(files, "ap_rolls.csv", 7, "month", "x")
    files = with_cell(files, "ap_stays.csv", 2, "ended", "-1")
    assert {(fault.file, fault.row) for fault in faults(files)} == {
        ("ap_rolls.csv", 2),
        ("ap_rolls.csv", 7),
        ("ap_stays.csv", 2),
    }


def test_a_run_is_another_once_a_count_of_alternative_provision_is(tmp_path):
    one = read_area(put(GOOD, tmp_path / "one"))
    other = read_area(put(with_cell(GOOD, "ap_arrivals.csv", 2, "children", "31"), tmp_path / "other"))
    assert one.digest != other.digest
    assert replace(one, digest="", folder=None).about == other.about


@pytest.mark.parametrize("name", OWN)
def test_a_spoilt_file_is_read_or_refused_with_words_and_nothing_else(name):
    rng = np.random.default_rng(7)
    good = GOOD[f"{name}.csv"]
    refused = 0
    for _ in range(30):
        at = np.sort(rng.integers(0, len(good), 2))
        spoilt = good[: at[0]] + SPOILS[rng.integers(len(SPOILS))] + good[at[1] if rng.random() < 0.3 else at[0] + 1 :]
        found = told(name, {f"{name}.csv": spoilt})
        refused += bool(found)
        assert all(fault.file == f"{name}.csv" and fault.what and fault.remedy and fault.row >= 0 for fault in found)
    assert refused > 5


def test_a_file_with_a_header_alone_says_nothing_and_is_no_fault():
    empty = {f"{name}.csv": as_csv([file_columns(TABLES[name])]) for name in OWN}
    area = read({**small_area(), **empty})
    assert all(area.tables[name].empty for name in OWN)
    assert ap_counted(area) == (NOTHING,)
