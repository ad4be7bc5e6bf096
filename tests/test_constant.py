"""Constant rates: thirty lines of plain Python give the same mean, and the laws of a cohort hold in every draw."""

from collections import Counter, defaultdict
from dataclasses import replace

import numpy as np
import pytest
from builders_witan import made
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from forecast.axes import PHASE_OF
from forecast.domain import NC_YEARS, PHASES
from forecast.inputs.witan import witan_area
from forecast.inputs.write import write_area
from forecast.model import chunks
from forecast.model.constant import expected, outcomes, simulate
from forecast.model.constant_counts import Seen
from forecast.model.people import residents
from forecast.pipeline_constant import area_seen

AGES = len(NC_YEARS)
YEAR_6, YEAR_7, LAST, AHEAD = 6 + 4, 7 + 4, len(NC_YEARS) - 1, 8


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    return made(tmp_path_factory.mktemp("witan"))


def counted_by_hand(area):
    """Where children of each (year group, need, setting) went, how many left and joined: dictionaries."""
    goes, left, joined = defaultdict(Counter), Counter(), Counter()
    for row in area.moves.to_dict("records"):
        goes[row["nc_year"], row["need"], row["provision"]][row["need"], row["to"]] += row["children"]
    for row in area.flows.to_dict("records"):
        flow = {"start": joined, "cease": left}[row["flow"]]
        flow[row["nc_from"], row["need"], row["provision"]] += row["children"]
    return goes, left, joined


def by_hand(area, ahead):
    """Expected children of each January: {(year group, need, setting): children}, from the tidy tables alone."""
    goes, left, joined = counted_by_hand(area)
    people = {(row["mid_year"] + 1, row["age"] - 4): row["people"] for row in area.population.to_dict("records")}
    stayed, gone, base = Counter(), Counter(), area.about.latest_census
    for age, *state in {*goes, *left}:
        stayed[age] += goes[age, *state].total()
        gone[age] += left[age, *state]
    now = [row for row in area.placements.to_dict("records") if row["year"] == base]
    path = [{(row["nc_from"], row["need"], row["provision"]): row["children"] for row in now}]
    for year in range(base + 1, base + 1 + ahead):
        later = Counter()
        for (age, *state), children in path[-1].items():
            to, leavers = goes[age, *state], left[age, *state]
            if not to.total() + leavers:
                seen_at_age = stayed[age] + gone[age] > 0
                to = {tuple(state): stayed[age] if seen_at_age else stayed.total()}
                leavers = gone[age] if seen_at_age else gone.total()
            for place, movers in to.items():
                later[age + 1, *place] += children * movers / (sum(to.values()) + leavers)
        for cell, children in joined.items():
            seen_people = sum(people[before, cell[0]] for before in set(area.moves["year"]))
            later[cell] += people[year, cell[0]] * children / seen_people
        path.append({cell: children for cell, children in later.items() if cell[0] <= 20})
    return path


def laid_out(path, about):
    """Children of `by_hand` as an array: (year, state, nc_year)."""
    needs, provisions = list(about.needs), list(about.provisions)
    found = np.zeros((len(path), len(needs) * len(provisions), AGES))
    for year, stock in enumerate(path):
        for (age, need, provision), children in stock.items():
            found[year, needs.index(need) * len(provisions) + provisions.index(provision), age + 4] += children
    return found


def ahead_of(area, years):
    base = area.about.latest_census
    people = residents(area.population, area.about.district_names, range(base + 1, base + 1 + years))
    return people.to_numpy()


def test_thirty_lines_of_plain_python_agree(area):
    hand = laid_out(by_hand(area, 3), area.about)
    mean = expected(area_seen(area), ahead_of(area, 3))
    assert mean.shape == (4, 1, *hand.shape[1:])
    assert np.abs(mean[:, 0] - hand).max() < 1e-9
    assert hand[-1].sum() != pytest.approx(hand[0].sum(), abs=10)


@pytest.mark.needs_shared_data
def test_thirty_lines_of_plain_python_agree_on_the_public_demonstration(tmp_path, shared):
    area = write_area(tmp_path / "demo", *witan_area(shared / "witan_send_demo", "Demonstration", synthetic=True))
    mean = expected(area_seen(area), ahead_of(area, 5))
    assert np.abs(mean[:, 0] - laid_out(by_hand(area, 5), area.about)).max() < 1e-9


