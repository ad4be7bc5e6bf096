"""One year of moves between two censuses: closes, moves as few as it can, and splits by need."""

import numpy as np
import pytest
from builders_model import england, fitted_worcestershire, worcestershire
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.domain import ALL, NC_YEARS
from forecast.model.accounts import Accounts, Patterns, accounts, mix
from forecast.model.flows import SETTLED, balance, infer, prior
from forecast.model.local import WEIGHT, pooled_rows, relative_level
from forecast.model.margins import UNTRUSTED, Labels
from forecast.model.needs import age_rows, by_need, effective_starts, rates
from forecast.model.people import residents

AGES, PLACES = len(NC_YEARS), 3
quick = settings(deadline=None, max_examples=15)


def year(seed=1, places=PLACES):
    """A year whose two censuses were made from moves that are known: its accounts."""
    rng = np.random.default_rng(seed)
    before = rng.uniform(5, 300, (AGES, places))
    ceased = before * rng.uniform(0, 0.2, (AGES, places))
    ceased[-1] = before[-1]
    starts = rng.uniform(0, 30, (AGES, places))
    arrive = rng.uniform(0, 2, (AGES, places))
    rows = 0.9 * np.eye(places) + 0.1 * rng.dirichlet(np.ones(places), (AGES, places))
    moved = np.einsum("ap,apq->aq", before - ceased, rows)
    placed = np.einsum("ap,apq->aq", starts, rows)
    after = np.vstack([np.zeros((1, places)), moved[:-1]]) + placed + arrive
    return Accounts(before, after, ceased, starts, arrive, starts.sum(axis=1)[None] * np.array([[0.6], [0.4]]))


def flows_of(books):
    start_rows = np.broadcast_to(
        0.9 * np.eye(books.before.shape[1]) + 0.1 / books.before.shape[1], prior(books.before).shape
    )
    return infer(books.before, books.after, books.ceased, books.starts, books.arrive, (prior(books.before), start_rows))


@quick
@given(seed=st.integers(0, 10_000))
def test_the_flows_take_every_child_from_one_census_to_the_next(seed):
    books = year(seed)
    flows = flows_of(books)
    np.testing.assert_allclose(flows.kept.sum(axis=2)[:-1], (books.before - books.ceased)[:-1], rtol=1e-6)
    np.testing.assert_allclose(flows.starts.sum(axis=2), books.starts, rtol=1e-6)
    came = np.vstack([np.zeros((1, PLACES)), flows.kept.sum(axis=1)[:-1]]) + flows.starts.sum(axis=1) + books.arrive
    np.testing.assert_allclose(came, books.after, atol=0.01)
    assert flows.gap <= 0.01
    np.testing.assert_allclose(flows.unexplained, 0, atol=1e-6)


def test_flows_are_nowhere_negative():
    flows = flows_of(year())
    assert min(flows.kept.min(), flows.starts.min()) >= 0


def test_where_nothing_changed_hardly_anybody_moved():
    before = np.full((AGES, 2), 100.0)
    none = np.zeros((AGES, 2))
    ceased = none.copy()
    ceased[-1] = 100
    after = before.copy()
    after[0] = 0
    flows = infer(before, after, ceased, none, none, (prior(before), prior(before)))
    settled = NC_YEARS.index(3)
    moved = flows.kept[settled, 0, 1] + flows.kept[settled, 1, 0]
    assert moved == pytest.approx(200 * SETTLED / 2, rel=0.02)


def test_the_least_movement_between_two_places_is_the_one_that_keeps_the_priors_odds():
    """Rows 100 and 50, columns 90 and 60: x (60 - 100 + x) / ((100 - x) (90 - x)) = 97 x 97 / (3 x 3)."""
    seed = np.array([[[0.97, 0.03], [0.03, 0.97]]])
    table, gap = balance(seed, np.array([[100.0, 50.0]]), np.array([[90.0, 60.0]]), tolerance=1e-10)
    odds = (0.97 / 0.03) ** 2
    a, b, c = odds - 1, -(odds * 190 - 40), odds * 9000
    assert table[0, 0, 0] == pytest.approx((-b - np.sqrt(b * b - 4 * a * c)) / (2 * a), rel=1e-7)
    assert gap <= 1e-10
    assert 10 <= table[0, 0, 1] < 10.5  # ten must move; hardly anybody crosses them


