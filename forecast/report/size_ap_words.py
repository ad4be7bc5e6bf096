"""Words of a size that alternative provision needs: whose places, what is done for want of one, what is kept free."""

from math import ceil

from forecast.decide.case import Case
from forecast.decide.kinds import SHORT_STAY
from forecast.decide.size import Sized
from forecast.decide.without_plan import WITH_PLAN, filled_by_both, only_without
from forecast.domain import WITHOUT_PLAN, academic_year
from forecast.report.both_words import BOTH, COUNTED, now_words
from forecast.report.phrases import FEW, rounded


def they(case: Case) -> str:
    """What is built, once it has been named: a school, or places."""
    return "it" if case.kind != SHORT_STAY else "they"


def same_in_worlds(case: Case) -> list[str]:
    """That policy worlds are about plans; nothing where no child without a plan is among those asked about."""
    if not case.setting.without_plan:
        return []
    return ["The worlds differ in who has a plan: children without one are as many in each."]


def need_words(case: Case, need: str) -> str:
    """Words for a need of a question, which may be to have no plan."""
    return f"none known ({WITHOUT_PLAN})" if need == WITHOUT_PLAN else case.projection.about.need_name(need)


def whose(case: Case) -> str | None:
    """Of AP schools' places, such as "children without a plan"; None of other questions, whose needs say it."""
    if not case.filled_by_both:
        return None
    if only_without(case.ask.needs):
        return f"children {WITHOUT_PLAN}"
    if set(case.ask.needs) == set(case.projection.about.needs):
        return f"children {WITH_PLAN}"
    return None if case.ask.needs else BOTH


def instead(case: Case) -> str:
    """What the places are set against in money."""
    return "placements elsewhere" if case.setting.without_plan else "independent placements"


def instead_why(case: Case) -> str:
    """What happens to a child for want of a place."""
    share = case.setting.without_plan
    independent, elsewhere = "an independent school", "alternative provision elsewhere that the council pays for"
    if not share:
        return f"the child goes to {independent} instead"
    if only_without(case.ask.needs):
        return f"the child goes to {elsewhere} instead"
    return f"a child with a plan goes to {independent} instead, and one without to {elsewhere}"


def more_places(case: Case, children: float) -> str:
    """How many more such places are filled, where places are only assumed."""
    many = f"about {rounded(children)}" if children >= FEW else f"fewer than {FEW}"
    then = now_words(case.projection, case.ask.provision, alone=only_without(case.ask.needs))
    return f"{many} more full-time places are expected to be filled, futures with fewer counted as none, than in {then}"


def only_with_plan(case: Case) -> list[str]:
    """That children without a plan are not counted, where the places are AP schools' and nobody knows how many."""
    about = case.projection.about
    if case.filled_by_both or case.ask.provision != filled_by_both(about):
        return []
    return [
        (
            f"Counted are children {WITH_PLAN} only: those {WITHOUT_PLAN}, who fill such places too, are missing. "
            "For them add ap_rolls.csv or ap_arrivals.csv to the area's folder."
        )
    ]


def kept_free(sized: Sized) -> list[str]:
    """Places with headroom; nothing where no child without a plan is among those asked about."""
    case, places = sized.case, sized.stages.both
    ap = case.projection.ap
    if ap is None or not case.setting.without_plan or not places:
        return []
    with_headroom = ceil(places * (1 + ap.headroom) - _ROUNDING)
    return [
        (
            f"These are places filled in the fullest month, none kept free. With {ap.headroom:.0%} more, so that a "
            f"child who must be taken at once can be, it would be {with_headroom} places rather than {places}."
        )
    ]


def counted(case: Case) -> str:
    """Which places a sign for the second stage is counted in, beyond those of the latest census."""
    since = academic_year(case.years[0])
    return f"counted in such places in the fullest month, as full-time, more than in {since}"


def ap_basis_of_size(case: Case) -> list[str]:
    """What a size of AP schools rests on, besides what every size does; nothing for other kinds of place."""
    if not case.filled_by_both:
        return []
    price = case.setting.costs.cost("ap_elsewhere", case.setting.provision)
    said = [COUNTED]
    if case.setting.without_plan:
        said.append(
            "What alternative provision elsewhere costs is judgement: "
            f"£{price.value:,.0f} a full-time year (8 chances in 10: £{price.low:,.0f} to £{price.high:,.0f})."
            if not price.supported
            else f"Alternative provision elsewhere is priced at £{price.value:,.0f} a full-time year."
        )
    said.append(
        "Short-stay places are taken by several children a year; that a unit fills within two years, and that its "
        f"classes are of {case.ask.class_size}, is judgement."
    )
    return said


_ROUNDING = 1e-9
