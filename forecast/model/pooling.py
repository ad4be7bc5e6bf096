"""Counted rates that lean on broader groups, and the broadest on England: empirical Bayes, coarse to fine.

A chain of groupings is gone through, each finer than what came before: the whole area's ages and places, then needs,
then districts. At each, a group's own count is weighed against what the rates so far lead one to expect:

    pooled = (counted + w * expected) / (children + w)

`w` is how much the broader figure is worth, and it is read from the counts of all groups of the grouping together: how
far do they differ from what is expected of them, beyond the luck of small numbers? Every `w` of a grid is taken, each
with the chance that it made these counts (negative binomial for counts per head, Dirichlet-multinomial for rows).
Groups alike so lean wholly on the broader figure, and groups unlike hardly at all. A group without children keeps the
broader figure; one with very many has its own. Weights are in events: 16 are worth as much as a figure known to a
quarter (1 / sqrt 16), whether it is of things that happen to 2% of children or to 40%.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import polygamma

from forecast.model.belief import LEAST, belief, children_of_an_event, counts_likelihood, rows_likelihood
from forecast.model.raking import Array


@dataclass(frozen=True)
class Grouping:
    """Which cells of (district, need, nc_year, provision) are counted together."""

    district: bool = False
    need: bool = False
    ages: tuple[int, ...] | None = None
    """Group of each year group; None counts all together."""
    provisions: tuple[int, ...] | None = None
    """Group of each provision; None counts all together."""
    weight: float | None = None
    """Events' worth of belief in the broader figure; None reads it from the counts."""

    def sums(self, cells: Array) -> Array:
        """`cells` (district, need, nc_year, provision, ...) added up within groups, axes not told apart of length 1."""
        out = cells if self.district else cells.sum(axis=0, keepdims=True)
        out = out if self.need else out.sum(axis=1, keepdims=True)
        return _added(_added(out, 2, self.ages), 3, self.provisions)

    def of_cells(self, groups: Array) -> Array:
        """Each cell's value of its group, axes not told apart of length 1."""
        out = groups if self.ages is None else groups[:, :, list(self.ages)]
        return out if self.provisions is None else out[:, :, :, list(self.provisions)]


def _added(cells: Array, axis: int, codes: tuple[int, ...] | None) -> Array:
    if codes is None:
        return cells.sum(axis=axis, keepdims=True)
    belongs = np.equal.outer(np.arange(max(codes) + 1), codes).astype(float)
    return np.moveaxis(np.tensordot(belongs, cells, axes=(1, axis)), 0, axis)


def pooled_rows(counts: Array, rows: Array, chain: Sequence[Grouping]) -> Array:
    """Shares of outcomes in each cell: (district, need, nc_year, provision, outcome).

    Parameters
    ----------
    counts : (district, need, nc_year, provision, outcome)
        Children by outcome.
    rows : the same axes, absent axes 1
        The broadest belief; sums to 1 over outcomes.
    """
    out = np.broadcast_to((rows + LEAST) / (rows + LEAST).sum(axis=-1, keepdims=True), counts.shape)
    mass = counts.sum(axis=-1, keepdims=True)
    for grouping in chain:
        own, expected = grouping.sums(counts), grouping.sums(mass * out)
        seen = expected.sum(axis=-1, keepdims=True)
        towards = np.divide(expected, seen, out=np.ones_like(expected), where=seen > 0)
        weights, chances = belief(rows_likelihood, own, towards, grouping.weight)
        scale = children_of_an_event(towards)
        pooled = _over(chances, [(own + w * scale * towards) / (seen + w * scale) for w in weights])
        ratio = np.where(seen > 0, np.divide(pooled, towards, out=np.ones_like(expected), where=towards > 0), 1.0)
        tilted = out * grouping.of_cells(ratio)
        out = tilted / tilted.sum(axis=-1, keepdims=True)
    return np.asarray(out)


def pooled_rates(counts: Array, exposure: Array, rates: Array, chain: Sequence[Grouping]) -> Array:
    """Events per head in each cell: (district, need, nc_year, provision).

    Parameters
    ----------
    counts : (district, need, nc_year, provision)
        Events.
    exposure : the same axes, absent axes 1
        Heads.
    rates : the same axes, absent axes 1
        The broadest belief.
    """
    out = np.broadcast_to(rates, counts.shape)
    for grouping in chain:
        own, expected = grouping.sums(counts), grouping.sums(out * exposure)
        weights, chances = belief(counts_likelihood, own, expected, grouping.weight)
        ratio = _over(chances, [(own + w) / (expected + w) for w in weights])
        out = out * grouping.of_cells(np.where(expected > 0, ratio, 1.0))
    return np.asarray(out)


@dataclass(frozen=True)
class Doubt:
    """What the counts leave open of a rate in each district, as standard deviations of its logarithm.

    A district's rate moves with the area's as far as it leans on it, with the district's others as far as it leans on
    their level, and besides on its own.
    """

    area: Array
    """Of the whole area's rate: (1, group)."""
    lean: Array
    """Share of that which each district's rate goes along with: (district, group)."""
    level: Array
    """Of the district's level, by which all its groups move together: (district, group); 0 where it has none."""
    own: Array
    """Of the group's difference from what its district and area lead one to expect: (district, group)."""


