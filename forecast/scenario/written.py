"""How people write the parts of a lever: years, labels, settings with their ranges, and what these rest on."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Final, Self, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator
from pydantic.fields import FieldInfo

from forecast.domain import NC_YEARS, academic_year

FROZEN: Final = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)
"""Every part of a scenario: nothing changes once read, nothing unknown is let by."""


def january(written: object) -> object:
    """January of an academic year written "2027/28"; anything else is left for the check that follows.

    Raises
    ------
    ValueError
        The two years do not follow one another.
    """
    if not isinstance(written, str) or not (parts := re.fullmatch(r"(\d{4})/(\d{2})", written.strip())):
        return written
    year = int(parts[1]) + 1
    if year % 100 != int(parts[2]):
        msg = f"{written} is no academic year; write it as {academic_year(year)}"
        raise ValueError(msg)
    return year


FROM_FILE: Final = "from a file"
"""Context of a check: what is checked was written by hand."""


def school_year(written: object, info: ValidationInfo) -> object:
    """As `january`; text that is no academic year is refused, and in a file a bare number too.

    A run's own record, which is no file that somebody wrote, has years that are keys as Januaries in text.

    Raises
    ------
    ValueError
        It is no academic year, or a year of which nobody can tell which of two academic years it means.
    """
    year = january(written)
    if isinstance(year, str) and year.isdecimal() and info.context != FROM_FILE:
        return int(year)
    if isinstance(year, str):
        msg = "it is no academic year; write it as 2027/28"
        raise ValueError(msg)  # noqa: TRY004 - pydantic gathers value errors only
    if info.context == FROM_FILE and isinstance(written, int) and not isinstance(written, bool):
        either = f"{academic_year(written)} or {academic_year(written + 1)}"
        msg = f"{written} alone does not say which academic year is meant; write it as {either}"
        raise ValueError(msg)
    return year


def one_or_more(written: object) -> object:
    """A label, or a list of labels, as a list; nothing written is an empty one."""
    if written is None:
        return []
    return [written] if isinstance(written, (str, int)) else written


_WrittenYear = Annotated[str, Field(pattern=r"^\s*\d{4}/\d{2}\s*$", examples=["2027/28"])]
_January = Annotated[int, Field(ge=2010, le=2100)]
AcademicYear = Annotated[_January, BeforeValidator(school_year, json_schema_input_type=_WrittenYear)]
"""Written "2027/28"; held as its January, 2028."""
Labels = Annotated[tuple[str, ...], BeforeValidator(one_or_more, json_schema_input_type=str | list[str])]
"""One label, or a list of them."""
_YearGroup = Annotated[int, Field(ge=NC_YEARS[0], le=NC_YEARS[-1])]
YearGroups = Annotated[
    tuple[_YearGroup, ...], BeforeValidator(one_or_more, json_schema_input_type=_YearGroup | list[_YearGroup])
]
"""One year group, or a list of them: Reception is 0, the year before it -1, Year 7 is 7."""


class Evidence(BaseModel):
    """What a lever's setting rests on."""

    model_config = FROZEN

    says: str
    """What was found, with its figure and unit."""
    source: str
    """Who says so, and where; `judgement` where nobody but the author of the scenario does."""
    dated: date | None = None
    """Of the source."""
    supported: bool = True
    """Whether anything but judgement stands behind it."""


def supported(evidence: Sequence[Evidence]) -> bool:
    """Whether there is evidence, and more than judgement stands behind every piece of it."""
    return bool(evidence) and all(each.supported for each in evidence)


class Range(BaseModel):
    """A setting that is not certain."""

    model_config = FROZEN

    value: float
    """The central value: half of the futures lie below it."""
    low: float
    """One chance in ten that the truth is below."""
    high: float
    """One chance in ten that the truth is above."""

    def of(self, value: float) -> bool:
        """Whether it is just this value, for certain."""
        return self.low == value == self.high

    @model_validator(mode="after")
    def _right_way_up(self) -> Self:
        if not self.low <= self.value <= self.high:
            said = f"low {self.low:g}, value {self.value:g}, high {self.high:g}"
            msg = f"the range is upside down: {said}; put the lowest in `low` and the highest in `high`"
            raise ValueError(msg)
        return self


def as_range(written: object) -> object:
    """A bare number is a range without width."""
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        return {"value": written, "low": written, "high": written}
    return written


def within(least: float, most: float, what: str, remedy: str = "write such a number") -> BeforeValidator:
    """Refuses a setting any part of whose range is outside `least` to `most`, saying `what` it is."""

    def check(written: object) -> object:
        held = as_range(written)
        ends = [held.get(part) for part in ("value", "low", "high")] if isinstance(held, dict) else []
        if any(isinstance(end, (int, float)) and not least <= end <= most for end in ends):
            msg = f"{what} lies from {least:,.0f} to {most:,.0f}; {remedy}"
            raise ValueError(msg)
        return held

    return BeforeValidator(check, json_schema_input_type=Annotated[float, Field(ge=least, le=most)] | Range)


Share = Annotated[Range, within(0, 1, "a share", "write 0.2 for 20%")]
"""0 to 1, or a value with its `low` and `high`."""
Multiple = Annotated[Range, within(0, 10, "a multiple", "write 0.9 for 10% less, 1 for no change")]
"""1 changes nothing; 0 to 10, or a value with its `low` and `high`."""
Pounds = Annotated[Range, within(0, 1e9, "a sum in pounds", "write such a number, without £ or commas")]
"""Real pounds, or a value with its `low` and `high`."""


def said_of_type(info: FieldInfo) -> Iterator[object]:
    """What is said of a field's type, and of the types in it, besides what they hold."""
    yield from info.metadata
    yield from _inside(info.annotation)


def _inside(annotation: object) -> Iterator[object]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _inside(part)
