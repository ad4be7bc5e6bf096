"""Children without a plan in a comparison of scenarios: how many more or fewer in AP schools, and what is priced."""

from collections.abc import Iterator
from typing import Final

from forecast.decide.compare import Compared
from forecast.decide.measures import AP_SCHOOLS, Measure
from forecast.domain import ApSetting, academic_year
from forecast.projection import Projection
from forecast.report.compare_phrases import LEAST, where, with_span
from forecast.report.compare_tables import Rows
from forecast.report.phrases import FEW, count, rounded

PRICED: Final = (
    "Children without a plan cost nothing here but in alternative provision: in AP schools and in places that the "
    "council pays for elsewhere, a full-time place costs its price for each year that it is filled (high needs block). "
    "Their journeys, and what a school pays back for a child it excludes, are not in the pounds: no figure was found."
)
"""What is priced of children without a plan, where they are counted."""


def without_plan(found: Compared, changed: Rows, mine: Rows, year: int) -> Iterator[str]:
    """What a scenario changes for them; nothing where the area has no figures on them.

    Parameters
    ----------
    changed, mine : differences from the first scenario, and figures, of January `year`
    """
    alone, places = (Measure.WITHOUT_PLAN, AP_SCHOOLS), (Measure.AP_PLACES, AP_SCHOOLS)
    if alone not in changed or places not in changed:
        return
    when = f"In the fullest month of {academic_year(year)}"
    if abs(changed[alone]["mean"]) < LEAST and abs(changed[places]["mean"]) < LEAST:
        yield f"{when} AP schools have as many children without a plan as {where(found.names[0])}."
        return
    headroom = found.first.ap.headroom if found.first.ap is not None else 0.0
    yield (
        f"{when} AP schools have {count(mine[alone]['mean'])} full-time places filled by children without a plan, "
        f"{with_span(changed[alone])}; with the children there who have one, and {headroom:.0%} kept free, that takes "
        f"{round(mine[places]['mean']):,} places, {with_span(changed[places])}."
    )


def priced_notes(projection: Projection, year: int) -> list[str]:
    """What of alternative provision without a plan is priced, and what schools pay themselves.

    Parameters
    ----------
    year : January whose place-years are told
    """
    if projection.ap is None:
        return []
    arranged = projection.ap.filled.sel(setting=ApSetting.SCHOOL_ARRANGED.value, year=year)
    many = float(arranged.sum(["district", "key_stage", "reason"]).mean())
    if many < FEW:
        return [PRICED]
    some = "" if projection.ap.hosted is None else ", some of them in AP schools"
    return [
        PRICED,
        (
            f"Schools themselves pay for what they arrange: about {rounded(many)} full-time places in "
            f"{academic_year(year)}{some}. They are in no bill here."
        ),
    ]
