"""Ranges of local rates: on counties whose true rates are known, four times in five they hold the truth."""

import numpy as np
import pytest
import xarray as xr
from builders_counted import KINDS, NEEDS, PROVISIONS, counted, meanings, true_rates
from builders_model import england

from forecast.axes import PHASE_OF
from forecast.domain import PHASES, SPECIALIST
from forecast.model.counted import fit_counted
from forecast.model.unsure import unsure

DRAWS = 100
COUNTIES = range(200, 214)
LEAST, MOST = 0.72, 0.88
STEERED = [PROVISIONS.index(name) for name in SPECIALIST]
FIRST = np.searchsorted(PHASE_OF, np.arange(len(PHASES)))
AWAY = 1 - np.eye(len(PROVISIONS))


def by_phase(table, axis):
    return np.add.reduceat(table, FIRST, axis=axis)


def by_kind(table):
    return np.stack([table[..., kind == KINDS].sum(axis=-1) for kind in range(KINDS.max() + 1)], axis=-1)


def drawn(found, seed):
    """Rates of each draw: leaving, first plans, multiples of entrants."""
    given = found[["leave", "start_rate"]].assign(
        entrants=xr.DataArray(np.ones(len(PROVISIONS)), dims="to", coords={"to": list(PROVISIONS)}),
        draw=np.arange(DRAWS),
    )
    return unsure(given, found, f"county {seed}", 1)


def held(draws, truth, told):
    """Whether the 80% range of the draws holds the truth, where `told`."""
    low, high = np.quantile(draws, [0.1, 0.9], axis=0)
    return ((low <= truth) & (truth <= high))[told]


def recovered(seed, plans, apart):
    """For every rate of one county: whether each district's and phase's true value is in its range."""
    truth = true_rates(seed, plans=plans, apart=apart, county=0.2)
    found = fit_counted(counted(truth, seed), england(), meanings(NEEDS), meanings(PROVISIONS))
    draws = drawn(found, seed)
    children = found["stock"].to_numpy().copy()
    children[:, :, -1] = 0

    def leaving(chance):
        return by_kind(by_phase((chance * children).sum(axis=-3), -2))

    def starting(rate):
        return by_phase(rate.sum(axis=-2) * truth.people, -1)

    def entering(move, start, mix):
        moved = (children[..., None] * (1 - found["leave"].to_numpy()[..., None]) * move * AWAY).sum(axis=(1, 3))
        begun = ((start * truth.people[:, None])[..., None] * mix).sum(axis=1)
        return by_phase(moved + begun, 1)[..., STEERED]

    factors = draws["entrants"].transpose("draw", "district", "nc_year", "to").to_numpy()[:, :, FIRST][..., STEERED]
    entered = entering(truth.move, truth.start, truth.start_mix)
    fitted = entering(*(found[name].to_numpy() for name in ("move", "start_rate", "start_mix")))
    begun = starting(truth.start)
    axes = ("draw", "district", "need", "nc_year", "provision")
    return {
        "leave": held(
            leaving(draws["leave"].transpose(*axes).to_numpy()),
            leaving(truth.leave),
            leaving(np.ones(children.shape)) >= 10,
        ),
        "starts": held(starting(draws["start_rate"].transpose(*axes[:4]).to_numpy()), begun, begun >= 0.5),
        "entrants": held(fitted * factors, entered, entered >= 0.5),
    }


@pytest.fixture(scope="module", params=[(2000, 0.2), (6000, 0.3)], ids=["small and alike", "larger and unlike"])
def shares(request):
    plans, apart = request.param
    found = [recovered(seed, plans, apart) for seed in COUNTIES]
    return {rate: np.concatenate([each[rate] for each in found]) for rate in found[0]}


@pytest.mark.parametrize("rate", ["leave", "starts", "entrants"])
def test_ranges_hold_the_true_rates_of_districts_four_times_in_five(shares, rate):
    assert shares[rate].size > 250
    assert LEAST <= shares[rate].mean() <= MOST, shares[rate].mean()


def test_the_mean_of_draws_is_the_rate_that_was_fitted():
    found = fit_counted(counted(true_rates(1, plans=2000), 1), england(), meanings(NEEDS), meanings(PROVISIONS))
    draws = drawn(found, 1)
    np.testing.assert_allclose(draws["start_rate"].mean("draw"), found["start_rate"])
    np.testing.assert_allclose(draws["entrants"].mean("draw"), 1)
    np.testing.assert_allclose(draws["leave"].mean("draw"), found["leave"], atol=1e-3)
    assert draws["leave"].max() <= 1
    assert (draws["leave"].sel(nc_year=20) == 1).all()


def test_a_rate_is_alike_all_through_a_phase_in_each_draw():
    found = fit_counted(counted(true_rates(1, plans=2000), 1), england(), meanings(NEEDS), meanings(PROVISIONS))
    factor = drawn(found, 1)["entrants"].sel(to="special")
    for years in PHASES.values():
        assert float(factor.sel(nc_year=list(years)).std("nc_year").max()) == pytest.approx(0, abs=1e-12)


def test_what_is_published_has_no_doubt_of_its_own():
    given = xr.Dataset({"leave": 1.0, "draw": [0, 1]})
    assert unsure(given, xr.Dataset(), "nobody", 1).identical(given)
