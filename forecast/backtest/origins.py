"""Januaries to forecast from, what was known at each, and, kept apart by type, what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.series.panel import Panel
from forecast.series.targets import HORIZONS, TARGETS

FIRST_ORIGIN: Final = 2016
"""First January that is forecast from."""
CHOSEN_TO: Final = 2021
"""Last January whose outcomes choices were made by: later ones are the test."""


@dataclass(frozen=True)
class Truth:
    """What came after an origin: for scoring only. No forecast takes this type."""

    after: int
    children: Mapping[str, pd.DataFrame]
    """Target -> children at the Januaries after the origin: index year, a column a unit."""

    def at(self, target: str, year: int) -> "pd.Series[float]":
        """Children that came: index unit."""
        return self.children[target].loc[[year]].iloc[0]


@dataclass(frozen=True)
class Origin:
    """A January to forecast from."""

    year: int
    past: Panel
    """All that a forecast may see."""
    truth: Truth

    @property
    def horizons(self) -> tuple[int, ...]:
        """Years ahead whose outcome is known."""
        last = max(self.truth.children[next(iter(TARGETS))].index, default=self.year)
        return tuple(ahead for ahead in HORIZONS if self.year + ahead <= last)


def origins(panel: Panel, first: int = FIRST_ORIGIN) -> Sequence[Origin]:
    """Every January from `first` with an outcome, each with what was known then."""
    return [
        Origin(
            year,
            panel.as_known(year),
            Truth(year, {target: panel.children[target].loc[year + 1 :] for target in TARGETS}),
        )
        for year in range(first, panel.latest)
    ]
