"""The answer to "how big should the school be", in sentences that can be read aloud.

Places are whole classes; children are rounded as in every report. Words follow the figures: nobody is called short
where places are only assumed, and a figure of a far year names its world.
"""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final

import numpy as np

from forecast.decide.ask import FIRST, LAST
from forecast.decide.case import Case
from forecast.decide.size import Sized
from forecast.domain import NC_YEARS, PHASES, Phase, Provision, academic_year
from forecast.report.phrases import (
    FEW,
    MONTHS,
    area_children,
    capped,
    census,
    chances,
    condition,
    provision_words,
    rounded,
    uncapped,
)
from forecast.report.size_ap_words import kept_free, more_places, need_words, only_with_plan, they, whose
from forecast.report.size_enough import enough, in_the_middle, used

ONE_PHASE, ALL_THROUGH = "one_phase", "all_through"
"""Kinds of `sizes.csv` that special schools are of."""
SCHOOLS: Final = (Provision.SPECIAL, Provision.BASE)
"""Kinds of place that one building stands for."""


def title(case: Case) -> str:
    """What is asked: "A state special school for autistic spectrum disorder in Malvern Hills from September 2027"."""
    return f"{capped(building(case))} from {month(case.ask.opens)}"


def answer(sized: Sized) -> list[str]:
    """The answer in a sentence, and in others what it rests on."""
    return [
        _places(sized),
        *_no_school(sized),
        _who(sized),
        *only_with_plan(sized.case),
        *kept_free(sized),
        *_freed(sized),
        *_tested(sized),
    ]


def chance_words(case: Case, row: Mapping[str, float], size: int, year: int) -> str:
    """How full a school of a size would be in January `year`.

    Parameters
    ----------
    row : full, tenth_empty
        Chances, as in `Sized.by_size`.
    """
    full, empty = row["full"], row["tenth_empty"]
    when = in_year(case, year)
    if np.isnan(full):
        return f"{when} no school would be open yet, in any future."
    school = (
        f"of {size} places all" if case.setting.provision not in SCHOOLS else f"all places of a school of {size} places"
    )
    return (
        f"{when} {school} that are open by then would be taken with {chances(full)}, "
        f"and more than a tenth of them would stand empty with {chances(empty)}."
    )


def in_year(case: Case, year: int) -> str:
    """How a sentence on a year begins: "In 2032/33, if the trend continues,"."""
    start = condition(case.projection, year)
    return f"In {academic_year(year)}, {start}," if start else f"In {academic_year(year)},"


def building(case: Case) -> str:
    """What would be built: "a state special school for autistic spectrum disorder in Malvern Hills"."""
    about, ask = case.projection.about, case.ask
    kind, who = uncapped(provision_words(about, ask.provision).split(" (")[0].removesuffix(" in the area")), whose(case)
    article = "an" if kind[0] in "aeiou" else "a"
    what = f"{article} {kind}" if case.setting.provision in SCHOOLS else f"places in {kind}"
    needs = f" for {who or listed([need_words(case, need) for need in ask.needs])}" if who or ask.needs else ""
    needs += f" ({ages_words(*ask.span)})" if who and ask.span != (FIRST, LAST) else ""
    return f"{what}{needs} in {listed(ask.districts) if ask.districts else about.name}"


def whom(case: Case) -> str:
    """The children asked about: "Exampleshire's synthetic children with ... in Exampleton, nursery to Year 14"."""
    about, ask, who = case.projection.about, case.ask, whose(case)
    needs = f" with {listed([need_words(case, need) for need in ask.needs])}" if ask.needs else ""
    needs = f" {who.removeprefix('children ')}" if who else needs
    where = f" in {listed(ask.districts)}" if ask.districts else ""
    ages = "" if ask.span == (NC_YEARS[0], NC_YEARS[-1]) else f" ({ages_words(*ask.span)})"
    return f"{area_children(about)}{needs}{where}{ages}"


def ages_words(first: int, last: int) -> str:
    """Year groups in words: "nursery to Year 14"."""
    return year_group(first) if first == last else f"{year_group(first)} to {year_group(last)}"


def year_group(nc_year: int) -> str:
    """A year group in words."""
    if nc_year > 0:
        return f"Year {nc_year}"
    return {0: "Reception", -1: "nursery"}.get(nc_year, f"age {nc_year + 4}")


def month(written: str) -> str:
    """A month such as "2027-09" in words."""
    return f"{MONTHS[int(written[5:]) - 1]} {written[:4]}"


