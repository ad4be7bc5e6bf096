"""The year step, and the roll of many years: pupils expected, for every draw at once.

Order in a year: leave, move up a year group, change provision, arrive, room, starts, placement of starts.

    kept[nc]          = pupils[nc] * (1 - leave[nc])
    enter[nc + 1, q]  = entrants[q] * (sum over p != q of kept[nc, p] * move[nc, p, q]) and likewise of starts
    pupils[nc + 1, q] = stay[nc + 1, q] + enter[nc + 1, q] + arrive[nc + 1, q]

`entrants` acts on the *steered* provisions (special, independent, base, alternative). What it adds is
taken, origin by origin, from that origin's other destinations pro rata, at most `MOST_TAKEN` of them, so
that every child is somewhere.

A scenario's shifts act last: on where each child would go under everything else (`shifts`).

Inside the roll arrays are laid out (need, nc_year, draw, district, provision): one small matrix product
a need and year group.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.model.entrants import everywhere, placed, product, settled, taken, tilted_starts
from forecast.model.fixed import Fixed, Rates, fixed
from forecast.model.layout import aged
from forecast.model.raking import Array
from forecast.model.shifts import Shift, Way, send_on
from forecast.model.totals import Totals, by_draw, moving_of, starting_of


@dataclass(frozen=True)
class Moved:
    """One year of the roll before its first plans, laid out as `LAYOUT`."""

    year: int
    pupils: Array
    """Children kept, moved and arrived."""
    room: Array
    """Residents who could still start a plan: (nc_year, draw, district)."""
    starts: Array
    """First plans wanted, were there room for all: (need, nc_year, draw, district)."""
    start_factor: Array
    """As in `Year`, like all that follow."""
    entrants: Array
    rates: Rates
    taken: tuple[Array, Array | None]
    shifts: tuple[Shift, ...]
    shifted: Array


@dataclass(frozen=True)
class Year:
    """One year of the roll, laid out as `LAYOUT`."""

    year: int
    pupils: Array
    """Stock at this January."""
    starts: Array
    """First plans made in the year: (need, nc_year, draw, district)."""
    start_factor: Array
    """Multiple of the rate of starts that was used: (draw)."""
    entrants: Array
    """Multiples of entrants that were used, in `Fixed.steered` order: like `Fixed.factors`, one year."""
    rates: Rates
    """Chances that were used."""
    taken: tuple[Array, Array | None]
    """What the multiples took of each origin's other destinations, and what of them acted: see `entrants.taken`."""
    placed: Array
    """Of each placement of a first plan, the multiples in it, before any shift: `LAYOUT`."""
    shifts: tuple[Shift, ...]
    """What a scenario sends elsewhere."""
    shifted: Array
    """Children whom each shift of the drivers sent on: (shift, draw)."""


Steer = Callable[[Totals], tuple[Array, Array]]
"""Gives the multiples of starts (draw) and of entrants (draw, steered) for a year."""


def roll(drivers: xr.Dataset, steer: Steer | None = None) -> Iterator[Year]:
    """Every year after the latest census, in order.

    Parameters
    ----------
    drivers : see `forecast.model.drivers`
    steer : gives each year's factors in place of those in `drivers`; for control, which finds them
    """
    given = fixed(drivers)
    pupils = beginning(given)
    for at in range(len(given.years)):
        done = started(moved(given, pupils, at, steer), given.steered)
        pupils = done.pupils
        yield done


def beginning(given: Fixed) -> Array:
    """Children of every draw at the latest census: `LAYOUT`."""
    draws = max(given.start_rate.shape[3], given.factors.shape[3], given.ceiling.shape[2])
    return np.repeat(given.stock, draws, axis=2)


def first_starts(drivers: xr.Dataset) -> Array:
    """First plans made in the year after the latest census, before any other year is rolled: as `Year.starts`."""
    given = fixed(drivers.isel(year=[0]))
    _, room = _room(given, given.stock * given.rates(0).kept, 0)
    return within(room, room * given.start_rate[0])


