"""Tables that meet their published margins, and what was not recorded shared out."""

import numpy as np
import pandas as pd
import pytest
from builders_model import england, worcestershire
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from forecast.domain import ALL, NC_YEARS, NOT_RECORDED
from forecast.inputs.rows import of_whole_area
from forecast.model.margins import Labels, NoMargins, age_provision, by_nc_year, joint, published_margins
from forecast.model.raking import MarginsDisagree, rake, share_out

LABELS = Labels(("ASD", "SEMH"), ("mainstream", "special"), post16=(), early=())
THREE = [(1, 2), (0, 1), (0, 2)]


def margins(table, kept=THREE):
    return [(axes, table.sum(axis=tuple(set(range(table.ndim)) - set(axes)))) for axes in kept]


tables = arrays(float, (3, 4, 5), elements=st.floats(0.5, 500))


@settings(deadline=None, max_examples=20)
@given(table=tables)
def test_a_raked_table_has_the_margins_asked_for(table):
    found = rake(np.ones(table.shape), margins(table), tolerance=1e-6, passes=20_000)
    for (_, asked), (_, has) in zip(margins(table), margins(found), strict=True):
        np.testing.assert_allclose(has, asked, atol=1e-6)
    assert found.min() >= 0


@settings(deadline=None, max_examples=30)
@given(table=arrays(float, (4, 5), elements=st.floats(0.5, 500)))
def test_from_one_way_totals_alone_rows_and_columns_are_independent(table):
    found = rake(np.ones(table.shape), margins(table, [(0,), (1,)]), tolerance=1e-9)
    np.testing.assert_allclose(found, np.outer(table.sum(1), table.sum(0)) / table.sum(), rtol=1e-9)


def test_a_two_by_two_table_keeps_the_odds_ratio_of_its_seed():
    seed = np.array([[6.0, 1.0], [2.0, 3.0]])
    found = rake(seed, [((0,), np.array([70.0, 30.0])), ((1,), np.array([40.0, 60.0]))], tolerance=1e-9)
    odds = found[0, 0] * found[1, 1] / (found[0, 1] * found[1, 0])
    assert odds == pytest.approx(6 * 3 / (1 * 2))
    # x (30 - 40 + x) / ((70 - x) (40 - x)) = 9 gives x = 38.09... by the quadratic 8 x^2 - 980 x + 25,200 = 0.
    assert found[0, 0] == pytest.approx((980 - np.sqrt(980**2 - 32 * 25_200)) / 16)


def test_of_all_tables_with_the_margins_the_raked_one_is_nearest_to_the_seed():
    rng = np.random.default_rng(2)
    seed, truth = rng.uniform(1, 5, (2, 3, 4))
    found = rake(seed, margins(truth, [(0,), (1,)]), tolerance=1e-10)

    def entropy(table):
        return (table * np.log(table / seed)).sum()

    for _ in range(50):
        i, k = rng.choice(3, 2, replace=False)
        j, m = rng.choice(4, 2, replace=False)
        other = found.copy()
        for cell, sign in (((i, j), 1), ((k, m), 1), ((i, m), -1), ((k, j), -1)):
            other[cell] += sign * 0.01
        assert entropy(other) > entropy(found)


def test_where_the_seed_or_a_margin_is_nothing_nobody_is_put():
    seed = np.ones((2, 2))
    seed[0, 1] = 0
    found = rake(seed, [((0,), np.array([5.0, 15.0])), ((1,), np.array([12.0, 8.0]))], tolerance=1e-6)
    assert found[0].tolist() == pytest.approx([5, 0])
    found = rake(np.ones((2, 2)), [((0,), np.array([0.0, 20.0])), ((1,), np.array([12.0, 8.0]))])
    assert found.tolist() == [[0, 0], pytest.approx([12, 8])]


