"""The backtest of alternative provision: nothing later is seen, scores by a second route, ranges that hold."""

from itertools import pairwise
from math import exp, log
from statistics import fmean

import numpy as np
import pandas as pd
import pytest
from builders_ap_rolls import CODES, growing, panel, people, uneven

from forecast.ap.level import AGES, levels
from forecast.ap.national import AP_SCHOOL, LA_FUNDED, RULES, WITHOUT, log_index, national_path
from forecast.ap.origins import HORIZONS, forecast
from forecast.ap.panel import ap_panel
from forecast.backtest.ap import (
    NATIONAL,
    NATIONAL_YEAR,
    NO_CHANGE,
    OWN_RATE,
    OWN_THREE,
    OWN_YEAR,
    SAYS,
    ap_backtest,
    rival,
)
from forecast.backtest.cells import OURS
from forecast.inputs import reference
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_authority_rolls

FOLDER = bundled("models", "england") / "ap"
MEASURED = {LA_FUNDED: (0.146, 0.221, 0.280), AP_SCHOOL: (0.195, 0.323, 0.324)}
"""Error of England's growth one, two and three years ahead, as measured before this was made."""


@pytest.fixture(scope="module")
def published():
    return ap_panel(read_authority_rolls(), reference.read_people(), reference.read_units())


@pytest.fixture(scope="module")
def shipped():
    return {name: pd.read_csv(FOLDER / f"{name}.csv") for name in ("scores", "coverage", "backtest")}


def of(tried, method, origin, ahead, series=LA_FUNDED):
    scores = tried.scores
    row = scores[(scores["series"] == series) & (scores["method"] == method)]
    return row[(row["origin"] == origin) & (row["ahead"] == ahead)].iloc[0]


# What a January may see


@pytest.mark.parametrize("january", [2019, 2020, 2021, 2022])
def test_a_forecast_is_the_same_to_the_last_bit_whatever_comes_after_its_january(january):
    children, residents = uneven(), people()
    nonsense = children.copy()
    nonsense.loc[january + 1 :] = 10 ** np.arange(len(CODES))
    later = residents.copy()
    later.loc[later["mid_year"] >= january, "people"] = 1
    for series in RULES:
        known, planted = (
            forecast(made.as_known(january), series, 3) for made in (panel(children, residents), panel(nonsense, later))
        )
        assert known.to_numpy().tobytes() == planted.to_numpy().tobytes()


def test_every_method_is_blind_to_what_comes_later_and_none_to_its_own_january():
    children = uneven()
    after, before = children.copy(), children.copy()
    after.loc[2023] = 10 ** np.arange(len(CODES))
    before.loc[2021] = 10 ** np.arange(len(CODES))
    known = panel(children).as_known(2022)
    one, two = (panel(each).as_known(2022) for each in (after, before))
    for method in set(SAYS) - {OURS}:
        same = rival(known, LA_FUNDED, method).to_numpy().tobytes()
        assert same == rival(one, LA_FUNDED, method).to_numpy().tobytes()
    assert (
        rival(known, LA_FUNDED, OWN_YEAR).to_numpy().tobytes() != rival(two, LA_FUNDED, OWN_YEAR).to_numpy().tobytes()
    )


# Scores


def test_scores_that_ship_are_those_of_the_forecasts_that_ship(shipped):
    ours = shipped["scores"][shipped["scores"]["method"] == OURS]
    for row in ours.to_dict("records"):
        cells = [
            cell
            for cell in shipped["backtest"].to_dict("records")
            if all(cell[name] == row[name] for name in ("series", "origin", "ahead"))
        ]
        out = sum(abs(cell["forecast"] - cell["actual"]) for cell in cells)
        came = sum(cell["actual"] for cell in cells)
        assert row["authorities"] == len(cells)
        assert row["wape"] == pytest.approx(out / came, abs=2e-3)  # forecasts ship in whole children
        assert row["bias"] == pytest.approx(log(sum(cell["forecast"] for cell in cells) / came), abs=2e-3)


def test_hits_that_ship_are_those_of_the_ranges_that_ship(shipped):
    whole = shipped["coverage"][shipped["coverage"]["size"] == "all"]
    assert len(whole) == len(RULES) * 9
    for row in whole.to_dict("records"):
        held = [
            cell["p10"] <= cell["actual"] <= cell["p90"]
            for cell in shipped["backtest"].to_dict("records")
            if all(cell[name] == row[name] for name in ("series", "origin", "ahead"))
        ]
        assert (sum(held), len(held)) == (row["hits"], row["outcomes"])


@pytest.mark.parametrize("series", [LA_FUNDED, AP_SCHOOL])
def test_the_error_is_at_or_below_that_of_englands_growth_one_two_and_three_years_ahead(shipped, series):
    means = shipped["scores"].groupby(["series", "method", "ahead"])["wape"].mean()
    for ahead, measured in zip(HORIZONS, MEASURED[series], strict=True):
        ours = means[series, OURS, ahead]
        assert ours <= means[series, NATIONAL, ahead]
        assert round(ours, 3) <= measured
        assert ours < means[series, NO_CHANGE, ahead]


def test_of_children_without_a_plan_too_the_error_is_at_or_below_that_of_englands_growth(shipped):
    means = shipped["scores"].groupby(["series", "method", "ahead"])["wape"].mean()
    assert all(means[WITHOUT, OURS, ahead] <= means[WITHOUT, NATIONAL, ahead] for ahead in HORIZONS)


