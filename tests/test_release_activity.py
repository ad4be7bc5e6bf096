"""Requests, decisions, moves and bands of age, in releases of a few rows."""

import pandas as pd
import pytest
from builders_release import KEYS, NOW, figure, la, long, plans, put, wide

from forecast.domain import ALL
from forecast.errors import InputFaults
from forecast.inputs.rows import grand_total
from forecast.inputs.sen2 import read_releases

EVERYONE = "All requests for EHC needs assessments"
BANDS = "time_period,time_identifier,geographic_level,old_la_code,la_name,region_name,new_la_code,characteristic_age"
BY_ACTIVITY = ["la_code", "year", "measure", "figure"]
MI = "InreqEHC,AssRefusedEHC,TotNoExcEHC,NoExc20weekEHC,MtosiEHC,SitomEHC"


def requests(*rows, header="requests_received_in_year,requests_decided_not_to_assess"):
    return [f"{KEYS},{header}", *rows]


def asked(period, *figures, topic=EVERYONE, breakdown=EVERYONE, code="885"):
    return la(period, topic, breakdown, *figures, code=code, kind="Calendar year")


def timeliness(*rows):
    return [f"{KEYS},plans_issued_den_ex,plans_issued_20_weeks_ex", *rows]


def of_place(year, *cells):
    return ",".join(
        map(str, [f"{year},Calendar year,Local authority,885,Worcestershire,West Midlands,E10000034", *cells])
    )


def by_age(column, *bands):
    """A file of bands of age, of one authority: (year, band, figure)."""
    return [f"{BANDS},{column}", *(of_place(*band) for band in bands)]


def measures(release):
    return release.activity.set_index(["year", "measure"])["figure"].to_dict()


def banded(release, kind, year):
    rows = release.bands[release.bands["kind"].eq(kind) & release.bands["year"].eq(year)]
    return {(row.age_from, row.age_to): row.children for row in rows.itertuples()}


def said(folder):
    with pytest.raises(InputFaults) as caught:
        read_releases([folder])
    assert all(fault.remedy for fault in caught.value.faults)
    return str(caught.value)


def test_requests_belong_to_the_january_that_ends_their_calendar_year(tmp_path):
    found = read_releases([put(tmp_path, wide(), requests=requests(asked(2024, 30, 9)))])
    assert list(found.activity.columns) == BY_ACTIVITY
    assert found.activity.to_numpy().tolist() == [["885", 2025, "refused", 9.0], ["885", 2025, "requests", 30.0]]


def test_the_earlier_layout_has_all_measures_in_one_file(tmp_path):
    header = BANDS.replace("characteristic_age", MI)
    found = read_releases([put(tmp_path, long(), sen2_mi=[header, of_place(2021, 30, 9, 20, '"1,012"', 3, 2)])])
    assert measures(found) == {
        (2022, "requests"): 30, (2022, "refused"): 9, (2022, "issued"): 20, (2022, "issued_in_20_weeks"): 1012,
        (2022, "moved_to_special"): 3, (2022, "moved_to_mainstream"): 2,
    }  # fmt: skip


@pytest.mark.parametrize("mark", ["x", "z", ""])
def test_what_is_no_figure_gives_no_row_of_activity(tmp_path, mark):
    found = read_releases([put(tmp_path, wide(), requests=requests(asked(2024, 30, mark)))])
    assert measures(found) == {(2025, "requests"): 30}


def test_nothing_is_a_figure(tmp_path):
    found = read_releases([put(tmp_path, wide(), requests=requests(asked(2024, 30, 0)))])
    assert measures(found)[2025, "refused"] == 0


def test_children_of_one_age_or_sex_are_not_counted_again(tmp_path):
    rows = asked(2024, 30, 9), asked(2024, 12, 3, topic="Sex", breakdown="Male"), asked(2024, 5, 1, topic=NOW)
    found = read_releases([put(tmp_path, wide(), requests=requests(*rows))])
    assert measures(found) == {(2025, "requests"): 30, (2025, "refused"): 9}


def test_plans_issued_in_time_are_read_where_the_folder_has_them(tmp_path):
    whole = "All new EHC plans"
    rows = timeliness(asked(2024, 18, 7, topic=whole, breakdown=whole))
    found = read_releases([put(tmp_path, wide(), timeliness_20_week=rows)])
    assert measures(found) == {(2025, "issued"): 18, (2025, "issued_in_20_weeks"): 7}


