"""Figures on alternative provision stand in the register of assumptions, as the run took them."""

from dataclasses import replace

import pandas as pd
import pytest
from builders_ap_forecast import counted_with_ap, published_with_ap

from forecast.inputs.reference_ap import read_ap_figures, with_own
from forecast.inputs.schemas_ap_figures import AP_ITEMS
from forecast.report.register_answer import flagged
from forecast.report.register_ap import ap_rows
from forecast.report.register_rows import COLUMNS, NO_DATE, NO_OWNER, register_of
from forecast.report.register_show import register_sections
from forecast.report.tornado_phrases import value_words

OWN = {
    "item": "stay_days",
    "setting": "all",
    "reason": "exclusion",
    "key_stage": "ks4",
    "tier": "transition",
    "value": 301.0,
    "low": 250.0,
    "high": 350.0,
    "unit": "days",
    "supported": True,
    "source": "Our own study",
}


def taken(projection, figures):
    return replace(projection, ap=replace(projection.ap, figures=tuple(figures.to_dict("records"))))


@pytest.fixture(scope="module")
def figures():
    return read_ap_figures()


@pytest.fixture(scope="module")
def register(figures):
    return register_of(taken(published_with_ap(), figures))


def test_every_figure_of_the_file_is_there_with_its_range_its_source_and_whether_it_is_judgement(register, figures):
    rows = register[register["written_in"] == "ap.csv"]
    assert list(register.columns) == list(COLUMNS)
    assert len(rows) == len(figures)
    for name in ("value", "low", "high", "unit", "supported", "source"):
        assert rows[name].tolist() == figures[name].tolist()
    assert set(rows["owner"]) == {NO_OWNER}
    assert set(rows["due"]) == {NO_DATE}
    assert not rows["name"].duplicated().any()
    assert not rows[["says", "used_for"]].eq("").any(axis=None)


def test_each_kind_of_figure_has_a_meaning():
    some = [{**OWN, "item": item, "unit": unit} for item, unit in AP_ITEMS.items()]
    told = ap_rows(replace(published_with_ap().ap, figures=tuple(some)))
    assert len({row["says"] for row in told}) == len(AP_ITEMS)
    assert [row["name"].split(":")[0] for row in told] == list(AP_ITEMS)


def test_an_areas_own_figure_stands_in_place_of_the_one_that_ships(figures):
    found = register_of(taken(counted_with_ap(), with_own(figures, pd.DataFrame([OWN]))))
    (row,) = found[found["name"] == "stay_days: exclusion, ks4, transition"].to_dict("records")
    assert (row["value"], row["supported"], row["source"]) == (301, True, "Our own study")
    assert row["says"].startswith("Mean length of a stay in calendar days. permanent exclusion; Years 10 and 11;")
    assert "own records" in row["used_for"]


def test_judgement_on_alternative_provision_is_flagged(register, figures):
    found = flagged(register)
    named = found[found["written_in"] == "ap.csv"]
    assert len(named) == int((~figures["supported"]).sum()) > 0


def test_a_terminal_shows_it_only_if_asked_and_says_that_there_is_more(register, figures):
    *_, about = register_sections(register, all_files=False)
    assert f"ap.csv: {len(figures)} more; add --all, or --to FOLDER for the whole register." in about.body
    assert value_words(1.2, "multiple") == "1.2 times"


def test_an_area_without_alternative_provision_has_none_of_it(register):
    none = register_of(replace(published_with_ap(), ap=None))
    assert "ap.csv" not in set(none["written_in"])
    assert len(none) == (register["written_in"] != "ap.csv").sum()
