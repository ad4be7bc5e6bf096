"""Rates of an area that counts its own children, each flow by its own chain of groupings, coarse to fine.

Every chain begins at England's figures, goes down to the area's needs, year groups and places, and only then to its
districts: a district leans on the area, the area on England. Each rate has two results, one of the area and one of
its districts, so that it can be said how far a district differs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.axes import PHASE_OF
from forecast.domain import NC_YEARS, PHASES, Provision
from forecast.domain import OWN as LOCAL
from forecast.model.belief import LEAST
from forecast.model.counted_flows import Stayers
from forecast.model.local import WEIGHT
from forecast.model.pooling import Doubt, Grouping, doubt, doubt_of_shares, pooled_rates, pooled_rows
from forecast.model.raking import Array

PHASE: Final = tuple(PHASE_OF.tolist())
SINGLE: Final = tuple(range(len(NC_YEARS)))
SCHOOL: Final = (Provision.MAINSTREAM, Provision.BASE, Provision.INDEPENDENT_MAINSTREAM)
SPECIAL: Final = (Provision.SPECIAL, Provision.SPECIAL_NONMAINTAINED, Provision.INDEPENDENT)
ONE: Final = 2
"""Length of the district axis with one district and no other: it is the area, and leans on nothing but England."""
LEAST_EFFECTIVE: Final = 0.1
"""Least share of the first plans of a need that still begin with it, when more children leave the need than begin."""


@dataclass(frozen=True)
class Pooled:
    """A rate of the whole area, and of each district and last of none: axes as counted."""

    area: Array
    districts: Array


def kinds_of(provisions: Mapping[str, str]) -> tuple[int, ...]:
    """Kind of each provision, whose leavers are alike: school, special school, other, and in none at all."""
    known = {**dict.fromkeys(SCHOOL, 0), **dict.fromkeys(SPECIAL, 1), Provision.ELSEWHERE: 3}
    return tuple(known.get(Provision(means), 2) if means != LOCAL else 2 for means in provisions.values())


def leaving(lived: Stayers, lent: xr.Dataset) -> Pooled:
    """Share whose plan ceases in the year: (district, need, nc_year, provision)."""
    kinds, each = tuple(lent["kind_of"].to_numpy().tolist()), tuple(range(lent.sizes["provision"]))
    counts = np.stack([lived.ceased, lived.kept], axis=-1)
    theirs = lent["leave"].to_numpy()[None]
    area = (
        Grouping(ages=PHASE, provisions=kinds, weight=WEIGHT),
        Grouping(ages=PHASE, provisions=each),
        Grouping(ages=SINGLE, provisions=kinds),
        Grouping(need=True, ages=PHASE, provisions=kinds),
        Grouping(need=True, ages=SINGLE, provisions=each),
    )
    districts = (
        Grouping(district=True, ages=PHASE, provisions=kinds),
        Grouping(district=True, need=True, ages=SINGLE, provisions=each),
    )
    found = _rows(counts, np.stack([theirs, 1 - theirs], axis=-1), area, districts)
    return Pooled(found.area[..., 0], found.districts[..., 0])


def starting(starts: Array, exposure: Array, lent: Array) -> Pooled:
    """First plans a year per resident: (district, need, nc_year).

    Parameters
    ----------
    starts : (district, need, nc_year)
    exposure : (district, nc_year)
        Residents, as many times as years count.
    lent : (need, nc_year)
        England's rate.
    """
    area = (
        Grouping(weight=WEIGHT),
        Grouping(ages=PHASE, weight=WEIGHT),
        Grouping(need=True),
        Grouping(need=True, ages=PHASE),
        Grouping(ages=SINGLE),
        Grouping(need=True, ages=SINGLE),
    )
    districts = (
        Grouping(district=True),
        Grouping(district=True, ages=PHASE),
        Grouping(district=True, need=True),
        Grouping(district=True, need=True, ages=SINGLE),
    )
    return _per_head(starts, exposure, lent, area, districts)


def arriving(came: Array, exposure: Array, lent: Array) -> Pooled:
    """Children who come with a plan, a year and resident, of any need: (district, nc_year); see `starting`.

    Parameters
    ----------
    came : (district, nc_year)
    lent : (nc_year)
    """
    area = (Grouping(weight=WEIGHT), Grouping(ages=PHASE), Grouping(ages=SINGLE))
    districts = (Grouping(district=True), Grouping(district=True, ages=PHASE), Grouping(district=True, ages=SINGLE))
    found = _per_head(came[:, None], exposure, lent[None], area, districts)
    return Pooled(found.area[:, 0], found.districts[:, 0])


def arriving_mix(came: Array, mixes: Array) -> Array:
    """Need and placement of children who come with a plan, by year group: (need, nc_year, provision).

    Parameters
    ----------
    came : (need, nc_year, provision)
    mixes : the same axes
        Those of the stock, on which they lean; sums to 1 over need and provision.
    """
    counts, lent = (np.moveaxis(table, 1, 0).reshape(1, 1, len(NC_YEARS), 1, -1) for table in (came, mixes))
    found = pooled_rows(counts, lent, (Grouping(ages=PHASE, weight=WEIGHT),))
    return np.moveaxis(found.reshape(len(NC_YEARS), came.shape[0], came.shape[2]), 0, 1)


def effective(rates: Array, starts: Array, net: Array) -> Array:
    """Starts by need with those in whom another need is recorded later among them: like `rates`.

    There is no step from need to need in the model: whoever changes need begins with the later one. All starts of a
    district and year group together stay.

    Parameters
    ----------
    rates : (..., need, nc_year)
    starts, net : (need, nc_year)
        First plans, and children recorded anew with a need less those who left it.
    """
    ratio = np.ones(starts.shape)
    for years in PHASES.values():
        at = [NC_YEARS.index(year) for year in years]
        begun = starts[:, at].sum(axis=1)
        ratio[:, at] = np.maximum((begun + net[:, at].sum(axis=1) + WEIGHT) / (begun + WEIGHT), LEAST_EFFECTIVE)[
            :, None
        ]
    changed = rates * ratio
    total = changed.sum(axis=-2, keepdims=True)
    return changed * np.divide(rates.sum(axis=-2, keepdims=True), total, out=np.ones_like(total), where=total > 0)


def doubt_of_leaving(lived: Stayers, area: Array, lent: xr.Dataset) -> Doubt:
    """Doubt about the log odds of leaving, by phase and kind of place: groups in that order.

    Chances differ within a group. A group counts for as many children alike as give its leavers the same variance.

    Parameters
    ----------
    area : rates of the area, as `leaving` has them
    """
    kinds = tuple(lent["kind_of"].to_numpy().tolist())
    by, mass = Grouping(district=True, ages=PHASE, provisions=kinds), lived.ceased + lived.kept
    counts, expected, usual, squares = (
        known(by, part) for part in (lived.ceased, mass * area, mass * lent["leave"].to_numpy(), mass * area * area)
    )
    children = np.maximum.reduce([expected**2 / np.maximum(squares, LEAST), counts, expected, usual])
    pairs = [np.stack([part, children - part], axis=-1) for part in (counts, expected, usual)]
    return doubt_of_shares(pairs[0], pairs[1], pairs[2], WEIGHT)


def doubt_of_starting(starts: Array, exposure: Array, area: Array, lent: Array, level: float) -> Doubt:
    """Doubt about first plans per resident, by phase; see `starting`.

    Parameters
    ----------
    level : variance of the logarithm of the level of all together
    """
    parts = (starts, area * exposure[:, None], lent * exposure[:, None])
    by = Grouping(district=True, ages=PHASE)
    seen, expected, usual = (known(by, np.broadcast_to(part, starts.shape)[..., None]) for part in parts)
    return doubt(seen, expected, usual, WEIGHT, level)


def known(by: Grouping, cells: Array) -> Array:
    """Sums by the groups of `by`, of children of known districts: (district, group)."""
    sums = by.sums(cells)[:-1, 0]
    return sums.reshape(len(sums), -1)


def _rows(counts: Array, lent: Array, area: tuple[Grouping, ...], districts: tuple[Grouping, ...]) -> Pooled:
    found = pooled_rows(counts, lent, area)[:1]
    return Pooled(found, pooled_rows(counts, found, districts if len(counts) > ONE else ()))


def _per_head(
    counts: Array, exposure: Array, lent: Array, area: tuple[Grouping, ...], districts: tuple[Grouping, ...]
) -> Pooled:
    events, heads = counts[..., None], exposure[:, None, :, None]
    found = pooled_rates(events, heads, lent[None, ..., None], area)[:1]
    apart = pooled_rates(events, heads, found, districts if len(counts) > ONE else ())
    return Pooled(found[..., 0], apart[..., 0])
