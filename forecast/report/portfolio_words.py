"""What to fund, in sentences that can be read aloud."""

from collections.abc import Iterator

import numpy as np

from forecast.decide.portfolio import MOST_SETS
from forecast.decide.site_run import Funded
from forecast.domain import academic_year
from forecast.report.money import pounds
from forecast.report.phrases import FEW, about_more, census, count
from forecast.report.site_notes import candidate_notes
from forecast.report.site_tables import projects_of
from forecast.report.site_words import built_words, only_more, when


def portfolio_sentences(funded: Funded) -> list[str]:
    """The answer in reading order: what to build, what it leaves short, what would be enough."""
    return [_best(funded), *_first(funded), *_enough(funded)]


def portfolio_notes(funded: Funded) -> list[str]:
    """What the figures rest on."""
    looked = funded.portfolio.looked_at
    if funded.portfolio.exact:
        proof = f"All {looked:,} sets of projects within the money were tried: none does better for as little."
    else:
        proof = (
            f"There are more than {MOST_SETS:,} sets, so they were not all tried ({looked:,} were): projects were "
            "added one by one and swapped while that helped. A better set may have been missed."
        )
    year = academic_year(funded.ground.year)
    whom = "more than now and without one of these places" if only_more(funded.ground) else "without a place"
    judged = (
        f"A set is judged by the children {whom} in {year} that 8 futures in 10 stay at or below; among sets "
        "that leave as many, the cheapest is taken. Journeys are not in it: forecast site weighs those."
    )
    return [
        proof,
        judged,
        *candidate_notes(funded.candidates, funded.projection),
    ]


def _best(funded: Funded) -> str:
    nothing, best = funded.portfolio.steps[0], funded.best
    start = when(funded.projection, funded.ground.year)
    if not len(best.built):
        if nothing.short < FEW:
            few = "children grow by fewer than" if only_more(funded.ground) else "the places there are leave fewer than"
            short = "" if only_more(funded.ground) else " short"
            return f"{start} {few} {FEW}{short} in 8 futures of 10: nothing need be funded."
        return f"{start} no set of projects leaves fewer children without a place than building nothing."
    money = f"With £{funded.budget:,.0f}" if np.isfinite(funded.budget) else "With no limit on money"
    fund = f"{money}, fund {built_words(projects_of(best, funded.candidates))}, for {pounds(best.capital)}"
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


def _first(funded: Funded) -> Iterator[str]:
    """The step that relieves most children a pound."""
    nothing, *steps = funded.portfolio.steps
    if len(steps) > 1:
        first = max(steps, key=lambda each: (nothing.short - each.short) / each.capital)
        apiece = first.capital / (nothing.short - first.short)
        yield (
            f"Most for the money is {built_words(projects_of(first, funded.candidates))}, at {pounds(apiece)} for each "
            "child who gains a place."
        )


def _enough(funded: Funded) -> Iterator[str]:
    """The least that leaves next to nobody short, if any does."""
    steps = funded.portfolio.steps
    if steps[0].short < FEW:
        return
    enough = [each for each in steps if each.short < FEW]
    without = "of them without one" if only_more(funded.ground) else "without a place"
    if enough:
        least = pounds(enough[0].capital)
        yield f"The least that leaves fewer than {FEW} {without} in 8 futures of 10 is {least}."
    else:
        money = " within that money" if np.isfinite(funded.budget) else ""
        yield f"No set of these projects{money} leaves fewer than {FEW} {without} in 8 futures of 10."
