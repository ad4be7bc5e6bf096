"""Whole children, one by one, through the rates of the expected roll: the luck of small numbers.

The roll gives for each draw and year the chances of staying, moving and leaving, and how many starts and
arrivals to expect. Here each child meets those chances with luck of its own (`luck.py`), staying first.
Only those who do something in a year are touched; the rest grow a year older. The mean over draws is
the expected roll's: one number by two routes.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from forecast.axes import PHASE_FIRSTS, band_positions
from forecast.model.cohort import Year
from forecast.model.enrolled import NO_CLAIM, Admit, Memory, Roll, Shape, everyone
from forecast.model.entrants import staying
from forecast.model.fixed import Fixed
from forecast.model.luck import Picks, Words, key, picked, poisson, running, uniform
from forecast.model.raking import Array
from forecast.model.shifts import Way, goes_instead

Positions = tuple[NDArray[np.int64], ...]
ON_ROLL, STARTED, ARRIVED = 1, 2, 3
"""Where a child's number comes from: its census cell, or its year and cell of first plan or arrival."""
_PLACEMENT = 0
"""A uniform of year 0 places a new child; later years of its life have uniforms of their own."""
_SHIFTED = 100_000
"""This and the year: the uniform of a child that decides whether a scenario sends it elsewhere."""


def simulate(
    given: Fixed,
    years: Iterable[Year],
    seed: int,
    draws: NDArray[np.int64],
    bands: Sequence[int] = PHASE_FIRSTS,
    admit: Admit = everyone,
) -> NDArray[np.int32]:
    """Children by (draw, year, district, need, band, provision), the latest census first.

    Parameters
    ----------
    given, years : drivers of these draws, and the roll that they gave
    draws : (draw)
        Numbers of the draws, so that a draw is the same in whatever company it is computed.
    bands : first year groups of the bands to tell apart, the youngest of all first; phases if left out
    admit : says each year where those land who ask for another kind of place
    """
    return side_by_side(given, years, seed, draws, bands, [admit])[0]


def side_by_side(
    given: Fixed,
    years: Iterable[Year],
    seed: int,
    draws: NDArray[np.int64],
    bands: Sequence[int],
    admits: Sequence[Admit],
) -> list[NDArray[np.int32]]:
    """`simulate` for several `admits`, over a roll that is gone through once: the same children and luck in each."""
    stock = given.stock[:, :, 0].transpose(2, 0, 1, 3)
    districts, needs, ages, provisions = stock.shape
    shape = Shape(len(draws), districts, needs, ages, provisions)
    luck = key(seed, draws)
    rolls = [_on_roll(stock, shape, luck) for _ in admits]
    bands_of_cells = _bands_of_cells(shape, bands)
    counts = [[_count(children, *bands_of_cells)] for children in rolls]
    for at, year in enumerate(years):
        for children, admit, counted in zip(rolls, admits, counts, strict=True):
            if admit is not everyone:
                _remember(children, shape)
            _live(children, given, year, shape)
            _start(children, year, shape, luck)
            _arrive(children, given, at, shape, luck)
            admit(children, shape, year.year)
            counted.append(_count(children, *bands_of_cells))
    return [np.stack(counted, axis=1) for counted in counts]


def _remember(children: Roll, shape: Shape) -> None:
    """Where each child is before the year's moves."""
    was, old = children.cell % shape.provisions, children.memory
    children.memory = Memory(was, np.full(len(was), NO_CLAIM) if old is None else old.claim)


def _on_roll(stock: Array, shape: Shape, luck: Words) -> Roll:
    """Every draw's children at the latest census, numbered within their cells."""
    each = np.round(stock).astype(np.int64).reshape(-1)
    cell = np.repeat(np.arange(each.size), each)
    child = key(ON_ROLL, cell, _within(each))
    base = np.arange(shape.draws) * each.size
    return Roll((base[:, None] + cell).reshape(-1), key(luck[:, None], child).reshape(-1))


