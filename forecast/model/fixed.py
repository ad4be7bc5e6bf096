"""Drivers taken apart once, as plain arrays in the layout of the roll, before its years are rolled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.model.entrants import Ways, ways
from forecast.model.layout import LAYOUT, laid_out, seen
from forecast.model.raking import Array
from forecast.model.shifts import VARIABLES, Shift, shifts_of

LEAST_ROOM: Final = 0.02
"""Share of residents who may always start a plan, however many hold one."""

READ: Final = (
    *("stock", "population", "start_rate", "ceiling", "start_mix", "arrive", "arrive_multiple", "leave"),
    *("leave_multiple", "move", "entrants", "steered", *VARIABLES),
)
"""Every variable of drivers that `fixed` looks at."""


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
    arrive_multiple: Array | None
    """Of `arrive` in each draw: (year, 1, nc_year, draw, district, 1); None where draws are alike."""
    ceiling: Array
    """Residents who could hold a plan, and `LEAST_ROOM` of them: two of (year, nc_year, draw, district)."""
    least: Array
    factors: Array
    """`entrants` of the steered provisions: (year, need, nc_year, draw, district, steered); absent axes 1."""
    steered: tuple[int, ...]
    """Positions of the steered provisions."""
    shifts: tuple[tuple[Shift, ...], ...]
    """Of each year."""
    shifts_in_all: int
    """Size of the axis `shift`."""

    def arriving(self, at: int) -> Array:
        """Children who come with a plan in the year at a position: `LAYOUT`, `draw` 1 where draws are alike."""
        return self.arrive[at] if self.arrive_multiple is None else self.arrive[at] * self.arrive_multiple[at]


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
        arrive_multiple=(
            laid_out(drivers["arrive_multiple"], ("year", *LAYOUT)) if "arrive_multiple" in drivers else None
        ),
        ceiling=residents * laid_out(drivers["ceiling"], ("year", "nc_year", "draw", "district")),
        least=residents * LEAST_ROOM,
        factors=entrants[..., list(steered)],
        steered=steered,
        shifts=tuple(shifts_of(drivers, at) for at in range(drivers.sizes["year"])),
        shifts_in_all=drivers.sizes.get("shift", 0),
    )


def _rates(drivers: xr.Dataset, steered: tuple[int, ...]) -> Callable[[int], Rates]:
    """Chances by position of the year; what has no `year` axis is the same array in all of them."""
    leave = seen(drivers["leave"], ("year", *LAYOUT))
    many = seen(drivers["leave_multiple"], ("year", *LAYOUT)) if "leave_multiple" in drivers else None
    always = _kept(leave[0]) if len(leave) == 1 and many is None else None
    start_mix = laid_out(drivers["start_mix"], ("year", *LAYOUT))
    moves = seen(drivers["move"], ("year", "need", "nc_year", "district", "provision", "to"))
    rows: list[Ways] = []
    for at, now in enumerate(moves):
        rows.append(rows[-1] if at and np.array_equal(moves[at - 1], now) else ways(now, steered))

    def of_year(at: int) -> Rates:
        kept = _kept(_multiplied(leave[at % len(leave)], many, at)) if always is None else always
        return Rates(kept, start_mix[at % len(start_mix)], rows[at % len(rows)])

    return of_year


def _multiplied(leave: Array, many: Array | None, at: int) -> Array:
    """Chances of leaving in the year at a position, a scenario's multiples in them; 1 at most."""
    return leave if many is None else np.minimum(leave * many[at % len(many)], 1.0)


def _kept(leave: Array) -> Array:
    """Chance of keeping a plan: `LAYOUT`."""
    kept = np.subtract(1, leave, order="C")
    kept[:, -1] = 0  # nobody is kept past the last year group
    return kept
