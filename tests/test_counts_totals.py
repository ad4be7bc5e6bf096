"""Totals in a council's table: checked, used to narrow what is hidden, and never counted twice."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.inputs.count_totals import reckon

NAN = float("nan")
AXES = ("district", "need", "nc_from", "nc_to", "provision")


def table(*rows):
    """(district, need, nc_from, nc_to, provision, count or (least, most) or None) of January 2025, from line 2."""
    bounds = [
        (NAN, NAN) if row[-1] is None else row[-1] if isinstance(row[-1], tuple) else (row[-1],) * 2 for row in rows
    ]
    return pd.DataFrame({
        "line": range(2, len(rows) + 2), "year": 2025,
        **{name: [row[at] for row in rows] for at, name in enumerate(AXES)},
        "children": [low if low == high else NAN for low, high in bounds],
        "least": [float(low) for low, _ in bounds], "most": [float(high) for _, high in bounds],
    })  # fmt: skip


def by_need(*counts, total):
    rows = [("all", need, -4, 20, "all", count) for need, count in zip(("ASD", "SEMH", "MLD"), counts, strict=False)]
    return table(*rows, ("all", "all", -4, 20, "all", total))


def bounds(found):
    return found.rows[["least", "most"]].to_numpy().tolist()


def test_a_total_that_agrees_is_left_out_as_it_says_nothing_more():
    found = reckon("counts.csv", by_need(10, 20, total=30))
    assert found.faults == ()
    assert found.totals == 1
    assert found.rows["need"].tolist() == ["ASD", "SEMH"]


@pytest.mark.parametrize(
    ("counts", "total", "said"),
    [
        ((10, 20), 31, "says 31, but its parts are at most 30"),
        ((10, (1, 4)), 10, "says 10, but its parts are at least 11"),
        ((10, (1, 4)), 15, "says 15, but its parts are at most 14"),
        ((10, None), 9, "says 9, but its parts are at least 10"),
    ],
)
def test_a_total_that_its_parts_cannot_meet_is_a_fault_of_its_row(counts, total, said):
    (fault,) = reckon("counts.csv", by_need(*counts, total=total)).faults
    assert (fault.row, fault.what) == (4, said)


def test_the_one_hidden_count_of_a_total_becomes_known():
    found = reckon("counts.csv", by_need(10, (1, 4), total=13))
    assert found.rows["children"].tolist() == [10, 3]
    assert found.narrowed == 1


def test_two_hidden_counts_are_narrowed_and_their_total_stays():
    found = reckon("counts.csv", by_need(10, (1, 4), (1, 4), total=17))
    assert bounds(found) == [[10, 10], [3, 4], [3, 4], [17, 17]]
    assert found.rows["is_total"].tolist() == [False, False, False, True]


def test_a_blank_is_narrowed_to_what_its_total_leaves():
    found = reckon("counts.csv", by_need(10, (1, 4), None, total=20))
    assert bounds(found) == [[10, 10], [1, 4], [6, 9], [20, 20]]


def test_an_unknown_count_without_a_total_stays_unknown():
    found = reckon("counts.csv", by_need(10, None, total=None))
    assert np.isnan(found.rows["most"]).tolist() == [False, True, True]


def test_a_band_of_year_groups_beside_its_own_years_is_a_total():
    rows = [("all", "ASD", year, year, "all", 2) for year in range(7)]
    found = reckon("counts.csv", table(*rows, ("all", "ASD", 0, 6, "all", 14)))
    assert (len(found.rows), found.totals) == (7, 1)
    (fault,) = reckon("counts.csv", table(*rows, ("all", "ASD", 0, 6, "all", 15))).faults
    assert fault.row == 9


def test_a_band_that_stands_alone_is_a_count():
    found = reckon("counts.csv", table(("all", "ASD", 0, 6, "all", 14), ("all", "SEMH", 7, 7, "all", 2)))
    assert found.totals == 0


NORTH_AND_SOUTH = st.lists(st.integers(0, 12), min_size=8, max_size=8)


@settings(deadline=None, max_examples=25)
@given(counts=NORTH_AND_SOUTH, missing=st.sets(st.sampled_from(["district", "need", "provision"])))
def test_the_truth_lies_within_what_totals_leave_and_no_child_is_counted_twice(counts, missing):
    """Every way to add up a table of two by two by two, its small counts hidden, is checked against all truths."""
    cells = list(product(("North", "South"), ("ASD", "SEMH"), ("base", "special")))
    truth = dict(zip(cells, counts, strict=True))
    rows = [(d, n, -4, 20, p, (1, 4) if 0 < c < 5 else c) for (d, n, p), c in truth.items()]
    for kept in product((True, False), repeat=3):
        named = [axis for axis, keep in zip(("district", "need", "provision"), kept, strict=True) if keep]
        if all(kept) or set(named) & missing:
            continue
        for labels in {tuple(at if keep else "all" for at, keep in zip(cell, kept, strict=True)) for cell in cells}:
            total = sum(
                c for cell, c in truth.items() if all(b in {"all", a} for a, b in zip(cell, labels, strict=True))
            )
            rows.append((labels[0], labels[1], -4, 20, labels[2], total))
    found = reckon("counts.csv", table(*rows))
    assert found.faults == ()
    assert found.totals == len(rows) - 8
    parts = found.rows[~found.rows["is_total"]]
    assert len(parts) == 8
    for row in parts.itertuples():
        actual = truth[row.district, row.need, row.provision]
        assert row.least <= actual <= row.most
        was = (1, 4) if 0 < actual < 5 else (actual, actual)
        assert was[0] <= row.least
        assert row.most <= was[1]
    for row in found.rows[found.rows["is_total"]].itertuples():  # what stays agrees with the truth too
        assert row.children == sum(
            c for (d, n, p), c in truth.items()
            if row.district in {"all", d} and row.need in {"all", n} and row.provision in {"all", p}
        )  # fmt: skip
