"""Arrays out of tidy published figures, on the model's fixed axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import (
    ALL,
    FIRST_POST16_YEAR,
    LAST_EARLY_YEAR,
    NC_YEARS,
    NOT_RECORDED,
    Provision,
)
from forecast.errors import ForecastError
from forecast.inputs.rows import every_age, grand_total
from forecast.model.raking import Array, rake, share_out

_ALL_MARGINS = [(1, 2), (0, 1), (0, 2)]


_PLACEMENT = 2
"""Axis of placements in (need, nc_year, provision)."""


class NoMargins(ForecastError):
    """A census without the tables that a forecast needs."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"The census of January {year} has no plans by age, need or placement; "
            "give a census that has, or a fitted England model to lend its pattern."
        )


UNTRUSTED: Final = (Provision.BASE, Provision.ALTERNATIVE, Provision.SPECIAL_NONMAINTAINED)


@dataclass(frozen=True)
class Labels:
    """Labels of the need and provision axes, without *not recorded*."""

    needs: tuple[str, ...]
    provisions: tuple[str, ...]
    post16: tuple[str, ...] = (Provision.POST16,)
    """Provisions that no child is in before Year 12."""
    early: tuple[str, ...] = (Provision.EARLY_YEARS,)
    """Provisions that no child is in after Year 1."""
    untrusted: tuple[str, ...] = UNTRUSTED
    """Provisions whose moves of one year are recoding, or too few: England's rows stand, at the area's own level."""


def by_nc_year(rows: pd.DataFrame, column: str, labels: Sequence[str]) -> Array:
    """Children by (nc_year, `column`); zero where nothing is published.

    A range is shared evenly, but for the two ends of the published ages: `under n` is put in its oldest year
    group and `n and over` in its youngest: judgement, as plans become common at 3 and starts rare after 17.

    Parameters
    ----------
    rows : tidy figures of one area, one year, one flow
    column : the other axis kept, `need` or `provision`
    labels : its labels, in order
    """
    table = _single_ages(rows[~every_age(rows)]).pivot_table(
        index="nc_year", columns=column, values="children", aggfunc="sum", observed=False
    )
    return table.reindex(index=list(NC_YEARS), columns=list(labels)).fillna(0.0).to_numpy(dtype=float, copy=True)


def _single_ages(rows: pd.DataFrame) -> pd.DataFrame:
    """`rows` by single `nc_year`."""
    young, old = rows["nc_from"].eq(NC_YEARS[0]), rows["nc_to"].eq(NC_YEARS[-1])
    first = rows["nc_from"].where(~young, rows["nc_to"])
    last = rows["nc_to"].where(~old, first)
    each = pd.Series([list(range(low, high + 1)) for low, high in zip(first, last, strict=True)], index=rows.index)
    shared = rows.assign(nc_year=each, children=rows["children"] / each.str.len())
    return shared.explode("nc_year").astype({"nc_year": int})


def by_need(rows: pd.DataFrame, needs: Sequence[str], provisions: Sequence[str]) -> Array:
    """Children by (need, provision), summed over year groups as published."""
    kept = rows[every_age(rows)]
    table = kept.pivot_table(index="need", columns="provision", values="children", aggfunc="sum", observed=False)
    return table.reindex(index=list(needs), columns=list(provisions)).fillna(0.0).to_numpy(dtype=float, copy=True)


def age_provision(placements: pd.DataFrame, year: int, labels: Labels) -> Array | None:
    """Plans by (nc_year, provision), *not recorded* shared out; None where the census lacks placements by age."""
    rows = placements[placements["year"].eq(year) & placements["need"].eq(ALL) & placements["provision"].ne(ALL)]
    table = by_nc_year(rows, "provision", [*labels.provisions, NOT_RECORDED])
    if not _mostly_recorded((1, 2), table):
        return None
    return share_out(_impossible_not_recorded(table, labels), axis=1)


