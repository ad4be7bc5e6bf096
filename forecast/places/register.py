"""The register of places: how many are open at each January."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr


def places_open(places: pd.DataFrame, provisions: Sequence[str], years: Sequence[int]) -> xr.DataArray:
    """Places open to the area's own children at each January: (year, provision).

    A school counts from the first January after it opens, at the share of its places that its ramp gives
    for that year, less the places that other areas' children take; one that may not be built counts in
    proportion to its chance. Not a number where the register has no school of a provision.

    Parameters
    ----------
    places : columns of `schemas.Places`
    """
    table = np.full((len(years), len(provisions)), np.nan)
    for row in places.to_dict("records"):
        at = list(provisions).index(row["provision"])
        own = [_open(row, year) * (row["places"] - row["taken_by_others"]) for year in years]
        table[:, at] = np.nan_to_num(table[:, at]) + own
    coords = {"year": list(years), "provision": list(provisions)}
    return xr.DataArray(table, coords=coords, dims=("year", "provision"))


def _open(row: Mapping[Hashable, Any], year: int) -> float:
    """Share of a school's places that are open in January `year`, its chance of being built in it."""
    opens, closes, ramp = (str(row[field] or "") for field in ("opens", "closes", "ramp"))
    month = f"{year}-01"
    if (opens and opens > month) or (closes and closes <= month):
        return 0.0
    built = 1.0 if pd.isna(row["probability"]) else float(row["probability"])
    if not opens or not ramp:
        return built
    shares = [float(share) for share in ramp.split(";")]
    ahead = year - 1 - int(opens[:4]) + (1 if opens[5:] == "01" else 0)
    return built * shares[min(max(ahead, 0), len(shares) - 1)]
