"""Alternative provision in words and in the terminal: what is said, what it rests on, and what is never said."""

import io
import json
import re
from dataclasses import replace

import pytest
from builders_ap_forecast import NOTED, counted_with_ap, made_up_ap, published_with_ap, with_sent
from builders_projection import small_projection
from test_words import CALLED_SHORT

from forecast.domain import WITHOUT_PLAN
from forecast.report.ap_tables import AP, EVERYONE, SENT_BY_SCHOOLS, ap_tables
from forecast.report.ap_words import ap_basis, ap_reading, last_counted
from forecast.report.charts import figures
from forecast.report.glossary import explained
from forecast.report.phrases import capped
from forecast.report.sufficiency_tables import sufficiency_tables
from forecast.report.tables import all_tables
from forecast.report.terminal import FILLED_BY_BOTH, as_json, console, show
from forecast.report.words import headline, summary
from forecast.scenario.worlds import World

SMALL = re.compile(r"\b[1-4]\b(?![/%])(?! chance)(?! places? after)")


@pytest.fixture(scope="module")
def published():
    return published_with_ap()


@pytest.fixture(scope="module")
def counted():
    return counted_with_ap()


def tables(projection):
    return {**all_tables(projection), **sufficiency_tables(projection), **ap_tables(projection)}


def printed(projection):
    paper = io.StringIO()
    show(projection, tables(projection), None, console(paper), "somewhere")
    return paper.getvalue()


@pytest.fixture(scope="module")
def read_out(published, counted):
    """What the terminal says of either."""
    return {projection.about.kind: printed(projection) for projection in (published, counted)}


def middle(table, **labels):
    """The middle of the futures, by a table's own column."""
    for name, label in labels.items():
        table = table[table[name] == label]
    return table["p50"].item()


def section(text):
    return text.split("\nAlternative provision\n")[1].split("\nWhat these figures rest on\n")[0]


def test_the_reading_begins_with_how_many_children_and_when_they_were_last_counted(published, counted):
    first = ap_reading(published)[0]
    table = ap_tables(published)[AP]
    now, then = (middle(table, measure="headcount", by="all", year=year) for year in (2027, 2032))
    assert first.startswith(
        f"In the middle of the futures (as many lie above as below), {now:.0f} children without a plan are in "
        "alternative provision on an average day of 2026/27 and, if the trend continues, "
        f"{then:.0f} in 2031/32"
    )
    assert "Last counted January 2023; figures of 2026/27 are themselves a forecast." in first
    assert "Counted up to 2024/25; figures of 2026/27 are themselves a forecast." in ap_reading(counted)[0]


def test_a_figure_of_a_year_that_was_counted_is_not_called_a_forecast(published):
    known = replace(published, ap=made_up_ap(published, counted={"ap_school": 2027}))
    assert "themselves a forecast" not in " ".join(ap_reading(known))


def test_the_answer_takes_four_points_at_most_and_what_it_rests_on_eight(published, counted):
    for projection in (published, counted, with_sent(published), with_sent(counted)):
        assert len(ap_reading(projection)) == 4
        assert len(ap_basis(projection)) <= 8
        assert all(len(said) < 420 for said in [*ap_reading(projection), *ap_basis(projection)])


def test_how_many_were_counted_is_said_beside_when(published, counted):
    assert "Last counted January 2023 (160); figures of" in ap_reading(with_sent(published))[0]
    made = with_sent(counted)
    year = middle(ap_tables(made)[AP], measure="headcount", by="all", year=2025)
    said = f"Counted up to 2024/25 (160 on the roll of January 2025; {year:.0f} on average over 2024/25); figures of"
    assert said in ap_reading(made)[0]
    assert "Last counted January 2023; figures of" in ap_reading(published)[0]


def test_places_of_ap_schools_are_told_by_who_fills_them_in_the_figures_of_the_tables(published):
    made = with_sent(published)
    everyone = ap_tables(made)[EVERYONE]
    then = everyone[(everyone["year"] == 2032) & (everyone["setting"] == "ap_school")]
    full = then[then["measure"] == "peak places"].set_index("who")["p50"]
    (said,) = [sentence for sentence in ap_reading(made) if sentence.startswith("In the fullest month")]
    assert f"{full['with and without a plan']:.0f} full-time places of AP schools" in said
    sent = f"{full[SENT_BY_SCHOOLS]:.0f} of these by those whom other schools send for part of the week"
    assert f"{full[WITHOUT_PLAN]:.0f} by children without a plan, {sent}" in said
    assert f"{full['with a plan']:.0f} by children with a plan" in said
    wanted = middle(then, measure="places with headroom", who="with and without a plan")
    assert f"With 10% more kept free, that is {wanted:.0f}." in said
    assert "other schools send" not in " ".join(ap_reading(published))


def test_listed_places_are_told_only_where_the_area_lists_its_own(published, counted):
    listed = counted.register.by_provision(["alternative"]).sel(year=2032).mean().item()
    assert f"The area lists {listed:.0f}." in " ".join(ap_reading(counted))
    assert "The area lists" not in " ".join(ap_reading(published))


def test_where_the_share_of_those_sent_comes_from_is_said(published, counted):
    said = " ".join(ap_basis(with_sent(published)))
    assert "40% (30% to 50%) are taken to be in AP schools, from two of England's figures" in said
    assert "data/reference/ap.csv, item hosted" in said
    assert "hosted" not in " ".join(ap_basis(published)) + " ".join(ap_basis(counted))


