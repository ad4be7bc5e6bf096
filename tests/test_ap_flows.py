"""Rates of arrival from a council's own counts, held to the truth that made them."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.ap import flows
from forecast.ap.given import REASONS, SETTINGS, STAGES, assumed_stays
from forecast.ap.stays import stays as stays_of
from forecast.ap.stays import transition
from forecast.inputs.reference_ap import read_ap_figures

DISTRICTS = ["North", "South", "East"]
ENGLAND = xr.DataArray(
    np.full((5, 5, 3), 0.0005),
    {"key_stage": STAGES, "reason": REASONS, "setting": SETTINGS},
    ("key_stage", "reason", "setting"),
)
EXPOSED = xr.DataArray(
    np.full((3, 5), 30_000.0), {"district": DISTRICTS, "key_stage": STAGES}, ("district", "key_stage")
)


def arrivals(rng, rate, years=(2022, 2023, 2024), swing=0.0):
    """Rows of ap_arrivals.csv, of one setting, 10,000 residents in every district and key stage."""
    rows = []
    for year in years:
        good = rng.gamma(1 / swing, swing) if swing else 1.0
        for district in DISTRICTS:
            for stage in STAGES:
                for reason in REASONS:
                    count = rng.poisson(10_000 * rate[reason] * good)
                    rows.append(
                        (year, 12, district, "ap_school", reason, stage, "short", "without", count, "simulated")
                    )
    names = ["year", "months", "district", "setting", "reason", "key_stage", "tier", "plan", "children", "source"]
    return pd.DataFrame(rows, columns=names)


RATE = {"exclusion": 0.001, "time_limited": 0.003, "medical": 0.0008, "awaiting": 0.0002, "other": 0.0005}


def test_children_who_came_are_all_in_the_table():
    rows = arrivals(np.random.default_rng(1), RATE)
    found = flows.table(rows, DISTRICTS)
    assert int(found.sum()) == int(rows["children"].sum())
    cell = rows[(rows["year"] == 2023) & (rows["district"] == "East") & (rows["reason"] == "medical")]
    assert int(found.sel(year=2023, district="East", reason="medical").sum()) == int(cell["children"].sum())


def test_years_of_the_pandemic_and_children_with_a_plan_make_no_level():
    rows = arrivals(np.random.default_rng(1), RATE, years=(2019, 2020, 2021, 2022, 2023))
    rows.loc[rows["reason"] == "other", "plan"] = "with"
    level = flows.levels(rows)
    assert sorted(set(level["year"])) == [2019, 2022, 2023]
    assert "other" not in set(level["reason"])
    only = rows[rows["year"].isin([2020, 2021])]
    assert sorted(set(flows.levels(only)["year"])) == [2020, 2021]


def test_outreach_takes_no_place_and_makes_no_arrival():
    rows = arrivals(np.random.default_rng(1), RATE)
    rows.loc[rows["reason"] == "medical", "tier"] = "outreach"
    assert "medical" not in set(flows.levels(rows)["reason"])


def test_rates_come_back_with_ranges_that_hold_them():
    hits, cells = 0, 0
    for seed in range(12):
        counts = flows.table(arrivals(np.random.default_rng(seed), RATE), DISTRICTS).sum("year")
        drawn = flows.drawn(flows.pooled(counts, EXPOSED, ENGLAND, 1.0), 200, seed).sel(setting="ap_school")
        low, high = drawn.quantile([0.1, 0.9], "draw").transpose("quantile", ...)
        truth = xr.DataArray([RATE[reason] for reason in REASONS], {"reason": REASONS}, "reason")
        held = (low <= truth) & (truth <= high)
        hits, cells = hits + int(held.sum()), cells + held.size
    assert 0.74 < hits / cells < 0.9


@pytest.mark.parametrize("came", [3, 10, 40])
def test_the_ranges_of_the_whole_area_hold_whatever_the_number_of_districts(came):
    six = [f"district {at}" for at in range(6)]
    exposed = xr.DataArray(
        np.full((6, 5, 3), 5_000.0),
        {"district": six, "key_stage": STAGES, "setting": SETTINGS},
        ("district", "key_stage", "setting"),
    )
    rng, hits, cells = np.random.default_rng(came), 0, 0
    for seed in range(8):
        truth = came / 30_000
        lent = ENGLAND * 0 + truth * np.exp(0.5 * rng.choice([-1, 1], ENGLAND.shape))
        counts = xr.DataArray(
            rng.poisson(truth * 5_000, (6, 5, 5, 3)), {"district": six, **ENGLAND.coords}, ("district", *ENGLAND.dims)
        )
        drawn = flows.drawn(flows.pooled(counts, exposed, lent, 1.0), 200, seed).mean("district")
        low, high = drawn.quantile([0.1, 0.9], "draw").transpose("quantile", ...)
        held = (low <= truth) & (truth <= high)
        hits, cells = hits + int(held.sum()), cells + held.size
    assert 0.7 < hits / cells < 0.92


def test_a_district_of_few_children_is_drawn_towards_the_area_and_that_towards_england():
    counts = xr.zeros_like(ENGLAND.expand_dims(district=DISTRICTS))
    nobody = flows.pooled(counts, EXPOSED * 1e-9, ENGLAND, 1.0)["rate"]
    assert nobody.values == pytest.approx(np.broadcast_to(ENGLAND.values, nobody.shape), rel=1e-4)
    counts = counts.copy()
    counts.loc[{"district": "North"}] = 60.0
    found = flows.pooled(counts, EXPOSED, ENGLAND, 1.0)["rate"]
    assert (found.sel(district="South") > 0).all()
    assert (found.sel(district="South") < found.sel(district="North")).all()
    assert (found.sel(district="North") < 60 / 30_000).all()


def test_years_that_go_together_are_seen_and_widen_ranges():
    still = flows.table(arrivals(np.random.default_rng(3), RATE, years=range(2010, 2019)), DISTRICTS)
    lively = flows.table(arrivals(np.random.default_rng(3), RATE, years=range(2010, 2019), swing=0.15), DISTRICTS)
    whole = xr.DataArray(np.ones(9), {"year": list(range(2010, 2019))}, "year")
    assert flows.overdispersion(still, whole) == pytest.approx(1, abs=0.25)
    assert flows.overdispersion(lively, whole) > 2
    counts = still.sum("year")
    wide, narrow = (
        flows.drawn(flows.pooled(counts, EXPOSED, ENGLAND, spread), 200, 1).std("draw").sum() for spread in (4.0, 1.0)
    )
    assert float(wide) > 1.5 * float(narrow)


def test_the_swings_of_single_years_have_the_variance_that_was_seen():
    found = flows.swings(np.array([40.0]), 2.0, 4_000, 1)
    assert found.mean() == pytest.approx(1, abs=0.02)
    assert found.var() * 40 == pytest.approx(2, rel=0.1)
    assert (flows.swings(np.array([40.0]), 0.0, 10, 1) == 1).all()


def stays(setting, mean, rng, children=400):
    """Rows of ap_stays.csv of one setting, all ended."""
    days = np.maximum(rng.exponential(mean, children).astype(int), 1) // 7 * 7
    rows = pd.DataFrame({"days_from": days, "days_to": days + 7.0}).value_counts().reset_index(name="ended")
    labels = {"setting": setting, "reason": "time_limited", "key_stage": "ks3", "tier": "short", "plan": "without"}
    return rows.assign(returned=0, ongoing=0, **labels)


def test_stays_of_one_setting_are_not_mixed_with_anothers():
    rng = np.random.default_rng(6)
    rows = pd.concat([stays("ap_school", 250, rng), stays("school_arranged", 60, rng)], ignore_index=True)
    days, ended = stays_of(rows, read_ap_figures())
    cell = {"reason": "time_limited", "key_stage": "ks3", "tier": "short"}
    assert days.sel(cell | {"setting": "ap_school"}).item() == pytest.approx(250, rel=0.15)
    assert days.sel(cell | {"setting": "school_arranged"}).item() == pytest.approx(60, rel=0.15)
    assert ended.sel(cell).sel(setting=["ap_school", "school_arranged", "la_funded"]).values.tolist() == [400, 400, 0]
    assumed = assumed_stays(read_ap_figures()).sel(reason="medical", tier="short")
    for setting in SETTINGS:  # nobody came for this reason
        assert (days.sel(reason="medical", tier="short", setting=setting).values == assumed.values).all()


def test_those_who_take_a_transition_place_are_counted_by_setting():
    rows = arrivals(np.random.default_rng(1), RATE)
    rows = rows[rows["reason"] == "exclusion"]
    rows = pd.concat([rows.assign(tier="transition"), rows.assign(setting="la_funded")], ignore_index=True)
    share = transition(rows, read_ap_figures()).sel(reason="exclusion", key_stage="ks3")
    assert share.sel(setting="ap_school") > 0.8
    assert share.sel(setting="la_funded") < 0.2
    assert share.sel(setting="la_funded") < share.sel(setting="school_arranged") < share.sel(setting="ap_school")
