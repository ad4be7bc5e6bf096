"""Where to build, in sentences that can be read aloud: sites, sizes, children, journeys before and after, and cost."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from forecast.decide.groups import Array
from forecast.decide.site import AS_IT_IS, Plan
from forecast.decide.site_run import Sited
from forecast.domain import PHASES, academic_year
from forecast.projection import Projection
from forecast.report.money import pounds
from forecast.report.phrases import (
    FEW,
    RANGE,
    area_children,
    census,
    chances,
    condition,
    count,
    phase_words,
)
from forecast.report.site_tables import projects_of

CAUTIOUS, MIDDLING = "P80", "P50"
_SAME: Final = 0.5
"""Minutes, or children: a smaller difference is none in a sentence."""
_SMALL: Final = 0.005
"""Share of children too small to be told."""


def site_sentences(sited: Sited) -> list[str]:
    """The answer in reading order: sites and sizes, children, journeys, cost; `site_notes` says what it rests on."""
    plan = sited.plans[CAUTIOUS]
    if not len(plan.built):
        return [_nothing(sited), *_journeys(sited, sited.plans[AS_IT_IS])]
    return [
        _sites(sited, plan),
        *_other(sited),
        _children(sited, plan),
        *_journeys(sited, plan),
        *_limits(sited, plan),
        *_cost(sited, plan),
    ]


def built_words(projects: Sequence[tuple[str, int]]) -> str:
    """Projects in words: "Old Mill with 120 places and Airfield with 60"."""
    first, *rest = [f"{name} with {places}" for name, places in projects]
    parts = [f"{first} places", *rest]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def span(children: Array) -> str:
    """The 80% range of a number of children: "8 chances in 10 that it is 40 to 120"."""
    low, high = (float(edge) for edge in np.quantile(children, [0.1, 0.9]))
    if high < FEW:
        return f"{RANGE} that it is fewer than {FEW}"
    return (
        f"{RANGE} that it is {count(low)} to {count(high)}" if low >= FEW else f"{RANGE} that it is up to {count(high)}"
    )


def when(projection: Projection, year: int) -> str:
    """How a sentence on a January begins: "In 2031/32, if the trend continues,"."""
    start = condition(projection, year)
    return f"In {academic_year(year)}, {start}," if start else f"In {academic_year(year)},"


def _nothing(sited: Sited) -> str:
    return (
        f"{when(sited.projection, sited.ground.year)} no candidate site is worth its cost, even where children are as "
        f"many as 8 futures in 10 stay within: {_without(sited.plans[AS_IT_IS])}."
    )


def _sites(sited: Sited, plan: Plan) -> str:
    projects = projects_of(plan, sited.candidates)
    places = sum(size for _, size in projects)
    total = f": {places} places in all" if len(projects) > 1 else ""
    held = f" within £{sited.limits.budget:,.0f}" if np.isfinite(sited.limits.budget) else ""
    return (
        f"{when(sited.projection, sited.ground.year)} the cheapest way{held} to be ready for 8 futures in 10 is "
        f"{built_words(projects)}{total}, for {pounds(plan.capital)} of capital."
    )


def _other(sited: Sited) -> Iterator[str]:
    """The plan for a middling future, and which of the two costs less over all futures."""
    cautious, middling = sited.plans[CAUTIOUS], sited.plans[MIDDLING]
    if np.array_equal(cautious.built, middling.built):
        yield "A plan made for a middling future is the same."
        return
    if len(middling.built):
        what = f"{built_words(projects_of(middling, sited.candidates))}, for {pounds(middling.capital)}"
    else:
        what = "to build nothing"
    saved = float((middling.tried.cost - cautious.tried.cost).mean())
    better = "cautious" if saved > 0 else "middling"
    yield (
        f"A plan made for a middling future would be {what}. Over all futures the {better} plan costs "
        f"{pounds(saved)} a year less on average."
    )


def _without(plan: Plan) -> str:
    children = plan.tried.score.without
    return f"on average {count(float(children.mean()))} children are without a place ({span(children)})"


def _children(sited: Sited, plan: Plan) -> str:
    """Children without a place, before and after."""
    before, after = sited.plans[AS_IT_IS].tried.score.without, plan.tried.score.without
    whose = area_children(sited.projection.about)
    if sited.ground.assumed:
        extra = float(sited.ground.groups.demand.sum(axis=1).mean())
        return (
            f"{whose} of these needs and ages are expected to be {count(extra)} more than in "
            f"{census(sited.projection.base)}; on average the sites take {count(extra - float(after.mean()))} of them."
        )
    return (
        f"Of {whose}, {count(float(before.mean()))} would be without a place on average if none of these is built "
        f"({span(before)}), and {count(float(after.mean()))} with them ({span(after)}). The chance that {FEW} or more "
        f"are without one goes from {_chance(before)} to {_chance(after)}."
    )


def _chance(children: Array) -> str:
    return chances(float((children >= FEW).mean()))


def _journeys(sited: Sited, plan: Plan) -> Iterator[str]:
    """Minutes before and after."""
    before, after = sited.plans[AS_IT_IS].tried.score, plan.tried.score
    if not np.isfinite(after.minutes).any():
        return
    minutes, long = np.nanmean(after.minutes), np.nanmean(after.long)
    told = f"{minutes:.0f} minutes one way on average, and nine in ten within {long:.0f}"
    if plan is sited.plans[AS_IT_IS] or not np.isfinite(before.minutes).any():
        yield f"Children with a place travel {told}."
        return
    was = f"{np.nanmean(before.minutes):.0f}, and nine in ten within {np.nanmean(before.long):.0f}"
    more = after.placed.sum(axis=1).mean() - before.placed.sum(axis=1).mean()
    longer = np.nanmean(after.minutes) > np.nanmean(before.minutes) + _SAME
    why = " More children have a place, and some of them travel far to it." if longer and more > FEW else ""
    yield f"Children with a place travel {told}; without these sites it is {was}.{why}"


def _limits(sited: Sited, plan: Plan) -> Iterator[str]:
    """Who travels longer than the guide, and the longest journeys."""
    before, after = sited.plans[AS_IT_IS].tried.score, plan.tried.score
    parts = []
    for at, phase in enumerate(PHASES):
        if not after.placed[:, at].any():
            continue
        limit, share, was = sited.travel.limits[phase], _mean(after.over[:, at]), _mean(before.over[:, at])
        against = f" (without them {_percent(was)})" if np.isfinite(was) else ""
        longest = f"the longest journey about {_mean(after.longest[:, at]):.0f} minutes"
        parts.append(f"{phase_words(phase)}, {_percent(share)} over {limit:.0f} minutes{against}, {longest}")
    if parts:
        yield f"Journeys longer than the guide, by age: {'; '.join(parts)}."


def _mean(values: Array) -> float:
    """Mean of the futures that have a value; not a number where none has."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _percent(share: float) -> str:
    if share < _SMALL:
        return "none" if share == 0 else "under 1%"
    return f"{share:.0%}"


def _cost(sited: Sited, plan: Plan) -> Iterator[str]:
    """What it costs a year, and what it saves."""
    before, after = sited.plans[AS_IT_IS].tried, plan.tried
    mean = {item: float(values.mean()) for item, values in after.costs.items()}
    saved = float(before.costs["children without a place"].mean()) - mean["children without a place"]
    net = before.cost - after.cost
    way = "less" if net.mean() >= 0 else "more"
    low, high = (float(edge) for edge in np.quantile(net, [0.1, 0.9]))
    yield (
        f"The buildings cost {pounds(mean['buildings'])} a year while their capital is paid off, and places that stand "
        f"empty {pounds(mean['empty places'])}; independent places for children left without one, "
        f"above what places here cost, come to {pounds(saved)} a year less. In all, with the time of journeys, "
        f"it is {pounds(float(net.mean()))} a year {way} than building nothing ({RANGE} that it is "
        f"{_saving(low)} to {_saving(high)})."
    )


def _saving(saved: float) -> str:
    return f"{pounds(saved)} {'less' if saved >= 0 else 'more'}"
