"""The files that `forecast backtest` writes, and the command where it cannot go on."""

import shutil
from dataclasses import fields, replace

import pandas as pd
import pytest
from builders_card import small_tables, tried
from typer.testing import CliRunner

from forecast.backtest.cells import OURS
from forecast.backtest.judge import BETTER_BY, POOLED, RECENT
from forecast.cli import app, main
from forecast.errors import InputFaults, ModelError
from forecast.inputs.bundled import bundled
from forecast.report.ap_card import section
from forecast.report.ap_card_files import read_ap_card
from forecast.report.card import card
from forecast.report.card_charts import card_figures
from forecast.report.card_files import TRIED_COLUMNS, read_card_tables, read_tried, write_card
from forecast.report.card_tables import CardTables

TABLES = [f"{field.name}.csv" for field in fields(CardTables)]
MEGABYTE = 1_000_000
AS_FAR_AS_ROUNDED = 2e-4


@pytest.fixture(scope="module")
def tables():
    return small_tables()


@pytest.fixture(scope="module")
def written(tables, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    write_card(tables, tried(), folder)
    return folder


def whole(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_card_its_tables_and_its_plots_are_written_and_nothing_else(written):
    plots = ["england_plans", "england_special_state", "error_by_years_ahead", "outcomes_in_range"]
    expected = ["card.md", *(f"backtest/{name}" for name in TABLES), *(f"card/{name}.svg" for name in plots)]
    assert sorted(whole(written)) == sorted(expected)
    assert len(TABLES) == 10


def test_the_tables_read_as_they_were_written(tables, written):
    found = read_card_tables(written)
    for name in (field.name for field in fields(CardTables)):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(tables, name), check_dtype=False)


def test_the_card_can_be_made_again_from_its_files(written, tmp_path):
    write_card(read_card_tables(written), tried(), tmp_path)
    assert whole(tmp_path) == whole(written)


def test_what_stands_beside_the_card_is_left_alone(tables, tmp_path):
    (tmp_path / "model.json").write_text("{}")
    (tmp_path / "backtest").mkdir()
    (tmp_path / "backtest" / "old.csv").write_text("a\n1\n")
    write_card(tables, tried(), tmp_path)
    assert (tmp_path / "model.json").read_text() == "{}"
    assert not (tmp_path / "backtest" / "old.csv").exists()


def test_a_run_that_is_stopped_leaves_the_last_good_files(tables, written, tmp_path):
    folder = tmp_path / "model"
    shutil.copytree(written, folder)
    broken = replace(tables, gates=tables.gates.assign(name="a bar that nobody set"))
    with pytest.raises(KeyError):
        write_card(broken, tried(), folder)
    assert whole(folder) == whole(written)
    assert sorted(path.name for path in folder.iterdir()) == ["backtest", "card", "card.md"]


def test_a_folder_without_a_backtest_is_refused_with_the_command(tmp_path):
    with pytest.raises(ModelError, match=r"scores\.csv is missing.*forecast backtest"):
        read_card_tables(tmp_path)


@pytest.mark.parametrize("content", [b"", b"target,method\nplans,naive\n", b"\xff\xfe\x00"])
def test_a_damaged_backtest_is_refused_with_the_command(written, tmp_path, content):
    folder = tmp_path / "model"
    shutil.copytree(written, folder)
    (folder / "backtest" / "scores.csv").write_bytes(content)
    with pytest.raises(ModelError, match=r"damaged: scores\.csv.*forecast backtest"):
        read_card_tables(folder)


def test_ideas_that_ship_can_be_read():
    assert read_tried().columns.tolist() == list(TRIED_COLUMNS)


def test_a_file_of_ideas_without_rows_is_no_fault(tmp_path):
    path = tmp_path / "tried.csv"
    path.write_text(",".join(TRIED_COLUMNS) + "\n")
    assert read_tried(path).empty


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("idea,what_was_done,on_choosing_outcomes,kept,why\na,b,c, ,d\n", "row 2, kept: is blank; write a text"),
        ("idea,what_was_done,on_choosing_outcomes,kept\na,b,c,no\n", "why: the column is missing"),
    ],
)
def test_a_fault_of_the_ideas_is_named(tmp_path, content, said):
    path = tmp_path / "tried.csv"
    path.write_text(content)
    with pytest.raises(InputFaults, match=said):
        read_tried(path)


