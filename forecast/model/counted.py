"""The stock and rates of an area that counts its own children: district leaning on area, area on England."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import NC_YEARS, PHASES, SPECIALIST
from forecast.model.accounts import mix
from forecast.model.belief import LEAST
from forecast.model.counted_flows import Counted, Stayers, arrivals, recorded_anew, starts_by_year, stayers
from forecast.model.counted_places import doubt_of_entering, placing
from forecast.model.counted_rates import (
    arriving,
    arriving_mix,
    doubt_of_leaving,
    kinds_of,
    leaving,
)
from forecast.model.counted_starts import (
    CELL,
    TERMS,
    Found,
    all_years,
    counted_starts,
    england_starts,
    lent_starts,
    terms,
)
from forecast.model.counted_stock import counted_stock
from forecast.model.counted_tables import cells_of, children_by_cell
from forecast.model.lending_shared import shared_among
from forecast.model.local import ENGLANDS, MOST_LEAVING
from forecast.model.raking import Array

COUNTED: Final = "counted"


def fit_counted(
    area: Counted, england: xr.Dataset, needs: Mapping[str, str], provisions: Mapping[str, str]
) -> xr.Dataset:
    """Stock, rates and their doubt of an area as of its latest census.

    Parameters
    ----------
    england : the England model, in its own labels
    needs, provisions : label -> standard label, or `own`

    Returns
    -------
    As `forecast.model.local.fit_area`, and by district what the area counts: start_rate (district, need, nc_year),
    start_mix and leave (district, need, nc_year, provision), move (district, need, nc_year, provision, to), arrive_rate
    (district, nc_year). What its counts leave open: `doubt_leave` (term, district, phase, kind), `doubt_starts` (term,
    district, phase) and `doubt_entrants` (term, district, phase, to); `kind_of` is the kind of each provision.
    Attributes: `flows` says whose moves they are; `counted` the first and last January of each flow counted.

    Raises
    ------
    NoStock
        Nobody is counted at the latest census.
    """
    now = area.placements[area.placements["year"].eq(area.year)]
    seen = children_by_cell(cells_of(now).fillna({"children": 0.0}), area.frame)[:, :-1, :, :-1].sum(axis=0)
    lent = shared_among(needs, provisions, england, seen)
    people = area.residents.sel(year=area.year, drop=True).to_numpy()
    usual = lent["stock"].to_numpy() / lent["residents"].to_numpy()[None, :, None] * people[:, None, :, None]
    stock = counted_stock(now, area.frame, usual, area.year)
    lent = lent.assign(kind_of=("provision", list(kinds_of(provisions))), steered=("provision", _steered(provisions)))
    begun, lived = starts_by_year(area), stayers(area)
    found: Found = {"stock": (CELL, stock), "kind_of": lent["kind_of"], **_arrive(area, lent, stock)}
    found |= lent_starts(lent, stock, usual) | {
        name: (lent[name].dims, lent[name].to_numpy()) for name in ("leave", "move")
    }
    if begun:
        found |= counted_starts(area, lent, begun, recorded_anew(area), england_starts(england, area.year))
    if lived is not None:
        found |= _leave(lived, lent)
    found |= _placed(lived, all_years(area, begun) if begun else None, lent)
    spans = {"stayed": area.stayed, "started": area.started, "came": area.came}
    return xr.Dataset(
        found,
        coords={
            "district": list(area.frame.districts),
            "need": list(needs),
            "nc_year": list(NC_YEARS),
            "provision": list(provisions),
            "to": list(provisions),
            "phase": [phase.value for phase in PHASES],
            "term": list(TERMS),
        },
        attrs={
            "year": area.year,
            "flows": COUNTED if lived is not None else ENGLANDS,
            "counted": {name: [years[0], years[-1]] for name, years in spans.items() if years},
        },
    )


def _steered(provisions: Mapping[str, str]) -> list[bool]:
    """Which provisions have entrants of their own to be told of: those that are planned one by one."""
    return [means in set(SPECIALIST) for means in provisions.values()]


def _leave(lived: Stayers, lent: xr.Dataset) -> Found:
    """Who leaves, and the doubt about it."""
    leave = leaving(lived, lent)
    rates = np.minimum(leave.districts[:-1], MOST_LEAVING)
    rates[:, :, -1] = 1.0
    shape = (len(rates), len(PHASES), int(lent["kind_of"].max()) + 1)
    doubt = terms(doubt_of_leaving(lived, leave.area, lent), shape)
    return {"leave": (CELL, rates), "doubt_leave": (("term", "district", "phase", "kind"), doubt)}


def _placed(lived: Stayers | None, starts: Array | None, lent: xr.Dataset) -> Found:
    """Who moves and where first plans are placed, as far as either is counted, and the doubt about entrants."""
    if lived is not None:
        moves = lived.moves
        begun = np.zeros(lived.kept.shape) if starts is None else starts
    elif starts is not None:
        moves, begun = np.zeros((*starts.shape, starts.shape[-1])), starts
    else:
        return {}
    rows, mixes = placing(moves, begun, lent)
    shape = (len(moves) - 1, len(PHASES), moves.shape[-1])
    doubt = terms(doubt_of_entering(moves, begun, (rows.area, mixes.area), lent), shape)
    found: Found = {"doubt_entrants": (("term", "district", "phase", "to"), doubt)}
    if lived is not None:
        never = (lent["move"].to_numpy() <= LEAST) & (moves.sum(axis=(0, 1)) == 0)
        found["move"] = ((*CELL, "to"), mix(np.where(never, 0.0, rows.districts[:-1])))
    if starts is not None:
        found["start_mix"] = (CELL, mixes.districts[:-1])
    return found


def _arrive(area: Counted, lent: xr.Dataset, stock: Array) -> Found:
    """Children who come with a plan: counted, or England's rate; placed like those who came and like the stock."""
    needs, provisions = lent.sizes["need"], lent.sizes["provision"]
    held = stock.sum(axis=0)
    held = np.where(held.sum(axis=(0, 2), keepdims=True) > 0, held, lent["stock"].to_numpy() + LEAST)
    mixes, came = held / held.sum(axis=(0, 2), keepdims=True), arrivals(area)
    rate: tuple[tuple[str, ...], Array] = (("nc_year",), lent["arrive_rate"].to_numpy())
    if came is not None:
        exposure = np.zeros((len(came), len(NC_YEARS)))
        exposure[:-1] = sum(
            weight * area.residents.sel(year=year).to_numpy() for year, weight in area.weights(area.came).items()
        )
        rate = (("district", "nc_year"), arriving(came.sum(axis=(1, 3)), exposure, rate[1]).districts[:-1])
        mixes = arriving_mix(came.sum(axis=0), mixes)
    return {"arrive_rate": rate, "arrive_mix": (CELL[1:], mixes.reshape(needs, len(NC_YEARS), provisions))}
