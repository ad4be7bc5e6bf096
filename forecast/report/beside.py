"""What stands beside a lever: what the area, England and the area's neighbours have done in the last years.

    lever -> measures that it moves -> the area, by year | England, by year | neighbours: lowest, middle, highest

A figure that was not published or not counted is None, and is said to be missing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.domain import Provision
from forecast.errors import UnknownLabel
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.report.beside_words import HIGHEST, LOWEST, MIDDLE, Line, Rank, no_neighbours, reading
from forecast.report.phrases import area_name
from forecast.series.measured import HERE
from forecast.series.measures import MEASURES, Measure
from forecast.series.standing import ENGLAND, Standing, england, figures

YEARS: Final = 6
"""Januaries that are told."""
ENTRY: Final = ("new_to_special", "new_to_mainstream", "new_to_base", "mainstream_share", "moved_to_special")
PLACES: Final = ("special_rate", "special_growth", "new_to_special")
MOVING: Final = ("moved_out", "moved_in")
BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "scale_starts": ("new_plans", "requests", "plans_5_15"),
    "hold_starts": ("new_plans", "requests", "plans_5_15"),
    "lower_ceiling": ("plans_5_15", "plans_growth", "new_plans"),
    "share_of_pupils": ("plans_5_15", "plans_growth", "new_plans"),
    "review_plans": ("ended", "ended_16", "plans_growth"),
    "scale_leaving": ("ended_16", "ended", "moved_out"),
    "shift_placement": ENTRY,
    "rebalance": ENTRY,
    "bring_home": ("independent_rate", "independent_growth", "new_to_independent"),
    "expand_bases": ("base_growth", "base_rate", "new_to_base"),
    "hub_and_spoke": PLACES,
    "open_places": PLACES,
    "expand_school": PLACES,
    "close_school": PLACES,
    "delay_school": PLACES,
    "scale_moving_in": MOVING,
    "families_move_in": MOVING,
    "new_homes": MOVING,
    **dict.fromkeys(("ap_outreach", "ap_shorten_stays", "ap_transition", "ap_return", "ap_scale_arrivals"), ()),
    "scale_price": (),
    "set_price": (),
}
"""Kind of lever -> keys of `MEASURES`, the one that tells most first; none where nothing is published by authority."""
OF_PLACE: Final[Mapping[Provision, str]] = {
    Provision.MAINSTREAM: "new_to_mainstream",
    Provision.INDEPENDENT_MAINSTREAM: "new_to_mainstream",
    Provision.BASE: "new_to_base",
    Provision.SPECIAL: "new_to_special",
    Provision.SPECIAL_NONMAINTAINED: "new_to_special",
    Provision.INDEPENDENT: "new_to_independent",
}
"""Kind of place -> share of new plans placed there."""
SOURCE: Final = (
    "Department for Education, Education, health and care plans; residents: Office for National Statistics, mid-year "
    "estimates, aged on; statistical neighbours: Department for Education, May 2025. "
    "Open Government Licence v3.0."
)
_PUBLISHED: Final = "published"
_NOT_SAID: Final = "No figure of it is published by authority."
_OF_AP: Final = (
    "Who comes to alternative provision, for how long, and who returns is not published by authority, nor is outreach. "
    "Permanent exclusions are, but do not ship with this program: put the area's own in exclusions.csv."
)
"""What is said beside a lever on alternative provision."""


@dataclass(frozen=True)
class Told:
    """One measure, told of everybody."""

    measure: Measure
    lines: tuple[Line, ...]
    """The area, England, and where it has neighbours their lowest, middle and highest."""
    authorities: int
    """How many England is the sum of, in the last year that has a figure."""
    rank: Rank | None
    """Of the area among itself and its neighbours, in its own last year; None where either has no figure."""
    reading: str
    """The same as a sentence or two."""


@dataclass(frozen=True)
class Beside:
    """What stands beside one kind of lever."""

    kind: str
    told: tuple[Told, ...]
    """The measure that tells most first; none where nothing is published by authority."""
    reading: str
    """The first of them in words, or why there is none."""
    source: str


def standing(area: Area) -> Standing:
    """What an area is held against: the shipped table of authorities and neighbours, and its own counts if it has any.

    Read it once; it serves every lever.

    Raises
    ------
    NoMeasures, InputFaults
        The table is missing or damaged.
    """
    from forecast.inputs.measures import read_measures  # noqa: PLC0415 - pandera takes a second to import
    from forecast.inputs.reference import read_neighbours  # noqa: PLC0415 - likewise
    from forecast.series.measured_here import measured_here  # noqa: PLC0415 - likewise

    own = None if area.about.kind == _PUBLISHED else measured_here(area)
    return Standing(read_measures(), read_neighbours(), own)


def beside(kind: str, about: About, against: Standing, place: Provision | None = None) -> Beside:
    """What the area, England and neighbours have done of what a kind of lever moves.

    Parameters
    ----------
    kind : of lever, such as `rebalance`
    against : from `standing`
    place : kind of place that a lever on placement takes children from; new plans placed there then come first

    Raises
    ------
    UnknownLabel
        There is no such kind of lever.
    """
    if kind not in BESIDE:
        raise UnknownLabel("kind of change", kind, BESIDE)
    first = [OF_PLACE[place]] if place is not None and place in OF_PLACE else []
    told = tuple(_told(MEASURES[key], about, against) for key in dict.fromkeys([*first, *BESIDE[kind]]))
    said = told[0].reading if told else _OF_AP if kind.startswith("ap_") else _NOT_SAID
    if told and about.la_code not in against.neighbours:
        said = f"{said} {no_neighbours(about)}"
    source = SOURCE if against.own is None else f"{_own_source(about)} {SOURCE}"
    return Beside(kind, told, said, source)


def _own_source(about: About) -> str:
    if about.synthetic:
        return f"{about.name} is invented, and so are its figures."
    return f"{about.name}: counted by the council itself."


def _told(measure: Measure, about: About, against: Standing) -> Told:
    """One measure of the area, England and the neighbours, in the last `YEARS` Januaries of which anybody has it."""
    everyone = figures(against.authorities, measure)
    whole, number = england(against.authorities, measure)
    mine = _mine(measure, about, against, everyone)
    near = everyone.reindex(columns=list(against.neighbours.get(about.la_code, ())))
    known = pd.concat([whole, mine], axis=1).dropna(how="all").index
    years = [int(year) for year in known[-YEARS:]]
    lines = [_line(area_name(about), mine, years), _line(ENGLAND, whole, years)]
    if len(near.columns):
        ends = {LOWEST: near.min(axis=1), MIDDLE: near.median(axis=1), HIGHEST: near.max(axis=1)}
        lines += [_line(who, some, years) for who, some in ends.items()]
    rank, last = _ranked(mine.dropna(), near), whole.last_valid_index()
    authorities = 0 if last is None else int(number.to_dict()[last])
    return Told(measure, tuple(lines), authorities, rank, reading(measure, about, lines, rank))


def _mine(measure: Measure, about: About, against: Standing, everyone: pd.DataFrame) -> "pd.Series[float]":
    """The area's own figures: index year, no rows where there are none."""
    if against.own is not None:
        own = pd.DataFrame() if against.own.empty else figures(against.own, measure)
        return own[HERE] if HERE in own else pd.Series(dtype=float)
    return everyone[about.la_code] if about.la_code in everyone else pd.Series(dtype=float)


def _line(who: str, values: "pd.Series[float]", years: list[int]) -> Line:
    """A row of the table; None where there is no figure."""
    some = values.reindex(years)
    return Line(who, {year: None if pd.isna(some.loc[year]) else float(some.loc[year]) for year in years})


def _ranked(mine: "pd.Series[float]", near: pd.DataFrame) -> Rank | None:
    """Where the area stands in its own last year."""
    if mine.empty or mine.index[-1] not in near.index:
        return None
    year = int(str(mine.index[-1]))
    others = near.loc[year].dropna()
    higher = int((others > mine.iloc[-1]).to_numpy().sum())
    return Rank(year, higher + 1, len(others) + 1) if len(others) else None
