"""Tables of past forecasts: read whole, or refused with a sentence for each fault."""

import csv

import pytest

from forecast.backtest import cells, scores
from forecast.errors import ForecastError, InputFaults
from forecast.inputs import backtest_tables
from forecast.inputs.backtest_tables import NoBacktest, read_backtest

MADE = (2018, 2019, 2020)
AHEAD = (1, 5)
OURS = "this model"
ERRORS = {
    ("plans", OURS): {1: (0.04, 0.05, 0.06), 5: (0.08, 0.09, 0.10)},
    ("plans", "naive"): {1: (0.1, 0.1, 0.1), 5: (0.36, 0.38, 0.40)},
    ("plans", "pooled growth"): {1: (0.05, 0.05, 0.05), 5: (0.12, 0.13, 0.14)},
    ("plans", "drift"): {1: (0.06, 0.06, 0.06), 5: (0.2, 0.2, 0.2)},
    ("plans", "damped ETS"): {1: ("", 0.06, 0.06), 5: (0.2, 0.2, 0.2)},
    ("alternative", OURS): {1: (0.3, 0.3, 0.3), 5: (0.6, 0.6, 0.6)},
    ("alternative", "naive"): {1: (0.3, 0.3, 0.3), 5: (0.5, 0.5, 0.5)},
    ("alternative", "pooled growth"): {1: (0.3, 0.3, 0.3), 5: (0.6, 0.6, 0.6)},
    ("alternative", "drift"): {1: (0.3, 0.3, 0.3), 5: (0.61, 0.61, 0.61)},
}
"""(target, method) -> years ahead -> error of the forecasts made in each of `MADE`."""
HELD = {1: 0.78, 5: 0.66}
"""Years ahead -> share of outcomes in the range."""
BY_SIZE = {"small": 0.18, "middle": 0.13, "large": 0.12}
"""Error five years ahead."""
CAME = {1: 400_000, 5: 500_000}
"""Children in England; each region has half of them."""


def backtest(folder):
    """A folder of tables in which every figure is known: two kinds of place, three Januaries, 1 and 5 years ahead."""
    folder.mkdir(parents=True)
    write(folder / "scores.csv", score_rows())
    targets = sorted({target for target, _ in ERRORS})
    sizes = [
        {"target": target, "ahead": ahead, "size": size, "cells": 150, "wape": out * ahead / 5, "coverage_80": 0.7}
        for target in targets for ahead in AHEAD for size, out in BY_SIZE.items()
    ]  # fmt: skip
    write(folder / "by_size.csv", sizes)
    write(folder / "england_and_regions.csv", [row for target in targets for row in summed_rows(target)])
    lives = [{"target": target, "method": method, "years": 2.2} for target, method in ERRORS]
    write(folder / "shelf_life.csv", lives)
    return folder


def score_rows():
    for (target, method), errors in ERRORS.items():
        for ahead in AHEAD:
            for made, error in zip(MADE, errors[ahead], strict=True):
                ranges = {"coverage_80": HELD[ahead], "width_80": 0.1 * ahead} if method == OURS else {}
                blank = {"coverage_80": "", "width_80": ""}
                yield {
                    "target": target, "method": method, "origin": made, "ahead": ahead,
                    "part": "choosing" if made + ahead <= 2021 else "test", "authorities": 150, "wape": error,
                    "bias": -0.1 * ahead / 5, "mase": 1.0, "far_out": 0.1 * ahead,
                } | blank | ranges  # fmt: skip


def summed_rows(target):
    for region, part in (("England", 1.0), ("North", 0.5), ("South", 0.5)):
        for made in MADE:
            for ahead in AHEAD:
                forecast = CAME[ahead] * part * (1 - 0.01 * ahead * (made - 2017))
                yield {
                    "target": target, "region": region, "origin": made, "ahead": ahead, "forecast": forecast,
                    "p10": forecast * 0.9, "p90": forecast * 1.1, "actual": CAME[ahead] * part,
                }  # fmt: skip