def listed(names: Sequence[str]) -> str:
    """Names with commas and an "and"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def in_classes(case: Case, places: int) -> str:
    """Places and the classes that they are: "32 places (4 classes of 8)"."""
    each = case.ask.class_size
    whole = -(-places // each)
    return f"{places} place{'' if places == 1 else 's'} ({whole} class{'' if whole == 1 else 'es'} of {each})"


def some(children: float) -> str:
    """A number of children for a sentence: "about 40", "fewer than 5"."""
    return f"about {rounded(children)}" if children >= FEW else f"fewer than {FEW}"


def school_kind(case: Case) -> str:
    """Kind of `sizes.csv` that the question is about: of all ages if it spans primary and secondary years."""
    first, last = case.ask.span
    return ALL_THROUGH if first < PHASES[Phase.SECONDARY][0] <= last else ONE_PHASE


def is_school(sized: Sized) -> bool:
    """Whether the answer is at least as big as schools of its kind are that get built."""
    rows = sized.beside[sized.beside["kind"] == school_kind(sized.case)]
    return sized.case.setting.provision != Provision.SPECIAL or sized.target >= float(rows["least"].min())


def _places(sized: Sized) -> str:
    """How many places to build, and how many to keep room for."""
    case, stages = sized.case, sized.stages
    start = condition(case.projection, case.years[case.ready])
    what = f"{capped(start) + ', ' if start else ''}{building(case)} from {month(case.ask.opens)}"
    is_not, calls = ("is not", "calls") if case.setting.provision in SCHOOLS else ("are not", "call")
    if not stages.both:
        return f"{capped(what)} {is_not} called for: {_none(case)}."
    if not stages.firm:
        yet = f"{capped(what)} {is_not} called for yet: no whole class is likely enough to fill"
        return f"{yet}{in_the_middle(sized)}. Keep room for {in_classes(case, stages.both)}."
    every = f"{capped(what)} {calls} for {in_classes(case, stages.both)}"
    if not stages.second:
        return f"{every}, all of them to begin with."
    return (
        f"{every}: {stages.firm} to begin with, and {stages.second} more only if the count of children calls for them."
    )


def _no_school(sized: Sized) -> list[str]:
    """That so few places make no school, or so many more than one."""
    if not sized.stages.both or sized.case.setting.provision != Provision.SPECIAL:
        return []
    [most] = sized.beside.loc[sized.beside["kind"] == school_kind(sized.case), "most"].tolist()
    if sized.target > most:
        return [f"That is as many places as {ceil(sized.target / most)} of the largest such schools: plan several."]
    if is_school(sized):
        return []
    if sized.target >= sized.beside.loc[sized.beside["kind"] == ONE_PHASE, "least"].min():
        return ["That is as many as a special school of one phase has, and fewer than one for all ages."]
    return [
        (
            "That is too few for a special school of its own: plan a satellite of a school there is, bases in "
            "mainstream schools or a hub with spokes, or ask for more needs and districts together."
        )
    ]


def _none(case: Case) -> str:
    return "fewer children than a class want a place" if case.wanted.any() else "no child more wants a place"


def _who(sized: Sized) -> str:
    """How many want a place when the school would be full grown."""
    case = sized.case
    year = case.years[case.ready]
    row = sized.children(year)
    if case.ask.freeing:
        without = (
            f"such a school for {whom(case)} could relieve {some(row['mean'])} children, with those whose places it "
            "would free for others"
        )
    elif case.short:
        when = " in the fullest month" if case.setting.without_plan else ""
        without = f"{some(row['mean'])} of {whom(case)} are expected to be without such a place{when}"
    elif case.setting.without_plan:
        without = f"in the fullest month, of {whom(case)}, {more_places(case, row['mean'])}"
    else:
        since = f"in such places than in {census(case.years[0])}"
        without = f"{some(row['mean'])} more of {whom(case)} are expected {since}"
    return f"{in_year(case, year)} {without}{_counted_too(case)}: {enough(row)}. That is {_why_then(case)}."


def _why_then(case: Case) -> str:
    """Why the answer is about the January that it is about."""
    if case.opening + len(case.setting.kinds[case.kind].ramp) > len(case.years):
        return "the last year of the forecast"
    they_would = they(case)
    return f"the first year in which {they_would} would be open to the full, if {they_would} came on time"


def _freed(sized: Sized) -> list[str]:
    """What such a school could do for others too, where some are known to be short; it is not in the size."""
    case = sized.case
    if sized.relief is None or case.ask.freeing:
        return []
    bigger = "A bigger school" if case.setting.provision in SCHOOLS else "More such places"
    [row] = sized.relief[sized.relief["year"] == case.years[case.ready]].to_dict("records")
    if row["p80"] < max(sized.children(case.years[case.ready])["p80"], FEW):
        return []
    return [
        (
            f"Those places are for these children's own share of the shortage. {bigger} could also take such "
            f"children who have a place now, and free theirs for others: so counted, {used(row)} (--freeing rests "
            "everything on that)."
        )
    ]


def _counted_too(case: Case) -> str:
    return ", with those counted who are in other places now and are taken to need one" if case.elsewhere else ""


def _tested(sized: Sized) -> list[str]:
    """How the size that was asked about would do."""
    case, size = sized.case, sized.case.ask.places
    if size is None:
        return []
    year = case.years[case.ready]
    return [chance_words(case, sized.fullness(size, year), size, year)]
