"""What a council wants to reach: a sentence such as "special rate at most England's by 2031/32", read and checked.

An aim is met when its figure is at most its limit in each of its years: on average over the futures, or in a share of
them where it says so ("in 8 of 10 futures", or "P80").
"""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from forecast.domain import OWN, academic_year
from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.inputs.faults import choice, shown
from forecast.places.rates import SPECIAL_SCHOOLS
from forecast.scenario.written import january

LABEL: Final = "The aim"
"""Where a fault of an aim is said to be."""
FORMS: Final = (
    "special rate at most England's by 2031/32",
    "special rate at most 1.4% by 2031/32",
    "children in independent at most 300 by 2030/31",
    "short of special at most 10 from 2029/30 to 2031/32 in 8 of 10 futures",
    "budget at most £3m a year from 2027/28 to 2031/32",
)
"""An example of each kind of aim, as help and faults show them."""
_TIMES: Final = {"": 1, "%": 0.01, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}
_YEAR: Final = r"\d{4}/\d{2}"
_SENTENCE: Final = re.compile(
    r"(?P<what>special (school )?rate|children in (?P<of>.+?)|short(age)?( of (?P<short>.+?))?|budget)"
    r"(?: at most| no more than| of| <=)? (?P<limit>england'?s?|£? ?(?P<number>\d[\d,]*(\.\d+)?)"
    r" ?(?P<times>%|k|m|thousand|million)?)"
    rf"(?: a year)?(?: (by|in) (?P<by>{_YEAR})| from (?P<first>{_YEAR}) to (?P<last>{_YEAR}))?"
    r"(?:,? (at )?p(?P<percent>\d\d?)|,? in (?P<some>\d+) (of|in) (?P<all>\d+)( futures)?)?"
)


class What(StrEnum):
    """The figure that an aim is of."""

    RATE = "special rate"
    """Plans in state and non-maintained special schools per resident aged 4 to 17."""
    CHILDREN = "children"
    """Children in a kind of place."""
    SHORT = "short"
    """Children without a place, of a kind that the area lists or of all of them."""
    BUDGET = "budget"
    """Pounds a year, all payers together, more than without the levers."""


class Aim(BaseModel):
    """A figure that is to be at most so much, in some years."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    what: What
    of: tuple[str, ...] = ()
    """Labels of the kinds of place; empty for all, or where the figure is of none."""
    limit: float | None
    """A share, children or pounds a year; None for England's rate in the same future."""
    first: int
    """First January in which it is to be met."""
    last: int
    """Last January in which it is to be met."""
    futures: float | None = None
    """Share of futures in which it is to be met, year by year; None for the mean of all."""
    said: str
    """As it was written."""

    @property
    def years(self) -> list[int]:
        """Januaries in which it is to be met."""
        return list(range(self.first, self.last + 1))


def read_aims(written: Sequence[str], about: About, listed: Sequence[str], years: Sequence[int]) -> tuple[Aim, ...]:
    """Aims as a person writes them. A budget without years holds in every year until the last one of the other aims.

    Parameters
    ----------
    written : sentences, as in `FORMS`
    about : of the area, for its kinds of place
    listed : labels of the kinds of place of which the area lists its own places
    years : Januaries that are forecast, the latest census not among them

    Raises
    ------
    InputFaults
        Everything that is wrong with them.
    """
    faults: list[Fault] = []
    found = [match for text in written if (match := _match(text, faults))]
    if not written:
        faults.append(Fault(LABEL, 0, "", "nothing is aimed at", f'write one, such as "{FORMS[0]}"'))
    spans = [_span(match, years, faults) for match in found]
    last = max((span[1] for span in spans if span), default=years[-1])
    aims = [
        _aim(match, span or (years[0], last), about, listed, faults) for match, span in zip(found, spans, strict=True)
    ]
    if faults:
        raise InputFaults(faults)
    return tuple(aims)


def _match(text: str, faults: list[Fault]) -> re.Match[str] | None:
    found = _SENTENCE.fullmatch(" ".join(text.split()).replace("\u2019", "'").casefold())
    if found is None:
        examples = "; ".join(f'"{form}"' for form in FORMS)
        faults.append(Fault(LABEL, 0, "", f"{shown(text)} is no aim", f"write one like these: {examples}"))
    return found


