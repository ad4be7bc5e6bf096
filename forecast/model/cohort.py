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

from forecast.model.entrants import entering_rows, staying, taken, tilted_starts
from forecast.model.raking import Array
from forecast.model.totals import Totals, by_draw, moving_of, starting_of

LEAST_ROOM = 0.02
"""Share of residents who may always start a plan, however many hold one."""
LAYOUT = ("need", "nc_year", "draw", "district", "provision")


@dataclass(frozen=True)
class Rates:
    """Chances of one year, absent axes 1."""

    kept: Array
    """Of keeping a plan: `LAYOUT`."""
    move: Array
    """Of each placement next January, given that the plan is kept: (need, nc_year, district, provision, to)."""
    start_mix: Array
    """Of each placement of a first plan: `LAYOUT`."""


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
    rates: tuple[Rates, ...]
    """Of each year."""
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


def laid_out(array: xr.DataArray, axes: tuple[str, ...]) -> Array:
    """Values of `array` on `axes` in that order, axes that it lacks with length 1."""
    present = [axis for axis in axes if axis in array.dims]
    shape = [array.sizes.get(axis, 1) for axis in axes]
    return np.ascontiguousarray(array.transpose(*present).to_numpy(), dtype=float).reshape(shape)


def fixed(drivers: xr.Dataset) -> Fixed:
    """Take a drivers dataset apart for the roll."""
    by_year = ("year", "need", "nc_year", "draw", "district")
    residents = laid_out(drivers["population"], ("year", "nc_year", "draw", "district"))
    steered = tuple(int(at) for at in np.flatnonzero(drivers["steered"].to_numpy()))
    entrants = laid_out(drivers["entrants"], (*by_year, "to"))
    return Fixed(
        years=tuple(int(year) for year in drivers["year"].to_numpy()),
        stock=laid_out(drivers["stock"], LAYOUT),
        rates=_rates(drivers),
        start_rate=laid_out(drivers["start_rate"], by_year),
        arrive=laid_out(drivers["arrive"], ("year", *LAYOUT)),
        ceiling=residents * laid_out(drivers["ceiling"], ("year", "nc_year", "draw", "district")),
        least=residents * LEAST_ROOM,
        factors=entrants[..., list(steered)],
        steered=steered,
    )


def _rates(drivers: xr.Dataset) -> tuple[Rates, ...]:
    """Chances of each year; what has no `year` axis is the same array in all of them."""
    kept = 1 - laid_out(drivers["leave"], ("year", *LAYOUT))
    kept[:, :, -1] = 0  # nobody is kept past the last year group
    move = laid_out(drivers["move"], ("year", "need", "nc_year", "district", "provision", "to"))
    start_mix = laid_out(drivers["start_mix"], ("year", *LAYOUT))
    return tuple(
        Rates(*(chances[at if len(chances) > 1 else 0] for chances in (kept, move, start_mix)))
        for at in range(drivers.sizes["year"])
    )


def roll(drivers: xr.Dataset, steer: Steer | None = None, pupils: Array | None = None) -> Iterator[Year]:
    """Every year after the latest census, in order.

    Parameters
    ----------
    drivers : see `forecast.model.drivers`
    steer : gives each year's factors in place of those in `drivers`; for control, which finds them
    pupils : `LAYOUT`
        Children of every draw to begin from, in place of the stock in `drivers`.
    """
    given = fixed(drivers)
    draws = max(given.start_rate.shape[3], given.factors.shape[3], given.ceiling.shape[2])
    pupils = np.repeat(given.stock, draws, axis=2) if pupils is None else pupils
    for at, year in enumerate(given.years):
        done = _step(given, pupils, at, year, steer)
        pupils = done.pupils
        yield done


def first_starts(drivers: xr.Dataset) -> Array:
    """First plans made in the year after the latest census, before any other year is rolled: as `Year.starts`."""
    given = fixed(drivers.isel(year=[0]))
    _, room = _room(given, given.stock * given.rates[0].kept, 0)
    return _within(room, room * given.start_rate[0])


