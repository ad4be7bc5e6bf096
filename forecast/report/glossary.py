"""Words that every output explains, and where its figures come from."""

from typing import Final

from forecast.domain import BASE_VOCABULARIES
from forecast.projection import Projection
from forecast.report.phrases import RANGE, capped
from forecast.scenario.worlds import World

OPEN_LICENCE: Final = (
    "Contains public sector information licensed under the Open Government Licence v3.0 "
    "(Department for Education, DfE; Office for National Statistics, ONS)."
)
EXPLAINED: Final = {
    "Plan": "an education, health and care plan, which says what a child with special needs must be given.",
    "SEN": "special educational needs.",
    "Base": "a SEN unit or resourced provision in a mainstream school.",
    **{capped(word): f"{meaning}." for word, meaning in BASE_VOCABULARIES.items()},
    "Specialist places": "in special schools, bases and alternative provision, whoever runs them.",
    RANGE: "of 10 possible futures, 8 lie within the range, 1 below it and 1 above.",
    "World": f"a named future, for the years that past figures say little about: {', '.join(w.words for w in World)}.",
    "School years": "2031/32 is the school year that holds January 2032, when children are counted.",
}
"""Glossary of every output: each word that a newcomer would ask about."""
STATUS: Final = {
    "inferred": "inferred by this program",
    "England's": "England's figures, lent to the area",
    "assumed": "assumed",
    "synthetic": "invented",
}
"""How the status of a source is said, for those that are neither published nor counted."""
SHORT: Final = {
    "Short by": "children without a place, on average over all futures; where only some futures lack places, that is "
    "more than nought though the number expected fits."
}
"""What outputs explain besides where places are the council's own."""
AP: Final = {
    "Alternative provision (AP)": "teaching outside an ordinary school, for a time or until a new school is found.",
    "AP school": "state-funded: a pupil referral unit (the council's own), an AP academy or an AP free school.",
    "Permanent exclusion": "a child is taken off the school's roll for good; the council must find a place by day six.",
    "Off-site direction": "a school sends a child of its own elsewhere for a time, to improve behaviour.",
    "Dual registration": "on the roll of two schools at once; such a child is counted once, at the main one.",
    "Sent for part of the week": "children who stay on their school's roll and fill a place of an AP school on some "
    "days.",
    "Headcount": "children on roll on average over the school year, each once.",
    "Place-year": "one full-time place filled for a whole year, by one child or by several after or beside each other.",
    "Fullest month (peak)": "the month in which most places are filled: what must be there.",
    "Headroom": "places kept free beyond the fullest month, for the next child who must be taken.",
    "Tiers": "1, outreach to the child's own school; 2, a time-limited place; 3, a place until a new school or post-16 "
    "(DfE, March 2023).",
}
"""What outputs explain besides where the area's alternative provision is forecast."""


def explained(projection: Projection) -> dict[str, str]:
    """The glossary of an output; nothing is called short where places are assumed."""
    words = EXPLAINED if projection.ap is None else EXPLAINED | AP
    return words if projection.places_assumed else words | SHORT
