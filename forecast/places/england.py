"""England by the same model, to set an area against."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

from forecast.inputs.assumptions import Assumption
from forecast.model.chunks import over_draws
from forecast.model.cohort import roll
from forecast.model.drivers import make_drivers
from forecast.model.national import as_area
from forecast.model.raking import Array
from forecast.places.rates import SCHOOL_YEARS, SPECIAL_SCHOOLS
from forecast.settings import Settings


def england_special_rate(
    england: xr.Dataset, assumptions: Mapping[str, Assumption], settings: Settings, drivers: xr.Dataset
) -> xr.DataArray:
    """England's plans in state or non-maintained special schools per resident aged 4-17: (draw, year).

    In each draw England meets the shock that all authorities share, so that an area may be set against it draw
    by draw. For the years of `drivers` and their base; not a number before the England model's own census.
    """
    base, wanted = int(drivers.attrs["year"]), drivers["year"].to_numpy().tolist()
    fitted, people = as_area(england, range(int(england.attrs["year"]), wanted[-1] + 1))
    labels = fitted["provision"].to_numpy().tolist()
    means = {label: label for label in labels}
    draws = make_drivers(fitted, england, people, assumptions, drivers.sizes["draw"], settings.seed, means)
    special = [labels.index(name) for name in SPECIAL_SCHOOLS]
    first = np.full((draws.sizes["draw"], 1), float(fitted["stock"].to_numpy()[..., special].sum()))
    children = np.concatenate([first, np.concatenate(over_draws(draws, lambda chunk: _placed(chunk, special)))], axis=1)
    axes = {"draw": drivers["draw"].to_numpy(), "year": people["year"].to_numpy()}
    rate = xr.DataArray(children, coords=axes, dims=("draw", "year"))
    return (rate / people.sel(nc_year=list(SCHOOL_YEARS)).sum(["district", "nc_year"])).reindex(year=[base, *wanted])


def _placed(drivers: xr.Dataset, provisions: list[int]) -> Array:
    """Children expected in `provisions`: (draw, year)."""
    return np.stack([done.pupils[..., provisions].sum(axis=(0, 1, 3, 4)) for done in roll(drivers)], axis=1)