def _room(given: Fixed, kept: Array, at: int) -> tuple[Array, Array]:
    """Children kept and arrived (need, nc_year, draw, district), and residents who could still start a plan."""
    carried = _aged(kept.sum(axis=4)) + given.arrive[at].sum(axis=4)
    return carried, np.maximum(given.ceiling[at] - carried.sum(axis=0), given.least[at])


def _step(given: Fixed, pupils: Array, at: int, year: int, steer: Steer | None) -> Year:
    """Pupils expected a year on from `pupils`."""
    steered, rates = list(given.steered), given.rates[at]
    kept = pupils * rates.kept
    entering = entering_rows(rates.move, steered)
    moving = _product(kept, entering)
    stay = kept[..., steered] * staying(rates.move)[..., steered]
    arrive = given.arrive[at]
    carried, room = _room(given, kept, at)
    starts = room * given.start_rate[at]
    tilt, start_factor = given.factors[at], np.ones(starts.shape[2])
    factors = tilt
    if steer is not None:
        start_factor, found = steer(
            Totals(
                year=year,
                carried=by_draw(carried),
                starts=by_draw(starts),
                stay=by_draw(stay[:, :-1]) + arrive[..., steered].sum(axis=(0, 1, 2, 3)),
                moving=moving_of(moving, tilt),
                starting=starting_of(starts, rates.start_mix[..., steered], tilt),
            )
        )
        factors, starts = tilt * found[None, None, :, None, :], starts * start_factor[:, None]
    starts = _within(room, starts)
    room = rates.move[..., _others(rates.move, steered)].sum(axis=-1)
    share, part = taken(entering[:, :, None], room[:, :, None], factors)
    moved = _placed(rates.move, steered, kept, moving, stay, (entering, factors, share, part))
    placed = tilted_starts(rates.start_mix, given.steered, factors)
    pupils = _aged(moved) + arrive + starts[..., None] * placed
    return Year(year, pupils, starts, start_factor, factors, rates, (share, part), placed)


def _within(room: Array, starts: Array) -> Array:
    """`starts` (need, nc_year, draw, district), scaled down where all needs together are more than the room."""
    total = starts.sum(axis=0)
    return starts * np.divide(room, total, out=np.ones_like(total), where=total > room)


def _others(move: Array, steered: list[int]) -> list[int]:
    """Positions of the provisions that are not steered."""
    return [at for at in range(move.shape[-1]) if at not in steered]


def _placed(
    move: Array,
    steered: list[int],
    kept: Array,
    moving: Array,
    stay: Array,
    found: tuple[Array, Array, Array, Array | None],
) -> Array:
    """Children kept, by next January's provision, at this January's year group.

    Parameters
    ----------
    found : rows of entrants, their multiples, and what these took and let act
    """
    entering, factors, share, part = found
    others = _others(move, steered)
    out = np.empty(kept.shape)
    more = moving if part is None else _product(kept * part, entering)
    out[..., steered] = stay + moving + (factors - 1) * more
    out[..., others] = _product(kept * (1 - share), move[..., others])
    return out


def _aged(children: Array) -> Array:
    """A year group on; the oldest are gone, nobody is yet in the youngest. Axis 1 is nc_year."""
    out = np.empty_like(children)
    out[:, 0] = 0
    out[:, 1:] = children[:, :-1]
    return out


def _product(children: Array, rows: Array) -> Array:
    """Sum over origins of children in `LAYOUT` x rows (need, nc_year, district or 1, origin, to)."""
    needs, ages, draws, districts, origins = children.shape
    if rows.shape[2] == 1:
        flat = np.matmul(children.reshape(needs, ages, draws * districts, origins), rows[:, :, 0])
        return flat.reshape(needs, ages, draws, districts, rows.shape[-1])
    out = np.empty((needs, ages, draws, districts, rows.shape[-1]))
    np.matmul(children.transpose(0, 1, 3, 2, 4), rows, out=out.transpose(0, 1, 3, 2, 4))
    return out
