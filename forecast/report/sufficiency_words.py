"""Are there enough places: what the tables of `sufficiency_tables` say, in sentences."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.without_plan import WITH_PLAN, fill
from forecast.domain import WITHOUT_PLAN, academic_year
from forecast.inputs.reference_places import read_projects
from forecast.places.rating import LEAST, LIKELY, MEANS, POSSIBLE, PROJECT, Colour
from forecast.places.sufficiency import summarise
from forecast.projection import Projection
from forecast.report.both_words import COUNTED, place_words
from forecast.report.phrases import (
    FEW,
    RANGE,
    Row,
    area_children,
    capped,
    chances,
    condition,
    phase_words,
    rounded,
    rounded_up,
    uncapped,
)
from forecast.report.sufficiency_tables import ANYWHERE, DISTRICT, GROUP, NEW, NO_SCHOOL, PHASE, PLAN, WHOLE
from forecast.report.tables import year_ahead

WORST: Final = 3
"""Lines that a sentence names."""
SHARED: Final = (
    "A child is short of a place when each school takes only the districts, needs and ages that it is for, and all "
    "its places are filled. Who is short is shared out pro rata among children with the same claim."
)
"""What the figures of parts rest on."""


def enough_reading(projection: Projection, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """A sentence or more for each kind of place that the area lists; none where places are only assumed.

    Parameters
    ----------
    tables : from `sufficiency_tables`
    """
    if "ratings" not in tables:
        return []
    table, ratings = tables["sufficiency"], tables["ratings"]
    then = table[table["year"] == year_ahead(projection)]
    return [_of_kind(projection, str(kind), lines, ratings) for kind, lines in then.groupby("provision", sort=False)]


def without_room(projection: Projection, labels: list[str], year: int) -> str:
    """Start of the headline: children without a special school place in January `year`; empty where none are listed.

    Parameters
    ----------
    labels : of `provision`, those that mean a state special school
    """
    short = projection.short
    listed = [] if short is None else [label for label in labels if label in short.short["provision"].to_numpy()]
    if short is None or not listed:
        return ""
    left_over = short.of_served.sel(year=year, provision=listed, drop=True)
    missing = summarise(left_over.sum(["district", "need", "band", "provision"], dtype=np.float64)).to_series()
    who = area_children(projection.about)
    if missing["mean"] < FEW:
        return f"the state special school places listed are expected to be enough for {who}, who"
    low = "0" if missing["p10"] < FEW else rounded(missing["p10"])
    return (
        f"about {rounded(missing['mean'])} of {who} are expected to be without a state special school place in "
        f"{academic_year(year)} ({RANGE}: {low} to {rounded(missing['p90'])}), unless more are made than those listed. "
        "They"
    )


def rules(projection: Projection) -> list[str]:
    """What the colours mean and how a shortage is counted: sentences."""
    if projection.short is None:
        return []
    projects = read_projects()
    about = projection.about
    kinds = {kind: PROJECT.get(about.provisions[kind], NEW) for kind in projection.short.short["provision"].to_numpy()}
    waits = "; ".join(
        f"{uncapped(place_words(projection, kind))} {projects[name].months:.0f} months" for kind, name in kinds.items()
    )
    colours = (
        f"Red: {MEANS[Colour.RED]}. Amber: {MEANS[Colour.AMBER]}. Green: {MEANS[Colour.GREEN]}. A shortage is one of "
        f"{LEAST} children or more; likely is {chances(LIKELY)} or more, possible {chances(POSSIBLE)} or more."
    )
    both = [COUNTED] if any(fill(projection, kind) for kind in kinds) else []
    return [colours, f"From decision to opening, as judged (projects.csv): {waits}.", SHARED, *both]


def _of_kind(projection: Projection, kind: str, then: pd.DataFrame, ratings: pd.DataFrame) -> str:
    """One kind of place, in the year that headlines speak of."""
    whole = _line(then, WHOLE)
    own = ratings[ratings["provision"] == kind]
    rating = own[own["by"] == WHOLE].iloc[0]
    name, year = place_words(projection, kind), year_ahead(projection)
    if_so = condition(projection, year)
    start = f"{capped(name)}: {rating['colour']}. {_when(rating)}"
    expected = f"{capped(if_so) + ', ' if if_so else ''}{_short(whole)} in {academic_year(year)}"
    expected = f"{capped(expected)}, with {chances(whole['chance'])} that {LEAST} or more are"
    if whole["p80"] >= FEW:
        expected += f"; {rounded_up(whole['p80'])} more places would be enough in 8 futures of 10"
    said = [start, f"{expected}.", _where(then), _by_plan(then), _apart(then)]
    return " ".join(part for part in said if part)


def _when(rating: "pd.Series[str]") -> str:
    """When a shortage is likely, and when to decide."""
    if not rating["first_likely"]:
        return "No shortage is likely in the years of this forecast."
    late = " at once" if rating["colour"] == Colour.RED else f" in {rating['decide_by']}"
    return f"A shortage is likely from {rating['first_likely']}: decide on places{late}."


def _short(line: Row) -> str:
    if line["mean"] < FEW:
        return f"fewer than {FEW} children are expected to be short of a place"
    low, high = (rounded(line[name]) if line[name] >= FEW else "0" for name in ("p10", "p90"))
    return f"about {rounded(line['mean'])} children are expected to be short of a place ({RANGE}: {low} to {high})"


def _where(then: pd.DataFrame) -> str:
    """Which phases, needs and districts have most of them."""
    parts = []
    for by in (PHASE, GROUP, DISTRICT):
        lines = then[(then["by"] == by) & (then["mean"] >= FEW)].sort_values("mean", ascending=False, kind="stable")
        words = phase_words if by == PHASE else uncapped if by == GROUP else str
        if len(lines):
            named = zip(lines["line"].head(WORST), lines["mean"].head(WORST), strict=True)
            parts.append(", ".join(f"{words(str(line))} {rounded(mean)}" for line, mean in named))
    return f"Most of them: {'; '.join(parts)}." if parts else ""


def _by_plan(then: pd.DataFrame) -> str:
    """How many of them have a plan, of places that both fill."""
    lines = then[then["by"] == PLAN].set_index("line")["mean"]
    if lines.empty or lines.sum() < FEW:
        return ""
    with_plan, without = (_some(float(lines[line])) for line in (WITH_PLAN, WITHOUT_PLAN))
    return f"Of them {with_plan} have a plan and {without} have none, in the fullest month: both fill these places."


def _some(children: float) -> str:
    return f"about {rounded(children)}" if children >= FEW else f"fewer than {FEW}"


def _apart(then: pd.DataFrame) -> str:
    """What distance and gaps in the register add: children whom no school is for, and places that stand empty."""
    whole, anywhere, nobody = (_line(then, by) for by in (WHOLE, ANYWHERE, NO_SCHOOL))
    said = []
    if whole["mean"] - anywhere["mean"] >= FEW:
        said.append(f"{rounded(whole['mean'] - anywhere['mean'])} of them only because of where they live")
    if whole["spare"] >= FEW:
        said.append(f"{rounded(whole['spare'])} places would stand empty, being for other ages, needs or districts")
    if nobody["mean"] >= FEW:
        said.append(f"besides, no school listed takes {rounded(nobody['mean'])} of the children, by age, need or home")
    return f"{capped('; '.join(said))}." if said else ""


def _line(then: pd.DataFrame, by: str) -> Row:
    row: Row = then[then["by"] == by].iloc[0].to_dict()
    return row
