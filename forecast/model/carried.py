"""Drivers carried forward: expected children, whole children one by one, and whom a scenario sends elsewhere."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.domain import NC_YEARS
from forecast.model.children import simulate
from forecast.model.chunks import over_draws
from forecast.model.cohort import Year, roll
from forecast.model.fixed import fixed
from forecast.model.raking import Array


def carried(
    drivers: xr.Dataset, seed: int, bands: Sequence[int]
) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray | None]:
    """Children of every January, the latest census first.

    Parameters
    ----------
    drivers : with every change of a scenario made
    bands : first year groups of the bands to tell apart

    Returns
    -------
    expected : without luck, the mean of the draws (year, district, need, nc_year, provision)
    by_band : whole children (draw, year, district, need, band, provision)
    shifted : children whom each shift sends elsewhere, without luck (draw, year, shift); None without shifts
    """
    done = over_draws(drivers, lambda chunk: _chunk(chunk, seed, bands))
    expected = np.asarray(sum(total for total, _, _ in done) / drivers.sizes["draw"])
    years = {"year": [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()]}
    axes = {axis: drivers[axis].to_numpy() for axis in ("district", "need", "provision")}
    ages, draws = {"nc_year": list(NC_YEARS)}, {"draw": drivers["draw"].to_numpy()}
    children = np.concatenate([counts for _, counts, _ in done])
    sent = np.concatenate([shifted for _, _, shifted in done], axis=2)
    of_shifts = {axis: drivers[axis].to_numpy() for axis in ("year", "shift", "draw") if axis in drivers}
    return (
        xr.DataArray(expected, coords=years | axes | ages, dims=("year", "district", "need", "nc_year", "provision")),
        xr.DataArray(
            children,
            coords=draws | years | axes | {"band": list(bands)},
            dims=("draw", "year", "district", "need", "band", "provision"),
        ),
        xr.DataArray(sent, coords=of_shifts, dims=("year", "shift", "draw")).transpose("draw", "year", "shift")
        if "shift" in of_shifts
        else None,
    )


def _chunk(
    drivers: xr.Dataset, seed: int, bands: Sequence[int]
) -> tuple[Array, NDArray[np.int16] | NDArray[np.int32], Array]:
    """Sum over these draws of the expected children, the whole children of each, and whom each shift sends on.

    One year at a time is held. Whole children are of the smallest type that holds them.
    """
    given, draws = fixed(drivers), drivers["draw"].to_numpy()
    expected = [given.stock[:, :, 0].transpose(2, 0, 1, 3) * len(draws)]
    shifted: list[Array] = []

    def years() -> Iterator[Year]:
        for year in roll(drivers):
            expected.append(year.pupils.sum(axis=2).transpose(2, 0, 1, 3))
            shifted.append(year.shifted)
            yield year

    counts = simulate(given, years(), seed, draws, bands)
    small = counts.max(initial=0) <= np.iinfo(np.int16).max
    return np.stack(expected), counts.astype(np.int16) if small else counts, np.stack(shifted)
