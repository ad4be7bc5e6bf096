"""Laws of a size: on an area of published figures, and on one with places of its own."""

from dataclasses import replace

import numpy as np
import pytest
from builders_size import DRAWS, EXAMPLETON, MALVERN, PRIMARY, answered, exampleton, futures, malvern

from forecast.decide.ask import Ask
from forecast.decide.futures import few_of
from forecast.decide.newsvendor import cost_of, too_few
from forecast.decide.replay import NoReplay
from forecast.decide.replayed import longest_replay, replayed
from forecast.decide.wanted import NobodyShort, wanted
from forecast.scenario.worlds import World

BOTH = pytest.mark.parametrize("made", [malvern, exampleton])


@BOTH
def test_more_caution_never_means_fewer_places(made):
    rows = made().by_year
    assert (np.diff(rows[["p10", "p50", "p80", "p90"]].to_numpy(), axis=1) >= 0).all()


@BOTH
def test_a_bigger_school_is_never_fuller_and_never_leaves_more_without(made):
    table = made().by_size.set_index(["size", "year"]).unstack("year")
    assert (table["short"].diff().dropna() <= 1e-9).all().all()
    assert (table["full"].diff().dropna() <= 0).all().all()
    assert (table["tenth_empty"].diff().dropna() >= 0).all().all()


@BOTH
def test_opening_later_never_helps(made):
    sized = made()
    later = answered(sized.case.projection.about.name.lower(), sized.case.ask.model_copy(update={"opens": "2029-09"}))
    size = sized.target

    def short(one):
        return (one.case.wanted - np.minimum(one.case.wanted, size * one.case.open_share)).mean(axis=0)

    assert (short(later) >= short(sized) - 1e-9).all()


@BOTH
def test_the_cheapest_size_is_cheaper_than_its_neighbours(made):
    sized = made()
    case = sized.case
    costs = [
        float(cost_of(size, case.wanted, case.open_share, case.prices).total.mean())
        for size in (sized.cheapest - 1, sized.cheapest, sized.cheapest + 1)
    ]
    assert costs[1] <= min(costs[0], costs[2])


@BOTH
def test_stages_are_whole_classes_and_both_are_enough_for_most(made):
    sized = made()
    each, stages = sized.case.ask.class_size, sized.stages
    assert stages.firm % each == stages.second % each == 0
    assert stages.both >= sized.children(sized.case.years[sized.case.ready])["p80"]
    assert stages.firm <= sized.children(sized.case.years[sized.case.ready])["p50"] + 1e-3


@BOTH
def test_some_size_is_best_in_each_world_and_the_least_worst_is_among_them(made):
    sized = made()
    least = sized.regret.groupby("world")["regret"].min()
    assert set(least.index) == {world.words for world in World}
    assert least.to_numpy() == pytest.approx(0)
    worst = sized.regret.groupby("size")["regret"].max()
    assert worst[sized.least_regret] == pytest.approx(worst.min())
    assert sized.compared == min(DRAWS, 50)


@pytest.mark.parametrize(("name", "ask"), [("worcestershire", MALVERN), ("exampleshire", EXAMPLETON)])
def test_no_other_world_wants_more_places_than_the_trend(name, ask):
    last = {
        world: float(wanted(projection, ask).isel(year=-1).mean()) for world, projection in futures(name).worlds.items()
    }
    assert last[World.TREND] >= last[World.SATURATING] - 1
    assert last[World.TREND] > last[World.STARTS_HELD_FLAT]
    assert last[World.TREND] > last[World.WHITE_PAPER]


def test_the_world_asked_for_is_the_same_in_its_few_futures_as_in_all():
    made = futures("worcestershire")
    trend, few = made.worlds[World.TREND], few_of(DRAWS)
    assert (wanted(trend, MALVERN) == wanted(made.projection, MALVERN).isel(draw=few)).all()


def test_few_futures_are_taken_evenly_from_both_halves():
    assert few_of(200) == [*range(25), *range(100, 125)]
    assert few_of(7) == list(range(7))
    assert max(few_of(201)) < 201


def test_more_needs_and_districts_want_no_fewer_places():
    county = answered("exampleshire", Ask(opens="2027-09"))
    assert county.children(2033)["mean"] > exampleton().children(2033)["mean"]