@pytest.mark.parametrize(
    ("seed", "rows"),
    [(np.ones((2, 2)), [10.0, 15.0]), (np.eye(2), [5.0, 15.0])],
    ids=["another total", "no cell to put them in"],
)
def test_margins_that_contradict_one_another_are_a_fault_with_the_gap_and_a_remedy(seed, rows):
    with pytest.raises(MarginsDisagree, match=r"differ by \d+\.\d\d children; check that"):
        rake(seed, [((0,), np.array(rows)), ((1,), np.array([12.0, 8.0]))], passes=50)


@settings(deadline=None)
@given(table=arrays(float, (3, 4), elements=st.floats(0, 100)), axis=st.sampled_from([0, 1]))
def test_sharing_out_what_was_not_recorded_keeps_every_total(table, axis):
    found = share_out(table, axis)
    assert found.shape[axis] == table.shape[axis] - 1
    np.testing.assert_allclose(found.sum(axis=axis), table.sum(axis=axis), rtol=1e-9, atol=1e-300)
    assert found.min() >= 0


def test_what_was_not_recorded_goes_by_the_rows_own_mix_and_else_by_everybodys():
    found = share_out(np.array([[6.0, 2.0, 4.0], [0.0, 0.0, 8.0], [0.0, 8.0, 0.0]]), axis=1)
    assert found.tolist() == [[9, 3], [3, 5], [0, 8]]


def test_where_nothing_at_all_is_recorded_it_is_shared_evenly():
    assert share_out(np.array([[0.0, 0.0, 8.0]]), axis=1).tolist() == [[4, 4]]


def tidy(truth, year=2025, drop=(), labels=LABELS):
    """Published margins of a (need, nc_year, provision) table, *not recorded* being its last need and provision."""
    needs, places = [*labels.needs, NOT_RECORDED], [*labels.provisions, NOT_RECORDED]
    full = pd.DataFrame(
        [
            (year, need, age, age, place, truth[n, a, p])
            for n, need in enumerate(needs) for a, age in enumerate(NC_YEARS) for p, place in enumerate(places)
        ],
        columns=["year", "need", "nc_from", "nc_to", "provision", "children"],
    )  # fmt: skip
    whole = {"need": {"need": ALL}, "age": {"nc_from": NC_YEARS[0], "nc_to": NC_YEARS[-1]}, "place": {"provision": ALL}}
    kept = {"all": (), "place": ("place",), "age": ("age",), "age place": ("age", "place"), "need age": ("need", "age"),
            "need place": ("need", "place")}  # fmt: skip
    parts = []
    for name, axes in kept.items():
        if name not in drop:
            blank = {column: value for axis in whole if axis not in axes for column, value in whole[axis].items()}
            rows = full.assign(**blank)
            keys = [column for column in rows.columns if column != "children"]
            parts.append(rows.groupby(keys, as_index=False)["children"].sum())
    return pd.concat(parts, ignore_index=True)


def census(seed=3):
    """Children by need, year group and place, both of the last with some not recorded."""
    return np.random.default_rng(seed).integers(0, 30, (3, len(NC_YEARS), 3)).astype(float)


def test_the_joint_table_has_the_published_margins_once_what_was_not_recorded_is_shared_out():
    truth = census()
    found = joint(tidy(truth), 2025, LABELS)
    assert found.shape == (2, 25, 2)
    assert found.sum() == pytest.approx(truth.sum(), abs=1e-6)
    np.testing.assert_allclose(found.sum(axis=(0, 2)), truth.sum(axis=(0, 2)), atol=0.05)


def test_with_everything_recorded_the_joint_table_meets_every_margin():
    truth = census()
    truth[-1], truth[:, :, -1] = 0, 0
    found = joint(tidy(truth), 2025, LABELS)
    for axis in range(3):
        np.testing.assert_allclose(found.sum(axis=axis), truth[:-1, :, :-1].sum(axis=axis), atol=0.01)


