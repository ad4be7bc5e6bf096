"""The children whom a new school would be for: those of the question who have no place, in each future and January.

Where an area lists its own places, they are the children of the question who are left over when everybody is placed
where he may be. Where places are only assumed, nothing is known to be short, and they are the children more than at
the latest census.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from forecast.decide.ask import Ask
from forecast.decide.without_plan import fill
from forecast.domain import WITHOUT_PLAN, Provision
from forecast.errors import ForecastError
from forecast.inputs.assumptions import Assumption
from forecast.model.spread import assumed
from forecast.places.flow import relieved
from forecast.places.register import Register
from forecast.places.shortage import CELL, eligible, shortage
from forecast.projection import Projection

THETAS: Final = {"theta_independent": (Provision.INDEPENDENT, 61), "theta_mainstream": (Provision.MAINSTREAM, 62)}
"""Assumption -> children of which kind of place it is a share of, and the number that its luck hangs on."""


class NoBands(ForecastError):
    """A projection whose children cannot be told apart by the year groups asked about."""

    def __init__(self, nc_from: int, nc_to: int) -> None:
        super().__init__(
            f"This projection does not tell year groups {nc_from} to {nc_to} apart from others; make it again with "
            f"spans=[({nc_from}, {nc_to})]."
        )


class NobodyShort(ForecastError):
    """Whom a school could relieve cannot be said where nobody is known to be short."""

    def __init__(self, provision: str) -> None:
        super().__init__(
            f"No place of the kind {provision!r} is listed, so nobody is known to be short of one and no place can be "
            "freed for others; ask without --freeing, or list the places in the area's places.csv."
        )


def judged(projection: Projection, provision: str) -> bool:
    """Whether the area lists places of this kind, so that children can be said to be short of them."""
    return projection.register is not None and bool((projection.register.rows["provision"] == provision).any())


def group(projection: Projection, ask: Ask, provision: str | None = None) -> xr.DataArray:
    """Children of the question's needs, ages and districts in a kind of place: (draw, year).

    Where a published area's districts are asked about, they have the county's rate, and differ in each future as
    comparable authorities do.

    Parameters
    ----------
    provision : label; that of the question if left out

    Raises
    ------
    NoBands
        As `wanted`.
    """
    return _of_districts(projection, ask, _by_district(projection, ask, provision or ask.provision))


def wanted(projection: Projection, ask: Ask) -> xr.DataArray:
    """Children of the question who have no place: (draw, year), whole or shared out.

    Districts of a published area differ in each future as in `group`.

    Parameters
    ----------
    ask : checked against the area

    Raises
    ------
    NoBands
        The projection was made without the question's year groups as `spans`.
    """
    if judged(projection, ask.provision):
        made = projection.short if projection.short is not None else shortage(*_own_kind(projection, ask))
        short = made.short.sel(provision=ask.provision, drop=True).sel(band=_bands(projection, ask))
        some = _needs(short, ask)
        return _of_districts(projection, ask, some.sum(["need", "band"], dtype=np.float64))
    children = group(projection, ask).astype(np.float64)
    return (children - children.isel(year=0, drop=True)).clip(min=0)


def without_a_plan(projection: Projection, ask: Ask) -> xr.DataArray:
    """Share of the children asked about who have no plan, 0 to 1, the mean of the futures: (year).

    Of those in such places; who is short is shared pro rata.
    """
    everybody = group(projection, ask).mean("draw")
    if not fill(projection, ask.provision) or (ask.needs and WITHOUT_PLAN not in ask.needs):
        return xr.zeros_like(everybody)
    alone = group(projection, ask.model_copy(update={"needs": (WITHOUT_PLAN,)})).mean("draw")
    return alone / everybody.where(everybody > 0, 1.0)


def need_based(projection: Projection, ask: Ask, assumptions: Mapping[str, Assumption]) -> xr.DataArray:
    """Children in other places who are taken to need one of this kind: (draw, year).

    Parameters
    ----------
    assumptions : those of `THETAS` are used, each with its range
    """
    settings, draws = projection.settings, projection.demand["draw"].to_numpy()
    total = xr.zeros_like(group(projection, ask), dtype=np.float64)
    for name, (kind, at) in THETAS.items():
        share = np.clip(assumed(assumptions[name], settings.draws, settings.seed, at)[draws], 0, 1)
        for label in projection.about.means(kind):
            total = total + group(projection, ask, label) * xr.DataArray(share, coords={"draw": draws}, dims="draw")
    return total


def freed(projection: Projection, ask: Ask) -> xr.DataArray:
    """As `relief`, where that is what a question is to rest on.

    Raises
    ------
    NobodyShort
        The area lists no places of the kind.
    """
    children = relief(projection, ask)
    if children is None:
        raise NobodyShort(ask.provision)
    return children


def relief(projection: Projection, ask: Ask) -> xr.DataArray | None:
    """Children fewer without a place, of any group, with a school for these that is as big as may be: (draw, year).

    Those who move to it free places for others. Districts of a published area all have its rate here. None where the
    area lists no places of the kind.
    """
    if not judged(projection, ask.provision):
        return None
    by_band, register = _own_kind(projection, ask)
    labels = [by_band[axis].to_numpy().tolist() for axis in CELL]
    may = eligible(register.rows, *labels)
    asked = (ask.districts or labels[0], ask.needs or labels[1], _bands(projection, ask))
    who = np.ones(may.shape[1:], dtype=bool)
    for at, (axis, chosen) in enumerate(zip(labels, asked, strict=True)):
        who &= np.isin(axis, chosen).reshape([-1 if other == at else 1 for other in range(len(labels))])
    children = by_band.isel(provision=0, drop=True).transpose("draw", "year", *CELL).to_numpy()
    flat = children.reshape(*children.shape[:2], -1).astype(np.float64)
    fewer = relieved(flat, may.reshape(len(may), -1).T, register.open.to_numpy(), who.reshape(-1))
    axes = {axis: by_band[axis].to_numpy() for axis in ("draw", "year")}
    return xr.DataArray(fewer, coords=axes, dims=("draw", "year"))


def _own_kind(projection: Projection, ask: Ask) -> tuple[xr.DataArray, Register]:
    """Children and listed places of the question's kind alone."""
    if projection.claims is None or projection.register is None:
        raise NoBands(*ask.span)
    rows = projection.register.rows
    own = rows.index[rows["provision"] == ask.provision]
    register = Register(rows.loc[own], projection.register.open.sel(place=own.to_numpy()))
    return projection.claims.sel(provision=[ask.provision]), register


