"""Shapley shares: what each of several causes adds to what they do together, whatever order they come in.

The share of a cause is the mean, over all orders in which the causes might be switched on, of what it adds when its
turn comes (L. S. Shapley, "A value for n-person games", 1953). The shares add up to the whole, so that nothing is left
over as an "interaction".

A coalition is a set of causes that are on, as a number: cause `i` is on where bit `i` is 1. 0 is none of them, and
2**n - 1 all.
"""

from math import factorial

import numpy as np
from numpy.typing import NDArray

from forecast.model.raking import Array


def shapley(values: Array) -> Array:
    """Share of each cause in `values[-1] - values[0]`: (cause, ...).

    Parameters
    ----------
    values : (coalition, ...)
        What comes of each coalition; coalition 0 first.

    Raises
    ------
    ValueError
        There are not as many values as coalitions of a whole number of causes.
    """
    causes = causes_of(values)
    by_size = np.array([_weight(size, causes) for size in range(causes)])
    shares = [
        np.tensordot(by_size[np.bitwise_count(off)], values[off | 1 << cause] - values[off], axes=1)
        for cause, off in enumerate(_coalitions_without(causes))
    ]
    return np.array(shares).reshape(causes, *values.shape[1:])


def added_last(values: Array) -> Array:
    """What each cause adds when all others are there already: (cause, ...).

    Parameters
    ----------
    values : as for `shapley`, and what it raises
    """
    everything = len(values) - 1
    lost = [values[-1] - values[everything ^ 1 << cause] for cause in range(causes_of(values))]
    return np.array(lost).reshape(-1, *values.shape[1:])


def causes_of(values: Array) -> int:
    """How many causes there are, from what comes of each coalition of them; raises as `shapley`."""
    causes = len(values).bit_length() - 1
    if len(values) != 1 << causes:
        msg = f"{len(values)} values are not those of all coalitions; give a value for every coalition."
        raise ValueError(msg)
    return causes


def _coalitions_without(causes: int) -> list[NDArray[np.int64]]:
    """For each cause, the coalitions that it is not in."""
    every = np.arange(1 << causes)
    return [every[every >> cause & 1 == 0] for cause in range(causes)]


def _weight(size: int, causes: int) -> float:
    """Share of all orders in which just a given `size` causes come before a given other one."""
    return factorial(size) * factorial(causes - size - 1) / factorial(causes)
