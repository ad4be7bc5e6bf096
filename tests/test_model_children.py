"""Whole children: the expected roll by another route, with the luck of small numbers and nobody's neighbours'."""

import numpy as np
import pytest
import xarray as xr
from builders_model import busy, empty, expected, leaving_by_draw, simulated, unlimited, without, worcestershire_drivers
from scipy import stats

from forecast.axes import PHASE_OF
from forecast.domain import NC_YEARS, PHASES
from forecast.model import chunks
from forecast.model.children import simulate
from forecast.model.chunks import over_draws
from forecast.model.cohort import roll
from forecast.model.fixed import fixed

MANY = 2000
AXES = ("draw", "year", "district", "need", "nc_year", "provision")


def by_phase(pupils):
    """(draw, year, district, need, nc_year, provision) summed into phases."""
    labels = {"nc_year": list(NC_YEARS)}
    by_age = xr.DataArray(pupils, dims=AXES, coords=labels)
    phases = [by_age.isel(nc_year=np.flatnonzero(np.equal(PHASE_OF, phase))).sum("nc_year") for phase in range(5)]
    return xr.concat(phases, "phase").transpose(*("phase" if axis == "nc_year" else axis for axis in AXES)).to_numpy()


def in_one_cell(draws=MANY, children=200, years=(2026, 2027, 2028)):
    """Children of Year 7 in mainstream schools, who leave, move to special schools and are not joined."""
    drivers = empty(years, draws, districts=("Here",), needs=("ASD",), provisions=("mainstream", "special"))
    drivers["stock"].loc[{"nc_year": 7, "provision": "mainstream"}] = children
    drivers["leave"].loc[{"nc_year": [7, 8, 9]}] = 0.3
    drivers["move"].loc[{"nc_year": [7, 8, 9]}] = [[0.8, 0.2], [0.0, 1.0]]
    return drivers


def assert_mean_and_variance(counts, mean, variance, kurtosis=3.0):
    """Within four standard errors of each."""
    draws = len(counts)
    assert counts.mean() == pytest.approx(mean, abs=4 * np.sqrt(variance / draws))
    assert counts.var(ddof=1) == pytest.approx(variance, abs=4 * variance * np.sqrt((kurtosis - 1) / draws))


def test_the_latest_census_is_the_same_in_every_draw():
    drivers = busy(draws=3)
    census = simulated(drivers)[:, 0]
    stock = by_phase(drivers["stock"].to_numpy()[None, None])[0, 0]
    assert (census == stock).all()


def test_survivors_are_binomial():
    kept = simulated(in_one_cell()).sum(axis=(2, 3, 4))
    staying, moving = kept[:, 1].T
    assert_mean_and_variance(staying, 200 * 0.7 * 0.8, 200 * 0.56 * 0.44)
    assert_mean_and_variance(moving, 200 * 0.7 * 0.2, 200 * 0.14 * 0.86)
    assert_mean_and_variance(staying + moving, 200 * 0.7, 200 * 0.7 * 0.3)
    together = np.cov(staying, moving)[0, 1]
    assert together == pytest.approx(-200 * 0.56 * 0.14, abs=4 * 200 * np.sqrt(0.56 * 0.14 * 0.5 / MANY))


def test_a_draw_in_which_more_leave_keeps_fewer_and_disturbs_no_other():
    unlike = leaving_by_draw(in_one_cell(draws=4))
    found, rate = simulated(unlike), unlike["leave"].sel(nc_year=7, provision="mainstream").isel(need=0)
    for at in range(4):
        alike = unlike.assign(leave=unlike["leave"].isel(draw=at, drop=True))
        np.testing.assert_array_equal(found[at], simulated(alike)[at])
    assert (np.diff(found[np.argsort(rate), 1].sum(axis=(1, 2, 3, 4))) < 0).all()


def test_survivors_of_three_years_are_binomial_too_and_remember_the_first():
    total = simulated(in_one_cell()).sum(axis=(2, 3, 4, 5))
    assert_mean_and_variance(total[:, 3], 200 * 0.7**3, 200 * 0.7**3 * (1 - 0.7**3))
    # Cov(N1, N3) = Var(N1) x the chance of staying two years more.
    cov = np.cov(total[:, 1], total[:, 3])[0, 1]
    assert cov == pytest.approx(200 * 0.7 * 0.3 * 0.49, abs=4 * 200 * 0.21 / np.sqrt(MANY))


def starting(mean):
    """As many first plans a year in Year 7 as `mean`, half of them in special schools."""
    drivers = without(in_one_cell(), "stock")
    rate = drivers["start_rate"].where(drivers["nc_year"] != 7, mean / 1000)
    return unlimited(drivers.assign(start_rate=rate / 0.2))


