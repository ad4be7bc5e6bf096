"""The register of places: what is open in each January, and the luck of schools that are only planned."""

from statistics import NormalDist

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.bundled import bundled
from forecast.places.register import ages_of, drawn_register, places_open, share_open, told_of

YEARS = list(range(2025, 2036))
DRAWS, SEED = 4_000, 1
LATE = read_assumptions(bundled("data", "assumptions.yaml"))["delay_months"]


def school(name="Riverside", **fields):
    row = {
        "school": name, "site": "", "district": "North", "serves": "all", "lat": np.nan, "lon": np.nan,
        "provision": "special", "needs": "all", "nc_from": -1, "nc_to": 14, "places": 100, "taken_by_others": 0,
        "opens": "", "closes": "", "probability": np.nan, "delay": np.nan, "ramp": "", "assumed": False, "source": "",
    }  # fmt: skip
    return row | fields


def drawn(*rows, draws=DRAWS, years=YEARS):
    return drawn_register(pd.DataFrame(rows), years, draws, SEED, LATE).open


def on_time(**fields):
    """Places at each January of a school that opens when it says, for certain."""
    return drawn(school(delay=0.0, **fields), draws=2).isel(draw=0, place=0).to_numpy().tolist()


def test_a_school_that_is_open_has_its_places_less_those_of_other_areas():
    assert on_time(places=80, taken_by_others=10, ramp="0.5;1") == [70] * len(YEARS)


def test_a_school_counts_from_the_first_january_after_it_opens_and_fills_as_its_ramp_says():
    assert on_time(opens="2027-09", ramp="0.3;0.5;1")[:6] == [0, 0, 0, 30, 50, 100]
    assert on_time(opens="2028-01")[:4] == [0, 0, 0, 100]
    assert on_time(opens="2028-02")[:5] == [0, 0, 0, 0, 100]


def test_a_school_that_closes_has_no_places_from_the_january_after():
    assert on_time(closes="2027-08")[:4] == [100, 100, 100, 0]
    assert on_time(closes="2027-01")[:3] == [100, 100, 0]


def test_a_planned_school_is_built_in_the_share_of_futures_that_its_chance_says():
    opened = drawn(school(opens="2026-09", probability=0.7, delay=0.0)).isel(place=0)
    assert (opened.sel(year=2030) > 0).mean().item() == pytest.approx(0.7, abs=0.02)
    built = opened.sel(year=2030) > 0
    assert ((opened > 0).sel(year=2027) == built).all()


def test_half_of_the_futures_open_later_than_the_middle_delay_and_a_tenth_later_than_the_high_one():
    opened = drawn(school(opens="2026-09")).isel(place=0) > 0
    assert opened.sel(year=2028).mean().item() == pytest.approx(share_within(2028 * 12 + 1 - 2026 * 12 - 9), abs=0.02)
    assert opened.sel(year=2029).mean().item() > 0.9 - 0.02
    assert opened.sel(year=2026).sum().item() == 0


def share_within(months):
    """Share of futures late by no more than so many months, from the assumption's three numbers."""
    width = LATE.high - LATE.value if months >= LATE.value else LATE.value - LATE.low
    return NormalDist().cdf((months - LATE.value) / width * NormalDist().inv_cdf(0.9))


def test_what_is_expected_is_the_mean_of_the_futures():
    rows = [school(opens="2026-09", probability=0.7, ramp="0.3;0.6;1"), school("Hilltop", opens="2028-01", delay=20.0)]
    expected = places_open(pd.DataFrame(rows), ["special", "base"], YEARS, LATE)
    mean = drawn(*rows).mean("draw").sum("place")
    np.testing.assert_allclose(expected.sel(provision="special"), mean, atol=3)
    assert expected.sel(provision="base").isnull().all()


def test_another_school_beside_it_changes_nothing_for_a_school():
    riverside = school(opens="2026-09", probability=0.5)
    alone = drawn(riverside)
    beside = drawn(school("Hilltop", opens="2027-09", probability=0.5), riverside)
    assert (alone.isel(place=0).to_numpy() == beside.isel(place=1).to_numpy()).all()
    hilltop = beside.isel(place=0).sel(year=2034) > 0
    both = (hilltop & (alone.isel(place=0).sel(year=2034) > 0)).mean().item()
    assert both == pytest.approx(0.25, abs=0.03)


def test_departments_and_stages_of_a_school_are_built_and_late_together():
    first = school(opens="2026-09", probability=0.5)
    second = school(opens="2028-09", probability=0.3, nc_from=7, places=40)
    annexe = school(opens="2026-09", probability=0.5, site="Elsewhere")
    opened = drawn(first, second, annexe).sel(year=2035) > 0
    one, other, apart = (opened.isel(place=at) for at in range(3))
    assert other.mean().item() == pytest.approx(0.3, abs=0.02)
    assert (one | ~other).all()
    assert (one & apart).mean().item() == pytest.approx(0.25, abs=0.03)


def test_another_month_of_opening_leaves_it_to_the_same_luck_whether_a_school_is_built():
    sooner, later = (drawn(school(opens=month, probability=0.5)).sel(year=2035) > 0 for month in ("2026-09", "2027-09"))
    assert (sooner.to_numpy() == later.to_numpy()).all()


def test_a_future_is_the_same_in_whatever_company_it_is_drawn():
    row = school(opens="2026-09", probability=0.5)
    assert (drawn(row, draws=50).to_numpy() == drawn(row)[:50].to_numpy()).all()


@given(month=st.integers(1, 12), more=st.integers(1, 40), delay=st.floats(0, 40))
def test_opening_later_never_gives_more_places(month, more, delay):
    later = f"{2026 + (month + more - 1) // 12}-{(month + more - 1) % 12 + 1:02d}"
    first = school(opens=f"2026-{month:02d}", ramp="0.3;0.6;1", delay=delay)
    luck = np.linspace(0, 30, 7)
    assert (share_open({**first, "opens": later}, YEARS, luck) <= share_open(first, YEARS, luck)).all()


def test_a_register_of_assumed_places_alone_is_none_and_beside_listed_ones_they_do_not_count():
    assumed = school("Now", assumed=True)
    assert drawn_register(pd.DataFrame([assumed]), YEARS, 2, SEED, LATE) is None
    both = pd.DataFrame([assumed, school()])
    assert drawn_register(both, YEARS, 2, SEED, LATE).rows["school"].tolist() == ["Riverside"]
    assert told_of(both)["school"].tolist() == ["Riverside"]
    assert told_of(both[:1])["school"].tolist() == ["Now"]
    assert ages_of(both) == [(-1, 14), (-1, 14)]


def test_places_of_each_kind_are_summed_future_by_future():
    table = pd.DataFrame([school(), school("Base", provision="base", places=20), school("Annexe", places=7)])
    found = drawn_register(table, YEARS, 3, SEED, LATE).by_provision(["base", "special", "alternative"])
    assert found.isel(draw=0, year=0).to_numpy()[:2].tolist() == [20, 107]
    assert found.sel(provision="alternative").isnull().all()
