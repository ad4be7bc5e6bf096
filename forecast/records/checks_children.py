"""Checks of the module `person`: who the child is, how old, where it lives."""

from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import NC_YEARS
from forecast.records.checks_named import GUIDE, HARMLESS, MISCOUNTED, MISPLACED, MISTIMED, WITAN, Check
from forecast.records.checks_seen import Rows, Seen, blank
from forecast.records.filed import is_invented
from forecast.records.written import DISTRICT

_UPN: Final = r"[A-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]"
_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""Check letters for the remainders 0 to 22."""
_POSTCODE: Final = r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}"
_UPN_SOURCE: Final = "Government Data Standards Catalogue, Unique Pupil Number 2.0, 18 November 2004"
_SEARCH: Final = "Find the child in the case system by the row id and correct it there and in the return."


def _same_upn(seen: Seen, module: str) -> Rows:
    upn = seen.table(module)["upn"].str.upper()
    return seen.again(module, upn.where(upn.str.fullmatch(_UPN)))


def _same_name(seen: Seen, module: str) -> Rows:
    child = seen.table(module)
    first, last = (child[name].str.casefold().str.replace(r"\W", "", regex=True) for name in ("forename", "surname"))
    full = first.ne("") & last.ne("") & child["birth_date"].notna()
    name = first + "\n" + last + "\n" + child["birth_date"].dt.strftime("%Y%m%d")
    return seen.again(module, name.where(full)) & ~_same_upn(seen, module)


def _nameless(seen: Seen, module: str) -> Rows:
    return blank(seen.table(module), "upn", "uln", "upn_unknown")


def _upn_form(seen: Seen, module: str) -> Rows:
    upn = seen.table(module)["upn"].str.upper()
    return upn.ne("") & ~upn.str.fullmatch(_UPN)


def _upn_letter(seen: Seen, module: str) -> Rows:
    """The letter stands for the sum of each character's value times its place, 2 to 13, modulo 23; none is I, O, S."""
    upn = seen.table(module)["upn"].str.upper()
    whole = upn.ne("") & ~_upn_form(seen, module)
    wrong = pd.Series(data=False, index=upn.index)
    if whole.any() and not is_invented(seen.filed):
        value = np.full(128, -1)
        value[[ord(mark) for mark in "0123456789" + _LETTERS]] = [*range(10), *range(len(_LETTERS))]
        marks = value[np.array(upn[whole].tolist(), dtype="U13").view(np.uint32).reshape(-1, 13)]
        wrong[whole] = marks[:, 0] != marks[:, 1:] @ np.arange(2, 14) % len(_LETTERS)
    return wrong


def _no_birth_date(seen: Seen, module: str) -> Rows:
    return seen.table(module)["birth_date"].isna()


def _unborn(seen: Seen, module: str) -> Rows:
    return seen.table(module)["birth_date"] > seen.day


def _too_old(seen: Seen, module: str) -> Rows:
    planned = seen.any_below("person", "requests", seen.open_requests)
    return planned & (seen.nc_year(module) > NC_YEARS[-1])


def _born_anew(seen: Seen, module: str) -> Rows:
    child = seen.table(module)
    before = seen.born_before
    return before.notna() & child["birth_date"].notna() & before.ne(child["birth_date"])


def _no_postcode(seen: Seen, module: str) -> Rows:
    """Whether the postcode is blank, and no column of its own says the district."""
    child = seen.table(module)
    return blank(child, "postcode", *({DISTRICT} & set(child)))


def _odd_postcode(seen: Seen, module: str) -> Rows:
    postcode = seen.table(module)["postcode"].str.upper().str.replace(" ", "", regex=False)
    return postcode.ne("") & ~postcode.str.fullmatch(_POSTCODE)


def _no_request(seen: Seen, module: str) -> Rows:
    return ~seen.any_below(module, "requests", seen.every("requests"))


