"""Children against places: how many more than now, how many too many, and how sure that is.

Each function takes draws and keeps them as long as it can: a quantile is of the sum, never a sum of
quantiles. "Now" is the first January of the array, the latest census, in which all draws are alike.
"""

from typing import Final

import numpy as np
import xarray as xr

QUANTILES: Final = {"p10": 0.1, "p50": 0.5, "p80": 0.8, "p90": 0.9}
"""p10 to p90 is the 80% range: 8 chances in 10 lie between. p80 is enough in 8 futures of 10."""
STATISTICS: Final = ("mean", *QUANTILES)
"""Labels of the `statistic` axis, in the order that tables show them."""


def more_than_now(children: xr.DataArray) -> xr.DataArray:
    """Children more than at the first January of `children`; negative where there are fewer.

    Parameters
    ----------
    children : (year, ...)
        Children, draw by draw where there are draws.
    """
    return children - children.isel(year=0, drop=True)


def shortfall(demand: xr.DataArray, places: xr.DataArray) -> xr.DataArray:
    """Children more than places; negative where there is room to spare.

    Parameters
    ----------
    demand : (draw, year, ...)
        Children who need a place.
    places : (year, ...)
        Places open; not a number where none are listed, and then so is the answer.
    """
    return demand - places


def without_a_place(demand: xr.DataArray, places: xr.DataArray) -> xr.DataArray:
    """Children left over when every place is filled, draw by draw; axes as `shortfall`."""
    return shortfall(demand, places).clip(min=0)


def chance_of_shortfall(demand: xr.DataArray, places: xr.DataArray) -> xr.DataArray:
    """Share of draws, 0 to 1, in which `demand` exceeds `places`; axes as `shortfall`, without draws."""
    over = shortfall(demand, places)
    return (over > 0).mean("draw").where(over.notnull().all("draw"))


def places_needed(demand: xr.DataArray, places: xr.DataArray, confidence: float) -> xr.DataArray:
    """Extra places that leave no one without, in a share `confidence` of draws.

    Parameters
    ----------
    demand : (draw, year, ...)
        Children who need a place, summed over all that the places may serve.
    places : (year, ...)
        Places open.
    confidence : float
        Share of futures to be ready for, 0 to 1.
    """
    return without_a_place(demand, places).quantile(confidence, "draw", skipna=False).drop_vars("quantile")


def summarise(children: xr.DataArray) -> xr.DataArray:
    """Mean and quantiles over draws, on a last axis `statistic`.

    Parameters
    ----------
    children : (draw, ...)
        Summed beforehand over all that one figure covers.

    Returns
    -------
    (..., statistic)
        Labels of `statistic` are those of `STATISTICS`; the unit is that of `children`.
    """
    draws = children.transpose("draw", ...)
    values = draws.to_numpy()
    quantiles = np.quantile(values, list(QUANTILES.values()), axis=0)
    table = np.concatenate([values.mean(axis=0, keepdims=True), quantiles])
    rest = draws.dims[1:]
    coords = {axis: draws[axis].values for axis in rest}
    summary = xr.DataArray(table, dims=["statistic", *rest], coords={"statistic": list(STATISTICS), **coords})
    return summary.transpose(*rest, "statistic")