def test_a_table_that_cannot_close_says_by_how_many_children():
    _, gap = balance(np.ones((1, 2, 2)), np.array([[10.0, 10.0]]), np.array([[15.0, 8.0]]), passes=50)
    assert gap == pytest.approx(2, abs=1)


@pytest.mark.parametrize("change", [-30.0, 30.0])
def test_children_who_are_not_explained_are_counted_and_the_flows_close_all_the_same(change):
    books = year()
    books.after[12] += change / PLACES
    flows = flows_of(books)
    assert flows.unexplained[12] == pytest.approx(change)
    assert flows.gap <= 0.01
    supply = (books.before - books.ceased)[11].sum() + books.starts[12].sum()
    total = flows.kept[11].sum() + flows.starts[12].sum()
    assert total == pytest.approx(supply + min(change, 0))


def by_need_of(books, needs=2):
    joint = np.random.default_rng(9).uniform(0.2, 1, (needs, *books.after.shape)) * books.after
    joint *= books.after / np.maximum(joint.sum(axis=0), 1e-9)
    starts = effective_starts(books, joint)
    rows, start_rows = age_rows(flows_of(books))
    return (
        joint,
        starts,
        by_need(books, joint, starts, np.broadcast_to(rows, (needs, *rows.shape)) + 1e-9, start_rows + 1e-9),
    )


def test_starts_by_need_add_up_to_the_starts_of_each_age():
    books = year()
    _, starts, _ = by_need_of(books)
    np.testing.assert_allclose(starts.sum(axis=0), books.starts.sum(axis=1))
    assert starts.min() >= 0


def test_flows_by_need_end_in_each_needs_own_mix_of_places():
    books = year()
    joint, starts, split = by_need_of(books)
    came = np.concatenate([np.zeros((2, 1, PLACES)), split.kept.sum(axis=2)[:, :-1]], axis=1) + split.starts
    np.testing.assert_allclose(mix(came)[:, 1:], mix(joint)[:, 1:], atol=1e-3)
    np.testing.assert_allclose(split.starts.sum(axis=2), starts, rtol=1e-3, atol=1e-3)


def test_rows_of_children_are_shares_and_a_row_of_nobody_takes_the_other():
    found = rates(np.array([[3.0, 1.0], [0.0, 0.0]]), np.array([[0.5, 0.5], [0.2, 0.8]]))
    assert found.tolist() == [[0.75, 0.25], [0.2, 0.8]]


def test_an_areas_own_row_is_believed_by_half_at_twenty_five_children():
    own, nation = np.array([[1.0, 0.0]] * 3), np.array([[0.0, 1.0]] * 3)
    found = pooled_rows(own, nation, np.array([0.0, WEIGHT, 1e9]))
    assert found[:, 0].tolist() == pytest.approx([0, 0.5, 1])


def books_of_worcestershire():
    area = worcestershire()
    people = residents(area.population, area.about.district_names, [2025]).sum(["year", "district"]).to_numpy()
    nation = england()
    lent = Patterns(*(nation[name].to_numpy() for name in ("start_places", "leave", "arrive_rate")))
    labels = Labels(tuple(area.about.needs), tuple(area.about.provisions))
    return accounts(area.placements, area.flows, 2025, labels, people, lent)


def published(flow, **where):
    """Children of a flow of the bundled area in the year to January 2025."""
    rows = worcestershire().flows
    rows = rows[rows["flow"].eq(flow) & rows["year"].eq(2025)]
    for column, value in where.items():
        rows = rows[rows[column].eq(value)]
    return rows


def test_the_accounts_of_the_bundled_area_hold_its_published_figures():
    books = books_of_worcestershire()
    rows = worcestershire().placements
    whole = rows["need"].eq(ALL) & rows["provision"].eq(ALL) & rows["nc_from"].eq(-4) & rows["nc_to"].eq(20)
    total = rows[whole].set_index("year")["children"]
    assert books.before.sum() == pytest.approx(total[2024])
    assert books.after.sum() == pytest.approx(total[2025])
    began = published("start", need=ALL, provision=ALL, nc_from=-4, nc_to=20)["children"].sum()
    assert books.starts.sum() == pytest.approx(began)
    assert (books.ceased <= books.before).all()
    young = [NC_YEARS.index(nc_year) for nc_year in range(13)]
    by_age = published("cease", need=ALL, provision=ALL)
    by_age = by_age[by_age["nc_from"].eq(by_age["nc_to"]) & by_age["nc_from"].between(0, 12)]
    assert books.ceased[young].sum() == pytest.approx(by_age["children"].sum())


