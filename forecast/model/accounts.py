"""A year's accounts of one area: what it had, what came, what went, what it has; all by year group and placement."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.domain import ALL, NC_YEARS
from forecast.inputs.rows import every_age, grand_total
from forecast.model.margins import Labels, age_provision, by_nc_year
from forecast.model.raking import Array, rake

TRANSFERS_IN = 0.8
"""Children who arrive with a plan, as a share of those reported as leaving for another authority.

Transfers out are counted and transfers in are not; at 0.8 England's stocks at ages 5-15 close to about 1%.
"""
LEAVES_BY_IDENTITY_FROM = 13
"""From this year group on, leavers are what the two stocks leave over: reported ceased plans do not close them."""
_YEARS = np.array(NC_YEARS)
_UNDER_3 = int(np.flatnonzero(_YEARS == -2)[0])  # noqa: PLR2004 - the youngest published age


@dataclass(frozen=True)
class Accounts:
    """All (nc_year, provision) but `need_starts`; the January of each is that of `flows.infer`."""

    before: Array
    after: Array
    ceased: Array
    starts: Array
    arrive: Array
    need_starts: Array
    """First plans by recorded need: (need, nc_year)."""


@dataclass(frozen=True)
class Patterns:
    """What an area's published margins leave open, lent by England."""

    start_places: Array
    """Placement at the start of the plan, by year group at next January: (nc_year, provision); rows sum to 1."""
    leave: Array
    """Share of plans that cease in a year: (nc_year, provision)."""
    arrive_rate: Array
    """Children who come with a plan in a year, per resident: (nc_year)."""


def accounts(
    placements: pd.DataFrame,
    flows: pd.DataFrame,
    year: int,
    labels: Labels,
    people: Array,
    lent: Patterns | None,
) -> Accounts | None:
    """Accounts of the twelve months to January `year`; None where the two censuses or the flows are not published.

    Parameters
    ----------
    placements, flows : tidy figures of one area (or the sum of several)
    people : (nc_year)
        Residents at January `year`.
    lent : England's patterns; None where the figures are England's own and give them.
    """
    before, after = (age_provision(placements, january, labels) for january in (year - 1, year))
    mine = flows[flows["year"] == year]
    starts = start_ages(mine, after)
    if before is None or after is None or starts is None:
        return None
    patterns = lent or national_patterns(mine, before, labels, people)
    arrive = (patterns.arrive_rate * people)[:, None] * mix(after)
    places = patterns.start_places * starts[:, None]
    recorded = _by_placement(mine, "start", labels)
    if recorded.sum() > 0:
        places = rake(places + 1e-9, [((0,), starts), ((1,), recorded * starts.sum() / recorded.sum())], passes=20_000)
    ceased = _ceased(mine, patterns.leave * before, before, labels)
    ceased = _by_identity(ceased, before, after, starts, arrive)
    return Accounts(before, after, ceased, places, arrive, _need_starts(mine, starts, labels))


def national_patterns(flows: pd.DataFrame, before: Array, labels: Labels, people: Array) -> Patterns:
    """England's own patterns from its flows of one year.

    Parameters
    ----------
    before : (nc_year, provision)
        Stock at the start of the year.
    people : (nc_year)
        Residents at the end of it.
    """
    at_birthday = flows[flows["flow"].eq("start_at_birthday") & flows["provision"].ne(ALL)]
    share = mix(by_nc_year(at_birthday, "provision", labels.provisions))
    blurred = (share + np.vstack([share[:1], share[:-1]])) / 2
    by_age = _by_age(flows, "cease")
    left = rake(
        before + 1e-9,
        [((0,), by_age), ((1,), _scaled(_by_placement(flows, "cease", labels), by_age.sum()))],
        0.1,
    )
    moved_out = np.roll(_by_age(flows, "transfer"), 1)
    moved_out[0] = 0
    return Patterns(
        start_places=mix(blurred + 1e-9),
        leave=np.minimum(np.divide(left, before, out=np.zeros_like(left), where=before > 0), 1.0),
        arrive_rate=TRANSFERS_IN * moved_out / people,
    )