def test_a_folder_without_those_files_has_no_such_rows_and_still_has_its_plans(tmp_path):
    found = read_releases([put(tmp_path, long())])
    assert plans(found) == {2020: 90}
    assert found.activity.empty
    assert list(found.activity.columns) == BY_ACTIVITY
    assert found.bands.empty
    assert list(found.bands.columns) == ["la_code", "year", "kind", "age_from", "age_to", "children"]
    kinds = {name: str(kind) for name, kind in found.bands.dtypes.items()}
    assert kinds == {"la_code": "str", "year": "int64", "kind": "str"} | dict.fromkeys(
        ["age_from", "age_to"], "int64"
    ) | {"children": "float64"}


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_releases_the_later_ones_requests_stand(tmp_path, turned):
    earlier = put(tmp_path / "a", wide(2024), requests=requests(asked(2022, 20, 5), asked(2023, 25, 6)))
    later = put(tmp_path / "b", wide(2025), requests=requests(asked(2023, 26, 6), asked(2024, 30, 9)))
    found = measures(read_releases([later, earlier] if turned else [earlier, later]))
    assert [found[year, "requests"] for year in (2023, 2024, 2025)] == [20, 26, 30]


def test_every_column_that_a_file_of_activity_lacks_is_named(tmp_path):
    text = said(put(tmp_path, wide(), requests=requests(asked(2024, 30, 9), header="received,refused")))
    assert "requests.csv, row 1, requests_received_in_year: the column is missing" in text
    assert "requests.csv, row 1, requests_decided_not_to_assess: the column is missing" in text


def test_a_file_of_activity_without_a_row_about_every_child_is_a_fault(tmp_path):
    text = said(put(tmp_path, wide(), requests=requests(asked(2024, 30, 9, breakdown="Male"))))
    assert "requests.csv, breakdown: no row is about every child" in text


@pytest.mark.parametrize("name", ["caseload", "newplans", "ceased_plans", "sen_needs_all_plans", "sen_need_newplans"])
def test_a_file_that_does_not_say_whom_its_rows_are_about_is_a_fault(tmp_path, name):
    files = wide()
    files[name][0] = files[name][0].replace("breakdown_topic,breakdown", "topic,kind")
    text = said(put(tmp_path, files))
    assert f"{name}.csv, row 1, breakdown_topic: the column is missing" in text
    assert f"{name}.csv, row 1, breakdown: the column is missing" in text


def test_published_bands_are_plans_at_january_and_starts_of_the_year_before(tmp_path):
    stock = by_age("Total_all", (2020, "Under 5", 4), (2020, "Age 20 to 25", 6), (2020, "Total", 90))
    starts = by_age("Total_new_all", (2019, "Age 5 to 10", 12), (2019, "Total", 12))
    found = read_releases([put(tmp_path, long(), sen2_age_caseload=stock, sen2_age_new_plans=starts)])
    assert banded(found, "plans", 2020) == {(0, 4): 4, (20, 25): 6}
    assert banded(found, "starts", 2020) == {(5, 10): 12}
    assert len(found.bands) == 3


def test_a_band_that_was_not_applicable_yet_has_no_row(tmp_path):
    stock = by_age("Total_all", (2020, "Age 16 to 19", 90), (2020, "Age 20 to 25", "z"), (2020, "Total", 90))
    assert banded(read_releases([put(tmp_path, long(), sen2_age_caseload=stock)]), "plans", 2020) == {(16, 19): 90}


def test_a_band_that_is_not_known_is_a_fault_that_says_which_are(tmp_path):
    text = said(put(tmp_path, long(), sen2_age_caseload=by_age("Total_all", (2020, "Age 5 to 11", 4))))
    assert "'Age 5 to 11' is not known; the bands are Total, Under 5, Age 5 to 10" in text


def of_ages(**figures):
    """The later layout, its plans at ages: the total, then `under_3`, `age_4`, `x` for none published."""
    files = wide()
    files["sen_needs_all_plans"] = [line.replace(",885,", ",886,") for line in files["sen_needs_all_plans"]]
    rows = {name.replace("_", " "): n for name, n in figures.items()}
    files["caseload"][1:] = [
        la("202425", "All EHC plans", "All EHC plans", rows.pop("total"), *"xxxxx"),
        *(la("202425", NOW, age, n, *"xxxxx") for age, n in rows.items()),
    ]
    return files


