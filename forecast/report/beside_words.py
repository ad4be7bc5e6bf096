"""What stands beside a lever, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from forecast.inputs.about import About
from forecast.report.phrases import area_name, capped, census
from forecast.series.measures import PER_CENT, Measure

LOWEST, MIDDLE, HIGHEST = "Neighbours, lowest", "Neighbours, middle", "Neighbours, highest"
"""Who the lines of the neighbours are called."""
_NEAREST: Final = {1: "st", 2: "nd", 3: "rd"}


@dataclass(frozen=True)
class Line:
    """One row of a table: whose figures, by January."""

    who: str
    figures: Mapping[int, float | None]
    """January -> figure in the unit of the measure; None where there is none."""

    @property
    def known(self) -> dict[int, float]:
        """January -> figure, where there is one."""
        return {year: figure for year, figure in self.figures.items() if figure is not None}


@dataclass(frozen=True)
class Rank:
    """Where an area stands among itself and its neighbours."""

    year: int
    place: int
    """1 is the highest."""
    of: int
    """How many have a figure, the area among them."""


def reading(measure: Measure, about: About, lines: Sequence[Line], rank: Rank | None) -> str:
    """One measure in sentences: the area, England, its neighbours and its place among them.

    Parameters
    ----------
    lines : of the area, of England, and where it has neighbours their lowest, middle and highest
    """
    mine, england, *near = lines
    if not mine.known:
        missing = f"{measure.name}: {_missing(about)}."
        return f"{missing} {_of(measure, england)}" if england.known else missing
    parts = [f"{measure.name}. {_of(measure, mine)}"]
    parts += [_of(measure, england, mine)] if england.known else ["No figure is published of England."]
    ends = {line.who: line.known for line in near}
    if rank is not None:
        low, middle, high = (figure_words(ends[who][rank.year], measure) for who in (LOWEST, MIDDLE, HIGHEST))
        number = rank.of - 1
        some = f"{number} statistical neighbours" if number > 1 else "The one statistical neighbour with a figure"
        parts.append(f"{some}: {low} to {high}, {middle} in the middle; {area_name(about)} is {_placed(rank)}.")
    return " ".join(parts)


def figure_words(value: float, measure: Measure) -> str:
    """A figure without what it is of: "9.3", "14.1%", "5.2% fewer"."""
    if measure.growth:
        return f"{abs(value):.1f}% {'more' if value >= 0 else 'fewer'}"
    return f"{value:.1f}%" if measure.times == PER_CENT else f"{value:.1f}"


def when(year: int, measure: Measure) -> str:
    """What a figure is of: "in January 2025", "in the year to January 2025"."""
    return f"in the year to {census(year)}" if measure.flow or measure.growth else f"in {census(year)}"


def _of(measure: Measure, line: Line, said: Line | None = None) -> str:
    """A line's last figure and its first, with their Januaries.

    Parameters
    ----------
    said : line of the sentence before, whose unit and Januaries are not said again where they are the same
    """
    first, last = min(line.known), max(line.known)
    same = said.known if said else {}
    now, before = (figure_words(line.known[year], measure) for year in (last, first))
    words = now
    if not same or max(same) != last:
        unit = "" if measure.growth else f" {measure.unit.removeprefix('% ')}"
        words = f"{now}{unit} {when(last, measure)}"
    if measure.growth or first == last:
        return f"{line.who}: {words}."
    way = "up from " if line.known[last] > line.known[first] else "down from "
    since = f" {when(first, measure)}" if not same or min(same) != first else ""
    if now == before:
        return f"{line.who}: {words}, as {when(first, measure)}."
    return f"{line.who}: {words}, {way}{before}{since}."


def _missing(about: About) -> str:
    """Why an area has no figure."""
    return f"not {'published' if about.kind == 'published' else 'counted'} of {area_name(about)}"


def _placed(rank: Rank) -> str:
    """Place of an area in words: "the highest of the 11", "2nd highest of the 11"."""
    if rank.place in {1, rank.of}:
        return f"the {'highest' if rank.place == 1 else 'lowest'} of the {rank.of}"
    return f"{rank.place}{_NEAREST.get(rank.place, 'th')} highest of the {rank.of}"


def no_neighbours(about: About) -> str:
    """What is said where an area has none."""
    return f"{capped(area_name(about))} has no statistical neighbours in the list that ships."
