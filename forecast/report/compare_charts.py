"""Charts of a comparison, one message each: children, the difference, the rate, room, and pounds."""

from collections.abc import Sequence
from typing import Final

import altair as alt
import numpy as np
import pandas as pd

from forecast.decide.compare import Compared
from forecast.decide.measures import ALL_PAYERS, ALL_SPECIALIST, RESIDENTS, Measure
from forecast.domain import academic_year
from forecast.report.chart_marks import subtitle as marked
from forecast.report.charts import THEME, TITLE_WIDTH, Chart, Figure
from forecast.report.compare_drawings import bars, lines, panels
from forecast.report.compare_phrases import (
    BEYOND,
    as_many_or,
    dearer_or_cheaper,
    in_a_hundred,
    money_span,
    more_or_fewer,
    span,
    where,
)
from forecast.report.compare_tables import Tables
from forecast.report.compare_words import built_in_other_years, kind_words, mean_of, special_label
from forecast.report.phrases import RANGE, Row, capped, census, count, even_lines, uncapped
from forecast.scenario.spending import Payer
from forecast.scenario.worlds import World

ENGLAND: Final = "England, trend"
MILLION: Final = 1e6


def figures(found: Compared, tables: Tables, year: int) -> tuple[Figure, ...]:
    """The charts in reading order; what an area cannot say has none.

    Parameters
    ----------
    year : January that their titles speak of
    """
    told = set(tables.levels["measure"])
    room = [_room(found, tables, year, measure) for measure in (Measure.SHORT, Measure.MORE) if measure.value in told]
    rate = [_rate(found, tables, year)] if Measure.RATE.value in told else []
    return (
        _children(found, tables, year),
        _difference(found, tables, year),
        *rate,
        *room,
        _pounds(found, tables, year),
    )


def _children(found: Compared, tables: Tables, year: int) -> Figure:
    """Children in special schools under each scenario."""
    label = special_label(found)
    kind, table = kind_words(found, label), _of(tables.levels, Measure.CHILDREN, label)
    told = [f"{count(row['mean'])} {where(row['scenario'])}" for row in _at(table, year)]
    change = _most(tables, Measure.CHILDREN, label, year)
    title = f"Children in {kind}: {_message(found, change, year)}"
    reading = f"Children with a plan in {kind} in {academic_year(year)}: {'; '.join(told)}."
    drawn = _named(table).assign(text=[f"{count(row['mean'])}: {row['scenario']}" for row in table.to_dict("records")])
    subtitle = f"Children with a plan in {kind}, as expected in the mean of all futures."
    return _figure(found, "special_schools", title, subtitle, reading, table, lines(drawn, found.names))


def _difference(found: Compared, tables: Tables, year: int) -> Figure:
    """The difference in special schools, with its own range."""
    label = special_label(found)
    kind, table = kind_words(found, label), _of(tables.differences, Measure.CHILDREN, label)
    told = [_span_under(row) for row in _at(table, year)]
    most = _most(tables, Measure.CHILDREN, label, year)
    title = f"Children in {kind} in {academic_year(year)}: {_span_under(most)}, with {RANGE}"
    reading = (
        f"Children in {kind} more or fewer than {where(found.names[0])} in {academic_year(year)} ({RANGE}): "
        f"{'; '.join(told)}."
    )
    rows = table.to_dict("records")
    ends = {
        "text": [as_many_or(row["mean"]) for row in rows],
        "range": [span(row["p10"], row["p90"]) if row["p10"] != row["p90"] else "" for row in rows],
    }
    subtitle = (
        f"Difference from {_called(found.names[0])} in children in {kind}, taken future by future. Line: expected. "
        f"Shaded: {RANGE} that the difference lies within."
    )
    return _figure(found, "difference", title, subtitle, reading, table, panels(_named(table).assign(**ends)))


