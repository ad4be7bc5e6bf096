"""Drivers small enough to check by eye, the year step as plain loops, and the shipped model and area, read once."""

from functools import cache
from itertools import product
from types import SimpleNamespace

import numpy as np
import xarray as xr

from forecast.domain import NC_YEARS
from forecast.fitted import fitted_area
from forecast.inputs.area import read_area
from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.bundled import bundled
from forecast.model.children import simulate
from forecast.model.cohort import roll
from forecast.model.fixed import fixed
from forecast.pipeline import area_drivers
from forecast.settings import Settings
from forecast.store import read_model

YEARS = (2026, 2027, 2028)
DISTRICTS = ("North", "South")
NEEDS = ("ASD", "SEMH")
PROVISIONS = ("mainstream", "special", "base")
STEERED = ("special", "base")
AGES = len(NC_YEARS)
NO_CEILING = 1e9
"""Far more room than anybody could fill; `unlimited` scales the rates to match."""


def empty(years=YEARS[:1], draws=1, districts=DISTRICTS, needs=NEEDS, provisions=PROVISIONS):
    """Drivers in which there is nobody, nobody moves, and whoever is 24 leaves."""
    labels = {
        "draw": list(range(draws)), "year": list(years), "district": list(districts), "need": list(needs),
        "nc_year": list(NC_YEARS), "provision": list(provisions), "to": list(provisions),
    }  # fmt: skip
    size = {axis: len(values) for axis, values in labels.items()}

    def full(value, *axes):
        shape = [size[axis] for axis in axes]
        return xr.DataArray(np.full(shape, value), dims=axes, coords={axis: labels[axis] for axis in axes})

    stay = full(0.0, "need", "nc_year", "provision", "to") + np.eye(len(provisions))
    leave = full(0.0, "need", "nc_year", "provision")
    leave.loc[{"nc_year": NC_YEARS[-1]}] = 1.0
    return xr.Dataset(
        {
            "stock": full(0.0, "district", "need", "nc_year", "provision"),
            "population": full(1000.0, "year", "district", "nc_year"),
            "start_rate": full(0.0, "draw", "year", "need", "nc_year"),
            "ceiling": full(0.2, "draw"),
            "start_mix": full(1 / len(provisions), "need", "nc_year", "provision"),
            "arrive": full(0.0, "year", "district", "need", "nc_year", "provision"),
            "leave": leave,
            "move": stay,
            "entrants": full(1.0, "draw", "year", "to"),
            "steered": xr.DataArray([name in STEERED for name in provisions], dims="provision",
                                    coords={"provision": list(provisions)}),
        },
        attrs={"year": years[0] - 1, "seed": 1, "draws": draws},
    )  # fmt: skip


def busy(draws=2, years=YEARS, seed=5, **labels):
    """Drivers in which everything happens at once, the draws unlike, some children crowded out of the ceiling."""
    rng = np.random.default_rng(seed)
    drivers = empty(years, draws, **labels)

    def some(name, low, high):
        values = rng.uniform(low, high, drivers[name].shape)
        return drivers[name].copy(data=values)

    def rows(name, staying=0.0):
        size = drivers[name].shape[-1]
        values = rng.dirichlet(np.ones(size), drivers[name].shape[:-1])
        stay = np.eye(size) if name == "move" else 0.0
        return drivers[name].copy(data=staying * stay + (1 - staying) * values)

    leave = some("leave", 0, 0.3)
    leave.loc[{"nc_year": NC_YEARS[-1]}] = 1.0
    steered = drivers["steered"].rename(provision="to")
    return drivers.assign(
        stock=some("stock", 0, 30).round(),
        population=some("population", 200, 600),
        start_rate=some("start_rate", 0, 0.3),
        ceiling=some("ceiling", 0.2, 0.5),
        start_mix=rows("start_mix"),
        arrive=some("arrive", 0, 1),
        leave=leave,
        move=rows("move", staying=0.7),
        entrants=some("entrants", 0.3, 2.5).where(steered, 1.0),
    )


def unlimited(drivers):
    """`drivers` without a ceiling: starts are the same number whoever else holds a plan."""
    rate = drivers["start_rate"] * 0.2 / NO_CEILING
    return drivers.assign(start_rate=rate, ceiling=xr.full_like(drivers["ceiling"], NO_CEILING))