def _live(children: Roll, given: Fixed, year: Year, shape: Shape) -> None:
    """Children stay, move or leave, and those who keep their plan are a year group older."""
    table = np.broadcast_to(_to_full(staying_put(given.steered, year)), shape.full).reshape(-1)
    luck = uniform(children.child, year.year)
    acting = np.flatnonzero(luck >= table.take(children.cell))
    cells, luck = children.cell.take(acting), luck.take(acting)
    draw, district, need, age, provision = np.unravel_index(cells, shape.full)
    kept = _rows(year.rates.kept, need, age, draw, district, provision)
    moves = luck < kept
    at = need[moves], age[moves], draw[moves], district[moves], provision[moves]
    goes = _destination(given.steered, year, at, luck[moves], (table.take(cells[moves]), kept[moves]))
    children.cell += shape.provisions
    children.cell[acting[moves]] += goes - at[-1]
    if year.shifts:
        _shift(children, year, shape, acting, acting[moves])
    keep = np.ones(children.cell.size, dtype=bool)
    keep[acting[~moves]] = False
    children.keep(keep)


def _shift(children: Roll, year: Year, shape: Shape, acting: NDArray[np.int64], moving: NDArray[np.int64]) -> None:
    """Children whom a scenario sends elsewhere, once each stands where it would have gone, at its next year group.

    Parameters
    ----------
    acting : positions of the children who leave or move
    moving : of those who move
    """
    children.cell[moving] = _sent(children.cell[moving], children.child[moving], year, shape, Way.MOVERS)
    if any(Way.STAYING in shift.ways for shift in year.shifts):
        stays = np.ones(children.cell.size, dtype=bool)
        stays[acting] = False
        settled = np.flatnonzero(stays)
        children.cell[settled] = _sent(children.cell[settled], children.child[settled], year, shape, Way.STAYING)


def _sent(cells: NDArray[np.int64], child: Words, year: Year, shape: Shape, way: Way) -> NDArray[np.int64]:
    """Cells of `Shape.full` once the year's shifts have met children who come one way to where they are."""
    met = np.zeros((shape.ages, shape.provisions), dtype=bool)
    for shift in year.shifts:
        met[:, shift.source] |= (way in shift.ways) & (shift.share > 0).any(axis=(0, 2, 3))
    at = np.flatnonzero(met.reshape(-1).take(cells % met.size))
    if not at.size:
        return cells
    draw, district, need, age, goes = np.unravel_index(cells[at], shape.full)
    luck = uniform(child[at], _SHIFTED + year.year)
    out = cells.copy()
    out[at] += goes_instead(goes, (need, age, draw, district), luck, year.shifts, way) - goes
    return out


def staying_put(steered: Sequence[int], year: Year) -> Array:
    """Chance of keeping a plan and its placement: `cohort.LAYOUT`."""
    move, (share, _) = year.rates.rows.move, year.taken
    same = year.rates.kept * staying(move)
    out = (1 - share) * same
    for position in steered:
        out[..., position] = same[..., position]
    return out


def _destination(
    steered: Sequence[int], year: Year, at: Positions, luck: Array, chances: tuple[Array, Array]
) -> NDArray[np.int64]:
    """Provision that each child who moves goes to.

    Parameters
    ----------
    at : positions of need, nc_year, draw, district and provision, each (children)
    chances : of staying put, and of keeping the plan
    """
    (*where, provision), (stay, kept), (share, part) = at, chances, year.taken
    need, age, _, district = where
    rows = _rows(year.rates.rows.move, need, age, district, provision).T.copy()
    rows[provision, np.arange(len(provision))] = 0
    factor = np.empty_like(rows)
    factor[:] = 1 - _rows(share, *at)
    more = _rows(year.entrants, *where).T - 1
    factor[list(steered)] = 1 + (more if part is None else more * _rows(part, *at))
    factor *= kept
    rows *= factor
    edges = running(rows)
    past = (luck >= stay + edges).view(np.int8).sum(axis=0, dtype=np.int8).astype(np.int64)
    beyond = np.flatnonzero(past == len(edges))  # past every edge, by rounding: the last place that has a share
    past[beyond] = np.argmax(edges[:, beyond] == edges[-1, beyond], axis=0)
    return past


