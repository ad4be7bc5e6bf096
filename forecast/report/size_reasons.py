"""Why a size, in sentences: what mistakes cost, when to look again, other worlds, other ways, what it rests on."""

from math import ceil
from typing import Final

from forecast.decide.alternatives import NOTHING
from forecast.decide.case import Case
from forecast.decide.kinds import NAMES, NEW_SCHOOL, SHORT_STAY, earliest
from forecast.decide.size import Sized
from forecast.decide.stages import WAITS
from forecast.decide.trigger import Signal
from forecast.domain import Provision, academic_year
from forecast.fitted import PUBLISHED
from forecast.report.money import less_or_more, pounds
from forecast.report.phrases import FEW, RANGE, capped, census
from forecast.report.size_ap_words import counted, instead, instead_why, same_in_worlds, they
from forecast.report.size_tables import fund_unchanged
from forecast.report.size_words import ONE_PHASE, is_school, listed, month, school_kind

HUB: Final = "hub_and_spoke"
"""Kind of project of `projects.csv` whose capital is taken from another."""


def cost_reasons(sized: Sized) -> list[str]:
    """What a place too few and one too many cost, and the size that follows."""
    case = sized.case
    few, many = float(case.few.mean()), float(case.many.mean())
    year, last = academic_year(case.years[case.ready]), academic_year(case.years[-1])
    dearer = "a place elsewhere" if case.setting.without_plan else "an independent place"
    filling = "a school that fills as it grows" if they(case) == "it" else "places that fill as they open"
    if few <= 0:
        return [f"In {year} a place too few costs nothing: {dearer} is no dearer, so it pays to build none."]
    return [
        (
            f"In {year} a place too few costs about {pounds(few)} a year, since {instead_why(case)}; "
            f"a place too many costs about {pounds(many)} a year, for the empty place and its building."
        ),
        (
            f"In one such year it would pay to have enough in {round(case.fractile * 100)} futures of 100. Over "
            f"all years to {last}, with {filling}, {sized.cheapest} places cost least."
        ),
    ]


def stage_reasons(sized: Sized) -> list[str]:
    """When to look again, and what would call for the second stage."""
    second, case = sized.second, sized.case
    coming = f"Look again each January, first when the count of {census(case.years[case.coming])} is in."
    if second is None:
        return [coming]
    rows = second.waiting.set_index("plan")["saved"]
    saved = float(rows[WAITS])
    worth = "saves" if saved > 0 else "costs"
    watched = census(case.years[case.coming])
    return [
        f"{_rule(sized)} It would then open by {census(second.by)}.{_whose_count(case)}",
        (
            f"Every count from {watched} on has a number of its own (reviews.csv, with --to): if all are watched, the "
            f"second stage is ordered in {round(second.ever * 100)} futures of 100."
        ),
        f"To wait for the count {worth} about {pounds(saved)} in today's money, against the cheapest way not to wait.",
    ]


def _rule(sized: Sized) -> str:
    """The sign for the second stage."""
    second, case = sized.second, sized.case
    if second is None:
        return ""
    more = "without a place" if case.short and not case.ask.freeing else _counted(case)
    more += " in the fullest month" if case.short and case.setting.without_plan else ""
    sign, look = second.trigger, f"In {census(second.look)}"
    if sign.signal is Signal.ALWAYS:
        return f"{look} the second stage is worth ordering, whatever is counted."
    if sign.children is None:
        return f"{look} no number of children would call for the second stage yet."
    if sign.children < FEW:
        return f"{look} the second stage is worth ordering unless hardly any children are {more}."
    return f"{look} order the second stage if at least {sign.children} children are {more}."


def _whose_count(case: Case) -> str:
    """Where the number is to come from, if no published figure gives it."""
    if case.projection.about.kind != PUBLISHED or not (case.ask.districts or case.setting.without_plan):
        return ""
    if case.setting.without_plan:
        return " No published figure gives it: the number is to come from the council's own count."
    return " Published figures count no district: the number is to come from the council's own count."


def _counted(case: Case) -> str:
    """Which children a count is of, where it is not simply those without a place."""
    if case.ask.freeing:
        return "without a place who would have one with such a school"
    return counted(case) if case.setting.without_plan else f"counted more than in {census(case.years[0])}"


