"""What turns a decision: the value found against a search over a grid, and nothing said to turn what does not."""

import numpy as np
import pytest
from builders_tornado import POUNDS, REBALANCE, SETTINGS, SPECIAL, area, scenario, supposition

from forecast.decide.flips import CLOSE, flips, flips_table
from forecast.decide.premises import figures
from forecast.report.tornado_words import flip_sentences

FEE = "place: mainstream"


@pytest.fixture(scope="module")
def found():
    """Pounds more under help than without: a cheap place in mainstream schools saves, a dear one costs."""
    return figures(
        area(), (scenario({**REBALANCE, "share": 0.3, "support": 9_000}), scenario(name="No")), SETTINGS, POUNDS
    )


def a_few(suppositions):
    """Some of the suppositions whose runs take no time."""
    return [each for each in suppositions if each.name in {FEE, "place: special", "place: base"}]


def middle_of(found, fee):
    """A limit that is passed half way from the value of a price to its high end."""
    return found.at(fee, (fee.value + fee.high) / 2)


def turned(found, limit, name=FEE):
    _, every = flips(found, limit, a_few)
    (one,) = [each for each in every if each.supposition.name == name]
    return one


def test_the_value_at_which_a_decision_turns_is_the_one_that_a_grid_search_finds(found):
    fee = supposition(found, FEE)
    limit = middle_of(found, fee)
    grid = np.linspace(fee.value, fee.high, 17)
    over = [found.at(fee, value) > limit for value in grid]
    first = grid[over.index(over[-1])]
    one = turned(found, limit)
    assert one.within
    assert one.at == pytest.approx(first, abs=CLOSE * (fee.high - fee.low) + grid[1] - grid[0])


def test_what_turns_a_decision_only_beyond_its_range_is_said_to(found):
    fee = supposition(found, FEE)
    limit = found.at(fee, fee.value + 1.5 * (fee.high - fee.value))
    one = turned(found, limit)
    assert not one.within
    assert fee.high < one.at < fee.value + 2 * (fee.high - fee.value)


def test_a_decision_that_is_never_in_doubt_is_turned_by_nothing(found):
    decision, every = flips(found, found.now() + 1e9, a_few)
    assert decision.stands
    assert [each.at for each in every] == [None] * len(every)
    assert flips_table(every)["flips_at"].isna().all()
    said = flip_sentences(area().about, POUNDS, ["Help", "No"], decision, every)
    assert said[-1].startswith("No supposition turns that")


def test_the_nearest_comes_first_and_the_sentence_names_the_value(found):
    fee = supposition(found, FEE)
    decision, every = flips(found, middle_of(found, fee), a_few)
    reaches = [abs(each.at - each.supposition.value) for each in every if each.at is not None]
    assert reaches
    assert [each.at is None for each in every] == sorted(each.at is None for each in every)
    said = " ".join(flip_sentences(area().about, POUNDS, ["Help", "No"], decision, every))
    (one,) = [each for each in every if each.supposition.name == FEE]
    assert f"£{one.at:,.0f} a year, inside its range" in said


def test_no_price_is_moved_below_nothing(found):
    _, every = flips(found, found.now() + 1e9, a_few)
    assert min(each.least for each in every) >= 0


def test_a_lever_may_be_what_turns_a_decision_and_never_goes_where_its_file_could_not():
    children = figures(area(), (scenario(REBALANCE), scenario(name="No")), SETTINGS, SPECIAL)
    share = supposition(children, "1 rebalance: share")
    limit = (children.at(share, share.low) + children.now()) / 2
    decision, (one,) = flips(children, limit, lambda every: [each for each in every if each.key == share.key])
    assert decision.stands
    assert share.low < one.at < share.value
    assert children.at(share, one.at - 0.02) > limit > children.at(share, one.at + 0.02)
    assert (one.least, one.most) == (0, pytest.approx(0.7))
