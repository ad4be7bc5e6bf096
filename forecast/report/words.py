"""Plain sentences about a forecast: headline, readings, what is modelled, what to do next.

Words follow the figures. Where places are only assumed, nothing is called short: "N more than now", and the
census that "now" means is named.
"""

from pathlib import Path
from typing import Final

import pandas as pd
import xarray as xr

from forecast.domain import SPECIALIST, Provision, academic_year
from forecast.places.rates import SPECIAL_SCHOOLS
from forecast.projection import TOLD_BY_DATA, Projection
from forecast.report.ap_words import ap_said
from forecast.report.glossary import OPEN_LICENCE, explained
from forecast.report.phrases import (
    FEW,
    MARKING,
    RANGE,
    Row,
    about_more,
    area_children,
    area_name,
    between,
    capped,
    census,
    change_words,
    condition,
    in_a_hundred,
    phase_words,
    provision_words,
    uncapped,
)
from forecast.report.sufficiency_words import without_room
from forecast.report.tables import MORE, RATE_APPLIED, children_table, year_ahead
from forecast.report.waiting import waiting_reading
from forecast.scenario.worlds import SHIPPED, Held, World

MOST: Final = 3
"""How many needs a sentence names."""


def headline(projection: Projection) -> str:
    """The main answer in a sentence: state special school places five years on, against the census."""
    about, year = projection.about, year_ahead(projection)
    start = condition(projection, year)
    who = f"{capped(start)}, {area_children(about)}" if start else area_children(about)
    special = about.means(Provision.SPECIAL)
    kind = "state special school" if special else "specialist" if about.means(*SPECIALIST) else "school"
    whole = ", in the area and out of it," if len(special) > 1 else ""
    children = _children(projection, special or about.planned)
    change = at(children_table(projection, children.sum("provision")), year).iloc[0]
    than = "as" if abs(change["mean"]) < FEW else "than"
    need = (
        f"need {about_more(change['mean'])} {kind} places{whole} in {academic_year(year)} {than} in "
        f"{census(projection.base)} ({RANGE} that it is {between(change['p10'], change['p90'])})"
    )
    room = without_room(projection, special, year)
    return capped(f"{start}{', ' if start else ''}{room} {need}.") if room else f"{who} are expected to {need}."


