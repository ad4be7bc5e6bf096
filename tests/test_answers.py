"""Answers on where, which and when to build: numbers that add up, ranges that have a direction, nothing false."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_compare import price_list
from builders_projection import made_up_about
from builders_site import asked_of, assumed, candidate, made_up_siting, real

from forecast import Settings
from forecast.decide.late import Late, Run
from forecast.decide.postponed import Postponed
from forecast.decide.queued import Queued
from forecast.decide.site import AS_IT_IS
from forecast.decide.site_run import funded
from forecast.places.register import Register
from forecast.report.answers import answer_of_late, answer_of_portfolio, answer_of_site, as_json, write
from forecast.report.late_words import late_notes, late_sentences
from forecast.report.phrases import MARKING
from forecast.report.portfolio_words import portfolio_sentences
from forecast.report.site_words import site_sentences
from forecast.report.size_folder import FolderThere
from forecast.scenario.worlds import World

YEARS, DRAWS = [2025, 2026, 2027], 11
KINDS = ["special", "mainstream", "independent"]


def queued(without, waiting, moved):
    """A run: children without a special school place, of them waiting, and where they are instead."""
    axes = {"draw": range(DRAWS), "year": YEARS}
    cells = {**axes, "district": ["North"], "need": ["ASD"], "band": [0], "provision": KINDS}
    placed = xr.DataArray(np.full((DRAWS, 3, 1, 1, 1, 3), 200), coords=cells, dims=list(cells))
    for kind, children in moved.items():
        placed.loc[{"provision": kind, "year": 2027}] += children
    kinds = {**axes, "provision": KINDS}
    wait = xr.DataArray(np.zeros((DRAWS, 3, 3), dtype=int), coords=kinds, dims=list(kinds))
    wait.loc[{"provision": "special", "year": 2027}] = waiting
    to = {**kinds, "to": KINDS}
    gone = xr.DataArray(np.zeros((DRAWS, 3, 3, 3), dtype=int), coords=to, dims=list(to))
    gone.loc[{"provision": "special", "year": 2027, "to": "mainstream"}] = np.asarray(without) - waiting
    return Queued(placed, wait, gone)


def made_up_late(without, *, now=2026, opens="2026-09", late_opens="2027-09", unpriced=()):
    """A school that opens late: `without` by future is what that adds, a third of them waiting."""
    without = np.asarray(without)
    waiting = without // 3
    moved = {"special": -without[:, None, None, None], "mainstream": without[:, None, None, None]}
    price = xr.DataArray(
        np.tile([20_000.0, 10_000.0, 60_000.0], (DRAWS, 3, 1)),
        coords={"draw": range(DRAWS), "year": YEARS, "provision": KINDS},
        dims=("draw", "year", "provision"),
    )
    for kind in unpriced:
        price.loc[{"provision": kind}] = np.nan
    school = Postponed("New Ash", ("special",), opens, late_opens, None, None)
    register = Register(None, None)
    runs = queued(np.zeros(DRAWS, int), 0, {}), queued(without, waiting, moved)
    return Late(
        about=made_up_about(kind="counts"),
        school=school,
        months=12,
        scenario="baseline",
        settings=Settings(draws=DRAWS, current_year=now),
        on_time=Run(runs[0], register, {}),
        late=Run(runs[1], register, {}),
        price=price,
        prices=price_list(),
        not_measured="places.csv has no lat and lon for New Ash",
        world=World.TREND,
        record={"name": "baseline"},
        digests={"area": "a", "england": "b"},
    )


def test_those_without_their_place_are_told_with_where_they_are_and_what_it_saves():
    first, in_all, *rest = late_sentences(made_up_late(np.arange(30, 41)))
    assert "35 more children of" in first
    assert first.endswith("when it tells most (8 chances in 10: 31 to 39 more).")
    assert "35 more school years of a child without it (8 chances in 10: 31 to 39 more)" in in_all
    told = " ".join(rest)
    assert "On average 11 of them wait where they are, and the others go elsewhere" in told
    assert ": 35 in mainstream" in told
    assert "cost £350,000 less over these years (8 chances in 10: £310,000 to £390,000 less)" in told


@pytest.mark.parametrize(
    ("without", "middle", "span"),
    [
        (np.arange(-50, 60, 10)[::-1] + 0, "no more children", "40 fewer to 40 more"),
        (np.arange(-30, 80, 10), "20 more children", "20 fewer to 60 more"),
        (np.arange(-40, -29), "35 fewer children", "31 to 39 fewer"),
        (np.full(DRAWS, 20), "20 more children", "20 more"),
    ],
)
def test_a_range_has_a_direction_and_holds_its_middle(without, middle, span):
    first = late_sentences(made_up_late(without))[0]
    assert f", {middle} of" in first
    assert f"(8 chances in 10: {span})" in first


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (2026, None),
        (2027, "September 2026 is past in 2026/27, the school year that counts as today's: if the school did open"),
        (2028, "Both dates are past in 2027/28"),
    ],
)
def test_a_date_that_has_gone_by_is_said_to_have(now, said):
    told = " ".join(late_sentences(made_up_late(np.full(DRAWS, 20), now=now)))
    assert ("past" in told) is (said is not None)
    assert said is None or said in told


def test_kinds_of_place_without_a_price_are_told_with_the_children_who_are_there():
    told = " ".join(late_sentences(made_up_late(np.arange(30, 41), unpriced=("mainstream",))))
    assert re.search(r"No price is known of: mainstream[^;]*\. School years of a child there are 35 more", told)


def test_what_a_late_opening_rests_on_names_the_futures_and_the_judgement():
    notes = late_notes(made_up_late(np.full(DRAWS, 20)))
    assert f"from {DRAWS} possible futures under the scenario 'baseline'" in notes[0]
    assert "judgement" in notes[-1]


def test_the_costs_that_are_told_add_up_to_the_whole():
    siting = made_up_siting()
    parts, whole = site_sentences(siting)[-2:]
    before, after = siting.plans[AS_IT_IS].tried, siting.plans["P80"].tried
    assert whole.startswith("In all that is £")
    pounds = [
        float(number) * (1e6 if million else 1) * (-1 if way == "less" else 1)
        for number, million, way in (
            (found[0].replace(",", ""), found[1], found[2])
            for found in re.findall(r"£([\d,.]+?)( million)?(?: (more|less)| a year while)", parts)
        )
    ]
    assert len(pounds) == 4
    assert sum(pounds) == pytest.approx(float((after.cost - before.cost).mean()), abs=2e5)


def test_a_plan_of_every_candidate_at_its_largest_is_told_to_be_so():
    siting = made_up_siting(real(), candidate("Old Mill", sizes=(10,)))
    assert any("every candidate at its largest size" in line for line in site_sentences(siting))
    dear = made_up_siting(real(), candidate("Old Mill", sizes=(10,)), candidate("Palace", sizes=(60,), capital=5e6))
    assert not any("every candidate" in line for line in site_sentences(dear))


def test_a_chance_that_does_not_move_is_said_to_stay():
    said = " ".join(site_sentences(made_up_siting(real(), candidate("Old Mill", sizes=(8,)))))
    assert "The chance that 5 or more are without one stays at 9 chances in 10." in said


def test_what_is_funded_where_places_are_assumed_is_for_those_more_than_now():
    projection = assumed()
    rows = (candidate("Old Mill", sizes=(20,)), candidate("Airfield", sizes=(20,)))
    answer = funded(projection, asked_of(projection, *rows), budget=2e6)
    said = " ".join(portfolio_sentences(answer))
    assert f"{round(answer.portfolio.steps[0].short):,} more than in January 2025, or fewer, in 8 futures of 10" in said
    assert f"that leaves {round(answer.best.short):,} of them without one of these places" in said
    assert "are without a place" not in said


def test_a_budget_is_the_bound_of_what_is_said_that_projects_cannot_do():
    projection = real()
    asked = asked_of(projection, candidate("Old Mill", sizes=(20,)), candidate("Airfield", sizes=(20,)))
    assert "No set of these projects, whatever is spent, leaves" in portfolio_sentences(funded(projection, asked))[-1]


def test_every_answer_is_json_without_a_number_that_is_none():
    projection = real()
    answers = (
        answer_of_site(made_up_siting()),
        answer_of_portfolio(funded(projection, asked_of(projection, candidate("Old Mill")))),
        answer_of_late(made_up_late(np.full(DRAWS, 20), unpriced=("independent",))),
    )
    for answer in answers:
        told = json.loads(as_json(answer), parse_constant=pytest.fail)
        assert told["answer"] == list(answer.said)
        assert {name: len(rows) for name, rows in told["tables"].items()} == {
            name: len(table) for name, table in answer.tables.items()
        }


def test_an_answer_is_written_once_whole_and_marked_where_it_is_a_councils_own(tmp_path):
    answer = answer_of_late(made_up_late(np.full(DRAWS, 20)))
    assert answer.about.confidential
    folder = write(answer, tmp_path / "answer")
    assert (folder / "answer.txt").read_text(encoding="utf-8").count(MARKING) == 1
    assert (folder / ".gitignore").is_file()
    with pytest.raises(FolderThere, match="is there already"):
        write(answer, folder)
    broken = replace(answer, tables={"late": None})
    with pytest.raises(AttributeError):
        write(broken, tmp_path / "broken")
    assert [path.name for path in tmp_path.iterdir()] == ["answer"]
