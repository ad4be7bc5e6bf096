"""How many short-stay places: alternative provision sized by key stage, for children with a plan, without, or both."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from builders_ap_forecast import counted_with_ap
from builders_size import futures

from forecast.decide.ask import Ask, asked
from forecast.decide.kinds import NAMES, SHORT_STAY
from forecast.decide.size import sized as size_of
from forecast.decide.stages import Stages
from forecast.decide.wanted import group, wanted, without_a_plan
from forecast.decide.without_plan import counted
from forecast.domain import KEY_STAGES, WITHOUT_PLAN, KeyStage
from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.places.costs import costs_of
from forecast.places.shortage import shortage
from forecast.report.size_ap_words import only_with_plan
from forecast.report.size_basis import rests_on
from forecast.report.size_sheet import sheet
from forecast.report.size_show import parts
from forecast.report.size_words import answer, title

AREA, LAST = "lancashire", 2037
KS3 = {"nc_from": 7, "nc_to": 9}
OPENS = {"opens": "2027-09", "provision": "alternative"}


def ask(*needs, **said):
    return Ask(needs=needs, **(OPENS | said)).checked_against(read_area(AREA).about, LAST, without_plan=True)


def key_stage_3():
    return sized(WITHOUT_PLAN, **KS3)


@cache
def sized(*needs, **said):
    made = futures(AREA)
    return size_of(made, ask(*needs, **said))


def whole(written):
    """All that is said of a size, as a person reads it."""
    said = [title(written.case), *answer(written), *rests_on(written)]
    for name, sentences, table in parts(written):
        said += [name, *sentences, *map(str, table.index), *map(str, table.columns)]
    return " ".join(said)


@pytest.mark.parametrize("stage", KeyStage)
def test_a_key_stage_is_asked_for_by_its_name(stage):
    about = read_area(AREA).about
    found = asked(about, LAST, 2027, stage.value.upper(), without_plan=True, **OPENS)
    assert found.span == (KEY_STAGES[stage][0], KEY_STAGES[stage][-1])


def test_with_and_without_a_plan_together_are_everybody():
    about = read_area(AREA).about
    assert ask("With a plan", "without a plan").needs == ()
    assert ask("with a plan").needs == tuple(about.needs)
    assert ask(" Without a Plan ").needs == (WITHOUT_PLAN,)


def test_where_nobody_without_a_plan_is_counted_the_question_says_what_to_add():
    about = read_area(AREA).about
    with pytest.raises(InputFaults, match=r"nothing is known here of children without a plan.*ap_rolls\.csv"):
        Ask(needs=("without a plan",), **OPENS).checked_against(about, LAST)


def test_no_child_without_a_plan_can_be_asked_for_in_a_special_school():
    with pytest.raises(InputFaults, match=r"counted in alternative provision only.*--provision alternative"):
        ask("without a plan", provision="special")


def test_an_area_counts_them_where_its_folder_says_so():
    assert counted(read_area(AREA))
    area = read_area(AREA)
    assert not counted(replace(area, ap_rolls=area.ap_rolls.iloc[:0], ap_arrivals=area.ap_arrivals.iloc[:0]))


def test_places_for_a_key_stage_without_a_plan_are_its_fullest_month_more_than_now():
    """A key stage is whole bands, so that nothing of it is shared out: the fullest month itself, future by future."""
    projection = futures(AREA).projection
    ap = projection.ap
    there = ap.peak.sel(setting="ap_school", key_stage="ks3") + ap.hosted.sel(key_stage="ks3")
    peak = there.sum("district").transpose("draw", "year")
    more = np.maximum(peak.to_numpy() - peak.to_numpy()[:, :1], 0)
    np.testing.assert_array_equal(key_stage_3().case.wanted, more)
    row = key_stage_3().children(2032)
    assert row["p80"] == pytest.approx(np.quantile(more[:, 2032 - 2025], 0.8))


def test_key_stages_add_up_to_all_ages_before_any_is_cut_at_nothing():
    projection = futures(AREA).projection
    every = group(projection, ask("without a plan", nc_from=0, nc_to=14))
    parts_of = [group(projection, ask("without a plan", nc_from=y[0], nc_to=y[-1])) for y in KEY_STAGES.values()]
    np.testing.assert_array_equal(every, sum(parts_of))
    fullest = (projection.ap.peak.sel(setting="ap_school") + projection.ap.hosted).sum(["district", "key_stage"])
    np.testing.assert_array_equal(every.transpose("draw", "year"), fullest.transpose("draw", "year"))


def test_everybody_is_those_with_a_plan_and_those_without_and_nobody_twice():
    projection = futures(AREA).projection
    parts_of = [group(projection, ask(words)) for words in ("with a plan", "without a plan")]
    np.testing.assert_array_equal(group(projection, ask()), sum(parts_of))
    plans = projection.demand.sel(provision="alternative").sum(["district", "need"])
    assert (parts_of[0] <= plans.sum("phase")).all()


def test_where_places_are_listed_the_short_are_parted_pro_rata():
    found = counted_with_ap()
    found = replace(found, short=shortage(found.claims, found.register))
    question = Ask(**OPENS, nc_from=-4, nc_to=20)
    named = {words: question.model_copy(update={"needs": needs}) for words, needs in
             {"both": (), "with": tuple(found.about.needs), "without": (WITHOUT_PLAN,)}.items()}  # fmt: skip
    short = {words: wanted(found, each) for words, each in named.items()}
    np.testing.assert_allclose(short["both"], short["with"] + short["without"], rtol=1e-5, atol=1e-3)
    claims = {words: group(found, each) for words, each in named.items()}
    share = claims["without"] / claims["both"]
    np.testing.assert_allclose(short["without"], short["both"] * share, rtol=1e-3, atol=1e-2)
    mean = claims["without"].mean("draw") / claims["both"].mean("draw")
    np.testing.assert_allclose(without_a_plan(found, named["both"]), mean)


def test_a_place_too_few_costs_what_those_are_who_go_without():
    costs = costs_of(read_area(AREA))
    elsewhere, independent = costs.cost("ap_elsewhere", "alternative").value, costs.cost("place", "independent").value
    draws = {words: sized(words, **KS3).case.prices.independent.mean() for words in ("with a plan", "without a plan")}
    both = sized(**KS3).case
    assert draws["without a plan"] == pytest.approx(elsewhere, rel=0.25)
    assert draws["with a plan"] == pytest.approx(independent, rel=0.15)
    share = both.setting.without_plan
    assert 0 < share < 1
    mixed = share * draws["without a plan"] + (1 - share) * draws["with a plan"]
    assert both.prices.independent.mean() == pytest.approx(mixed)


def test_short_stay_places_are_a_project_of_their_own_kind():
    case = key_stage_3().case
    assert case.kind == SHORT_STAY
    assert set(key_stage_3().alternatives["project"]) == {NAMES[SHORT_STAY], NAMES["expansion"], "do nothing"}
    assert case.years[case.ready] - case.ask.january == 1


def test_policy_worlds_change_no_child_without_a_plan():
    made = futures(AREA)
    peaks = [world.ap.peak.to_numpy() for world in made.worlds.values()]
    assert len(peaks) > 1
    for peak in peaks[1:]:
        np.testing.assert_array_equal(peak, peaks[0])
    assert "children without one are as many in each" in whole(key_stage_3())


def test_the_words_are_of_places_and_never_of_a_special_or_independent_school():
    said = whole(key_stage_3())
    assert title(key_stage_3().case) == (
        "Places in alternative provision for children without a plan (Year 7 to Year 9) in Lancashire from "
        "September 2027"
    )
    for wrong in ("special school", "independent school", "independent placements", "a school of", "new school"):
        assert wrong not in said.split("Every figure after")[0].replace("Non-maintained special schools", ""), wrong


def test_what_is_kept_free_and_what_now_rests_on_are_said():
    said = whole(key_stage_3())
    assert "itself a forecast from January 2023" in said
    assert "children with a plan are counted at the January census" in said
    assert "What alternative provision elsewhere costs is judgement: £30,000 a full-time year" in said
    largest = next(one for one in (key_stage_3(), sized(WITHOUT_PLAN), sized()) if one.stages.both)
    with_free = int(np.ceil(largest.stages.both * (1 + largest.case.projection.ap.headroom) - 1e-9))
    assert f"it would be {with_free} places rather than {largest.stages.both}." in whole(largest)


def test_those_with_a_plan_alone_are_priced_and_told_as_before():
    only = sized("with a plan")
    assert only.case.setting.without_plan == 0
    assert "for children with a plan in Lancashire" in title(only.case)
    assert "independent placements" in whole(only)
    assert "kept free" not in " ".join(answer(only))


def test_the_sheet_is_a_page_that_names_whose_places_they_are():
    page = sheet(key_stage_3(), None)
    assert page.count("<h1>") == 1
    assert "for children without a plan" in page
    assert page.count("Year 7 to Year 9") == 4
    assert "nan" not in page.lower().replace("finance", "")


def test_where_nobody_without_a_plan_is_counted_a_size_says_that_they_are_missing():
    missing = "ap_rolls.csv or ap_arrivals.csv"
    case = sized("with a plan").case
    unknown = replace(case, projection=replace(case.projection, ap=None))
    [said] = only_with_plan(unknown)
    assert "children with a plan only" in said
    assert missing in said
    assert only_with_plan(case) == []
    assert only_with_plan(replace(unknown, ask=ask(provision="special"))) == []
    assert said in answer(replace(sized("with a plan"), case=unknown))


def test_where_the_middle_future_needs_none_the_answer_says_so_before_it_keeps_room():
    made = key_stage_3()
    table = made.by_year.assign(p50=0.0, p80=44.0)
    none = replace(made, by_year=table, stages=Stages(0, 48))
    first = answer(none)[0]
    assert first.index("in the middle future no more are needed") < first.index("Keep room for 48 places")
    assert "middle" not in answer(replace(none, by_year=table.assign(p50=7.0)))[0]
    assert ": 0 places" not in " ".join(answer(none))