def test_the_ranges_that_ship_held_about_eighty_of_a_hundred_at_every_horizon_and_size(shipped):
    coverage = shipped["coverage"]
    sums = coverage[coverage["size"] != "England"].groupby(["series", "ahead", "size"])[["hits", "outcomes"]].sum()
    share = sums["hits"] / sums["outcomes"]
    assert share.between(0.74, 0.91).all()
    assert share.xs("all", level="size").between(0.78, 0.86).all()


def test_simple_rules_are_what_they_say():
    tried = ap_backtest(panel(growing(0.1)))
    assert of(tried, NO_CHANGE, 2020, 2)["wape"] == pytest.approx(1 - exp(-0.2), abs=2e-3)
    for method in (NATIONAL, NATIONAL_YEAR, OWN_YEAR, OWN_THREE):  # children are whole
        assert of(tried, method, 2020, 2)["wape"] == pytest.approx(0, abs=7e-3)
    assert of(tried, OWN_RATE, 2020, 2)["wape"] == pytest.approx(1 - exp(-0.2), abs=2e-3)


def test_own_growth_is_each_authoritys_and_englands_growth_is_the_sums():
    children = growing(0.0)
    children["201"] = 100 * np.exp(0.3 * np.arange(6))
    tried = ap_backtest(panel(children))
    scores = tried.scores[(tried.scores["series"] == LA_FUNDED) & (tried.scores["ahead"] == 1)]
    by_method = scores.groupby("method")["wape"].mean()
    assert by_method[OWN_YEAR] < by_method[NATIONAL] / 2
    table = children.round()
    steps = [log(later.sum() / now.sum()) for (_, now), (_, later) in pairwise(table.loc[:2020].iterrows())]
    made = table.loc[2020] * exp(3 * fmean(steps))
    by_hand = (made - table.loc[2023]).abs().sum() / table.loc[2023].sum()
    assert of(tried, NATIONAL, 2020, 3)["wape"] == pytest.approx(by_hand)


def test_a_rate_that_is_held_follows_the_children_already_born():
    residents = people()
    residents.loc[residents["age"].between(3, 4) & residents["mid_year"].eq(2019), "people"] *= 2
    flat = ap_backtest(panel(growing(0.0), residents))
    assert of(flat, OWN_RATE, 2020, 1)["bias"] == pytest.approx(log(12 / 11), abs=1e-6)
    assert of(flat, OWN_RATE, 2020, 2)["bias"] == pytest.approx(log(13 / 11), abs=1e-6)


def test_outcomes_up_to_january_2021_are_for_choosing_and_later_ones_are_the_test(shipped):
    for row in shipped["scores"].to_dict("records"):
        assert row["part"] == ("choosing" if row["origin"] + row["ahead"] <= 2021 else "test")


# Choices


def chosen(published, series, start, path):
    """Mean error on outcomes up to January 2021."""
    errors = []
    for january, ahead in ((2019, 1), (2019, 2), (2020, 1)):
        known = published.as_known(january)
        actual = published.children[series].loc[january + ahead].dropna()
        made = (start(known) * exp(path(known, ahead))).reindex(actual.index).dropna()
        errors.append((made - actual[made.index]).abs().sum() / actual[made.index].sum())
    return fmean(errors)


def last(series):
    return lambda known: known.children[series].iloc[-1].dropna()


def own_path(series):
    return lambda known, ahead: national_path(log_index(known.children[series]), series, ahead)[-1]


def test_the_weight_of_englands_rate_is_the_best_of_those_tried_by_outcomes_for_choosing(published):
    def leaning(series, lean):
        def start(known):
            january = int(known.children[series].index[-1])
            return levels(last(series)(known), known.residents(january - 1, AGES), lean)

        return start

    weights = (0, 0.05, 0.1, 0.15, 0.2)
    errors = {lean: chosen(published, LA_FUNDED, leaning(LA_FUNDED, lean), own_path(LA_FUNDED)) for lean in weights}
    assert min(errors, key=errors.get) == RULES[LA_FUNDED].lean
    errors = {lean: chosen(published, AP_SCHOOL, leaning(AP_SCHOOL, lean), own_path(AP_SCHOOL)) for lean in weights}
    assert min(errors.values()) >= errors[0] - 5e-4  # .05 is as good to three digits, so the simpler


def test_fading_is_the_best_of_those_tried_by_outcomes_for_choosing(published):
    def fading(series, left):
        def path(known, ahead):
            index = log_index(known.children[series])
            return (index.iloc[-1] - index.iloc[0]) / (len(index) - 1) * sum(left**k for k in range(1, ahead + 1))

        return path

    for series, best in ((LA_FUNDED, 0.8), (AP_SCHOOL, 1.0), (WITHOUT, 1.0)):
        errors = {left: chosen(published, series, last(series), fading(series, left)) for left in (0.8, 0.9, 1.0)}
        assert min(errors, key=errors.get) == best


def test_children_without_a_plan_follow_their_own_path_more_closely_than_that_of_all_children(published):
    own = chosen(published, WITHOUT, last(WITHOUT), own_path(WITHOUT))
    assert own < chosen(published, WITHOUT, last(WITHOUT), own_path(AP_SCHOOL)) - 0.01


# Ranges
