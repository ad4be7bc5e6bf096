"""The fields of levers as the page "What if?" asks for them: a plain label, and the sort of control each has."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from functools import cache
from typing import Any, Final

from forecast.scenario.levers import LEVERS
from forecast.scenario.written import Range
from forecast.views.what_if_levers import default_of, fields_of, main_of


class Sort(StrEnum):
    """Sort of control."""

    SHARE = auto()
    """0 to 100%."""
    MULTIPLE = auto()
    """Percent of what would have been."""
    POUNDS = auto()
    """Pounds; may be left empty where the field may be left out."""
    CHANCE = auto()
    """0 to 100%, or left empty."""
    WHOLE = auto()
    """A whole number, or left empty where the field may be left out."""
    NUMBER = auto()
    WORDS = auto()
    YES = auto()
    CHOICE = auto()
    """One of the words that the field's own type allows."""
    DISTRICT = auto()
    DISTRICTS = auto()
    NEEDS = auto()
    KIND = auto()
    """One of the area's kinds of place."""
    KINDS = auto()
    CODE = auto()
    """A standard kind of place, or every one."""
    CODES = auto()
    NEED_CODE = auto()
    SCHOOL = auto()
    KEY_STAGES = auto()
    REASONS = auto()
    SETTINGS = auto()
    """Who arranges alternative provision."""
    TIERS = auto()
    AGES = auto()
    AGE = auto()
    YEAR = auto()
    """An academic year, or none where the field may be left out."""
    RAMP = auto()
    SPOKES = auto()
    NONE = auto()
    """No control: as it stands in the file."""


@dataclass(frozen=True)
class Control:
    """How a field is asked for."""

    label: str
    sort: Sort


FIELDS: Final[Mapping[str, Control]] = {
    "from": Control("From", Sort.YEAR),
    "until": Control("Until (for good if left empty)", Sort.YEAR),
    "ramp": Control("How fast it takes effect", Sort.RAMP),
    "district": Control("Children who live in (nobody chosen: every district)", Sort.DISTRICTS),
    "need": Control("Main needs (none chosen: every need)", Sort.NEEDS),
    "year_groups": Control("Year groups (none chosen: every one)", Sort.AGES),
    "share": Control("How many of those children", Sort.SHARE),
    "support": Control("Support for each child kept, pounds a year", Sort.POUNDS),
    "support_years": Control("School years of that support", Sort.WHOLE),
    "instead_of": Control("Where they would have gone", Sort.KINDS),
    "base_part": Control("Of these, taught in a base", Sort.SHARE),
    "to": Control("Where they go", Sort.KIND),
    "who": Control("Which children", Sort.CHOICE),
    "places": Control("Places", Sort.WHOLE),
    "factor": Control("Of what it would have been", Sort.MULTIPLE),
    "fill": Control("Of the new places, filled", Sort.SHARE),
    "from_special": Control("Of the children, from special schools", Sort.SHARE),
    "settled": Control("Children who are there already come too", Sort.YES),
    "reinvest": Control("Of each fee saved, spent on local support", Sort.SHARE),
    "reinvest_years": Control("School years for which a fee is used again", Sort.WHOLE),
    "pass_through": Control("How much of it reaches this area", Sort.SHARE),
    "keeps": Control("Kinds of place whose children keep their plan", Sort.CODES),
    "people": Control("People a year", Sort.WHOLE),
    "age_from": Control("Youngest age", Sort.WHOLE),
    "age_to": Control("Oldest age", Sort.WHOLE),
    "plan_factor": Control("Times as likely to hold a plan", Sort.NUMBER),
    "site": Control("On the site of (its own if left empty)", Sort.WORDS),
    "dwellings": Control("Homes finished a year", Sort.NUMBER),
    "type": Control("Kind of home, as in the area's yields", Sort.WORDS),
    "share_in_projection": Control("Of these, in the population projection already", Sort.SHARE),
    "hub": Control("Name of the hub", Sort.WORDS),
    "classes": Control("Classes at the hub (in place of places)", Sort.WHOLE),
    "spokes": Control("Spokes", Sort.SPOKES),
    "serves": Control("Districts whose children it takes (none chosen: its own)", Sort.DISTRICTS),
    "provision": Control("Kind of place", Sort.KIND),
    "nc_from": Control("Youngest year group", Sort.AGE),
    "nc_to": Control("Oldest year group", Sort.AGE),
    "capital": Control("Pounds to build a place (the price list's if left empty)", Sort.POUNDS),
    "spoke_capital": Control("Pounds to build a place of a spoke (the price list's if left empty)", Sort.POUNDS),
    "outreach": Control("Outreach: fewer who enter special schools, by", Sort.SHARE),
    "outreach_ramp": Control("How fast the outreach takes effect", Sort.RAMP),
    "outreach_cost": Control("Outreach: pounds a year", Sort.POUNDS),
    "month": Control("Month of opening, 9 is September", Sort.WHOLE),
    "delay": Control("Months late, as expected (the usual if left empty)", Sort.WHOLE),
    "probability": Control("Chance that it is built, % (certain if left empty)", Sort.CHANCE),
    "project": Control("Kind of project", Sort.CHOICE),
    "school": Control("School", Sort.SCHOOL),
    "months": Control("Months later", Sort.WHOLE),
    "item": Control("What is paid for", Sort.CHOICE),
    "key_stage": Control("Key stages (none chosen: every one)", Sort.KEY_STAGES),
    "reason": Control("Reasons for which they come (none chosen: every one)", Sort.REASONS),
    "setting": Control("Who arranges it (none chosen: everybody)", Sort.SETTINGS),
    "tier": Control("Sort of place (none chosen: both)", Sort.TIERS),
    "children": Control("Children supported in a year, more than now", Sort.WHOLE),
    "residents": Control("And supported besides, of all who live here", Sort.SHARE),
    "would_come": Control("Of them, would have come to AP that year", Sort.SHARE),
    "stays": Control("Of these, stay in their own school", Sort.SHARE),
    "cost": Control("Pounds a year for each child supported", Sort.POUNDS),
    "payer": Control("Who pays for it", Sort.CHOICE),
    "weeks": Control("No stay longer than, weeks (no limit if left empty)", Sort.WHOLE),
    "price": Control("Price, in the unit of the price list", Sort.POUNDS),
}
"""Field, as a scenario file writes it -> how it is asked for, unless `_OWN` says otherwise."""
_OWN: Final[Mapping[tuple[str, str], Control]] = {
    ("rebalance", "share"): Control("Of those who would enter special schools, kept in mainstream", Sort.SHARE),
    ("bring_home", "share"): Control("Of those who would go far or to independent schools, brought home", Sort.SHARE),
    ("shift_placement", "share"): Control("Of those children, sent elsewhere", Sort.SHARE),
    ("review_plans", "share"): Control("Of all plans, ended by the last year", Sort.SHARE),
    ("lower_ceiling", "share"): Control("Most children of one age who ever hold a plan", Sort.SHARE),
    ("scale_starts", "factor"): Control("New plans, of what there would have been", Sort.MULTIPLE),
    ("scale_leaving", "factor"): Control("Chance that a plan ends, of what it would have been", Sort.MULTIPLE),
    ("scale_moving_in", "factor"): Control("Children who move in, of those who would anyway", Sort.MULTIPLE),
    ("scale_price", "factor"): Control("New price, of the old", Sort.MULTIPLE),
    ("families_move_in", "who"): Control("Who they are", Sort.WORDS),
    ("expand_bases", "factor"): Control("In place of places: times the children in bases now", Sort.NUMBER),
    ("expand_bases", "places"): Control("More places in bases", Sort.WHOLE),
    ("expand_bases", "to"): Control("Kind of base", Sort.KIND),
    ("expand_school", "places"): Control("More places (below 0: fewer)", Sort.WHOLE),
    ("hub_and_spoke", "places"): Control("Places at the hub (in place of classes)", Sort.WHOLE),
    ("hub_and_spoke", "district"): Control("Where the hub stands", Sort.DISTRICT),
    ("open_places", "district"): Control("Where it stands", Sort.DISTRICT),
    ("open_places", "school"): Control("Name of the school or base", Sort.WORDS),
    ("new_homes", "site"): Control("Where they stand, in words", Sort.WORDS),
    ("ap_shorten_stays", "factor"): Control("Length of stay, of what it would have been", Sort.MULTIPLE),
    ("ap_transition", "share"): Control("Of transition places, time-limited instead", Sort.SHARE),
    ("ap_return", "share"): Control("Of those who would leave for elsewhere, return", Sort.SHARE),
    ("ap_scale_arrivals", "factor"): Control("Children who come, of those who would", Sort.MULTIPLE),
    ("scale_leaving", "provision"): Control("Kinds of place (none chosen: every one)", Sort.KINDS),
    **{(kind, "provision"): Control("Kind of place", Sort.CODE) for kind in ("scale_price", "set_price")},
    **{(kind, "need"): Control("Main need", Sort.NEED_CODE) for kind in ("scale_price", "set_price")},
}
"""Kind of lever and field -> how it is asked for there."""
_WHEN: Final = ("from", "ramp", "until", "month")
_OF_AP: Final = ("key_stage", "reason", "setting", "tier")
_FOR_WHOM: Final = ("district", "need", "year_groups", "nc_from", "nc_to", "serves", *_OF_AP)
_APART: Final = frozenset({"kind", "from", "evidence"})
"""Fields that have a place of their own on the page."""


