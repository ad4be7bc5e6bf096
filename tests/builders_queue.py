"""Queues small enough to check by eye, and children whose every September is known beforehand."""

import numpy as np
import pandas as pd
import xarray as xr
from builders_model import empty

from forecast.domain import NC_YEARS
from forecast.inputs.reference_overflow import ASK_AGAIN, WAIT
from forecast.model.children import simulate
from forecast.model.cohort import roll
from forecast.model.desk import Desk
from forecast.model.fixed import fixed
from forecast.places.overflow import queue_of
from forecast.places.register import Register

KINDS = ("mainstream", "special", "base", "elsewhere")
BANDS = (-4, 0, 7, 8, 12, 15)
"""Year 7 apart, so that a test can see who has just come."""
ALL_AGES = {"nc_from": NC_YEARS[0], "nc_to": NC_YEARS[-1], "supported": False, "source": "a test"}


def order(*steps, wait=0.0, ask_again=1.0):
    """Columns of overflow.csv: every kind of place alike, steps of (kind, share) in turn."""
    rows = [(0, WAIT, wait), (0, ASK_AGAIN, ask_again), *((n, *step) for n, step in enumerate(steps, 1))]
    return pd.DataFrame([{"provision": "all", "rank": n, "goes_to": to, "share": s, **ALL_AGES} for n, to, s in rows])


MIXED = order(("base", 0.6), ("special", 0.3), ("mainstream", 1), wait=0.4)


def register(years, **places):
    """Places by kind: a number, one a year, or one by draw and year; the census year is the first of `years`."""
    tables = [np.broadcast_to(np.asarray(of_kind, dtype=float), _shape(of_kind, years)) for of_kind in places.values()]
    draws = max(len(table) for table in tables)
    table = np.stack([np.broadcast_to(table, (draws, len(years))) for table in tables], axis=2)
    coords = {"draw": range(draws), "year": list(years), "place": range(len(places))}
    rows = pd.DataFrame({"school": [f"A {kind}" for kind in places], "provision": list(places)})
    return Register(rows, xr.DataArray(table, coords=coords, dims=("draw", "year", "place")))


def _shape(places, years):
    return np.shape(places) if np.ndim(places) == 2 else (1, len(years))


def queue(drivers, steps, places):
    """The queue of `drivers` with so many places; the same in every draw unless they say otherwise."""
    years, draws = [drivers.attrs["year"], *drivers["year"].to_numpy().tolist()], drivers.sizes["draw"]
    listed = register(years, **{kind: _by_draw(of_kind, draws, len(years)) for kind, of_kind in places.items()})
    return queue_of(listed, {kind: kind for kind in drivers["provision"].to_numpy().tolist()}, steps)


def _by_draw(places, draws, years):
    return places if np.ndim(places) == 2 else np.broadcast_to(np.asarray(places, dtype=float), (draws, years))


def queued(drivers, steps, places, seed=1, bands=BANDS):
    """Children under a queue, and its desk: (draw, year, district, need, band, provision) with labels."""
    draws = drivers["draw"].to_numpy()
    desk = Desk(queue(drivers, steps, places), draws)
    return labelled(drivers, simulate(fixed(drivers), roll(drivers), seed, draws, bands, desk), bands), desk


def everyone_in(drivers, seed=1, bands=BANDS):
    """The same with room for all."""
    counts = simulate(fixed(drivers), roll(drivers), seed, drivers["draw"].to_numpy(), bands)
    return labelled(drivers, counts, bands)


def labelled(drivers, counts, bands):
    """Counts with the labels of `drivers`, the census first."""
    years = [drivers.attrs["year"], *drivers["year"].to_numpy().tolist()]
    coords = {axis: drivers[axis].to_numpy() for axis in ("draw", "district", "need", "provision")}
    dims = ("draw", "year", "district", "need", "band", "provision")
    return xr.DataArray(counts, coords=coords | {"year": years, "band": list(bands)}, dims=dims)


def at(children, kind, **where):
    """Children of a kind of place by year, in the first future."""
    return children.isel(draw=0).sel(provision=kind, **where).sum(["district", "need", "band"]).to_numpy().tolist()


def settled(years=6, first=2026, needs=("ASD",), kinds=KINDS, draws=1):
    """Nobody yet; nobody leaves or moves before the oldest year group."""
    return empty(tuple(range(first, first + years)), draws, districts=("Here",), needs=needs, provisions=kinds)


def on_roll(drivers, children, nc_year, kind="mainstream", need="ASD"):
    """So many children of one year group at the census."""
    stock = drivers["stock"].copy(deep=True)
    stock.loc[{"nc_year": nc_year, "provision": kind, "need": need}] = children
    return drivers.assign(stock=stock)


def all_move(drivers, nc_year, origin, to, share=1.0):
    """This share of a year group goes from one kind of place to another next September."""
    move = drivers["move"].copy(deep=True)
    move.loc[{"nc_year": nc_year, "provision": origin, "to": origin}] = 1 - share
    move.loc[{"nc_year": nc_year, "provision": origin, "to": to}] = share
    return drivers.assign(move=move)


def ten_into_special(needs=("ASD",), each=10, **shape):
    """Year 6 children of mainstream schools who all go to special schools at Year 7."""
    drivers = settled(needs=needs, **shape)
    for need in needs:
        drivers = on_roll(drivers, each, 6, need=need)
    return all_move(drivers, 6, "mainstream", "special")


def without(desk):
    """Children without the place that they asked for: (draw, year)."""
    waits, went = np.stack(desk.waiting, axis=1), np.stack(desk.elsewhere, axis=1)
    return waits.sum(axis=2) + went.sum(axis=(2, 3))
