"""Checks of where a child is placed: schools against the register, flags against schools, ages against settings."""

from typing import Final

from forecast.domain import FIRST_POST16_YEAR, LAST_EARLY_YEAR, NOT_RECORDED, Provision
from forecast.records.checks_named import GUIDE, HARMLESS, MISPLACED, MISTIMED, REGISTER, WITAN, Check
from forecast.records.checks_seen import Rows, Seen, blank, surely

_HAS_BASES: Final = Provision.MAINSTREAM
_REVIEW: Final = "Review the flags of this school's placements; they are often wrong for all of them at once."


def _flag(seen: Seen, module: str, flag: str) -> Rows:
    """Whether a flag of a main placement at the census is set."""
    return seen.chosen & surely(seen.table(module)[flag])


def _school(seen: Seen, column: str) -> Rows:
    if seen.schools is None:
        msg = f"the extract of establishments was not given, so {column} is not known"
        raise ValueError(msg)
    return seen.schools[column]


def _denied(seen: Seen, column: str) -> Rows:
    """Whether the register says no; not where it does not say."""
    return surely(_school(seen, column).eq(other=False))


def _unknown(seen: Seen, module: str) -> Rows:
    """Whether the register lacks a school; from Year 12 on it lacks many colleges that have a UKPRN only."""
    table = seen.table(module)
    college = blank(table, "urn") & (seen.nc_year(module) >= FIRST_POST16_YEAR)
    return seen.chosen & ~blank(table, "urn", "ukprn") & ~college & ~_school(seen, "known")


def _odd_kind(seen: Seen, _: str) -> Rows:
    return seen.chosen & _school(seen, "known") & _school(seen, "provision").eq(NOT_RECORDED)


def _closed(seen: Seen, _: str) -> Rows:
    return seen.chosen & _denied(seen, "open")


def _in_mainstream(seen: Seen) -> Rows:
    return _school(seen, "provision").eq(_HAS_BASES)


def _no_unit(seen: Seen, module: str) -> Rows:
    return _flag(seen, module, "unit") & _in_mainstream(seen) & _denied(seen, "unit")


def _no_resource(seen: Seen, module: str) -> Rows:
    return _flag(seen, module, "resourced") & _in_mainstream(seen) & _denied(seen, "resourced")


def _base_elsewhere(seen: Seen, module: str) -> Rows:
    flagged = _flag(seen, module, "unit") | _flag(seen, module, "resourced")
    return flagged & _school(seen, "known") & ~_in_mainstream(seen)


def _both(seen: Seen, module: str) -> Rows:
    return _flag(seen, module, "unit") & _flag(seen, module, "resourced")


def _unflagged(seen: Seen, module: str) -> Rows:
    """Whether a school's placement may be in a base for all that the flags say: neither is yes, and one is blank."""
    placement = seen.table(module)
    open_ = placement[["unit", "resourced"]].isna().any(axis=1) & ~surely(placement["unit"] | placement["resourced"])
    return seen.chosen & placement["urn"].ne("") & open_


def _too_old(seen: Seen, module: str) -> Rows:
    early = seen.table(module)["setting"].str.upper().eq("EYP")
    if seen.schools is not None:
        early |= seen.schools["provision"].eq(Provision.EARLY_YEARS)
    return seen.chosen & early & (seen.nc_year(module) > LAST_EARLY_YEAR)


def _too_young(seen: Seen, module: str) -> Rows:
    college = _school(seen, "provision").eq(Provision.POST16)
    return seen.chosen & college & (seen.nc_year(module) < FIRST_POST16_YEAR)


def _idle_young(seen: Seen, module: str) -> Rows:
    idle = seen.table(module)["setting"].str.upper().eq("NEET")
    return seen.chosen & idle & (seen.nc_year(module) < FIRST_POST16_YEAR)


