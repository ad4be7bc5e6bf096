"""What stands beside a lever: the area's own years, England, its neighbours, and whether a setting is heroic."""

from functools import cache
from statistics import median

import pytest
from builders_measures import county, row, table

from forecast.domain import Provision
from forecast.errors import UnknownLabel
from forecast.inputs.area import read_area
from forecast.report.beside import BESIDE, OF_PLACE, beside, standing
from forecast.report.beside_words import HIGHEST, LOWEST, MIDDLE
from forecast.report.heroic import NOT_TESTED, NOTHING, TESTED, WHAT, NotASetting, heroic
from forecast.scenario.levers import LEVERS
from forecast.series.measures import MEASURES
from forecast.series.standing import Standing


@cache
def worcestershire():
    return read_area("worcestershire").about


@cache
def shipped(name="worcestershire"):
    return standing(read_area(name))


def held(*rows, neighbours=("888", "860")):
    return Standing(table(*rows), {"885": neighbours})


def lines(told):
    return {line.who: dict(line.figures) for line in told.lines}


def test_every_lever_says_what_stands_beside_it():
    assert BESIDE.keys() == LEVERS.keys()
    assert {key for keys in BESIDE.values() for key in keys} | set(OF_PLACE.values()) <= MEASURES.keys()
    assert TESTED.keys() <= LEVERS.keys()
    assert {test.measure for test in TESTED.values()} | set(OF_PLACE.values()) <= WHAT.keys()


def test_worcestershires_ten_neighbours_are_those_of_the_list_one_by_one():
    """Median and ends by hand from the children themselves, where everything told comes from a table of rates."""
    told = beside("scale_starts", worcestershire(), shipped()).told[0]
    counts = shipped().authorities.set_index(["la_code", "year"])
    codes = shipped().neighbours["885"]
    rates = [
        1000 * counts.loc[(code, 2025), "new_plans"] / counts.loc[(code, 2025), "residents_0_24"] for code in codes
    ]
    own = 1000 * 1_490 / counts.loc[("885", 2025), "residents_0_24"]
    assert len(rates) == 10
    found = lines(told)
    ends = found[LOWEST][2025], found[MIDDLE][2025], found[HIGHEST][2025]
    assert ends == pytest.approx((min(rates), median(rates), max(rates)))
    assert found["Worcestershire"][2025] == pytest.approx(own)
    assert (told.rank.place, told.rank.of) == (1 + sum(rate > own for rate in rates), 11)
    assert told.authorities == 153


def test_the_sentence_says_the_area_england_and_the_neighbours():
    rows = [*county(new_plans=[40, 80, 93]), *county("888", new_plans=[50, 50, 50]), *county("860", new_plans=[9] * 3)]
    said = beside("scale_starts", worcestershire(), held(*rows)).reading
    assert said == (
        "New plans. Worcestershire: 9.3 in each 1,000 residents aged 0 to 24 in the year to January 2025, up from 4.0 "
        "in the year to January 2023. England: 5.1, up from 3.3. 2 statistical neighbours: 0.9 to 5.0, 3.0 in the "
        "middle; Worcestershire is the highest of the 3."
    )


def test_figures_that_print_alike_are_not_said_to_have_moved():
    rows = county(base=[50, 50, 50], residents_4_17=[5_000, 5_010, 4_999])
    said = beside("expand_bases", worcestershire(), held(*rows)).told[1].reading
    assert "10.0 in each 1,000 residents aged 4 to 17 in January 2025, as in January 2023." in said


def test_what_is_not_published_of_an_area_is_said_to_be_missing():
    rows = [row("885", 2025, requests=None), *county("888", years=(2024, 2025), requests=[100, 150])]
    told = beside("scale_starts", worcestershire(), held(*rows, neighbours=("888",))).told[1]
    assert lines(told)["Worcestershire"] == {2024: None, 2025: None}
    assert told.rank is None
    assert told.reading.startswith("Requests for a plan: not published of Worcestershire. England: 15.0 in each 1,000")


def test_a_neighbour_without_a_figure_is_not_counted_among_the_neighbours():
    rows = [*county(), *county("888"), row("860", 2025, new_plans=None)]
    told = beside("scale_starts", worcestershire(), held(*rows)).told[0]
    assert told.rank.of == 2
    assert "The one statistical neighbour with a figure" in told.reading


def test_an_area_that_counts_its_children_is_told_by_its_own_counts_beside_the_published_england():
    told = beside("scale_moving_in", read_area("exampleshire").about, shipped("exampleshire"))
    moved_in = told.told[1]
    flows = read_area("exampleshire").flows
    came = flows[flows["flow"].eq("arrive") & flows["year"].eq(2025)]["children"].sum()
    plans = read_area("exampleshire").placements.groupby("year")["children"].sum()
    assert lines(moved_in)["Exampleshire (synthetic)"][2025] == pytest.approx(1000 * came / plans[2024])
    assert "No figure is published of England." in moved_in.reading


def test_what_is_invented_is_said_to_be():
    said = beside("rebalance", read_area("exampleshire").about, shipped("exampleshire"))
    assert "Exampleshire (synthetic)" in said.reading
    assert "no statistical neighbours" in said.reading
    assert said.source.startswith("Exampleshire is invented")


def test_a_lever_on_placement_is_told_of_the_places_that_it_takes_from():
    found = beside("shift_placement", worcestershire(), shipped(), place=Provision.INDEPENDENT)
    assert found.told[0].measure is MEASURES["new_to_independent"]
    assert beside("shift_placement", worcestershire(), shipped()).told[0].measure is MEASURES["new_to_special"]


