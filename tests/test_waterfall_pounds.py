"""Why what is paid changes, and why children are left without a place."""

from dataclasses import replace
from functools import cache

import pytest
from builders_model import assumptions, england, settings, worcestershire, worcestershire_drivers
from builders_waterfall import scenario

from forecast import Settings, read_area, read_scenario
from forecast.decide.bill import bill
from forecast.decide.central import central
from forecast.decide.central_ap import MORE_OR_FEWER
from forecast.decide.coalitions import between_scenarios, between_years
from forecast.decide.waterfall import kind_of_place, of_children
from forecast.decide.waterfall_pounds import PRICES, of_pounds
from forecast.decide.waterfall_short import PLACES, of_short
from forecast.domain import KEY_STAGES, Provision
from forecast.errors import ForecastError
from forecast.pipeline import area_drivers, project
from forecast.places.costs import costs_of
from forecast.places.england import england_special_rate
from forecast.scenario.building import OpenPlaces
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.homeward import BringHome
from forecast.scenario.placement import Rebalance
from forecast.scenario.pricing import ScalePrice
from forecast.scenario.spending import Payer

BASELINE = read_scenario("baseline")
FEWER = ScaleStarts(from_year=2028, factor=0.8)
KEPT = Rebalance.model_validate({"from": "2027/28", "share": 0.3, "support": 9000, "support_years": 2})
DEARER = ScalePrice.model_validate({"from": "2029/30", "item": "place", "provision": "independent", "factor": 1.1})
SCENARIOS = {
    "baseline": BASELINE,
    "changed": scenario(FEWER, KEPT, DEARER, name="changed"),
    "kept": scenario(KEPT, name="kept"),
}


@cache
def prices():
    """Prices of the area, without their ranges: every future pays the same."""
    table = costs_of(worcestershire()).table.assign(from_year=0)
    return table.assign(low=table["value"], high=table["value"])


def price(item, provision):
    rows = prices()[prices()["item"] == item].set_index("provision")["value"]
    return float(rows[provision] if provision in rows else rows["all"])


def drivers():
    return worcestershire_drivers(draws=40, horizon=4)


@cache
def run(name):
    rate = england_special_rate(england(), assumptions(), settings(), drivers())
    made = SCENARIOS[name]
    found = project(worcestershire(), drivers(), made, settings(), rate)
    return replace(found, prices=made.reprice(prices()))


@cache
def since_census(name):
    return between_years(drivers(), central(drivers()), SCENARIOS[name])


@cache
def paid(name, payer=Payer.HIGH_NEEDS, year=2031):
    return of_pounds(since_census(name), payer, year, [run(name)], prices())


def priced_by_hand(children, year):
    """Places and fees of children by label, the fees with their growth."""
    total = 0.0
    for label, number in children.items():
        meaning = worcestershire().about.provisions[label]
        if label not in paid("baseline").outcome.provisions:
            continue
        fees = meaning in {Provision.INDEPENDENT, Provision.SPECIAL_NONMAINTAINED}
        growth = (1 + price("fee_growth", meaning)) ** (year - 2025) if fees else 1.0
        total += number * price("place", meaning) * growth
    return total


@pytest.mark.parametrize("payer", [Payer.HIGH_NEEDS, Payer.GENERAL_FUND])
def test_bars_in_pounds_add_up_to_a_millionth_of_a_pound(payer):
    found = paid("changed", payer)
    assert found.start + sum(bar.effect for bar in found.bars) == pytest.approx(found.end, abs=1e-6, rel=0)
    without = [MORE_OR_FEWER] if payer is Payer.HIGH_NEEDS else []
    assert [bar.name for bar in found.bars][-1 - len(without) :] == [PRICES, *without]


def test_the_pounds_at_both_ends_are_children_times_prices():
    found, path = paid("baseline"), since_census("baseline").children
    for pounds, coalition, year in ((found.start, 0, 2025), (found.end, -1, 2031)):
        children = path.isel(coalition=coalition).sel(year=year).sum("phase").to_series().to_dict()
        assert pounds == pytest.approx(priced_by_hand(children, year) + without_a_plan(year), rel=1e-9)


