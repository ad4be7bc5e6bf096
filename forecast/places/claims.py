"""Children who claim places: those with a plan and, in AP schools, those without one beside them.

An AP school's places are for both. Those with a plan are counted at the January census; those without come and go
through the year, so they are counted in full-time places at the fullest month. No child is in both.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.ap.forecast import ApForecast
from forecast.axes import band_positions
from forecast.domain import KEY_STAGES, NC_YEARS, WITHOUT_PLAN, Provision


def claims(by_band: xr.DataArray, ap: ApForecast | None, means: Mapping[str, str]) -> xr.DataArray:
    """`by_band` with children without a plan as one more label, `WITHOUT_PLAN`, on its axis `need`.

    They stand in the first kind of place that means alternative provision; the very same array where nothing is known
    of them or the area has no such kind.

    Parameters
    ----------
    by_band : (draw, year, district, need, band, provision)
        Whole children with a plan.
    means : provision label -> standard provision
    """
    kinds = [kind for kind in by_band["provision"].to_numpy().tolist() if means[kind] == Provision.ALTERNATIVE]
    if ap is None or not kinds:
        return by_band
    draws = by_band["draw"].to_numpy()
    fullest = ap.school_places.sel(draw=draws).transpose("draw", "year", "district", "key_stage")
    banded = of_bands(fullest.to_numpy(), by_band["band"].to_numpy().tolist())
    others = by_band.isel(need=[0]).transpose("draw", "year", "district", "band", "need", "provision")
    counts = np.zeros(others.shape, dtype=by_band.dtype)
    counts[..., 0, by_band["provision"].to_numpy().tolist().index(kinds[0])] = banded
    more = others.copy(data=counts).assign_coords(need=[WITHOUT_PLAN]).transpose(*by_band.dims)
    return xr.concat([by_band, more], "need", join="exact")


def of_bands(by_stage: NDArray[np.integer], bands: Sequence[int]) -> NDArray[np.int64]:
    """Children by band from those by key stage, shared evenly over its year groups, in whole children.

    Parameters
    ----------
    by_stage : (..., key_stage)
    bands : first year group of each

    Returns
    -------
    (..., band)
    """
    found = np.zeros((*by_stage.shape[:-1], len(bands)), dtype=np.int64)
    for stage, years in enumerate(years_in_bands(bands)):
        edges = np.rint(by_stage[..., stage, None] * years.cumsum() / years.sum())
        found += np.diff(edges, axis=-1, prepend=0).astype(np.int64)
    return found


def years_in_bands(bands: Sequence[int]) -> NDArray[np.int64]:
    """Year groups of each key stage that are in each band: (key_stage, band).

    Parameters
    ----------
    bands : first year group of each
    """
    at = band_positions(bands)
    found = np.zeros((len(KEY_STAGES), len(bands)), dtype=np.int64)
    for stage, years in enumerate(KEY_STAGES.values()):
        np.add.at(found[stage], [at[NC_YEARS.index(year)] for year in years], 1)
    return found
