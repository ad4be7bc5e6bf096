"""What a figure hangs on: every bar against a forecast that is made with its supposition written down as a fact."""

from dataclasses import replace

import numpy as np
import pytest
from builders_compare import listed
from builders_compare import priced as priced_forecast
from builders_tornado import (
    FEWER,
    POUNDS,
    REBALANCE,
    SETTINGS,
    SPECIAL,
    YEAR,
    area,
    scenario,
    supposition,
)

from forecast.decide.bill import bill
from forecast.decide.measures import Measure
from forecast.decide.outcomes import NotKnown, Outcome, figure_of, listed_by, read_january, read_outcome
from forecast.decide.premises import figures, turned
from forecast.decide.suppositions import Origin, of_assumptions
from forecast.decide.tornado import tornado, tornado_table
from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.pipeline import area_drivers, england_and_assumptions, forecast_area, project
from forecast.places.england import england_special_rate
from forecast.places.register import months_late
from forecast.report.tornado_chart import tornado_figure
from forecast.report.tornado_words import tornado_sentences


@pytest.fixture(scope="module")
def helped():
    return figures(area(), (scenario(REBALANCE),), SETTINGS, SPECIAL)


@pytest.fixture(scope="module")
def priced():
    return figures(area(), (scenario(REBALANCE), scenario(name="Nothing")), SETTINGS, POUNDS)


@pytest.fixture(scope="module")
def bars(helped):
    return tornado(helped)


def bar(bars, name):
    (one,) = [each for each in bars if each.supposition.name == name]
    return one


def in_special(projection):
    """Children in special schools, counted cell by cell, in the mean of futures."""
    cells = projection.demand.sel(year=YEAR, provision="special").to_numpy().astype(int)
    return cells.reshape(len(cells), -1).sum(axis=1).mean()


def test_with_nothing_turned_the_figure_is_the_forecast_s_own(helped):
    assert helped.now() == in_special(forecast_area(area(), scenario(REBALANCE), SETTINGS))


@pytest.mark.parametrize("end", ["low", "high"])
def test_an_end_of_a_bar_is_the_forecast_with_that_assumption_written_in_the_file(bars, end):
    england, assumptions = england_and_assumptions()
    value = getattr(assumptions["ceiling"], end)
    written = assumptions["ceiling"].model_copy(update={"value": value, "low": value, "high": value})
    drivers = area_drivers(area(), england, {**assumptions, "ceiling": written}, SETTINGS)
    rate = england_special_rate(england, assumptions, SETTINGS, drivers)
    projection = project(area(), drivers, scenario(REBALANCE), SETTINGS, rate)
    assert getattr(bar(bars, "ceiling"), end) == in_special(projection)


def test_an_end_of_a_lever_s_bar_is_the_forecast_of_a_scenario_that_says_so_for_certain(bars):
    certain = scenario({**REBALANCE, "share": 0.5})
    assert bar(bars, "1 rebalance: share").high == in_special(forecast_area(area(), certain, SETTINGS))
    assert bar(bars, "1 rebalance: share").low > bar(bars, "1 rebalance: share").high


def test_an_end_of_a_price_s_bar_is_the_children_times_that_price(priced):
    fee = supposition(priced, "place: special")
    first, second = priced.projections
    children = [each.total("district", "phase", "need").sel(year=YEAR, provision="special") for each in (first, second)]
    paid = [bill(each).sel(line="places: special", year=YEAR).to_numpy() for each in (first, second)]
    by_hand = [fee.low * held.to_numpy() - was for held, was in zip(children, paid, strict=True)]
    assert priced.at(fee, fee.low) - priced.now() == pytest.approx(np.mean(by_hand[0] - by_hand[1]))


def test_an_assumption_without_a_range_gives_a_bar_of_nothing(helped, bars):
    certain = bar(bars, "local_decay")
    assert certain.width == 0
    assert not certain.tried
    assert helped.at(certain.supposition, certain.supposition.value) == helped.now()


def test_there_is_a_bar_for_every_supposition_and_the_widest_comes_first(helped, bars):
    assert {each.supposition.key for each in bars} == {each.key for each in helped.base.suppositions()}
    assert {each.supposition.name for each in bars} >= {each.name for each in of_assumptions(helped.base.assumptions)}
    widths = [each.width for each in bars]
    assert widths == sorted(widths, reverse=True)
    assert bars[0].supposition.name == "1 rebalance: share"


def test_what_only_costs_money_is_not_tried_on_children_and_is_on_pounds(helped, priced):
    assert not helped.bears(supposition(helped, "1 rebalance: support"))
    assert not helped.bears(supposition(helped, "place: special"))
    assert priced.bears(supposition(priced, "1 rebalance: support"))
    assert priced.bears(supposition(priced, "place: special"))
    assert not priced.bears(supposition(priced, "life: all"))


