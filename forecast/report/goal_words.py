"""The answer to what it would take, in sentences: what reaches the aims and what it costs, or why nothing does."""

from typing import Any, Final

from forecast.decide.aims import Aim, What
from forecast.decide.goal import Goal
from forecast.decide.goal_blocked import Binds, Blocked
from forecast.decide.goal_levers import Levers
from forecast.decide.goal_runs import Outcome
from forecast.decide.measures import ALL_PAYERS
from forecast.decide.seek import Steps
from forecast.domain import academic_year
from forecast.inputs.about import About
from forecast.report.compare_phrases import dearer_or_cheaper, in_a_hundred, money_with_span
from forecast.report.money import pounds
from forecast.report.phrases import area_name, capped, condition, count, provision_words, uncapped
from forecast.scenario.lever_names import quoted
from forecast.scenario.levers import LEVERS
from forecast.scenario.spending import Payer

LEAST_GAP: Final = 0.00005
"""A difference of rates below this is not told as a number."""


def sentences(goal: Goal) -> list[str]:
    """The answer, the first sentence first."""
    if goal.blocked is not None:
        return [_cannot(goal, goal.blocked), *_why(goal, goal.blocked)]
    if goal.answer is None or goal.answer is goal.start:
        return [_nothing_needed(goal), *_reached(goal, goal.start)]
    told = [_takes(goal, goal.answer), *_free(goal, goal.answer), *_reached(goal, goal.answer)]
    told += [_less(goal, less) for less in goal.less]
    return [*told, *_after(goal, goal.answer), costs(goal, goal.answer), *_mixed(goal)]


def _free(goal: Goal, outcome: Outcome) -> list[str]:
    """Changes of the answer that cost nothing in its pounds, because nothing says what brings them about."""
    changes = goal.levers.scenario(outcome.steps).changes
    free = dict.fromkeys(quoted(change.kind) for change in changes if not change.spends(goal.ground.drivers))
    if not free:
        return []
    return [f"No price says what brings this about: {', '.join(free)}. It may cost more than these pounds tell."]


def aim_words(aim: Aim, about: About) -> str:
    """An aim for the inside of a sentence: "at most 300 children in independent special schools in 2030/31"."""
    years = academic_year(aim.last)
    when = f"in {years}" if aim.first == aim.last else f"in each year from {academic_year(aim.first)} to {years}"
    sure = "" if aim.futures is None else f", in {aim.futures * 10:.3g} futures of 10"
    limit = "England's" if aim.limit is None else _amount(aim, aim.limit)
    kinds = " and ".join(uncapped(provision_words(about, label)) for label in aim.of)
    match aim.what:
        case What.RATE:
            told = f"a special school rate of at most {limit}"
        case What.CHILDREN:
            told = f"at most {limit} children whose place is: {kinds},"
        case What.SHORT:
            told = f"at most {limit} children short of a place" + (f" of the kind {kinds}," if kinds else "")
        case What.BUDGET:
            told = f"at most {limit} a year more than without these changes,"
    return f"{told} {when}{sure}".replace(",,", ",")


def settings(levers: Levers, steps: Steps) -> str:
    """Settings in words: "rebalance with share 0.23 and bring_home with share 0.4"."""
    moved = [
        f"{sought.kind} with {sought.field} {sought.value(many):g}"
        for sought, many in zip(levers.sought, steps, strict=True)
        if many or sought.start != sought.nothing
    ]
    return " and ".join(moved) or "no lever at all"


def figure(aim: Aim, outcome: Outcome, at: int) -> str:
    """What an aim came to in its worst year, and the year: "1.43 in 100 in 2031/32".

    Parameters
    ----------
    at : position of the aim
    """
    year, value = worst(aim, outcome, at)
    if aim.limit is not None:
        return f"{_amount(aim, value)} in {academic_year(year)}"
    rate = float(outcome.figures[at].sel(year=year, statistic="mean"))
    side = "above" if value > 0 else "below"
    gap = f"{in_a_hundred(abs(value))} {side} England's" if abs(value) >= LEAST_GAP else f"just {side} England's"
    return f"{in_a_hundred(rate)} in 100 in {academic_year(year)}, {gap}"


def worst(aim: Aim, outcome: Outcome, at: int) -> tuple[int, float]:
    """Year of an aim in which it is missed by most, or met by least, and its figure then; against England the gap."""
    miss = outcome.misses[at].sel(year=aim.years)
    year = aim.years[int(miss.to_numpy().argmax())]
    return year, float(miss.sel(year=year)) + (aim.limit or 0.0)


def costs(goal: Goal, outcome: Outcome) -> str:
    """What settings cost a year, and who pays."""
    rows = {str(payer): _row(outcome, str(payer)) for payer in outcome.more["payer"].to_numpy().tolist()}
    each = "; ".join(f"{payer.value}: {dearer_or_cheaper(rows[payer.value]['mean'])}" for payer in Payer)
    span = f"{academic_year(goal.years[0])} to {academic_year(goal.years[-1])}"
    return (
        f"On average a year, {span}, that costs {money_with_span(rows[ALL_PAYERS])} than without it, all payers "
        f"together ({each})."
    )


def _row(outcome: Outcome, payer: str) -> dict[Any, Any]:
    of = outcome.more.sel(payer=payer)
    return {str(name): float(of.sel(statistic=name)) for name in of["statistic"].to_numpy().tolist()}


def _amount(aim: Aim, value: float) -> str:
    match aim.what:
        case What.RATE:
            return f"{in_a_hundred(value)} in 100"
        case What.BUDGET:
            return pounds(value) if value >= 0 else f"{pounds(value)} less"
        case _:
            return count(value)