def _by_district(projection: Projection, ask: Ask, provision: str) -> xr.DataArray:
    """Children of the question's needs and ages in a kind of place, by district: (draw, year, district).

    In AP schools those without a plan are among them, in full-time places at the fullest month.
    """
    bands = _bands(projection, ask)
    if projection.claims is None:
        raise NoBands(*ask.span)
    children = projection.claims.sel(provision=provision, drop=True).sel(band=bands)
    return _needs(children, ask).sum(["need", "band"], dtype=np.int64)


def _needs(children: xr.DataArray, ask: Ask) -> xr.DataArray:
    return children.sel(need=list(ask.needs)) if ask.needs else children


def _where(by_district: xr.DataArray, ask: Ask) -> xr.DataArray:
    """Summed over the question's districts."""
    some = by_district.sel(district=list(ask.districts)) if ask.districts else by_district
    return some.sum("district")


def _of_districts(projection: Projection, ask: Ask, by_district: xr.DataArray) -> xr.DataArray:
    """As `_where`, each district with its own factor where districts have the county's rate."""
    return _where(projection.apart(by_district) if ask.districts else by_district, ask)


def _bands(projection: Projection, ask: Ask) -> list[int]:
    """First year groups of the bands that make up the question's year groups, just those."""
    known = [] if projection.by_band is None else projection.by_band["band"].to_numpy().tolist()
    cut_at_end = ask.nc_to + 1 in known or ask.nc_to == _LAST
    if ask.nc_from not in known or not cut_at_end:
        raise NoBands(*ask.span)
    return [first for first in known if ask.nc_from <= first <= ask.nc_to]


_LAST: Final = 20
"""The last year group there is."""