def test_a_lever_that_two_scenarios_share_is_moved_in_both_and_told_once():
    cheap = {"kind": "scale_price", "from": "2028/29", "item": "place", "provision": "independent", "factor": 0.9}
    both = figures(area(), (scenario(REBALANCE, cheap, name="Both"), scenario(REBALANCE)), SETTINGS, SPECIAL)
    share = supposition(both, "1 rebalance: share")
    assert [each.name for each in both.base.suppositions()].count(share.name) == 1
    assert both.at(share, 0.5) == 0
    alone = figures(area(), (scenario(REBALANCE),), SETTINGS, SPECIAL)
    assert alone.at(share if share.key[0] == "Help" else replace(share, key=("Help", *share.key[1:])), 0.5) != 0


def test_two_levers_of_one_name_in_two_scenarios_are_told_apart():
    both = figures(area(), (scenario(FEWER), scenario({**FEWER, "factor": 0.9}, name="Less")), SETTINGS, SPECIAL)
    names = [each.name for each in both.base.suppositions() if each.origin is Origin.SCENARIO]
    assert names == ["1 scale_starts: factor", "1 scale_starts: factor (Less)"]


def test_a_figure_may_be_one_that_some_share_of_futures_do_not_exceed(helped):
    p80 = replace(helped, outcome=replace(SPECIAL, futures=0.8), known={})
    cells = helped.projections[0].demand.sel(year=YEAR, provision="special")
    assert p80.now() == pytest.approx(np.quantile(cells.sum(["district", "need", "phase"]).to_numpy(), 0.8))


def test_the_sentences_and_the_chart_say_what_the_table_says(bars):
    table = tornado_table(bars).set_index("name")
    said = tornado_sentences(area().about, SPECIAL, ["Help"], bars)
    assert "moves it most" in said[0]
    assert said[0].startswith("Children in state special school places in 2030/31")
    more = round(table.loc["1 rebalance: share", "change_at_low"])
    assert f"at 10 in 100, {more} more" in said[1]
    assert "Taken as certain, so not tried" in said[-1]
    figure = tornado_figure(area().about, SPECIAL, ["Help"], bars)
    drawn = figure.table[figure.table["name"].str.startswith("1 rebalance: share")]
    assert drawn["change"].tolist() == table.loc["1 rebalance: share", ["change_at_low", "change_at_high"]].tolist()
    assert figure.reading in figure.chart.to_dict()["description"]


@pytest.mark.parametrize(
    ("written", "measure", "of"),
    [
        ("children in special", Measure.CHILDREN, ("special", "special_out_of_area")),
        ("all plans", Measure.CHILDREN, ("all plans",)),
        ("Special rate", Measure.RATE, ("residents aged 4 to 17",)),
        ("short of special", Measure.SHORT, ("special",)),
        ("pounds: general fund", Measure.POUNDS, ("general fund",)),
    ],
)
def test_a_figure_is_asked_for_in_words(written, measure, of):
    county = read_area("exampleshire")
    listed = listed_by(county.about, county.places)
    assert read_outcome(written, county.about, listed, 2030) == Outcome(measure, of, 2030)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("happiness", "write one like these"),
        ("children in specal", "did you mean 'special'"),
        ("short", "ask for children instead"),
        ("pounds: the queen", "choose from"),
    ],
)
def test_a_figure_that_is_none_is_refused_with_the_remedy(written, remedy):
    with pytest.raises(InputFaults, match=remedy):
        read_outcome(written, area().about, (), 2030)


@pytest.mark.parametrize(
    ("written", "said"), [("2031/33", "write it as 2031/32"), ("2060/61", "choose"), ("x", "no school year")]
)
def test_a_year_that_is_not_forecast_is_refused(written, said):
    with pytest.raises(InputFaults, match=said):
        read_january(written, range(2026, 2033), 2027)


def test_five_years_on_is_asked_about_where_no_year_is():
    assert read_january("", range(2026, 2038), 2027) == 2032
    assert read_january("2030/31", range(2026, 2038), 2027) == 2031


def test_another_delay_of_planned_schools_leaves_those_with_one_of_their_own_as_they_are(helped):
    delay, luck = supposition(helped, "delay_months"), np.linspace(0.05, 0.95, 7)
    before = helped.base.assumptions["delay_months"]
    after = turned(helped.base, delay, 24).assumptions["delay_months"]
    own, none = {"opens": "2027-09", "delay": 12.0}, {"opens": "2027-09", "delay": np.nan}
    np.testing.assert_allclose(months_late(own, luck, 2025, after), months_late(own, luck, 2025, before))
    assert months_late(none, np.array([0.5]), 2025, after) == pytest.approx(24)
    assert months_late(none, np.array([0.5]), 2025, before) == pytest.approx(9)


def test_who_is_short_of_places_that_a_scenario_does_not_list_is_not_made_up():
    short = Outcome(Measure.SHORT, ("special",), YEAR)
    assert figure_of(listed(), short).sizes["draw"] == 12
    with pytest.raises(NotKnown, match="has no figure of this: children short of a place; ask for children in a kind"):
        figure_of(priced_forecast(), short)
    with pytest.raises(NotKnown, match=r"children short of a place \(independent\)"):
        figure_of(listed(), replace(short, of=("special", "independent")))
