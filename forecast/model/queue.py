"""The queue: who asks for a place of a kind that may be full, and what is remembered of those who were refused.

Each September the children who stay in a pool keep their places. What is left goes first to those who wait, the
longest first, then to those who ask for the first time, in an order that is each child's own luck for life, so that
the same child comes first in every scenario. Nobody is admitted to a pool past its places; a roll that is over-full
only shrinks. A child who is refused

- keeps its place and waits, if it has a specialist one;
- else waits where it is, or goes elsewhere by a stated order: a stated share of each, by its own luck.

Who waits has a claim on the place; who went elsewhere stays there. At the next transition both end: the child asks
again, as one of the new, or goes its own way. Its chances of keeping its plan and of moving on are at all times those
of the place where it is. Nobody waits at the latest census, which counts no waiting lists.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from forecast.domain import NC_YEARS
from forecast.model.enrolled import NO_CLAIM, NOWHERE, Memory, Roll, Shape
from forecast.model.luck import uniform
from forecast.model.raking import Array
from forecast.model.turns import NEWLY, NO_POOL

TRANSITIONS: Final = (0, 7, 12)
"""Year groups at whose beginning a child's place is thought over: Reception, Year 7, Year 12."""
_AT_TRANSITION: Final = np.isin(NC_YEARS, TRANSITIONS)
ASKS_AGAIN: Final = 1
"""The uniform of a child that decides it, for life; see `desk` for the others. All are below any year."""
SENT: Final = 0
"""In a claim, in place of the year since which a child waits: it went elsewhere."""


@dataclass(frozen=True, eq=False)
class Queue:
    """Places of each pool, and what becomes of those who are refused one; positions are those of the axes."""

    years: tuple[int, ...]
    """Januaries, the latest census first."""
    capacity: NDArray[np.int64]
    """Whole places: (draw, year, pool)."""
    pool: NDArray[np.int64]
    """Pool of each provision; `NO_POOL` where everyone gets in: (provision)."""
    goes: NDArray[np.int64]
    """Provisions to try in turn, `NOWHERE` where there is none: (provision refused, step)."""
    accepts: Array
    """Share of those who come to a step who go there, 0 to 1: (provision refused, step, nc_year)."""
    last: NDArray[np.int64]
    """Provision without a limit for whoever is left: (provision refused, nc_year)."""
    waits: Array
    """Share who wait where they are rather than go elsewhere, 0 to 1: (provision refused)."""
    asks_again: Array
    """Share who ask again at their next transition, 0 to 1: (provision refused)."""
    home: NDArray[np.int64]
    """Provision where a new child waits; `NOWHERE` where it cannot: (nc_year)."""
    settled: NDArray[np.bool_]
    """Specialist provisions, and all that have a pool: nobody gives one up before getting another: (provision)."""
    outgrown: NDArray[np.bool_]
    """Where a child of this year group cannot be: (provision, nc_year)."""


@dataclass(frozen=True)
class Asking:
    """Children who ask for a place of a pool, one entry each."""

    at: NDArray[np.int64]
    """Position in the roll."""
    wants: NDArray[np.int64]
    """Provision."""
    rests: NDArray[np.int64]
    """Provision where it is until it gets in; `NOWHERE` if it cannot wait."""
    since: NDArray[np.int64]
    """Position of the year since which it waits; `NEWLY` for those who do not wait yet."""
    stays: NDArray[np.bool_]
    """Whether, refused, it stays without a claim where it went before."""


def asking_again(
    queue: Queue, children: Roll, memory: Memory, shape: Shape, now: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Asking]:
    """Children who were refused before and ask again; all others of them get their `now` and claim of this year.

    Returns
    -------
    Provision of each child of the roll, and who asks: those stand at the provision that they were at.
    """
    at = np.flatnonzero(memory.claim != NO_CLAIM)
    since, wanted = np.divmod(memory.claim[at], shape.provisions)
    was, drawn, age = memory.was[at], now[at], age_of(children.cell[at], shape)
    sent, transition = since == SENT, _AT_TRANSITION[age]
    held = sent & ~transition & ~queue.outgrown[was, age]
    own_way = ~held & (drawn != was) & queue.settled[drawn] & ((drawn != wanted) | (sent & ~transition))
    again = uniform(children.child[at], ASKS_AGAIN) < queue.asks_again[wanted]
    asks = ~own_way & np.where(transition, again, ~sent)
    now[at[held | asks]] = was[held | asks]
    memory.claim[at[own_way | transition]] = NO_CLAIM
    rests = _rest(queue, np.where(drawn == wanted, was, drawn), age)
    stays = sent & (rests != NOWHERE) & queue.settled[rests]
    since = np.where(transition, NEWLY, since)
    return now, Asking(at[asks], wanted[asks], rests[asks], since[asks], stays[asks])


def asking_first(queue: Queue, children: Roll, memory: Memory, shape: Shape, now: NDArray[np.int64]) -> Asking:
    """Children who move or come into a kind of place that has a pool."""
    at = np.flatnonzero((now != memory.was) & (queue.pool[now] != NO_POOL))
    rests = _rest(queue, memory.was[at], age_of(children.cell[at], shape))
    nothing = np.zeros(len(at), dtype=bool)
    return Asking(at, now[at], rests, np.full(len(at), NEWLY), nothing)


def together(first: Asking, second: Asking) -> Asking:
    """Both, one after the other."""
    return Asking(
        np.concatenate([first.at, second.at]),
        np.concatenate([first.wants, second.wants]),
        np.concatenate([first.rests, second.rests]),
        np.concatenate([first.since, second.since]),
        np.concatenate([first.stays, second.stays]),
    )


def pool_of(queue: Queue, place: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pool of each provision, `NO_POOL` for `NOWHERE`."""
    return np.where(place == NOWHERE, NO_POOL, queue.pool[place])


def age_of(cell: NDArray[np.int64], shape: Shape) -> NDArray[np.int64]:
    """Position on the axis nc_year."""
    return cell // shape.provisions % shape.ages


def _rest(queue: Queue, place: NDArray[np.int64], age: NDArray[np.int64]) -> NDArray[np.int64]:
    """`place`, or for those who have none, or have grown out of it, where a new child of their age waits."""
    return np.where((place == NOWHERE) | queue.outgrown[place, age], queue.home[age], place)
