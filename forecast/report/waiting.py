"""Requests that wait at the latest census, and what they say of next year's new plans: a table and its reading."""

from collections.abc import Mapping

import pandas as pd

from forecast.projection import Projection
from forecast.report.phrases import census, rounded

OPEN_REQUESTS, OPEN_ASSESSMENTS = "requests not yet decided", "assessments not yet decided"
FROM_BACKLOG, FROM_NEW = "plans expected of those who wait", "plans expected of new requests"
REQUESTS, PLANS = "new requests expected", "new plans expected in all"


def waiting_tables(projection: Projection) -> Mapping[str, pd.DataFrame]:
    """The table `waiting`, by the name of its file; none where the area does not count its requests.

    Returns
    -------
    columns line, january, children
        What waits at the latest census, and what is expected in the year to the next.
    """
    found = projection.waiting
    if found is None:
        return {}
    now, ahead = found.year, found.year + 1
    lines = [
        (OPEN_REQUESTS, now, found.open_requests),
        (OPEN_ASSESSMENTS, now, found.open_assessments),
        (FROM_BACKLOG, ahead, found.from_backlog),
        (REQUESTS, ahead, found.requests),
        (FROM_NEW, ahead, found.from_new),
        (PLANS, ahead, found.plans),
    ]
    return {"waiting": pd.DataFrame(lines, columns=["line", "january", "children"])}


def waiting_reading(projection: Projection) -> list[str]:
    """The table in sentences; none where there is none."""
    found = projection.waiting
    if found is None:
        return []
    years = "last year" if found.years == 1 else f"the last {found.years} years"
    stands = (
        f"In {census(found.year)}, {found.open_requests:,} requests for an assessment and "
        f"{found.open_assessments:,} assessments were waiting to be decided."
    )
    ahead = (
        f"As in {years}, {rounded(found.from_backlog)} of them are expected to become plans by "
        f"{census(found.year + 1)}, and {rounded(found.from_new)} of {rounded(found.requests)} new requests, if these "
        f"grow as new plans do in England: {rounded(found.plans)} new plans in all. The forecast of that year's new "
        "plans leans on this."
    )
    return [stands, ahead]
