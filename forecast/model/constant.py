"""The cohort model that users of witan.send know: rates are what was counted, and stay so for ever.

    joiners of a year group = children who joined / residents        their state: as those who joined at that age
    leave, by state and year group = plans that ceased / children there
    move, given that the plan is kept = children who went there / children who kept it

Each year children leave, then move, then grow a year older, then others join. Nobody is past the last year
group: who was in it leaves. A state in which no child of a year group was ever seen has the leaving of the
year group, or if there was none at all of everybody, and no moves.

witan.send draws its rates from beta and Dirichlet distributions round the counts, with a little added so that
what was never seen may happen. Here what was never seen does not happen, and `uncertain` draws each row of
outcomes once a future from the Dirichlet distribution of its counts alone (the Bayesian bootstrap: D. B. Rubin,
The Annals of Statistics 9(1), 1981), whose mean is the rate itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from forecast.axes import PHASE_FIRSTS, band_positions
from forecast.domain import NC_YEARS
from forecast.model.chunks import over_draws
from forecast.model.constant_counts import Seen
from forecast.model.constant_roll import JOINED, ON_ROLL, Enrolled, Ints, count, join, on_roll
from forecast.model.luck import key, uniform
from forecast.model.raking import Array
from forecast.model.whole import whole

_AGES: Final = len(NC_YEARS)
_UNDER_ONE: Final = 1 - 1e-9


@dataclass(frozen=True)
class Outcomes:
    """What may come of a child within a year, row by row of (state, nc_year): staying first, leaving last."""

    row: Ints
    """Row of each outcome: state x year groups + year group."""
    to: Ints
    """State that it leads to; the number of states where it is to leave."""
    seen: Array
    """Children whose outcome it was; at least one a row is above 0."""

    @property
    def shares(self) -> Array:
        """Chance of each outcome of its row."""
        return np.asarray(self.seen / np.bincount(self.row, weights=self.seen)[self.row])


def outcomes(seen: Seen) -> Outcomes:
    """Outcomes of every state and year group."""
    states = len(seen.ceased)
    kept, ceased = seen.moved.sum(axis=2), seen.ceased
    by_age = np.stack([kept.sum(axis=0), ceased.sum(axis=0)])
    by_age = np.where(by_age.sum(axis=0) > 0, by_age, by_age.sum(axis=1, keepdims=True))
    never = (kept + ceased) == 0
    counts = np.concatenate([seen.moved, np.where(never, by_age[1], ceased)[:, :, None]], axis=2)
    own = np.arange(states)
    counts[own, :, own] = np.where(never, by_age[0], counts[own, :, own])
    counts[:, -1] = np.arange(states + 1) == states
    wanted = counts > 0
    wanted[own, :, own] = True
    state, age, to = np.nonzero(wanted)
    order = np.lexsort((to, to != state, age, state))
    state, age, to = state[order], age[order], to[order]
    return Outcomes(row=state * _AGES + age, to=to, seen=counts[state, age, to])


def expected(seen: Seen, people: Array) -> Array:
    """Children expected: (year, district, state, nc_year), the latest census first.

    Parameters
    ----------
    people : (year, district, nc_year)
        Residents at each January after the census.
    """
    found, states = outcomes(seen), len(seen.ceased)
    chance = np.zeros((states * _AGES, states + 1))
    chance[found.row, found.to] = found.shares
    goes = chance[:, :states].reshape(states, _AGES, states).transpose(1, 0, 2)
    stock = [seen.stock]
    for residents in people:
        after = stock[-1].transpose(2, 0, 1) @ goes
        older = np.concatenate([np.zeros_like(after[:1]), after[:-1]])
        stock.append(older.transpose(1, 2, 0) + residents[:, None, :] * _joining(seen))
    return np.stack(stock)


def simulate(
    seen: Seen, people: Array, draws: int, seed: int, bands: Sequence[int] = PHASE_FIRSTS, *, uncertain: bool = False
) -> NDArray[np.int32]:
    """Whole children: (draw, year, district, state, band), the latest census first, in which all draws are alike.

    Each child has luck of its own (`luck.py`), so that another joiner disturbs nobody; joiners of a district, state
    and year group are a Poisson count.

    Parameters
    ----------
    people : as for `expected`
    draws, seed : how many futures, and the number that fixes their luck
    bands : first year groups of the bands to tell apart, the youngest of all first; phases if left out
    uncertain : whether a future has rates of its own, as far as the counts leave them open
    """
    found, start = outcomes(seen), whole(seen.stock)
    every = xr.Dataset(coords={"draw": np.arange(draws)})
    parts = over_draws(
        every,
        lambda chunk: _lives(seen, found, start, people, (seed, chunk["draw"].to_numpy()), bands, uncertain=uncertain),
    )
    return np.concatenate(parts)


def _joining(seen: Seen) -> Array:
    """Joiners for each resident: (state, nc_year)."""
    return np.divide(seen.joined, seen.residents, out=np.zeros_like(seen.joined), where=seen.residents > 0)


def _lives(
    seen: Seen,
    found: Outcomes,
    start: Ints,
    people: Array,
    luck: tuple[int, Ints],
    bands: Sequence[int],
    *,
    uncertain: bool,
) -> NDArray[np.int32]:
    """Children of some draws: (draw, year, district, state, phase)."""
    seed, draws = luck
    own = key(seed, draws)
    districts, states = start.shape[:2]
    shape = (len(draws), districts, states * len(bands))
    of_row = (np.arange(states)[:, None] * len(bands) + band_positions(bands)).reshape(-1)
    if uncertain:
        chances, joining = _drawn(seen, found, seed, draws)
    else:
        chances, joining = found.shares[None], _joining(seen)[None]
    step = _Step(found, chances, districts, states)
    where = np.flatnonzero(seen.joined)
    rate = joining.reshape(len(joining), -1)[:, None, where]
    roll = on_roll(start, own)
    counts = [count(roll, shape, of_row)]
    for year, residents in enumerate(people, start=1):
        step.live(roll, year)
        join(roll, rate * residents[:, where % _AGES], where, own, year)
        counts.append(count(roll, shape, of_row))
    return np.stack(counts, axis=1).reshape(len(draws), len(people) + 1, districts, states, len(bands))


def _drawn(seen: Seen, found: Outcomes, seed: int, draws: Ints) -> tuple[Array, Array]:
    """Chances of outcomes (draw, outcome) and joiners for each resident (draw, state, nc_year) of each draw."""
    totals = np.array([_gamma(found.seen, seed, int(draw), ON_ROLL) for draw in draws])
    firsts = np.flatnonzero(np.diff(found.row, prepend=-1))
    of_row = np.add.reduceat(totals, firsts, axis=1)[:, found.row]
    shares = np.divide(totals, of_row, out=np.tile(found.shares, (len(draws), 1)), where=of_row > 0)
    joined = np.array([_gamma(seen.joined, seed, int(draw), JOINED) for draw in draws])
    rate = np.divide(joined, seen.residents, out=np.zeros_like(joined), where=seen.residents > 0)
    return shares, rate


def _gamma(counts: Array, seed: int, draw: int, what: int) -> Array:
    """One gamma number a count, of that mean, the same in whatever company a draw is computed."""
    return np.random.default_rng([seed, draw, what]).standard_gamma(counts)


class _Step:
    """Chances laid end to end, so that one search finds the outcomes of many children."""

    def __init__(self, found: Outcomes, chances: Array, districts: int, states: int) -> None:
        """Chances (draw, outcome); one draw where all are alike."""
        firsts = np.flatnonzero(np.diff(found.row, prepend=-1))
        lasts = np.append(firsts[1:], len(found.row)) - 1
        sums = np.cumsum(chances, axis=1)
        before = np.concatenate([np.zeros((len(sums), 1)), sums], axis=1)[:, firsts][:, found.row]
        within = np.minimum(sums - before, 1.0)
        within[:, lasts] = 1.0
        self._rows = len(firsts)
        self._stay = within[:, firsts].reshape(-1)
        self._edges = (within + found.row + self._rows * np.arange(len(chances))[:, None]).reshape(-1)
        self._to = found.to
        self._states = states
        self._per_draw = districts if len(chances) > 1 else 0

    def live(self, roll: Enrolled, year: int) -> None:
        """Leave, move and grow older: changes `roll`."""
        luck = uniform(roll.child, year)
        at = roll.row if not self._per_draw else roll.row + roll.group // self._per_draw * self._rows
        acts = np.flatnonzero(luck >= self._stay[at])
        found = np.searchsorted(self._edges, at[acts] + np.minimum(luck[acts], _UNDER_ONE), side="right")
        to = self._to[found % len(self._to)]
        roll.row[acts] = to * _AGES + roll.row[acts] % _AGES
        roll.row += 1
        leaves = acts[to == self._states]
        if leaves.size:
            stays = np.ones(len(roll.row), dtype=bool)
            stays[leaves] = False
            roll.group, roll.row, roll.child = roll.group[stays], roll.row[stays], roll.child[stays]
