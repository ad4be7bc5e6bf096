"""Children with and without a place, in sentences: those short of listed places, and those more than now of others.

The two are never added up: one is a level, the other a growth.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from forecast.decide.ground import Ground
from forecast.decide.groups import Array
from forecast.decide.site import AS_IT_IS, Plan
from forecast.decide.site_run import Sited
from forecast.inputs.about import About
from forecast.report.phrases import FEW, RANGE, area_children, capped, census, chances, count, provision_words, uncapped


def children_sentences(sited: Sited, plan: Plan) -> Iterator[str]:
    """Children of listed kinds without a place, before and after; then those more than now of kinds not listed."""
    more = sited.ground.only_more
    before, after = (each.tried.score.left for each in (sited.plans[AS_IT_IS], plan))
    about, ground = sited.projection.about, sited.ground
    both, whose = bool(ground.listed and ground.assumed), area_children(about)
    if ground.listed:
        start = f"{kind_words(ground.listed, about)}: " if both else ""
        yield _without(start, whose, before[:, ~more].sum(axis=1), after[:, ~more].sum(axis=1))
    if ground.assumed:
        start = f"{kind_words(ground.assumed, about)}: " if both else ""
        base = census(sited.projection.base)
        yield _growth(start, whose, before[:, more].sum(axis=1), after[:, more].sum(axis=1), base)


def without_words(sited: Sited) -> str:
    """Children without a place and children more than now if nothing is built, for the end of a sentence."""
    more, left, parts = sited.ground.only_more, sited.plans[AS_IT_IS].tried.score.left, []
    both, about = bool(sited.ground.listed and sited.ground.assumed), sited.projection.about
    if sited.ground.listed:
        short = left[:, ~more].sum(axis=1)
        where = f" in {uncapped(kind_words(sited.ground.listed, about))}" if both else ""
        parts.append(f"{_many(short)} are without a place{where} ({span(short)})")
    if sited.ground.assumed:
        grown = left[:, more].sum(axis=1)
        where = f" in {uncapped(kind_words(sited.ground.assumed, about))}" if both else ""
        parts.append(f"{_many(grown)} more than in {census(sited.projection.base)}{where} ({span(grown)})")
    return ", and ".join(parts)


def kind_words(kinds: Sequence[str], about: About) -> str:
    """Kinds of place in words, for the start of a sentence."""
    return capped(" and ".join(provision_words(about, kind) for kind in kinds))


def only_more(ground: Ground) -> bool:
    """Whether the area lists none of these places, so that its children are only those more than now."""
    return not ground.listed


def span(children: Array) -> str:
    """The 80% range of a number of children: "8 chances in 10 that it is 40 to 120"."""
    low, high = (float(edge) for edge in np.quantile(children, [0.1, 0.9]))
    if high < FEW:
        return f"{RANGE} that it is fewer than {FEW}"
    return (
        f"{RANGE} that it is {count(low)} to {count(high)}" if low >= FEW else f"{RANGE} that it is up to {count(high)}"
    )


def _without(start: str, whose: str, before: Array, after: Array) -> str:
    first, then = _chance(before), _chance(after)
    chance = f"stays at {first}" if first == then else f"goes from {first} to {then}"
    return (
        f"{start}{'of' if start else 'Of'} {whose}, {count(float(before.mean()))} would be without a place on average "
        f"if none of these is built ({span(before)}), and {count(float(after.mean()))} with them ({span(after)}). "
        f"The chance that {FEW} or more are without one {chance}."
    )


def _growth(start: str, whose: str, before: Array, after: Array, base: str) -> str:
    taken = float(before.mean() - after.mean())
    return (
        f"{start}{whose} of these needs and ages are expected to be {count(float(before.mean()))} more than in {base} "
        f"({span(before)}); on average the sites take {count(taken)} of them."
    )


def _many(children: Array) -> str:
    return f"on average {count(float(children.mean()))} children"


def _chance(children: Array) -> str:
    return chances(float((children >= FEW).mean()))