def leaving_by_draw(drivers, seed=3):
    """`drivers` whose chances of leaving differ from draw to draw, but for those of the oldest."""
    rng = np.random.default_rng(seed)
    part = xr.DataArray(rng.uniform(0.2, 1, drivers.sizes["draw"]), dims="draw", coords={"draw": drivers["draw"]})
    leave = (drivers["leave"] * part).where(drivers["nc_year"] < NC_YEARS[-1], 1.0)
    return drivers.assign(leave=leave.transpose("draw", *drivers["leave"].dims))


def without(drivers, *names):
    """`drivers` in which nobody is in the stock, starts, arrives or leaves, as named; the oldest leave all the same."""
    none = drivers.assign({name: xr.zeros_like(drivers[name]) for name in names})
    if "leave" in names:
        none["leave"] = none["leave"].where(none["nc_year"] < NC_YEARS[-1], 1.0)
    return none


def expected(drivers):
    """The roll's pupils after the census: (draw, year, district, need, nc_year, provision)."""
    return np.stack([year.pupils.transpose(2, 3, 0, 1, 4) for year in roll(drivers)], axis=1)


def starts(drivers):
    """The roll's first plans: (draw, year, district, need, nc_year)."""
    return np.stack([year.starts.transpose(2, 3, 0, 1) for year in roll(drivers)], axis=1)


def simulated(drivers, seed=1):
    """Whole children, the census first: (draw, year, district, need, phase, provision)."""
    return simulate(fixed(drivers), list(roll(drivers)), seed, drivers["draw"].to_numpy())


def by_hand(drivers):
    """`expected` once more, child group by child group, from the definition and without a line of the model."""
    d = SimpleNamespace(**{name: drivers[name].to_numpy() for name in drivers.data_vars})
    draws, years, districts = drivers.sizes["draw"], drivers.sizes["year"], drivers.sizes["district"]
    leave = np.broadcast_to(d.leave, (draws, *d.leave.shape[-3:]))
    needs, places = drivers.sizes["need"], range(drivers.sizes["provision"])
    out = np.zeros((draws, years, districts, needs, AGES, len(places)))
    for k, t, district in product(range(draws), range(years), range(districts)):
        before = d.stock[district] if t == 0 else out[k, t - 1, district]
        after = out[k, t, district]
        factor = [d.entrants[k, t, q] if d.steered[q] else 1.0 for q in places]
        for age in range(1, AGES):
            for need, p in product(range(needs), places):
                kept = before[need, age - 1, p] * (1 - leave[k, need, age - 1, p])
                row = _tilted(d.move[need, age - 1, p], factor, d.steered, stays=p)
                for q in places:
                    after[need, age, q] += kept * row[q]
        after += d.arrive[t, district]
        for age in range(AGES):
            people = d.population[t, district, age]
            room = max(d.ceiling[k] * people - after[:, age].sum(), 0.02 * people)
            for need in range(needs):
                mix = _tilted(d.start_mix[need, age], factor, d.steered, stays=None)
                for q in places:
                    after[need, age, q] += room * d.start_rate[k, t, need, age] * mix[q]
    return out


def _tilted(row, factor, steered, stays):
    """Destinations of one group: entrants multiplied, the children taken from (or given to) the unsteered ones."""
    entering = [q for q in range(len(row)) if steered[q] and q != stays]
    wanted = sum(row[q] * (factor[q] - 1) for q in entering)
    others = sum(row[q] for q in range(len(row)) if not steered[q])
    act = 1.0
    if others == 0 and wanted != 0:
        act = 0.0
    elif wanted > 0.95 * others:
        act = 0.95 * others / wanted
    out = list(row)
    for q in range(len(row)):
        if q in entering:
            out[q] = row[q] * (1 + act * (factor[q] - 1))
        elif not steered[q] and others > 0:
            out[q] = row[q] * (1 - act * wanted / others)
    return out


@cache
def england():
    """The England model that ships."""
    return read_model(bundled("models", "england"))


@cache
def assumptions():
    """The assumptions that ship."""
    return read_assumptions(bundled("data", "assumptions.yaml"))


@cache
def worcestershire():
    """The bundled area."""
    return read_area("worcestershire")


@cache
def fitted_worcestershire():
    """Its stock and rates."""
    return fitted_area(worcestershire(), england())


def settings(draws=40, seed=1, horizon=4):
    """A short run."""
    return Settings(draws=draws, seed=seed, current_year=2027, horizon=horizon)


@cache
def worcestershire_drivers(draws=40, seed=1, horizon=4):
    """Its drivers for a short run."""
    return area_drivers(worcestershire(), england(), assumptions(), settings(draws, seed, horizon))
