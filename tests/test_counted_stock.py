"""Children at a census of counts: the known stay, the hidden keep within their range, the missing are shared out."""

import numpy as np
import pandas as pd
import pytest
from builders_counted import NEEDS, PROVISIONS, SIX
from builders_model import england

from forecast.domain import NC_YEARS
from forecast.model.counted_stock import NoStock, counted_stock
from forecast.model.counted_tables import Frame
from forecast.model.margins import Labels

TWO = SIX[:2]
FRAME = Frame(TWO, Labels(NEEDS, PROVISIONS))
USUAL = np.broadcast_to(england()["stock"].to_numpy() * 1e-3, (2, *england()["stock"].shape))


def row(children, district="Ashby", need="ASD", nc_year=5, provision="special", least=None, most=None):
    first, last = nc_year if isinstance(nc_year, tuple) else (nc_year, nc_year)
    return {
        "year": 2025, "district": district, "need": need, "nc_from": first, "nc_to": last, "provision": provision,
        "children": children, "least": children if least is None else least,
        "most": children if most is None else most,
    }  # fmt: skip


def hidden(least=1, most=4, **cell):
    return row(np.nan, least=least, most=most, **cell)


def stock(*rows):
    return counted_stock(pd.DataFrame(rows), FRAME, USUAL, 2025)


def at(table, district="Ashby", need="ASD", nc_year=5, provision="special"):
    return table[TWO.index(district), NEEDS.index(need), NC_YEARS.index(nc_year), PROVISIONS.index(provision)]


EVERY_AGE = (NC_YEARS[0], NC_YEARS[-1])


def test_counts_that_are_known_stay_as_they_are():
    found = stock(row(7), row(3, need="SLCN"), row(2, district="Brook", provision="mainstream"))
    assert (at(found), at(found, need="SLCN"), at(found, "Brook", provision="mainstream")) == (7, 3, 2)
    assert found.sum() == 12


def test_hidden_counts_meet_the_total_that_is_known():
    found = stock(row(7), hidden(nc_year=6), hidden(nc_year=7), row(12, need="all", nc_year=EVERY_AGE, provision="all"))
    assert at(found) == 7
    assert found[0].sum() == pytest.approx(12, abs=1e-4)
    for nc_year in (6, 7):
        assert 1 <= at(found, nc_year=nc_year) <= 4


def test_hidden_counts_without_a_total_keep_within_their_range():
    found = stock(row(7), hidden(nc_year=6), hidden(0, 7, nc_year=8))
    assert 1 <= at(found, nc_year=6) <= 4
    assert 0 <= at(found, nc_year=8) <= 7


def test_a_total_that_forces_a_hidden_count_to_its_end_does():
    found = stock(hidden(nc_year=6), hidden(nc_year=7), row(8, need="all", nc_year=EVERY_AGE, provision="all"))
    assert at(found, nc_year=6) == pytest.approx(4, abs=1e-4)
    assert at(found, nc_year=7) == pytest.approx(4, abs=1e-4)


def test_totals_in_two_directions_are_both_met():
    cells = [hidden(0, 9, need=need, provision=place) for need in ("ASD", "SLCN") for place in ("special", "base")]
    needs = [row(n, need=need, nc_year=EVERY_AGE, provision="all") for need, n in (("ASD", 8), ("SLCN", 3))]
    places = [row(n, need="all", nc_year=EVERY_AGE, provision=place) for place, n in (("special", 6), ("base", 5))]
    found = stock(*cells, *needs, *places)
    by_need = found[0].sum(axis=(1, 2))
    by_place = found[0].sum(axis=(0, 1))
    assert by_need[[NEEDS.index("ASD"), NEEDS.index("SLCN")]] == pytest.approx([8, 3], abs=1e-3)
    assert by_place[[PROVISIONS.index("special"), PROVISIONS.index("base")]] == pytest.approx([6, 5], abs=1e-3)


def test_a_placement_not_recorded_is_shared_out_in_the_districts_own_mix():
    found = stock(
        row(6),
        row(2, provision="base"),
        row(4, provision="not_recorded"),
        row(5, district="Brook", provision="mainstream"),
    )
    assert at(found) == pytest.approx(9)
    assert at(found, provision="base") == pytest.approx(3)
    assert found[1].sum() == 5


def test_a_need_not_recorded_is_shared_out_among_those_in_the_same_place():
    found = stock(row(6), row(3, need="SLCN"), row(3, need="not_recorded"), row(9, need="SLCN", provision="base"))
    assert at(found) == pytest.approx(8)
    assert at(found, need="SLCN") == pytest.approx(4)
    assert at(found, need="SLCN", provision="base") == 9


def test_counts_without_needs_have_englands_mix_and_their_own_places():
    rows = [row(100, need="all", provision=place) for place in ("special", "mainstream")]
    found = stock(*rows)
    assert found[0, :, :, PROVISIONS.index("special")].sum() == pytest.approx(100, abs=1e-3)
    assert found[1].sum() == 0
    age = NC_YEARS.index(5)
    expected = england()["stock"].to_numpy()[:, age, PROVISIONS.index("special")]
    np.testing.assert_allclose(
        found[0, :, age, PROVISIONS.index("special")] / 100, expected / expected.sum(), atol=1e-4
    )


def test_counts_of_the_whole_area_are_spread_over_its_districts_as_expected():
    found = stock(row(60, district="all"))
    assert at(found) == pytest.approx(30, abs=1e-4)
    assert found.sum() == pytest.approx(60, abs=1e-4)


def test_the_order_of_rows_makes_no_difference():
    rows = [row(7), hidden(nc_year=6), hidden(nc_year=7), row(13, need="all", nc_year=EVERY_AGE, provision="all")]
    np.testing.assert_allclose(stock(*rows), stock(*rows[::-1]), atol=1e-5)


def test_a_census_of_nobody_is_refused():
    with pytest.raises(NoStock, match="January 2025; add"):
        stock(row(0))
    with pytest.raises(NoStock):
        counted_stock(pd.DataFrame([row(1)]).iloc[:0], FRAME, USUAL, 2025)
