"""Checks of placements: which of them hold at the census, and in what order they came."""

from typing import Final

from forecast.records.checks_named import (
    CODES,
    DATES,
    GUIDE,
    HARMLESS,
    MISPLACED,
    MISTIMED,
    WITAN,
    Check,
)
from forecast.records.checks_seen import Rows, Seen, blank


def _unplaced(seen: Seen, module: str) -> Rows:
    return seen.holds(module, seen.open_requests) & ~seen.any_below(module, "placement_detail", seen.counted)


def _no_first(seen: Seen, module: str) -> Rows:
    placed = seen.any_below(module, "placement_detail", seen.counted)
    return placed & ~seen.any_below(module, "placement_detail", seen.counted & seen.ranked(1))


def _two_first(seen: Seen, module: str) -> Rows:
    return seen.surplus(module, "active_plans", seen.counted & seen.ranked(1))


def _left_first(seen: Seen, module: str) -> Rows:
    placement = seen.table(module)
    return placement["leaving_date"] < placement["entry_date"]


def _outlasts_plan(seen: Seen, module: str) -> Rows:
    over = seen.any_below("requests", "named_plan", seen.begun) & ~seen.open_requests
    return seen.placed & seen.holds(module, over)


def _no_entry(seen: Seen, module: str) -> Rows:
    return seen.chosen & seen.table(module)["entry_date"].isna()


def _nowhere(seen: Seen, module: str) -> Rows:
    return seen.chosen & blank(seen.table(module), "urn", "ukprn", "setting")


def _odd_setting(seen: Seen, module: str) -> Rows:
    setting = seen.table(module)["setting"].str.upper()
    return seen.chosen & setting.ne("") & ~setting.isin(seen.codes["setting"])


def _two_settings(seen: Seen, module: str) -> Rows:
    placement = seen.table(module)
    return seen.chosen & ~blank(placement, "urn", "ukprn") & placement["setting"].ne("")


PLACEMENTS: Final = (
    Check(
        name="no_placement",
        title="plan without a placement",
        meaning="A plan is in force at the census, but the child has entered no placement that it has not left.",
        effect="The placement is not recorded; the child is shared out among the placements of its age.",
        remedy="Add the placement, or take out a leaving date that is wrong. A child at home has a setting code, too.",
        harm=MISPLACED,
        modules=("active_plans",),
        fields=("id",),
        source=f"{WITAN}: issue-no-placement-detail",
        find=_unplaced,
    ),
    Check(
        name="no_first_placement",
        title="placements, but none of rank 1",
        meaning="A plan in force has placements at the census, none of which is marked as the main one.",
        effect="The child is counted where its next placement says, which may not be the main one.",
        remedy="Give the main placement the rank 1.",
        harm=MISTIMED,
        modules=("active_plans",),
        fields=("id",),
        source=f"{WITAN.removesuffix(', checks')}: placements are taken in order of rank",
        find=_no_first,
    ),
    Check(
        name="two_first_placements",
        title="two placements of rank 1",
        meaning="Another placement of the same plan, of lower row id, has rank 1 at the census.",
        effect="The child is counted in one of them, which may not be the main one.",
        remedy="Give the leaving date of the placement that ended, or rank 2 to the lesser one.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("rank", "leaving_date"),
        source=f"{WITAN}: issue-non-unique-key",
        find=_two_first,
    ),
    Check(
        name="entry_after_leaving",
        title="placement left before it was entered",
        meaning="The leaving date is earlier than the entry date.",
        effect="The placement never holds, so the child seems to be placed nowhere, or elsewhere.",
        remedy="Correct the two dates.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("entry_date", "leaving_date"),
        source=DATES,
        find=_left_first,
    ),
    Check(
        name="placement_outlasts_plan",
        title="placement goes on after the plan has ceased",
        meaning="The child is still placed at the census under a plan that has ceased.",
        effect="The child is not counted. If the plan has not ceased, a child is missing.",
        remedy="Give the leaving date, or take out the date that the plan ceased.",
        harm=MISTIMED,
        modules=("placement_detail",),
        fields=("leaving_date",),
        source=DATES,
        find=_outlasts_plan,
    ),
    Check(
        name="placement_without_entry",
        title="placement without an entry date",
        meaning="The entry date of a placement at the census is blank or cannot be read.",
        effect="None at this census: the placement counts as long begun.",
        remedy="Give the date.",
        harm=HARMLESS,
        modules=("placement_detail",),
        fields=("entry_date",),
        source=f"{WITAN.removesuffix(', checks')}: a placement without an entry counts as open-ended",
        find=_no_entry,
    ),
    Check(
        name="no_setting",
        title="placement without a school or setting",
        meaning="A placement at the census has neither URN nor UKPRN nor a setting code.",
        effect="The placement is not recorded; the child is shared out among the placements of its age.",
        remedy="Give the school's URN, or the code of the setting.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("urn", "ukprn", "setting"),
        source=f"{WITAN}: issue-placement-detail-missing-sen2-estab",
        find=_nowhere,
    ),
    Check(
        name="unknown_setting",
        title="unknown setting code",
        meaning="The setting of a placement at the census is none of the guide's codes.",
        effect="The placement is not recorded, unless there is a URN; the child is shared out by age.",
        remedy="Write one of the guide's codes, or the school's URN.",
        harm=MISPLACED,
        modules=("placement_detail",),
        fields=("setting",),
        source=f"{WITAN}: issue-invalid-sen-setting; {CODES}",
        find=_odd_setting,
    ),
    Check(
        name="school_and_setting",
        title="school and setting code together",
        meaning="A placement at the census has both the number of a school and a code for settings without one.",
        effect="None: the school's number decides.",
        remedy="Take out the one that is wrong.",
        harm=HARMLESS,
        modules=("placement_detail",),
        fields=("urn", "ukprn", "setting"),
        source=GUIDE.format("4.7c and 5.7c"),
        find=_two_settings,
    ),
)
"""Checks of placements."""
