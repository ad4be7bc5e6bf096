"""Tables as they may be shown: rounded, hidden where they must be.

Whatever follows from children is worked out from the children that are shown. A cell is a text, a number, or not a
number where the run's own table has a blank.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.places.rating import LEAST
from forecast.places.sufficiency import STATISTICS
from forecast.report.door_audit import Mask
from forecast.report.door_lines import RESIDENT, Lines
from forecast.report.door_rules import HIDDEN, Profile
from forecast.report.phrases import FEW
from forecast.report.tables import CHANCE, CHILDREN, MORE, PLACES, SHORT, TOTALS

CHANCES: Final = 0.05
"""Shares of futures are given to the nearest of this."""
RATE_PLACES: Final = 5
"""Decimals of a rate."""
_STATISTICS: Final = list(STATISTICS)


def shown_counts(lines: Lines, hidden: Mask, profile: Profile, base: int, *, few_in_ap: bool = False) -> pd.DataFrame:
    """A table of counts: children rounded or hidden, and every other measure from them.

    Parameters
    ----------
    hidden : (cell)
    base : January of the census, where a shortage is a difference of two counts
    few_in_ap : whether shortages of places that children without a plan fill too are hidden
    """
    table = lines.table
    children = _shown_children(lines, hidden, profile)
    now = children.xs(base, level="year").reindex(children.index, level="line")
    places = _alone(lines.of(PLACES), profile)
    room = (children - places).reindex(children.index)
    measures = {
        CHILDREN: children,
        MORE: children - now,
        PLACES: places,
        SHORT: _at_census(room.clip(lower=0), _alone(lines.of(SHORT), profile), lines, base),
        CHANCE: _at_census((room >= LEAST).where(room.notna()), _near(lines.of(CHANCE)), lines, base),
    }
    for measure in (SHORT, CHANCE) if few_in_ap else ():
        line = measures[measure].index.get_level_values("line")
        measures[measure] = measures[measure].mask(pd.Series(lines.with_others[line], index=measures[measure].index))
    cells = pd.DataFrame(HIDDEN, index=table.index, columns=_STATISTICS, dtype=object)
    secret = hidden[table["cell"].to_numpy()]
    for measure in set(table["measure"]) & set(measures):
        at = (table["measure"] == measure).to_numpy()
        rows = lines.of(measure)
        cells.loc[at] = _text(measures[measure].reindex(rows.index), rows, secret[at]).to_numpy()
    return table.drop(columns=["line", "cell"]).assign(**{str(name): column for name, column in cells.items()})


def growth_of_needs(by_need: pd.DataFrame, base: int, years: Sequence[int]) -> pd.DataFrame:
    """Needs by growth in specialist places, from the released table by need; those that are hidden come last.

    Parameters
    ----------
    by_need : the released table `places_by_need`
    years : the January of the table
    """
    whole = by_need[by_need["provision"] == TOTALS["provision"]]
    now = whole[(whole["year"] == base) & (whole["measure"] == CHILDREN)].set_index("need")["mean"]
    grown = whole[whole["year"].isin(years) & (whole["measure"] == MORE) & (whole["need"] != TOTALS["need"])]
    table = grown.drop(columns=["provision", "measure"])
    table.insert(3, "now", table["need"].map(now))
    known = pd.to_numeric(table["mean"], errors="coerce")
    order = known.sort_values(ascending=False, kind="stable", na_position="last").index
    return table.loc[order].reset_index(drop=True)


def shown_rates(rates: pd.DataFrame, children: pd.DataFrame, *, hidden: bool, profile: Profile) -> pd.DataFrame:
    """The table of special school rates, those of residents worked out from children as they are shown.

    Parameters
    ----------
    children : index year; children in special schools by statistic, and residents
    """
    own = (rates["definition"] == RESIDENT).to_numpy()
    at = children.reindex(rates["year"])
    residents = at["residents"].to_numpy()
    shown = rates.drop(columns=[name for name in rates if str(name).startswith("children_")]).astype(object)
    for name, end in {"mean": "", "p10": "_p10", "p50": "_p50", "p90": "_p90"}.items():
        rounded = np.round(profile.rounded(at[name]) / residents, RATE_PLACES)
        shown[f"rate{end}"] = np.where(own, HIDDEN if hidden else rounded, rates[f"rate{end}"])
    gap = profile.rounded(at["mean"]) - profile.rounded(rates["england_rate"].astype(float) * residents)
    shown["children"] = np.where(own, HIDDEN if hidden else gap, rates["children"])
    return shown


def modelled(table: pd.DataFrame) -> pd.DataFrame:
    """A table of an area whose figures are modelled from published ones: whole numbers, and none small."""
    if "measure" not in table:
        counts = [name for name in table if str(name).startswith("children") or name in {"now", *_STATISTICS}]
        return table.assign(**{str(name): _whole(table[name]) for name in counts})
    share = table["measure"] == CHANCE
    return table.assign(**{name: _whole(table[name]).where(~share, table[name]) for name in _STATISTICS})


def _whole(numbers: pd.Series) -> pd.Series:
    few = (numbers != 0) & (numbers.abs() < FEW)
    return (numbers.round() + 0).astype(object).mask(few, f"fewer than {FEW}")


def _shown_children(lines: Lines, hidden: Mask, profile: Profile) -> pd.DataFrame:
    """Children as they are shown, not a number where they are hidden."""
    children = lines.children
    secret = hidden[lines.cells.loc[children.index.get_level_values("line")].to_numpy()]
    rounded = pd.DataFrame(profile.rounded(children), index=children.index, columns=children.columns)
    return rounded.mask(pd.Series(secret, index=children.index), np.nan)


def _alone(rows: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """Each number by itself: rounded, not a number where it is small."""
    rounded = pd.DataFrame(profile.rounded(rows), index=rows.index, columns=rows.columns)
    return rounded.mask(pd.DataFrame(profile.small(rows), index=rows.index, columns=rows.columns))


def _near(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares of futures as they are shown."""
    return (shares / CHANCES).round() * CHANCES


def _at_census(census: pd.DataFrame, later: pd.DataFrame, lines: Lines, base: int) -> pd.DataFrame:
    """`later`, but at the census what follows from what is shown; of several kinds of place together, nothing does."""
    line, year = later.index.get_level_values("line"), later.index.get_level_values("year")
    found = census.reindex(later.index).astype(float).where(pd.Series(lines.one_kind[line], index=later.index))
    return later.mask(pd.Series(year == base, index=later.index), found)


def _text(numbers: pd.DataFrame, rows: pd.DataFrame, secret: Mask) -> pd.DataFrame:
    """Numbers, `[c]` where the run has one that is not shown, and a blank where it has none."""
    cells = numbers.mask(pd.Series(secret, index=numbers.index), np.nan).round(10) + 0
    return cells.astype(object).where(cells.notna() | rows.isna(), HIDDEN)
