"""The figure of an aim in a forecast, future by future, and by how much it misses its limit."""

import numpy as np
import xarray as xr

from forecast.decide.aims import Aim, What
from forecast.places import rates
from forecast.projection import Projection


def figures(aim: Aim, projection: Projection, more: xr.DataArray) -> xr.DataArray:
    """What an aim is of, in every future: (draw, year); a share, children or pounds.

    Parameters
    ----------
    more : pounds a year more than without the levers: (draw, year)
    """
    match aim.what:
        case What.RATE:
            special = projection.about.means(*rates.SPECIAL_SCHOOLS)
            found = rates.special_rate_residents(projection.demand, projection.population, special)
        case What.CHILDREN:
            labels = list(aim.of)
            found = projection.total("district", "need", "phase").sel(provision=labels).sum("provision").astype(float)
        case What.SHORT:
            found = _short(aim, projection)
        case What.BUDGET:
            found = more
    return found.transpose("draw", "year")


def missed(aim: Aim, projection: Projection, figure: xr.DataArray) -> xr.DataArray:
    """By how much an aim is missed in each January, 0 or less where it is met: (year), in its own unit.

    It is the mean over the futures or, where the aim is of a share of them, the least that so many do not exceed; of a
    rate against England's, of the difference in the same future.

    Parameters
    ----------
    figure : (draw, year)
    """
    over = figure - (projection.england_special_rate if aim.limit is None else aim.limit)
    if aim.futures is None:
        return over.mean("draw")
    table = np.quantile(over.transpose("draw", "year").to_numpy(), aim.futures, axis=0)
    return xr.DataArray(table, coords={"year": over["year"].to_numpy()}, dims="year")


def _short(aim: Aim, projection: Projection) -> xr.DataArray:
    """Children of whom some listed place is for, and who have none."""
    if projection.short is None:  # the aim was checked against the area's places, which no lever takes off the list
        msg = f"{projection.about.name} lists no places, and {aim.said!r} is of them."
        raise ValueError(msg)
    short = projection.short.of_served
    chosen = short.sel(provision=list(aim.of)) if aim.of else short
    return chosen.sum([axis for axis in chosen.dims if axis not in {"draw", "year"}], dtype=np.float64)
