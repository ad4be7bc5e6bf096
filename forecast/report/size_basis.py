"""What a size rests on: whose places, which rates, how schools open and fill, at what prices, and how it did before."""

from forecast.decide.case import Case
from forecast.decide.replayed import LONG, too_small_in_past
from forecast.decide.size import Sized
from forecast.decide.without_plan import only_without
from forecast.domain import Provision
from forecast.fitted import PUBLISHED
from forecast.report.both_words import now_words, place_words
from forecast.report.phrases import RANGE, census, uncapped
from forecast.report.size_ap_words import ap_basis_of_size
from forecast.report.size_words import listed
from forecast.report.tables import RATE_APPLIED
from forecast.report.words import notes


def rests_on(sized: Sized) -> list[str]:
    """What the answer rests on, and then what every report of the area says."""
    case = sized.case
    about, ask = case.projection.about, case.ask
    kind = uncapped(place_words(case.projection, ask.provision))
    now = now_words(case.projection, ask.provision, alone=only_without(ask.needs))
    said = []
    if case.short:
        said.append(
            f"Short means: left over when as many children as can be are placed where they may be, by need, year group "
            f"and district, equal claims losing equal shares. Places in {kind} are those that places.csv lists."
        )
    else:
        said.append(
            f"Nobody is called short: which places there are is not listed, so these figures are children more "
            f"than in {now}, who are taken to find no room."
        )
    if about.kind == PUBLISHED and ask.districts:
        said.append(
            f"For a district the figures are {RATE_APPLIED}, and they differ from future to future as the rates of "
            "comparable authorities do. No figure of the district's own children is in them."
        )
    said.append(
        f"It opens {_late(case)}, is built for certain, and fills as such projects do: {_ramp(case)} of its places are "
        "open in its first, second and later years."
    )
    return [
        *said,
        *ap_basis_of_size(case),
        *_freeing(case),
        *_elsewhere(case),
        *_money(sized),
        *_past(case),
        *notes(case.projection),
    ]


def _freeing(case: Case) -> list[str]:
    """Whose places are counted as freed, where that was asked for."""
    if not case.ask.freeing:
        return []
    return [
        (
            "Counted are all whom such a school could relieve: it would also take such children who have a place "
            "elsewhere now, whose places it would free for others. That the others would be given them is taken for "
            "granted."
        )
    ]


def _past(case: Case) -> list[str]:
    """How often places for 8 futures in 10 were too few in earlier forecasts."""
    if case.setting.provision != Provision.SPECIAL:
        return []
    share, forecasts = too_small_in_past()
    return [
        (
            f'"In 8 futures of 10" has been too hopeful: of {forecasts:,} forecasts made {LONG} years ahead of the '
            f"state special places of whole authorities, P80 was too small in {share * 100:.0f} of 100, where 20 are "
            "meant."
        )
    ]


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
    said = (
        "Pounds are real, without inflation, in prices of the year that each price's source names (prices.csv); the "
        f"range of each price is carried. Independent fees grow from {census(sized.case.years[0])} on."
    )
    names = [name.replace("_", " ") for name in guessed]
    return [said, f"Judgement alone gives: {listed(names)}."] if names else [said]
