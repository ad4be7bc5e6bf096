"""Records of alternative provision as councils write them: what is counted of each, and what is said."""

from datetime import date

import numpy as np
import openpyxl
import pytest
from builders import put
from builders_ap_records import HEADINGS, SEEN, SINCE, TODAY, as_csv, counts_area, put_csv, row, simulated

from forecast.inputs.area import read_area
from forecast.records.ap.counted import Given, read_stays

WHOLE = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN))


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    return read_area(put(counts_area(), tmp_path_factory.mktemp("area"))).about


def counts_of(about, folder, rows, given=WHOLE):
    return read_stays([put_csv(folder, rows)], about, given)


def test_a_part_of_a_year_says_how_many_months_were_seen(about, tmp_path):
    rows = [row(n, start=f"2022-{n:02d}-15", end=f"2022-{n:02d}-28") for n in range(1, 12)]
    counts = counts_of(about, tmp_path, rows, Given(TODAY, np.datetime64("2022-02-10"), np.datetime64("2022-11-20")))
    table = counts.tables["ap_arrivals"]
    assert table.groupby("year")[["months", "children"]].agg({"months": "max", "children": "sum"}).to_dict("list") == {
        "months": [6, 2],
        "children": [6, 2],
    }
    told = "\n".join(counts.said)
    assert "2 children came in months that are covered in part" in told
    assert "2021/22 (6 months), 2022/23 (2 months)" in told
    assert "1 stay ended before February 2022: not counted." in told


def test_a_child_moves_up_a_key_stage_while_a_stay_goes_on(about, tmp_path):
    rows = [row(1, start="2022-05-02", end="2022-12-16", year_group="9")]
    counts = counts_of(about, tmp_path, rows)
    rolls = counts.tables["ap_rolls"]
    there = rolls[rolls["key_stage"].ne("all") & rolls["children"].gt(0) & rolls["year"].isin([2022, 2023])]
    assert there.groupby("key_stage")["month"].apply(set).to_dict() == {"ks3": {5, 6, 7, 8}, "ks4": {9, 10, 11, 12}}


@pytest.mark.parametrize(("birth", "stage"), [("2008-08-31", "ks4"), ("2008-09-01", "ks3")])
def test_a_date_of_birth_gives_the_year_group_at_31_august(about, tmp_path, birth, stage):
    """At 31 August 2022 the one is 14, so in Year 10; the other, a day younger, is 13, so in Year 9."""
    rows = [{**row(1, start="2022-10-03", end="2022-11-01"), "dob": birth}]
    path = put_csv(tmp_path, rows, (*HEADINGS, "dob"))
    assert read_stays([path], about, WHOLE).tables["ap_arrivals"]["key_stage"].tolist() == [stage]


def test_a_child_in_two_places_is_one_child_with_a_full_week(about, tmp_path):
    rows = [
        row(1, "2022-01-03", "2022-03-31", registration="dual main", days="3"),
        row(1, "2022-02-01", "2022-05-31", registration="dual subsidiary", days="4", setting="tuition"),
    ]
    tables = counts_of(about, tmp_path, rows).tables
    rolls = tables["ap_rolls"]
    by_month = rolls[rolls["district"].eq("North") & rolls["year"].eq(2022) & rolls["children"].gt(0)]
    found = by_month.set_index("month")[["setting", "children", "sessions"]].to_dict("index")
    school, elsewhere = {"setting": "ap_school", "children": 1}, {"setting": "la_funded", "children": 1}
    assert found == {
        1: {**school, "sessions": 6},
        2: {**school, "sessions": 10},
        3: {**school, "sessions": 10},
        4: {**elsewhere, "sessions": 8},
        5: {**elsewhere, "sessions": 8},
    }
    stays = tables["ap_stays"].set_index("setting")["days_from"].to_dict()
    assert stays == {"ap_school": 84, "la_funded": 56}  # 88 days, and the 61 of April and May


def test_a_stay_within_the_childs_main_one_is_half_days_and_no_arrival(about, tmp_path):
    rows = [
        row(1, "2022-01-03", "2022-03-31", registration="dual main", days="2"),
        row(1, "2022-02-01", "2022-02-28", registration="none", days="1", setting="tuition"),
    ]
    counts = counts_of(about, tmp_path, rows)
    assert counts.tables["ap_arrivals"]["children"].sum() == 1
    assert "1 stay runs wholly beside a child's main one" in "\n".join(counts.said)
    rolls = counts.tables["ap_rolls"]
    assert rolls[rolls["district"].eq("North") & rolls["month"].eq(2)]["sessions"].max() == 6


def test_outreach_takes_no_place(about, tmp_path):
    rows = [row(1, "2022-01-03", "2022-03-31", tier="tier 1"), row(2, "2022-01-03", "2022-03-31", tier="tier 2")]
    tables = counts_of(about, tmp_path, rows).tables
    assert sorted(tables["ap_arrivals"]["tier"]) == ["outreach", "short"]
    assert tables["ap_rolls"]["children"].max() == 1


def test_a_workbook_says_what_a_csv_file_says(about, tmp_path):
    rows = [row(n, f"2022-0{n}-03", f"2022-0{n + 1}-20", days=n / 2) for n in range(1, 9)]
    book = openpyxl.Workbook()
    book.active.append(["Placements of the year"])
    book.active.append([heading.upper() for heading in HEADINGS])
    for each in rows:
        days = {name: date.fromisoformat(each[name]) for name in ("start", "end")}
        book.active.append([{**each, **days, "year group": 9}[heading] for heading in HEADINGS])
    book.save(tmp_path / "placements.xlsx")
    one = counts_of(about, tmp_path, rows).tables
    other = read_stays([tmp_path / "placements.xlsx"], about, WHOLE).tables
    assert all(one[name].equals(other[name]) for name in one)


def test_two_files_are_read_as_one(about, tmp_path):
    rows, _ = simulated(seed=3, a_year=40)
    halves = [put_csv(tmp_path, rows[at::2], name=f"part-{at}.csv") for at in (0, 1)]
    parts, whole = read_stays(halves, about, WHOLE), counts_of(about, tmp_path, rows)
    assert all(whole.tables[name].equals(parts.tables[name]) for name in whole.tables)


def test_without_a_word_from_the_user_the_window_is_that_of_the_stays(about, tmp_path):
    rows = [row(1, "2021-03-01", "2021-10-13"), row(2, "2022-02-21", "2022-03-16"), row(3, "2022-01-10", "")]
    counts = counts_of(about, tmp_path, rows, Given(TODAY))
    assert (counts.window.first_month, counts.window.last_month) == (626, 629)  # November 2021 to February 2022
    told = "\n".join(counts.said)
    assert "complete from November 2021 to March 2022: 2021/22 (4 months)" in told
    assert "2021-" not in told
    assert "say it with --since" in told
    assert "say with --seen" in told


def test_files_of_stays_that_only_began_later_are_told_as_such(about, tmp_path):
    rows = [row(n, "2020-09-07", "2021-05-07") for n in range(1, 9)]
    assert "the first rolls are too low" in "\n".join(counts_of(about, tmp_path, rows).said)
    before = [*rows, row(9, "2019-09-09", "2021-02-01")]
    assert "too low" not in "\n".join(counts_of(about, tmp_path, before).said)


def test_what_is_written_is_what_a_spreadsheet_reads(about, tmp_path):
    text = as_csv([row(1)]).replace(",", ";")
    (tmp_path / "placements.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_stays([tmp_path / "placements.csv"], about, WHOLE).tables["ap_arrivals"]["children"].sum() == 1