def _rate(found: Compared, tables: Tables, year: int) -> Figure:
    """The special school rate under each scenario, and England's."""
    table = _of(tables.levels, Measure.RATE, RESIDENTS)
    england = mean_of(found.first.england_special_rate, year)
    rows = _at(table, year)
    told = [f"{in_a_hundred(row['mean'])} {where(row['scenario'])}" for row in rows]
    against = f"; England {in_a_hundred(england)}" if england > 0 else ""
    reading = (
        "Plans in state or non-maintained special schools for each 100 residents aged 4 to 17 in "
        f"{academic_year(year)}: {'; '.join(told)}{against}."
    )
    title = f"Special school rate in {academic_year(year)}: {_against(rows, england)}"
    both = _with_england(found, table) if england > 0 else table
    drawn = _named(both.assign(mean=both["mean"] * 100))
    drawn["text"] = [f"{row['mean']:.2f}: {row['name']}" for row in drawn.to_dict("records")]
    subtitle = (
        "Plans in state or non-maintained special schools for each 100 residents aged 4 to 17; England's is the trend."
    )
    return _figure(
        found,
        "special_rate",
        title,
        subtitle,
        reading,
        both,
        lines(drawn, found.names, ".1f", apart=ENGLAND if england > 0 else ""),
    )


def _room(found: Compared, tables: Tables, year: int, measure: Measure) -> Figure:
    """Children without a place, or beyond the places that are filled now."""
    table = _of(tables.levels, measure, ALL_SPECIALIST)
    what = "without a specialist place" if measure is Measure.SHORT else f"with a plan in specialist places {BEYOND}"
    told = [f"{count(max(row['mean'], 0))} {where(row['scenario'])}" for row in _at(table, year)]
    change = _most(tables, measure, ALL_SPECIALIST, year)
    title = f"Children {what}: {_message(found, change, year)}"
    reading = f"Children {what} in {academic_year(year)}: {'; '.join(told)}."
    ends = [f"{count(max(row['mean'], 0))}: {row['scenario']}" for row in table.to_dict("records")]
    since = f"Now is {census(found.first.base)}, plus places that a scenario adds."
    rule = "Each school takes only the districts, needs and ages that it is for." if measure is Measure.SHORT else since
    chart = lines(_named(table).assign(text=ends), found.names)
    return _figure(found, "room", title, f"Children {what}. {rule}", reading, table, chart)


def _pounds(found: Compared, tables: Tables, year: int) -> Figure:
    """What each scenario costs more or less, by who pays."""
    changed = tables.differences
    table = changed[changed["measure"].eq(Measure.POUNDS.value)].reset_index(drop=True)
    now = table[table["year"].eq(year) & table["of"].isin([payer.value for payer in Payer])].reset_index(drop=True)
    told = [f"{where(row['scenario'])}, {row['of']} {dearer_or_cheaper(row['mean'])}" for row in now.to_dict("records")]
    most = _most(tables, Measure.POUNDS, ALL_PAYERS, year)
    title = (
        f"{capped(where(str(most['scenario'])))} the council's costs would be {dearer_or_cheaper(float(most['mean']))} "
        f"in {academic_year(year)} {'as' if 'same' in dearer_or_cheaper(float(most['mean'])) else 'than'} "
        f"{where(found.names[0])}"
    )
    others = {name: built_in_other_years(tables, name, year).strip() for name in found.names[1:]}
    built = "".join(f" {capped(where(name))}, {uncapped(said)}" for name, said in others.items() if said)
    reading = f"Pounds a year in {academic_year(year)}, against {_called(found.names[0])}: {'; '.join(told)}.{built}"
    several = len(found.names) > 2  # noqa: PLR2004 - more than one scenario besides the first
    lines_of = [f"{row['scenario']}: {row['of']}" if several else row["of"] for row in now.to_dict("records")]
    ends = [_money(row) for row in now.to_dict("records")]
    scaled = now.assign(name=lines_of, text=ends, **{end: now[end] / MILLION for end in ("mean", "p10", "p90")})
    subtitle = (
        f"Difference from {_called(found.names[0])} in {academic_year(year)}, by who pays: million real pounds a year."
        f"{built} Thin line: {RANGE} that the difference lies within."
    )
    return _figure(found, "pounds", title, subtitle, reading, table, bars(scaled, "million pounds a year"))


