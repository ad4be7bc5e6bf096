"""Levers on alternative provision alone, on the page "What if?": whom its places are set against."""

from collections.abc import Mapping
from typing import Final

from forecast.decide.compare import Compared
from forecast.decide.measures import AP_SCHOOLS, Measure
from forecast.decide.without_plan import filled_by_both

ROOM: Final[Mapping[Measure, str]] = {
    Measure.SHORT: "children with or without a plan who have no AP school place",
    Measure.AP_MORE: "children with or without a plan beyond the AP school places filled now",
}
"""Measure of room -> what it counts in AP schools, for the inside of a sentence."""


def room_of_ap(found: Compared) -> tuple[Measure, str] | None:
    """Measure of room in AP schools and what it is of, that every forecast has; None where there is none."""
    told = ((Measure.SHORT, str(filled_by_both(found.about))), (Measure.AP_MORE, AP_SCHOOLS))
    for measure, label in told:
        known = [each[measure]["of"].to_numpy().tolist() if measure in each else [] for each in found.measured]
        if all(label in labels for labels in known):
            return measure, label
    return None