def _rows(array: Array, *where: NDArray[np.int64]) -> Array:
    """What `array` holds at positions on its first axes, some of which may be absent (size 1): (children, ...)."""
    at = np.zeros(len(where[0]), dtype=np.int64)
    for position, size in zip(where, array.shape, strict=False):
        if size > 1:
            at *= size
            at += position
    return array.reshape(-1, *array.shape[len(where) :]).take(at, axis=0)


def _start(children: Roll, year: Year, shape: Shape, luck: Words) -> None:
    """First plans: as many as the cell's uniform says, each placed by its own."""
    mean = year.starts.transpose(2, 3, 0, 1)
    cells = np.arange(mean[0].size)
    of_cell = key(luck[:, None], key(STARTED, year.year, cells))
    each = poisson(mean.reshape(shape.draws, -1), uniform(of_cell, _PLACEMENT))
    row, child = _new(each, of_cell)
    draw, district, need, age = np.unravel_index(row, shape.full[:4])
    goes = picked(_rows(year.placed, need, age, draw, district), uniform(child, _PLACEMENT))
    children.join(_sent(row * shape.provisions + goes, child, year, shape, Way.STARTS), child)


def _arrive(children: Roll, given: Fixed, at_year: int, shape: Shape, luck: Words) -> None:
    """Children who come with a plan: a count by district and year group, need and placement each child's own."""
    by_cell = given.arrive[at_year][:, :, 0].transpose(2, 1, 0, 3).reshape(shape.districts * shape.ages, -1)
    mean = np.broadcast_to(by_cell.sum(axis=1), (shape.draws, len(by_cell)))
    if given.arrive_multiple is not None:
        many = given.arrive_multiple[at_year, 0, :, :, :, 0].transpose(1, 2, 0)
        whole = np.broadcast_to(many, (shape.draws, shape.districts, shape.ages))
        mean = mean * whole.reshape(shape.draws, -1)
    of_cell = key(luck[:, None], key(ARRIVED, given.years[at_year], np.arange(len(by_cell))))
    row, child = _new(poisson(mean, uniform(of_cell, _PLACEMENT)), of_cell)
    draw, at = np.divmod(row, len(by_cell))
    district, age = np.divmod(at, shape.ages)
    need, provision = np.divmod(Picks(by_cell).pick(at, uniform(child, _PLACEMENT)), shape.provisions)
    children.join(np.ravel_multi_index((draw, district, need, age, provision), shape.full), child)


def _new(each: NDArray[np.int64], of_cell: Words) -> tuple[NDArray[np.int64], Words]:
    """Row (draw and cell in one number) and key of each new child; the first stay the same when more come."""
    counts = each.reshape(-1)
    row = np.repeat(np.arange(counts.size), counts)
    return row, key(of_cell.reshape(-1)[row], _within(counts))


def _within(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0, 1, 2, ... within each cell, for `counts` children a cell."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(ends[-1] if ends.size else 0) - np.repeat(ends - counts, counts))


def _to_full(array: Array) -> Array:
    """(need, nc_year, draw, district, provision) to the order of `Shape.full`."""
    return array.transpose(2, 3, 0, 1, 4)


def _bands_of_cells(shape: Shape, bands: Sequence[int]) -> tuple[NDArray[np.int64], tuple[int, ...]]:
    """Cell (draw, district, need, band, provision) of each cell of `Shape.full`, and the sizes of those axes."""
    sizes = (shape.draws, shape.districts, shape.needs, len(bands), shape.provisions)
    cells = np.arange(int(np.prod(sizes))).reshape(sizes)
    return cells[:, :, :, band_positions(bands)].reshape(-1), sizes


def _count(children: Roll, band_of_cell: NDArray[np.int64], sizes: tuple[int, ...]) -> NDArray[np.int32]:
    """Children by (draw, district, need, band, provision)."""
    counts = np.bincount(band_of_cell.take(children.cell), minlength=int(np.prod(sizes)))
    return counts.reshape(sizes).astype(np.int32)
