"""What to fund, in sentences that can be read aloud."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from forecast.decide.portfolio import CAUTION, MOST_SETS, Bundle
from forecast.decide.site_run import Funded
from forecast.domain import academic_year
from forecast.report.money import pounds
from forecast.report.phrases import FEW, about_more, census, count, uncapped
from forecast.report.site_children import kind_words, only_more
from forecast.report.site_notes import candidate_notes
from forecast.report.site_tables import projects_of
from forecast.report.site_words import built_words, when

_FURTHER: Final = 1.5
"""Times the budget: how far above it the step is looked for that more money would buy."""


def portfolio_sentences(funded: Funded) -> list[str]:
    """The answer in reading order: what to build, what it leaves short, what more money would do, what is enough."""
    return [_best(funded), *_next(funded), *_first(funded), *_enough(funded)]


def portfolio_notes(funded: Funded) -> list[str]:
    """What the figures rest on."""
    looked = funded.portfolio.looked_at
    if funded.portfolio.exact:
        proof = f"All {looked:,} sets of projects were tried: none does better for as little."
    else:
        proof = (
            f"There are more than {MOST_SETS:,} sets, so they were not all tried ({looked:,} were): projects were "
            "added one by one and swapped while that helped. A better set may have been missed."
        )
    year = academic_year(funded.ground.year)
    whom = "more than now and without one of these places"
    judged = (
        f"A set is judged by the children {whom if only_more(funded.ground) else 'without a place'} in {year} that 8 "
        "futures in 10 stay at or below; among sets that leave as many, the cheapest is taken. Journeys are not in it: "
        "forecast site weighs those."
    )
    return [proof, judged, *_added(funded, whom), *candidate_notes(funded.candidates, funded.projection)]


def _added(funded: Funded, whom: str) -> list[str]:
    """What is added up where some kinds of place are listed and others are not."""
    if not (funded.ground.listed and funded.ground.assumed):
        return []
    kinds = kind_words(funded.ground.assumed, funded.projection.about)
    return [f"{kinds}: only children {whom} are counted. A set is judged by these and those without a place together."]


def _best(funded: Funded) -> str:
    nothing, best = funded.portfolio.steps[0], funded.best
    start = when(funded.projection, funded.ground.year)
    if not len(best.built):
        return f"{start} {_nothing(funded)}"
    money = f"With £{funded.budget:,.0f}" if np.isfinite(funded.budget) else "With no limit on money"
    fund = f"{money}, fund {built_words(projects_of(best, funded.candidates))}, for {pounds(best.capital)}"
    if funded.ground.listed and funded.ground.assumed:
        return f"{start} {_by_kind(funded)}. {fund}: {_left(funded, best)}."
    fewer = about_more(best.short - nothing.short)
    if only_more(funded.ground):
        return (
            f"{start} children of these needs and ages are {count(nothing.short)} more than in "
            f"{census(funded.projection.base)}, or fewer, in 8 futures of 10. {fund}: that leaves "
            f"{count(best.short)} of them without one of these places, {fewer}."
        )
    return (
        f"{start} {count(nothing.short)} children or fewer are without a place in 8 futures of 10 if nothing is built. "
        f"{fund}: that leaves {count(best.short)}, {fewer}."
    )


def _nothing(funded: Funded) -> str:
    """Why nothing is funded."""
    if funded.portfolio.steps[0].short >= FEW:
        held = " within that money" if np.isfinite(funded.budget) and len(funded.portfolio.steps) > 1 else ""
        return f"no set of projects{held} leaves fewer children without a place than building nothing."
    if only_more(funded.ground):
        return f"children grow by fewer than {FEW} in 8 futures of 10: nothing need be funded."
    besides = " and the children more than now come to" if funded.ground.assumed else ""
    short = "" if besides else " short"
    leave = "the children without a place" if besides else "the places there are leave"
    return f"{leave}{besides} fewer than {FEW}{short} in 8 futures of 10: nothing need be funded."


def _by_kind(funded: Funded) -> str:
    """What is short of listed kinds of place, and what of others, if nothing is built."""
    listed, others = (
        uncapped(kind_words(kinds, funded.projection.about)) for kinds in (funded.ground.listed, funded.ground.assumed)
    )
    short, grown = _at_most(funded, funded.portfolio.steps[0])
    return (
        f"with nothing built, {short} children are without a place in {listed}, and of the children more than in "
        f"{census(funded.projection.base)} in {others}, {grown} are without one, each in 8 futures of 10"
    )


def _left(funded: Funded, bundle: Bundle) -> str:
    short, grown = _at_most(funded, bundle)
    return f"that leaves {short} and {grown}"


def _at_most(funded: Funded, bundle: Bundle) -> tuple[str, str]:
    """Children of listed kinds without a place, and of the others, that 8 futures in 10 stay within."""
    more = funded.ground.only_more
    short, grown = (float(np.quantile(funded.short(bundle, part), CAUTION)) for part in (~more, more))
    return _up_to(short), _up_to(grown)


def _up_to(children: float) -> str:
    return f"up to {count(children)}" if children >= FEW else f"fewer than {FEW}"


def _first(funded: Funded) -> Iterator[str]:
    """The step within the money that relieves most children a pound."""
    nothing, *steps = funded.portfolio.steps
    within = [step for step in steps if step.capital <= funded.budget]
    if within:
        first = max(within, key=lambda each: (nothing.short - each.short) / each.capital)
        apiece = first.capital / (nothing.short - first.short)
        yield (
            f"Most for the money is {built_words(projects_of(first, funded.candidates))}, at {pounds(apiece)} for each "
            "child who gains a place."
        )


def _next(funded: Funded) -> Iterator[str]:
    """What up to half as much money again would do, or else the least more that does anything worth telling."""
    best = funded.best
    beyond = [
        step for step in funded.portfolio.steps if step.capital > funded.budget and best.short - step.short >= FEW
    ]
    if not beyond:
        return
    within = [step for step in beyond if step.capital <= _FURTHER * funded.budget]
    step = within[-1] if within else beyond[0]
    instead = built_words(projects_of(step, funded.candidates))
    yield (
        f"With {pounds(step.capital - best.capital)} more, the best is {instead}, which leaves "
        f"{about_more(step.short - best.short)} without one; the table has every step."
    )


def _enough(funded: Funded) -> Iterator[str]:
    """The least that leaves next to nobody short, if any does."""
    steps = funded.portfolio.steps
    if steps[0].short < FEW:
        return
    enough = [each for each in steps if each.short < FEW]
    without = "without a place" if not funded.ground.assumed else "of them without one"
    if enough:
        least = pounds(enough[0].capital)
        yield f"The least that leaves fewer than {FEW} {without} in 8 futures of 10 is {least}."
    else:
        yield f"No set of these projects, whatever is spent, leaves fewer than {FEW} {without} in 8 futures of 10."
