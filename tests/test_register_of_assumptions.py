"""The register: everything that a forecast rests on is in it, and what is only judgement is marked."""

import io
from dataclasses import replace

import pytest
from builders_compare import priced
from builders_tornado import FOUND, REBALANCE, SETTINGS, area, scenario

from forecast.decide.suppositions import USED_FOR
from forecast.inputs.assumptions import NEEDED, Assumption, read_assumptions
from forecast.inputs.bundled import bundled
from forecast.pipeline import forecast_area
from forecast.report.register_answer import flagged, register_sentences
from forecast.report.register_rows import COLUMNS, LATER, NO_DATE, OVERDUE, THIS_YEAR, due, register_of, registered
from forecast.report.register_show import register_sections
from forecast.report.sections import show_sections
from forecast.report.terminal import WIDTH, console
from forecast.scenario.scenario import Scenario, read_scenario

EXPAND = {"kind": "expand_bases", "from": "2027/28", "places": 40, "evidence": [FOUND]}


@pytest.fixture(scope="module")
def projection():
    return forecast_area(area(), scenario(REBALANCE, EXPAND), SETTINGS)


@pytest.fixture(scope="module")
def register(projection):
    return register_of(projection)


def test_it_holds_every_assumption_of_the_file_with_its_words_owner_and_day(register):
    rows = register[register["written_in"] == "assumptions.yaml"].set_index("name")
    for name, taken in read_assumptions(bundled("data", "assumptions.yaml")).items():
        row = rows.loc[name]
        assert row[["value", "low", "high"]].tolist() == [taken.value, taken.low, taken.high]
        assert row[["says", "source", "owner"]].tolist() == [taken.says, taken.source, taken.owner]
        assert row["review"] == str(taken.review)
        assert row["supported"] == taken.supported


def test_it_holds_every_price_that_the_forecast_was_made_with(projection, register):
    rows = register[register["written_in"] == "costs.csv"]
    assert len(rows) == len(projection.prices)
    for price in projection.prices.to_dict("records"):
        (row,) = rows[rows["name"] == f"{price['item']}: {price['provision']}"].to_dict("records")
        assert (row["value"], row["source"]) == (price["value"], price["source"])


def test_what_a_run_took_in_place_of_the_file_is_what_its_register_says(projection):
    other = {**projection.record["assumptions"], "ceiling": [0.2, 0.15, 0.3]}
    told = register_of(replace(projection, record={**projection.record, "assumptions": other})).set_index("name")
    assert told.loc["ceiling", ["value", "low", "high"]].tolist() == [0.2, 0.15, 0.3]


def test_settings_of_a_lever_have_its_evidence_and_those_that_it_leaves_to_the_program_are_judgement(register):
    rows = register[register["written_in"] == "scenario"].set_index("name")
    assert rows.loc["1 rebalance: share", "source"].startswith("Six schools tried it")
    assert rows.loc["1 rebalance: share", "supported"]
    assert rows.loc["2 expand_bases: places", "supported"]
    assert not rows.loc["2 expand_bases: fill", "supported"]
    assert "Default of this program" in rows.loc["2 expand_bases: fill", "source"]


def test_everything_is_of_one_form_and_every_row_says_where_it_comes_from_and_what_it_is_used_for(register):
    assert list(register.columns) == list(COLUMNS)
    assert not register[["name", "says", "unit", "source", "owner", "due", "used_for"]].eq("").any(axis=None)
    assert set(register["written_in"]) >= {"projects.csv", "overflow.csv", "travel.csv", "sizes.csv"}
    assert not register.duplicated(["written_in", "name"]).any()


def test_every_assumption_that_the_forecast_needs_says_what_it_is_used_for():
    assert set(USED_FOR) == set(NEEDED)