def without_a_plan(year, paid_in=None):
    """Pounds of AP schools and of places paid for elsewhere, by arrivals, stays and weeks of the central path.

    At the prices of the same year or, if given, of `paid_in`.
    """
    drivers = since_census("baseline").trend
    if "ap_rate" not in drivers:
        return 0.0
    now = year == 2025
    rate = drivers["ap_rate_now"] if now else drivers["ap_rate"].sel(year=year)
    people = drivers["population_now"] if now else drivers["population"].sel(year=year).squeeze(drop=True)
    stays, long = drivers["ap_stay"], drivers["ap_transition"]
    stay = stays.sel(tier="short") * (1 - long) + stays.sel(tier="transition") * long
    fee = price("ap_elsewhere", "alternative") * (1 + price("fee_growth", "alternative")) ** ((paid_in or year) - 2025)
    prices = {"ap_school": price("place", "alternative"), "la_funded": fee}
    total = 0.0
    for stage, years in KEY_STAGES.items():
        residents = people.sel(nc_year=list(years)).sum("nc_year")
        for setting, pounds in prices.items():
            come = rate.sel(key_stage=stage.value, setting=setting) * residents
            days = (come * stay.sel(key_stage=stage.value)).sum().item()
            total += days / 365 * drivers["ap_week"].sel(setting=setting).item() * pounds
    return total


def test_more_children_without_a_plan_are_a_bar_of_the_high_needs_block_and_of_nobody_else():
    bars = {
        payer: {bar.name: bar for bar in paid("baseline", payer).bars} for payer in Payer if payer.value != "capital"
    }
    more = bars[Payer.HIGH_NEEDS][MORE_OR_FEWER]
    now, grown = (without_a_plan(2031, paid) - without_a_plan(2025, paid) for paid in (2025, 2031))
    assert more.last == pytest.approx(grown, rel=1e-9)
    assert more.effect == pytest.approx((now + grown) / 2, rel=1e-9)  # it and the growth of fees share what both bring
    assert MORE_OR_FEWER not in bars[Payer.GENERAL_FUND]


def test_growth_of_prices_is_what_fees_have_grown_by():
    found, path = paid("baseline"), since_census("baseline").children
    (growth,) = (bar for bar in found.bars if bar.name == PRICES)
    children = path.isel(coalition=-1).sel(year=2031).sum("phase").to_series().to_dict()
    without = without_a_plan(2031) - without_a_plan(2031, paid_in=2025)
    assert without > 0
    assert growth.last == pytest.approx(priced_by_hand(children, 2031) - priced_by_hand(children, 2025) + without)
    assert 0 < growth.effect < growth.last


def test_a_lever_on_prices_alone_changes_no_child_and_is_still_paid_for():
    path = since_census("changed")
    label = worcestershire().about.means(Provision.INDEPENDENT)[0]
    children = of_children(path, kind_of_place(worcestershire().about, label), 2031, [run("changed")])
    of_levers = {name.split(" (")[0]: name for name in path.causes}
    bars = {bar.name: bar for bar in children.bars}
    assert bars[of_levers['"Costs or fees change by a share"']].effect == 0
    dearer = next(bar for bar in paid("changed").bars if bar.name == of_levers['"Costs or fees change by a share"'])
    held = path.children.isel(coalition=-1).sel(year=2031, provision=label).sum("phase").item()
    grown = price("place", "independent") * (1 + price("fee_growth", "independent")) ** 6
    assert dearer.last == pytest.approx(0.1 * held * grown, rel=1e-6)


def test_what_a_lever_costs_itself_is_part_of_its_bar():
    """Support of 9,000 pounds for two years follows each child while it is there: none of it without the lever."""
    path = between_scenarios(drivers(), central(drivers()), BASELINE, scenario(KEPT))
    (bar,) = of_pounds(path, Payer.HIGH_NEEDS, 2031, [run("baseline"), run("changed")], prices()).bars
    free = scenario(KEPT.model_copy(update={"support": Rebalance.model_validate(
        {"from": "2027/28", "share": 0.3, "support": 0}).support}))  # fmt: skip
    path_free = between_scenarios(drivers(), central(drivers()), BASELINE, free)
    (unpaid,) = of_pounds(path_free, Payer.HIGH_NEEDS, 2031, [run("baseline"), run("changed")], prices()).bars
    before, now = path.followed[1].shifted[0, [-2, -1]].sum(axis=1)
    paid = (bar.effect - unpaid.effect) / 9000
    assert now + 0.7 * before < paid < now + 0.95 * before
    by_future = bill(run("kept")).mean("draw").sel(year=2031)
    of_support = by_future.isel(line=["support" in name for name in by_future["line"].to_numpy()]).sum()
    assert bar.effect - unpaid.effect == pytest.approx(float(of_support), rel=0.01)