CHILDREN: Final = (
    Check(
        name="same_upn",
        title="child returned twice: same UPN",
        meaning="Another record, of lower row id, has the same unique pupil number, which is of the right form.",
        effect="Both count as one child, by the plan that started last; with two birth dates, as two children.",
        remedy="Remove one of the records, or correct the number if they are two children.",
        harm=MISPLACED,
        modules=("person",),
        fields=("upn",),
        source="census error 1520 of DfE's school census, as quoted by Arbor's help page on UPN errors",
        find=_same_upn,
    ),
    Check(
        name="same_name_and_birth",
        title="child returned twice: same name and birth date",
        meaning="Another record, of lower row id, has the same name and birth date, and another UPN or none.",
        effect="Both count as one child, by the plan that started last; if each has a UPN or ULN, as two children.",
        remedy="Remove one of the records if they are one child.",
        harm=MISPLACED,
        modules=("person",),
        fields=("surname", "forename", "birth_date"),
        source="as same_upn, where a UPN is missing or mistyped",
        find=_same_name,
    ),
    Check(
        name="no_upn_no_reason",
        title="no UPN, no ULN and no reason",
        meaning="Neither number is there, nor the reason why.",
        effect="The child is found in the next census by name and birth date only, so a move may be missed.",
        remedy="Give the UPN, or the ULN after Year 11, or the reason why there is none.",
        harm=MISTIMED,
        modules=("person",),
        fields=("upn", "uln", "upn_unknown"),
        source=f"{WITAN}: issue-missing-upn-and-uln-no-reason",
        find=_nameless,
    ),
    Check(
        name="upn_form",
        title="UPN of the wrong form",
        meaning="The number is not a letter and twelve digits, the last of which may be a letter (not I, O or S).",
        effect="The child may not be found in the next census, so that it seems to leave and to start.",
        remedy=_SEARCH,
        harm=MISTIMED,
        modules=("person",),
        fields=("upn",),
        source=_UPN_SOURCE,
        find=_upn_form,
    ),
    Check(
        name="upn_letter",
        title="UPN with the wrong check letter",
        meaning="The letter does not follow from the digits. Returns marked as synthetic are let off.",
        effect="None if the number is the same in every census.",
        remedy=_SEARCH,
        harm=HARMLESS,
        modules=("person",),
        fields=("upn",),
        source=_UPN_SOURCE,
        find=_upn_letter,
    ),
    Check(
        name="no_birth_date",
        title="no birth date",
        meaning="The birth date is blank or cannot be read.",
        effect="Its year group is not known; it is given one in the mix of the other children.",
        remedy=_SEARCH,
        harm=MISPLACED,
        modules=("person",),
        fields=("birth_date",),
        source=f"{WITAN}: issue-unknown-age-at-start-of-school-year",
        find=_no_birth_date,
    ),
    Check(
        name="born_after_census",
        title="born after the census",
        meaning="The birth date is later than census day.",
        effect="It counts in the youngest year group.",
        remedy=_SEARCH,
        harm=MISPLACED,
        modules=("person",),
        fields=("birth_date",),
        source=f"{WITAN}: issue-not-send-age",
        find=_unborn,
    ),
    Check(
        name="age_25_or_over",
        title="plan of a person aged 25 or over",
        meaning="A plan is in force for someone who was 25 at the start of the school year, or older.",
        effect="It counts in the oldest year group; but a plan ends with the school year of the 25th birthday.",
        remedy="Give the date and reason that the plan ceased, or correct the birth date.",
        harm=MISCOUNTED,
        modules=("person",),
        fields=("birth_date",),
        source=f"{WITAN}: issue-not-send-age; {GUIDE.format('4.6')}",
        find=_too_old,
    ),
    Check(
        name="birth_date_changed",
        title="another birth date than in the census before",
        meaning="The child of this UPN had another birth date in the last of the returns given that had it.",
        effect="It changes its year group between censuses, or two children share a number.",
        remedy="Find out which date is right, and correct the other return.",
        harm=MISPLACED,
        modules=("person",),
        fields=("birth_date", "upn"),
        source="that a birth date does not change",
        find=_born_anew,
    ),
    Check(
        name="no_postcode",
        title="no postcode",
        meaning="The postcode is blank, and the return does not say the district either.",
        effect="Where districts come from postcodes, the child is given a district in the mix of the others.",
        remedy="Give the postcode of the child's home.",
        harm=MISTIMED,
        modules=("person",),
        fields=("postcode",),
        source="that districts come from postcodes",
        find=_no_postcode,
    ),
    Check(
        name="postcode_form",
        title="postcode of the wrong form",
        meaning="The postcode has not the form that postcodes have.",
        effect="Where districts come from postcodes, the child is given a district in the mix of the others.",
        remedy="Correct the postcode.",
        harm=MISTIMED,
        modules=("person",),
        fields=("postcode",),
        source="BS 7666 PostCodeType 2.0, Cabinet Office e-government schemas",
        find=_odd_postcode,
    ),
    Check(
        name="no_request",
        title="child without any request",
        meaning="No request for an assessment, and so no plan, belongs to the child.",
        effect="The child is counted nowhere. If it has a plan, one plan is missing.",
        remedy="Add the child's request and plan, or take the child out of the return.",
        harm=MISTIMED,
        modules=("person",),
        fields=("id",),
        source="the structure of the return: a child is in it for a request or a plan",
        find=_no_request,
    ),
)
"""Checks of children."""
