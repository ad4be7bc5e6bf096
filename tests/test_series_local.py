"""How much faster or slower than England an authority grows: what is known of it, and what the past teaches."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from panels import growing, panel, world

from forecast.series import local
from forecast.series.build import build
from forecast.series.features import FEATURES, column, features, of_neighbours
from forecast.series.local import CLIP, FIRST_ORIGIN, HALVED_EACH, LISTS, PENALTY, POWER, Examples, examples, slopes
from forecast.series.targets import LONGEST, PLANS, SPECIAL_ALL, TARGETS

NAMES = ("requests", "joining")


def example(ahead=1, cells=200, slope=(0.1, -0.05), noise=0.01, seed=1, size=1.0):
    rng = np.random.default_rng(seed)
    known = pd.DataFrame(rng.normal(0, [0.5, 2.0], (cells, 2)), columns=list(NAMES))
    grown = ahead**POWER * (known @ np.array(slope)) + rng.normal(0, noise, cells)
    return Examples(ahead, known, grown, pd.Series(size * rng.uniform(0.5, 1.5, cells)))


def by_normal_equations(taught, ahead):
    """Slopes with an intercept that is not penalised, by the textbook."""
    x = np.concatenate([one.features[list(NAMES)].to_numpy() for one in taught])
    y = np.concatenate([one.departure.to_numpy() / one.ahead**POWER for one in taught])
    weight = np.concatenate([one.weight.to_numpy() * 0.5 ** ((ahead - one.ahead) / HALVED_EACH) for one in taught])
    scale = np.sqrt((weight[:, None] * x**2).sum(axis=0) / weight.sum())
    design = np.column_stack([np.ones(len(x)), x / scale])
    penalty = np.diag([0.0] + [PENALTY] * len(NAMES))
    weighted = design.T * weight
    return np.linalg.solve(weighted @ design + penalty, weighted @ y)[1:] / scale


def test_slopes_are_those_of_the_normal_equations_where_nothing_is_weighted_anew(monkeypatch):
    monkeypatch.setattr(local, "REWEIGHTS", 0)
    taught = [example(ahead, noise=0.1, seed=ahead) for ahead in (1, 2, 4)]
    np.testing.assert_allclose(slopes(taught, NAMES, 4), by_normal_equations(taught, 4), rtol=1e-9)


def test_examples_far_from_the_rest_hardly_turn_the_slopes(monkeypatch):
    taught = example(noise=0.05, cells=400)
    wild = taught.departure.copy()
    wild[taught.features["joining"] > 3.5] = 2.0
    odd = [replace(taught, departure=wild)]
    calm = slopes([taught], NAMES, 1)
    robust = slopes(odd, NAMES, 1)
    monkeypatch.setattr(local, "REWEIGHTS", 0)
    plain = slopes(odd, NAMES, 1)
    assert np.abs(robust - calm).max() < 0.3 * np.abs(plain - calm).max()


def test_the_penalty_draws_slopes_towards_none_and_the_more_so_the_fewer_the_examples():
    few, many = (slopes([example(cells=cells)], NAMES, 1) for cells in (50, 2000))
    assert (np.abs(few) < np.abs(many)).all()
    np.testing.assert_allclose(many, [0.1, -0.05], rtol=0.1)


def test_a_feature_that_never_differs_has_no_slope():
    taught = example()
    flat = replace(taught, features=taught.features.assign(requests=0.0))
    assert slopes([flat], NAMES, 1)[0] == 0.0


def test_a_horizon_is_taught_by_shorter_ones_too_but_most_by_itself():
    near, far = example(1, slope=(0.2, 0.0), noise=0.1), example(5, slope=(0.05, 0.0), noise=0.1, seed=2)
    from_near, from_both, from_far = (slopes(taught, NAMES, 5)[0] for taught in ([near], [near, far], [far]))
    assert from_far < from_both < from_near
    assert from_near - from_both > from_both - from_far


@pytest.fixture(scope="module")
def made():
    return build(*world()).as_known(2018)


@pytest.mark.parametrize(("origin", "horizons"), [(2017, 1), (2015, 3), (2012, LONGEST)])
def test_a_census_teaches_the_horizons_whose_outcome_is_known(made, origin, horizons):
    found = examples(made, PLANS, origin)
    assert [one.ahead for one in found] == list(range(1, horizons + 1))


def test_what_a_census_teaches_is_growth_over_the_level_less_the_median_authoritys(made):
    (one,) = examples(made, PLANS, 2017)
    grown = np.log(made.at(PLANS, 2018) / made.at(PLANS, 2017))
    pd.testing.assert_series_equal(one.departure, grown - grown.median(), check_names=False)
    assert one.weight.mean() == pytest.approx(1)
    assert (one.weight**2 / made.at(PLANS, 2017)).std() == pytest.approx(0, abs=1e-12)


def test_no_example_departs_further_than_is_learned_from(made):
    leapt = made.children[PLANS].copy()
    leapt.loc[2018, "801"] *= 5
    (one,) = examples(replace(made, children={**made.children, PLANS: leapt}), PLANS, 2017)
    assert one.departure["801"] == CLIP[PLANS] == one.departure.max()


def test_an_authority_whose_inflow_is_high_is_forecast_to_grow_faster(made):
    terms = local.local_terms(made, PLANS)
    known = features(made, PLANS)
    assert terms[1].corr(known["joining"]) > 0.6
    assert terms[1].std() > 0.001
    later = build(*world()).children[PLANS]
    grown = np.log(later.loc[2021] / later.loc[2018])
    assert terms[3].corr(grown - grown.median()) > 0.4


@pytest.mark.parametrize("target", LISTS)
def test_the_median_authority_grows_with_england(made, target):
    np.testing.assert_allclose(local.local_terms(made, target).median(), 0.0, atol=1e-15)


def test_a_series_without_features_and_a_census_without_outcomes_have_no_local_term(made):
    for target in set(TARGETS) - set(LISTS):
        assert not local.local_terms(made, target).to_numpy().any()
    early = build(*world()).as_known(FIRST_ORIGIN)
    assert not local.local_terms(early, PLANS).to_numpy().any()


@pytest.mark.parametrize("target", sorted(set(TARGETS) - {SPECIAL_ALL}))
def test_every_feature_is_told_from_the_median_authority_and_none_is_missing(made, target):
    table = features(made, target)
    expected = {column(name, ahead) for name in FEATURES for ahead in range(1, LONGEST + 1)}
    assert set(table.columns) == expected
    assert table.notna().all(axis=None)
    np.testing.assert_allclose(table.median(), 0.0, atol=1e-12)


def test_what_is_missing_counts_as_the_median(made):
    requests = made.flows["requests"].copy()
    requests.loc[2018, "801"] = np.nan
    table = features(replace(made, flows={**made.flows, "requests": requests}), PLANS)
    assert table.loc["801", ["requests", "pending"]].tolist() == [0.0, 0.0]


def test_features_are_the_formulas_that_they_say(made):
    table = features(made, PLANS)
    plans, at = made.at(PLANS, 2018), {name: made.at(name, 2018) for name in made.flows}
    by_hand = {
        "requests": np.log((at["requests"] - at["refused"] + 5) / plans),
        "joining": at["new_plans"] / plans,
        "pending": (at["requests"] - at["refused"] - at["new_plans"]) / plans,
        "in_time": at["issued_in_20_weeks"] / at["issued"],
        "plans_growth": np.log(plans / made.at(PLANS, 2017)),
    }
    for name, values in by_hand.items():
        np.testing.assert_allclose(table[name], values - values.median(), atol=1e-12)
    assert set(table.index[table["london"] == table["london"].max()]) == {code for code in made.units if code < "300"}


def test_neighbours_mean_counts_only_those_that_have_a_figure():
    years = range(2024, 2026)
    three = panel(years, **{PLANS: {code: growing(100, 0.1, years) for code in ("301", "302", "303")}})
    values = pd.Series({"301": 1.0, "302": 4.0, "303": np.nan})
    assert of_neighbours(three, values).to_dict() == {"301": 4.0, "302": 1.0, "303": 2.5}
    alone = replace(three, neighbours=three.neighbours * 0)
    assert of_neighbours(alone, values).isna().all()


def test_residents_grow_up_a_year_at_a_time_and_births_are_held():
    years = range(2018, 2021)
    people = pd.DataFrame([np.arange(25.0) + 100], index=["301"], columns=range(25))
    made = panel(years, people={2017: people}, **{PLANS: {"301": growing(100, 0.1, years)}})
    assert made.residents(2018).loc["301"].tolist() == (np.arange(25.0) + 100).tolist()
    assert made.residents(2020).loc["301"].tolist() == [100.0, 100.0, *(np.arange(23.0) + 100)]