def joint(placements: pd.DataFrame, year: int, labels: Labels, england: Array | None = None) -> Array:
    """Plans by (need, nc_year, provision) at one census, raked to its published margins, then shared out.

    *Not recorded* stays a label until the margins are met; only then are impossible cells moved to it
    and it is shared out: placement inside each need and age, then need inside each age and provision.

    Parameters
    ----------
    england : (need, nc_year, provision)
        England's joint table, the pattern of any margin that this area lacks.

    Raises
    ------
    NoMargins
        The census has no table by age, need or placement that could be fitted.
    """
    needs, provisions = [*labels.needs, NOT_RECORDED], [*labels.provisions, NOT_RECORDED]
    margins = published_margins(placements[placements["year"] == year], needs, provisions)
    whole = [axes for axes, _ in margins] == _ALL_MARGINS
    if not margins or (england is None and not whole):
        raise NoMargins(year)
    seed = np.ones((len(needs), len(NC_YEARS), len(provisions)))
    if england is not None and not whole:
        seed = _padded(england)
    table = rake(seed, margins)
    possible = _impossible_not_recorded(table, labels)
    by_age = possible[..., :-1].sum(axis=0)
    return share_out(share_out(possible, axis=2, pattern=by_age), axis=0)


def published_margins(
    rows: pd.DataFrame, needs: Sequence[str], provisions: Sequence[str]
) -> list[tuple[tuple[int, ...], Array]]:
    """Margins of (need, nc_year, provision) that one census publishes, each scaled to the count of all plans.

    In order: age by placement (or age alone), need by age, need by placement.
    """

    def rows_of(*, need: bool, provision: bool) -> pd.DataFrame:
        return rows[rows["need"].ne(ALL).eq(need) & rows["provision"].ne(ALL).eq(provision)]

    whole = rows[grand_total(rows)]
    tables: list[tuple[tuple[int, ...], Array]] = [
        ((1, 2), by_nc_year(rows_of(need=False, provision=True), "provision", provisions)),
        ((0, 1), by_nc_year(rows_of(need=True, provision=False), "need", needs).T),
        ((0, 2), by_need(rows_of(need=True, provision=True), needs, provisions)),
    ]
    tables = [(axes, table) for axes, table in tables if _mostly_recorded(axes, table)]
    if not any(axes == (1, 2) for axes, _ in tables):
        kinds = by_need(rows_of(need=False, provision=True), [ALL], provisions)[0]
        tables += [((2,), kinds)] if _mostly_recorded((2,), kinds) else []
        tables.append(((1,), by_nc_year(rows_of(need=False, provision=False), "provision", [ALL])[:, 0]))
        tables.append(((), np.array(whole["children"].sum(), dtype=float)))
    total = float(whole["children"].sum()) if len(whole) else max(float(table.sum()) for _, table in tables)
    found = [(axes, table) for axes, table in tables if table.sum() > 0]
    return [(axes, table * (total / table.sum())) for axes, table in found]


def _mostly_recorded(axes: tuple[int, ...], table: Array) -> bool:
    """Whether at least half of the children of a margin by placement have one recorded."""
    return _PLACEMENT not in axes or bool(table[..., :-1].sum() > table[..., -1].sum())


def _padded(england: Array) -> Array:
    """England's pattern with a *not recorded* label on need and provision, and no cell empty."""
    seed = np.pad(england, ((0, 1), (0, 0), (0, 1)))
    seed[-1], seed[:, :, -1] = seed[:-1].mean(axis=0), seed[:, :, :-1].mean(axis=2)
    return seed + seed.mean() * 1e-6


def _impossible_not_recorded(table: Array, labels: Labels) -> Array:
    """Move children from kinds of place that their age rules out to *not recorded*, the last provision."""
    years = np.array(NC_YEARS)
    moved = table.copy()
    for names, ruled_out in (
        (labels.post16, years < FIRST_POST16_YEAR),
        (labels.early, years > LAST_EARLY_YEAR),
    ):
        for name in names:
            at = labels.provisions.index(name)
            moved[..., ruled_out, -1] += moved[..., ruled_out, at]
            moved[..., ruled_out, at] = 0
    return moved
