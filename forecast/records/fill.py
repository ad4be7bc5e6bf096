"""What a return leaves out of a child, supplied so that every child counts once: a district, a year group.

The tables of an area know no child without a district or year group. Leaving such a child out would make the county's
total too small, and putting all of them in the commonest place would tilt it; so whole children are shared out in the
mix of those of the same need and phase, and the summary says how many. A child keeps what it was given from one
census to the next.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from forecast.axes import PHASE_OF
from forecast.domain import NC_YEARS


def shared_out(values: "pd.Series[Any]", groups: "pd.Series[Any]", order: "pd.Series[str]") -> "pd.Series[Any]":
    """`values` with the missing ones supplied in the mix of the others of their group, by largest remainder.

    A group without any takes the mix of all; nothing is supplied where nothing is known at all.

    Parameters
    ----------
    values : (children), missing where not known
    groups : (children), a label or missing
    order : (children), in which the missing ones are served, so that the order of rows does not matter
    """
    known = values.dropna()
    missing = values.index[values.isna()]
    if known.empty or missing.empty:
        return values
    filled = values.copy()
    overall = known.value_counts(sort=False).sort_index()
    named = groups.astype("str").fillna("")
    for group, children in missing.to_series().groupby(named.reindex(missing)):
        mix = known[named.reindex(known.index).eq(group)].value_counts(sort=False).sort_index()
        served = order.reindex(children.index).sort_values(kind="stable").index
        filled.loc[served] = _parted(overall if mix.empty else mix, len(served))
    return filled


def phase(nc_years: "pd.Series[float]") -> "pd.Series[Any]":
    """Position of the phase of each year group on the phase axis; missing where there is none."""
    known = nc_years.dropna().clip(NC_YEARS[0], NC_YEARS[-1]).astype(int)
    return pd.Series(PHASE_OF[known - NC_YEARS[0]], index=known.index).reindex(nc_years.index)


def _parted(mix: "pd.Series[int]", children: int) -> Sequence[object]:
    """So many labels, in the shares of `mix`."""
    exact = mix.to_numpy(dtype=float) * children / mix.sum()
    whole = np.floor(exact).astype(int)
    first = np.argsort(-(exact - whole), kind="stable")[: children - whole.sum()]
    whole[first] += 1
    return list(np.repeat(mix.index.to_numpy(), whole))
