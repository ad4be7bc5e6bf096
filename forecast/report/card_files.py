"""Files of the card: the tables it is made from, its plots and itself; and the ideas that were tried."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults, ModelError
from forecast.inputs.reference import sheet_of
from forecast.report.card import PLOTS, card
from forecast.report.card_charts import card_figures, drawing
from forecast.report.card_tables import CardTables

TABLES: Final = "backtest"
"""Folder of the tables, beside the card."""
CARD: Final = "card.md"
TRIED: Final = "tried.csv"
TRIED_COLUMNS: Final = ("idea", "what_was_done", "on_choosing_outcomes", "kept", "why")
_MAKE: Final = "Make it with: forecast backtest --sen2 ... --to"
_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "scores": (
        *("target", "method", "origin", "ahead", "part", "authorities", "wape", "bias", "mase", "far_out"),
        *("coverage_80", "coverage_95", "own_coverage_80", "width_80", "crps", "pinball_10", "pinball_90"),
    ),
    "gates": ("name", "target", "ahead", "value", "low", "high", "passed"),
    "by_size": ("target", "ahead", "size", "cells", "wape", "coverage_80", "coverage_95"),
    "shelf_life": ("target", "method", "years"),
    "england_and_regions": ("target", "region", "origin", "ahead", "forecast", "p10", "p90", "actual"),
    "nothing_left_out": ("target", "method", "origin", "ahead", "authorities", "wape"),
    "left_out": ("unit", "authority", "target", "year", "reason"),
    "decisions": ("origin", "rule", "regret", "of_cheapest"),
    "ages": ("method", "provision", "authorities", "wape"),
    "replay": ("unit", "origin", "ahead", "now", "p10", "p50", "p80", "p90", "actual"),
}
"""Table of `CardTables` -> its columns, which are those of its file."""


def write_card(tables: CardTables, tried: pd.DataFrame, folder: Path, alternative: Sequence[str] = ()) -> None:
    """Write `tables`, the card and its plots into the folder of the model.

    All are made beside their names first: a run that is stopped leaves the last good ones.

    Parameters
    ----------
    alternative : as `card` takes it
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=f".{TABLES}.") as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        for path in (new / TABLES, new / PLOTS, old):
            path.mkdir(parents=True)
        for field in fields(tables):
            table = getattr(tables, field.name)[list(_COLUMNS[field.name])]
            table.to_csv(new / TABLES / f"{field.name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        figures = card_figures(tables)
        for figure in figures:
            (new / PLOTS / f"{figure.name}.svg").write_text(drawing(figure), encoding="utf-8", newline="\n")
        (new / CARD).write_text(card(tables, tried, figures, alternative), encoding="utf-8", newline="\n")
        for made in sorted(new.iterdir()):
            final = folder / made.name
            if final.exists():
                final.rename(old / made.name)
            made.rename(final)


def read_card_tables(folder: Path) -> CardTables:
    """The tables that `write_card` wrote into the folder of the model.

    Raises
    ------
    ModelError
        One is missing, or lacks a column, or is damaged.
    """
    return CardTables(**{name: _read(folder / TABLES / f"{name}.csv", columns) for name, columns in _COLUMNS.items()})


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """One table."""
    folder = path.parents[1]
    try:
        return pd.read_csv(path, dtype={"unit": "str"} if "unit" in columns else None)[list(columns)]
    except FileNotFoundError as error:
        msg = f"No backtest in {folder}: {path.name} is missing. {_MAKE} {folder}"
        raise ModelError(msg) from error
    except (KeyError, ValueError) as error:
        msg = f"The backtest in {folder} is damaged: {path.name} is not as it was written. {_MAKE} {folder}"
        raise ModelError(msg) from error


def read_tried(path: Path | None = None) -> pd.DataFrame:
    """Ideas that were tried: columns `TRIED_COLUMNS`, all of them texts.

    Parameters
    ----------
    path : a file instead of the one that ships

    Raises
    ------
    InputFaults
        A column is missing, or a cell is blank.
    """
    sheet = sheet_of(path, TRIED, TRIED_COLUMNS)
    blank = [
        Fault(sheet.file, line, str(name), "is blank", "write a text")
        for name, cells in sheet.cells.items()
        for line in cells.index[cells.str.strip().eq("")].tolist()
    ]
    if faults := [*sheet.faults, *blank]:
        raise InputFaults(faults)
    return sheet.cells.reset_index(drop=True).astype("str")
