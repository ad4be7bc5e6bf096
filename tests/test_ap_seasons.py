"""The fullest month, from rolls counted month by month."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.ap.given import STAGES
from forecast.ap.seasons import fullest, of_rolls

MONTHS = [9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8]
SHAPE = dict(zip(MONTHS, [0.7, 0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15, 1.3, 1.2, 1.05, 0.8], strict=True))
ASSUMED = xr.DataArray(np.full((2, 5), 1.2), {"draw": [0, 1], "key_stage": STAGES}, ("draw", "key_stage"))


def rolls(size, years=(2023, 2024, 2025), months=MONTHS, seed=1):
    """Rows of ap_rolls.csv: of two key stages, `size` and a tenth of it."""
    rng, rows = np.random.default_rng(seed), []
    for year in years:
        for month in months:
            for stage, children in (("ks3", size), ("ks1", size / 10)):
                count = rng.poisson(children * SHAPE[month])
                rows.append((year, month, "all", "ap_school", "without", "all", stage, count, np.nan, "simulated"))
    names = ["year", "month", "district", "setting", "plan", "reason", "key_stage", "children", "sessions", "source"]
    return pd.DataFrame(rows, columns=names)


def test_the_fullest_month_is_found_beside_the_average_one():
    found = fullest(rolls(400), ASSUMED)
    assert found.sel(key_stage="ks3").values == pytest.approx(1.3, rel=0.05)


def test_a_key_stage_of_few_children_takes_the_whole_rolls_season_not_its_luck():
    found = fullest(rolls(100), ASSUMED)
    assert found.sel(key_stage="ks1").equals(found.sel(key_stage="ks4").assign_coords(key_stage="ks1"))


def test_rolls_of_january_alone_leave_the_assumed_season():
    assert fullest(rolls(400, months=[1]), ASSUMED).equals(ASSUMED)


def test_a_year_of_the_pandemic_makes_no_season_where_there_are_others():
    odd = rolls(400, years=(2021,))
    odd.loc[odd["month"] == 2, "children"] *= 3
    both = pd.concat([odd, rolls(400)], ignore_index=True)
    assert fullest(both, ASSUMED).equals(fullest(rolls(400), ASSUMED))


def test_a_count_told_in_several_ways_is_no_season():
    flat = rolls(400)
    flat.loc[flat["key_stage"] == "ks3", "children"] = 400
    flat.loc[flat["key_stage"] == "ks1", "children"] = 40
    januaries = flat[flat["month"] == 1]
    again = pd.concat([flat, januaries.assign(reason="medical"), januaries.assign(district="North")], ignore_index=True)
    assert fullest(flat, ASSUMED).sel(key_stage="ks3").values == pytest.approx(1)
    assert fullest(again, ASSUMED).equals(fullest(flat, ASSUMED))


def test_a_month_with_a_suppressed_count_makes_no_low():
    whole, hidden = rolls(400), rolls(400)
    hidden.loc[hidden["month"] == 9, "children"] = np.nan
    with_september, without = (float(fullest(each, ASSUMED).sel(key_stage="ks3", draw=0)) for each in (whole, hidden))
    assert without < with_september
    assert without == pytest.approx(1.3 / np.mean([share for month, share in SHAPE.items() if month != 9]), abs=0.05)


def test_hours_attended_are_those_of_children_without_a_plan_each_counted_once():
    rows = rolls(400, months=[1]).assign(district="North", key_stage="all", sessions=0.0)
    rows = rows.drop_duplicates(["year", "month"]).assign(children=100, sessions=500)
    more = pd.concat([rows, rows.assign(plan="with", sessions=1_000), rows.assign(key_stage="ks3", sessions=100)])
    assumed = xr.DataArray([1.0, 0.7, 0.35], {"setting": ["ap_school", "la_funded", "school_arranged"]}, "setting")
    assert of_rolls(more, assumed, 10).values.tolist() == [0.5, 0.7, 0.35]
