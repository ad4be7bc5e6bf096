"""How fast new plans grow at each age, in England, per resident."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import AGE_AT_RECEPTION, NC_YEARS
from forecast.inputs.sen2 import Release
from forecast.inputs.sen2_activity import BANDS
from forecast.series.panel import Panel

SPANS: Final = (1, 3)
"""Years over which growth is taken; their mean is the trend."""


def start_trend(release: Release, panel: Panel, units: Mapping[str, str]) -> xr.DataArray:
    """Yearly log growth of new plans per resident by age band, on every year group of the band: (nc_year).

    By need it cannot be had: new plans by need are published for one year only.
    """
    rows = release.bands
    rows = rows[rows["kind"].eq("starts") & rows["la_code"].str.fullmatch(r"\d{3}")]
    rows = rows.assign(unit=rows["la_code"].replace(dict(units)))
    starts = rows.pivot_table(index="year", columns=["age_from", "age_to", "unit"], values="children", aggfunc="sum")
    growth = {band: _growth(pd.DataFrame(starts[band]), panel, band) for band in BANDS}
    ages = [nc_year + AGE_AT_RECEPTION for nc_year in NC_YEARS]
    by_age = [next(growth[band] for band in BANDS if age <= band[1]) for age in ages]
    return xr.DataArray(by_age, coords={"nc_year": list(NC_YEARS)}, dims=("nc_year",))


def _growth(starts: pd.DataFrame, panel: Panel, band: tuple[int, int]) -> float:
    """Mean over `SPANS` of the yearly log growth of `starts` less that of the residents of the band.

    Of the units with a figure at both ends.

    Parameters
    ----------
    starts : index year, a column a unit
    """
    year = panel.latest
    ages = list(range(band[0], min(band[1], len(NC_YEARS) - 1) + 1))
    found = []
    for span in SPANS:
        both = starts.loc[[year - span, year]].dropna(axis=1)
        then, now = (
            panel.as_known(at).residents(at).loc[both.columns, ages].to_numpy().sum() for at in (year - span, year)
        )
        before, after = both.sum(axis=1)
        found.append((np.log(after / before) - np.log(now / then)) / span)
    return float(np.mean(found))