def write(path, rows):
    rows = list(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def rewritten(path, change):
    """Change a table, row by row; a row that becomes None is left out."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [change(row) for row in csv.DictReader(file)]
    write(path, [row for row in rows if row is not None])


@pytest.fixture
def folder(tmp_path):
    return backtest(tmp_path / "england" / "backtest")


def faults(folder):
    with pytest.raises(InputFaults) as found:
        read_backtest(folder)
    return found.value.faults


def test_every_row_is_read(folder):
    tables = read_backtest(folder)
    assert len(tables.scores) == len(ERRORS) * len(MADE) * len(AHEAD)
    assert len(tables.by_size) == 2 * len(AHEAD) * 3
    assert len(tables.summed) == 2 * 3 * len(MADE) * len(AHEAD)
    assert tables.shelf_life["years"].eq(2.2).all()


def test_names_are_those_that_the_backtest_writes():
    assert backtest_tables.OURS == cells.OURS
    assert backtest_tables.SIZES == scores.SIZES


def test_a_model_without_past_forecasts_says_how_to_make_them(tmp_path):
    with pytest.raises(NoBacktest, match="with: forecast backtest"):
        read_backtest(tmp_path / "england" / "backtest")


def test_every_missing_file_is_named_at_once(folder):
    (folder / "scores.csv").unlink()
    (folder / "by_size.csv").unlink()
    assert [fault.file for fault in faults(folder)] == ["by_size.csv", "scores.csv"]
    with pytest.raises(ForecastError, match="make the tables again: forecast backtest"):
        read_backtest(folder)


@pytest.mark.parametrize("file", ["scores.csv", "by_size.csv", "england_and_regions.csv", "shelf_life.csv"])
def test_a_file_that_is_no_table_is_named(folder, file):
    for content in (b"", b"\xff\xfe\x00", b'"', b"PK\x03\x04"):
        (folder / file).write_bytes(content)
        assert {fault.file for fault in faults(folder)} == {file}


def test_a_column_that_is_missing_is_named(folder):
    rewritten(folder / "scores.csv", lambda row: {name: value for name, value in row.items() if name != "wape"})
    [fault] = faults(folder)
    assert str(fault).startswith("scores.csv, wape: is missing; make the tables again")


@pytest.mark.parametrize(
    ("field", "value"),
    [("wape", "-0.1"), ("wape", "much"), ("coverage_80", "1.2"), ("ahead", "0"), ("origin", "20"), ("part", "other")],
)
def test_a_number_that_cannot_be_is_named_with_its_row(folder, field, value):
    lines = iter(range(2, 1000))
    rewritten(folder / "scores.csv", lambda row: row | ({field: value} if next(lines) == 3 else {}))
    [fault] = faults(folder)
    assert (fault.file, fault.row, fault.field) == ("scores.csv", 3, field)


def test_a_score_of_this_program_may_not_be_blank(folder):
    rewritten(folder / "scores.csv", lambda row: row | ({"coverage_80": ""} if row["origin"] == "2019" else {}))
    [fault] = faults(folder)
    assert fault.row == 3
    assert "lacks a score of 'this model'" in fault.what


def test_the_same_cell_twice_is_a_fault(folder):
    rewritten(folder / "by_size.csv", lambda row: row | {"ahead": "5"})
    assert "says the same thing as another row" in {fault.what for fault in faults(folder)}


@pytest.mark.parametrize(
    ("file", "lost"),
    [
        ("by_size.csv", {"size": "small"}),
        ("england_and_regions.csv", {"region": "England", "origin": "2019"}),
        ("shelf_life.csv", {"method": OURS}),
    ],
)
def test_what_one_table_has_and_another_lacks_is_a_fault(folder, file, lost):
    rewritten(folder / file, lambda row: None if row["target"] == "plans" and lost.items() <= row.items() else row)
    [fault] = faults(folder)
    assert fault.file == file
    assert "'plans'" in fault.what


def test_a_table_without_this_programs_rows_is_a_fault(folder):
    rewritten(folder / "scores.csv", lambda row: row if row["method"] != OURS else None)
    [fault] = faults(folder)
    assert "has no rows of 'this model'" in fault.what
