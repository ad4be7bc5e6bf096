"""Why a size, in sentences: what mistakes cost, when to look again, other worlds, other ways, what it rests on."""

from forecast.decide.alternatives import NOTHING
from forecast.decide.case import Case
from forecast.decide.kinds import NAMES, NEW_SCHOOL, earliest
from forecast.decide.size import Sized
from forecast.decide.stages import WAITS
from forecast.decide.trigger import Signal
from forecast.domain import academic_year
from forecast.report.money import less_or_more, pounds
from forecast.report.phrases import FEW, RANGE, capped, census, provision_words, rounded, uncapped
from forecast.report.size_words import SMALLEST, is_school, listed, month, some
from forecast.report.tables import RATE_APPLIED
from forecast.report.words import notes


def cost_reasons(sized: Sized) -> list[str]:
    """What a place too few and one too many cost, and the size that follows."""
    case = sized.case
    few, many = float(case.few.mean()), float(case.many.mean())
    year, last = academic_year(case.years[case.ready]), academic_year(case.years[-1])
    if few <= 0:
        return [
            f"In {year} a place too few costs nothing: an independent place is no dearer, so it pays to build none."
        ]
    return [
        (
            f"In {year} a place too few costs about {pounds(few)} a year, since the child goes to an independent "
            f"school instead; a place too many costs about {pounds(many)} a year, for the empty place and its building."
        ),
        (
            f"In one such year it would pay to have enough in {round(case.fractile * 100)} futures of 100. Over "
            f"all years to {last}, with a school that fills as it grows, {sized.cheapest} places cost least."
        ),
    ]


def stage_reasons(sized: Sized) -> list[str]:
    """When to look again, and what would call for the second stage."""
    second, case = sized.second, sized.case
    coming = f"Look again each January, first when the count of {census(case.setting.coming)} is in."
    if second is None:
        return [coming]
    rows = second.waiting.set_index("plan")["saved"]
    saved = float(rows[WAITS])
    worth = "saves" if saved > 0 else "costs"
    return [
        f"{_rule(sized)} It would then open by {census(second.by)}.",
        f"{coming} So watched, the second stage is ordered in {round(second.ever * 100)} futures of 100.",
        f"To wait for the count {worth} about {pounds(saved)} in today's money, against the cheapest way not to wait.",
    ]


def _rule(sized: Sized) -> str:
    """The sign for the second stage."""
    second, case = sized.second, sized.case
    if second is None:
        return ""
    more = "without a place" if case.short else f"counted more than in {census(case.years[0])}"
    sign, look = second.trigger, f"In {census(second.look)}"
    if sign.signal is Signal.ALWAYS:
        return f"{look} order the second stage, whatever is counted."
    if sign.children is None:
        return f"{look} no number of children would call for the second stage yet."
    number = "any are" if sign.children < FEW else f"at least {sign.children} children are"
    return f"{look} order the second stage if {number} {more}."


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
        f"Worlds are compared in the same {sized.compared} futures{fewer} and in whole classes.",
    ]


def viable_reasons(sized: Sized) -> list[str]:
    """Whether so small a school is ever built, and what else there is; nothing where it is large enough."""
    if is_school(sized):
        return []
    rows = {str(row["kind"]): row for row in sized.beside.to_dict("records")}
    one, hub = rows[SMALLEST], rows["hub_and_spoke"]
    return [
        (
            f"New special schools are commissioned with {one['least']:.0f} to {one['most']:.0f} places for one phase, "
            f"a hub and its spokes with {hub['least']:.0f} to {hub['most']:.0f}. {sized.target} places are fewer than "
            "any special school that was found to be commissioned by itself. That is what was found, not a rule."
        ),
    ]


