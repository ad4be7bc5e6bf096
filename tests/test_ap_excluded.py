"""Permanent exclusions of an area, each once, whatever rows they are written in."""

import numpy as np
import pandas as pd
import pytest

from forecast.ap.excluded import MOST, Excluded, a_year, excluded_of, with_excluded, yearly_exclusions
from forecast.ap.notes import of_excluded
from forecast.domain import Reason
from forecast.inputs.reference_ap import figure, read_ap_figures


def rows(*each):
    """Rows of exclusions.csv: year, months, district, key stage, permanent."""
    names = ["year", "months", "district", "key_stage", "permanent"]
    return pd.DataFrame(each, columns=names).assign(suspensions=np.nan, source="made up")


TOTAL = (2024, 12, "all", "all", 100.0)
DISTRICTS = ((2024, 12, "North", "all", 60.0), (2024, 12, "South", "all", 40.0))
STAGES = ((2024, 12, "all", "ks3", 70.0), (2024, 12, "all", "ks4", 30.0))
CELLS = ((2024, 12, "North", "ks3", 60.0), (2024, 12, "South", "ks4", 40.0))


@pytest.mark.parametrize(
    "told", [(TOTAL,), DISTRICTS, STAGES, CELLS, (TOTAL, *DISTRICTS), (*DISTRICTS, *STAGES, *CELLS)]
)
def test_each_exclusion_counts_once(told):
    assert yearly_exclusions(rows(*told)).to_dict() == {2024: 100}


def test_half_a_year_is_brought_to_a_whole_one_and_the_pandemic_left_out():
    found = a_year(rows((2019, 12, "all", "all", 90.0), (2021, 12, "all", "all", 20.0), (2022, 6, "all", "all", 55.0)))
    assert found == (pytest.approx(100), 2022)
    assert a_year(rows((2021, 12, "all", "all", 20.0))) == (20, 2021)


def test_no_figure_is_no_exclusions():
    assert a_year(rows((2024, 12, "all", "all", np.nan))) is None
    assert a_year(rows()) is None


def test_those_excluded_make_the_share_of_the_roll_that_littles_law_gives_them():
    figures = read_ap_figures()
    found = excluded_of(rows(TOTAL), roll=300, stay=200, figures=figures)
    without_plan = 1 - figure(figures, "plan_share", setting="ap_school").value
    coming = 100 * figure(figures, "excluded_to_ap").value * without_plan
    assert found == Excluded(100, 2024, pytest.approx(coming * 200 / 365 / 300))
    shares = with_excluded(np.full(5, 0.2), found.share)
    assert shares[list(Reason).index(Reason.EXCLUSION)] == pytest.approx(found.share)
    assert shares.sum() == pytest.approx(1)


def test_more_exclusions_than_the_roll_could_hold_are_cut_off_and_told():
    found = excluded_of(rows((2024, 12, "all", "all", 9_000.0)), 300, 200, read_ap_figures())
    assert found.share == MOST
    said = of_excluded(found)
    assert "9,000 a year up to 2023/24" in said[0]
    assert "more than 90% of the roll" in said[1]
    assert len(of_excluded(excluded_of(rows(TOTAL), 300, 200, read_ap_figures()))) == 1


def test_without_a_roll_exclusions_say_nothing_of_it():
    assert excluded_of(rows(TOTAL), 0, 200, read_ap_figures()) is None
