"""The published figures of every authority, a table a measure, and what of them was known at a January.

    year    January census; a flow of `year` is of the calendar year that ends with it
    unit    an authority's three-digit code, or a label such as `838+839` for authorities that were
            reorganised and can only be followed as one

A figure that was not published, or that is mostly of unknown placement, is missing: never zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast.domain import NC_YEARS
from forecast.errors import ForecastError
from forecast.model.people import aged
from forecast.series.targets import PLANS

GROWTH_YEARS = 3
"""Censuses before an origin that a growth of three years needs."""


class NothingKnown(ForecastError):
    """No census at or before the January to forecast from."""

    def __init__(self, year: int, first: int, last: int) -> None:
        super().__init__(
            f"The releases hold the censuses of January {first} to {last}: none to forecast from at January {year}; "
            f"choose an --origin from {min(first + GROWTH_YEARS, last)} to {last}, or give the release with "
            "earlier censuses too (--sen2)."
        )


@dataclass(frozen=True, eq=False)
class Panel:
    """What was known of every authority at one January; nothing later is in it."""

    children: Mapping[str, pd.DataFrame]
    """Measure of `targets` -> children at each January: index year, a column a unit."""
    flows: Mapping[str, pd.DataFrame]
    """`new_plans`, `new_5_15`, `new_under_5`, `requests`, `refused`, `issued`, `issued_in_20_weeks`: the same axes."""
    people: Mapping[int, pd.DataFrame]
    """Mid-year -> estimated residents: index unit, a column an age."""
    neighbours: pd.DataFrame
    """1 for each statistical neighbour of a unit: index unit, columns unit."""
    left_out: pd.DataFrame
    """Figures that were published and are not used: unit, target, year, reason."""

    @property
    def first(self) -> int:
        """January of the first census."""
        return int(self.children[PLANS].index[0])

    @property
    def latest(self) -> int:
        """January of the last census."""
        return int(self.children[PLANS].index[-1])

    @property
    def units(self) -> pd.Index:
        """Every unit, in code order."""
        return self.children[PLANS].columns

    def as_known(self, year: int) -> "Panel":
        """Only what was dated before the end of January `year`: its census, flows to the December before.

        The population is that of estimates before `year`; where there is none, the first one there is, which is
        later: a declared exception.

        Raises
        ------
        NothingKnown
            There is no census of that January.
        """
        census = self.children[PLANS].index
        if year not in census:
            raise NothingKnown(year, int(census[0]), int(census[-1]))
        mid_years = [mid_year for mid_year in self.people if mid_year < year] or [min(self.people)]
        return Panel(
            children={name: table.loc[:year] for name, table in self.children.items()},
            flows={name: table.loc[:year] for name, table in self.flows.items()},
            people={mid_year: self.people[mid_year] for mid_year in mid_years},
            neighbours=self.neighbours,
            left_out=self.left_out[self.left_out["year"] <= year],
        )

    def at(self, name: str, year: int) -> "pd.Series[float]":
        """A measure or flow at `year`, missing where there is no figure: index unit."""
        table = self.children[name] if name in self.children else self.flows[name]
        return table.reindex(index=[year], columns=self.units).iloc[0]

    def residents(self, year: int) -> pd.DataFrame:
        """Residents at January `year`, the latest estimate aged along cohorts, births held: index unit, columns age."""
        mid_year = max(self.people)
        table = self.people[mid_year].reindex(self.units)
        return pd.DataFrame(
            aged(table.to_numpy(dtype=float), year - 1 - mid_year), index=table.index, columns=range(len(NC_YEARS))
        )