def _span(match: re.Match[str], years: Sequence[int], faults: list[Fault]) -> tuple[int, int] | None:
    """First and last January that a sentence names; None where it names none."""
    parts = [match[name] for name in ("by", "by")] if match["by"] else [match["first"], match["last"]]
    if parts[0] is None:
        if match["what"] != What.BUDGET:
            faults.append(_fault(match, "no year is named", 'write one, such as "by 2031/32"'))
        return None
    try:
        first, last = (int(str(january(part))) for part in parts)
    except ValueError as error:
        faults.append(_fault(match, str(error).partition(";")[0], "write the two years of a school year"))
        return None
    if first > last:
        faults.append(_fault(match, "its last year is before its first", "give the earlier one first"))
    elif first < years[0] or last > years[-1]:
        wrong = academic_year(first if first < years[0] else last)
        remedy = f"choose from {academic_year(years[0])} to {academic_year(years[-1])}"
        faults.append(_fault(match, f"{wrong} is not forecast", remedy))
    return first, last


def _aim(match: re.Match[str], span: tuple[int, int], about: About, listed: Sequence[str], faults: list[Fault]) -> Aim:
    """The aim of one sentence; what is wrong with it is added to `faults`."""
    what = What.SHORT if match["what"].startswith("short") else _what(match["what"])
    return Aim(
        what=what,
        of=_kinds(match, what, about, listed, faults),
        limit=_limit(match, what, faults),
        first=span[0],
        last=span[1],
        futures=_futures(match, faults),
        said=match.string,
    )


def _what(words: str) -> What:
    if words.startswith("children in "):
        return What.CHILDREN
    return What.BUDGET if words == What.BUDGET else What.RATE


def _kinds(
    match: re.Match[str], what: What, about: About, listed: Sequence[str], faults: list[Fault]
) -> tuple[str, ...]:
    """Labels of the kind of place that a sentence names."""
    if what is What.RATE and not about.means(*SPECIAL_SCHOOLS):
        faults.append(_fault(match, "no kind of place of the area is a special school", "aim at children in a kind"))
    if what is What.SHORT and not listed:
        remedy = 'aim at children instead ("children in special at most ..."), or add its schools to places.csv'
        faults.append(_fault(match, "the area lists no places of its own, so nobody can be called short", remedy))
        return ()
    name = match["of"] or match["short"]
    if name is None:
        return ()
    codes = {str(code).casefold() for code in about.provisions.values() if code != OWN}
    labels = [label for label, code in about.provisions.items() if str(code).casefold() == name]
    labels = labels or [label for label in about.provisions if label.casefold() == name]
    if what is What.SHORT:
        labels = [label for label in labels if label in listed]
    known = listed if what is What.SHORT else [*dict.fromkeys([*about.provisions, *codes])]
    if not labels:
        faults.append(_fault(match, f"no such kind of place is counted: {shown(name)}", choice(name, known)))
    return tuple(labels)


def _limit(match: re.Match[str], what: What, faults: list[Fault]) -> float | None:
    """The most that a figure may be; None for England's."""
    written = match["limit"]
    if written.startswith("england"):
        if what is not What.RATE:
            faults.append(_fault(match, "only the special rate can be England's", "write a number"))
        return None
    number, times = float(match["number"].replace(",", "")), match["times"] or ""
    if (times == "%") != (what is What.RATE):
        remedy = "write it as 1.4%" if what is What.RATE else "write a number"
        faults.append(_fault(match, f"{shown(written)} is no {'share' if what is What.RATE else 'number'}", remedy))
    return number * _TIMES[times]


def _futures(match: re.Match[str], faults: list[Fault]) -> float | None:
    """Share of futures in which an aim is to be met."""
    if match["percent"]:
        share = int(match["percent"]) / 100
    elif match["some"]:
        share = int(match["some"]) / int(match["all"]) if int(match["all"]) else 0.0
    else:
        return None
    if not 0 < share < 1:
        faults.append(_fault(match, "so many futures cannot be asked for", 'write "in 8 of 10 futures", or P80'))
    return share


def _fault(match: re.Match[str], what: str, remedy: str) -> Fault:
    return Fault(LABEL, 0, f'"{match.string}"', what, remedy)
