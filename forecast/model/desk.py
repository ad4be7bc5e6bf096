"""The admissions desk: each year it lands every child who asks for a place, and keeps the book of who was refused."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from forecast.model.enrolled import NO_CLAIM, NOWHERE, Memory, Roll, Shape
from forecast.model.luck import Words, uniform
from forecast.model.queue import SENT, Asking, Queue, age_of, asking_again, asking_first, pool_of, together
from forecast.model.turns import NEWLY, NO_POOL, Lines, admitted

COMES_FIRST, WAITS, ACCEPTS = 2, 3, 10
"""What a child's uniform decides, for life; each step of an order has its own, from `ACCEPTS` on."""


@dataclass
class Desk:
    """An `Admit` for one simulation of some draws, year after year."""

    queue: Queue
    draws: NDArray[np.int64]
    """Numbers of the draws, as `simulate` is given them: positions in `Queue.capacity`."""
    waiting: list[NDArray[np.int64]] = field(default_factory=list)
    """Children who wait, at each January after the census: (draw, provision that they wait for)."""
    elsewhere: list[NDArray[np.int64]] = field(default_factory=list)
    """Children where they went for want of a place: (draw, provision refused, provision)."""

    def __call__(self, children: Roll, shape: Shape, year: int) -> None:
        """Land every child of the year.

        Raises
        ------
        ValueError
            The roll has no memory, or the queue has no such year.
        """
        if children.memory is None:
            msg = "A queue needs a roll that remembers where each child was."
            raise ValueError(msg)
        queue, memory, turn = self.queue, children.memory, self.queue.years.index(year)
        drawn = children.cell % shape.provisions
        now, again = asking_again(queue, children, memory, shape, drawn.copy())
        asking = together(again, asking_first(queue, children, memory, shape, now))
        free = queue.capacity[self.draws, turn].reshape(-1) - _inside(queue, children, shape, now, asking)
        lands, since = _landed(queue, children, shape, asking, free)
        now[asking.at] = lands
        since[since == NEWLY] = turn
        memory.claim[asking.at] = np.where(since == NO_CLAIM, NO_CLAIM, since * shape.provisions + asking.wants)
        children.cell += now - drawn
        self._write(children, memory, shape, now)

    def _write(self, children: Roll, memory: Memory, shape: Shape, now: NDArray[np.int64]) -> None:
        """Enter those who are not where they asked to be."""
        at = np.flatnonzero(memory.claim != NO_CLAIM)
        since, wanted = np.divmod(memory.claim[at], shape.provisions)
        row, sent = _draw_of(children.cell[at], shape) * shape.provisions + wanted, since == SENT
        size = (shape.draws, shape.provisions, shape.provisions)
        to = row[sent] * shape.provisions + now[at[sent]]
        self.waiting.append(np.bincount(row[~sent], minlength=size[0] * size[1]).reshape(size[:2]))
        self.elsewhere.append(np.bincount(to, minlength=size[0] * size[1] * size[2]).reshape(size))


def _inside(queue: Queue, children: Roll, shape: Shape, now: NDArray[np.int64], asking: Asking) -> NDArray[np.int64]:
    """Children who have a place of each pool, those who ask for another among them: (draw x pool)."""
    place = now.copy()
    place[asking.at] = asking.rests
    pool = pool_of(queue, place)
    at = np.flatnonzero(pool != NO_POOL)
    pools = queue.capacity.shape[2]
    line = _draw_of(children.cell[at], shape) * pools + pool[at]
    return np.bincount(line, minlength=shape.draws * pools)


def _landed(
    queue: Queue, children: Roll, shape: Shape, asking: Asking, free: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Provision of each child who asks; and since when it waits, `SENT`, or `NO_CLAIM` where it got in."""
    cell, child = children.cell[asking.at], children.child[asking.at]
    start = _draw_of(cell, shape) * queue.capacity.shape[2]
    held, first = pool_of(queue, asking.rests), uniform(child, COMES_FIRST)
    holds = np.where(held == NO_POOL, NO_POOL, start + held)
    gets_in, free = admitted(Lines(start + queue.pool[asking.wants], asking.since, first, holds), free)
    can_wait = ~gets_in & (asking.rests != NOWHERE)
    patient = (asking.since != NEWLY) | (uniform(child, WAITS) < queue.waits[asking.wants])
    waits = can_wait & (patient | queue.settled[asking.rests])
    lands = np.where(gets_in, asking.wants, asking.rests)
    since = np.where(gets_in, NO_CLAIM, np.where(waits & ~asking.stays, asking.since, SENT))
    left = np.flatnonzero(~gets_in & ~waits)
    age = age_of(cell[left], shape)
    lands[left] = _sent(queue, asking.wants[left], age, start[left], child[left], free)
    return lands, since


def _sent(
    queue: Queue,
    refused: NDArray[np.int64],
    age: NDArray[np.int64],
    start: NDArray[np.int64],
    child: Words,
    free: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Provision that each child goes to instead, step by step of the order, as far as there is room.

    Parameters
    ----------
    start : number of the first line of each child's draw
    free : places left: (lines)
    """
    lands, first = np.full(len(refused), NOWHERE), uniform(child, COMES_FIRST)
    for step in range(queue.goes.shape[1]):
        accepts = uniform(child, ACCEPTS + step) < queue.accepts[refused, step, age]
        at = np.flatnonzero((lands == NOWHERE) & (queue.goes[refused, step] != NOWHERE) & accepts)
        to = queue.goes[refused[at], step]
        limited = np.flatnonzero(queue.pool[to] != NO_POOL)
        asks = at[limited]
        nothing = np.full(len(asks), NO_POOL)
        lines = Lines(start[asks] + queue.pool[to[limited]], np.full(len(asks), NEWLY), first[asks], nothing)
        gets_in, free = admitted(lines, free)
        goes = np.ones(len(at), dtype=bool)
        goes[limited] = gets_in
        lands[at[goes]] = to[goes]
    return np.where(lands == NOWHERE, queue.last[refused, age], lands)


def _draw_of(cell: NDArray[np.int64], shape: Shape) -> NDArray[np.int64]:
    """Position of the draw."""
    return cell // (shape.districts * shape.needs * shape.ages * shape.provisions)
