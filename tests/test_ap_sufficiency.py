"""Places of AP schools against everybody who fills them: children with a plan, and those without one beside them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest
from builders_ap_forecast import counted_with_ap, published_with_ap
from builders_projection import NEEDS
from builders_shortage import children, register, school

from forecast.decide.without_plan import fill, in_futures, share_without_plan, taken_without_plan
from forecast.domain import WITHOUT_PLAN
from forecast.inputs.reference_overflow import read_overflow
from forecast.places.overflow import queue_of
from forecast.places.shortage import eligible, shortage
from forecast.report.both_words import COUNTED
from forecast.report.sufficiency_tables import GROUP, PLAN, WHOLE, sufficiency_tables
from forecast.report.sufficiency_words import enough_reading, rules

AP, STATISTICS = "alternative", ["mean", "p10", "p50", "p80", "p90"]


@cache
def listed():
    """A council's own places, which children without a plan fill too."""
    found = counted_with_ap()
    return replace(found, short=shortage(found.claims, found.register))


@cache
def published():
    found = published_with_ap()
    bands = found.demand.rename(phase="band").assign_coords(band=[-4, 0, 7, 12, 15])
    return replace(found, by_band=bands)


def without(projection):
    """Full-time places that children without a plan fill in the fullest month, from the forecast itself."""
    return projection.ap.peak.sel(setting="ap_school").sum(["district", "key_stage"])


def with_plan(projection):
    return projection.demand.sel(provision=AP).sum(["district", "need", "phase"])


def lines(projection, by):
    table = sufficiency_tables(projection)["sufficiency"]
    return table[(table["provision"] == AP) & (table["by"] == by)]


def test_one_school_is_short_of_what_both_need_more_than_its_places():
    found = listed()
    places = found.register.by_provision([AP]).sel(provision=AP)
    needed = (with_plan(found) + without(found) - places).clip(min=0)
    short = found.short.short.sel(provision=AP).sum(["district", "need", "band"])
    np.testing.assert_allclose(short, needed, rtol=1e-5, atol=1e-3)
    assert needed.mean() > with_plan(found).mean() * 0.1


def test_children_without_a_plan_change_no_other_kind_of_place_by_a_bit():
    both, alone = listed(), counted_with_ap()
    plans = shortage(alone.by_band, alone.register)
    for kind in plans.short["provision"].to_numpy():
        if kind == AP:
            continue
        now = both.short.short.sel(provision=kind)
        assert now.sel(need=NEEDS).equals(plans.short.sel(provision=kind))
        assert not now.sel(need=WITHOUT_PLAN).any()
        assert both.short.spare.sel(provision=kind).equals(plans.spare.sel(provision=kind))


def test_an_area_that_counts_nobody_without_a_plan_has_the_tables_it_had():
    found = replace(counted_with_ap(), ap=None)
    assert found.claims is found.by_band
    table = sufficiency_tables(found)["sufficiency"]
    assert PLAN not in set(table["by"])


@pytest.mark.parametrize("made", [listed, published])
def test_those_with_a_plan_and_those_without_make_the_whole(made):
    parts = lines(made(), PLAN).pivot_table(index="year", columns="line", values="mean")
    whole = lines(made(), WHOLE).set_index("year")["mean"]
    assert list(parts.columns) == ["with a plan", "without a plan"]
    assert (parts.sum(axis=1) - whole).abs().max() <= 1.01  # each is rounded where figures are published
    assert (parts["without a plan"].iloc[1:] > 0).all()


def test_lines_by_need_are_of_children_with_a_plan():
    groups = lines(listed(), GROUP).groupby("year")["mean"].sum()
    plans = lines(listed(), PLAN).set_index(["line", "year"])["mean"]["with a plan"]
    np.testing.assert_allclose(groups, plans, rtol=1e-6)


def test_where_places_are_assumed_more_than_now_counts_both():
    found = published()
    filled = (with_plan(found) + without(found)).transpose("draw", "year").to_numpy().astype(float)
    more = filled - filled[:, :1]
    np.testing.assert_array_equal(lines(found, WHOLE)["mean"], more.mean(axis=0).round() + 0)
    np.testing.assert_array_equal(lines(found, WHOLE)["p80"], np.quantile(more, 0.8, axis=0).round() + 0)


def test_totals_of_plans_never_hold_a_child_without_one():
    found = published()
    assert found.demand.sizes["need"] == len(NEEDS)
    assert found.by_band.sum() == found.demand.sum()
    assert found.claims.sum() == found.demand.sum() + without(found).sum()


def test_a_place_for_some_needs_is_for_nobody_without_a_plan_unless_it_names_them():
    rows = pd.DataFrame([school(5), school(5, needs="SEMH"), school(5, needs=f"SEMH;{WITHOUT_PLAN}")])
    may = eligible(rows, ["North"], ["SEMH", WITHOUT_PLAN], [7])
    assert may[:, 0, :, 0].tolist() == [[True, True], [True, False], [True, True]]


def test_children_whom_no_school_takes_are_told_apart_whether_they_have_a_plan_or_not():
    wanted = children({("North", "SEMH", 7, "special"): 3})
    both = wanted.reindex(need=["ASD", "SEMH", WITHOUT_PLAN], fill_value=0)
    both.loc[{"district": "North", "need": WITHOUT_PLAN, "band": 7, "provision": "special"}] = 4
    found = shortage(both, register(school(5, needs="SEMH")))
    assert found.short.sel(need=WITHOUT_PLAN).isel(draw=0, year=0).sum() == 4
    assert found.of_served.isel(draw=0, year=0).sum() == 0


def test_sentences_name_both_and_say_in_which_month():
    found = listed()
    tables = sufficiency_tables(found)
    [said] = [each for each in enough_reading(found, tables) if each.startswith("Alternative")]
    assert said.startswith("Alternative provision (children with and without a plan): ")
    assert "have none, in the fullest month: both fill these places." in said
    assert COUNTED in rules(found)


def test_a_queue_has_the_places_that_children_without_a_plan_leave():
    found = listed()
    means, taken = {label: label for label in found.about.provisions}, taken_without_plan(found.ap, found.about)
    queues = [queue_of(found.register, means, read_overflow(), each) for each in (None, taken)]
    pools = [queue.capacity[..., queue.pool[list(means).index(AP)]] for queue in queues]
    others = without(found).transpose("draw", "year").to_numpy()
    np.testing.assert_array_equal(pools[1], np.maximum(pools[0] - others, 0))
    special = [queue.capacity[..., queue.pool[list(means).index("special")]] for queue in queues]
    np.testing.assert_array_equal(*special)


def test_some_futures_hold_the_same_children_as_all():
    found = published()
    few = in_futures(found.ap, [3, 5])
    assert few.peak.equals(found.ap.peak.sel(draw=[3, 5]))
    assert few.arrivals.sizes["draw"] == few.stay.sizes["draw"] == 2
    assert in_futures(None, [0]) is None


def test_the_share_without_a_plan_is_of_those_who_fill_ap_schools():
    found = published()
    year = 2031
    alone, both = (float(each.sel(year=year).mean()) for each in (without(found), without(found) + with_plan(found)))
    assert share_without_plan(found, year) == pytest.approx(alone / both)
    assert share_without_plan(replace(found, ap=None), year) == 0
    assert [kind for kind in found.about.provisions if fill(found, kind)] == [AP]
