"""Where to build, in sentences that can be read aloud: sites, sizes, children, journeys before and after, and cost."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from forecast.decide.groups import Array
from forecast.decide.site import AS_IT_IS, Plan
from forecast.decide.site_run import Sited
from forecast.domain import PHASES, academic_year
from forecast.projection import Projection
from forecast.report.money import pounds
from forecast.report.phrases import FEW, RANGE, condition, phase_words
from forecast.report.site_children import children_sentences, without_words
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
        *_most(sited, plan),
        *_other(sited),
        *children_sentences(sited, plan),
        *_journeys(sited, plan),
        *_limits(sited, plan),
        *_cost(sited, plan),
    ]


def built_words(projects: Sequence[tuple[str, int]]) -> str:
    """Projects in words: "Old Mill with 120 places and Airfield with 60"."""
    first, *rest = [f"{name} with {places}" for name, places in projects]
    parts = [f"{first} places", *rest]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def when(projection: Projection, year: int) -> str:
    """How a sentence on a January begins: "In 2031/32, if the trend continues,"."""
    start = condition(projection, year)
    return f"In {academic_year(year)}, {start}," if start else f"In {academic_year(year)},"


def _nothing(sited: Sited) -> str:
    return (
        f"{when(sited.projection, sited.ground.year)} no candidate site is worth its cost, even where children are as "
        f"many as 8 futures in 10 stay within: {without_words(sited)}."
    )


def _sites(sited: Sited, plan: Plan) -> str:
    projects = projects_of(plan, sited.candidates)
    places = sum(size for _, size in projects)
    total = f": {places} places in all" if len(projects) > 1 else ""
    held = f" within £{sited.limits.budget:,.0f}" if np.isfinite(sited.limits.budget) else ""
    return (
        f"{when(sited.projection, sited.ground.year)} the cheapest plan{held} for as many children as 8 futures in 10 "
        "stay within is "
        f"{built_words(projects)}{total}, for {pounds(plan.capital)} of capital."
    )


def _most(sited: Sited, plan: Plan) -> Iterator[str]:
    """Whether nothing larger could be chosen."""
    sizes = {str(row["name"]): max(row["sizes"]) for row in sited.candidates.rows.to_dict("records")}
    if dict(projects_of(plan, sited.candidates)) == sizes:
        yield "That is every candidate at its largest size: more places than these may be worth their cost."


def _other(sited: Sited) -> Iterator[str]:
    """The plan for a middling future, and which of the two costs less over all futures."""
    cautious, middling = sited.plans[CAUTIOUS], sited.plans[MIDDLING]
    if np.array_equal(cautious.built, middling.built):
        yield "A plan made for a middling future is the same."
        return
    if len(middling.built):
        there, here = (dict(projects_of(plan, sited.candidates)) for plan in (cautious, middling))
        what = f"have {_unlike(there, here)}, and need {pounds(middling.capital)} of capital"
    else:
        what = "build nothing"
    saved = float((middling.tried.cost - cautious.tried.cost).mean())
    better = "cautious" if saved > 0 else "middling"
    yield (
        f"A plan made for a middling future would {what}. Over all futures the {better} plan costs "
        f"{pounds(saved)} a year less on average."
    )


def _unlike(there: Mapping[str, int], here: Mapping[str, int]) -> str:
    """Where one plan differs from another: "60 places rather than 80 at Old Mill and none rather than 30 at Moor"."""
    first, *rest = [
        (here.get(name, 0), there.get(name, 0), name)
        for name in {**there, **here}
        if here.get(name, 0) != there.get(name, 0)
    ]
    parts = [f"{first[0] or 'no'} places rather than {first[1] or 'none'} at {first[2]}"]
    parts += [f"{mine or 'none'} rather than {other or 'none'} at {name}" for mine, other, name in rest]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


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
    """Who travels longer than the guide, and the longest journeys: a sentence for each limit."""
    before, after = sited.plans[AS_IT_IS].tried.score, plan.tried.score
    ages: dict[float, list[int]] = {}
    phases = list(PHASES)
    for at, phase in enumerate(phases):
        if after.placed[:, at].any():
            ages.setdefault(sited.travel.limits[phase], []).append(at)
    for limit, positions in ages.items():
        shares, longest = [], max(_mean(after.longest[:, at]) for at in positions)
        for at in positions:
            was = _mean(before.over[:, at])
            against = f" ({_percent(was)} without these sites)" if np.isfinite(was) else ""
            shares.append(f"{phase_words(phases[at])}, {_percent(_mean(after.over[:, at]))}{against}")
        yield (
            f"Over {limit:.0f} minutes, the guide for their age: {'; '.join(shares)}. The longest journey is about "
            f"{longest:.0f} minutes."
        )


def _mean(values: Array) -> float:
    """Mean of the futures that have a value; not a number where none has."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _percent(share: float) -> str:
    if share < _SMALL:
        return "none" if share == 0 else "under 1%"
    return f"{share:.0%}"


def _cost(sited: Sited, plan: Plan) -> Iterator[str]:
    """What it costs a year above building nothing: parts, which add up, and all together."""
    before, after = sited.plans[AS_IT_IS].tried, plan.tried
    more = {item: float((pounds_now - before.costs[item]).mean()) for item, pounds_now in after.costs.items()}
    net = before.cost - after.cost
    low, high = (float(edge) for edge in np.quantile(net, [0.1, 0.9]))
    yield (
        f"The buildings cost {pounds(more['buildings'])} a year while their capital is paid off. Against building "
        f"nothing, empty places cost {_saving(-more['empty places'])} a year, journeys "
        f"{_saving(-more['journeys'])}, and independent places for children without one of these, above what places "
        f"here cost, {_saving(-more['children without a place'])}."
    )
    way = "less" if net.mean() >= 0 else "more"
    yield (
        f"In all that is {pounds(float(net.mean()))} a year {way} than building nothing ({RANGE} that it is "
        f"{_savings(low, high)})."
    )


def _savings(low: float, high: float) -> str:
    """A range of savings with its direction, the smaller first."""
    if low >= 0:
        return f"{pounds(low)} to {pounds(high)} less"
    return f"{pounds(high)} to {pounds(low)} more" if high <= 0 else f"{_saving(low)} to {_saving(high)}"


def _saving(saved: float) -> str:
    return f"{pounds(saved)} {'less' if saved >= 0 else 'more'}"