def control_of(kind: str, name: str) -> Control:
    """How a field of a lever is asked for."""
    return _OWN.get((kind, name)) or FIELDS.get(name) or Control(name.replace("_", " ").capitalize(), Sort.NONE)


def when_and_whom(kind: str) -> tuple[str, ...]:
    """Fields that say when a lever acts and on whom, but for its first year and what is shown at once."""
    rest = set(fields_of(kind)) - _APART - set(main_of(kind))
    return tuple(name for name in (*_WHEN, *_FOR_WHOM) if name in rest)


def more_of(kind: str) -> tuple[str, ...]:
    """The remaining fields of a lever."""
    told = {*_APART, *main_of(kind), *when_and_whom(kind)}
    return tuple(name for name in fields_of(kind) if name not in told)


def default_in(kind: str, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """What a field holds where a file leaves it out, as a file would write it."""
    return plain_setting(default_of(kind, name))


def most_of(kind: str, name: str) -> float | None:
    """The most that a setting may be, its range included; None where a field takes no range."""
    forms = _schema(kind)[name].get("anyOf", [])
    if not any(form.get("$ref") == f"#/$defs/{Range.__name__}" for form in forms):
        return None
    return max(float(form["maximum"]) for form in forms if "maximum" in form)


@cache
def _schema(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Field of a lever -> what a file may write there, as a JSON schema."""
    schema: Mapping[str, Mapping[str, Any]] = LEVERS[kind].model_json_schema(by_alias=True)["properties"]
    return schema


def plain_setting(setting: Any) -> Any:  # noqa: ANN401 - whatever the field holds
    """A setting as a file writes it: numbers, words, lists and mappings."""
    match setting:
        case Range():
            return setting.value if setting.of(setting.value) else setting.model_dump()
        case Enum():
            return setting.value
        case tuple() | list():
            return [plain_setting(part) for part in setting]
        case _:
            return setting
