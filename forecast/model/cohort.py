"""The year step, and the roll of many years: pupils expected, for every draw at once.

Order in a year: leave, move up a year group, change provision, arrive, room, starts, placement of starts.

    kept[nc]          = pupils[nc] * (1 - leave[nc])
    enter[nc + 1, q]  = entrants[q] * (sum over p != q of kept[nc, p] * move[nc, p, q]) and likewise of starts
    pupils[nc + 1, q] = stay[nc + 1, q] + enter[nc + 1, q] + arrive[nc + 1, q]

`entrants` acts on the *steered* provisions (special, independent, base, alternative). What it adds is
taken, origin by origin, from that origin's other destinations pro rata, at most `MOST_TAKEN` of them, so
that every child is somewhere.

Inside the roll arrays are laid out (need, nc_year, draw, district, provision): one small matrix product
a need and year group.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from forecast.model.entrants import Ways, everywhere, placed, product, taken, tilted_starts, ways
from forecast.model.layout import LAYOUT, aged, laid_out, seen
from forecast.model.raking import Array
from forecast.model.totals import Totals, by_draw, moving_of, starting_of

LEAST_ROOM = 0.02
"""Share of residents who may always start a plan, however many hold one."""


@dataclass(frozen=True)
class Rates:
    """Chances of one year, absent axes 1."""

    kept: Array
    """Of keeping a plan: `LAYOUT`."""
    start_mix: Array
    """Of each placement of a first plan: `LAYOUT`."""
    rows: Ways
    """Of each placement next January, given that the plan is kept."""


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
    """Of each placement of a first plan, the multiples in it: `LAYOUT`."""


Steer = Callable[[Totals], tuple[Array, Array]]
"""Gives the multiples of starts (draw) and of entrants (draw, steered) for a year."""


@dataclass(frozen=True)
class Fixed:
    """Drivers as plain arrays in `LAYOUT`, taken apart once before the years are rolled."""

    years: tuple[int, ...]
    stock: Array
    rates: Callable[[int], Rates]
    """Of the year at a position; made when it is its turn, so that the chances of all years are never held at once."""
    start_rate: Array
    """(year, need, nc_year, draw, district); absent axes 1."""
    arrive: Array
    """(year, need, nc_year, 1, district, provision)."""
    ceiling: Array
    """Residents who could hold a plan, and `LEAST_ROOM` of them: two of (year, nc_year, draw, district)."""
    least: Array
    factors: Array
    """`entrants` of the steered provisions: (year, need, nc_year, draw, district, steered); absent axes 1."""
    steered: tuple[int, ...]
    """Positions of the steered provisions."""


def fixed(drivers: xr.Dataset) -> Fixed:
    """Take a drivers dataset apart for the roll."""
    by_year = ("year", "need", "nc_year", "draw", "district")
    residents = laid_out(drivers["population"], ("year", "nc_year", "draw", "district"))
    steered = tuple(int(at) for at in np.flatnonzero(drivers["steered"].to_numpy()))
    entrants = laid_out(drivers["entrants"], (*by_year, "to"))
    return Fixed(
        years=tuple(int(year) for year in drivers["year"].to_numpy()),
        stock=laid_out(drivers["stock"], LAYOUT),
        rates=_rates(drivers, steered),
        start_rate=laid_out(drivers["start_rate"], by_year),
        arrive=laid_out(drivers["arrive"], ("year", *LAYOUT)),
        ceiling=residents * laid_out(drivers["ceiling"], ("year", "nc_year", "draw", "district")),
        least=residents * LEAST_ROOM,
        factors=entrants[..., list(steered)],
        steered=steered,
    )


def _rates(drivers: xr.Dataset, steered: tuple[int, ...]) -> Callable[[int], Rates]:
    """Chances by position of the year; what has no `year` axis is the same array in all of them."""
    leave = seen(drivers["leave"], ("year", *LAYOUT))
    always = _kept(leave[0]) if len(leave) == 1 else None
    start_mix = laid_out(drivers["start_mix"], ("year", *LAYOUT))
    moves = seen(drivers["move"], ("year", "need", "nc_year", "district", "provision", "to"))
    rows: list[Ways] = []
    for at, now in enumerate(moves):
        rows.append(rows[-1] if at and np.array_equal(moves[at - 1], now) else ways(now, steered))

    def of_year(at: int) -> Rates:
        kept = _kept(leave[at]) if always is None else always
        return Rates(kept, start_mix[at % len(start_mix)], rows[at % len(rows)])

    return of_year


def _kept(leave: Array) -> Array:
    """Chance of keeping a plan: `LAYOUT`."""
    kept = np.subtract(1, leave, order="C")
    kept[:, -1] = 0  # nobody is kept past the last year group
    return kept


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
    carried = aged(in_all) + given.arrive[at].sum(axis=4)
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
    pupils = aged(placed(kept, moving, stay, rows, full, found))
    pupils += given.arrive[at]
    return Moved(given.years[at], pupils, room, starts, start_factor, factors, rates, found)


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
    pupils = starts[..., None] * placement
    pupils += before.pupils
    factors = before.start_factor, before.entrants
    return Year(before.year, pupils, starts, *factors, before.rates, before.taken, placement)


def within(room: Array, starts: Array) -> Array:
    """`starts` (need, nc_year, draw, district), scaled down where all needs together are more than the room."""
    total = starts.sum(axis=0)
    return starts * np.divide(room, total, out=np.ones_like(total), where=total > room)
