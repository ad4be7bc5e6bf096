"""Red, amber, green: the rules as they are stated, and what must hold of any."""

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from forecast.places.rating import Colour, chance_short, rate

YEARS = list(range(2025, 2038))
NOW, TWO_YEARS = 2027, 24.0


def chance(**by_year):
    """Chance of a shortage: nil but in the years named, such as y2031=0.6, and from each on."""
    shares, given_ = np.zeros(len(YEARS)), {int(name[1:]): share for name, share in by_year.items()}
    for year, share in sorted(given_.items()):
        shares[YEARS.index(year) :] = share
    return xr.DataArray(shares, coords={"year": YEARS}, dims="year")


def test_a_shortage_that_new_places_would_come_too_late_for_is_red():
    rating = rate(chance(y2028=0.5), NOW, TWO_YEARS)
    assert (rating.colour, rating.first, rating.decide_by) == (Colour.RED, 2028, NOW)


def test_a_shortage_that_can_still_be_met_is_amber_with_the_year_to_decide_in():
    rating = rate(chance(y2031=0.5), NOW, TWO_YEARS)
    assert (rating.colour, rating.first, rating.decide_by) == (Colour.AMBER, 2031, 2029)
    assert rate(chance(y2029=0.5), NOW, TWO_YEARS).decide_by == NOW
    assert rate(chance(y2029=0.5), NOW, TWO_YEARS).colour == Colour.AMBER


def test_a_possible_shortage_before_places_could_open_is_amber_and_has_no_year():
    rating = rate(chance(y2028=0.2, y2029=0.0), NOW, TWO_YEARS)
    assert (rating.colour, rating.first, rating.decide_by) == (Colour.AMBER, None, None)
    assert rate(chance(y2029=0.2), NOW, TWO_YEARS).colour == Colour.GREEN


def test_no_shortage_is_green():
    assert rate(chance(), NOW, TWO_YEARS).colour == Colour.GREEN
    assert rate(chance(y2030=0.49), NOW, TWO_YEARS).colour == Colour.GREEN


def test_a_shortage_that_is_over_by_now_is_none():
    assert rate(chance(y2025=0.9, y2027=0.0), NOW, TWO_YEARS).colour == Colour.GREEN


ORDER = [Colour.GREEN, Colour.AMBER, Colour.RED]


@given(
    shares=st.lists(st.floats(0, 1), min_size=len(YEARS), max_size=len(YEARS)),
    more=st.floats(0, 1),
    months=st.floats(1, 90),
)
def test_a_greater_chance_never_rates_better_nor_lets_one_decide_later(shares, more, months):
    low = xr.DataArray(shares, coords={"year": YEARS}, dims="year")
    one, other = rate(low, NOW, months), rate((low + more).clip(max=1), NOW, months)
    assert ORDER.index(other.colour) >= ORDER.index(one.colour)
    if one.decide_by is not None:
        assert other.decide_by <= one.decide_by


@pytest.mark.parametrize(("short", "share"), [([0, 4, 5, 20], 0.5), ([4.9, 4.99, 4.9995, 30], 0.5)])
def test_a_shortage_is_counted_from_five_children_on(short, share):
    assert chance_short(xr.DataArray(short, dims="draw")).item() == share