@pytest.mark.parametrize("mean", [0.3, 8.0, 520.0])
def test_first_plans_are_poisson_and_so_are_those_who_keep_them(mean):
    counts = simulated(starting(mean)).sum(axis=(2, 3, 4))
    kurtosis = 3 + 1 / mean
    first = counts[:, 1]
    assert_mean_and_variance(first.sum(axis=1), mean, mean, kurtosis)
    assert_mean_and_variance(first[:, 0], mean / 2, mean / 2, 3 + 2 / mean)
    assert abs(np.corrcoef(first.T)[0, 1]) < 4 / np.sqrt(MANY)
    after = counts[:, 2].sum(axis=1)
    assert_mean_and_variance(after, mean * 1.7, mean * 1.7, kurtosis)


def test_a_poisson_total_has_a_poisson_distribution():
    counts = simulated(starting(2.0))[:, 1].sum(axis=(1, 2, 3, 4))
    seen = np.bincount(np.minimum(counts, 6), minlength=7)
    chance = np.append(stats.poisson.pmf(range(6), 2.0), stats.poisson.sf(5, 2.0))
    assert stats.chisquare(seen, chance * MANY).pvalue > 0.001


def test_children_who_come_with_a_plan_are_poisson():
    drivers = in_one_cell()
    drivers["arrive"].loc[{"nc_year": 7, "provision": "special"}] = 3.0
    drivers["arrive"].loc[{"nc_year": 7, "provision": "mainstream"}] = 1.0
    came = simulated(without(drivers, "stock"))[:, 1].sum(axis=(1, 2, 3))
    assert_mean_and_variance(came[:, 1], 3, 3, 3 + 1 / 3)
    assert_mean_and_variance(came[:, 0], 1, 1, 4)


@pytest.mark.parametrize("seed", [1, 2])
def test_simulated_means_are_the_expected_ones_in_totals_phases_and_cells(seed):
    drivers = busy(draws=1, seed=7).sel(draw=np.zeros(300, dtype=int)).assign_coords(draw=np.arange(300))
    found, mean = simulated(drivers, seed)[:, 1:], by_phase(expected(drivers))
    for over in ((2, 3, 4, 5), (2, 3, 5), (2, 3, 4), (2, 4, 5), (3, 4, 5), (2, 3), ()):
        a, b = (np.sum(table, axis=over) for table in (found, mean))
        error = np.sqrt(np.maximum(a.var(axis=0, ddof=1), 0.3 * b.mean(axis=0)) / len(a))
        often = b.mean(axis=0) > 0.5
        z = ((a - b).mean(axis=0) / np.maximum(error, 1e-12))[often]
        assert np.abs(z).max() < max(4.0, stats.norm.isf(0.0005 / z.size))
        assert (z**2).mean() < 1.3 + 4 * np.sqrt(2 / z.size)


def test_simulated_means_of_the_bundled_area_are_the_expected_ones():
    drivers = worcestershire_drivers()
    found, mean = simulated(drivers)[:, 1:], by_phase(expected(drivers))
    for over in ((2, 3, 4, 5), (2, 3, 5), (2, 3, 4), (2, 4, 5)):
        off = np.sum(found, axis=over) - np.sum(mean, axis=over)
        often = np.sum(mean, axis=over).mean(axis=0) > 20
        z = (off.mean(axis=0) / (off.std(axis=0, ddof=1) / np.sqrt(len(off))))[often]
        assert np.abs(z).max() < 4


def test_children_are_the_sum_of_those_on_roll_those_who_start_and_those_who_arrive():
    """Each child's life is its own, so three simulations apart make up the whole, draw by draw and cell by cell."""
    drivers = unlimited(busy(draws=5))
    whole = simulated(drivers)
    parts = [("start_rate", "arrive"), ("stock", "arrive"), ("stock", "start_rate")]
    apart = [simulated(without(drivers, *others)) for others in parts]
    assert (sum(apart) == whole).all()
    assert all(part[:, -1].sum() > 0 for part in apart)


def test_those_of_one_need_or_district_live_as_they_would_without_the_others():
    drivers = without(unlimited(busy(draws=5)), "arrive")
    whole = simulated(drivers)
    for axis, labels, at in (("need", ("ASD", "SEMH"), 3), ("district", ("North", "South"), 2)):
        for place, label in enumerate(labels):
            only = drivers.assign(stock=drivers["stock"].where(drivers[axis] == label, 0.0))
            only["start_rate"] = (
                only["start_rate"].where(drivers["need"] == label, 0) if axis == "need" else only["start_rate"]
            )
            assert (simulated(only).take(place, at) == whole.take(place, at)).all()