def alternative_reasons(sized: Sized) -> list[str]:
    """What other ways to make as many places would cost, and when they could open."""
    case, row = sized.case, sized.alternatives.to_dict("records")[0]
    best = row["project"]
    last = academic_year(case.years[-1])
    if best == NOTHING:
        return [f"To {last}, no way to make {sized.target} places costs less than placing the children as now."]
    said = [
        (
            f"The cheapest way to {sized.target} places is {best}: to {last} about {less_or_more(row['saved'])} in "
            f"today's money than independent placements. Decided in {month(case.setting.today)}, it could open in "
            f"{month(row['opens'])}. That a base or a hub could meet these children's needs is taken for granted here."
        )
    ]
    return [*said, *_too_soon(case)]


def _too_soon(case: Case) -> list[str]:
    """Whether a new school can still be there by the month asked for."""
    kind, soonest = case.setting.kinds[NEW_SCHOOL], earliest(case.setting, NEW_SCHOOL)
    if case.kind != NEW_SCHOOL or soonest <= case.ask.opens:
        return []
    return [
        (
            f"A {NAMES[NEW_SCHOOL]} takes about {kind.months:.0f} months from decision to opening (judgement): decided "
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
            f"{less_or_more(saved['p50'])} than independent placements to {academic_year(case.years[-1])}, in today's "
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


def relief_reasons(sized: Sized) -> list[str]:
    """What the school could do for others, where some are known to be short."""
    case = sized.case
    if sized.relief is None:
        return []
    year = case.years[case.ready]
    [most] = sized.relief.loc[sized.relief["year"] == year, "mean"].tolist()
    own = float(case.wanted[:, case.ready].mean())
    if most < max(own, FEW):
        return []
    return [
        (
            f"Those places are for these children's own share of the shortage, {some(own)} in {academic_year(year)}. A "
            "bigger school could also take such children who have a place now, and free theirs for others: at the most "
            f"it could relieve about {rounded(most)} children, of whatever need and district."
        )
    ]


def rests_on(sized: Sized) -> list[str]:
    """What the answer rests on, and then what every report of the area says."""
    case = sized.case
    about, ask = case.projection.about, case.ask
    kind = uncapped(provision_words(about, ask.provision))
    said = []
    if case.short:
        said.append(
            f"Short means: left over when as many children as can be are placed where they may be, by need, year group "
            f"and district, equal claims losing equal shares. Places in {kind} are those that places.csv lists."
        )
    else:
        said.append(
            f"Nobody is called short: which places there are is not listed, so these figures are children more "
            f"than in {census(case.years[0])}, who are taken to find no room."
        )
    if about.kind == "published" and ask.districts:
        said.append(
            f"For a district the figures are {RATE_APPLIED}, and they differ from future to future as the rates of "
            "comparable authorities do. No figure of the district's own children is in them."
        )
    said.append(
        f"It opens {_late(case)}, is built for certain, and fills as such projects do: {_ramp(case)} of its places are "
        "open in its first, second and later years."
    )
    return [*said, *_elsewhere(case), *_money(sized), *notes(case.projection)]


def _late(case: Case) -> str:
    late = case.setting.late
    return f"about {late.value:.0f} months late, and in 1 future of 10 more than {late.high:.0f}"


def _ramp(case: Case) -> str:
    return ", ".join(f"{share:.0%}" for share in case.setting.kinds[case.kind].ramp)


def _elsewhere(case: Case) -> list[str]:
    """Assumptions of need-based demand."""
    if not case.elsewhere:
        return ["Children in other kinds of place who might need one of these are not counted: --need-based adds them."]
    return [
        f"{one.says} {one.value:.1%} is taken, with {RANGE} from {one.low:.1%} to {one.high:.1%}. {one.source}"
        for one in case.elsewhere.values()
    ]


def _money(sized: Sized) -> list[str]:
    """What pounds are, and which prices nothing but judgement gives."""
    guessed = sized.prices[~sized.prices["supported"].astype(bool)]["item"].unique().tolist()
    said = "Pounds are real, without inflation, in prices of about 2024; the range of each price is carried."
    names = [name.replace("_", " ") for name in guessed]
    return [said, f"Judgement alone gives: {listed(names)}."] if names else [said]
