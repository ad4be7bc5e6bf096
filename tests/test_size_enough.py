"""How many places would be enough: none, few and many are told in words that can be read aloud."""

import pytest

from forecast.report.size_enough import enough, used


@pytest.mark.parametrize(
    ("p50", "p80", "p90", "told"),
    [
        (12, 40, 66, "12 places would be enough in 5 futures of 10, 40 in 8 and 66 in 9"),
        (3, 40, 66, "fewer than 5 places would be enough in 5 futures of 10, 40 in 8 and 66 in 9"),
        (0, 40, 66,
         "in the middle future no more are needed; 40 places would be enough in 8 futures of 10 and 66 in 9"),
        (0.2, 0.4, 66, "no more are needed in 8 futures of 10; 66 places would be enough in 9 futures of 10"),
        (0, 0, 0, "no more are needed in 9 futures of 10"),
    ],
)  # fmt: skip
def test_places_that_are_enough_are_told_from_the_future_that_first_needs_some(p50, p80, p90, told):
    assert enough({"p50": p50, "p80": p80, "p90": p90}) == told


@pytest.mark.parametrize(
    ("p50", "p80", "told"),
    [
        (30, 60, "up to 30 places would be used in 5 futures of 10 and 60 in 8"),
        (3, 60, "fewer than 5 places would be used in 5 futures of 10, and up to 60 in 8"),
        (0, 60, "in the middle future none would be used, and up to 60 in 8 futures of 10"),
    ],
)
def test_places_that_are_used_are_never_up_to_none_or_up_to_fewer_than_a_few(p50, p80, told):
    assert used({"p50": p50, "p80": p80}) == told
