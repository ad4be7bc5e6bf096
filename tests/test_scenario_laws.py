"""Laws of a lever, for whole children: luck never overturns a comparison."""

from builders_model import busy, leaving_by_draw, simulated, unlimited
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.scenario.changes import ScaleStarts


@settings(deadline=None, max_examples=8)
@given(
    factor=st.floats(1, 10),
    need=st.sampled_from([None, "ASD", "SEMH"]),
    from_year=st.integers(2025, 2029),
    seed=st.integers(0, 1000),
)
def test_more_starts_never_give_fewer_children_anywhere_without_a_ceiling(factor, need, from_year, seed):
    drivers = leaving_by_draw(unlimited(busy(seed=seed)))
    more = ScaleStarts(from_year=from_year, factor=factor, need=need).apply(drivers)
    assert (simulated(more, seed) >= simulated(drivers, seed)).all()


@settings(deadline=None, max_examples=8)
@given(factor=st.floats(0, 1), need=st.sampled_from([None, "ASD", "SEMH"]), seed=st.integers(0, 1000))
def test_fewer_starts_never_give_more_children_anywhere_without_a_ceiling(factor, need, seed):
    drivers = leaving_by_draw(unlimited(busy(seed=seed)))
    fewer = ScaleStarts(from_year=2027, factor=factor, need=need).apply(drivers)
    assert (simulated(fewer, seed) <= simulated(drivers, seed)).all()


@settings(deadline=None, max_examples=10)
@given(factor=st.floats(0, 10), seed=st.integers(0, 1000))
def test_children_of_every_other_need_are_the_same_when_starts_of_one_change_without_a_ceiling(factor, seed):
    drivers = unlimited(busy(seed=seed, needs=("ASD", "SEMH", "MLD")))
    changed = ScaleStarts(from_year=2026, factor=factor, need="SEMH").apply(drivers)
    assert (simulated(changed)[:, :, :, [0, 2]] == simulated(drivers)[:, :, :, [0, 2]]).all()