def _figure(
    found: Compared, name: str, title: str, subtitle: str, reading: str, table: pd.DataFrame, chart: Chart
) -> Figure:
    """A chart with its title, subtitle, text alternative and theme."""
    under = marked(found.about, f"{subtitle} {_worlds(found)}")
    heading = alt.TitleParams(text=even_lines(title, TITLE_WIDTH), subtitle=under)
    drawn = chart.properties(title=heading, description=f"{title}. {reading}").configure(**THEME)
    return Figure(name, title, reading, table, drawn)


def _worlds(found: Compared) -> str:
    """The worlds that the scenarios stand in."""
    worlds = dict.fromkeys(projection.world.words for projection in found.projections)
    named = ", ".join(f'"{words}"' for words in worlds)
    return f"World: {named}." if len(worlds) == 1 else f"Worlds: {named}."


def _of(table: pd.DataFrame, measure: Measure, label: str) -> pd.DataFrame:
    return table[table["measure"].eq(measure.value) & table["of"].eq(label)].reset_index(drop=True)


def _at(table: pd.DataFrame, year: int) -> Sequence[Row]:
    return table[table["year"] == year].to_dict("records")


def _named(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(name=table["scenario"])


def _most(tables: Tables, measure: Measure, label: str, year: int) -> Row:
    """The difference of the scenario that changes most."""
    rows = _at(_of(tables.differences, measure, label), year)
    return max(rows, key=lambda row: abs(float(row["mean"])))


def _message(found: Compared, row: Row, year: int) -> str:
    """What a title says of the difference: '93 fewer in 2031/32 under "Fewer plans" than in the trend'."""
    told = more_or_fewer(row["mean"])
    if told == "no more":
        return f"as many in {academic_year(year)} under every scenario"
    return f"{told} in {academic_year(year)} {where(row['scenario'])} than {where(found.names[0])}"


def _span_under(row: Row) -> str:
    reach = span(row["p10"], row["p90"])
    told = "no difference" if reach == "none" else reach
    return f"{told} {where(row['scenario'])}"


def _money(row: Row) -> str:
    """A difference in pounds and its range, for the end of a bar."""
    told, reach = dearer_or_cheaper(row["mean"]), money_span(row["p10"], row["p90"])
    return told if told == reach else f"{told} ({reach})"


def _called(name: str) -> str:
    """A scenario as a noun."""
    return where(name).removeprefix("in ").removeprefix("under ")


def _against(rows: Sequence[Row], england: float) -> str:
    """How the scenarios stand to England's rate."""
    if not england > 0:
        low, high = (in_a_hundred(pick(row["mean"] for row in rows)) for pick in (min, max))
        return f"from {low} to {high} in each 100 residents aged 4 to 17"
    above = [row["scenario"] for row in rows if row["mean"] > england]
    if len(above) == len(rows):
        return "above England's under every scenario"
    return "below England's under every scenario" if not above else f"above England's {' and '.join(map(where, above))}"


def _with_england(found: Compared, table: pd.DataFrame) -> pd.DataFrame:
    """The rates with England's as one more line, in the Januaries that it is known of."""
    england = found.first.england_special_rate
    known = {year: mean_of(england, year) for year in found.years if mean_of(england, year) > 0}
    rows = table[table["scenario"].eq(found.names[0]) & table["year"].isin(known)]
    ranges = dict.fromkeys(("p10", "p50", "p80", "p90"), np.nan)
    line = rows.assign(scenario=ENGLAND, world=World.TREND.words, mean=rows["year"].map(known), **ranges)
    return pd.concat([table, line], ignore_index=True)