def test_nobody_is_lost_or_found_while_nobody_leaves_starts_or_arrives():
    drivers = without(busy(draws=4), "start_rate", "arrive", "leave")
    young = drivers.assign(stock=drivers["stock"].where(drivers["nc_year"] <= 17, 0))
    total = simulated(young).sum(axis=(2, 3, 4, 5))
    assert (total == young["stock"].sum().item()).all()


def test_a_year_6_child_is_in_secondary_school_next_year():
    drivers = without(busy(draws=4), "start_rate", "arrive", "leave")
    year_6 = drivers.assign(stock=drivers["stock"].where(drivers["nc_year"] == 6, 0))
    after = simulated(year_6)[:, 1].sum(axis=(1, 2, 4))
    secondary = [phase.value for phase in PHASES].index("secondary")
    assert (after[:, secondary] == year_6["stock"].sum().item()).all()
    assert (after.sum(axis=1) == after[:, secondary]).all()


def test_nobody_is_over_age_in_any_draw():
    drivers = without(busy(draws=4, years=range(2026, 2052)), "start_rate", "arrive", "leave")
    total = simulated(drivers).sum(axis=(2, 3, 4, 5))
    assert (total[:, 24] > 0).all()
    assert (total[:, 25] == 0).all()


def test_draws_in_another_order_are_the_same_draws():
    drivers = busy(draws=6)
    order = [4, 0, 5, 2, 1, 3]
    assert (simulated(drivers.isel(draw=order)) == simulated(drivers)[order]).all()


def test_fewer_draws_are_the_first_of_more():
    drivers = busy(draws=12)
    assert (simulated(drivers.isel(draw=slice(0, 5))) == simulated(drivers)[:5]).all()


def chunk_by_chunk(drivers, seed=1):
    """Simulated in chunks of draws, side by side."""
    return np.concatenate(
        over_draws(drivers, lambda chunk: simulate(fixed(chunk), list(roll(chunk)), seed, chunk["draw"].to_numpy()))
    )


def test_neither_the_size_of_a_chunk_nor_the_number_of_threads_changes_a_child(monkeypatch):
    drivers = worcestershire_drivers()
    found = []
    for chunk, processors in ((25, 2), (25, 1), (7, 2), (40, 1)):
        monkeypatch.setattr(chunks, "CHUNK", chunk)
        monkeypatch.setattr("os.cpu_count", lambda processors=processors: processors)
        found.append(chunk_by_chunk(drivers))
    assert all((found[0] == other).all() for other in found[1:])


def test_another_seed_is_other_luck():
    drivers = busy(draws=2)
    assert (simulated(drivers, 1) == simulated(drivers, 1)).all()
    one, other = (simulated(drivers, seed)[:, 1:].astype(float) for seed in (1, 2))
    assert (one != other).mean() > 0.3
    off = [table - by_phase(expected(drivers)) for table in (one, other)]
    assert abs(np.corrcoef(off[0].reshape(-1), off[1].reshape(-1))[0, 1]) < 0.1


def test_the_oldest_are_gone_even_where_their_plan_is_not_said_to_cease():
    drivers = without(busy(draws=2), "start_rate", "arrive")
    drivers["leave"] = xr.zeros_like(drivers["leave"])
    oldest = drivers.assign(stock=drivers["stock"].where(drivers["nc_year"] == 20, 0))
    assert expected(oldest)[:, 0].sum() == 0
    assert simulated(oldest)[:, 1].sum() == 0


def test_rates_of_leaving_by_district_are_met_by_whole_children_too():
    drivers = without(busy(draws=1), "start_rate", "arrive")
    drivers = drivers.sel(draw=np.zeros(200, dtype=int)).assign_coords(draw=np.arange(200))
    leave = drivers["leave"].expand_dims(district=drivers["district"])
    everyone_leaves = leave.where(leave["district"] != "South", 1.0)
    drivers = drivers.assign(leave=everyone_leaves.transpose("district", "need", "nc_year", "provision"))
    assert expected(drivers)[:, 0, 1].sum() == 0
    assert simulated(drivers)[:, 1, 1].sum() == 0


def test_the_luck_of_those_who_arrive_is_not_that_of_those_who_start():
    drivers = starting(8.0)
    drivers["start_mix"].loc[{"provision": ["mainstream", "special"]}] = [1.0, 0.0]
    drivers["arrive"].loc[{"nc_year": 7, "provision": "special"}] = 8.0
    started, arrived = simulated(drivers)[:, 1].sum(axis=(1, 2, 3)).T
    assert abs(np.corrcoef(started, arrived)[0, 1]) < 4 / np.sqrt(MANY)
