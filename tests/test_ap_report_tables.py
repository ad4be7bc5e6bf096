"""Alternative provision in tables: three counts kept apart, parts that make their whole, nobody counted twice."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_ap_forecast import HEADROOM, SETTINGS, counted_with_ap, made_up_ap, published_with_ap
from builders_projection import small_projection, with_real_places

from forecast import cli
from forecast.domain import WITHOUT_PLAN
from forecast.report.ap_tables import (
    AP,
    ARRIVALS,
    DISTRICT,
    EVERYBODY,
    EVERYONE,
    FROM_ROLLS,
    HEADCOUNT,
    KEY_STAGE,
    PEAK,
    PLACE_YEARS,
    REASON,
    RETURNS,
    SETTING,
    STAY,
    SUPPORTED,
    TIER,
    WANTED,
    WITH_PLAN,
    WORKED_BACK,
    ap_table,
    ap_tables,
    everyone_table,
)
from forecast.report.tables import RATE_APPLIED

WHEN = 2030


@pytest.fixture(scope="module")
def projection():
    return counted_with_ap()


@pytest.fixture(scope="module")
def table(projection):
    return ap_table(projection, projection.ap)


@pytest.fixture(scope="module")
def published():
    made = published_with_ap()
    return ap_table(made, made.ap)


def rows(table, **labels):
    return table[np.logical_and.reduce([table[name] == label for name, label in labels.items()])]


def mean(table, measure, by="all", line="all", setting="all", year=WHEN):
    (found,) = rows(table, measure=measure, by=by, line=line, setting=setting, year=year)["mean"]
    return found


def test_children_on_roll_are_those_of_every_cell_added_up_in_each_future(projection, table):
    on_roll = projection.ap.headcount.to_numpy()[:, 5].sum(axis=(1, 2, 3, 4))
    (row,) = rows(table, measure=HEADCOUNT, by="all", year=WHEN).to_dict("records")
    assert row["mean"] == pytest.approx(on_roll.mean())
    assert row["p90"] == pytest.approx(np.quantile(on_roll, 0.9))


def test_quantiles_are_of_the_sum_and_are_no_sums_of_quantiles(projection, table):
    whole = rows(table, measure=PEAK, by=SETTING, line="ap_school", year=WHEN)
    parts = rows(table, measure=PEAK, by=KEY_STAGE, setting="ap_school", year=WHEN)
    fullest = projection.ap.peak.to_numpy()[:, 5, :, :, 0].sum(axis=(1, 2))
    assert whole["p90"].item() == pytest.approx(np.quantile(fullest, 0.9))
    assert whole["p90"].item() != pytest.approx(parts["p90"].sum())
    assert whole["mean"].item() == pytest.approx(parts["mean"].sum())


@pytest.mark.parametrize("measure", [ARRIVALS, HEADCOUNT, PLACE_YEARS])
@pytest.mark.parametrize("by", [SETTING, KEY_STAGE, REASON, DISTRICT])
def test_parts_make_their_whole(table, measure, by):
    scope = {} if by == SETTING else {"setting": "all"}
    parts = rows(table, measure=measure, by=by, year=WHEN, **scope)
    assert len(parts) > 1
    assert parts["mean"].sum() == pytest.approx(mean(table, measure))


def test_children_places_on_average_and_places_in_the_fullest_month_are_three_different_numbers(table):
    for setting in SETTINGS:
        on_roll, average, fullest, wanted = (
            mean(table, name, SETTING, setting, setting) for name in (HEADCOUNT, PLACE_YEARS, PEAK, WANTED)
        )
        assert on_roll > average
        assert fullest == pytest.approx(1.2 * average, rel=0.1)
        assert wanted == pytest.approx(fullest * (1 + HEADROOM))


def test_those_who_come_times_their_mean_stay_are_those_on_roll(table):
    for by, line, setting in (("all", "all", "all"), (KEY_STAGE, "ks4", "ap_school"), (REASON, "medical", "all")):
        days = mean(table, STAY, by, line, setting)
        assert mean(table, ARRIVALS, by, line, setting) * days / 365 == pytest.approx(
            mean(table, HEADCOUNT, by, line, setting), rel=0.01
        )


def test_tiers_that_take_a_place_make_all_who_are_on_roll_and_outreach_takes_none(table):
    on_roll = rows(table, measure=HEADCOUNT, by=TIER, setting="all", year=WHEN).set_index("line")["mean"]
    assert set(on_roll.index) == {"short", "transition"}
    assert on_roll.sum() == pytest.approx(mean(table, HEADCOUNT))
    assert mean(table, SUPPORTED, TIER, "outreach") == mean(table, SUPPORTED) == 120
    assert mean(table, RETURNS) < mean(table, ARRIVALS)


def test_a_setting_that_was_never_counted_is_left_out_and_not_nought():
    made = published_with_ap(counted={"ap_school": 2023})
    table, everyone = ap_tables(made).values()
    assert set(table["setting"]) == {"all", "ap_school"}
    assert set(everyone["setting"]) == {"all", "ap_school"}


def test_outreach_that_nobody_counts_or_supposes_is_not_said_to_be_nought():
    made = published_with_ap()
    table = ap_table(made, replace(made.ap, supported=made.ap.supported * 0))
    assert SUPPORTED not in set(table["measure"])


def test_estimates_are_whole_and_a_councils_own_are_as_they_are(table, published):
    statistics = ["mean", "p10", "p50", "p80", "p90"]
    assert (published[statistics] % 1 == 0).all(axis=None)
    assert (table[statistics] % 1 != 0).any(axis=None)


def test_what_is_worked_back_or_lent_by_the_county_is_marked_in_its_row(published):
    assert set(rows(published, measure=ARRIVALS)["basis"]) == {WORKED_BACK}
    assert set(rows(published, measure=HEADCOUNT, by=REASON)["basis"]) == {WORKED_BACK}
    assert set(rows(published, measure=HEADCOUNT, by=DISTRICT)["basis"]) == {RATE_APPLIED}
    assert set(rows(published, measure=HEADCOUNT, by=SETTING)["basis"]) == {FROM_ROLLS}


def test_no_row_is_there_twice_and_every_number_is_known(table, published):
    for one in (table, published):
        assert not one.duplicated(["by", "line", "setting", "year", "measure"]).any()
        assert one.notna().all(axis=None)


def test_those_with_a_plan_and_those_without_make_the_places_that_ap_schools_fill():
    made = with_real_places(synthetic=True)
    made = replace(made, ap=made_up_ap(made, basis="records"))
    everyone = everyone_table(made, made.ap)
    claimed = made.claims.sel(provision="alternative", year=WHEN).sum(["district", "need", "band"]).to_numpy()
    (both,) = rows(everyone, who=EVERYBODY, setting="ap_school", measure=PEAK, year=WHEN).to_dict("records")
    assert both["mean"] == pytest.approx(claimed.mean())
    assert both["p10"] == pytest.approx(np.quantile(claimed, 0.1))


def test_the_sum_of_everyone_counts_children_with_a_plan_once(projection):
    everyone = rows(everyone_table(projection, projection.ap), measure=HEADCOUNT, year=WHEN)
    by = everyone.set_index(["who", "setting"])["mean"]
    with_plan = projection.demand.sel(year=WHEN, provision="alternative").sum(["district", "need", "phase"])
    assert by[WITH_PLAN, "ap_school"] == pytest.approx(float(with_plan.mean()))
    without = by[WITHOUT_PLAN].drop("all")
    assert set(without.index) == set(SETTINGS)
    assert by[EVERYBODY, "all"] == pytest.approx(by[WITH_PLAN, "ap_school"] + without.sum())


def test_an_area_without_such_a_kind_of_place_has_only_those_without_a_plan():
    made = published_with_ap()
    about = made.about.model_copy(update={"provisions": made.about.provisions | {"alternative": "own"}})
    everyone = everyone_table(replace(made, about=about), made.ap)
    assert set(everyone["who"]) == {WITHOUT_PLAN}


def test_a_run_has_both_tables_only_where_something_is_known(projection):
    assert ap_tables(small_projection()) == {}

    class Folder:
        special_rates = pd.DataFrame()

    assert {AP, EVERYONE} <= set(cli._tables(projection, Folder()))  # noqa: SLF001 - what `run` writes
    assert AP not in cli._tables(small_projection(), Folder())  # noqa: SLF001


def test_stays_that_differ_by_setting_are_each_settings_own(projection):
    settings = xr.DataArray([1.0, 2.0, 0.5], coords={"setting": SETTINGS}, dims="setting")
    ap = replace(projection.ap, stay=projection.ap.stay * settings)
    found = ap_table(projection, ap)
    own = ap.arrivals.sel(setting="la_funded", year=WHEN)
    days = float((own * ap.stay.sel(setting="la_funded", year=WHEN)).sum() / own.sum())
    assert mean(found, STAY, SETTING, "la_funded", "la_funded") == pytest.approx(days, rel=0.01)
    every = ap.arrivals.sel(year=WHEN)
    assert mean(found, STAY) == pytest.approx(float((every * ap.stay.sel(year=WHEN)).sum() / every.sum()), rel=0.01)