SCHOOLS: Final = (
    Check(
        name="unknown_school",
        title="school that the register does not know",
        meaning="The URN or UKPRN of a placement at the census is not in the extract of establishments.",
        effect="The placement is not recorded; the child is shared out among the placements of its age.",
        remedy="Correct the number, or give a complete extract with closed schools and those of other authorities.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("urn", "ukprn"),
        source=REGISTER,
        find=_unknown,
        needs_schools=True,
    ),
    Check(
        name="unknown_kind_of_school",
        title="school of a kind that is no provision",
        meaning="The register has the school of a placement, but its type is not in data/reference/gias_types.csv.",
        effect="The placement is not recorded; the child is shared out among the placements of its age.",
        remedy="Correct the number if it is wrong; if it is right, give a setting code instead of it.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("urn", "ukprn"),
        source=f"{WITAN}: issue-urn-for-unexpected-othe-gias-establishment-type",
        find=_odd_kind,
        needs_schools=True,
    ),
    Check(
        name="closed_school",
        title="school that has closed",
        meaning="The school of a placement had closed by the day of the extract; for older censuses that may be right.",
        effect="None: the kind of place is still known.",
        remedy="If it had closed by the census, give the URN of the school that took its place, often an academy.",
        harm=HARMLESS,
        modules=("placement_detail",),
        fields=("urn", "ukprn"),
        source=REGISTER,
        find=_closed,
        needs_schools=True,
    ),
    Check(
        name="unit_where_none",
        title="SEN unit flagged where the school has none",
        meaning="The placement is flagged as in a SEN unit of a mainstream school that has none on the register.",
        effect="The child is counted in a base, though it may be in an ordinary class.",
        remedy=_REVIEW,
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("unit",),
        source=f"{WITAN}: issue-senu-flagged-at-estab-without-one",
        find=_no_unit,
        needs_schools=True,
    ),
    Check(
        name="resourced_where_none",
        title="resourced provision flagged where the school has none",
        meaning="The placement is flagged as in resourced provision, but the register knows none at the school.",
        effect="The child is counted in a base, though it may be in an ordinary class.",
        remedy=_REVIEW,
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("resourced",),
        source=f"{WITAN}: issue-resourced-provision-flagged-at-estab-without-one",
        find=_no_resource,
        needs_schools=True,
    ),
    Check(
        name="base_not_in_mainstream",
        title="unit or resourced provision outside a mainstream school",
        meaning="The placement is flagged as in a base, but its school is not a mainstream one.",
        effect="None: the kind of school decides, and the flag is passed over.",
        remedy="Take the flag out, or correct the school's number.",
        harm=HARMLESS,
        modules=("placement_detail",),
        fields=("unit", "resourced"),
        source=f"{REGISTER}; bases are parts of mainstream schools",
        find=_base_elsewhere,
        needs_schools=True,
    ),
    Check(
        name="both_flags",
        title="SEN unit and resourced provision at once",
        meaning="Both flags are set for one placement.",
        effect="None: either counts as a base.",
        remedy="Keep the flag that is right.",
        harm=HARMLESS,
        modules=("placement_detail",),
        fields=("unit", "resourced"),
        source="that a place is in one of the two",
        find=_both,
    ),
    Check(
        name="flags_not_set",
        title="school without its flags",
        meaning="A placement at the census has a URN, and of its two flags one is blank and none is yes.",
        effect="Blank counts as no, so a child in a base may be counted in an ordinary class.",
        remedy="Write yes or no in both.",
        harm=MISTIMED,
        modules=("placement_detail",),
        fields=("unit", "resourced"),
        source=f"{WITAN}: issue-sen2-estab-indicator-not-set",
        find=_unflagged,
    ),
    Check(
        name="early_years_too_old",
        title="early years setting after Year 1",
        meaning="The child of a placement in an early years setting is in Year 2 or above by its birth date.",
        effect="The forecast knows no such child: the placement or the year group is wrong.",
        remedy="Correct the placement, or the birth date.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("urn", "setting"),
        source="forecast.domain.LAST_EARLY_YEAR",
        find=_too_old,
    ),
    Check(
        name="college_too_young",
        title="college before Year 12",
        meaning="The child of a placement in a college is in Year 11 or below by its birth date.",
        effect="The forecast knows no such child: the placement or the year group is wrong.",
        remedy="Correct the placement, or the birth date.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("urn", "ukprn"),
        source="forecast.domain.FIRST_POST16_YEAR",
        find=_too_young,
        needs_schools=True,
    ),
    Check(
        name="neet_too_young",
        title="NEET before Year 12",
        meaning="The setting is for those aged 16 to 25, and the child is in Year 11 or below by its birth date.",
        effect="The child counts as educated elsewhere all the same.",
        remedy="Write the code for a child who is out of education, or correct the birth date.",
        harm=HARMLESS,
        modules=("placement_detail",),
        fields=("setting",),
        source=GUIDE.format("4.7c and 5.7c"),
        find=_idle_young,
    ),
)
"""Checks of schools and settings."""
