"""What is told of a change and its causes: a table, sentences that repeat it, a chart, and a terminal."""

import io
import re

import pandas as pd
import pytest
from builders_compare import priced
from builders_projection import made_up_about, small_projection
from builders_waterfall import made_up

from forecast.decide.waterfall import Outcome
from forecast.decide.why import Changed
from forecast.report.answers import show, write
from forecast.report.charts import save_chart
from forecast.report.terminal import console
from forecast.report.waterfall_answer import answer_of_change
from forecast.report.waterfall_chart import waterfall_figure
from forecast.report.waterfall_show import lines
from forecast.report.waterfall_tables import Step, waterfall_table
from forecast.report.waterfall_words import notes, sentences, title

POUNDS = {
    "outcome": Outcome("pounds a year from the high needs block", ("special",), pounds=True),
    "start": 108_723_136.4,
    "bars": (("more come", 22_600_000.2, 30_000_000.0), ("others go", -745_674.9, -1_460_191.6)),
}
TWO = {"since": None, "scenarios": ("baseline", "Fewer plans"), "levers": ("more come", "others go")}


def causes(found):
    table = waterfall_table(found)
    return table[table["step"] == Step.CAUSE]


def level(found, step):
    return waterfall_table(found).set_index("step").loc[step, "to"]


def numbers(text):
    """Numbers in a text, of three figures or more, as the table has them; years are not among them."""
    said = re.sub(r"\d{4}/\d{2}|January \d{4}", "", text)
    return [float(number.replace(",", "")) for number in re.findall(r"\d[\d,]{2,}", said)]


@pytest.mark.parametrize("kind", ["published", "counts"])
@pytest.mark.parametrize("what", [{}, POUNDS, TWO], ids=["children", "pounds", "two scenarios"])
def test_bars_of_the_table_lead_from_the_start_to_the_end(kind, what):
    found = made_up(about=made_up_about(kind=kind), **what)
    rows = causes(found)
    assert rows["from"].iloc[0] == level(found, Step.START)
    assert rows["from"].tolist()[1:] == rows["to"].tolist()[:-1]
    assert rows["to"].iloc[-1] == pytest.approx(level(found, Step.END))
    assert level(found, Step.START) + rows["effect"].sum() == pytest.approx(level(found, Step.END))


def test_modelled_figures_are_whole_and_still_add_up():
    found = made_up(start=10.4, bars=[(f"cause {at}", 0.4, 0.4) for at in range(10)])
    rows = causes(found)
    assert (rows["effect"] % 1 == 0).all()
    assert rows["effect"].sum() == 14 - 10
    exact = causes(made_up(about=made_up_about(kind="counts"), start=10.4, bars=[("one", 0.4, 0.4)]))
    assert exact["effect"].tolist() == pytest.approx([0.4])


def test_a_cause_of_nothing_is_nothing_in_the_table():
    assert causes(made_up(bars=(("idle", 0.0, 0.0), ("more come", 300.7, 300.0))))["effect"].tolist()[0] == 0


def test_the_gap_to_all_futures_stands_in_the_table():
    table = waterfall_table(made_up(start=1000, bars=(("more come", 300, 300),))).set_index("step")
    assert table.loc[[Step.FUTURES, Step.GAP], "effect"].tolist() == [307, 7]


@pytest.mark.parametrize("what", [{}, TWO], ids=["between years", "between scenarios"])
def test_the_sentences_repeat_the_table(what):
    found = made_up(**what)
    table = waterfall_table(found)
    change = level(found, Step.END) - level(found, Step.START)
    known = set(table[["effect", "to", "without"]].abs().to_numpy().ravel()) | {change}
    told = numbers(" ".join(sentences(found)))
    assert set(told) <= known
    assert {abs(effect) for effect in causes(found)["effect"]} <= set(told)


def test_the_first_sentence_says_from_what_to_what():
    first, *_ = sentences(made_up(start=1000, bars=(("more come", 300, 320), ("others go", -120, -90))))
    assert first == (
        "Worcestershire: in the trend, children in special schools go from 1,000 in January 2025 to 1,180 in 2031/32, "
        "180 more, on the central path."
    )
    first, *_ = sentences(made_up(start=1000, bars=(("more come", 300, 320), ("others go", -120, -90)), **TWO))
    assert first == (
        'Worcestershire: in 2031/32, children in special schools are 1,000 in the trend and 1,180 under "Fewer plans", '
        "180 more, on the central path."
    )


def test_what_takes_away_is_told_apart_from_what_adds():
    said = sentences(made_up(start=1000, bars=(("a", 300, 320), ("b", -120, -90), ("c", 40, 40), ("d", 0.2, 0.1))))
    assert said[1:4] == [
        "What adds: a, 300; c, 40.",
        "What takes away: b, 120.",
        "Of next to no effect (fewer than 5 children each): d.",
    ]


def test_what_a_lever_changes_against_the_same_year_without_it_comes_before_its_share():
    found = made_up(start=1000, bars=(("more come", 300, 320), ("a lever", -50, -100)), levers=("a lever",))
    told = sentences(found)
    assert told[1] == "Against 2031/32 without it, everything else as it is, a lever makes 100 fewer."
    assert told[2].startswith("Below, its share of the change is another number: what causes do only together")
    assert told[4] == "What takes away: a lever, 50."


