"""What is said of a size: the answer first, the world and the caution on the sheet, nobody called short unduly."""

import re
from dataclasses import replace

import pytest
from builders_size import EXAMPLETON, MALVERN, answered, exampleton, futures, malvern
from test_words import CALLED_SHORT

from forecast.decide.replayed import replayed
from forecast.report import size_tables as tables
from forecast.report.money import less_or_more, pounds, pounds_in_brief
from forecast.report.phrases import MARKING
from forecast.report.size_reasons import rests_on, stage_reasons
from forecast.report.size_sheet import facts, sheet
from forecast.report.size_show import parts, replay_part
from forecast.report.size_words import ages_words, answer, month, title

BOTH = pytest.mark.parametrize("made", [malvern, exampleton])
DECIMAL = re.compile(r"\d\.\d(?! million|\d*m\b)")


def words(sized):
    told = [*answer(sized), *(sentence for _, sentences, _ in parts(sized) for sentence in sentences)]
    return "\n".join([*told, *rests_on(sized)])


def cells(sized):
    return [str(cell) for _, _, table in parts(sized) for cell in table.to_numpy().ravel()]


def test_the_title_is_the_question():
    asked = "A state special school for autistic spectrum disorder in Malvern Hills from September 2027"
    assert title(malvern().case) == asked


@BOTH
def test_the_answer_says_the_size_and_the_world_it_holds_in(made):
    sized = made()
    first, second, third = answer(sized)
    assert first.startswith("If the trend continues, a state special school")
    assert "too few for a special school of its own" in second
    assert "In 2032/33, if the trend continues, " in third
    for size in (sized.stages.firm, sized.stages.second):
        assert not size or f"{size} places" in first


def test_a_published_district_is_told_as_the_countys_rate_and_nobody_is_called_short():
    said = words(malvern())
    assert "the county's rate applied to this district's children" in said
    assert "more of Worcestershire's children" in said
    assert CALLED_SHORT.findall("\n".join(answer(malvern()))) == []


def test_listed_places_tell_of_children_without_one_and_whom_the_school_could_relieve():
    said = words(exampleton())
    assert "are expected to be without such a place" in said
    assert "at the most it could relieve about" in said


@BOTH
def test_no_cell_shows_a_small_number_of_children_or_a_decimal_of_one(made):
    assert [cell for cell in cells(made()) if DECIMAL.search(cell)] == []
    shown = tables.by_year(made())
    numbers = [int(cell.replace(",", "")) for cell in shown["Expected"] if cell.replace(",", "").isdigit()]
    assert all(number == 0 or number >= 5 for number in numbers)


@BOTH
def test_figures_of_far_years_name_their_world(made):
    worlds = tables.by_year(made())["World"]
    assert worlds["2029/30"] == ""
    assert worlds["2030/31"] == worlds["2036/37"] == "trend"


@BOTH
def test_the_sheet_says_the_size_the_world_the_level_of_caution_and_when_to_look_again(made):
    sized = made()
    said = facts(sized)
    assert said["First stage"] == f"{sized.stages.firm} places"
    assert '"trend"' in said["World"]
    assert "P50" in said["Level of caution"]
    assert "P80" in said["Level of caution"]
    assert str(sized.second.look) in said["Look again"]
    page = sheet(sized, None)
    assert page.startswith("<!doctype html>")
    assert 'lang="en"' in page
    assert not re.search(r"(src|href)=", page)
    assert MARKING not in page


def test_a_council_s_own_sheet_is_marked():
    sized = exampleton()
    about = sized.case.projection.about.model_copy(update={"synthetic": False})
    own = replace(sized, case=replace(sized.case, projection=replace(sized.case.projection, about=about)))
    assert MARKING in sheet(own, None).replace("&#x27;", "'")


def test_names_that_look_like_markup_stay_words():
    sized = malvern()
    about = sized.case.projection.about.model_copy(update={"name": "<img src=x>"})
    own = replace(sized, case=replace(sized.case, projection=replace(sized.case.projection, about=about)))
    assert "<img" not in sheet(own, None)


def test_shares_of_children_elsewhere_are_told_with_their_ranges():
    said = "\n".join(rests_on(answered("exampleshire", EXAMPLETON, need_based=True)))
    assert "50.0% is taken, with 8 chances in 10 from 30.0% to 70.0%" in said
    assert "3.0% is taken" in said
    assert "--need-based adds them" in "\n".join(rests_on(exampleton()))


def test_the_second_stage_has_a_sign_and_a_january():
    sized = exampleton()
    said = stage_reasons(sized)
    assert said[0].startswith(f"In January {sized.second.look} ")
    assert "first when the count of January 2027 is in" in said[1]


def test_a_size_asked_about_is_told_how_full_it_would_be():
    sized = answered("worcestershire", MALVERN.model_copy(update={"places": 60}))
    assert "a school of 60 places would be full with" in answer(sized)[-1]


def test_a_replay_is_a_part_with_its_own_table():
    name, sentences, table = replay_part(replayed(futures("worcestershire").area, malvern().case, 2019), malvern())
    assert name == "Replay from January 2019"
    assert "1,836 came" in " ".join(sentences)
    assert not table.empty


@pytest.mark.parametrize(
    ("sum_of_money", "said"),
    [(0, "£0"), (120, "under £1,000"), (-46_300, "£46,000"), (999_700, "£1.0 million"), (12_345_678, "£12.3 million")],
)
def test_sums_of_money_are_rounded_to_be_read_aloud(sum_of_money, said):
    assert pounds(sum_of_money) == said


def test_savings_have_a_direction():
    assert less_or_more(5_000) == "£5,000 less"
    assert less_or_more(-5_000) == "£5,000 more"
    assert [pounds_in_brief(each) for each in (-2e6, 46_400, 3e-12)] == ["-£2.0m", "£46k", "£0"]


def test_months_and_year_groups_are_words():
    assert month("2027-09") == "September 2027"
    assert ages_words(-1, 14) == "nursery to Year 14"
    assert ages_words(-4, -4) == "age 0"
    assert ages_words(0, 6) == "Reception to Year 6"
