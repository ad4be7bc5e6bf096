"""What is said of a size: the answer first, the world and the caution on the sheet, nobody called short unduly."""

import re
from dataclasses import replace

import pytest
from builders_size import EXAMPLETON, MALVERN, answered, exampleton, futures, malvern
from test_words import CALLED_SHORT

from forecast.decide.replayed import replayed, too_small_in_past
from forecast.report import size_tables as tables
from forecast.report.money import less_or_more, pounds, pounds_in_brief
from forecast.report.phrases import MARKING
from forecast.report.size_basis import rests_on
from forecast.report.size_reasons import stage_reasons
from forecast.report.size_sheet import facts, sheet
from forecast.report.size_show import parts, prices_part, replay_part
from forecast.report.size_words import ages_words, answer, month, school_kind, title
from forecast.report.size_worked import HEADING

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
    first, second, third, *_ = answer(sized)
    assert first.startswith("If the trend continues, a state special school")
    assert "too few for a special school of its own" in second
    assert "In 2032/33, if the trend continues, " in third
    assert sized.stages.second
    assert f"calls for {sized.stages.both} places" in first
    assert f"{sized.stages.firm} to begin with, and {sized.stages.second} more only if" in first


def test_a_published_district_is_told_as_the_countys_rate_and_nobody_is_called_short():
    said = words(malvern())
    assert "the county's rate applied to this district's children" in said
    assert "more of Worcestershire's children" in said
    assert CALLED_SHORT.findall("\n".join(answer(malvern()))) == []


def test_listed_places_tell_of_children_without_one_and_whom_the_school_could_relieve():
    said = words(exampleton())
    assert "are expected to be without such a place" in said
    assert "Those places are for these children's own share of the shortage." in said
    row = exampleton().relief.set_index("year").loc[2033]
    assert f"up to {round(row['p50'])} places would be used in 5 futures of 10 and {round(row['p80'])} in 8" in said


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
    assert "Every count from January 2027 on has a number of its own" in said[1]


def test_the_number_of_a_published_district_is_to_come_from_the_councils_own_count():
    own = "Published figures count no district: the number is to come from the council's own count."
    assert own in stage_reasons(malvern())[0]
    assert own not in stage_reasons(exampleton())[0]


def test_a_size_asked_about_is_told_how_full_it_would_be():
    sized = answered("worcestershire", MALVERN.model_copy(update={"places": 60}))
    assert "all places of a school of 60 places that are open by then would be taken with" in answer(sized)[-1]


def test_other_ways_are_ranked_by_price_alone_and_said_not_to_suit_every_child():
    said = words(exampleton())
    assert "On price alone the cheapest way" in said
    assert "Not every child could be taught in a base, a satellite or a hub." in said
    assert "that of a satellite is taken" in said
    base = words(answered("exampleshire", EXAMPLETON.model_copy(update={"provision": "base"})))
    assert "Not every child" not in base


def test_adapting_a_school_is_an_illustration_beside_special_and_independent_places():
    [(sentences, table)] = [(said, table) for name, said, table in parts(exampleton()) if name == HEADING]
    assert sentences[0].startswith("An illustration")
    assert table.index.tolist()[-1] == "Independent school"
    assert table.loc["Independent school", "Building, a year"] == "-"
    rows = exampleton().one_place.set_index("way")["mean"]
    for way in ("adapted mainstream school", "state special school", "independent school"):
        assert f"£{round(rows[way] / 100) * 100:,}" in sentences[0]
    assert "An illustration, at the prices" in sheet(exampleton(), None)


def test_every_price_is_listed_with_its_source():
    _, _, table = prices_part(exampleton())
    assert "Capital satellite, special" in table.index
    assert table.loc["Capital expansion, special", "Source"].startswith("Not supported. None found")


@BOTH
def test_the_sheet_has_four_years_three_sizes_and_five_points_of_what_it_rests_on(made):
    page = sheet(made(), None)
    years, sizes = re.findall(r"<tbody>(.*?)</tbody>", page)
    assert (years.count("<tr>"), sizes.count("<tr>")) == (4, 3)
    assert f">{made().stages.firm} places (first stage)<" in sizes
    assert page.split("What these figures rest on")[1].count("<li>") == 5
    words_of_it = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", page).split()
    assert len(words_of_it) < 900  # an A4 page of 8 point


def test_a_school_for_all_ages_is_set_beside_such_schools_and_one_of_a_phase_beside_those():
    def kind(first, last):
        ask = EXAMPLETON.model_copy(update={"nc_from": first, "nc_to": last})
        return school_kind(replace(exampleton().case, ask=ask))

    assert [kind(-1, 14), kind(0, 6), kind(7, 11), kind(12, 14)] == ["all_through", *["one_phase"] * 3]
    county = answered("exampleshire", MALVERN.model_copy(update={"districts": (), "needs": (), "places": 561}))
    assert answer(county)[1] == "That is as many places as 3 of the largest such schools: plan several."


def test_no_range_of_pupils_is_above_the_places_that_are_open():
    sized = exampleton()
    shown = tables.build_up_table(sized)
    for places, high in zip(shown["Places open"], shown.iloc[:, -1], strict=True):
        numbers = [int(number) for number in re.findall(r"\d+", high)]
        assert max(numbers) <= max(int(places), 5)


def test_past_forecasts_are_told_beside_the_level_of_caution():
    share, forecasts = too_small_in_past()
    assert forecasts > 500
    told = [line for line in rests_on(malvern()) if line.startswith('"In 8 futures of 10" has been too hopeful')]
    assert f"too small in {share * 100:.0f} of 100" in told[0]


def test_where_the_count_of_this_year_is_in_the_next_one_is_waited_for():
    sized = exampleton()
    own = replace(sized, case=replace(sized.case, setting=replace(sized.case.setting, coming=2025)), second=None)
    assert stage_reasons(own) == ["Look again each January, first when the count of January 2026 is in."]
    assert facts(own)["Look again"] == "January 2026"


def test_a_replay_is_a_part_with_its_own_table():
    name, sentences, table = replay_part(replayed(futures("worcestershire").area, malvern().case, 2019), malvern())
    assert name == "Replay from January 2019"
    assert "1,836 came" in " ".join(sentences)
    assert "at today's prices, without growth of fees" in " ".join(sentences)
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
