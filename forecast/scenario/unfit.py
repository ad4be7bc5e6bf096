"""What in a scenario does not fit an area and a forecast: labels that the area has not, years that it does not hold."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from forecast.domain import OWN, academic_year
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.about import About
from forecast.scenario.ap_lever import ADD_FILES, NO_FIGURES, ApChange
from forecast.scenario.checked import Origin, nearest
from forecast.scenario.dated import Dated
from forecast.scenario.order import in_turn

_CALLED: Final = {"district": "district", "need": "need", "provision": "kind of place", "school": "school or base"}
"""Axis of `Dated.labels` -> what a label of it is called."""


def unfit(
    ground: Iterable[Dated],
    changes: Sequence[Dated],
    origins: Sequence[Origin],
    about: About,
    places: pd.DataFrame,
    years: Sequence[int],
    *,
    ap: bool = True,
) -> list[Fault]:
    """Every fault of a scenario's own changes against an area and the years of a forecast.

    A school that one change opens is known to the others, wherever a file has them.

    Parameters
    ----------
    ground : changes of the world that it stands in, made before its own
    origins : where each of `changes` was written
    places : columns of `schemas_places.Places`, before any change
    years : Januaries that are forecast, the latest census not among them
    ap : whether the area has figures on alternative provision
    """
    filled = _filled(places)
    for change in ground:
        places = change.build(places)
    faults: list[list[Fault]] = [[] for _ in changes]
    for at in in_turn(changes):
        change, origin = changes[at], origins[at]
        faults[at] = [
            *_of_years(change, origin, years),
            *_of_labels(change, origin, known(about, places, filled)),
            *([] if ap or not isinstance(change, ApChange) else [origin.fault(NO_FIGURES, ADD_FILES)]),
        ]
        if not faults[at]:
            places, faults[at] = _built(change, origin, places)
    return [fault for wrong in faults for fault in wrong]


def known(about: About, places: pd.DataFrame, filled: frozenset[str] | None = None) -> Mapping[str, tuple[str, ...]]:
    """Axis of `Dated.labels` -> words that a scenario of an area may use there.

    Parameters
    ----------
    places : columns of `schemas_places.Places`
    filled : names that stand for places taken to be there, which are no schools; those of `places` if left out
    """
    none = _filled(places) if filled is None else filled
    codes = (str(meaning) for meaning in about.provisions.values() if meaning != OWN)
    return {
        "district": about.district_names,
        "need": tuple(about.needs),
        "provision": tuple(dict.fromkeys([*about.provisions, *codes])),
        "school": tuple(school for school in dict.fromkeys(places["school"]) if school not in none),
    }


def _filled(places: pd.DataFrame) -> frozenset[str]:
    """Names of an area's own rows of places that are not listed but taken to be there, since children fill them."""
    return frozenset(places.loc[places["assumed"].astype(bool), "school"])


def _of_years(change: Dated, origin: Origin, years: Sequence[int]) -> list[Fault]:
    """A change that begins before the forecast, or after it."""
    begins, first, last = change.from_year, years[0], years[-1]
    if begins < first:
        what = f"it begins in {academic_year(begins)}, and children of {academic_year(first - 1)} are counted already"
        return [origin.fault(what, f"begin in {academic_year(first)} or later", "from")]
    if begins > last:
        what = f"it begins in {academic_year(begins)}, after the last year of the forecast, {academic_year(last)}"
        remedy = "so it would do nothing: begin it earlier, make the forecast longer, or leave it out"
        return [origin.fault(what, remedy, "from")]
    if change.first_january > last:
        what = (
            f"its places are first counted in January {change.first_january}, and the forecast ends in January {last}"
        )
        remedy = "so it would do nothing: open them earlier, make the forecast longer, or leave it out"
        return [origin.fault(what, remedy, "from")]
    return []


def _of_labels(change: Dated, origin: Origin, area: Mapping[str, Sequence[str]]) -> list[Fault]:
    """Labels that the area has not."""
    return [
        origin.fault(*_unknown(axis, label, area[axis]), axis, label)
        for axis, labels in change.labels().items()
        for label in dict.fromkeys(labels)
        if label not in area[axis]
    ]


def _unknown(axis: str, label: str, has: Sequence[str]) -> tuple[str, str]:
    """A label that an area has not, and its remedy."""
    if axis == "school" and not has:
        what = f"the area lists no schools of its own, so there is none called {label!r} to change"
        return what, "list the area's places in places.csv, or leave this out"
    return f"the area has no {_CALLED[axis]} called {label!r}", nearest(label, has)


def _built(change: Dated, origin: Origin, places: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault]]:
    """Places after a change, or what it finds wrong with them."""
    try:
        return change.build(places), []
    except InputFaults as error:
        return places, [origin.fault(fault.what, fault.remedy) for fault in error.faults]
    except ForecastError as error:
        what, _, remedy = str(error).rstrip(".").rpartition("; ")
        return places, [origin.fault(what, remedy) if what else origin.fault(remedy, "correct it")]
