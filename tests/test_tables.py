from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_projection import PROVISIONS, small_projection, with_places, with_real_places

from forecast.domain import SPECIALIST
from forecast.places.sufficiency import places_needed
from forecast.report.tables import (
    RATE_APPLIED,
    all_tables,
    district_table,
    labels_table,
    needs_that_grow_most,
    places_table,
    plans_table,
    special_rates_table,
    year_ahead,
)

FIVE = [provision.value for provision in SPECIALIST]
HISTORY = pd.DataFrame(
    {
        "year": [2019, 2023],
        "pupils": [77_200, 79_000],
        "special": [1_467, 1_485],
        "england_pupils": [8_000_000, 8_100_000],
        "england_special": [112_000, 133_000],
    }
)


@pytest.fixture(scope="module")
def published():
    return small_projection()


@pytest.fixture(scope="module")
def counted():
    return with_real_places()


def line(table, measure, year=2032, **labels):
    chosen = table[(table["year"] == year) & (table["measure"] == measure)]
    for axis, label in labels.items():
        chosen = chosen[chosen[axis] == label]
    (row,) = chosen.to_dict("records")
    return row


def draws(projection, provisions, year=2032, **labels):
    """Children by draw, straight from the numbers."""
    chosen = projection.demand.sel(provision=provisions, year=year, **labels)
    return chosen.to_numpy().reshape(chosen.sizes["draw"], -1).sum(axis=1)


def test_a_line_of_the_table_is_the_quantile_of_its_sum(counted):
    row = line(places_table(counted), "children", provision="special", phase="secondary")
    by_hand = draws(counted, ["special"], phase="secondary")
    assert row["mean"] == pytest.approx(by_hand.mean())
    assert [row[name] for name in ("p10", "p50", "p80", "p90")] == pytest.approx(
        np.quantile(by_hand, [0.1, 0.5, 0.8, 0.9])
    )


def test_all_specialist_places_are_the_five_kinds_in_every_phase(counted):
    row = line(places_table(counted), "children", provision="all specialist places", phase="all phases")
    by_hand = draws(counted, FIVE)
    assert (row["mean"], row["p90"]) == pytest.approx((by_hand.mean(), np.quantile(by_hand, 0.9)))


def test_more_than_now_is_the_change_since_the_latest_census(counted):
    row = line(places_table(counted), "more than now", provision="base", phase="all phases")
    change = draws(counted, ["base"]) - draws(counted, ["base"], year=2025)
    assert row["p10"] == pytest.approx(np.quantile(change, 0.1))
    assert line(places_table(counted), "more than now", 2025, provision="base", phase="primary")["p90"] == 0


def test_means_of_phases_add_up_to_all_phases(counted):
    table = places_table(counted)
    means = table[table["measure"] == "children"].pivot_table("mean", "phase", ["provision", "year"], sort=False)
    np.testing.assert_allclose(means.drop(index="all phases").sum(), means.loc["all phases"])


def test_a_row_is_named_by_line_year_and_measure(published):
    table = places_table(published, by=("need",))
    assert list(table.columns) == [*("need", "year", "academic_year", "measure", "mean", "p10", "p50", "p80", "p90")]
    assert not table.duplicated(["need", "year", "measure"]).any()
    assert table["need"].unique().tolist() == [*published.about.needs, "all needs"]
    assert table.loc[table["year"] == 2032, "academic_year"].unique().tolist() == ["2031/32"]


def test_estimates_from_published_figures_are_whole_children(published, counted):
    assert (places_table(published)[["mean", "p10", "p50", "p80", "p90"]] % 1 == 0).all(axis=None)
    assert (places_table(counted)["mean"] % 1 != 0).any()


def test_where_places_are_assumed_no_table_sets_children_against_them(published):
    for name, table in all_tables(published, HISTORY).items():
        if "measure" in table:
            assert set(table["measure"]) == {"children", "more than now"}, name


def test_places_short_at_p80_are_the_places_needed_to_be_ready_for_8_futures_in_10(counted):
    table = places_table(counted)
    demand, places = draws(counted, ["special"]), counted.places.sel(year=2032, provision="special")
    row = line(table, "short", provision="special", phase="all phases")
    assert row["p80"] == pytest.approx(places_needed(xr.DataArray(demand, dims="draw"), places, 0.8).item())
    chance = line(table, "chance short", provision="special", phase="all phases")
    assert chance["mean"] == pytest.approx((demand > places.item()).mean())
    assert np.isnan(chance["p10"])


