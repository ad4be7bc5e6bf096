"""The search itself, on responses whose answer is known by looking at every setting."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forecast.decide.seek import least, mixes, onwards, response


def falling(data, most):
    """A miss that never rises, and how often it was asked for."""
    drops = data.draw(st.lists(st.floats(0, 5), min_size=most, max_size=most))
    start = data.draw(st.floats(0.1, 20))
    table = start - np.concatenate([[0], np.cumsum(drops)])
    asked = []

    def miss(at):
        asked.append(at)
        return float(table[at])

    return table, miss, asked


@given(data=st.data(), most=st.integers(1, 120))
def test_the_fewest_steps_that_reach_are_those_found_by_looking_at_every_step(data, most):
    table, miss, asked = falling(data, most)
    guess = data.draw(st.integers(0, most))
    if table[-1] > 0:
        assert onwards(miss, guess, most) is None
        return
    first = int(np.flatnonzero(table <= 0)[0])
    assert least(miss, 0, most) == first
    assert len(set(asked)) <= 3 * np.log2(most + 1) + 4
    assert onwards(miss, guess, most) == max(first, guess)


def test_a_straight_line_is_searched_in_five_looks():
    asked = []

    def miss(at):
        asked.append(at)
        return 36.5 - at

    assert least(miss, 0, 100) == 37
    assert len(set(asked)) <= 5


def outcomes(steps):
    """Two levers that help one another, bent: a miss and pounds."""
    one, two = steps
    return np.array([40 - 2.0 * one - 0.5 * min(two, 30) + 0.01 * one * two, 3.0 * one + 0.4 * two])


def shown(*extra):
    runs = [(0, 0), (10, 0), (20, 0), (0, 30), (0, 60), (10, 30), *extra]
    return response({steps: outcomes(steps) for steps in runs}, 2)


def test_a_fitted_response_is_the_runs_themselves_where_these_were_made():
    runs = [(0, 0), (10, 0), (20, 0), (0, 30), (0, 60), (10, 30)]
    np.testing.assert_allclose(shown().at(np.array(runs)), [outcomes(steps) for steps in runs])


def test_a_fitted_response_that_is_made_of_straight_lines_and_pairs_is_right_everywhere():
    every = np.array(list(product(range(21), range(61))))
    np.testing.assert_allclose(shown().at(every), [outcomes(tuple(steps)) for steps in every], atol=1e-9)


def test_a_mix_is_needed_only_where_no_lever_could_do_less():
    grid = mixes((20, 60))
    reaches = shown().at(grid.steps)[:, 0] <= 0
    needed = {tuple(steps) for steps in grid.steps[grid.needed(reaches)].tolist()}
    for steps in product(range(21), range(61)):
        lower = [tuple(np.subtract(steps, step)) for step in ((1, 0), (0, 1)) if min(np.subtract(steps, step)) >= 0]
        meets = outcomes(steps)[0] <= 1e-12
        assert (steps in needed) == (meets and all(outcomes(less)[0] > 1e-12 for less in lower))


def test_a_grid_of_many_levers_is_coarse_enough_to_compare():
    grid = mixes((100, 100, 100, 100))
    assert 10_000 < len(grid.steps) <= 150_000
    assert grid.steps.max(axis=0).tolist() == [100] * 4
    assert (grid.steps == 0).all(axis=1).any()
