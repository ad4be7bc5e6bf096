"""What `forecast diff` says: in sentences, on paper, as JSON and as a file."""

import io
import json
import os
import re
from dataclasses import replace

import pandas as pd
import pytest
from builders_projection import small_projection, with_real_places
from test_diff_tables import GIVEN, MADE, RATES, a_year_later, found, with_ten_more_special, written

from forecast.report.diff_files import COLUMNS, as_json, tidy, write_tidy
from forecast.report.diff_show import show
from forecast.report.diff_summary import summary
from forecast.report.terminal import console
from forecast.scenario.worlds import World


@pytest.fixture(scope="module")
def projection():
    return small_projection(**MADE)


@pytest.fixture(scope="module")
def old(projection, tmp_path_factory):
    return written(projection, tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def january(projection, old, tmp_path_factory):
    """The older run against the next January's, with a changed table and a changed rate."""
    given, rates = GIVEN.assign(sha256=["a" * 64, "c" * 64]), RATES.assign(value=[17.0, 12.55, 2.0])
    newer = written(a_year_later(projection, draw=3), tmp_path_factory.mktemp("new"), given=given, rates=rates)
    return found(old, newer)


def printed(differences):
    paper = io.StringIO()
    show(differences, console(paper))
    return paper.getvalue()


def test_a_run_against_itself_says_that_nothing_moved_and_no_more(old):
    nothing = "Nothing moved: both runs were given the same, and give the same figures."
    assert summary(found(old, old)) == [nothing]
    assert printed(found(old, old)).split() == nothing.split()


def test_another_seed_alone_says_seed_and_luck(projection, old, tmp_path):
    settings = projection.settings.model_copy(update={"seed": 8})
    assert summary(found(old, written(replace(projection, settings=settings), tmp_path))) == [
        "Not the same in the two runs: the seed.",
        "No figure of children moved.",
    ]
    drawn = projection.demand.isel(draw=[0, *range(39)])
    assert summary(found(old, written(replace(projection, settings=settings, demand=drawn), tmp_path))) == [
        "Not the same in the two runs: the seed.",
        "No figure of children moved by more than the luck of the draws explains.",
    ]


def test_the_next_january_is_told_in_three_sentences(january):
    first, second, third = summary(january)
    assert first == "Not the same in the two runs: placements.csv and the latest census."
    row = january.results.query("year == 2032 and provision == 'all specialist places'").iloc[0]
    assert row["change"] == 0
    assert f"about {round(row['new'] / 10) * 10:,} specialist places, about as many as the older run said" in second
    came = january.outcomes.query("provision == 'all specialist places' and phase == 'all phases'").iloc[0]
    assert third.startswith(f"In January 2026, {round(came['census']):,} children needed specialist places")
    assert f"expected {came['mean']:,.0f} ({came['p10']:,.0f} to {came['p90']:,.0f})" in third
    kinds = january.outcomes.query("phase == 'all phases'")
    kinds = kinds[~kinds["provision"].isin(["all specialist places", "all plans"])]
    kinds = kinds[(kinds["census"] >= 5) | (kinds["p90"] >= 5)]
    assert len(kinds) == 9, "a kind of place of fewer than five children tells nothing"
    assert third.endswith(
        f"Of {len(kinds)} kinds of place, {kinds['inside'].sum()} came within their range; about 7 were to be expected."
    )


def test_a_change_is_said_with_its_size_and_whether_it_lies_in_the_old_range(projection, old, tmp_path):
    differences = found(old, written(with_ten_more_special(projection), tmp_path))
    row = differences.results.query("year == 2032 and provision == 'all specialist places'").iloc[0]
    first, second = summary(differences)
    assert first == "Both runs were given the same."
    assert f"about 10 more ({10 / row['old']:.1%}) than the older run said: inside its range" in second


def test_what_is_printed_has_its_parts_in_order_and_is_100_columns_of_plain_text(january):
    text = printed(january)
    parts = [
        "Not the same",
        "What the runs were given",
        "Rates and assumptions",
        "Children who need",
        "What came",
        "How",
    ]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert text.isascii()


def test_the_printed_figures_are_those_of_the_comparison(january):
    text = printed(january)
    for row in january.results.query("provision == 'special' and year in (2027, 2032)").to_dict("records"):
        line = f"{row['old']:,.0f} ({row['old_p10']:,.0f} to {row['old_p90']:,.0f})"
        assert line in text.split("State special school")[1]
    assert "placements.csv (children with a plan): other figures (900 rows, 2010 to 2025, as before)." in text
    assert "The latest census: now January 2026, was January 2025." in " ".join(text.split())
    assert re.search(r"primary +16\.00 +17\.00 +\+6\.2%", text)
    assert "1 moved by less than 1% and are left out here" in text


def test_the_json_holds_every_difference_and_no_number_that_is_none(january):
    told = json.loads(as_json(january))
    assert told["summary"] == summary(january)
    assert len(told["results"]) == len(january.results)
    assert told["outcomes"][0]["census"] == january.outcomes["census"].iloc[0]
    assert told["new"]["latest_census"] == "January 2026"
    assert told["no_outcome"] is None


def test_the_file_holds_every_difference_once_and_reads_back(january, tmp_path):
    path = tmp_path / "differences.csv"
    write_tidy(january, path)
    read = pd.read_csv(path)
    assert tuple(read.columns) == COLUMNS
    sizes = {"given": january.given, "rates": january.rates, "results": january.results}
    assert read["part"].value_counts().to_dict() == {
        **{part: len(table) for part, table in sizes.items()},
        "census against forecast": len(january.outcomes),
    }
    assert list(tmp_path.iterdir()) == [path]
    census = read[read["part"] == "census against forecast"]
    assert (census["new"] - census["old"]).tolist() == january.outcomes["difference"].tolist()


def test_a_run_against_itself_makes_a_file_with_no_change(old):
    table = tidy(found(old, old))
    assert set(table["part"]) == {"results"}
    assert (table["change"] == 0).all()


@pytest.mark.skipif(os.name != "posix", reason="owners and their rights are POSIX's")
def test_only_its_owner_may_read_the_file_of_a_councils_own_figures(tmp_path):
    run = written(with_real_places(**MADE), tmp_path / "runs")
    write_tidy(found(run, run), tmp_path / "own.csv")
    assert (tmp_path / "own.csv").stat().st_mode & 0o777 == 0o600


def test_a_councils_own_figures_are_marked_and_small_ones_are_not_shown(tmp_path):
    projection = with_real_places(**MADE)
    differences = found(written(projection, tmp_path), written(with_ten_more_special(projection), tmp_path))
    text = printed(differences)
    assert "OFFICIAL-SENSITIVE" in text
    assert json.loads(as_json(differences))["marking"] == "OFFICIAL-SENSITIVE"


def test_invented_children_are_called_synthetic(tmp_path):
    projection = with_real_places(synthetic=True, **MADE)
    differences = found(written(projection, tmp_path), written(with_ten_more_special(projection), tmp_path))
    assert "Exampleshire (synthetic) is now expected" in " ".join(summary(differences))


def test_runs_without_a_year_in_common_say_so(projection, old, tmp_path):
    far = a_year_later(projection, draw=0)
    for draw in range(12 - 1):
        far = a_year_later(far, draw)
    far = replace(far, settings=far.settings.model_copy(update={"current_year": 2037}))
    late = far.demand.assign_coords(year=far.demand["year"] + 5)
    moved = replace(
        far,
        demand=late,
        about=far.about.model_copy(update={"latest_census": 2042}),
        **{
            name: getattr(far, name).assign_coords(year=late["year"].to_numpy())
            for name in ("expected", "places", "population", "england_special_rate")
        },
    )
    said = summary(found(old, written(moved, tmp_path)))
    assert said[1:] == [
        "The two runs have no year in common, so no figure can be compared.",
        "The older run does not reach the census of January 2042.",
    ]


def test_figures_past_five_years_name_the_world_that_they_stand_in(projection, old, january, tmp_path):
    assert 'Figures from 2030/31 on stand in the world "trend".' not in printed(january), "its census is a year later"
    text = " ".join(printed(january).split())
    assert 'In the older run, figures from 2030/31 on stand in the world "trend".' in text
    assert 'In the newer run, figures from 2031/32 on stand in the world "trend".' in text
    assert 'In 2031/32, in the world "trend", Worcestershire is now expected to need' in text
    held = found(old, written(replace(with_ten_more_special(projection), world=World.STARTS_HELD_FLAT), tmp_path))
    first, second = summary(held)
    assert first == "Not the same in the two runs: the scenario."
    assert second.startswith('In 2031/32, in the world "starts held flat", Worcestershire')
    assert 'than the older run said in the world "trend": inside' in second
    assert json.loads(as_json(held))["new"]["world"] == World.STARTS_HELD_FLAT.words
    assert set(tidy(held)["newer_world"]) == {World.STARTS_HELD_FLAT.words}
