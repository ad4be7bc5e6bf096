"""Why more, or fewer, children are left without a place: the waterfall where an area lists its own places.

Children of the central path are set against the places expected to be open. To the causes comes one more between two
years: schools that open, grow or close by the area's own register. Off, each has the places that it had at the latest
census, but for those that levers open, expand, delay or close. Of AP schools there is another: how many children
without a plan fill their places (`central_ap`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.axes import bands_of
from forecast.decide.causes import applied, built
from forecast.decide.central_ap import MORE_OR_FEWER, central_ap, with_others
from forecast.decide.coalitions import Coalitions
from forecast.decide.switches import switched
from forecast.decide.waterfall import Outcome, Values, Waterfall, told_years, waterfall
from forecast.decide.without_plan import filled_by_both
from forecast.domain import ALL, NC_YEARS
from forecast.errors import ForecastError
from forecast.model.cohort import roll
from forecast.model.raking import Array
from forecast.places.register import Register, ages_of, drawn_register
from forecast.places.shortage import shortage
from forecast.projection import Projection

PLACES: Final = "schools that open, grow or close"
"""The cause that lies in the area's own register."""


class NothingListed(ForecastError):
    """Children without a place, where no place is listed."""

    def __init__(self, area: str, label: str) -> None:
        super().__init__(
            f"No child of {area} can be said to be without a place of the kind {label!r}, because no such place is "
            "listed; list the schools in places.csv, or explain the number of children."
        )


def of_short(
    coalitions: Coalitions,
    label: str,
    year: int,
    projections: Sequence[Projection],
    places: pd.DataFrame,
    drivers: xr.Dataset,
) -> Waterfall:
    """Why the number of children without a place of a kind changes.

    Parameters
    ----------
    label : kind of place, of those that the area lists
    year, projections : as for `waterfall.of_children`
    places : the area's register before any lever: columns of `schemas_places.Places`
    drivers : of the area, before any lever

    Raises
    ------
    NoSuchJanuary, NothingListed
    """
    told_years(coalitions, year)
    if any(projection.short is None or label not in projection.short.short["provision"] for projection in projections):
        raise NothingListed(projections[0].about.name, label)
    means = tuple(_mean_of_futures(projection, label) for projection in projections)
    whose = (projections[0], drivers)
    sets = [_one_set(coalitions, at, whose, places, (label, year)) for at in range(len(coalitions.changes))]
    values, more = _values(sets, label, since_census=coalitions.since_census)
    words = projections[0].about.provision_name(label).lower()
    outcome = Outcome(f"children without a place ({words})", (label,))
    made_of = Values(values, _at_census(projections[0], drivers, coalitions.trend, places, label), means, more)
    return waterfall(coalitions, outcome, year, projections, made_of)


@dataclass(frozen=True, eq=False)
class _OneSet:
    """Children and places under one set of levers."""

    children: xr.DataArray
    """By band, those without a plan among them where they are counted."""
    fewer: xr.DataArray | None
    """The same with as many without a plan as at the latest census; None where they are not counted."""
    rows: pd.DataFrame
    """The register."""
    open: Array
    """Places open of each of its rows."""
    held: Array
    """Those with the area's own schools held."""


def _values(sets: Sequence[_OneSet], label: str, *, since_census: bool) -> tuple[Array, tuple[str, ...]]:
    """Children short in every coalition, and the causes beside those of the coalitions."""
    everybody = [(one, one.children) for one in sets]
    on = _every(everybody, label, open_=True)
    if not since_census:
        return on, ()
    values = np.concatenate([_every(everybody, label, open_=False), on])
    fewer = [(one, one.fewer) for one in sets if one.fewer is not None]
    if len(fewer) < len(sets):
        return values, (PLACES,)
    none_more = [_every(fewer, label, open_=open_) for open_ in (False, True)]
    return np.concatenate([*none_more, values]), (PLACES, MORE_OR_FEWER)


def _every(sets: Sequence[tuple[_OneSet, xr.DataArray]], label: str, *, open_: bool) -> Array:
    """Children short under each set of levers, with the area's own schools as they are or held: (coalition)."""
    return np.concatenate([_short(who, one.rows, one.open if open_ else one.held, label) for one, who in sets])


def _one_set(
    coalitions: Coalitions, at: int, whose: tuple[Projection, xr.Dataset], places: pd.DataFrame, asked: tuple[str, int]
) -> _OneSet:
    """Children and places under the set of levers at a position, of one kind of place in one January."""
    (projection, drivers), (label, year) = whose, asked
    rows = built(coalitions.changes[at], places)
    settings, base = projection.settings, projection.base
    register = drawn_register(rows, [base, year], settings.draws, settings.seed, drivers.attrs["late"])
    if register is None:
        raise NothingListed(projection.about.name, ALL)
    census, open_ = register.open.mean("draw").transpose("year", "place").to_numpy()
    held = np.where(_as_before(register.rows, places), census, open_)
    children = _children(coalitions, at, bands_of(*ages_of(rows)), year)
    both, fewer = children, None
    if label == filled_by_both(projection.about):
        both, fewer = _with_others(children, coalitions, at, label)
    return _OneSet(both, fewer, register.rows, open_, held)