def counts(seed, *, states=6, districts=2, stock=3.0):
    """Made-up counts of a few states, every age among them."""
    rng = np.random.default_rng(seed)
    moved = rng.poisson(0.4, (states, AGES, states)).astype(float)
    moved[np.arange(states), :, np.arange(states)] += rng.poisson(5, (states, AGES))
    return Seen(
        stock=rng.poisson(stock, (districts, states, AGES)).astype(float),
        moved=moved,
        ceased=rng.poisson(0.5, (states, AGES)).astype(float),
        joined=rng.poisson(1.0, (states, AGES)).astype(float),
        residents=np.full(AGES, 3000.0),
        years=(2024, 2025),
        guessed=0,
    )


def people(years=AHEAD, districts=2):
    return np.full((years, districts, AGES), 1000.0)


def without(made_up, *names):
    return replace(made_up, **{name: np.zeros_like(getattr(made_up, name)) for name in names})


seeds = st.integers(0, 10_000)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, uncertain=st.booleans())
def test_children_are_conserved_where_nobody_joins_leaves_or_grows_too_old(seed, uncertain):
    made_up = without(counts(seed), "ceased", "joined")
    young = replace(made_up, stock=np.where(np.arange(AGES) < AGES - AHEAD, made_up.stock, 0))
    drawn = simulate(young, people(), 6, seed, uncertain=uncertain).sum(axis=(3, 4))
    assert (drawn == young.stock.sum(axis=(1, 2)).astype(int)).all()
    assert np.allclose(expected(young, people()).sum(axis=(2, 3)), young.stock.sum(axis=(1, 2)), atol=1e-9)


@settings(max_examples=15, deadline=None)
@given(seed=seeds, uncertain=st.booleans())
def test_where_nobody_joins_there_are_only_fewer_children(seed, uncertain):
    closed = without(counts(seed), "joined")
    drawn = simulate(closed, people(), 6, seed, uncertain=uncertain).sum(axis=(2, 3, 4))
    assert (np.diff(drawn, axis=1) <= 0).all()
    assert (np.diff(expected(closed, people()).sum(axis=(1, 2, 3))) <= 1e-9).all()


@settings(max_examples=15, deadline=None)
@given(seed=seeds, state=st.integers(0, 5), age=st.integers(0, LAST), more=st.floats(0.1, 40))
def test_more_joiners_never_give_fewer_children_anywhere_in_any_draw(seed, state, age, more):
    made_up = counts(seed)
    joined = made_up.joined.copy()
    joined[state, age] += more
    fuller = replace(made_up, joined=joined)
    assert (simulate(fuller, people(), 8, seed) >= simulate(made_up, people(), 8, seed)).all()
    assert (expected(fuller, people()) >= expected(made_up, people()) - 1e-12).all()


def test_nobody_is_past_the_last_year_group():
    made_up = without(counts(1), "joined", "ceased")
    oldest = replace(made_up, stock=np.where(np.arange(AGES) == LAST, 50.0, 0 * made_up.stock))
    assert simulate(oldest, people(), 20, 1)[:, 1:].sum() == 0
    assert expected(oldest, people())[1:].sum() == 0


def test_a_year_6_child_is_in_year_7_next_year_and_in_the_secondary_phase():
    made_up = without(counts(2), "joined", "ceased")
    year_6 = replace(made_up, stock=np.where(np.arange(AGES) == YEAR_6, made_up.stock, 0))
    later = expected(year_6, people())[1]
    assert later.sum() == pytest.approx(year_6.stock.sum())
    assert later[..., YEAR_7].sum() == pytest.approx(later.sum())
    assert simulate(year_6, people(), 4, 1)[:, 1, ..., 2].sum() == 4 * year_6.stock.sum()


def in_phases(children):
    """(..., nc_year) summed into phases by the list of year groups."""
    return np.stack([children[..., phase == PHASE_OF].sum(axis=-1) for phase in range(len(PHASES))], axis=-1)


