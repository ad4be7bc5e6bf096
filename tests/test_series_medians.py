"""Central forecasts: authorities add up to England, parts to the whole, and nothing is made of nothing."""

from dataclasses import replace

import numpy as np
import pytest
from panels import CODES, world

from forecast.series.build import build
from forecast.series.medians import england_path, medians
from forecast.series.national import national_path
from forecast.series.targets import (
    BASE,
    INDEPENDENT,
    LONGEST,
    NON_MAINTAINED,
    PARTS,
    PLANS,
    SPECIAL_ALL,
    SPECIAL_STATE,
    TARGETS,
)

FAR = 8


@pytest.fixture(scope="module")
def made():
    return build(*world()).as_known(2018)


@pytest.fixture(scope="module")
def central(made):
    return medians(made, FAR)


def without(panel, target, unit, *years):
    """The panel without the figures of one authority in some years."""
    table = panel.children[target].copy()
    table.loc[list(years), unit] = np.nan
    return replace(panel, children={**panel.children, target: table})


def only(panel, target):
    """Central forecast of one series a year ahead."""
    return medians(panel, 1)[target][1]


@pytest.mark.parametrize("target", TARGETS)
def test_authorities_add_up_to_englands_path(made, central, target):
    grown = np.log(central[target].sum() / made.children[target].loc[2018].sum())
    np.testing.assert_allclose(grown, england_path(made, FAR).loc[target], atol=1e-12)


def test_special_schools_of_every_kind_are_the_sum_of_their_parts(made, central):
    rest = central[SPECIAL_ALL] - central[SPECIAL_STATE] - central[INDEPENDENT]
    now = made.at(NON_MAINTAINED, 2018)
    path = national_path(made, NON_MAINTAINED, range(1, FAR + 1))
    start = now.clip(lower=0.5)
    expected = np.outer(start / start.sum() * now.sum(), np.exp(path))
    np.testing.assert_allclose(rest, expected, rtol=1e-9)
    assert PARTS == (SPECIAL_STATE, NON_MAINTAINED, INDEPENDENT)


def test_a_series_without_a_local_term_gives_every_authority_englands_growth(made, central):
    growth = central[BASE].div(made.at(BASE, 2018), axis=0)
    assert growth.std().max() < 1e-9


def test_after_five_years_every_authority_grows_with_england(made, central):
    england = np.exp(england_path(made, FAR).loc[PLANS])
    apart = central[PLANS].div(made.at(PLANS, 2018), axis=0) / england
    assert apart[LONGEST].std() > 0.001
    for ahead in range(LONGEST + 1, FAR + 1):
        np.testing.assert_allclose(apart[ahead], apart[LONGEST], rtol=1e-9)


def test_how_far_is_asked_for_does_not_change_a_year(made, central):
    for target, table in medians(made, 2).items():
        np.testing.assert_allclose(table, central[target][[1, 2]], rtol=1e-9)


def test_an_authority_without_a_figure_for_three_years_has_no_forecast(made):
    found = only(without(made, BASE, "801", 2016, 2017, 2018), BASE)
    assert found.index[found.isna()].tolist() == ["801"]


def test_an_authority_whose_last_figure_is_missing_is_forecast_beside_england_not_within(made, central):
    lacking = without(made, BASE, "801", 2018)
    found = only(lacking, BASE)
    now = lacking.children[BASE].loc[2018]
    path = national_path(lacking, BASE, [1])[0]
    assert found["801"] == pytest.approx(central[BASE][1]["801"], rel=0.15)
    assert found.drop("801").sum() == pytest.approx(now.sum() * np.exp(path))


def test_medians_are_of_every_target_every_authority_and_every_year(central):
    assert list(central) == [*TARGETS, NON_MAINTAINED]
    for table in central.values():
        assert table.index.tolist() == list(CODES)
        assert table.columns.tolist() == list(range(1, FAR + 1))
        assert (table > 0).all(axis=None)


def test_two_censuses_are_enough_for_a_forecast():
    found = medians(build(*world()).as_known(2011), 1)
    assert all(table.notna().all(axis=None) for table in found.values())
