"""The question of a size: which children, of which kind of place, from when; checked against an area.

Whatever is wrong with a question is said at once, each fault with its remedy.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict

from forecast.decide.ask_ages import QUESTION, span_of, unreadable
from forecast.decide.without_plan import WITH_PLAN, filled_by_both
from forecast.domain import NC_YEARS, NEED_GROUPS, WITHOUT_PLAN, Provision, academic_year
from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.inputs.faults import choice, nearest, shown

FIRST, LAST = -1, 14
"""Year groups asked about if none are named: nursery to the year in which a special school's pupils turn 19."""
CLASS_SIZE: Final = 8
"""Places in a class, the fewest of the classes that councils commission (`data/reference/sizes.csv`)."""
MOST_PLACES: Final = 1_000
"""Largest size that can be asked about: several times the largest special school that councils commission
(`data/reference/sizes.csv`)."""
MOST_IN_CLASS: Final = 30
"""Largest class that can be asked about: the most that an infant class may have, by the School Admissions (Infant Class
Sizes) (England) Regulations 2012; special classes are far smaller."""
BUILT: Final = (Provision.SPECIAL, Provision.BASE, Provision.ALTERNATIVE)
"""Kinds of place that a council builds."""
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class Ask(BaseModel):
    """How many places, for whom, of what kind, from when."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    needs: tuple[str, ...] = ()
    """Main needs, by the area's labels, or "without a plan"; everybody if left out."""
    nc_from: int = FIRST
    """First year group: Reception is 0."""
    nc_to: int = LAST
    """Last year group."""
    districts: tuple[str, ...] = ()
    """Districts whose children are meant; the whole area if left out."""
    opens: str
    """Month in which the first children come, such as 2027-09."""
    provision: str = Provision.SPECIAL.value
    """Kind of place, by the area's label."""
    class_size: int = CLASS_SIZE
    """Places in a class."""
    places: int | None = None
    """A size to test beside those worked out."""
    freeing: bool = False
    """Whether to count all whom such a school could relieve, and not only these children's own share of the shortage:
    it may also take such children who have a place, and free theirs for others."""

    @property
    def span(self) -> tuple[int, int]:
        """First and last year group."""
        return self.nc_from, self.nc_to

    @property
    def january(self) -> int:
        """First January census on or after the month of opening."""
        year, month = int(self.opens[:4]), int(self.opens[5:])
        return year if month == 1 else year + 1

    def checked_against(
        self, about: About, last: int, coming: int | None = None, *, without_plan: bool = False
    ) -> "Ask":
        """The same question with the area's own spelling of every label; a broad area of need becomes its needs.

        Parameters
        ----------
        last : January that the forecast ends with
        coming : January of the current school year; that of the latest census if left out
        without_plan : whether the area has figures on children without a plan who fill AP schools

        Raises
        ------
        InputFaults
            Everything that is wrong with the question.
        """
        districts = list(about.district_names)
        kind = _own(about.provisions, self.provision)
        both = without_plan and kind is not None and kind == filled_by_both(about)
        named = {name: _needs_of(about, name) for name in self.needs}
        faults = [_no_need(about, name) for name, needs in named.items() if not needs]
        faults += _no_plan(named, about, both=both, known=without_plan)
        where = {name: _own(districts, name) for name in self.districts}
        faults += [_unknown("district", name, districts) for name, own in where.items() if own is None]
        faults += [*_kind(about, self.provision, kind), *_ages(self)]
        faults += [*_opening(self, about.latest_census, coming or about.latest_census, last), *_numbers(self)]
        if faults:
            raise InputFaults(faults)
        needs = dict.fromkeys(need for group in named.values() for need in group)
        everybody = {*about.needs, WITHOUT_PLAN} if both else set(about.needs)
        everywhere = set(where.values()) == set(districts)
        return self.model_copy(
            update={
                "needs": () if set(needs) == everybody else tuple(needs),
                "districts": () if everywhere else tuple(name for name in districts if name in where.values()),
                "provision": kind,
            }
        )


def asked(about: About, last: int, coming: int, ages: str, *, without_plan: bool = False, **said: object) -> Ask:
    """A question as it is written on a command line, checked against the area.

    Parameters
    ----------
    last : January that the forecast ends with
    coming : January of the current school year
    ages : "-1..14", one year group, a phase or a key stage
    without_plan : as in `Ask.checked_against`
    said : the other fields of `Ask`

    Raises
    ------
    InputFaults
        Everything that is wrong with the question.
    """
    span = span_of(ages)
    first, final = span or (FIRST, LAST)
    ask = Ask.model_validate({**said, "nc_from": first, "nc_to": final})
    if span:
        return ask.checked_against(about, last, coming, without_plan=without_plan)
    try:
        ask.checked_against(about, last, coming, without_plan=without_plan)
    except InputFaults as error:
        raise InputFaults([*error.faults, unreadable(ages)]) from error
    raise InputFaults([unreadable(ages)])


