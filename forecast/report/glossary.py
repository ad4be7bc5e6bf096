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


def explained(projection: Projection) -> dict[str, str]:
    """The glossary of an output; nothing is called short where places are assumed."""
    return EXPLAINED if projection.places_assumed else EXPLAINED | SHORT
