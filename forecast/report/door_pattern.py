"""One pattern of hidden cells for everything that is released at once, and the proof that it holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.errors import Fault, ForecastError, InputFaults
from forecast.report.door_ap import few_in_ap
from forecast.report.door_audit import Frame, Mask, Wanted, reach, wanted
from forecast.report.door_cells import census_frame, forecast_frames
from forecast.report.door_hide import hide
from forecast.report.door_lines import Lines, Register, in_special_schools, lines_of, small_cells, values_of
from forecast.report.door_read import Kept
from forecast.report.door_rules import Numbers, Profile

NONE_OPEN: Final = "none left open"
"""Said where there is no small number but those that published totals tell by themselves."""


class DoorShut(ForecastError):
    """A hidden number could be worked out, whatever else is hidden."""

    def __init__(self, tables: Sequence[str], profile: Profile) -> None:
        super().__init__(
            f"Nothing was published: under the profile {profile.name!r} a hidden number of children in "
            f"{', '.join(tables)} could be worked out; leave that table out of the run, or publish fewer runs at once."
        )


@dataclass(frozen=True)
class Audit:
    """What was proved, in numbers that tell nothing of any child."""

    cells: int
    """Different cells in all tables, each counted once whatever its years and scenarios."""
    hidden: int
    """Of them, those that no table shows."""
    januaries: int
    """Censuses and forecast Januaries gone through, scenario by scenario."""
    sought: int
    """Least and most that were worked out: small numbers of children, January by January."""
    told_elsewhere: int
    """Small numbers of the census that follow from published totals by themselves."""
    narrowest_left_open_at_census: str
    """What a reader can be surest of, about a small number of the census that published totals leave open."""
    narrowest_in_forecasts: str
    """The same of forecasts, about which nothing is published."""


@dataclass(frozen=True, eq=False)
class Pattern:
    """What is hidden."""

    hidden: Mask
    """(cell)."""
    lines: Sequence[Mapping[str, Lines]]
    """Tables of counts of each run."""
    rates: Sequence[tuple[int, pd.DataFrame] | None]
    """Cell and children of each run's rate of residents in special schools."""
    audit: Audit
    few_in_ap: bool
    """Whether children without a plan in alternative provision are so few that nothing is said of them."""


def pattern(runs: Sequence[Kept], profile: Profile, known: Sequence[Sequence[str]]) -> Pattern:
    """Decide what to hide in all of `runs` together, and prove that it is enough.

    Raises
    ------
    DoorShut
        It is not, and cannot be.
    InputFaults
        The runs hold different tables.
    """
    register = Register()
    lines = [lines_of(run, register) for run in runs]
    rates = [in_special_schools(run, register) for run in runs]
    cells = register.parts
    small: Mask = np.zeros(len(cells), dtype=bool)
    januaries: list[Numbers] = []
    for run, tables, rate in zip(runs, lines, rates, strict=True):
        found, values = _forecast(tables, rate, run.run.base, len(cells), profile)
        np.logical_or(small, found, out=small)
        januaries += values
        if np.isnan(values).any():
            what = "it holds other tables than the rest"
            raise InputFaults([Fault(str(run.run.folder), 0, "", what, "run them all again with: forecast run")])
    census = runs[0].census
    frames = [census_frame(census, cells, known), *forecast_frames(cells, januaries)]
    never = ~cells[:, ~census.impossible].any(axis=1)
    hidden, audit = decide(frames, small, np.asarray(never), register.tables, profile)
    return Pattern(hidden, lines, rates, audit, few_in_ap(runs, profile))


def decide(
    frames: Sequence[Frame], small: Mask, never: Mask, tables: Sequence[Sequence[str]], profile: Profile
) -> tuple[Mask, Audit]:
    """What to hide in `frames`, the first of them a census: (cell), and the proof.

    Parameters
    ----------
    small, never : see `hide`
    tables : names of the tables that each cell stands in

    Raises
    ------
    DoorShut
        A small number could be worked out all the same.
    """
    aims = [(frame, wanted(frame, profile)) for frame in frames]
    every: Mask = small | np.any([profile.small(frame.values) for frame in frames], axis=0)
    hidden = hide(aims, every, never, profile)
    audited(aims, hidden, tables, profile)
    census = aims[0][1]
    return hidden, Audit(
        cells=len(hidden),
        hidden=int(hidden.sum()),
        januaries=len(frames),
        sought=sum(len(aim.cells) for _, aim in aims),
        told_elsewhere=census.told,
        narrowest_left_open_at_census=_narrowest(aims[:1], profile),
        narrowest_in_forecasts=_narrowest(aims[1:], profile),
    )


def audited(
    aims: Sequence[tuple[Frame, Wanted]], hidden: Mask, tables: Sequence[Sequence[str]], profile: Profile
) -> None:
    """Work out afresh what a reader could of every hidden small number.

    Raises
    ------
    DoorShut
        It is more than the rules allow, or a small number is not hidden.
    """
    for frame, aim in aims:
        open_ = profile.small(frame.values) & ~hidden
        low, high = reach(frame, hidden, profile, aim.cells, aim.low, aim.high)
        found = [*np.flatnonzero(open_), *aim.cells[aim.unmet(low, high)]]
        if found:
            raise DoorShut(sorted({name for cell in found for name in tables[cell]}), profile)


def _narrowest(aims: Sequence[tuple[Frame, Wanted]], profile: Profile) -> str:
    """Class of the narrowest interval, which is the same whatever the numbers are."""
    if not any(len(aim.cells) for _, aim in aims):
        return NONE_OPEN
    whole = all(((aim.low <= 1) & (aim.high >= profile.threshold)).all() for _, aim in aims)
    said = f"anything from 1 to {profile.threshold}"
    return said if whole else f"{said}, or whatever of it the published totals of the authority leave open"


def _forecast(
    tables: Mapping[str, Lines], rate: tuple[int, pd.DataFrame] | None, base: int, cells: int, profile: Profile
) -> tuple[Mask, list[Numbers]]:
    """Cells of a run that are small in any year or statistic, and the mean of every cell in each later January."""
    small = np.zeros(cells, dtype=bool)
    years: set[int] = set()
    for table in tables.values():
        found = small_cells(table.children, profile)
        small[table.cells.loc[found.index[found]]] = True
        years |= set(table.children.index.get_level_values("year"))
    later = {year: values_of(tables, year, cells) for year in sorted(years - {base})}
    if rate is not None:
        cell, children = rate
        small[cell] |= bool(profile.small(children.drop(columns="residents")).any())
        for year, values in later.items():
            values[cell] = children["mean"].get(year, np.nan)
    return small, list(later.values())
