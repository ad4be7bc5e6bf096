"""Children without a plan in a comparison of scenarios: whether only they are moved, how many, and what is priced."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np
import xarray as xr

from forecast.ap.forecast import ApForecast
from forecast.decide.compare import Compared
from forecast.decide.measures import AP_SCHOOLS, Measure
from forecast.decide.without_plan import filled_by_both
from forecast.domain import ApSetting, academic_year
from forecast.projection import Projection
from forecast.report.compare_phrases import LEAST, more_or_fewer, where, with_span
from forecast.report.compare_tables import Rows, Tables
from forecast.report.phrases import FEW, Row, count, rounded
from forecast.scenario.ap_lever import ApChange
from forecast.scenario.levers import Change

PRICED: Final = (
    "Children without a plan cost nothing here but in alternative provision: in AP schools and in places that the "
    "council pays for elsewhere, a full-time place costs its price for each year that it is filled (high needs block). "
    "Where places are listed, those for whom AP schools have no room cost what a place elsewhere does. "
    "Their journeys, and what a school pays back for a child it excludes, are not in the pounds: no figure was found."
)
"""What is priced of children without a plan, where they are counted."""
ELSEWHERE: Final[Mapping[ApSetting, str]] = {
    ApSetting.LA_FUNDED: "alternative provision elsewhere that the council pays for",
    ApSetting.SCHOOL_ARRANGED: "alternative provision that mainstream schools arrange",
}
"""Who arranges it, AP schools aside -> its words for the inside of a sentence."""


def moves_ap(found: Compared, at: int = 1) -> bool:
    """Whether a scenario moves the places wanted in AP schools, in any year on average.

    Parameters
    ----------
    at : position of the scenario in `names`
    """
    places = found.difference(at, Measure.AP_PLACES)
    return places is not None and bool((abs(places.mean("draw")) >= LEAST).any())


def moves_only_ap(found: Compared, at: int = 1) -> bool:
    """Whether a scenario moves nobody with a plan, and is about alternative provision.

    It is where it moves the places wanted there, or where all that is laid out are levers on it, whatever they move.

    Parameters
    ----------
    at : position of the scenario in `names`
    """
    of_plans = found.difference(at, Measure.CHILDREN)
    if of_plans is None or bool(of_plans.any()) or found.first.ap is None:
        return False
    label, laid = filled_by_both(found.about), found.scenarios[at].changes
    return moves_ap(found, at) or (bool(laid) and all(_is_on_ap(change, label) for change in laid))


def only_ap(found: Compared, tables: Tables, at: int, year: int, supposing: str = "") -> Iterator[str]:
    """What a scenario changes that moves nobody with a plan, its AP schools' places first.

    Parameters
    ----------
    at : position of the scenario in `names`
    year : January that is told
    supposing : what a far January rests on, between commas; may be empty
    """
    name = found.names[at]
    changed, mine = tables.changed(name, year), tables.of(name, year)
    yield from without_plan(found, changed, mine, year, under=f" {where(name)}{supposing}")
    yield from _places(found, changed, year)
    before, after = found.first.ap, found.projections[at].ap
    if before is not None and after is not None:
        yield from _elsewhere(before, after, year)
        yield from _back(before, after, year)
    yield from _room(found, changed, mine, tables.of(found.names[0], year))


def nobody_with_a_plan(found: Compared) -> str:
    """That children with a plan are as many everywhere, in one sentence."""
    return (
        f"Nobody with a plan is moved: in each kind of place they are as many as {where(found.names[0])}, and the "
        "special school rate is the same."
    )


def without_plan(found: Compared, changed: Rows, mine: Rows, year: int, *, under: str = "") -> Iterator[str]:
    """What a scenario changes for them; nothing where the area has no figures on them.

    Parameters
    ----------
    changed, mine : differences from the first scenario, and figures, of January `year`
    under : which scenario it is, after a space, where no sentence before has said so
    """
    alone, places = (Measure.WITHOUT_PLAN, AP_SCHOOLS), (Measure.AP_PLACES, AP_SCHOOLS)
    if alone not in changed or places not in changed:
        return
    when = f"In the fullest month of {academic_year(year)}{under}"
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


def _is_on_ap(change: Change, label: str | None) -> bool:
    """Whether a lever is on children without a plan in alternative provision, or on its places.

    Parameters
    ----------
    label : what the area calls AP schools
    """
    return isinstance(change, ApChange) or set(change.labels().get("provision", ())) == {label}


def _places(found: Compared, changed: Rows, year: int) -> Iterator[str]:
    """How many more or fewer places AP schools have; nothing where they have as many."""
    label = str(filled_by_both(found.about))
    row = changed.get((Measure.PLACES, label), changed.get((Measure.OPENED, label)))
    if row is not None and abs(row["mean"]) >= LEAST:
        way = "more" if row["mean"] > 0 else "fewer"
        yield f"AP schools have {count(abs(row['mean']))} {way} places in {academic_year(year)}."


def _elsewhere(first: ApForecast, other: ApForecast, year: int) -> Iterator[str]:
    """Full-time places outside AP schools, where their number is another."""
    axes = ["district", "key_stage", "reason"]
    for setting, words in ELSEWHERE.items():
        before, after = (ap.filled.sel(year=year, setting=setting.value).sum(axes) for ap in (first, other))
        row = _row(after - before)
        if abs(row["mean"]) >= LEAST:
            yield (
                f"In {words}, children without a plan fill {count(float(after.mean()))} full-time places on average "
                f"over {academic_year(year)}, {with_span(row)}."
            )


def _back(first: ApForecast, other: ApForecast, year: int) -> Iterator[str]:
    """Children who go back to a mainstream school, where their number is another."""
    before, after = (ap.returns.sel(year=year).sum("key_stage") for ap in (first, other))
    row = _row(after - before)
    if abs(row["mean"]) >= LEAST:
        yield (
            f"Of children without a plan who leave alternative provision, {count(float(after.mean()))} go back to a "
            f"mainstream school in {academic_year(year)}, {with_span(row)}."
        )


def _room(found: Compared, changed: Rows, mine: Rows, theirs: Rows) -> Iterator[str]:
    """Who has no AP school place where places are listed, or is beyond those of now; nothing where they are as many."""
    short, more = (Measure.SHORT, str(filled_by_both(found.about))), (Measure.AP_MORE, AP_SCHOOLS)
    trend = where(found.names[0])
    if short in changed and abs(changed[short]["mean"]) >= LEAST:
        yield (
            "Of all who call for a place in an AP school, with a plan or without, "
            f"{count(mine[short]['mean'])} would have none, {count(theirs[short]['mean'])} {trend}: "
            f"{with_span(changed[short])}."
        )
    if more in changed and abs(changed[more]["mean"]) >= LEAST:
        yield (
            "Those who call for a place in an AP school, with a plan or without, would be "
            f"{more_or_fewer(mine[more]['mean'])} than the places filled now and opened since, "
            f"{more_or_fewer(theirs[more]['mean'])} {trend}: {with_span(changed[more])}."
        )


def _row(difference: xr.DataArray) -> Row:
    """Mean and range of a difference, taken future by future: (draw)."""
    low, high = np.quantile(difference.to_numpy(), [0.1, 0.9]).tolist()
    return {"mean": float(difference.mean()), "p10": low, "p90": high}
