"""What the page "What if?" offers of every lever, and what it writes of each."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from forecast.domain import academic_year
from forecast.errors import InputFaults
from forecast.inputs.area import bundled_areas, read_area
from forecast.inputs.bundled import bundled
from forecast.scenario.lever_names import NAMES
from forecast.scenario.levers import LEVERS
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.scenario_file import written_change
from forecast.scenario.unfit import known
from forecast.scenario.worlds import SHIPPED
from forecast.views.what_if_beside import tried
from forecast.views.what_if_controls import central, with_range, with_value
from forecast.views.what_if_evidence import IN_PART, JUDGEMENT, NOTHING, SUPPORTED, standing
from forecast.views.what_if_fields import FIELDS, Sort, control_of, more_of, most_of, when_and_whom
from forecast.views.what_if_lever import first_setting
from forecast.views.what_if_levers import FROM_A_FILE, OFFERED, QUICK, does, fields_of, helps, main_of
from forecast.views.what_if_question import named_faults
from forecast.views.what_if_reach import OF_A_SCHOOL, Reach
from forecast.views.what_if_state import Draft, Sheet, _without

FILE_ONLY = {"path", "last", "yields"}
"""Fields that a file alone can say: paths, and tables within a lever."""
SHIPS = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))
SHARES = st.integers(0, 100).map(lambda number: number / 100)


@pytest.fixture(scope="module")
def reaches():
    areas = {name: read_area(name) for name in bundled_areas()}
    return {
        name: (area, Reach(area.about, known(area.about, area.places), tuple(range(2026, 2038)), 2027, area.places))
        for name, area in areas.items()
    }


def scenario(*changes, **rest):
    return Scenario.model_validate({"name": "x", "why": "y", "changes": list(changes)} | rest)


def test_every_lever_there_is_stands_on_the_page():
    assert OFFERED.keys() | FROM_A_FILE.keys() == LEVERS.keys() == NAMES.keys()
    assert len({*NAMES.values()}) == len(NAMES)
    assert not OFFERED.keys() & FROM_A_FILE.keys()
    assert QUICK.keys() <= OFFERED.keys()


@pytest.mark.parametrize("kind", LEVERS)
def test_every_field_of_a_lever_has_a_control_a_place_and_its_own_words_of_help(kind):
    placed = [*main_of(kind), *when_and_whom(kind), *more_of(kind)]
    assert sorted(placed) == sorted(set(fields_of(kind)) - {"kind", "from", "evidence"})
    assert len(does(kind)) > 20
    for name in placed:
        assert helps(kind, name), name
        assert (control_of(kind, name).sort is Sort.NONE) is (name in FILE_ONLY), name
    assert control_of(kind, "from").sort is Sort.YEAR


def test_labels_are_words_and_every_field_that_has_one_is_a_field_of_some_lever():
    fields = {name for kind in LEVERS for name in fields_of(kind)}
    assert FIELDS.keys() <= fields
    assert all(" " in control.label or control.label.isalpha() for control in FIELDS.values())


@pytest.mark.parametrize("name", bundled_areas())
def test_a_lever_that_is_added_fits_the_area_and_begins_with_the_next_school_year(reaches, name):
    area, reach = reaches[name]
    for kind, offered in OFFERED.items():
        if not reach.offers(kind):
            assert kind in OF_A_SCHOOL
            assert name != "exampleshire"
            continue
        written = first_setting(kind, offered.start, reach)
        made = scenario(written)
        assert made.changes[0].from_year == (2028 if kind != "delay_school" or name != "exampleshire" else 2027), kind
        assert not made.changes[0].evidence
        assert not made.faults(area.about, area.places, reach.years), kind


@pytest.mark.parametrize("stem", SHIPS)
def test_a_scenario_that_ships_is_the_same_when_it_has_been_laid_out_and_saved(stem):
    read = read_scenario(stem)
    drafts = tuple(Draft(number, written_change(change)) for number, change in enumerate(read.every_change))
    text = Sheet(1, "x", "y", drafts=drafts).text
    assert "&" not in text.replace("&amp;", "") or "*" not in text
    again = Scenario.model_validate(yaml.safe_load(text))
    assert again.changes == read.every_change
    json.dumps([draft.written for draft in drafts])


def every_lever(folder, stems, given=()):
    """A page of levers and nothing else: those given, or one of each and those of the scenarios that ship."""
    import streamlit as st  # noqa: PLC0415 - a script of its own

    from forecast.inputs.area import read_area  # noqa: PLC0415 - as above
    from forecast.scenario.scenario import read_scenario  # noqa: PLC0415 - as above
    from forecast.scenario.scenario_file import written_change  # noqa: PLC0415 - as above
    from forecast.scenario.unfit import known  # noqa: PLC0415 - as above
    from forecast.views.what_if_lever import first_setting  # noqa: PLC0415 - as above
    from forecast.views.what_if_levers import OFFERED  # noqa: PLC0415 - as above
    from forecast.views.what_if_question import question  # noqa: PLC0415 - as above
    from forecast.views.what_if_reach import Reach  # noqa: PLC0415 - as above
    from forecast.views.what_if_state import begin  # noqa: PLC0415 - as above

    area = read_area(folder)
    reach = Reach(area.about, known(area.about, area.places), tuple(range(2026, 2038)), 2027, area.places)
    if "given" not in st.session_state:
        written = [first_setting(kind, offered.start, reach) for kind, offered in OFFERED.items()]
        written += [written_change(change) for stem in stems for change in read_scenario(stem).every_change]
        st.session_state["given"] = written = list(given) or written
        begin("trend", *written)
    st.session_state["after"] = question(reach, "trend", {}, read_scenario, print)


OURS = [stem for stem in SHIPS if stem.startswith("exampleshire")]
"""Of those that ship, the ones with schools and districts of one area, which another has not."""


@pytest.mark.parametrize(("name", "stems"), [("exampleshire", OURS), ("worcestershire", SHIPS)])
def test_a_lever_that_nobody_moves_stays_what_it_is_to_the_last_digit(name, stems):
    app = AppTest.from_function(every_lever, default_timeout=60, args=(name, stems)).run()
    assert not app.exception
    first = [dict(draft.written) for draft in app.session_state["after"].drafts]
    assert first == app.session_state["given"]
    again = [dict(draft.written) for draft in app.run().session_state["after"].drafts]
    assert again == first
    assert not app.exception
    controls = [part for kind in ("slider", "selectbox", "multiselect", "number_input") for part in app.get(kind)]
    assert all(part.label.strip() for part in controls)


def test_a_world_and_how_much_of_it_reaches_the_area_are_saved():
    sheet = Sheet(1, "x", "y", world="white-paper", pass_through={"value": 0.6, "low": 0.4, "high": 0.8})
    read = Scenario.model_validate(yaml.safe_load(sheet.text))
    assert read.world.defines == "white-paper"
    assert (read.pass_through.low, read.pass_through.value, read.pass_through.high) == (0.4, 0.6, 0.8)


@given(value=SHARES, below=SHARES, above=SHARES, to=SHARES)
def test_a_setting_that_is_moved_keeps_its_range_and_never_leaves_nothing_to_all(value, below, above, to):
    moved = with_value(with_range(value, below, above, 1.0), to, 1.0)
    assert central(moved) == to
    if isinstance(moved, dict):
        assert 0 <= moved["low"] <= moved["value"] <= moved["high"] <= 1
        assert moved["high"] - to <= above + 1e-9
        assert to - moved["low"] <= below + 1e-9
    scenario({"kind": "rebalance", "from": "2027/28", "share": moved, "support": 0})


@pytest.mark.parametrize("kind", OFFERED)
def test_every_setting_that_a_file_may_give_a_range_may_be_given_one_on_the_page_and_no_other(reaches, kind):
    _, reach = reaches["exampleshire"]
    written = first_setting(kind, OFFERED[kind].start, reach)
    for name in fields_of(kind):
        most = most_of(kind, name)
        wide = {"value": 1, "low": 0, "high": 1} if most is None else {"value": most / 2, "low": 0, "high": most}
        if most is None:
            with pytest.raises(ValidationError):
                scenario(written | {name: wide})
        else:
            scenario(written | {"outreach_cost": 1, name: wide} if kind == "hub_and_spoke" else written | {name: wide})
            with pytest.raises(ValidationError):
                scenario(written | {name: wide | {"high": most * 1.01}})


def test_families_whose_number_is_not_certain_keep_their_range_when_it_is_moved_and_may_be_given_another():
    people = {"value": 100, "low": 60, "high": 150}
    given = {"kind": "families_move_in", "from": "2027/28", "people": people, "age_from": 0, "age_to": 17}
    app = AppTest.from_function(every_lever, default_timeout=60, args=("exampleshire", [], [given])).run()

    def held():
        return app.session_state["after"].drafts[0].written

    def part(ending):
        return next(each for each in app.number_input if str(each.key).endswith(ending))

    assert not any("has a range" in text.value for text in app.markdown)
    part(" people").set_value(200).run()
    assert held()["people"] == {"value": 200, "low": 160, "high": 250}
    part(" people range lower").set_value(100).run()
    assert held()["people"] == {"value": 200, "low": 100, "high": 250}
    part(" plan_factor range higher").set_value(0.5).run()
    assert held()["plan_factor"] == {"value": 1, "low": 1, "high": 1.5}
    assert scenario(held()).changes[0].plan_factor.high == 1.5


def test_a_setting_without_a_range_is_a_bare_number():
    assert with_range(0.2, 0, 0, 1.0) == 0.2
    assert with_range(0.2, 0.1, 0.3, 1.0) == {"value": 0.2, "low": 0.1, "high": 0.5}
    assert with_value({"value": 0.2, "low": 0.1, "high": 0.5}, None, 1.0) is None


def test_what_a_lever_rests_on_is_told_by_shape_and_word():
    held, judged = {"supported": True}, {"supported": False}
    assert [standing(each) for each in ([], [judged], [held, judged], [{}, held])] == [
        NOTHING,
        JUDGEMENT,
        IN_PART,
        SUPPORTED,
    ]
    assert len({each[0] for each in (NOTHING, JUDGEMENT, IN_PART, SUPPORTED)}) == 4


def test_a_claim_stays_with_its_lever_when_another_is_taken_out():
    claims = [{"says": "a", "change": 1}, {"says": "b", "change": 2}, {"says": "c", "change": 3}, {"says": "d"}]
    assert [_without(claim, 2) for claim in claims] == [claims[0], {"says": "b"}, {"says": "c", "change": 2}, claims[3]]


def test_faults_name_the_lever_as_the_page_does(reaches):
    area, reach = reaches["worcestershire"]
    wrong = {"kind": "scale_starts", "from": "2027/28", "factor": 0.9, "district": "Malvern Hill"}
    fine = first_setting("rebalance", OFFERED["rebalance"].start, reach)
    faults = InputFaults(scenario(fine, wrong).faults(area.about, area.places, reach.years))
    [told] = named_faults(faults, Sheet(1, drafts=(Draft(1, fine), Draft(2, wrong))))
    assert told.startswith("Lever 2, More or fewer new plans: the area has no district called 'Malvern Hill'")
    assert told.endswith("did you mean 'Malvern Hills'.")


def test_what_others_may_have_tried_is_the_levers_own_setting(reaches):
    area, _ = reaches["worcestershire"]
    about = area.about
    lever = {"kind": "rebalance", "share": {"value": 0.2, "low": 0.1, "high": 0.3}, "ramp": [0.5, 1]}
    assert tried(lever, about, 500) == (0.2, 2, None)
    assert tried({"kind": "expand_bases", "places": 125}, about, 500) == (1.25, 1, None)
    assert tried({"kind": "shift_placement", "share": 0.1, "instead_of": ["base"]}, about, 500) == (0.1, 1, "base")
    assert tried({"kind": "close_school"}, about, 500) == (1.0, 1, None)


def test_outreach_takes_its_own_years_to_act_and_not_those_in_which_the_hub_fills(reaches):
    about = reaches["worcestershire"][0].about
    hub = {"kind": "hub_and_spoke", "outreach": 0.3, "ramp": [0.25, 0.5, 0.75, 1]}
    assert tried(hub, about, 500) == (0.3, 1, None)
    assert tried(hub | {"outreach_ramp": [0.5, 1]}, about, 500) == (0.3, 2, None)


def test_worlds_are_no_scenarios_to_start_from_and_years_are_written_as_school_years(reaches):
    assert set(SHIPPED.values()) <= set(SHIPS)
    assert first_setting("review_plans", {}, reaches["worcestershire"][1])["until"] == academic_year(2028)
