"""Prices, children and places of made-up futures, to choose a size by."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.decide.prices import Prices

DRAWS, YEARS = 12, 4

PLAIN = {
    "place": 25_000.0,
    "transport": 9_000.0,
    "independent": 64_000.0,
    "independent_transport": 11_000.0,
    "empty": 10_000.0,
    "capital": 60_000.0,
    "capital_expansion": 45_000.0,
    "fee_growth": 0.0,
    "discount": 0.0,
    "life": 30.0,
}
"""A place too few costs 39,000 pounds a year, one too many 12,000: nothing grows and nothing is discounted."""


def prices(**other):
    return Prices(**(PLAIN | other))


def grown(**other):
    """Prices as they are: fees grow, money later is worth less, and fees are not certain."""
    fees = np.linspace(50_000, 80_000, DRAWS)
    return prices(**({"independent": fees, "fee_growth": 0.02, "discount": 0.035} | other))


def always_open(wanted):
    return np.ones(np.shape(wanted))


wanteds = arrays(np.float64, (DRAWS, YEARS), elements=st.integers(0, 60).map(float))
"""Children who want a place: (draw, year)."""
openings = arrays(np.float64, (DRAWS, YEARS), elements=st.sampled_from([0, 0.3, 0.5, 0.85, 1])).map(
    lambda shares: np.maximum.accumulate(shares, axis=1)
)
"""Share of places open: (draw, year), never falling."""
sizes = st.integers(0, 80)
