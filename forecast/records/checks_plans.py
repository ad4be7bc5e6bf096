"""Checks of plans: in force twice, never placed, ended before they began, without a primary need."""

from typing import Final

import pandas as pd

from forecast.records.checks_named import (
    CODES,
    DATES,
    GUIDE,
    HARMLESS,
    LINKS,
    MISCOUNTED,
    MISPLACED,
    MISTIMED,
    WITAN,
    Check,
)
from forecast.records.checks_seen import Rows, Seen, surely


def _two_open(seen: Seen, module: str) -> Rows:
    return seen.surplus(module, "person", seen.open_plans)


def _not_active(seen: Seen, module: str) -> Rows:
    active = seen.any_below("requests", "active_plans", seen.every("active_plans"))
    return seen.open_plans & ~seen.holds(module, active)


def _never_named(seen: Seen, module: str) -> Rows:
    """Whether an active plan has no named plan beside it, though it was not brought along from elsewhere."""
    beside = seen.holds(module, seen.any_below("requests", "named_plan", seen.every("named_plan")))
    return ~beside & (seen.up(module, "requests") >= 0) & seen.table(module)["transfer_la"].eq("")


def _no_start(seen: Seen, module: str) -> Rows:
    return seen.table(module)["start_date"].isna()


def _ceased_first(seen: Seen, module: str) -> Rows:
    plan = seen.table(module)
    return plan["cease_date"] < plan["start_date"]


def _no_reason(seen: Seen, module: str) -> Rows:
    plan = seen.table(module)
    return plan["cease_date"].notna() & plan["cease_reason"].isna()


def _no_date(seen: Seen, module: str) -> Rows:
    plan = seen.table(module)
    return plan["cease_date"].isna() & plan["cease_reason"].notna()


def _odd_reason(seen: Seen, module: str) -> Rows:
    reason = seen.table(module)["cease_reason"]
    return reason.notna() & ~reason.astype("str").isin(seen.codes["cease_reason"])


def _in_force(seen: Seen, module: str) -> Rows:
    """Whether a record's plan is in force at the census."""
    return seen.holds(module, seen.open_requests)


def _first(seen: Seen) -> Rows:
    return surely(seen.table("sen_need")["rank"].eq(1))


def _no_need(seen: Seen, module: str) -> Rows:
    """Whether a plan has no need of rank 1; one alone without a rank will do."""
    need = seen.table("sen_need")
    alone = ~pd.Series(seen.up("sen_need", module), index=need.index).duplicated(keep=False)
    primary = (_first(seen) | (need["rank"].isna() & alone)) & need["need"].ne("")
    return _in_force(seen, module) & ~seen.any_below(module, "sen_need", primary)


def _odd_need(seen: Seen, module: str) -> Rows:
    need = seen.table(module)
    code = need["need"].str.upper()
    first = _first(seen) | need["rank"].isna()
    return _in_force(seen, module) & first & code.ne("") & ~code.isin(seen.codes["need"])


def _two_needs(seen: Seen, module: str) -> Rows:
    return seen.surplus(module, "active_plans", _first(seen) & _in_force(seen, module))


def _odd_authority(seen: Seen, module: str) -> Rows:
    authority = seen.table(module)["transfer_la"]
    return authority.ne("") & ~authority.isin(seen.codes["authority"])