def at(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of "more than now" for January `year`."""
    return table[(table["year"] == year) & (table["measure"] == MORE)]


def specialist_reading(projection: Projection, table: pd.DataFrame) -> str:
    """Reading of children in each specialist kind of place.

    Parameters
    ----------
    table : as from `children_table`, by provision
    """
    rows = at(table, year_ahead(projection)).to_dict("records")
    parts = [f"{uncapped(provision_words(projection.about, row['provision']))}, {change_words(row)}" for row in rows]
    return f"{_compared(projection, 'Children by kind of specialist place')}: {'; '.join(parts)}."


def needs_reading(projection: Projection, table: pd.DataFrame) -> str:
    """Reading of the needs that grow most in specialist places.

    Parameters
    ----------
    table : as from `needs_that_grow_most`
    """
    rows = table.head(MOST).to_dict("records")
    parts = [f"{projection.about.need_name(row['need'])}, {change_words(row)}" for row in rows]
    return f"{_compared(projection, 'Children in specialist places by main need')}: {'; '.join(parts)}."


def phase_reading(projection: Projection, table: pd.DataFrame) -> str:
    """Reading of children in state special schools by phase.

    Parameters
    ----------
    table : as from `children_table`, by phase
    """
    rows = at(table, year_ahead(projection)).to_dict("records")
    parts = [f"{phase_words(row['phase'])}, {change_words(row)}" for row in rows]
    return f"{_compared(projection, 'Children in state special schools by phase')}: {'; '.join(parts)}."


def rates_reading(projection: Projection, table: pd.DataFrame) -> list[str]:
    """Special school rates against England's: a sentence for each definition and time.

    Parameters
    ----------
    table : as from `special_rates_table`
    """
    name = area_name(projection.about)
    sentences = [
        f"Of each 100 pupils at schools in {name} in {row['academic_year']}, {in_a_hundred(row['rate'])} "
        f"were at special schools, {_than_england(row)}."
        for row in table[table["definition"] == "special_rate_schools"].tail(1).to_dict("records")
    ]
    if not projection.about.means(*SPECIAL_SCHOOLS):
        return [*sentences, f"Which kinds of place of {name} are special schools is not said: it has no such rate."]
    residents = table[table["definition"] == "special_rate_residents"].set_index("year").to_dict("index")
    now, ahead = residents[projection.base], residents[year_ahead(projection)]
    low, high = in_a_hundred(ahead["rate_p10"]), in_a_hundred(ahead["rate_p90"])
    sentences.append(
        f"In {census(projection.base)}, {name} had {in_a_hundred(now['rate'])} plans in state or "
        f"non-maintained special schools for each 100 residents aged 4 to 17{_than_england(now, ', ')}."
    )
    start = condition(projection, year_ahead(projection))
    expected = f"{in_a_hundred(ahead['rate'])}{' ' if start else ''}{start}"
    sentence = (
        f"In {ahead['academic_year']}, {name} is expected to have {expected} "
        f"({RANGE} that it is between {low} and {high})"
    )
    if ahead["england_rate"] > 0:
        england = "England if the trend continues" if projection.world is not World.TREND else "England"
        gap = between(ahead["children_p10"], ahead["children_p90"])
        sentence += f"{_than_england(ahead, ', ', england)} ({RANGE} that it is {gap})"
    return [*sentences, f"{sentence}."]


def notes(projection: Projection) -> list[str]:
    """What is modelled, assumed or invented, and the area's own notes: every output repeats these."""
    about, base = projection.about, census(projection.base)
    said = ["The children are invented: no figure describes a real place."] if about.synthetic else []
    said += [MARKING] if about.confidential else []
    said.append(f"Every figure after {base} is a forecast, from {projection.settings.draws} possible futures.")
    said += worlds(projection)
    if about.kind == "published" and len(about.districts) > 1:
        said.append(f"District figures are {RATE_APPLIED}: modelled, not published.")
    if projection.places_assumed:
        said.append(
            f"Places are taken to be those that the area's children filled in {base}, wherever they are. "
            "So these figures say how many more are needed than then, not whether there will be enough."
        )
    return [*said, *about.notes]


def worlds(projection: Projection) -> list[str]:
    """Which world the forecast stands in, and which others there are: sentences."""
    world, base = projection.world, census(projection.base)
    if isinstance(world, Held):
        return ["The named worlds are not in these figures: run the area without --model constant for those."]
    others = ", ".join(f'"{other.words}"' for other in World if other is not world)
    rest = f"The other worlds, each a run of its own, are {others}."
    if world is World.TREND:
        long = f"More than {TOLD_BY_DATA} years past {base}, a forecast rests on the trend continuing"
        return [f'{long}: that is the world "{world.words}". {rest}']
    said = f'The figures stand in the world "{world.words}", a supposition, and not what is thought most likely.'
    return [f"{said} {rest}", "England's special school rate is that of the trend, in this world too."]


def next_steps(projection: Projection, area: str, run: Path | None) -> list[str]:
    """What a planner may do next, with the command for it.

    Parameters
    ----------
    area : as it was named on the command line
    run : its run folder
    """
    steps: list[str] = []
    if projection.places_assumed:
        steps.append("To learn whether there will be enough, list your own places in places.csv, and run again.")
    if projection.about.confidential and run is not None:
        steps.append(f"Tables that may leave: forecast publish {run} --to FOLDER")
    other = SHIPPED[World.STARTS_HELD_FLAT if projection.world is World.TREND else World.TREND]
    if isinstance(projection.world, Held):
        return steps
    return [*steps, f"See another world: forecast run {area} -s {other}", f"Look in a browser: forecast app {area}"]


def summary(projection: Projection, readings: list[str]) -> str:
    """The run in words, for the run folder: headline, readings of its charts, notes, sources and glossary."""
    said = headline(projection)
    parts = {
        said: [projection.scenario_why] if projection.scenario_why else [],
        "What the charts say": readings,
        "Who waits for a plan": waiting_reading(projection),
        "Alternative provision": [line for line in ap_said(projection) if line not in notes(projection)],
        "What these figures rest on": notes(projection),
        "Sources": [
            f"{source.table}: {source.status}. {source.source.rstrip('.')}." for source in projection.about.sources
        ]
        + [OPEN_LICENCE],
        "Words": [f"{word}: {meaning}" for word, meaning in explained(projection).items()],
    }
    marked = f"{MARKING}\n\n" if projection.about.confidential else ""
    blocks = {title: lines for title, lines in parts.items() if lines or title == said}
    return (
        marked
        + "\n\n".join("\n".join([title, *(f"- {line}" for line in lines)]) for title, lines in blocks.items())
        + "\n"
    )


def _children(projection: Projection, labels: list[str]) -> xr.DataArray:
    """Children in the provisions `labels`: (draw, year, provision)."""
    return projection.total("district", "need", "phase").sel(provision=labels)


def _compared(projection: Projection, what: str) -> str:
    """Start of a reading: which years it compares, what it rests on, what a bracket holds."""
    year = year_ahead(projection)
    start = condition(projection, year)
    return (
        f"{what} in {academic_year(year)} compared with {census(projection.base)}"
        f"{', ' if start else ''}{start} (in brackets the range with {RANGE})"
    )


def _than_england(row: Row, before: str = "", england: str = "England") -> str:
    """England's rate, and the difference in children, of a row of the special rates table; "" where it is not known."""
    if not row["england_rate"] > 0:
        return ""
    than = "as" if abs(row["children"]) < FEW else "than"
    rate = in_a_hundred(row["england_rate"])
    return f"{before}against {rate} in {england}: {about_more(row['children'])} children {than} at England's rate"
