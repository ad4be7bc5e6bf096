"""Parts of sentences on a difference: directions, and levers by their plain names."""

import pytest

from forecast.report.compare_phrases import shown_change
from forecast.scenario.lever_names import NAMES, quoted, said_of_shift


@pytest.mark.parametrize(
    ("mean", "told"),
    [(0.0012, "+0.12 in 100"), (-0.0012, "-0.12 in 100"), (-0.00001, "0.00 in 100"), (0.0, "0.00 in 100")],
)
def test_a_difference_that_shows_as_nothing_has_no_sign(mean, told):
    row = {"unit": "share", "mean": mean, "p10": mean, "p90": mean}
    assert shown_change(row) == told
    assert shown_change(row | {"p90": 0.01}) == f"{told}\n({told.removesuffix(' in 100')} to +1.00)"


def test_children_moved_are_told_by_the_plain_name_of_the_lever_that_moves_them():
    for kind, name in NAMES.items():
        shift = f"{kind.replace('_', ' ')}: special to mainstream, Year 7, from 2027/28"
        assert said_of_shift(shift) == f'"{name}": special to mainstream, Year 7, from 2027/28'
        assert name in quoted(kind)
    assert (
        said_of_shift("outreach of Riverside: special to mainstream") == "outreach of Riverside: special to mainstream"
    )