PLANS: Final = (
    Check(
        name="two_open_plans",
        title="two plans of a child in force",
        meaning="At the census another plan of the same child, of lower row id, is in force.",
        effect="The child counts once, by the plan that started last, which may not be the one in force.",
        remedy="Give the date and reason that the earlier plan ceased.",
        harm=MISPLACED,
        modules=("named_plan",),
        fields=("start_date", "cease_date"),
        source=f"{WITAN}: issue-multiple-requests",
        find=_two_open,
    ),
    Check(
        name="plan_not_active",
        title="plan in force without its active-plan record",
        meaning="A named plan has not ceased, but its request has no record in the module of active plans.",
        effect="Neither need nor placement is known; both are shared out by age.",
        remedy="Add the active plan with its needs and placements, or the date that the plan ceased.",
        harm=MISPLACED,
        modules=("named_plan",),
        fields=("cease_date",),
        source="criteria of module 5 (active plan on census day), as on One Education's help page on the SEN2 tool",
        find=_not_active,
    ),
    Check(
        name="plan_never_named",
        title="active plan without a named plan",
        meaning="The request has an active plan and no named plan, and no authority is given that it came from.",
        effect="Neither its start nor its end can be counted.",
        remedy="Add the assessment and the named plan that it rests on, or the authority that it came from.",
        harm=MISTIMED,
        modules=("active_plans",),
        fields=("transfer_la",),
        source=f"{WITAN}: issue-no-named-plan",
        find=_never_named,
    ),
    Check(
        name="plan_without_start",
        title="plan without a start date",
        meaning="The start date is blank or cannot be read.",
        effect="The plan counts as long begun, so a start may be missed.",
        remedy="Give the date of the plan.",
        harm=MISTIMED,
        modules=("named_plan",),
        fields=("start_date",),
        source=f"{WITAN}: a plan without a start counts as open-ended",
        find=_no_start,
    ),
    Check(
        name="ceased_before_start",
        title="plan ceased before it started",
        meaning="The date that it ceased is earlier than its start.",
        effect="The plan is never in force, so the child is not counted.",
        remedy="Correct the two dates.",
        harm=MISCOUNTED,
        modules=("named_plan",),
        fields=("start_date", "cease_date"),
        source=DATES,
        find=_ceased_first,
    ),
    Check(
        name="ceased_without_reason",
        title="plan ceased without a reason",
        meaning="There is a date that it ceased and no reason.",
        effect="A child who moved to another authority cannot be told from one who left.",
        remedy="Give the reason.",
        harm=MISTIMED,
        modules=("named_plan",),
        fields=("cease_reason",),
        source=GUIDE.format("4.6"),
        find=_no_reason,
    ),
    Check(
        name="reason_without_date",
        title="reason to cease without a date",
        meaning="There is a reason why it ceased and no date, or one that cannot be read.",
        effect="The plan counts as still in force.",
        remedy="Give the date that it ceased, or take the reason out.",
        harm=MISCOUNTED,
        modules=("named_plan",),
        fields=("cease_date", "cease_reason"),
        source=GUIDE.format("4.6"),
        find=_no_date,
    ),
    Check(
        name="unknown_cease_reason",
        title="unknown reason to cease",
        meaning="The reason is none of the guide's.",
        effect="A child who moved to another authority cannot be told from one who left.",
        remedy="Write one of the guide's codes.",
        harm=MISTIMED,
        modules=("named_plan",),
        fields=("cease_reason",),
        source=CODES,
        find=_odd_reason,
    ),
    Check(
        name="no_primary_need",
        title="plan without a primary need",
        meaning="A plan in force has no need of rank 1.",
        effect="The need is not recorded; the child is shared out among the needs of its age.",
        remedy="Add the primary need, or the rank of the need that is there.",
        harm=MISPLACED,
        modules=("active_plans",),
        fields=("id",),
        source=f"{WITAN}: issue-missing-sen-type",
        find=_no_need,
    ),
    Check(
        name="unknown_need",
        title="unknown need",
        meaning="The primary need of a plan in force has a code that is none of the guide's.",
        effect="A need that cannot be told is not recorded; the child is shared out among the needs of its age.",
        remedy="Write one of the guide's codes.",
        harm=MISPLACED,
        modules=("sen_need",),
        fields=("need",),
        source=f"{WITAN}: issue-invalid-sen-type; {GUIDE.format('5.8a')}",
        find=_odd_need,
    ),
    Check(
        name="two_primary_needs",
        title="two primary needs",
        meaning="Another need of the same plan, of lower row id, has rank 1.",
        effect="The child is counted under the first, which may not be its main need.",
        remedy="Give all but one of them another rank.",
        harm=MISPLACED,
        modules=("sen_need",),
        fields=("rank",),
        source=f"{LINKS}; one need is primary",
        find=_two_needs,
    ),
    Check(
        name="unknown_transfer_authority",
        title="transferred in from an unknown authority",
        meaning="The code is no authority's.",
        effect="None: the plan still counts as one that arrived.",
        remedy="Write DfE's three-digit code of the authority that the plan came from.",
        harm=HARMLESS,
        modules=("active_plans",),
        fields=("transfer_la",),
        source="DfE's codes of authorities in data/reference (population_by_authority.csv, reorganised.csv)",
        find=_odd_authority,
    ),
)
"""Checks of plans and their needs."""
