"""Children without a plan, where places are set against children: in which kind of place they are, and whose they are.

They fill AP schools beside children with a plan (`places.claims`). Elsewhere nobody without a plan claims a place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
import xarray as xr

from forecast.ap.forecast import ApForecast
from forecast.domain import WITHOUT_PLAN, Provision
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.projection import Projection

WITH_PLAN: Final = "with a plan"
"""What a question calls the children who have one, of whatever need."""


def filled_by_both(about: About) -> str | None:
    """Label of the kind of place that children with and without a plan fill: AP schools; None where there is none."""
    return next(iter(about.means(Provision.ALTERNATIVE)), None)


def counted(area: Area) -> bool:
    """Whether the area has figures on children without a plan who fill AP schools."""
    return area.has_ap and filled_by_both(area.about) is not None


def fill(projection: Projection, provision: str) -> bool:
    """Whether children without a plan are counted among those who fill this kind of place.

    Parameters
    ----------
    provision : the area's label
    """
    return projection.ap is not None and provision == filled_by_both(projection.about)


def in_futures(ap: ApForecast | None, draws: Sequence[int]) -> ApForecast | None:
    """What is forecast of them in some of the futures.

    Parameters
    ----------
    draws : labels of the axis `draw`
    """
    if ap is None:
        return None
    chosen = {"draw": np.asarray(draws)}
    return replace(
        ap,
        arrivals=ap.arrivals.sel(chosen),
        headcount=ap.headcount.sel(chosen),
        filled=ap.filled.sel(chosen),
        peak=ap.peak.sel(chosen),
        transition=ap.transition.sel(chosen),
        returns=ap.returns.sel(chosen),
        supported=ap.supported.sel(chosen),
        stay=ap.stay.sel(chosen),
        hosted=None if ap.hosted is None else ap.hosted.sel(chosen),
    )


def taken_without_plan(ap: ApForecast | None, about: About) -> Mapping[str, xr.DataArray]:
    """Kind of place -> places of it that children without a plan fill in the fullest month: (draw, year).

    They are taken in first, since an excluded child must have full-time education from the sixth day (Education
    (Provision of Full-Time Education for Excluded Pupils) (England) Regulations 2007): what is left is for the others.
    """
    label = filled_by_both(about)
    if ap is None or label is None:
        return {}
    return {label: ap.school_places.sum(["district", "key_stage"]).transpose("draw", "year")}


def share_without_plan(projection: Projection, year: int) -> float:
    """Share of those who fill AP schools in January `year` who have no plan, 0 to 1, the mean of the futures."""
    label = filled_by_both(projection.about)
    if projection.ap is None or projection.claims is None or label is None:
        return 0.0
    there = projection.claims.sel(year=year, provision=label, drop=True).sum(["district", "band"]).mean("draw")
    return float(there.sel(need=WITHOUT_PLAN) / max(float(there.sum()), 1.0))


def only_without(needs: Sequence[str]) -> bool:
    """Whether a question is of children without a plan alone."""
    return tuple(needs) == (WITHOUT_PLAN,)