def test_judgement_is_flagged_and_what_is_measured_is_not(register):
    names = set(flagged(register)["name"])
    assert {"ceiling", "delay_months", "place: alternative", "2 expand_bases: fill"} <= names
    assert names.isdisjoint({"local_decay", "place: special", "1 rebalance: share"})
    said = register_sentences(register)
    assert f"behind {int((~register['supported']).sum())} of them" in said[0]


def test_an_assumption_that_says_nothing_of_its_support_has_none():
    assert not Assumption(says="", value=1, low=1, high=1, owner="", source="", review="2027-06-30").supported


@pytest.mark.parametrize(("year", "when"), [(2026, LATER), (2027, THIS_YEAR), (2028, OVERDUE)])
def test_a_day_to_look_again_is_overdue_once_its_school_year_has_passed(projection, year, when):
    later = replace(projection, settings=SETTINGS.model_copy(update={"current_year": year}))
    table = register_of(later).set_index("name")
    assert table.loc["ceiling", "due"] == when
    assert ("ceiling" in set(flagged(table.reset_index())["name"])) is True
    assert any("Overdue" in said for said in register_sentences(table.reset_index())) == (when == OVERDUE)


def test_the_first_day_of_a_school_year_is_in_it():
    days = read_assumptions(bundled("data", "assumptions.yaml"))["ceiling"].review
    assert due(days.replace(month=8, day=31), 2027) == THIS_YEAR
    assert due(days.replace(month=9, day=1), 2027) == LATER
    assert due(days.replace(year=2026, month=8, day=31), 2027) == OVERDUE
    assert due(None, 2027) == NO_DATE


def test_the_register_of_several_forecasts_has_each_assumption_once(projection, register):
    other = forecast_area(area(), scenario(REBALANCE), SETTINGS)
    both = register_of(projection, other)
    assert len(both) == len(register)
    assert len(register_of(projection, projection)) == len(register)


def test_a_forecast_without_a_record_has_a_register_of_what_ships():
    told = register_of(priced(record={}))
    assert "scenario" not in set(told["written_in"])
    assert len(told[told["written_in"] == "assumptions.yaml"]) == len(NEEDED)


def test_every_assumption_is_shown_under_its_file_and_long_files_only_if_asked(register):
    for all_files, left_out in ((True, set()), (False, {"projects.csv", "overflow.csv", "travel.csv", "ap.csv"})):
        screen = io.StringIO()
        *tables, about = register_sections(register, all_files=all_files)
        show_sections(tables, console(screen))
        shown = register[~register["written_in"].isin(left_out)]
        assert [each.heading for each in tables] == [
            f"{file} ({len(rows)})" for file, rows in shown.groupby("written_in", sort=False)
        ]
        assert sum(each.body.row_count for each in tables) == len(shown)
        assert {said.split(":")[0] for said in about.body[1:]} == left_out
        assert "\u2026" not in screen.getvalue()
        assert max(map(len, screen.getvalue().splitlines())) <= WIDTH


def test_a_line_of_an_assumption_says_its_value_its_range_what_it_rests_on_and_who_looks_after_it(register):
    row = register[register["name"].isin(["place: special", "empty: base", "size: one_phase"])]
    tables = {each.heading.split()[0]: each.body for each in register_sections(row, all_files=False)[:-1]}
    cells = {file: [[*column.cells] for column in table.columns] for file, table in tables.items()}
    assert [column[0] for column in cells["costs.csv"]][1:] == [
        "£24,500 a year", "£23,500 to £26,000 a year", "evidence", "-", "-",
    ]  # fmt: skip
    assert cells["costs.csv"][2][1] == "certain"
    assert [column[0] for column in cells["sizes.csv"]][1:3] == ["-", "138 to 164 places"]


def test_a_world_whose_path_has_years_is_registered_from_the_record_of_its_run():
    told = read_scenario("white-paper").model_dump(mode="json", by_alias=True)
    again = Scenario.model_validate(told)
    assert again.world == read_scenario("white-paper").world
    assert "pass_through" in set(registered(told, None, 2027)["name"])