def start_ages(flows: pd.DataFrame, after: Array | None) -> Array | None:
    """First plans by year group at the January that ends the year, scaled to the published total: (nc_year).

    The youngest are published as one group: those under 3 fill their stock first, the rest are 3.
    """
    mine = flows[flows["flow"].eq("start")]
    by_age = by_nc_year(mine[mine["need"].eq(ALL) & mine["provision"].eq(ALL)], "need", [ALL])[:, 0]
    total = mine[grand_total(mine)]["children"].sum()
    if by_age.sum() == 0 or after is None:
        return None
    under_3 = min(by_age[_UNDER_3 + 1], after[_UNDER_3].sum())
    by_age[_UNDER_3] += under_3
    by_age[_UNDER_3 + 1] -= under_3
    return np.asarray(by_age * (total / by_age.sum() if total else 1.0))


def mix(table: Array) -> Array:
    """Each row as shares that sum to 1; a row of nothing stays nothing."""
    total = table.sum(axis=-1, keepdims=True)
    return np.divide(table, total, out=np.zeros_like(table), where=total > 0)


def _ceased(flows: pd.DataFrame, expected: Array, before: Array, labels: Labels) -> Array:
    """Ceased plans by (nc_year, provision): the published ages, placed as expected and as published."""
    by_age = np.minimum(_by_age(flows, "cease"), before.sum(axis=1))
    if by_age.sum() == 0:
        return np.minimum(expected, before)
    by_place = _scaled(_by_placement(flows, "cease", labels), by_age.sum())
    seed = np.maximum(expected, 1e-6 * before) * (by_age[:, None] > 0)
    rows = mix(seed) * by_age[:, None]
    for _ in range(20):  # a few passes lean towards the published placements without forcing what ages rule out
        have = rows.sum(axis=0)
        rows = mix(rows * np.divide(by_place, have, out=np.ones_like(have), where=have > 0)) * by_age[:, None]
    return _within(rows, before)


def _within(rows: Array, most: Array) -> Array:
    """`rows` with no cell above `most`; what is over goes to the row's other cells, pro rata to the room in them."""
    out = np.minimum(rows, most)
    room = most - out
    over = np.minimum(rows.sum(axis=1) - out.sum(axis=1), room.sum(axis=1))
    return np.asarray(out + mix(room) * over[:, None])


def _by_identity(ceased: Array, before: Array, after: Array, starts: Array, arrive: Array) -> Array:
    """`ceased` with the oldest year groups' leavers replaced by what the stocks leave over."""
    came = np.append((starts + arrive.sum(axis=1))[1:], 0.0)
    stays = np.append(after.sum(axis=1)[1:], 0.0) - came
    left = np.clip(before.sum(axis=1) - stays, 0.0, before.sum(axis=1))
    by_identity = mix(np.where(ceased.sum(axis=1, keepdims=True) > 0, ceased, before)) * left[:, None]
    return np.where((_YEARS >= LEAVES_BY_IDENTITY_FROM)[:, None], _within(by_identity, before), ceased)


def _by_age(flows: pd.DataFrame, flow: str) -> Array:
    rows = flows[flows["flow"].eq(flow) & flows["need"].eq(ALL) & flows["provision"].eq(ALL)]
    return by_nc_year(rows, "need", [ALL])[:, 0]


def _by_placement(flows: pd.DataFrame, flow: str, labels: Labels) -> Array:
    """Recorded placements of a flow, all ages and needs: (provision)."""
    rows = flows[flows["flow"].eq(flow) & flows["need"].eq(ALL) & every_age(flows)]
    return (
        rows.groupby("provision")["children"].sum().reindex(list(labels.provisions)).fillna(0.0).to_numpy(dtype=float)
    )


def _need_starts(flows: pd.DataFrame, starts: Array, labels: Labels) -> Array:
    """First plans by (need, nc_year), each age's recorded needs scaled to its starts."""
    rows = flows[flows["flow"].eq("start") & flows["provision"].eq(ALL) & flows["need"].ne(ALL)]
    table = by_nc_year(rows, "need", labels.needs)
    table[_UNDER_3] = table[_UNDER_3 + 1]
    return (mix(table + 1e-9) * starts[:, None]).T


def _scaled(row: Array, total: float) -> Array:
    return row * (total / row.sum()) if row.sum() > 0 else row