def _start(goal: Goal) -> str:
    """Where and on what an answer rests."""
    before = goal.ground.before
    rests = condition(before, max(aim.last for aim in goal.aims))
    return f"{area_name(before.about)}" + (f", {rests}" if rests else "")


def _aims(goal: Goal) -> str:
    return "; and ".join(aim_words(aim, goal.ground.before.about) for aim in goal.aims)


def _takes(goal: Goal, answer: Outcome) -> str:
    return f"{_start(goal)}: it takes {settings(goal.levers, answer.steps)} to reach {_aims(goal)}."


def _nothing_needed(goal: Goal) -> str:
    held = settings(goal.levers, goal.start.steps)
    with_it = "" if held == "no lever at all" else f" with {held}, the least that was asked for"
    return f"{_start(goal)}: nothing more is needed to reach {_aims(goal)}: that is so already{with_it}."


def _reached(goal: Goal, answer: Outcome) -> list[str]:
    """What the levers do, and each aim with and without them."""
    kinds = dict.fromkeys(sought.kind for sought, many in zip(goal.levers.sought, answer.steps, strict=True) if many)
    told = [f"{kind}: {_says(kind)}" for kind in kinds]
    for at, aim in enumerate(goal.aims):
        without = "" if answer is goal.start else f"; without: {figure(aim, goal.start, at)}"
        told.append(f"{capped(aim_words(aim, goal.ground.before.about))}: {figure(aim, answer, at)}{without}.")
    return told


def _says(kind: str) -> str:
    """What a lever is, as its class says in its first line."""
    return " ".join((LEVERS[kind].__doc__ or "").partition("\n\n")[0].split())


def _less(goal: Goal, less: Outcome) -> str:
    misses = [at for at, aim in enumerate(goal.aims) if float(less.misses[at].sel(year=aim.years).max()) > 0]
    at = misses[0]
    return f"A step less, {settings(goal.levers, less.steps)}, misses: {figure(goal.aims[at], less, at)}."


def _after(goal: Goal, answer: Outcome) -> list[str]:
    """What becomes of each aim after its years, in which nobody asked for it."""
    told = []
    for aim, miss in zip(goal.aims, answer.misses, strict=True):
        later = [year for year in miss["year"].to_numpy().tolist() if year > aim.last]
        missed = [year for year in later if float(miss.sel(year=year)) > 0]
        if missed:
            words = uncapped(aim_words(aim, goal.ground.before.about))
            told.append(
                f"With the same settings it does not last: {words}; from {academic_year(missed[0])} it is missed."
            )
    return told


def _mixed(goal: Goal) -> list[str]:
    mixed = goal.mixed
    if mixed is None:
        return []
    compared = (
        f"{mixed.compared:,} mixes were compared on a response fitted to {mixed.runs} runs of {mixed.futures} futures, "
        "and no lever of the answer could do less in all futures. For the answer the fit said "
        f"{dearer_or_cheaper(mixed.fitted)} and its own run {dearer_or_cheaper(mixed.run)}: a mix that the fit "
        "misjudges by more than such an error may be cheaper still."
    )
    told = [
        f"By itself {settings(goal.levers, steps)} reaches it too, in those futures at {dearer_or_cheaper(cost)}."
        for steps, cost in mixed.alone
        if goal.answer is not None and [bool(many) for many in steps] != [bool(many) for many in goal.answer.steps]
    ]
    return [compared, *told]


def _cannot(goal: Goal, blocked: Blocked) -> str:
    wanted = _aims(goal) if blocked.binds is Binds.AIM else aim_words(goal.aims[blocked.aim], goal.ground.before.about)
    levers = " and ".join(f"{s.field} of {s.kind} from {s.start:g} to {s.end:g}" for s in goal.levers.sought)
    return f"{_start(goal)}: {wanted} cannot be reached with {levers}."


def _why(goal: Goal, blocked: Blocked) -> list[str]:
    """The nearest that the levers come, and what binds."""
    aim, at = goal.aims[blocked.aim], blocked.aim
    nearest = (
        f"The nearest that they come is {settings(goal.levers, blocked.best.steps)}: {figure(aim, blocked.best, at)}; "
        f"without them: {figure(aim, goal.start, at)}."
    )
    return [nearest, _binds(goal, blocked), costs(goal, blocked.best)]


def _binds(goal: Goal, blocked: Blocked) -> str:
    """What binds, in a sentence."""
    about, aim = goal.ground.before.about, goal.aims[blocked.aim]
    last = academic_year(aim.last)
    match blocked.binds:
        case Binds.AIM if blocked.without is not None and blocked.other is not None:
            other, without = goal.aims[blocked.other], blocked.without
            return (
                f"What binds is the other aim, {aim_words(other, about)}: {settings(goal.levers, without.steps)} would "
                f"bring {figure(aim, without, blocked.aim)}, but then the other comes to "
                f"{figure(other, without, blocked.other)}."
            )
        case Binds.BOUND if blocked.widened is not None and blocked.farther is not None:
            past = settings(blocked.widened, blocked.farther)
            return f"What binds is how far the levers may go: {past} would reach it, in {goal.few} futures."
        case Binds.YEAR if blocked.later is not None:
            return (
                f"What binds is the year: levers act on children as they come, year by year. As near as these come, it "
                f"is reached in {academic_year(blocked.later)} and not by {last}."
            )
        case Binds.UNMOVED:
            return "These levers do not move it, or move it the wrong way: try another kind."
        case _:
            return "What binds is what the levers can do: within their bounds they reach it in no year of the forecast."
