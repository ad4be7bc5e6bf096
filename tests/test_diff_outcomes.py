"""What came against what was forecast, where the census of the newer run is one of the older run's own futures."""

import numpy as np
import pandas as pd
import pytest
from builders_projection import small_projection
from test_diff_tables import MADE, a_year_later, foretold, found, written

from forecast.domain import SPECIALIST
from forecast.report.differences import ABOVE, BELOW, LOWER, UPPER
from forecast.report.tables import TOTALS


@pytest.fixture(scope="module")
def projection():
    return small_projection(**MADE)


@pytest.fixture(scope="module")
def old(projection, tmp_path_factory):
    return written(projection, tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def later(projection, tmp_path_factory):
    return written(a_year_later(projection, draw=3), tmp_path_factory.mktemp("later"))


def test_what_came_is_set_beside_what_the_older_run_foretold(projection, old, later):
    table = found(old, later).outcomes.set_index(["provision", "phase"])
    assert set(table["year"]) == {2026}
    for provision, kinds in (("special", ["special"]), (TOTALS["provision"], SPECIALIST), ("post16", ["post16"])):
        for phase in [None, "primary", "secondary"] if provision != "post16" else [None]:
            draws = foretold(projection, 2026, kinds, phase)
            row = table.loc[(provision, phase or TOTALS["phase"])]
            assert row["census"] == draws[3].item()
            for name, share in (("p10", 0.1), ("p50", 0.5), ("p90", 0.9)):
                assert row[name] == np.round(np.quantile(draws, share))
            assert row["difference"] == row["census"] - np.round(draws.mean().item())
            assert row["inside"] == (row["p10"] <= row["census"] <= row["p90"])


def test_where_an_outcome_lies_follows_from_the_quantiles(old, later):
    table = found(old, later).outcomes
    expected = np.select(
        [table["census"] < table["p10"], table["census"] > table["p90"], table["census"] < table["p50"]],
        [BELOW, ABOVE, LOWER],
        UPPER,
    )
    assert table["where"].tolist() == expected.tolist()
    assert set(table["where"]) == {BELOW, LOWER, UPPER, ABOVE}
    wide = table[table["p90"] > table["p10"]]
    assert (((wide["position"] >= 0) & (wide["position"] <= 1)) == wide["inside"]).all()


def test_about_eight_outcomes_in_ten_come_inside_when_the_forecast_is_right(projection, old, tmp_path):
    """The census of each next run is one of the older run's own futures: its range must hold about 80% of them."""
    inside = [
        found(old, written(a_year_later(projection, draw), tmp_path)).outcomes.query("phase == 'all phases'")["inside"]
        for draw in range(0, 40, 10)
    ]
    assert 0.6 <= pd.concat(inside).mean() <= 1


def test_a_census_earlier_than_the_older_runs_judges_nothing(old, later):
    assert found(later, old).outcomes.empty
    assert not found(later, old).results.empty
