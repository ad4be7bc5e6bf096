"""Checks of requests and assessments: what waits too long, what has no outcome, what comes before its cause."""

from typing import Final

import pandas as pd

from forecast.records.checks_named import CODES, DATES, DECISION, MISTIMED, Check
from forecast.records.checks_seen import Rows, Seen, surely
from forecast.records.linked import NOT_EXPORTED

AGREED: Final = "Y"
"""Outcome of a request: to assess; of an assessment: to issue a plan."""
PENDING: Final = ("", "A")
"""Outcomes that say there is none yet."""
LIMIT: Final = pd.Timedelta(weeks=20)
"""From a request to the final plan (regulation 13(2))."""
_OUTCOMES: Final = {"requests": "request_outcome", "assessment": "assessment_outcome"}


def _outcome(seen: Seen, module: str) -> Rows:
    return seen.table(module)["outcome"].str.upper()


def _overdue(seen: Seen) -> Rows:
    """Whether a request was received more than 20 weeks before the census, for a child still in the area."""
    request = seen.table("requests")
    here = request["exported"].str.upper().isin(NOT_EXPORTED)
    return here & (request["received_date"] < seen.day - LIMIT)


def _no_decision(seen: Seen, module: str) -> Rows:
    return _overdue(seen) & _outcome(seen, module).isin(PENDING)


def _no_result(seen: Seen, module: str) -> Rows:
    """Whether a request was agreed long ago and no assessment of it has an outcome; exceptions are let off."""
    assessed = ~_outcome(seen, "assessment").isin(PENDING)
    excepted = surely(seen.table("assessment")["week20"])
    done = seen.any_below(module, "assessment", assessed | excepted)
    return _overdue(seen) & _outcome(seen, module).eq(AGREED) & ~done


def _not_issued(seen: Seen, module: str) -> Rows:
    named = seen.any_below(module, "named_plan", seen.every("named_plan"))
    excepted = surely(seen.table(module)["week20"])
    return seen.holds(module, _overdue(seen)) & _outcome(seen, module).eq(AGREED) & ~excepted & ~named


def _odd_outcome(seen: Seen, module: str) -> Rows:
    outcome = _outcome(seen, module)
    return outcome.ne("") & ~outcome.isin(seen.codes[_OUTCOMES[module]])


def _date_without_outcome(seen: Seen, module: str) -> Rows:
    return seen.table(module)["outcome_date"].notna() & _outcome(seen, module).eq("")


def _decided_first(seen: Seen, module: str) -> Rows:
    table = seen.table(module)
    received = table["received_date"] if module == "requests" else seen.of(module, "requests", "received_date")
    return table["outcome_date"] < received


def _assessed_first(seen: Seen, module: str) -> Rows:
    """Whether an assessment ended before it was agreed to; not where it ended before the request came, either."""
    ended = seen.table(module)["outcome_date"]
    return (ended < seen.of(module, "requests", "outcome_date")) & ~_decided_first(seen, module)


def _planned_first(seen: Seen, module: str) -> Rows:
    """Whether a plan was made before its request; one brought from another authority may be."""
    brought = seen.any_below("requests", "active_plans", seen.table("active_plans")["transfer_la"].ne(""))
    early = seen.table(module)["start_date"] < seen.of(module, "requests", "received_date")
    return early & ~seen.holds(module, brought)


REQUESTS: Final = (
    Check(
        name="request_overdue",
        title="request without an outcome after 20 weeks",
        meaning="The request came more than 20 weeks before the census and no decision to assess is recorded.",
        effect="It stays in the backlog from which next year's plans are forecast.",
        remedy="Record the decision, or that the request was withdrawn. If it truly waits, leave it.",
        harm=MISTIMED,
        modules=("requests",),
        fields=("outcome", "outcome_date"),
        source=DECISION,
        find=_no_decision,
    ),
    Check(
        name="assessment_overdue",
        title="assessment agreed without an outcome after 20 weeks",
        meaning="The request was agreed and came more than 20 weeks before the census; no assessment has an outcome.",
        effect="It stays in the backlog from which next year's plans are forecast.",
        remedy="Record the outcome, or that an exception to the 20 weeks applies. If it truly waits, leave it.",
        harm=MISTIMED,
        modules=("requests",),
        fields=("outcome",),
        source=DECISION,
        find=_no_result,
    ),
    Check(
        name="plan_overdue",
        title="plan agreed and not issued after 20 weeks",
        meaning="A plan was agreed on a request of more than 20 weeks before the census, and no plan is named.",
        effect="The plan is not counted, nor its start.",
        remedy="Add the named plan, or correct the outcome. If it truly waits, leave it.",
        harm=MISTIMED,
        modules=("assessment",),
        fields=("outcome",),
        source=DECISION,
        find=_not_issued,
    ),
    Check(
        name="unknown_outcome",
        title="unknown outcome",
        meaning="The outcome of a request or assessment is none of the guide's codes.",
        effect="It counts neither as agreed nor as refused.",
        remedy="Write one of the guide's codes.",
        harm=MISTIMED,
        modules=("requests", "assessment"),
        fields=("outcome",),
        source=CODES,
        find=_odd_outcome,
    ),
    Check(
        name="date_without_outcome",
        title="date of an outcome without the outcome",
        meaning="A request or assessment has the date of its outcome and not the outcome.",
        effect="It counts as waiting.",
        remedy="Give the outcome.",
        harm=MISTIMED,
        modules=("requests", "assessment"),
        fields=("outcome",),
        source=CODES,
        find=_date_without_outcome,
    ),
    Check(
        name="outcome_before_receipt",
        title="outcome before the request",
        meaning="The outcome of a request, or of its assessment, is dated before the request was received.",
        effect="It counts in the wrong year, and the time it took is negative.",
        remedy="Correct the two dates.",
        harm=MISTIMED,
        modules=("requests", "assessment"),
        fields=("received_date", "outcome_date"),
        source=DATES,
        find=_decided_first,
    ),
    Check(
        name="assessed_before_agreed",
        title="assessment over before it was agreed",
        meaning="The outcome of the assessment is dated before the decision to assess.",
        effect="It may count in the wrong year.",
        remedy="Correct the two dates.",
        harm=MISTIMED,
        modules=("assessment",),
        fields=("outcome_date",),
        source=DATES,
        find=_assessed_first,
    ),
    Check(
        name="plan_before_request",
        title="plan before its request",
        meaning="The plan started before the request was received and was not brought from another authority.",
        effect="The start may count in the wrong year.",
        remedy="Correct the two dates, or give the authority that the plan came from.",
        harm=MISTIMED,
        modules=("named_plan",),
        fields=("start_date",),
        source=DATES,
        find=_planned_first,
    ),
)
"""Checks of requests and assessments."""
