"""A school that opens late: the two registers, the two runs, pounds and miles, and what is said of them."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast import Settings, read_area, read_scenario
from forecast.decide.late import late
from forecast.decide.nearest import miles
from forecast.decide.postponed import OpenAlready, later, postponed
from forecast.decide.unit_prices import lists_over, whole_years
from forecast.errors import InputFaults
from forecast.places.costs import costs_of
from forecast.report.late_words import ALL_KINDS, ALL_YEARS, POUNDS, WITHOUT, late_notes, late_sentences, late_table
from forecast.report.phrases import count
from forecast.scenario.scenario import Scenario

YEARS = range(2025, 2031)
SETTINGS = Settings(draws=16, current_year=2025, horizon=5)


def schools(**changes):
    """A school that is open, one that grows, one that is planned, and one that is only assumed."""
    rows = pd.DataFrame({
        "school": ["Old Oak", "Elm", "Elm", "New Ash", "Assumed"],
        "provision": ["special", "special", "special", "base", "special"],
        "opens": ["", "2020-09", "2026-09", "2027-09", ""],
        "closes": "",
        "probability": [float("nan"), float("nan"), 0.8, 0.5, float("nan")],
        "assumed": [False, False, False, False, True],
    })  # fmt: skip
    return rows.assign(**changes)


@pytest.fixture(scope="module")
def area():
    return read_area("exampleshire")


@pytest.fixture(scope="module")
def planned(area):
    """Name of a special school that is planned, and its opening."""
    places = area.places
    ahead = places[(places["opens"] > f"{area.about.latest_census}-01") & places["provision"].eq("special")]
    largest = ahead.sort_values("places").iloc[-1]
    return SimpleNamespace(name=largest["school"], opens=largest["opens"])


@pytest.fixture(scope="module")
def a_year_late(area, planned):
    return late(area, planned.name.upper(), 12, SETTINGS, read_scenario("baseline"))


@given(month=st.dates(pd.Timestamp("2015-01-01").date(), pd.Timestamp("2060-01-01").date()), months=st.integers(0, 240))
def test_a_month_later_is_what_the_calendar_says(month, months):
    assert later(f"{month:%Y-%m}", months) == str(pd.Period(month, "M") + months)


def test_only_rows_of_the_school_that_open_ahead_move_and_they_open_for_certain_in_both():
    made = postponed(schools(), "elm", 18, YEARS)
    assert (made.school, made.kinds, made.opens, made.late_opens) == ("Elm", ("special",), "2026-09", "2028-03")
    assert made.on_time["opens"].tolist() == ["", "2020-09", "2026-09", "2027-09", ""]
    assert made.late["opens"].tolist() == ["", "2020-09", "2028-03", "2027-09", ""]
    for table in (made.on_time, made.late):
        assert table["probability"].tolist()[2:4] == [1.0, 0.5]
        assert table["delay"].isna().tolist() == [True, True, False, True, True]


@pytest.mark.parametrize(
    ("school", "months", "said"),
    [
        ("Old Oke", 12, r"no school called 'Old Oke'; did you mean 'Old Oak'\?"),
        ("Willow", 12, "no school called 'Willow'; choose from those that are planned: Elm; New Ash"),
        ("Assumed", 12, "no school called 'Assumed'"),
        ("Elm", 0, "0 months is not late; write 1 or more"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_the_remedy(school, months, said):
    with pytest.raises(InputFaults, match=said):
        postponed(schools(), school, months, YEARS)


def test_everything_wrong_with_the_question_is_said_at_once():
    with pytest.raises(InputFaults) as caught:
        postponed(schools(), "Willow", -3, YEARS)
    assert {fault.field for fault in caught.value.faults} == {"school", "months"}


def test_a_school_that_is_open_cannot_be_late_and_those_that_can_are_named():
    with pytest.raises(OpenAlready, match=r"Old Oak is open already.*planned: Elm; New Ash, or write its month"):
        postponed(schools(), "old oak", 12, YEARS)


def test_a_school_that_opens_after_the_forecast_ends_is_refused():
    with pytest.raises(InputFaults, match=r"New Ash opens in 2027-09, after the forecast ends in 2026/27"):
        postponed(schools(), "New Ash", 12, range(2025, 2028))


def test_an_area_that_lists_no_schools_says_what_to_add():
    with pytest.raises(InputFaults, match=r"lists no school of its own.*add the schools to places\.csv"):
        postponed(schools(assumed=True), "Elm", 12, YEARS)


def test_the_price_of_a_year_is_the_place_and_for_specialist_ones_the_journey_and_fees_grow(area):
    costs, years = costs_of(area), [2025, 2026, 2027]
    means = {"Ours": "special", "Theirs": "independent", "Plain": "mainstream", "Home": "elsewhere", "Odd": "own"}
    table = whole_years(lists_over(costs.table.assign(from_year=0), years, np.arange(40), (40, 7)), means, years)
    of = {code: costs.drawn("place", code, "all", 40, 7) for code in ("special", "independent", "mainstream")}
    journey, growth = costs.drawn("transport", "all", "all", 40, 7), costs.drawn("fee_growth", "all", "all", 40, 7)
    np.testing.assert_allclose(table.sel(provision="Ours", year=2027), of["special"] + journey)
    np.testing.assert_allclose(
        table.sel(provision="Theirs", year=2027), of["independent"] * (1 + growth) ** 2 + journey
    )
    np.testing.assert_allclose(table.sel(provision="Plain", year=2026), of["mainstream"])
    assert table.sel(provision=["Home", "Odd"]).isnull().all()


def test_a_price_that_a_scenario_sets_for_some_years_is_met_in_those_years_alone(area, planned):
    """In place of 25,000 or so, a million for the two years to January 2028."""
    lever = {"kind": "set_price", "from": "2026/27", "until": "2027/28", "item": "place", "provision": "special",
             "price": 1e6}  # fmt: skip
    dear = Scenario.model_validate({"name": "Dear", "why": "Made up.", "changes": [lever]})
    few = Settings(draws=4, current_year=2025, horizon=5)
    own, before = (late(area, planned.name, 12, few, each) for each in (dear, read_scenario("baseline")))
    special = [label for label, code in area.about.provisions.items() if code == "special"]
    journey = costs_of(area).drawn("transport", "special", "all", 4, 1)
    for year in own.price["year"].to_numpy():
        for label in special:
            now = own.price.sel(provision=label, year=year)
            was = before.price.sel(provision=label, year=year)
            np.testing.assert_allclose(now, 1e6 + journey if year in {2027, 2028} else was)
    assert set(own.prices["from_year"]) == {0, 2027, 2029}


def test_the_nearest_go_to_each_school_and_those_past_its_places_to_the_nearest_open_one():
    """Two districts, two schools of 5: A is 1 km and 4 km away, B is 3 km and 2 km. 7 and 6 children."""
    kilometres = np.array([[1.0, 3.0], [4.0, 2.0]])
    found = miles(np.array([[[7, 6]]]), np.array([[[5.0, 5.0]]]), kilometres)
    # 5 of the first at A; 5 of the second at B; then 2 of the first at A and 1 of the second at B besides.
    assert found.mean[0, 0] * 1.609344 == pytest.approx((5 * 1 + 5 * 2 + 2 * 1 + 1 * 2) / 13)
    assert found.share == 1


def test_children_of_a_school_whose_coordinates_are_not_known_are_left_out_and_told():
    kilometres = np.array([[2.0, np.nan]])
    found = miles(np.array([[[8]]]), np.array([[[6.0, 2.0]]]), kilometres)
    assert found.mean[0, 0] * 1.609344 == pytest.approx(2)
    assert found.share == 0.75


def test_where_no_school_is_open_there_are_no_miles():
    found = miles(np.array([[[8], [8]]]), np.array([[[0.0], [5.0]]]), np.array([[2.0]]))
    assert np.isnan(found.mean[0, 0])
    assert not np.isnan(found.mean[0, 1])


@given(
    children=st.lists(st.integers(0, 9), min_size=3, max_size=3),
    places=st.lists(st.integers(1, 9), min_size=2, max_size=2),
)
def test_nobody_travels_nearer_than_to_the_nearest_school_or_farther_than_to_the_farthest(children, places):
    kilometres = np.array([[1.0, 5.0], [2.0, 2.5], [7.0, 3.0]])
    found = miles(np.array([[children]]), np.array([[places]], dtype=float), kilometres).mean[0, 0] * 1.609344
    if sum(children):
        low, high = (np.average(edge(kilometres, axis=1), weights=children) for edge in (np.min, np.max))
        assert low - 1e-9 <= found <= high + 1e-9


def test_nothing_differs_before_the_school_would_have_opened(a_year_late, planned):
    before = a_year_late.more_without["year"].to_numpy() <= int(planned.opens[:4])
    assert before.any()
    assert (a_year_late.more_without[:, before] == 0).all()
    assert (a_year_late.went[:, before] == 0).all()


def test_opening_later_never_helps_on_average_and_two_years_are_worse_than_one(area, planned, a_year_late):
    two = late(area, planned.name, 24, SETTINGS, read_scenario("baseline"))
    for nearer, farther in (
        (0 * a_year_late.more_without, a_year_late.more_without),
        (a_year_late.more_without, two.more_without),
    ):
        more = farther - nearer
        assert more.sum("year").mean() > 0
        assert (more.mean("draw") >= -3 * more.std("draw") / np.sqrt(SETTINGS.draws)).all()


def test_on_time_is_the_same_whatever_the_delay_asked_about(area, planned, a_year_late):
    again = late(area, planned.name, 3, SETTINGS, read_scenario("baseline"))
    np.testing.assert_array_equal(again.on_time.queued.placed, a_year_late.on_time.queued.placed)


def test_pounds_are_the_children_who_are_elsewhere_times_what_their_places_cost(a_year_late):
    by_hand = 0.0
    for kind in a_year_late.about.provisions:
        price = a_year_late.price.sel(provision=kind).to_numpy()
        if not np.isnan(price).any():
            runs = [run.queued.placed.sel(provision=kind).sum(["district", "need", "band"]).to_numpy() for run in
                    (a_year_late.on_time, a_year_late.late)]  # fmt: skip
            by_hand += ((runs[1].astype(int) - runs[0]) * price).sum(axis=1).mean()
    table = late_table(a_year_late)
    row = table[table["measure"].eq(POUNDS) & table["provision"].eq(ALL_KINDS) & table["year"].eq(ALL_YEARS)]
    assert row["mean"].item() == pytest.approx(by_hand)


def test_kinds_of_place_without_a_price_are_blank_in_the_table_and_named_in_words(a_year_late):
    table = late_table(a_year_late).query("measure == @POUNDS")
    blank = table[table["mean"].isna()]["provision"]
    assert set(a_year_late.unpriced) <= set(blank)
    assert "elsewhere" in set(blank)
    told = " ".join(late_sentences(a_year_late))
    assert not a_year_late.unpriced or "No price is known of:" in told


def test_the_sentences_say_the_school_the_dates_the_children_the_pounds_the_miles_and_what_is_judgement(
    a_year_late, planned
):
    table = late_table(a_year_late)
    worst = table[table["measure"].eq(WITHOUT) & ~table["year"].eq(ALL_YEARS)].sort_values("mean").iloc[-1]
    said, judged = late_sentences(a_year_late), late_notes(a_year_late)[-1]
    first = said[0]
    assert first.startswith(f"If {planned.name} opens in ")
    assert f"{count(worst['p50'])} more children of Exampleshire (synthetic)" in first
    assert f"in {worst['academic_year']}, when it tells most" in first
    assert any("£" in line for line in said)
    assert any("miles" in line and "each way" in line for line in said)
    assert "judgement with no published figure" in judged


def test_without_outlines_or_coordinates_miles_are_left_out_and_the_reason_is_said(area, planned):
    small = Settings(draws=2, current_year=2025, horizon=3)
    no_map = late(replace(area, boundaries=None), planned.name, 12, small, read_scenario("baseline"))
    assert any(
        "Miles are left out: the area folder has no districts.geojson" in line for line in late_sentences(no_map)
    )
    nowhere = area.places.assign(lat=float("nan"), lon=float("nan"))
    unknown = late(replace(area, places=nowhere), planned.name, 12, small, read_scenario("baseline"))
    assert f"places.csv has no lat and lon for {planned.name}" in unknown.not_measured


def test_where_there_is_room_for_all_a_late_school_changes_nothing_and_that_is_said(area, planned):
    small = Settings(draws=2, current_year=2025, horizon=3)
    vast = area.places.assign(places=area.places["places"].where(area.places["opens"] > "2025-01", 90_000))
    made = late(replace(area, places=vast), planned.name, 12, small, read_scenario("baseline"))
    assert "nothing changes for children in Exampleshire (synthetic)" in late_sentences(made)[0]
    assert (made.went == 0).all()