def _needs_of(about: About, name: str) -> list[str]:
    """Labels of the area that a need, a broad area of need, or having a plan or none, stands for."""
    if name.strip().casefold() in {WITH_PLAN, WITHOUT_PLAN}:
        return [WITHOUT_PLAN] if name.strip().casefold() == WITHOUT_PLAN else list(about.needs)
    own = _own(about.needs, name)
    if own is not None:
        return [own]
    if same := [label for label in about.needs if about.need_name(label).casefold() == name.strip().casefold()]:
        return same
    group = _own(NEED_GROUPS, name)
    return [] if group is None else [label for label, means in about.needs.items() if means in NEED_GROUPS[group]]


def _own(known: Iterable[str], name: str) -> str | None:
    """The label that is the same but for capitals."""
    return {label.casefold(): label for label in known}.get(name.strip().casefold())


def _no_need(about: About, name: str) -> Fault:
    """What is said of a need that there is not: the one probably meant, or every one with its words."""
    words = [about.need_name(label) for label in about.needs]
    if nearest(name, [*about.needs, *NEED_GROUPS, *words]):
        return _unknown("need", name, [*about.needs, *NEED_GROUPS, *words])
    both = [label if label == word else f"{label} ({word})" for label, word in zip(about.needs, words, strict=True)]
    return _unknown("need", name, [*both, *NEED_GROUPS])


def _no_plan(named: Mapping[str, Sequence[str]], about: About, *, both: bool, known: bool) -> list[Fault]:
    """What is wrong with asking for children without a plan, of a kind of place that none of them is counted in."""
    if both or not any(WITHOUT_PLAN in needs for needs in named.values()):
        return []
    label = filled_by_both(about)
    if known:
        what = "children without a plan are counted in alternative provision only"
        return [Fault(QUESTION, 0, "need", what, f"choose --provision {label}, or needs of children with a plan")]
    what = "nothing is known here of children without a plan"
    return [Fault(QUESTION, 0, "need", what, "add ap_rolls.csv to the area's folder, or leave it out")]


def _kind(about: About, said: str, kind: str | None) -> list[Fault]:
    """What is wrong with a kind of place: there is none such, or no council builds it."""
    if kind is None:
        return [_unknown("provision", said, list(about.provisions))]
    if about.provisions[kind] in BUILT or not about.means(*BUILT):
        return []
    what = f"a council builds no places of the kind {about.provision_name(kind)!r}"
    return [Fault(QUESTION, 0, "provision", what, f"choose from {', '.join(about.means(*BUILT))}")]


def _unknown(what: str, name: str, known: Sequence[str]) -> Fault:
    kind = "kind of place" if what == "provision" else what
    return Fault(QUESTION, 0, what, f"no {kind} is called {shown(name)}", choice(name, known))


def _ages(ask: Ask) -> list[Fault]:
    first, last = ask.span
    if first > last:
        return [Fault(QUESTION, 0, "ages", f"year group {first} is after {last}", "give the younger one first")]
    if first < NC_YEARS[0] or last > NC_YEARS[-1]:
        remedy = f"choose from {NC_YEARS[0]} to {NC_YEARS[-1]}; Reception is 0"
        return [Fault(QUESTION, 0, "ages", f"there is no year group {first if first < NC_YEARS[0] else last}", remedy)]
    return []


def _opening(ask: Ask, census: int, coming: int, last: int) -> list[Fault]:
    if not _MONTH.fullmatch(ask.opens):
        return [Fault(QUESTION, 0, "opens", f"{shown(ask.opens)} is no month", "write it as 2027-09")]
    if ask.january <= census:
        what = f"{ask.opens} is not after the latest census, of January {census}"
        return [Fault(QUESTION, 0, "opens", what, f"give a later month, such as {max(census, coming)}-09")]
    if ask.opens <= f"{coming - 1}-09":
        what = f"{ask.opens} has passed: the current school year is {academic_year(coming)}"
        return [Fault(QUESTION, 0, "opens", what, f"give a later month, such as {coming}-09")]
    if ask.january > last:
        what = f"the forecast ends in {academic_year(last)}, before a school of {ask.opens} has had a January"
        return [Fault(QUESTION, 0, "opens", what, f"give a month up to {last - 1}-09, or forecast further ahead")]
    return []


def _numbers(ask: Ask) -> list[Fault]:
    said = {
        "places": ("a size", ask.places, MOST_PLACES, "special schools are commissioned far smaller; ask of several"),
        "classes": ("a class", ask.class_size, MOST_IN_CLASS, "not even an infant class may be larger"),
    }
    faults = []
    for field, (words, number, most, why) in said.items():
        if number is not None and number < 1:
            what = f"{words} of {number} has no place in it"
            faults.append(Fault(QUESTION, 0, field, what, f"write a whole number from 1 to {most:,}"))
        elif number is not None and number > most:
            what = f"{words} of {number:,} is too large: {why}"
            faults.append(Fault(QUESTION, 0, field, what, f"write a whole number from 1 to {most:,}"))
    return faults
