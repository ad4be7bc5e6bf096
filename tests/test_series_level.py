"""From where a forecast starts: the last figure, but for implausible falls and what was not published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from panels import growing, panel

from forecast.series.level import IMPLAUSIBLE_FALL, LEAST, level
from forecast.series.targets import BASE, INDEPENDENT, PLANS, TARGETS

YEARS = range(2016, 2026)
GROWTH = 0.05


def among_others(odd, target=PLANS):
    """A panel of nine authorities that grow alike, and an odd one."""
    alike = {str(code): growing(1000, GROWTH, YEARS) for code in range(301, 310)}
    return panel(YEARS, **{PLANS: alike | {"odd": growing(1000, GROWTH, YEARS)}, target: alike | {"odd": odd}})


def changed(**last):
    """Figures that grow with the others, but for those of some years."""
    figures = growing(1000, GROWTH, YEARS)
    for name, figure in last.items():
        figures[int(name[1:]) - YEARS[0]] = figure
    return figures


def of_odd(found):
    return found.children["odd"], bool(found.replaced["odd"])


@pytest.mark.parametrize("target", TARGETS)
def test_a_forecast_starts_from_the_last_figure(target):
    made = among_others(growing(1000, GROWTH, YEARS))
    start = level(made, target)
    assert start.children.to_dict() == pytest.approx(made.children[target].loc[2025].to_dict())
    assert not start.replaced.any()


@pytest.mark.parametrize("target", IMPLAUSIBLE_FALL)
def test_an_implausible_fall_is_replaced_by_the_middle_of_three_years_carried_to_now(target):
    made = among_others(changed(y2025=100.0), target)
    table = made.children[target]
    now, usual = table.loc[2025], []
    for back in (1, 2):
        then = table.loc[2025 - back]
        usual.append(then["odd"] * now.sum() / then.sum())
    assert of_odd(level(made, target)) == (pytest.approx(sorted([100.0, *usual])[1]), True)


@pytest.mark.parametrize("target", IMPLAUSIBLE_FALL)
@pytest.mark.parametrize("of_limit", [0.8, 1.2], ids=["a little less", "a little more"])
def test_a_fall_is_implausible_from_its_own_limit_on(target, of_limit):
    figures = changed()
    figures[-1] *= np.exp(-of_limit * IMPLAUSIBLE_FALL[target])
    assert of_odd(level(among_others(figures, target), target))[1] == (of_limit > 1)


@pytest.mark.parametrize("target", [INDEPENDENT, BASE])
def test_falls_of_small_series_are_believed(target):
    assert of_odd(level(among_others(changed(y2025=100.0), target), target)) == (100.0, False)


@pytest.mark.parametrize("target", TARGETS)
def test_a_rise_is_never_replaced(target):
    made = among_others(changed(y2025=20_000.0), target)
    assert of_odd(level(made, target)) == (made.children[target]["odd"][2025], False)


@given(figures=st.lists(st.floats(0, 5000), min_size=3, max_size=3), target=st.sampled_from(sorted(TARGETS)))
def test_a_level_only_ever_lifts_the_last_figure(figures, target):
    made = among_others(changed(y2023=figures[0], y2024=figures[1], y2025=figures[2]), target)
    start = level(made, target).children
    assert (start >= made.children[target].loc[2025] - 1e-9).all()
    assert start["odd"] <= max(*figures, LEAST) * 2 or target == "special_all"


@pytest.mark.parametrize("missing", [1, 2])
def test_a_figure_that_is_missing_is_carried_on_along_england(missing):
    figures = changed()
    figures[-missing:] = np.nan
    made = among_others(figures, BASE)
    assert of_odd(level(made, BASE)) == (pytest.approx(1000 * np.exp(GROWTH * 9)), True)


def test_what_was_not_published_for_three_years_has_no_level():
    figures = changed()
    figures[-3:] = np.nan
    start = level(among_others(figures, BASE), BASE)
    assert np.isnan(start.children["odd"])
    assert start.children.drop("odd").notna().all()
    assert not start.replaced["odd"]


def test_a_series_that_stands_at_none_starts_from_half_a_child():
    assert of_odd(level(among_others(np.zeros(10), BASE), BASE)) == (LEAST, False)


@pytest.mark.parametrize("latest", [2010, 2011])
def test_the_first_censuses_have_a_level_too(latest):
    years = range(2010, 2015)
    made = panel(years, **{PLANS: {"301": growing(1000, GROWTH, years), "302": growing(500, GROWTH, years)}})
    known = made.as_known(latest)
    assert level(known, PLANS).children.to_dict() == pytest.approx(made.children[PLANS].loc[latest].to_dict())
