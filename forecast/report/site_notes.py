"""What a siting or a portfolio rests on, and what was left out of it, in sentences."""

from typing import Final

from forecast.decide.site import SCENARIOS
from forecast.decide.site_run import Candidates, Sited
from forecast.projection import Projection
from forecast.report.phrases import capped, census, count, provision_words

_SAME: Final = 0.5
"""Children: fewer, on average, are none in a sentence."""


def site_notes(sited: Sited) -> list[str]:
    """What the figures rest on, and what was left out."""
    return [
        *_unproved(sited),
        *candidate_notes(sited.candidates, sited.projection),
        *_nowhere(sited),
        *_rests_on(sited),
    ]


def candidate_notes(candidates: Candidates, projection: Projection) -> list[str]:
    """What is taken for granted of the candidates, and which were left out: sentences."""
    when = census(candidates.year)
    on_time = (
        f"Each candidate is taken to be open in full by {when}, on time, and to serve every district; schools already "
        "planned come late or never as their chances are."
    )
    said = [on_time]
    if candidates.later:
        said.append(f"Left out, as they open after {when}: {', '.join(candidates.later)}.")
    kinds = set(candidates.rows["provision"]) - _listed(projection)
    said += [
        f"{capped(provision_words(projection.about, kind))}: the area lists no places, so the children are those more "
        f"than in {census(projection.base)}, and nothing is known of what is there."
        for kind in sorted(kinds)
    ]
    return said


def _unproved(sited: Sited) -> list[str]:
    gap = max(sited.plans[name].gap for name in SCENARIOS)
    if not gap:
        return ["It is proved that no plan is cheaper by a ten-thousandth in the futures that the plans were made for."]
    return [f"The search was stopped in time: a plan up to {gap:.1%} cheaper may have been missed."]


def _nowhere(sited: Sited) -> list[str]:
    nobody = sited.ground.groups.nowhere
    if nobody.mean() < _SAME:
        return []
    besides = (
        f"{capped(count(float(nobody.mean())))} children besides, on average, are of needs or ages that no school or "
        "candidate takes; they are in none of these figures."
    )
    return [besides]


def _rests_on(sited: Sited) -> list[str]:
    travel, found = sited.travel, []
    if sited.journeys.straight:
        found.append(
            "Nobody's home is known: each district is a set of points spread evenly over it, villages and towns alike. "
            f"Journeys are straight lines, {travel.factor:g} times as long by road (judgement), at {travel.speed:g} "
            "kilometres an hour, without pick-ups on the way. Give minutes of your own with --travel."
        )
    else:
        found.append("Journeys are the minutes given, one figure a district and site: nobody's home is known.")
    found.append(
        "Each child has the place that makes journeys shortest in all, within the needs, ages and districts that a "
        "school takes; parents and tribunals are not in it. Limits of 45 and 75 minutes are DfE's general guide for "
        "compulsory school age, taken for younger and older children too."
    )
    found.append(
        f"An hour of a child's journey counts as £{travel.hour:g}, which is judgement; costs are real, in the prices "
        "of about 2024 to 2026 that costs.csv names, and running costs that every plan has alike are left out."
    )
    return found


def _listed(projection: Projection) -> set[str]:
    return set() if projection.register is None else set(projection.register.rows["provision"])