def test_a_lever_that_shares_nothing_is_not_said_to():
    alone = {"since": None, "scenarios": ("baseline", "X"), "levers": ("a lever",), "start": 1000.4}
    told = sentences(made_up(bars=(("a lever", -50.2, -50.2),), **alone))
    assert not any("share" in line or "without it" in line for line in told)
    told = sentences(made_up(bars=(("more come", 90, 90), ("a lever", -50.2, -50.2)), levers=("a lever",)))
    assert any("without it, everything else as it is, a lever makes 50 fewer" in line for line in told)
    assert not any("share" in line for line in told)


@pytest.mark.parametrize(
    ("effect", "said"),
    [(300.0, "305 more in 2031/32 than in January 2025, above all by one"), (2.0, "7 more in 2031/32")],
)
def test_the_title_is_the_message(effect, said):
    assert said in title(made_up(start=1000, bars=(("one", effect, effect), ("two", 5.0, 5.0))))


def test_a_change_of_next_to_nothing_is_not_said_to_be_more_or_fewer():
    found = made_up(start=1000, bars=(("one", 1.2, 1.2),), futures=1.0)
    assert "as many, near enough" in title(found)
    assert "fewer than 5" in sentences(found)[1]
    assert sentences(found)[-1] == "In the mean of all futures the change is near enough the same."


def test_pounds_are_told_as_money():
    said = sentences(made_up(**POUNDS))
    assert "go from £108.7 million in January 2025 to £130.6 million in 2031/32, £21.9 million more" in said[0]
    assert said[1:3] == ["What adds: more come, £22.6 million.", "What takes away: others go, £746,000."]


def test_the_notes_say_what_a_bar_is_what_world_it_stands_in_and_what_is_left_out():
    said = notes(made_up(worlds=("white paper",), left_out=("Empty places are not in it.",)))
    assert any("Shapley" in note for note in said)
    assert any("central path is one future without luck" in note for note in said)
    assert "2031/32 stands in the world 'white paper'." in said
    assert said[-1] == "Empty places are not in it."


@pytest.mark.parametrize("what", [{}, POUNDS, TWO], ids=["children", "pounds", "two scenarios"])
def test_the_chart_has_a_bar_a_row_its_message_its_table_and_words_in_its_stead(what, tmp_path):
    found = made_up(**what)
    drawn = waterfall_figure(found)
    spec = drawn.chart.to_dict()
    (data,) = spec["datasets"].values()
    assert len(data) == len(found.bars) + (1 if found.since is None else 2)
    assert spec["description"] == f"{drawn.title}. {drawn.reading}"
    assert " ".join(spec["title"]["text"]) == drawn.title == title(found)
    pd.testing.assert_frame_equal(drawn.table, waterfall_table(found))
    for path in save_chart(drawn.chart, tmp_path, drawn.name):
        assert path.stat().st_size > 1000


def test_each_bar_begins_where_the_one_before_it_ends():
    (data,) = waterfall_figure(made_up()).chart.to_dict()["datasets"].values()
    assert [(row["low"], row["high"]) for row in data] == [(0, 1000), (1000, 1301), (1180, 1301), (0, 1180)]
    assert [row["kind"] for row in data] == ["level", "more", "less", "level"]
    assert [row["number"] for row in data] == ["1,000", "+301", "-121", "1,180"]


def test_bars_between_two_scenarios_begin_at_nothing_and_end_at_the_whole_difference():
    (data,) = waterfall_figure(made_up(**TWO)).chart.to_dict()["datasets"].values()
    assert [(row["low"], row["high"]) for row in data] == [(0, 301), (180, 301), (0, 180)]
    assert data[-1]["number"] == "+180"


def test_the_terminal_shows_every_cause_with_its_sign_and_how_the_end_would_differ_without_it():
    screen = io.StringIO()
    console(screen).print(lines(made_up(about=made_up_about(kind="counts"))))
    text = screen.getvalue()
    assert re.search(r"Adds +Makes +Without it", text)
    assert re.search(r"More come +\+300 +1,301 +-320", text)
    assert re.search(r"Others go +-120 +1,180 +\+90", text)


@pytest.mark.parametrize("kind", ["counts", "published"])
def test_an_answer_is_marked_in_every_file_and_picture_where_it_is_a_councils_own_and_tells_its_notes(kind, tmp_path):
    made = priced(small_projection(draws=12, kind=kind))
    answer = answer_of_change(Changed(made, made_up(about=made.about)), "plans")
    assert set(made.about.notes) <= set(answer.rests_on)
    screen = io.StringIO()
    show(answer, None, console(screen))
    assert "Cause by cause" in screen.getvalue()
    folder = write(answer, tmp_path / "answer")
    files = {path.name: path for path in folder.iterdir()}
    assert files.keys() >= {"waterfall.csv", "waterfall.svg", "register.csv", "record.json", "answer.txt"}
    told = [files[name].read_text(encoding="utf-8") for name in ("waterfall.svg", "waterfall.csv", "answer.txt")]
    marked = ["OFFICIAL-SENSITIVE" in " ".join(text.split()) for text in [screen.getvalue(), *told]]
    assert marked == [kind == "counts"] * 4
