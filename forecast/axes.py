"""The axes that every array in the model is laid out on.

Labels are checked once, where data enters the package (`conform`). After that, arrays meet by
name, and only when their labels are identical: importing this module sets xarray's
`arithmetic_join` to "exact" for the process, so that a misspelt district is an error and never a
silent loss.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import NC_YEARS, PHASES, phase_of
from forecast.errors import LabelMismatch

xr.set_options(arithmetic_join="exact", keep_attrs=True)

ORDER: Final = (
    *("draw", "year", "district", "need", "nc_year", "band", "phase"),
    *("key_stage", "reason", "tier", "setting", "provision", "to"),
)


def conform(array: xr.DataArray, labels: Mapping[str, Sequence[object]]) -> xr.DataArray:
    """Put `array` in the model's axis and label order, losing and inventing nothing.

    Parameters
    ----------
    array : any axes of `ORDER`
    labels : axis -> the labels it must have, in the order wanted

    Raises
    ------
    LabelMismatch
        An axis has other labels than `labels` says.
    """
    for axis in array.dims:
        have, want = set(array[axis].values.tolist()), set(labels[str(axis)])
        if have != want:
            raise LabelMismatch(str(axis), missing=want - have, extra=have - want)
    axes = [axis for axis in ORDER if axis in array.dims]
    return array.sel({axis: list(labels[axis]) for axis in axes}).transpose(*axes)


PHASE_OF: Final = np.array([list(PHASES).index(phase_of(nc_year)) for nc_year in NC_YEARS])
"""Position on the phase axis of each position on the nc_year axis."""
PHASE_FIRSTS: Final = tuple(years[0] for years in PHASES.values())
"""First year group of each phase."""


def bands_of(*spans: tuple[int, int]) -> tuple[int, ...]:
    """First year groups of the runs that the phases and `spans` cut the year groups into: labels of the axis `band`.

    Parameters
    ----------
    spans : first and last year group of each, both in it
    """
    after = {last + 1 for _, last in spans} - {NC_YEARS[-1] + 1}
    return tuple(sorted({*PHASE_FIRSTS, *after, *(first for first, _ in spans)}))


def band_positions(bands: Sequence[int]) -> np.ndarray:
    """Position on the `band` axis of each position on the nc_year axis."""
    return np.searchsorted(bands, NC_YEARS, side="right") - 1