def doubt(counts: Array, expected: Array, usual: Array, weight: float, of_all: float = 0.0) -> Doubt:
    """Doubt about events of which `counts` were seen: of the area's ratio to England's, and of each district's to it.

    Gamma distributions for the ratios, their variance that over the grid of weights. As the rates are pooled: all of
    a district's groups together lean on the area, then each of its groups on that level.

    Parameters
    ----------
    counts : (district, group)
    expected : (district, group)
        By the area's rates.
    usual : (district, group)
        By England's.
    weight : events' worth of belief in England's
    of_all : variance, besides, of the logarithm of all rates together
    """
    whole = (counts.sum(axis=0, keepdims=True), usual.sum(axis=0, keepdims=True))
    of_area, _ = _spread(*whole, np.array([weight]), np.ones(1))
    of_area = np.sqrt(of_area**2 + of_all)
    if len(counts) == 1:
        return _of_area_alone(of_area)
    together = (counts.sum(axis=1, keepdims=True), expected.sum(axis=1, keepdims=True))
    weights, chances = belief(counts_likelihood, *together)
    level, lean = _spread(*together, weights, chances)
    led = expected * _over(chances, [(together[0] + w) / (together[1] + w) for w in weights])
    own, on_level = _spread(counts, led, *belief(counts_likelihood, counts, led))
    return _in_common(Doubt(of_area, lean * on_level, level * on_level, own), expected)


def doubt_of_shares(counts: Array, expected: Array, usual: Array, weight: float) -> Doubt:
    """Doubt about the log odds of an outcome that many children may have; see `doubt`.

    Beta distributions for the shares.

    Parameters
    ----------
    counts, expected, usual : (district, group, 2)
        Children with the outcome, and without it.
    """
    whole = (counts.sum(axis=0, keepdims=True), _shares(usual.sum(axis=0, keepdims=True)))
    of_area, _ = _spread_of_odds(*whole, np.array([weight]), np.ones(1))
    if len(counts) == 1:
        return _of_area_alone(of_area)
    apart = (counts, _shares(expected))
    own, lean = _spread_of_odds(*apart, *belief(rows_likelihood, *apart))
    return Doubt(of_area, lean, np.zeros_like(own), own)


def _in_common(found: Doubt, expected: Array) -> Doubt:
    """`found` whose districts have in common what their own doubts do not make up of the whole area's."""
    share = np.divide(expected, expected.sum(axis=0), out=np.zeros_like(expected), where=expected.sum(axis=0) > 0)
    apart = (share**2 * (found.level**2 + found.own**2)).sum(axis=0, keepdims=True)
    lean = (share * found.lean).sum(axis=0, keepdims=True)
    common = np.sqrt(np.maximum(found.area**2 - apart, 0.0))
    return replace(found, area=np.where(lean > 0, common / np.where(lean > 0, lean, 1.0), found.area))


def _of_area_alone(of_area: Array) -> Doubt:
    """Doubt where one district is the area."""
    none = np.zeros_like(of_area)
    return Doubt(of_area, np.ones_like(of_area), none, none)


def _spread(counts: Array, expected: Array, weights: Array, chances: Array) -> tuple[Array, Array]:
    """Standard deviation of the logarithm of the ratio of `counts` to `expected`, and how far it leans on 1."""
    ratio = _over(chances, [(counts + w) / (expected + w) for w in weights])
    variance = [polygamma(1, counts + w) + ((counts + w) / (expected + w) / ratio - 1) ** 2 for w in weights]
    return np.sqrt(_over(chances, variance)), _over(chances, [w / (expected + w) for w in weights])


def _spread_of_odds(counts: Array, towards: Array, weights: Array, chances: Array) -> tuple[Array, Array]:
    """Standard deviation of the log odds of the first outcome, and how far its share leans on `towards`."""
    seen, scale = counts.sum(axis=-1), children_of_an_event(towards)[..., 0]
    beliefs = [(w * scale)[..., None] * towards for w in weights]
    odds = [np.log((counts + each)[..., 0] / (counts + each)[..., 1]) for each in beliefs]
    mean = _over(chances, odds)
    variance = [
        polygamma(1, counts + each).sum(axis=-1) + (odd - mean) ** 2 for each, odd in zip(beliefs, odds, strict=True)
    ]
    return np.sqrt(_over(chances, variance)), _over(chances, [w * scale / (seen + w * scale) for w in weights])


def _over(chances: Array, values: list[Array]) -> Array:
    """Mean of `values` over the weights, each with its chance."""
    return np.asarray(np.tensordot(chances, np.stack(values), axes=1))


def _shares(table: Array) -> Array:
    """Shares of the last axis, kept off 0 and 1; even where there is nobody."""
    total = table.sum(axis=-1, keepdims=True)
    share = np.divide(table, total, out=np.full_like(table, 1 / table.shape[-1]), where=total > 0)
    return (share + LEAST) / (share + LEAST).sum(axis=-1, keepdims=True)
