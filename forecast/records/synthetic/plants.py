"""Ways to spoil a record of a return, by the name of the check that finds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from forecast.domain import FIRST_POST16_YEAR
from forecast.records.checks_requests import LIMIT
from forecast.records.layout import ID

Change = Callable[[pd.DataFrame, pd.DataFrame, pd.Timestamp], Mapping[str, Any]]
"""From the records, the whole table and census day to new values, by field."""
Fits = Callable[[pd.DataFrame], "pd.Series[bool]"]
"""From cases of `faults.sound` to whether each may be struck."""
IN_PLACE, BESIDE, OUT = "in place", "beside", "out"
NOBODY: Final = "SYN-nobody"
"""Parent that no record has."""
_DAY: Final = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Plant:
    """One way to spoil a record."""

    module: str
    """Whose records are spoilt."""
    change: Change
    found_in: str
    """Module of the records that the check finds."""
    fits: Fits | None = None
    """Which children may be struck; None is any."""
    how: str = IN_PLACE
    """Whether the record is changed, has a changed copy added at the end, or is taken out with all below it."""
    loosens: tuple[str, ...] = ()
    """Fields whose type the new value does not have."""


def _set(module: str, found_in: str = "", fits: Fits | None = None, how: str = IN_PLACE, **values: Any) -> Plant:  # noqa: ANN401 - of any field
    """A plant that writes the same values into every record."""
    return Plant(module, lambda _rows, _table, _day: values, found_in or module, fits, how)


def _in(*kinds: str) -> Fits:
    return lambda cases: cases["kind"].isin(kinds) & ~cases["based"]


def _aged(first: int, last: int) -> Fits:
    return lambda cases: cases["nc_year"].between(first, last)


def _at_school_aged(first: int, last: int) -> Fits:
    return lambda cases: cases["kind"].eq("mainstream") & ~cases["based"] & cases["nc_year"].between(first, last)


def _no_base(cases: pd.DataFrame) -> "pd.Series[bool]":
    return cases["kind"].eq("mainstream") & ~cases["host"]


def _numbered(cases: pd.DataFrame) -> "pd.Series[bool]":
    return cases["numbered"]


def _of_first(*fields: str) -> Change:
    """The same as the first record of the table."""
    return lambda _rows, table, _day: {field: table[field].iloc[0] for field in fields}


def _later(**days: int) -> Change:
    """Dates so many days from census day."""
    return lambda _rows, _table, day: {field: day + number * _DAY for field, number in days.items()}


_SCHOOL: Final = _in("mainstream", "special", "independent", "alternative")
_CHILDREN: Final = _aged(2, 10)
PLANTS: Final[Mapping[str, Plant]] = {
    "same_upn": Plant("person", _of_first("upn"), "person", _numbered),
    "same_name_and_birth": Plant("person", _of_first("surname", "forename", "birth_date"), "person", _CHILDREN),
    "no_upn_no_reason": _set("person", upn="", uln="", upn_unknown=""),
    "upn_form": Plant("person", lambda rows, _table, _day: {"upn": rows["upn"].str[:-1]}, "person", _numbered),
    "no_birth_date": _set("person", birth_date=pd.NaT),
    "born_after_census": Plant("person", _later(birth_date=30), "person", _CHILDREN),
    "age_25_or_over": Plant("person", _later(birth_date=-365 * 28), "person", _aged(FIRST_POST16_YEAR, 20)),
    "no_postcode": _set("person", postcode=""),
    "postcode_form": _set("person", postcode="SYNTHETIC"),
    "two_open_plans": _set("named_plan", how=BESIDE),
    "plan_not_active": _set("active_plans", "named_plan", how=OUT),
    "plan_without_start": _set("named_plan", start_date=pd.NaT),
    "ceased_before_start": Plant(
        "named_plan",
        lambda rows, _table, _day: {"cease_date": rows["start_date"] - _DAY, "cease_reason": 9},
        "named_plan",
    ),
    "ceased_without_reason": Plant("named_plan", _later(cease_date=30), "named_plan"),
    "reason_without_date": _set("named_plan", cease_reason=9),
    "unknown_cease_reason": Plant(
        "named_plan", lambda _rows, _table, day: {"cease_date": day + 30 * _DAY, "cease_reason": 99}, "named_plan"
    ),
    "no_primary_need": _set("sen_need", "active_plans", rank=2),
    "unknown_need": _set("sen_need", need="XYZ"),
    "two_primary_needs": _set("sen_need", how=BESIDE),
    "unknown_transfer_authority": _set("active_plans", transfer_la="000"),
    "no_placement": _set("placement_detail", "active_plans", how=OUT),
    "no_first_placement": _set("placement_detail", "active_plans", rank=2),
    "two_first_placements": _set("placement_detail", how=BESIDE),
    "entry_after_leaving": Plant(
        "placement_detail", lambda rows, _table, _day: {"leaving_date": rows["entry_date"] - _DAY}, "placement_detail"
    ),
    "placement_without_entry": _set("placement_detail", entry_date=pd.NaT),
    "no_setting": _set("placement_detail", fits=_SCHOOL, urn="", ukprn=""),
    "unknown_setting": _set("placement_detail", fits=_SCHOOL, setting="XXX", urn="", ukprn=""),
    "school_and_setting": _set("placement_detail", fits=_SCHOOL, setting="OTH"),
    "unknown_school": _set("placement_detail", fits=_SCHOOL, urn="999999", ukprn=""),
    "unit_where_none": _set("placement_detail", fits=_no_base, unit=True),
    "resourced_where_none": _set("placement_detail", fits=_no_base, resourced=True),
    "base_not_in_mainstream": _set("placement_detail", fits=_in("special"), unit=True),
    "both_flags": _set("placement_detail", fits=lambda cases: cases["based"], unit=True, resourced=True),
    "flags_not_set": Plant(
        "placement_detail",
        lambda _rows, _table, _day: {"unit": pd.NA, "resourced": pd.NA},
        "placement_detail",
        _SCHOOL,
        loosens=("unit", "resourced"),
    ),
    "early_years_too_old": _set("placement_detail", fits=_at_school_aged(3, 10), setting="EYP", urn="", ukprn=""),
    "neet_too_young": _set("placement_detail", fits=_at_school_aged(0, 10), setting="NEET", urn="", ukprn=""),
    "request_overdue": _set(
        "requests", fits=lambda cases: cases["waited"] > LIMIT.days, outcome="A", outcome_date=pd.NaT
    ),
    "unknown_outcome": _set("requests", outcome="Z"),
    "date_without_outcome": _set("requests", outcome=""),
    "outcome_before_receipt": Plant(
        "requests", lambda rows, _table, _day: {"received_date": rows["outcome_date"] + _DAY}, "requests"
    ),
    "id_twice": Plant("placement_detail", _of_first(ID), "placement_detail"),
    "orphan": _set("placement_detail", parent=NOBODY),
    "date_after_census": Plant("assessment", _later(outcome_date=10), "assessment"),
    "date_long_ago": _set("active_plans", last_review=pd.Timestamp(1900, 1, 1)),
}
"""Name of a check -> how to make it find something. An orphan cannot be written as XML, where records nest."""