def test_arrivals_that_nobody_publishes_are_always_said_to_be_worked_back(published, counted):
    coming = [sentence for sentence in ap_reading(published) if "come in" in sentence or "go back" in sentence]
    assert len(coming) == 1
    assert coming[0].startswith("Worked back from January rolls with stays and reasons that are assumed")
    assert "Worked back" not in " ".join(ap_reading(counted))


def test_no_headline_speaks_of_children_without_a_plan(published, counted):
    for projection in (published, counted):
        assert headline(projection) == headline(replace(projection, ap=None))


def test_each_of_the_three_counts_and_dual_registration_is_explained(published):
    said = " ".join(ap_basis(published))
    for words in ("counted once", "full-time", "fullest month", "mainly registered", "kept free"):
        assert words in said


def test_what_the_figures_cannot_tell_and_how_weak_they_are_is_said(published, counted):
    said = " ".join(ap_basis(published))
    for words in (
        "no count holds",
        "six Januaries",
        "one January only",
        "Nobody is counted twice",
        "schools in the area",
    ):
        assert words in said
    assert NOTED in ap_basis(published)
    assert "one January only" not in " ".join(ap_basis(counted))
    assert "one January only" not in " ".join(
        ap_basis(replace(published, ap=made_up_ap(published, counted={"ap_school": 2023})))
    )


def test_a_named_world_says_that_it_leaves_these_children_as_they_are(published):
    elsewhere = replace(published, world=World.SATURATING)
    assert any("as they do if the trend" in sentence for sentence in ap_basis(elsewhere))
    assert not any("as they do if the trend" in sentence for sentence in ap_basis(published))


def test_without_headroom_none_is_promised(published):
    none = replace(published, ap=made_up_ap(published, headroom=0.0))
    assert "kept free" not in " ".join([*ap_basis(none), *ap_reading(none)])
    assert "kept free" in " ".join(ap_basis(published))


def test_settings_counted_in_different_years_are_both_named(published):
    ap = made_up_ap(published, counted={"ap_school": 2023, "la_funded": 2024})
    assert last_counted(ap) == "last counted January 2023 and January 2024"


def test_nothing_small_is_said_and_nothing_is_called_short_where_places_are_assumed(published, read_out):
    few = replace(published, ap=made_up_ap(published, times=0.02))
    assert CALLED_SHORT.findall(section(read_out["published"])) == []
    assert CALLED_SHORT.findall("\n".join([*ap_reading(few), *ap_basis(few)])) == []
    assert "ewer than 5" in " ".join(ap_reading(few))
    assert SMALL.findall(" ".join(ap_reading(few)).replace("Years 3", "").replace("Year 2", "")) == []


def test_an_area_without_figures_says_nothing(published):
    nothing = small_projection()
    assert ap_reading(nothing) == ap_basis(nothing) == []
    text = printed(nothing)
    assert "\nAlternative provision\n" not in text
    assert WITHOUT_PLAN not in text
    assert "AP school" not in explained(nothing)
    assert {"AP school", "Headroom", "Place-year", "Dual registration", "Tiers"} <= set(explained(published))


def test_the_terminal_can_be_read_aloud(published, counted, read_out):
    for projection in (published, counted):
        text = read_out[projection.about.kind]
        assert text.isascii()
        assert max(len(line) for line in text.splitlines()) <= 100
        said = section(text)
        for heading in ("2026/27", "now", "1 year on", "3 years on", "5 years on", "10 years on"):
            assert heading in said
        assert capped(last_counted(projection.ap)) in " ".join(said.split())


def test_the_terminal_gives_the_numbers_of_the_tables(published, read_out):
    said = section(read_out["published"])
    table = ap_tables(published)[AP]
    years = published.table_years.values()
    for line, words in (("la_funded", "Paid for"), ("school_arranged", "Arranged by")):
        rows = table[(table["line"] == line) & (table["measure"] == "headcount")].set_index("year")["p50"]
        printed_row = next(text for text in said.splitlines() if text.startswith(words))
        assert printed_row.removeprefix(words).split() == [f"{round(rows[year]):,}" for year in years]


def test_no_sentence_stands_twice_in_a_summary_and_it_speaks_of_alternative_provision(published):
    about = published.about.model_copy(update={"notes": (*published.about.notes, *published.ap.notes)})
    text = summary(replace(published, about=about), [])
    assert "\nAlternative provision\n" in text
    assert text.count(NOTED) == 1


def test_where_places_are_the_councils_own_the_terminal_says_that_both_fill_them(read_out):
    assert FILLED_BY_BOTH in " ".join(read_out["counts"].split())
    assert "Places listed" in section(read_out["counts"])
    assert "filled by children without a plan too" not in read_out["published"]


def test_a_script_gets_both_tables(published):
    found = json.loads(as_json(published, tables(published)))["tables"]
    assert {AP, EVERYONE} <= set(found)
    assert found[AP][0]["meaning"] == "all settings"


def test_charts_of_plans_are_as_they_were(published):
    drawn = [figure.chart.to_dict() for figure in figures(published)]
    assert drawn == [figure.chart.to_dict() for figure in figures(replace(published, ap=None))]


def test_the_terminal_tells_why_children_come_and_marks_what_is_assumed(published, read_out):
    said = section(read_out["published"])
    assert "Why children without a plan come, 2031/32 (stays and reasons assumed, not counted)" in said
    assert "assumed, not counted)" not in section(read_out["counts"])
    table = ap_tables(published)[AP]
    medical = table[(table["line"] == "medical") & (table["year"] == 2032) & (table["setting"] == "all")]
    means = medical.set_index("measure")["p50"]
    row = next(line for line in said.splitlines() if line.startswith("Physical or mental health"))
    assert row.split()[-3:] == [f"{means[name]:.0f}" for name in ("arrivals", "mean stay", "headcount")]
