"""The worked scenarios as files: each asks its question, says what it rests on, and fits the areas that ship."""

import re
from functools import cache
from pathlib import Path

import pytest
from builders_worked import FIRST, county

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.model.shifts import VARIABLES
from forecast.scenario.levers import LEVERS
from forecast.scenario.scenario import read_scenario
from forecast.scenario.stack import read_scenarios
from forecast.scenario.worlds import SHIPPED

PAGE = Path(__file__).resolve().parents[1] / "docs" / "scenarios.md"
WORKED = sorted({path.stem for path in bundled("data", "scenarios").glob("*.yaml")} - set(SHIPPED.values()))
ANYWHERE = [name for name in WORKED if not name.startswith("exampleshire-")]
YEARS = range(2026, 2038)
JUDGED = re.compile(r"^(Judgement|Invented)\b")


@cache
def area(name):
    return read_area(name)


def kinds(names):
    return {change.kind for name in names for change in read_scenario(name).every_change}


def test_every_lever_has_a_worked_scenario_or_a_world():
    assert kinds([*WORKED, *SHIPPED.values()]) == set(LEVERS)
    assert len(WORKED) >= 10
    assert len({read_scenario(name).name.casefold() for name in WORKED}) == len(WORKED)


@pytest.mark.parametrize("name", WORKED)
def test_its_first_sentence_is_a_question_short_enough_for_a_list(name):
    first = re.split(r"(?<=[.?]) ", read_scenario(name).why)[0]
    assert first.endswith("?")
    assert len(first) <= 120


@pytest.mark.parametrize("name", WORKED)
def test_each_change_says_what_it_rests_on_and_who_should_replace_a_judgement(name):
    scenario = read_scenario(name)
    assert all(change.evidence for change in scenario.changes)
    assert scenario.changes or "judgement, to be replaced" in scenario.why
    for said in (said for change in scenario.changes for said in change.evidence):
        judged = bool(JUDGED.match(said.source))
        assert not (judged and said.supported)
        assert ("to be replaced by" in said.source) == judged


@pytest.mark.parametrize("where", ["worcestershire", "lancashire", "exampleshire"])
def test_what_names_no_district_or_school_fits_every_area(where):
    there = area(where)
    own = (
        set() if there.places["assumed"].all() else {"bases-92-per-cent-more"}
    )  # a multiple of places that are not listed
    for name in set(ANYWHERE) - own:
        assert read_scenario(name).faults(there.about, there.places, YEARS, ap=there.has_ap) == [], name


@pytest.mark.parametrize("name", [name for name in WORKED if name not in ANYWHERE])
def test_what_names_exampleshire_fits_it(name):
    there = area("exampleshire")
    assert read_scenario(name).faults(there.about, there.places, YEARS) == []


def test_the_page_tells_every_scenario_and_answers_the_ten_cases():
    page = PAGE.read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    assert told == set(WORKED)
    cases = dict(re.findall(r"^\| (\d+)\. [^|]+ \| (.+) \|$", page, re.MULTILINE))
    assert sorted(map(int, cases)) == list(range(1, 11))
    for answer in cases.values():
        named = {word for word in re.findall(r"`([a-z0-9-]+)`", answer) if " " not in word}
        assert named
        assert named <= set(WORKED)


def test_two_that_mean_different_things_stack_and_both_act():
    together = read_scenarios(["backlog-cleared", "rebalance-at-year-7"])
    drivers = county()[1]
    both = together.apply(drivers)
    assert (both["start_rate"].sel(year=FIRST) > drivers["start_rate"].sel(year=FIRST)).any()
    assert set(VARIABLES) <= set(both.data_vars)


@pytest.mark.parametrize(
    ("name", "low", "high"), [("rebalance-at-year-7", 0.1, 0.3), ("bring-home-and-reuse-fees", 0.1, 0.4)]
)
def test_as_shipped_futures_differ_about_as_much_as_the_range_says(name, low, high):
    shares = read_scenario(name).apply(county()[1])["shift_share"].isel(shift=0).sel(year=2030)
    assert float(shares.min()) < float(shares.max()), "nobody knows the share"
    width = high - low
    assert (shares > low - width).all()
    assert (shares < high + width).all()