def test_the_command_says_what_it_does():
    said = CliRunner().invoke(app, ["backtest", "--help"], catch_exceptions=False)
    assert said.exit_code == 0
    for option in ("--sen2", "--to", "--workers", "--cluster"):
        assert option in said.output


def failed(capsys, monkeypatch, *words):
    """Exit status and what was said on standard error, as from a shell."""
    monkeypatch.setattr("sys.argv", ["forecast", *map(str, words)])
    monkeypatch.setattr("signal.signal", lambda *_: None)  # the command's way with pipes is not for all of the tests
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code, capsys.readouterr().err


def test_a_folder_that_cannot_be_written_to_is_said_before_the_work(tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("")
    code, said = failed(capsys, monkeypatch, "backtest", "--sen2", tmp_path / "none", "--to", tmp_path / "file" / "in")
    assert code == 1
    assert "Nothing can be written in" in said


def test_a_release_that_is_not_there_is_a_sentence_and_nothing_is_written(tmp_path, capsys, monkeypatch):
    code, said = failed(capsys, monkeypatch, "backtest", "--sen2", tmp_path / "none", "--to", tmp_path / "model")
    assert code == 1
    assert "none" in said
    assert "Traceback" not in said
    assert list((tmp_path / "model").iterdir()) == []


@pytest.fixture(scope="module")
def shipped():
    """The folder of the model that ships; without a card in it: forecast backtest."""
    return bundled("models", "england")


def test_the_card_that_ships_is_made_from_the_tables_that_ship(shipped):
    tables = read_card_tables(shipped)
    figures = card_figures(tables)
    alternative = [*section(read_ap_card(shipped))]
    assert (shipped / "card.md").read_text(encoding="utf-8") == card(tables, read_tried(), figures, alternative)
    assert {path.stem for path in (shipped / "card").glob("*.svg")} == {figure.name for figure in figures}


def test_the_card_that_ships_is_small(shipped):
    parts = [shipped / "card.md", *(shipped / "card").rglob("*"), *(shipped / "backtest").rglob("*")]
    assert sum(path.stat().st_size for path in parts) < MEGABYTE


def test_the_errors_in_the_gates_that_ship_are_those_of_the_scores_that_ship(shipped):
    tables = read_card_tables(shipped)
    errors = tables.scores.pivot_table(index=["target", "ahead", "origin"], columns="method", values="wape")
    every = errors.groupby(level=["target", "ahead"]).mean()
    recent = errors[errors.index.get_level_values("origin") >= RECENT].groupby(level=["target", "ahead"]).mean()
    for gate in tables.gates.dropna(subset="ahead").to_dict("records"):
        at = (gate["target"], int(gate["ahead"]))
        if gate["name"] == "error to pooled growth's":
            assert gate["value"] == pytest.approx(every.loc[at, OURS] / every.loc[at, POOLED], rel=AS_FAR_AS_ROUNDED)
        elif gate["name"].startswith("error to the best rival's"):
            of_all = errors.xs(at, level=("target", "ahead")).dropna(axis="columns").drop(columns=OURS).mean()
            assert gate["value"] == pytest.approx(every.loc[at, OURS] / of_all.min(), rel=AS_FAR_AS_ROUNDED)
            assert gate["high"] == pytest.approx(1 - BETTER_BY)
        elif gate["name"].startswith("error, origins"):
            assert gate["value"] == pytest.approx(recent.loc[at, OURS], rel=AS_FAR_AS_ROUNDED)


def test_the_coverage_in_the_gates_that_ship_is_that_of_the_scores_that_ship(shipped):
    tables = read_card_tables(shipped)
    ours = tables.scores[tables.scores["method"].eq(OURS)]
    overall, own = ours.groupby("target")["coverage_80"], ours.groupby(["target", "ahead"])["own_coverage_80"]
    for gate in tables.gates.to_dict("records"):
        if gate["name"] == "coverage of the 80% range":
            assert gate["value"] == pytest.approx(overall.mean()[gate["target"]], rel=AS_FAR_AS_ROUNDED)
        elif gate["name"] == "coverage of departures from England":
            found = own.mean()[(gate["target"], int(gate["ahead"]))]
            assert gate["value"] == pytest.approx(found, rel=AS_FAR_AS_ROUNDED)
        assert gate["passed"] == (gate["low"] <= gate["value"] <= gate["high"])