@pytest.mark.parametrize("lacking", ["need place", "age place", "need age"])
def test_a_margin_that_is_lacking_takes_the_pattern_of_england(lacking):
    truth = census()
    truth[-1], truth[:, :, -1] = 0, 0
    pattern = truth[:-1, :, :-1]
    found = joint(tidy(truth, drop=(lacking,)), 2025, LABELS, england=pattern)
    np.testing.assert_allclose(found, pattern, atol=0.05)


def test_without_a_margin_and_without_england_there_is_no_stock():
    with pytest.raises(NoMargins, match="give a census that has"):
        joint(tidy(census(), drop=("need age",)), 2025, LABELS)


def test_a_census_that_is_not_there_is_a_fault():
    with pytest.raises(NoMargins, match="2024"):
        joint(tidy(census()), 2024, LABELS, england=np.ones((2, 25, 2)))


def test_a_census_without_its_total_has_the_children_of_its_margins_or_is_a_fault():
    truth = census()
    assert joint(tidy(truth, drop=("all",)), 2025, LABELS).sum() == pytest.approx(truth.sum())


def test_figures_by_district_beside_those_of_the_area_do_not_count_children_twice():
    area = worcestershire()
    rows = area.placements
    districts = rows.assign(district="Redcar")
    labels = Labels(tuple(area.about.needs), tuple(area.about.provisions))
    pattern = england()["stock"].to_numpy()
    once = joint(rows, 2025, labels, pattern).sum()
    assert joint(of_whole_area(pd.concat([rows, districts])), 2025, labels, pattern).sum() == pytest.approx(once)


def test_a_child_too_young_for_college_is_counted_where_such_children_are():
    labels = Labels(("ASD",), ("mainstream", "college"), post16=("college",), early=())
    truth = np.zeros((2, len(NC_YEARS), 3))
    truth[0, 4:, 0], truth[0, 8, 1], truth[0, 20, 1] = 10, 3, 5
    found = joint(tidy(truth, labels=labels), 2025, labels)
    assert found[0, 8].tolist() == pytest.approx([13, 0], abs=0.01)
    assert found[0, 20].tolist() == pytest.approx([10, 5], abs=0.01)


def test_each_margin_is_brought_to_the_count_of_all_plans():
    rows = tidy(census())
    rows.loc[rows["need"].ne(ALL) & rows["provision"].eq(ALL), "children"] *= 0.98
    found = published_margins(rows, [*LABELS.needs, NOT_RECORDED], [*LABELS.provisions, NOT_RECORDED])
    assert [axes for axes, _ in found] == THREE
    assert [table.sum() for _, table in found] == pytest.approx([census().sum()] * 3)


def ages(*rows):
    table = pd.DataFrame(rows, columns=["nc_from", "nc_to", "children"])
    return by_nc_year(table.assign(provision=ALL), "provision", [ALL])[:, 0]


def test_a_single_year_group_is_itself_and_nothing_is_known_of_the_others():
    found = ages((7, 7, 12.0), (8, 8, 5.0))
    assert found[11:13].tolist() == [12, 5]
    assert found.sum() == 17


def test_under_threes_are_taken_for_two_year_olds_and_n_and_over_for_n():
    assert ages((-4, -2, 9.0))[2] == 9
    assert ages((13, 20, 9.0))[17] == 9
    assert ages((20, 20, 9.0))[24] == 9


def test_the_total_of_all_ages_is_not_a_year_group():
    assert ages((-4, 20, 99.0)).sum() == 0


def test_a_wide_range_of_ages_is_not_all_of_one_age():
    assert (ages((1, 6, 60.0)) > 0).sum() > 1


def test_plans_by_age_and_place_are_none_where_the_census_has_no_such_table():
    truth = census()
    assert age_provision(tidy(truth, drop=("age place",)), 2025, LABELS) is None
    found = age_provision(tidy(truth), 2025, LABELS)
    np.testing.assert_allclose(found.sum(axis=1), truth.sum(axis=(0, 2)))