def test_every_row_of_england_sums_to_one():
    nation = england()
    for name, axis in (("move", "to"), ("age_move", "to"), ("start_rows", "to"), ("start_places", "provision")):
        np.testing.assert_allclose(nation[name].sum(axis), 1, atol=1e-6, err_msg=name)
        assert nation[name].min() >= 0
    assert 0 <= nation["leave"].min() <= nation["leave"].max() <= 1


def test_every_row_of_englands_starts_sums_to_one():
    np.testing.assert_allclose(england()["start_mix"].sum("provision"), 1, atol=1e-6)


def test_where_england_says_nothing_of_placements_nobody_starts():
    nation = england()
    nowhere = nation["start_mix"].sum("provision") < 0.5
    assert nation["start_rate"].where(nowhere, 0).max() == 0


def test_every_row_of_the_bundled_area_sums_to_one():
    fitted = fitted_worcestershire()
    np.testing.assert_allclose(fitted["move"].sum("to"), 1, atol=1e-6)
    np.testing.assert_allclose(fitted["start_mix"].sum("provision"), 1, atol=1e-6)
    assert min(fitted[name].min().item() for name in ("move", "start_mix", "start_rate", "leave", "stock")) >= 0
    assert fitted["leave"].max() <= 1
    assert (fitted["leave"].sel(nc_year=20) == 1).all()


def test_the_bundled_areas_flows_are_its_own_and_close():
    fitted = fitted_worcestershire()
    assert fitted.attrs["flows"] == "inferred"
    assert fitted.attrs["gap"] <= 0.01


def test_the_bundled_areas_stock_is_shared_among_districts_by_residents():
    area, stock = worcestershire(), fitted_worcestershire()["stock"]
    people = residents(area.population, area.about.district_names, [2025]).sel(year=2025, drop=True)
    share = people / people.sum("district")
    found = stock.sum(["need", "provision"])
    np.testing.assert_allclose(found, share * found.sum("district"), atol=1e-9)


def untrusted():
    labels = list(worcestershire().about.provisions)
    return [labels.index(name) for name in UNTRUSTED]


def test_those_in_bases_and_alternative_provision_move_as_englands_do():
    own, nation = (source["move"].to_numpy()[..., untrusted(), :] for source in (fitted_worcestershire(), england()))
    np.testing.assert_allclose(own, nation, rtol=1e-12)


def test_children_enter_bases_and_alternative_provision_at_englands_rate_times_the_areas_level():
    fitted, nation = fitted_worcestershire(), england()
    level = relative_level(fitted["stock"].sum("district").to_numpy(), nation["stock"].to_numpy())
    others = [at for at in range(len(level[0])) if at not in untrusted()]
    for column in untrusted():
        own = fitted["move"].to_numpy()[:, :-1, others, column]
        rate = nation["move"].to_numpy()[:, :-1, others, column] * level[1:, column][None, :, None]
        np.testing.assert_allclose(own, np.minimum(rate, 0.45), rtol=1e-9)
        started = nation["start_mix"].to_numpy()[..., column] * level[:, column]
        np.testing.assert_allclose(fitted["start_mix"].to_numpy()[..., column], np.minimum(started, 0.45), rtol=1e-9)


def test_an_area_like_england_has_a_level_of_one_everywhere():
    stock = england()["stock"].to_numpy()
    np.testing.assert_allclose(relative_level(stock, stock), 1)
    np.testing.assert_allclose(relative_level(stock * 0.01, stock), 1)


def test_children_who_change_school_move_and_those_between_do_not():
    """Year 6 to 7 is the great step; mainstream children stay in mainstream at settled ages."""
    stays = england()["age_move"].sel(provision="mainstream", to="mainstream").to_series()
    assert stays[6] < 0.8
    assert stays[[1, 2, 3, 4, 7, 8, 9]].min() > 0.9
