"""Scenarios side by side, in sentences that can be read aloud: children, the rate, room and pounds."""

from collections.abc import Iterator
from typing import Final

import xarray as xr

from forecast.decide.compare import Compared
from forecast.decide.measures import ALL_PAYERS, ALL_PLANS, ALL_SPECIALIST, RESIDENTS, STATE_SPECIAL, Measure
from forecast.decide.without_plan import filled_by_both
from forecast.domain import Provision, academic_year
from forecast.report.compare_ap_words import moves_only_ap, nobody_with_a_plan, only_ap, without_plan
from forecast.report.compare_phrases import (
    BEYOND,
    LEAST,
    as_many_or,
    dearer_or_cheaper,
    in_a_hundred,
    in_brackets,
    money_with_span,
    more_or_fewer,
    where,
    with_span,
)
from forecast.report.compare_tables import Rows, Tables
from forecast.report.money import NOTHING
from forecast.report.phrases import FEW, RARE, Row, capped, chances, count, provision_words, uncapped
from forecast.scenario.lever_names import said_of_shift
from forecast.scenario.spending import Payer
from forecast.scenario.worlds import IF

MOST: Final = 4
"""Kinds of place, or changes, that a sentence names."""


def sentences(found: Compared, tables: Tables, year: int) -> list[str]:
    """The answer in reading order, scenario by scenario.

    Parameters
    ----------
    year : January that is asked about
    """
    return [said for at in range(1, len(found.names)) for said in _of(found, tables, at, year)]


def special_label(found: Compared) -> str:
    """What the first sentence is about: children in state special schools, or else in specialist places."""
    special = found.about.means(Provision.SPECIAL)
    if len(special) > 1:
        return STATE_SPECIAL
    return special[0] if special else ALL_SPECIALIST


def kind_words(found: Compared, label: str) -> str:
    """A kind of place, or a sum of them, for the inside of a sentence."""
    if label == ALL_SPECIALIST:
        return "specialist places of every kind"
    special = found.about.means(Provision.SPECIAL)
    if label == STATE_SPECIAL or special == [label]:
        return "state special schools"
    return uncapped(provision_words(found.about, label))


def _of(found: Compared, tables: Tables, at: int, year: int) -> Iterator[str]:
    """The sentences of one scenario."""
    name, changed = found.names[at], tables.changed(found.names[at], year)
    of_ap = list(only_ap(found, tables, at, year, _supposing(found, at, year))) if moves_only_ap(found, at) else []
    yield from of_ap
    if found.same(at):
        if len(of_ap) <= 1:
            same = f"every figure is the same in every future and year as {where(found.names[0])}"
            yield f"{capped(where(name))} {same}."
        return
    if of_ap:
        yield nobody_with_a_plan(found)
    else:
        yield _special(found, changed, at, year)
        yield from _others(found, changed)
        yield from _rate(found, tables, name, year)
        yield from without_plan(found, changed, tables.of(name, year), year)
        yield from _room(found, tables, name, year)
    yield from _pounds(found, tables, at, year)
    yield from _unpriced(found, tables, name, year)
    yield from _moved(tables.of(name, year), year)


def _supposing(found: Compared, at: int, year: int) -> str:
    """What a difference in a far January rests on, where both scenarios stand in one world; may be empty."""
    one, other = found.projections[at], found.first
    return f", {IF[one.world]}," if one.world is other.world and one.world_of(year) else ""


def _special(found: Compared, changed: Rows, at: int, year: int) -> str:
    """How many more or fewer in special schools, and how sure that is."""
    label = special_label(found)
    row = changed[Measure.CHILDREN, label]
    start = f"{capped(where(found.names[at]))}{_supposing(found, at, year)}"
    many, than = ("as many", "as") if abs(row["mean"]) < LEAST else (more_or_fewer(row["mean"]), "than")
    return (
        f"{start} there would be {many} children in {kind_words(found, label)} in {academic_year(year)} {than} "
        f"{where(found.names[0])}{in_brackets(row)}.{_sure(row)}"
    )