def test_a_fee_spent_again_grows_as_fees_do_and_only_in_the_bar_of_prices():
    """What the fees of children brought home have grown by since the census, where all of each is spent again."""
    home = BringHome.model_validate({"from": "2027/28", "share": 0.4, "reinvest": 1, "reinvest_years": 1})
    free = home.model_copy(update={"reinvest": 0.0})
    found, unpaid = (
        of_pounds(
            between_years(drivers(), central(drivers()), made), Payer.HIGH_NEEDS, 2031, [run("baseline")], prices()
        )
        for made in (scenario(home), scenario(free))
    )
    more = {bar.name: bar.last - other.last for bar, other in zip(found.bars, unpaid.bars, strict=True)}
    growth = (1 + price("fee_growth", "all")) ** 6
    spent = found.end - unpaid.end
    assert spent > 0
    assert more[PRICES] == pytest.approx(spent * (1 - 1 / growth), rel=1e-6)


@pytest.mark.parametrize("name", ["baseline", "changed"])
def test_the_pounds_of_the_central_path_are_near_the_mean_bill_of_all_futures(name):
    found, lines = paid(name), bill(run(name)).mean("draw")
    mine = lines["payer"] == Payer.HIGH_NEEDS.value
    means = lines.isel(line=mine.to_numpy().nonzero()[0]).sum("line")
    assert found.futures == pytest.approx(float(means.sel(year=2031) - means.sel(year=2025)))
    assert abs(found.gap) < 0.02 * found.change


def test_what_has_no_price_is_left_out_and_named():
    about, found = worcestershire().about, paid("changed")
    unpriced = set(about.provisions) - set(found.outcome.provisions)
    (said,) = (said for said in found.left_out if said.startswith("Nothing says what these cost"))
    assert unpriced
    assert all(about.provision_name(label).lower() in said for label in unpriced)


@cache
def exampleshire():
    """A county that lists its places, with a school more in one of two scenarios."""
    area, choices = read_area("exampleshire"), Settings(draws=12, current_year=2025, horizon=4)
    made = area_drivers(area, england(), assumptions(), choices)
    rate = england_special_rate(england(), assumptions(), choices, made)
    opens = OpenPlaces.model_validate(
        {"kind": "open_places", "from": "2026/27", "school": "Invented", "district": area.about.district_names[0],
         "serves": "all", "provision": "special", "places": 150, "delay": 0}
    )  # fmt: skip
    more = scenario(opens, name="a school more")
    return area, made, more, [project(area, made, each, choices, rate) for each in (BASELINE, more)]


def test_schools_that_open_are_a_cause_of_fewer_children_without_a_place():
    area, made, _, (trend, _) = exampleshire()
    path = between_years(made, central(made), BASELINE)
    found = of_short(path, "special", 2029, [trend], area.places, made)
    assert found.start + sum(bar.effect for bar in found.bars) == pytest.approx(found.end, abs=1e-6)
    short = trend.short.of_served.sel(provision="special", year=2025).isel(draw=0)
    assert found.start == pytest.approx(short.sum().item())
    (places,) = (bar for bar in found.bars if bar.name == PLACES)
    assert max(places.effect, places.last) < 0


def test_a_school_more_is_the_whole_difference_between_with_and_without_it():
    area, made, more, (trend, with_it) = exampleshire()
    path = between_scenarios(made, central(made), BASELINE, more)
    (bar,) = (found := of_short(path, "special", 2029, [trend, with_it], area.places, made)).bars
    assert bar.effect == bar.last == pytest.approx(found.change)
    assert -150 <= bar.effect < -50
    children = of_children(path, kind_of_place(area.about, "special"), 2029, [trend, with_it])
    assert children.bars[0].effect == 0


def test_nobody_is_without_a_place_where_no_place_is_listed():
    with pytest.raises(ForecastError, match=r"Worcestershire.*'special'.*list the schools in places.csv"):
        of_short(since_census("baseline"), "special", 2031, [run("baseline")], worcestershire().places, drivers())
