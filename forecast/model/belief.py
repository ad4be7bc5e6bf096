"""How far counts of many groups may be believed against a broader figure: weights, and the chance of each."""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.special import gammaln

from forecast.model.raking import Array

WEIGHTS: Final = np.geomspace(2.0, 512.0, 9)
"""Events' worth of belief in the broader figure: groups that differ from it by 70% down to 4%.

Every difference between is as likely beforehand (Gelman, Prior distributions for variance parameters in hierarchical
models, Bayesian Analysis 2006: uniform on the standard deviation, which leans least on groups being alike).
"""
LEAST: Final = 1e-6
"""Share that an outcome has at least before it is counted, so that what England never does may yet be seen."""


Likelihood = Callable[[Array, Array, float], float]


def children_of_an_event(rows: Array) -> Array:
    """Children among whom one does not do what most do, so to speak: 1 / (p (1 - p)) of the commonest outcome."""
    most = np.clip(rows.max(axis=-1, keepdims=True), 0.5, 1 - LEAST)
    return 1 / (most * (1 - most))


def belief(likelihood: Likelihood, own: Array, towards: Array, weight: float | None = None) -> tuple[Array, Array]:
    """Weights and the chance of each, given the counts of all groups; the one `weight`, if that is given."""
    if weight is not None:
        return np.array([weight]), np.ones(1)
    log = np.array([likelihood(own, towards, weight) for weight in WEIGHTS])
    chance = np.exp(log - log.max()) / np.sqrt(WEIGHTS)
    return WEIGHTS, chance / chance.sum()


def rows_likelihood(own: Array, towards: Array, weight: float) -> float:
    """Log of how likely rows are whose shares scatter about `towards`: Dirichlet-multinomial."""
    seen = own.sum(axis=-1)
    rows = seen > 0
    counts, each = own[rows], weight * children_of_an_event(towards[rows])
    led, whole = each * towards[rows], each[..., 0]
    cells = (gammaln(counts + led) - gammaln(led))[counts > 0].sum()
    return float(cells + (gammaln(whole) - gammaln(seen[rows] + whole)).sum())


def counts_likelihood(own: Array, expected: Array, weight: float) -> float:
    """Log of how likely counts are whose ratio to `expected` scatters about 1: negative binomial."""
    at = expected > 0
    seen, mean = own[at], expected[at]
    each = gammaln(seen + weight) - gammaln(weight) - seen * np.log1p(weight / mean) - weight * np.log1p(mean / weight)
    return float(each.sum())