def regret_reasons(sized: Sized) -> list[str]:
    """Which size is least bad whatever policy comes."""
    size = sized.least_regret
    if size is None:
        return []
    rows, row = sized.verdicts.iloc[:-1].to_dict("records"), sized.verdicts.iloc[-1]
    best = listed([f'{each["size"]} places in the world "{each["choice"]}"' for each in rows])
    fewer = ", fewer than the other figures rest on," if sized.compared < sized.case.setting.draws else ""
    return [
        f"The cheapest size differs with the policy world: {best}.",
        (
            f"No world is given a chance. {capped(f'{size} places')} are least bad in the world that is worst for them "
            f'("{row["worst_world"]}"): about {pounds(row["worst_regret"])} dearer than the best size there.'
        ),
        (
            f"Worlds are compared in the same {sized.compared} futures{fewer} and in whole classes, each size built at "
            "once: what a second stage would spare is not in it."
        ),
        *same_in_worlds(sized.case),
    ]


def viable_reasons(sized: Sized) -> list[str]:
    """Whether such a school is ever built, and what else there is; nothing where it is as others are."""
    if sized.case.setting.provision != Provision.SPECIAL or sized.target < 1:
        return []
    rows = {str(row["kind"]): row for row in sized.beside.to_dict("records")}
    own, hub = rows[school_kind(sized.case)], rows["hub_and_spoke"]
    ages = "one phase" if own is rows[ONE_PHASE] else "all ages"
    built = f"New special schools for {ages} are commissioned with {own['least']:.0f} to {own['most']:.0f} places"
    if sized.target > own["most"]:
        many = ceil(sized.target / own["most"])
        return [f"{built}: {sized.target} places are those of {many} such schools. That is what was found, not a rule."]
    if is_school(sized):
        return []
    return [
        (
            f"{built}, a hub and its spokes with {hub['least']:.0f} to {hub['most']:.0f}. {sized.target} places are "
            "fewer than any such school that was found. That is what was found, not a rule."
        )
    ]


def payer_reasons(sized: Sized) -> list[str]:
    """What the table of who pays means."""
    said = (
        f"Less than with {instead(sized.case)} is negative. Capital is a yearly charge over the life of the building."
    )
    return [
        f"{said} The general fund is left out: transport is taken to cost as much either way."
        if fund_unchanged(sized)
        else said
    ]


def alternative_reasons(sized: Sized) -> list[str]:
    """What other ways to make as many places would cost, and when they could open."""
    case, row = sized.case, sized.alternatives.to_dict("records")[0]
    best = row["project"]
    last = academic_year(case.years[-1])
    if best == NOTHING:
        none = f"To {last}, no way to make {sized.target} places costs less than placing the children as now."
        return [none, *_suits(sized)]
    said = [
        (
            f"On price alone the cheapest way to {sized.target} places is {best}: to {last} about "
            f"{less_or_more(row['saved'])} in today's money than {instead(case)}. Decided in "
            f"{month(case.setting.today)}, it could open in {month(row['opens'])}."
        )
    ]
    return [*said, *_suits(sized), *_too_soon(case)]


def _suits(sized: Sized) -> list[str]:
    """What is taken for granted of the other ways."""
    if NAMES[HUB] not in set(sized.alternatives["project"]):
        return []
    return [
        (
            "Not every child could be taught in a base, a satellite or a hub. The table takes it for granted that all "
            "of these could: those rows say what such places would cost, and are no advice to build them."
        ),
        "No cost of building a hub and its spokes was found: that of a satellite is taken.",
    ]


def _too_soon(case: Case) -> list[str]:
    """Whether a new school or unit can still be there by the month asked for."""
    kind, soonest = case.setting.kinds[case.kind], earliest(case.setting, case.kind)
    if case.kind not in {NEW_SCHOOL, SHORT_STAY} or soonest <= case.ask.opens:
        return []
    return [
        (
            f"A {NAMES[case.kind]} takes about {kind.months:.0f} months from decision to opening (judgement): decided "
            f"in {month(case.setting.today)}, it would open in {month(soonest)}. The figures here hold for "
            f"{month(case.ask.opens)} if it has been decided already, or a building is there."
        )
    ]


def value_reasons(sized: Sized) -> list[str]:
    """What the places save against independent placements, and when they pay."""
    case = sized.case
    saved, share, year = sized.value.to_dict("records")
    said = [
        (
            f"{capped(f'{sized.target} places')} from {month(case.ask.opens)} would cost about "
            f"{less_or_more(saved['p50'])} than {instead(case)} to {academic_year(case.years[-1])}, in today's "
            f"money ({RANGE}: {less_or_more(saved['p10'])} to {less_or_more(saved['p90'])})."
        )
    ]
    if share["share"] > 0:
        said.append(f"They pay their way when more than about {round(share['p50'] * 100)} in 100 of them are filled.")
    if year["share"] > 0:
        said.append(
            f"Yearly savings repay the whole building by {academic_year(case.years[-1])} in "
            f"{round(year['share'] * 100)} futures of 100."
        )
    return said
