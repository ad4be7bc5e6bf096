"""Scenarios side by side on the same luck: what differs, in which futures, and by how much."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_compare import by_year, listed, price_list, priced, side_by_side, with_more

from forecast import Settings
from forecast.decide.compare import TooFew, changes, compare, difference, levels, totals
from forecast.decide.measures import (
    ALL_PAYERS,
    ALL_PLANS,
    ALL_SPECIALIST,
    RESIDENTS,
    STATE_SPECIAL,
    Measure,
    measures,
)
from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.spending import Payer

MORE = np.arange(12)
FEWER = Scenario(name="Fewer plans", why="Earlier help.", changes=(ScaleStarts(from_year=2027, factor=0.9),))


@pytest.fixture(scope="module")
def worcestershire():
    settings = Settings(draws=12, seed=5, current_year=2026, horizon=4)
    return compare(read_area("worcestershire"), [read_scenario("baseline"), FEWER, read_scenario("baseline")], settings)


@pytest.fixture(scope="module")
def pair():
    first = priced()
    return side_by_side(first, with_more(first, "special", MORE))


def changed(found, measure, of, year):
    table = changes(found)
    return table[(table["measure"] == measure) & (table["of"] == of) & (table["year"] == year)].iloc[0]


def test_a_scenario_against_itself_differs_by_nothing_in_any_future(worcestershire):
    assert worcestershire.names == ("baseline", "Fewer plans", "baseline (2)")
    for measure in worcestershire.measured[0]:
        assert not bool((worcestershire.difference(2, measure) != 0).any())
    assert worcestershire.same(2)
    assert not worcestershire.same(1)


def test_what_one_scenario_is_above_another_the_other_is_below_it(worcestershire):
    one, other = worcestershire.measured[:2]
    for measure in one:
        forth, back = (
            difference(other[measure], one[measure], measure),
            difference(one[measure], other[measure], measure),
        )
        xr.testing.assert_equal(forth, -back)


def test_a_difference_on_the_same_luck_is_surer_than_the_difference_of_two_ranges(worcestershire):
    for measure, of in ((Measure.CHILDREN, "special"), (Measure.RATE, RESIDENTS), (Measure.POUNDS, ALL_PAYERS)):
        told = changed(worcestershire, measure, of, 2030)
        first = levels(worcestershire).query("scenario == 'baseline' and of == @of and year == 2030")
        level = first[first["measure"] == measure].iloc[0]
        assert 0 < told["p90"] - told["p10"] < (level["p90"] - level["p10"]) / 2
        assert told["mean"] < 0


def test_fewer_plans_change_nothing_before_they_begin(worcestershire):
    before = changes(worcestershire).query("scenario == 'Fewer plans' and year < 2027")
    assert not before[["mean", "p10", "p90", "chance_more", "chance_fewer"]].to_numpy().any()


def test_england_is_the_same_whatever_the_scenario_so_the_gap_moves_as_the_children_do(worcestershire):
    gap = worcestershire.difference(1, Measure.ABOVE_ENGLAND).sel(of=RESIDENTS, drop=True)
    children = worcestershire.difference(1, Measure.CHILDREN).sel(of=["special", "special_nonmaintained"]).sum("of")
    xr.testing.assert_allclose(gap, children, atol=1e-6)


def test_differences_are_taken_future_by_future_and_then_summarised(pair):
    told = changed(pair, Measure.CHILDREN, "special", 2030)
    assert (told["mean"], told["p50"]) == (MORE.mean(), np.median(MORE))
    assert [told["p10"], told["p90"]] == pytest.approx(np.quantile(MORE, [0.1, 0.9]))
    assert (told["chance_more"], told["chance_fewer"]) == pytest.approx((11 / 12, 0))
    assert changed(pair, Measure.CHILDREN, "special", 2027)["mean"] == 0


def test_more_children_in_special_schools_raise_each_measure_by_as_much_as_they_should(pair):
    mean = MORE.mean()
    for measure, of in (
        (Measure.CHILDREN, ALL_SPECIALIST),
        (Measure.CHILDREN, ALL_PLANS),
        (Measure.MORE, ALL_SPECIALIST),
        (Measure.ABOVE_ENGLAND, RESIDENTS),
    ):
        assert changed(pair, measure, of, 2030)["mean"] == pytest.approx(mean)
    residents = float(pair.first.population.sel(year=2030, nc_year=slice(0, 13)).sum())
    assert changed(pair, Measure.RATE, RESIDENTS, 2030)["mean"] == pytest.approx(mean / residents)
    assert changed(pair, Measure.POUNDS, Payer.HIGH_NEEDS, 2030)["mean"] == pytest.approx(mean * 25_000)
    assert changed(pair, Measure.POUNDS, Payer.GENERAL_FUND, 2030)["mean"] == pytest.approx(mean * 9_000)
    assert changed(pair, Measure.POUNDS, ALL_PAYERS, 2030)["mean"] == pytest.approx(mean * 34_000)
    assert changed(pair, Measure.CHILDREN, "base", 2030)["mean"] == 0


def test_the_sum_over_kinds_of_place_is_of_each_future_and_not_of_quantiles(pair):
    children = pair.measured[0][Measure.CHILDREN]
    labels = list(pair.about.provisions)
    xr.testing.assert_equal(children.sel(of=ALL_PLANS, drop=True), children.sel(of=labels).sum("of"))
    planned = children.sel(of=pair.about.planned).sum("of")
    xr.testing.assert_equal(children.sel(of=ALL_SPECIALIST, drop=True), planned)


def test_where_special_schools_in_and_out_of_the_area_are_told_apart_their_sum_is_there_too():
    made = priced()
    about = made.about.model_copy(update={"provisions": made.about.provisions | {"base": "special"}})
    children = measures(replace(made, about=about))[Measure.CHILDREN]
    both = children.sel(of=["base", "special"]).sum("of")
    xr.testing.assert_equal(children.sel(of=STATE_SPECIAL, drop=True), both)


def test_places_that_a_scenario_adds_make_room_for_the_children_more_than_now():
    first = priced()
    places = first.places + xr.where(first.places["provision"] == "special", 1, 0) * xr.where(
        first.places["year"] > 2028, 40, 0
    )
    found = side_by_side(first, replace(first, places=places.transpose("year", "provision"), scenario="Forty more"))
    assert changed(found, Measure.OPENED, "special", 2029)["mean"] == 40
    opened = found.measured[1][Measure.OPENED].sel(of="special")
    assert opened.sel(year=[2028, 2029]).mean("draw").to_numpy().tolist() == [0, 40]
    assert Measure.PLACES not in found.measured[0]
    assert changed(found, Measure.MORE, "special", 2029)["mean"] == -40
    assert changed(found, Measure.MORE, "special", 2028)["mean"] == 0
    assert Measure.SHORT not in found.measured[0]


def test_room_to_spare_in_one_kind_of_place_is_none_for_a_child_who_needs_another():
    first = priced()
    spare = with_more(first, "base", [-300] * 12)
    for found in (first, with_more(spare, "special", [25] * 12)):
        more = measures(found)[Measure.MORE]
        kinds = more.sel(of=found.about.planned).to_numpy()
        np.testing.assert_allclose(more.sel(of=ALL_SPECIALIST), np.where(kinds > 0, kinds, 0).sum(axis=2))
    assert (measures(spare)[Measure.MORE].sel(of="base", year=2030) < 0).any()


def test_where_places_are_listed_children_are_short_and_not_merely_more_than_now():
    found = measures(listed())
    assert {Measure.MORE, Measure.OPENED}.isdisjoint(found)
    assert Measure.PLACES in found
    short = found[Measure.SHORT]
    labels = [label for label in short["of"].to_numpy() if label != ALL_SPECIALIST]
    assert set(labels) == {"special", "base", "alternative"}
    xr.testing.assert_allclose(short.sel(of=ALL_SPECIALIST, drop=True), short.sel(of=labels).sum("of"))


def test_who_is_short_of_a_kind_of_place_that_only_one_scenario_lists_is_not_known():
    short = measures(listed())[Measure.SHORT]
    more = xr.concat([short, short.sel(of=["base"]).assign_coords(of=["independent"])], "of")
    change = difference(more, short, Measure.SHORT)
    assert change["of"].to_numpy().tolist() == ["base", "special", "alternative"]
    assert not change.any()


def test_children_whom_only_one_scenario_moves_count_as_none_in_the_other():
    moved = by_year([3] * 12, draws=12).expand_dims(shift=["stay in mainstream"])
    first = priced()
    found = side_by_side(first, replace(first, shifted=moved.transpose("draw", "year", "shift"), scenario="Stay"))
    assert changed(found, Measure.MOVED, "stay in mainstream", 2030)["mean"] == 3
    assert changed(found, Measure.MOVED, "stay in mainstream", 2025)["mean"] == 0
    assert not found.same(1)


def test_an_area_that_calls_no_place_a_special_school_has_no_such_rate():
    made = priced()
    own = made.about.provisions | {"special": "own", "special_nonmaintained": "own"}
    found = measures(replace(made, about=made.about.model_copy(update={"provisions": own})))
    assert {Measure.RATE, Measure.ABOVE_ENGLAND}.isdisjoint(found)


def test_dearer_places_alone_change_pounds_and_nothing_else():
    first = priced()
    dear = replace(first, prices=price_list({("place", "special"): 30_000}), scenario="Dear")
    table = changes(side_by_side(first, dear)).query("year == 2030")
    moved = table[table["mean"] != 0]
    assert set(moved["unit"]) == {"pounds"}
    special = float(first.demand.sel(provision="special", year=2030).sum(["district", "need", "phase"]).mean())
    assert moved.query("of == @ALL_PAYERS")["mean"].item() == pytest.approx(special * 5_000)


def test_pounds_over_all_years_are_summed_in_each_future_before_they_are_summarised(pair):
    whole = totals(pair).set_index("of").loc[Payer.HIGH_NEEDS]
    years = 2037 - 2028 + 1
    assert whole["mean"] == pytest.approx(MORE.mean() * 25_000 * years)
    assert whole["p90"] == pytest.approx(np.quantile(MORE * 25_000.0 * years, 0.9))
    assert (whole["first_year"], whole["last_year"]) == ("2025/26", "2036/37")


def test_every_fault_of_every_scenario_is_told_before_the_work():
    here = [
        Scenario(name=name, why="x", changes=(ScaleStarts(from_year=2027, factor=0.9, district=place),))
        for name, place in (("one", "Wyre Forrest"), ("two", "Malvern Hils"))
    ]
    with pytest.raises(InputFaults) as caught:
        compare(read_area("worcestershire"), here, Settings(draws=2, current_year=2026, horizon=1))
    told = str(caught.value)
    assert "did you mean 'Wyre Forest'" in told
    assert "did you mean 'Malvern Hills'" in told


def test_one_scenario_cannot_be_compared():
    with pytest.raises(TooFew, match="1 scenario cannot be compared; name 2 or more"):
        compare(read_area("worcestershire"), [read_scenario("baseline")], Settings(current_year=2026))