def _room(given: Fixed, kept: Array, at: int) -> tuple[Array, Array]:
    """Children kept and arrived (need, nc_year, draw, district), and residents who could still start a plan."""
    in_all = (kept.reshape(-1, kept.shape[-1]) @ np.ones(kept.shape[-1])).reshape(kept.shape[:-1])
    carried = aged(in_all) + given.arriving(at).sum(axis=4)
    return carried, np.maximum(given.ceiling[at] - carried.sum(axis=0), given.least[at])


def moved(given: Fixed, pupils: Array, at: int, steer: Steer | None = None) -> Moved:
    """The children of a year on from `pupils`, but for its first plans.

    Parameters
    ----------
    pupils : `LAYOUT`
    at : position of the year
    """
    rates, factors = given.rates(at), given.factors[at]
    kept = pupils * rates.kept
    moving, stay = product(kept, rates.rows.into), kept * rates.rows.stay
    carried, room = _room(given, kept, at)
    starts = room * given.start_rate[at]
    start_factor = np.ones(starts.shape[2])
    if steer is not None:
        start_factor, of_entrants = steer(_totals(given, at, rates.start_mix, (carried, starts, stay, moving)))
        factors, starts = factors * of_entrants[None, None, :, None, :], starts * start_factor[:, None]
    rows, full = rates.rows, everywhere(factors, given.steered, kept.shape[-1])
    found = taken(rows.entering[:, :, None], rows.room, factors)
    shifts, sent = given.shifts[at], np.zeros((given.shifts_in_all, kept.shape[2]))
    pupils = aged(placed(kept, moving, stay, rows, full, found))
    if shifts:

        def staying(place: int) -> Array:
            return aged(settled(kept, stay, rows, found, place))

        send_on(pupils, lambda place: pupils[..., place] - staying(place), shifts, Way.MOVERS, sent)
        send_on(pupils, staying, shifts, Way.STAYING, sent)
    pupils += given.arriving(at)
    return Moved(given.years[at], pupils, room, starts, start_factor, factors, rates, found, shifts, sent)


def _totals(given: Fixed, at: int, start_mix: Array, children: tuple[Array, Array, Array, Array]) -> Totals:
    """What steering may look at, before any factor acts, of children carried, starting, staying and moving."""
    carried, starts, stay, moving = children
    steered, tilt = list(given.steered), given.factors[at]
    return Totals(
        year=given.years[at],
        carried=by_draw(carried),
        starts=by_draw(starts),
        stay=by_draw(stay[:, :-1])[:, steered] + given.arrive[at][..., steered].sum(axis=(0, 1, 2, 3)),
        moving=moving_of(moving, everywhere(tilt, steered, moving.shape[-1]))[:, steered],
        starting=starting_of(starts, start_mix[..., steered], tilt),
    )


def started(
    before: Moved, steered: tuple[int, ...], starts: Array | None = None, start_mix: Array | None = None
) -> Year:
    """A year with its first plans, or with others in their stead.

    Parameters
    ----------
    steered : positions of the steered provisions
    starts : as `Moved.starts`
    start_mix : as `Rates.start_mix`
    """
    starts = within(before.room, before.starts if starts is None else starts)
    mix = before.rates.start_mix if start_mix is None else start_mix
    placement = tilted_starts(mix, steered, before.entrants)
    sent = before.shifted.copy()
    pupils = starts[..., None] * placement
    if before.shifts:
        send_on(pupils, lambda place: starts * placement[..., place], before.shifts, Way.STARTS, sent)
    pupils += before.pupils
    factors = before.start_factor, before.entrants
    return Year(before.year, pupils, starts, *factors, before.rates, before.taken, placement, before.shifts, sent)


def within(room: Array, starts: Array) -> Array:
    """`starts` (need, nc_year, draw, district), scaled down where all needs together are more than the room."""
    total = starts.sum(axis=0)
    return starts * np.divide(room, total, out=np.ones_like(total), where=total > room)