def test_where_places_are_listed_a_school_relieves_at_least_its_own_children():
    sized = exampleton()
    assert sized.case.short
    assert (sized.relief["mean"] >= sized.by_year["mean"] - 1e-3).all()
    assert malvern().relief is None
    assert not malvern().case.short


def test_with_freed_places_everything_rests_on_whom_the_school_could_relieve():
    own, freeing = exampleton(), answered("exampleshire", EXAMPLETON.model_copy(update={"freeing": True}))
    assert freeing.by_year[["mean", "p80"]].to_numpy() == pytest.approx(own.relief[["mean", "p80"]].to_numpy())
    assert freeing.cheapest > own.cheapest
    assert freeing.stages.both > own.stages.both
    assert freeing.regret["cost"].min() > own.regret["cost"].min()


def test_where_nobody_is_known_to_be_short_no_place_can_be_freed():
    with pytest.raises(NobodyShort, match="ask without --freeing"):
        answered("worcestershire", MALVERN.model_copy(update={"freeing": True}))


def test_children_in_other_places_make_the_school_bigger():
    assert answered("exampleshire", EXAMPLETON, need_based=True).cheapest > exampleton().cheapest


def test_a_size_that_is_asked_about_is_among_those_looked_at():
    sized = answered("exampleshire", EXAMPLETON.model_copy(update={"places": 37}))
    assert sized.target == 37
    assert sized.fullness(37, 2033)["open"] > 0


def test_a_question_about_a_phase_counts_no_other():
    primary = Ask(nc_from=PRIMARY[0], nc_to=PRIMARY[1], opens="2027-09")
    projection = futures("worcestershire").projection
    now = projection.demand.isel(year=0).sel(provision="special", phase="primary").sum(["district", "need"])
    assert answered("worcestershire", primary).case.now == pytest.approx(float(now.mean()))


def test_bases_are_costed_as_bases():
    base = answered("exampleshire", EXAMPLETON.model_copy(update={"provision": "base"}))
    assert base.case.kind == "base"
    own = base.prices[base.prices["item"].eq("place") & base.prices["of"].eq("base")]
    assert own["value"].item() < 24_500


def test_every_price_of_the_other_ways_is_listed_once():
    prices = exampleton().prices
    rows = {
        (item, kind) for item, kinds in zip(prices["item"], prices["of"], strict=True) for kind in kinds.split(", ")
    }
    assert rows >= {
        ("capital", "special"), ("capital", "base"), ("capital_satellite", "special"), ("capital_expansion", "special"),
        ("place", "base"), ("place", "mainstream"), ("place", "independent"), ("empty", "base"),
    }  # fmt: skip
    assert not prices.duplicated(["item", "source", "value"]).any()


def test_without_other_worlds_nothing_is_said_of_regret():
    sized = answered("worcestershire", MALVERN, worlds=False)
    assert sized.least_regret is None
    assert sized.regret.empty
    assert sized.cheapest == malvern().cheapest


def test_the_longest_replay_is_the_latest_one_that_looks_five_years_ahead():
    found = longest_replay(futures("worcestershire").area, malvern().case)
    assert (found.origin, found.ahead) == (2020, 5)
    counted = longest_replay(futures("exampleshire").area, exampleton().case)
    assert counted.by_year["year"].max() == 2025
    other = replace(malvern().case, setting=replace(malvern().case.setting, provision="base"))
    assert longest_replay(futures("worcestershire").area, other) is None


def test_a_published_area_is_replayed_as_a_whole_and_a_counted_one_by_its_group():
    published = replayed(futures("worcestershire").area, malvern().case, 2019)
    assert published.came == 1836
    case = malvern().case
    assert published.short == pytest.approx(float(too_few(case.prices).mean()))
    assert published.short < float(case.few.mean())
    cheap = replace(case, prices=replace(case.prices, independent=0.0))
    with pytest.raises(NoReplay, match=r"too few costs nothing.*costs\.csv"):
        replayed(futures("worcestershire").area, cheap, 2019)
    counted = replayed(futures("exampleshire").area, exampleton().case, 2023)
    assert counted.group.districts == ("Exampleton",)
    with pytest.raises(NoReplay, match="choose"):
        replayed(futures("worcestershire").area, malvern().case, 2031)
    base = replace(malvern().case, setting=replace(malvern().case.setting, provision="base"))
    with pytest.raises(NoReplay, match="state special schools only"):
        replayed(futures("worcestershire").area, base, 2019)