def test_prices_are_published_by_no_authority():
    found = beside("set_price", worcestershire(), shipped())
    assert found.told == ()
    assert found.reading == "No figure of it is published by authority."


def test_a_lever_that_does_not_exist_is_refused():
    with pytest.raises(UnknownLabel, match="did you mean 'rebalance'"):
        beside("rebalence", worcestershire(), shipped())
    with pytest.raises(UnknownLabel, match="did you mean 'rebalance'"):
        heroic("rebalence", 0.1, shipped().authorities)


def still(code, years=(2022, 2023, 2024, 2025), **by_year):
    return county(code, years, **by_year)


def test_a_cut_is_counted_beyond_englands_own_and_followed_for_two_years():
    """One large authority stands for England; of two small ones, one keeps its cut, one is back in a year."""
    rows = [
        *still("201", new_plans=[20_000, 30_000, 30_000, 30_000], residents_0_24=[10**6] * 4),
        *still("202", new_plans=[100, 75, 75, 75]),  # England's grew by half: half of what would have come
        *still("203", new_plans=[100, 75, 150, 150]),
        *still("204", new_plans=[100, 150, 150, 150]),
    ]
    found = heroic("scale_starts", 0.51, table(*rows))
    assert (found.authorities, found.of_authorities) == (2, 4)
    assert (found.times, found.of_times) == (2, 12)
    assert (found.kept, found.of_kept) == (1, 2)
    assert found.reading.startswith(
        "2 of 4 authorities have cut the rate of new plans by 49% or more, beyond England's own change, in a year "
        "(2 of 12 cases since January 2022). Of the 2 of them that can be followed for 2 more years, 1 still stood so"
    )


def test_bases_that_nearly_double_are_counted_as_children():
    rows = [*county("201", base=[1_000, 1_000, 1_000]), *county("202", base=[25, 49, 49])]
    found = heroic("expand_bases", 1.9, table(*rows))
    assert found.change == pytest.approx(0.9)
    assert (found.authorities, found.of_authorities, found.of_kept) == (1, 2, 0)
    assert "have raised the number of children in bases by 90% or more" in found.reading
    assert "None of them can be followed for 2 more years yet." in found.reading


def test_new_plans_held_flat_are_no_rise_whatever_england_did():
    rows = [*county("201", new_plans=[100, 200, 300]), *county("202", new_plans=[100, 100, 120])]
    found = heroic("hold_starts", 1, table(*rows))
    assert (found.authorities, found.times) == (1, 1)
    assert "have kept the rate of new plans from rising in a year" in found.reading


@pytest.mark.parametrize("years", [1, 3])
def test_the_greater_the_cut_the_fewer_have_made_it(years):
    counts = [heroic("rebalance", share, shipped().authorities, years).times for share in (0.1, 0.3, 0.5, 0.8)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_half_fewer_special_placements_in_a_year_are_as_rare_as_a_count_by_hand_says():
    """Row by row from the children, where the count that is told comes from tables of shares."""
    counts = {(each["la_code"], each["year"]): each for each in shipped().authorities.to_dict("records")}
    codes, years = {code for code, _ in counts}, range(2020, 2026)

    def placed(code, year):
        """New plans, and those placed in special schools with the unknown shared out; nothing if too few are known."""
        each = counts.get((code, year))
        if each is None or not each["new_placed"] >= 0.9 * each["new_plans"] > 0:
            return None
        return each["new_plans"], each["new_special"] * each["new_plans"] / each["new_placed"]

    seen, cut = [], []
    for year in years:
        both = {code: (placed(code, year - 1), placed(code, year)) for code in codes}
        both = {code: ends for code, ends in both.items() if None not in ends}
        new, special, later_new, later_special = (
            sum(ends[at][of] for ends in both.values()) for at in (0, 1) for of in (0, 1)
        )
        of_england = later_special / later_new / (special / new)
        for code, ((before, was), (after, now)) in both.items():
            if was >= 20:
                seen.append(code)
                cut += [code] if now / after / (was / before) / of_england <= 0.5 else []
    found = heroic("rebalance", 0.5, shipped().authorities)
    assert (found.times, found.of_times) == (len(cut), len(seen))
    assert (found.authorities, found.of_authorities) == (len(set(cut)), len(set(seen)))
    assert found.kept < found.authorities < found.of_authorities / 3


@pytest.mark.parametrize("kind", ["open_places", "scale_moving_in", "review_plans", "set_price"])
def test_what_no_published_figure_tests_is_said_to_be_untested(kind):
    found = heroic(kind, 0.5, shipped().authorities)
    assert found.change is None
    assert found.reading == NOT_TESTED


def test_places_of_which_no_first_plans_are_told_apart_are_untested():
    assert heroic("shift_placement", 0.5, shipped().authorities, place=Provision.POST16).reading == NOT_TESTED


def test_a_null_setting_is_not_heroic():
    assert heroic("rebalance", 0, shipped().authorities).reading == NOTHING
    assert heroic("scale_starts", 1, shipped().authorities).reading == NOTHING


@pytest.mark.parametrize(("setting", "years"), [(-0.1, 1), (float("nan"), 1), (0.5, 0), (0.5, 6)])
def test_a_setting_that_cannot_be_is_refused(setting, years):
    with pytest.raises(NotASetting, match=r"write 0 or more|choose 1 to 5"):
        heroic("rebalance", setting, shipped().authorities, years)
