"""Files of England's model of alternative provision: its tables, those of its backtest, and its card, in one folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from forecast.ap.england import ApFitted
from forecast.backtest.ap import ApBacktest
from forecast.errors import ModelError
from forecast.folders import replaced
from forecast.inputs.ap_model import COLUMNS as OF_MODEL
from forecast.inputs.ap_model import FOLDER
from forecast.report.ap_card import ap_card
from forecast.report.ap_card_numbers import ApCard
from forecast.report.card_files import CARD
from forecast.report.card_tables import short

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    **{name: OF_MODEL[name] for name in ("settings", "growth", "spread")},
    "scores": ("series", "method", "origin", "ahead", "part", "authorities", "wape", "bias"),
    "coverage": ("series", "origin", "ahead", "size", "hits", "outcomes"),
}
"""Table that the card is made from -> its columns."""
_CELLS: Final = ("series", "origin", "ahead", "unit", "now", "forecast", "p10", "p90", "actual")
_WHOLE: Final = ("now", "forecast", "p10", "p90", "actual")
_REMAKE: Final = "Make it again with: forecast fit --sen2 FOLDER"


@dataclass(frozen=True, eq=False)
class ApTables:
    """Every table of the folder, as it is written."""

    card: ApCard
    rates: pd.DataFrame
    backtest: pd.DataFrame
    """This method's past forecasts, in whole children."""


def ap_tables_of(fitted: ApFitted, tried: ApBacktest) -> ApTables:
    """Tables of a fit and its backtest, rounded as they are written, so that the card is the same from its files."""
    cells = tried.cells[list(_CELLS)]
    made = {"settings": fitted.settings, "growth": fitted.growth, "spread": fitted.spread}
    made |= {"scores": tried.scores, "coverage": tried.coverage}
    return ApTables(
        ApCard(**{name: short(made[name][list(columns)]) for name, columns in COLUMNS.items()}),
        short(fitted.rates),
        cells.assign(**{name: np.rint(cells[name]).astype(int) for name in _WHOLE}),
    )


def write_ap(tables: ApTables, model: Path) -> None:
    """Write the folder whole, beside the England model in the folder `model`, or not at all."""
    every = {name: getattr(tables.card, name) for name in COLUMNS}
    every |= {"rates": tables.rates, "backtest": tables.backtest}
    with replaced(model / FOLDER) as made:
        for name, table in every.items():
            table.to_csv(made / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
        (made / CARD).write_text(ap_card(tables.card), encoding="utf-8", newline="\n")


def read_ap_card(model: Path) -> ApCard:
    """The tables that the card is made from.

    Raises
    ------
    ModelError
        One is missing, or lacks a column, or is damaged.
    """
    return ApCard(**{name: _read(model / FOLDER / f"{name}.csv", columns) for name, columns in COLUMNS.items()})


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """One table."""
    try:
        return pd.read_csv(path)[list(columns)]
    except FileNotFoundError as error:
        msg = f"No backtest of alternative provision in {path.parent}: {path.name} is missing. {_REMAKE}"
        raise ModelError(msg) from error
    except (KeyError, ValueError) as error:
        msg = f"The backtest of alternative provision in {path.parent} is damaged: {path.name}. {_REMAKE}"
        raise ModelError(msg) from error