def test_the_mean_of_the_draws_is_what_is_expected_in_every_cell():
    made_up, draws = counts(3, stock=6.0), 3000
    drawn = simulate(made_up, people(4), draws, 5)
    error = drawn.mean(axis=0) - in_phases(expected(made_up, people(4)))
    by_chance = drawn.std(axis=0, ddof=1) / np.sqrt(draws)
    scores = (error / np.where(by_chance > 0, by_chance, 1))[1:]
    assert np.abs(scores).max() < 4.5
    assert scores.std() == pytest.approx(1, abs=0.15)
    assert (error[0] == 0).all()


def test_luck_is_binomial_for_those_on_roll_and_poisson_for_joiners():
    alone = counts(4, states=1, districts=1)
    ages = np.arange(AGES)
    alone = replace(
        alone,
        stock=np.where(ages == YEAR_7, 200.0, 0)[None, None],
        moved=np.full((1, AGES, 1), 3.0),
        ceased=np.ones((1, AGES)),
        joined=np.where(ages == 0, 90.0, 0)[None],
    )
    drawn = simulate(alone, people(2, districts=1), 4000, 3)[:, :, 0, 0]
    on_roll, joiners = drawn[:, 1, 2], drawn[:, 1, 0]
    for values, law in ((on_roll, stats.binom(200, 0.75)), (joiners, stats.poisson(30))):
        assert values.mean() == pytest.approx(law.mean(), abs=4 * law.std() / np.sqrt(4000))
        assert values.var() == pytest.approx(law.var(), rel=0.1)
    assert drawn[:, 2, 2].var() == pytest.approx(stats.binom(200, 0.75**2).var(), rel=0.1)


def test_rates_that_are_uncertain_keep_their_mean_and_spread_as_the_counts_leave_them_open():
    alone = counts(5, states=1, districts=1)
    kept, gone, children = 30.0, 10.0, 400.0
    alone = without(
        replace(
            alone,
            stock=np.where(np.arange(AGES) == YEAR_7, children, 0)[None, None],
            moved=np.full((1, AGES, 1), kept),
            ceased=np.full((1, AGES), gone),
        ),
        "joined",
    )
    drawn = simulate(alone, people(1, districts=1), 4000, 3, uncertain=True)[:, 1].sum(axis=(1, 2, 3))
    law = stats.betabinom(children, kept, gone)
    assert drawn.mean() == pytest.approx(law.mean(), abs=4 * law.std() / np.sqrt(4000))
    assert drawn.var() == pytest.approx(law.var(), rel=0.1)
    assert drawn.var() > 5 * stats.binom(children, kept / (kept + gone)).var()


@pytest.mark.parametrize("uncertain", [False, True])
def test_a_draw_is_the_same_in_whatever_company_it_is_computed(monkeypatch, uncertain):
    made_up = counts(6)
    whole = simulate(made_up, people(3), 40, 9, uncertain=uncertain)
    monkeypatch.setattr(chunks, "CHUNK", 7)
    assert (simulate(made_up, people(3), 12, 9, uncertain=uncertain) == whole[:12]).all()
    assert (simulate(made_up, people(3), 12, 10, uncertain=uncertain) != whole[:12]).any()


def test_a_state_that_no_child_was_seen_in_leaves_as_its_year_group_and_stays_where_it_is():
    made_up = counts(7)
    moved, ceased = made_up.moved.copy(), made_up.ceased.copy()
    moved[2, YEAR_7], ceased[2, YEAR_7] = 0, 0
    unseen = replace(made_up, moved=moved, ceased=ceased)
    found = outcomes(unseen)
    mine = found.row == 2 * AGES + YEAR_7
    share = ceased[:, YEAR_7].sum() / (ceased[:, YEAR_7].sum() + moved[:, YEAR_7].sum())
    assert found.to[mine].tolist() == [2, len(ceased)]
    assert found.shares[mine].tolist() == pytest.approx([1 - share, share])


def test_shares_of_every_state_and_year_group_add_up_to_1():
    found = outcomes(counts(8))
    assert np.bincount(found.row, weights=found.shares).tolist() == pytest.approx([1] * 6 * AGES)