def _with_others(
    children: xr.DataArray, coalitions: Coalitions, at: int, label: str
) -> tuple[xr.DataArray, xr.DataArray | None]:
    """Children with those without a plan beside them, as many as they are and as many as at the latest census."""
    trend = central_ap(coalitions.trend)
    now = central_ap(applied(coalitions.changes[at], coalitions.trend))
    if trend is None or now is None:
        return children, None
    where = trend.fullest["year"].to_numpy().tolist().index(int(children["year"].item()))
    full, as_at_census = (each.fullest.to_numpy()[where] for each in (now, now.as_many_as(trend)))
    return with_others(children, full, label), with_others(children, as_at_census, label)


def _as_before(rows: pd.DataFrame, places: pd.DataFrame) -> NDArray[np.bool_]:
    """Which rows of a register no lever made or changed: (row)."""
    shared = [column for column in rows.columns if column in places.columns]
    found = rows[shared].merge(places[shared].drop_duplicates(), how="left", on=shared, indicator="found")["found"]
    return found.eq("both").to_numpy()


def _children(coalitions: Coalitions, at: int, bands: Sequence[int], year: int) -> xr.DataArray:
    """Children of one January by band, a draw for each coalition of the causes beside levers."""
    trend = coalitions.trend
    made = applied(coalitions.changes[at], trend)
    every = [made]
    if coalitions.since_census:
        every = [switched(made, trend, moves=moves, apart=True) for moves in (False, True)]
    table = np.concatenate([_followed(drivers, bands, year) for drivers in every])
    axes = {axis: made[axis].to_numpy() for axis in ("district", "need", "provision")}
    coords = {"draw": np.arange(len(table)), "year": [year], **axes, "band": list(bands)}
    dims = ("draw", "year", "district", "need", "band", "provision")
    return xr.DataArray(table[:, None], coords=coords, dims=dims)


def _at_census(
    projection: Projection, drivers: xr.Dataset, trend: xr.Dataset, places: pd.DataFrame, label: str
) -> float:
    """Children without a place of a kind at the latest census, on the central path.

    Of children with a plan that is every future's own count. Those without one fill places of their fullest month, in
    which futures are unlike one another: without luck they are as many as in the rest of the waterfall.

    Parameters
    ----------
    trend : of the central path, before any lever
    """
    others = central_ap(trend) if label == filled_by_both(projection.about) else None
    if others is None or projection.by_band is None:
        return _mean_of_futures(projection, label)[projection.base]
    register = drawn_register(places, [projection.base], projection.settings.draws, projection.settings.seed,
                              drivers.attrs["late"])  # fmt: skip
    if register is None:
        raise NothingListed(projection.about.name, label)
    now = projection.by_band.sel(year=[projection.base]).isel(draw=[0]).astype(np.float64)
    axes = ("draw", "year", "district", "need", "band", "provision")
    children = with_others(now.transpose(*axes), others.fullest.to_numpy()[0], label)
    open_ = register.open.mean("draw").transpose("year", "place").to_numpy()[0]
    return float(_short(children, register.rows, open_, label)[0])


def _followed(drivers: xr.Dataset, bands: Sequence[int], year: int) -> Array:
    """Children of one January: (draw, district, need, band, provision)."""
    *_, last = roll(drivers.sel(year=slice(None, year)))
    firsts = np.searchsorted(NC_YEARS, bands)
    return np.asarray(np.add.reduceat(last.pupils, firsts, axis=1).transpose(2, 3, 0, 1, 4))


def _short(children: xr.DataArray, rows: pd.DataFrame, open_: Array, label: str) -> Array:
    """Children without a place of a kind: (draw).

    Parameters
    ----------
    children : see `_children`
    open_ : (row of the register)
    """
    places = np.broadcast_to(open_, (*children.shape[:2], len(open_)))
    axes = {axis: children[axis].to_numpy() for axis in ("draw", "year")} | {"place": rows.index.to_numpy()}
    register = Register(rows, xr.DataArray(places, coords=axes, dims=tuple(axes)))
    found = shortage(children.sel(provision=[label]), register).of_served
    return found.sum([axis for axis in found.dims if axis != "draw"], dtype=np.float64).to_numpy()


def _mean_of_futures(projection: Projection, label: str) -> Mapping[int, float]:
    """Children without a place of a kind, the mean of the futures, by January."""
    if projection.short is None:
        raise NothingListed(projection.about.name, label)
    left = projection.short.of_served.sel(provision=label)
    means = left.sum(["district", "need", "band"], dtype=np.float64).mean("draw")
    return dict(zip(means["year"].to_numpy().tolist(), means.to_numpy().tolist(), strict=True))