def test_a_spare_place_of_one_kind_is_no_place_of_another(counted):
    everyone = draws(counted, FIVE).max()
    places = xr.full_like(counted.places, float(everyone)).where(counted.places["provision"] != "base", 0.0)
    roomy = with_places(counted, places)
    row = line(places_table(roomy), "short", provision="all specialist places", phase="all phases")
    assert row["mean"] == pytest.approx(draws(counted, ["base"]).mean())
    assert row == line(places_table(roomy, by=("provision",)), "short", provision="all specialist places") | {
        "phase": "all phases"
    }
    assert line(places_table(roomy, by=()), "short")["mean"] == row["mean"]


def test_one_kind_without_listed_places_leaves_the_whole_unsaid(counted):
    table = places_table(counted)
    told = set(table.loc[table["measure"] == "short", "provision"])
    assert told == {"special", "base", "alternative"}
    assert set(table.loc[table["measure"] == "short", "phase"]) == {"all phases"}


def test_local_labels_count_as_what_they_mean(published):
    names = {"special": "our special schools", "independent": "special schools over the border"}
    labels = [names.get(label, label) for label in PROVISIONS]
    means = dict(zip(labels, PROVISIONS, strict=True)) | {"special schools over the border": "special"}
    about = published.about.model_copy(update={"provisions": means})
    moved = replace(
        published,
        about=about,
        demand=published.demand.assign_coords(provision=labels),
        places=published.places.assign_coords(provision=labels),
    )
    lines = places_table(moved)["provision"].unique().tolist()
    assert lines[:2] == ["our special schools", "special schools over the border"]
    before = line(places_table(published), "children", provision="all specialist places", phase="all phases")
    after = line(places_table(moved), "children", provision="all specialist places", phase="all phases")
    assert before == after


def test_all_plans_are_every_child_with_a_plan(published):
    for by in ("provision", "need"):
        row = line(plans_table(published, by), "children", **{by: "all plans"})
        assert row["mean"] == round(draws(published, PROVISIONS).mean())


def test_needs_come_in_order_of_growth_and_growth_is_on_top_of_now(counted):
    table = needs_that_grow_most(counted, 2032)
    assert table["mean"].is_monotonic_decreasing
    top = table.iloc[0]
    assert top["now"] == draws(counted, FIVE, year=2025, need=top["need"])[0]
    assert top["now"] + top["mean"] == pytest.approx(draws(counted, FIVE, need=top["need"]).mean())


def test_district_figures_always_say_what_they_are(published, counted):
    table = district_table(published)
    assert RATE_APPLIED == "the county's rate applied to this district's children"
    assert set(table.loc[table["district"] != "all districts", "basis"]) == {RATE_APPLIED}
    assert RATE_APPLIED not in set(district_table(counted)["basis"])


def test_the_two_special_school_rates_keep_apart(published):
    table = special_rates_table(published, HISTORY).set_index(["definition", "year"])
    schools = table.loc["special_rate_schools"]
    assert schools["children"].tolist() == [386, 188]
    assert schools["rate"].round(3).tolist() == [0.019, 0.019]
    assert table.loc["special_rate_residents"].index.tolist() == published.demand["year"].to_numpy().tolist()


def test_the_forecast_rate_is_against_the_same_years_england(published):
    table = special_rates_table(published)
    assert set(table["definition"]) == {"special_rate_residents"}
    row = table.set_index("year").loc[2032]
    people = published.population.sel(year=2032, nc_year=slice(0, 13)).sum().item()
    england = published.england_special_rate.sel(year=2032).item()
    placed = draws(published, ["special", "special_nonmaintained"])
    assert row["rate_p90"] == pytest.approx(np.quantile(placed, 0.9) / people)
    assert row["children"] == round(placed.mean() - england * people)
    assert row["england_rate"] == england


def test_the_year_of_headlines_is_five_years_on_or_the_last(published):
    assert year_ahead(published) == 2032
    short = replace(published, demand=published.demand.sel(year=slice(2025, 2029)))
    assert year_ahead(short) == 2029


def test_every_label_in_the_tables_is_explained(published):
    explained = set(labels_table(published.about)["label"])
    assert explained == {*published.about.needs, *published.about.provisions}