def _sure(row: Row) -> str:
    """The chance that a difference goes the way that it does on average, where that is not nearly certain."""
    chance, way = (row["chance_more"], "more") if row["mean"] > 0 else (row["chance_fewer"], "fewer")
    return f" With {chances(chance)} there would be {way}." if RARE < chance < 1 - RARE else ""


def _others(found: Compared, changed: Rows) -> Iterator[str]:
    """Where else the numbers differ, the largest differences first; and all plans."""
    first = special_label(found)
    special = found.about.means(Provision.SPECIAL) if first == STATE_SPECIAL else [first]
    rows = [
        row
        for (measure, label), row in changed.items()
        if measure is Measure.CHILDREN and label in found.about.provisions and label not in special
    ]
    named = sorted((row for row in rows if abs(row["mean"]) >= FEW), key=lambda row: -abs(row["mean"]))[:MOST]
    told = [f"{kind_words(found, row['of'])}, {more_or_fewer(row['mean'])}" for row in named]
    plans = changed[Measure.CHILDREN, ALL_PLANS]
    whole = f"Of all children with a plan there would be {with_span(plans)}."
    yield f"In other kinds of place: {'; '.join(told)}. {whole}" if told else whole


def _rate(found: Compared, tables: Tables, name: str, year: int) -> Iterator[str]:
    """The special school rate of each, and England's."""
    key = Measure.RATE, RESIDENTS
    mine, theirs = tables.of(name, year), tables.of(found.names[0], year)
    if key not in mine:
        return
    rates, trend = [in_a_hundred(each[key]["mean"]) for each in (mine, theirs)], where(found.names[0])
    rate = (
        f"For every 100 residents aged 4 to 17 there would be {rates[0]} children of any age with a plan in a state or "
        f"non-maintained special school, {'as' if rates[0] == rates[1] else rates[1]} {trend}"
    )
    above = Measure.ABOVE_ENGLAND, RESIDENTS
    england = mean_of(found.first.england_special_rate, year)
    if above not in mine or not england > 0:
        yield f"{rate}."
        return
    gap, was = (as_many_or(each[above]["mean"]) for each in (mine, theirs))
    before = f"as {trend}" if gap == was else f"rather than {was}"
    as_or_than = "as" if gap == as_many_or(0) else "than"
    yield (
        f"{rate}, and {in_a_hundred(england)} in England: {gap} children in such schools {as_or_than} at England's "
        f"rate, {before}."
    )
    yield from _outside_the_rate(found, tables.changed(name, year))


def _outside_the_rate(found: Compared, changed: Rows) -> Iterator[str]:
    """That independent schools are not in the rate, where children move between them and state special schools."""
    moved = [
        sum(changed[Measure.CHILDREN, label]["mean"] for label in found.about.means(kind))
        for kind in (Provision.SPECIAL, Provision.INDEPENDENT)
    ]
    if min(map(abs, moved)) >= FEW and min(moved) < 0 < max(moved):
        yield (
            "Independent schools are not in this rate, nor in England's: a child who goes from one of them to a state "
            "special school raises it, though no more children need a special school, and the other way about."
        )


def mean_of(rate: xr.DataArray, year: int) -> float:
    """A rate in January `year`, the mean of the futures.

    Parameters
    ----------
    rate : (year) or (draw, year)
    """
    return float(rate.sel(year=year).mean())