def test_single_ages_are_summed_to_the_bands_and_an_age_that_is_not_there_is_nobody(tmp_path):
    ages = {"under 3": 1, "age 3": 2, "age 4": 3, "age 5": 4, "age 10": 5, "age 19": 6, "age 20": 7, "age 25": 8}
    found = read_releases([put(tmp_path, of_ages(total=36, **ages))])
    assert banded(found, "plans", 2025) == {(0, 4): 6, (5, 10): 9, (11, 15): 0, (16, 19): 6, (20, 25): 15}


def test_ages_that_do_not_add_up_to_the_plans_are_no_bands(tmp_path):
    """The authority's age 5 is not published; England's is, and it has its bands."""
    files = of_ages(total=36, age_4=30, age_5="x")
    files["caseload"] += [
        la("202425", topic, age, n, *"xxxxx", code="").replace("Local authority", "National")
        for topic, age, n in (("All EHC plans", "All EHC plans", 36), (NOW, "age 4", 30), (NOW, "age 5", 6))
    ]
    found = read_releases([put(tmp_path, files)]).bands
    of_plans = found[found["kind"].eq("plans") & found["la_code"].ne("886")]
    assert set(of_plans["la_code"]) == {"ENG"}
    assert of_plans["children"].tolist() == [30, 6, 0, 0, 0]


def test_an_age_that_reaches_over_two_bands_is_in_neither(tmp_path):
    """In the small release those of 17 and over cannot be told apart, so there are no bands."""
    assert banded(read_releases([put(tmp_path, wide())]), "plans", 2025) == {}


def test_no_starts_in_a_year_without_ages_are_no_bands(tmp_path):
    files = long()
    files["sen2_estab_new_plans"][1] = of_place(2019, "Total", "Total", 0)
    assert read_releases([put(tmp_path, files)]).bands.empty
    later = put(tmp_path / "later", wide())
    assert banded(read_releases([tmp_path, later]), "starts", 2020) == {}


def test_starts_are_in_the_band_of_their_birthday_not_of_the_january_after(tmp_path):
    """A start at 4 by need is a child of Year 1, and age 5, at the next January."""
    assert banded(read_releases([put(tmp_path, wide())]), "starts", 2025) == {
        (0, 4): 20, (5, 10): 0, (11, 15): 0, (16, 19): 0, (20, 25): 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("counted", "taken", "elsewhere"), [(97, 97, 7), (90, 90, None), (88, 90, None), ("z", 90, None)]
)
def test_children_whom_the_establishments_leave_out_are_elsewhere(tmp_path, counted, taken, elsewhere):
    """As in January 2018, when establishments lacked those who were not in education."""
    stock = by_age("Total_all", (2020, "Total", counted))
    rows = read_releases([put(tmp_path, long(), sen2_age_caseload=stock)]).placements
    assert figure(rows[grand_total(rows)], la_code="885") == [taken]
    assert figure(rows, provision="elsewhere") == ([] if elsewhere is None else [elsewhere])
    assert figure(rows, provision="special") == [40]


def test_children_left_out_join_those_already_elsewhere(tmp_path):
    files = long()
    files["sen2_estab_caseload"] += [of_place(2020, "other_arrangements_la", "Educated elsewhere", 5)]
    stock = by_age("Total_all", (2020, "Total", 97))
    rows = read_releases([put(tmp_path, files, sen2_age_caseload=stock)]).placements
    assert figure(rows, provision="elsewhere") == [12]
    assert figure(rows, provision=ALL) == [97]


def test_a_release_with_more_files_has_another_digest(tmp_path):
    without = read_releases([put(tmp_path / "a", wide())]).digest
    assert without != read_releases([put(tmp_path / "b", wide(), requests=requests(asked(2024, 30, 9)))]).digest


def test_numbers_are_numbers_where_one_folder_lacks_the_files(tmp_path):
    having = put(tmp_path / "a", wide(), requests=requests(asked(2024, 30, 9)))
    found = read_releases([having, put(tmp_path / "b", long())])
    assert pd.api.types.is_float_dtype(found.activity["figure"])
    assert pd.api.types.is_integer_dtype(found.activity["year"])
    assert pd.api.types.is_integer_dtype(found.bands["age_from"])
