"""The days of stays in alternative provision, from labels and luck: a function, so that means can be worked out."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from forecast.domain import KEY_STAGES
from forecast.records.synthetic.ap_terms import begun, ended
from forecast.records.synthetic.days import Array, Days

_FIRST: Final = np.array([years[0] for years in KEY_STAGES.values()])
_COUNT: Final = np.array([len(years) for years in KEY_STAGES.values()])


@dataclass(frozen=True, eq=False)
class Spans:
    """When children came and left, by stay."""

    nc_year: Array
    """Year group on the first day."""
    start: Days
    end: Days
    """Last day on roll."""


def spans(year: Array, stage: Array, transition: Array, meant: Array, luck: dict[str, Array]) -> Spans:
    """Days of stays: year groups of a key stage come alike.

    Parameters
    ----------
    year : (stays) January of the academic year in which each begins
    stage : (stays) position of the key stage on the first day
    transition, meant : as in `ap_terms.ended`
    luck : `group`, `start`, `length`, `summer` and `onward`: (stays) each, from 0 up to 1
    """
    nc_year = _FIRST[stage] + np.floor(luck["group"] * _COUNT[stage]).astype(int)
    start = begun(year, nc_year, luck["start"])
    return Spans(nc_year, start, ended(start, year, nc_year, transition, meant, luck))