def _room(found: Compared, tables: Tables, name: str, year: int) -> Iterator[str]:
    """Children without a place where places are listed, or more than now; and the places themselves."""
    changed, mine, theirs = tables.changed(name, year), tables.of(name, year), tables.of(found.names[0], year)
    places = changed.get((Measure.PLACES, ALL_SPECIALIST), changed.get((Measure.OPENED, ALL_SPECIALIST)))
    if places is not None and abs(places["mean"]) >= LEAST:
        way = "more" if places["mean"] > 0 else "fewer"
        yield f"There would be {count(abs(places['mean']))} {way} specialist places in {academic_year(year)}."
    both = ", those without a plan among them," if (Measure.SHORT, filled_by_both(found.about)) in changed else ""
    for measure, what in (
        (Measure.SHORT, f"children{both if found.first.ap else ''} would be without a place"),
        (Measure.MORE, f"children with a plan would be {BEYOND}"),
    ):
        key = measure, ALL_SPECIALIST
        if key not in changed:
            continue
        now, then = max(theirs[key]["mean"], 0.0), max(mine[key]["mean"], 0.0)
        yield (
            f"In {kind_words(found, ALL_SPECIALIST)} {count(then)} {what}, {count(now)} "
            f"{where(found.names[0])}: {with_span(changed[key])}."
        )


def _pounds(found: Compared, tables: Tables, at: int, year: int) -> Iterator[str]:
    """What it costs, by who pays, in the year asked about and over all years."""
    name, last = found.names[at], found.years[-1]
    changed = tables.changed(name, year)
    payers = [f"{payer.value}, {dearer_or_cheaper(changed[Measure.POUNDS, payer.value]['mean'])}" for payer in Payer]
    yield (
        "All children's places, journeys and the changes themselves would cost "
        f"{money_with_span(changed[Measure.POUNDS, ALL_PAYERS])} in {academic_year(year)}: {'; '.join(payers)}."
        f"{built_in_other_years(tables, name, year)}"
    )
    whole, capital = (tables.total(name, of) for of in (ALL_PAYERS, Payer.CAPITAL.value))
    built = f" Of that capital is {money_with_span(capital)}." if abs(capital["mean"]) >= NOTHING else ""
    start = f"Over all years to {academic_year(last)}{_supposing(found, at, last) or ','}"
    yield f"{start} it adds up to {money_with_span(whole)}.{built}"


def built_in_other_years(tables: Tables, name: str, year: int) -> str:
    """A sentence, after a space, on the capital that a year's figure does not hold; empty where that is little.

    Parameters
    ----------
    name : scenario that is set against the first
    year : January whose figure it stands beside
    """
    table = tables.differences
    capital = table["measure"].eq(Measure.POUNDS.value) & table["of"].eq(Payer.CAPITAL.value)
    rows = table[capital & table["scenario"].eq(name) & table["year"].ne(year) & table["mean"].abs().ge(NOTHING)]
    whole = float(rows["mean"].sum())
    if abs(whole) < NOTHING:
        return ""
    years = rows["academic_year"].tolist()
    when = years[0] if len(years) == 1 else f"{', '.join(years[:-1])} and {years[-1]}"
    return f" Not in that year's figure is building in {when}: {dearer_or_cheaper(whole)}."


def _unpriced(found: Compared, tables: Tables, name: str, year: int) -> Iterator[str]:
    """What the pounds leave out, where the numbers differ."""
    mine, theirs = tables.unpriced(name, year), tables.unpriced(found.names[0], year)
    differ = {label: mine.get(label, 0.0) - theirs.get(label, 0.0) for label in {**theirs, **mine}}
    told = [f"{kind_words(found, label)}, {more_or_fewer(much)}" for label, much in differ.items() if abs(much) >= FEW]
    if told:
        yield f"Not in the pounds, for want of a price, are children in: {'; '.join(told)}."


def _moved(mine: Rows, year: int) -> Iterator[str]:
    """Whom each change moves in the year."""
    rows = [row for (measure, _), row in mine.items() if measure is Measure.MOVED and row["mean"] >= LEAST]
    rows.sort(key=lambda row: -row["mean"])
    if rows:
        told = [f"{said_of_shift(row['of'])}, {count(row['mean'])}" for row in rows[:MOST]]
        rest = f"; and {len(rows) - MOST} changes more" if len(rows) > MOST else ""
        yield f"Children whom its changes move in {academic_year(year)} itself: {'; '.join(told)}{rest}."
