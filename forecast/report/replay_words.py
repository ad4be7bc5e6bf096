"""A replay in sentences and one table: what an earlier January would have advised, and what came."""

from typing import Final

import pandas as pd

from forecast.decide.replay import EVER, LEVELS, ONCE, Replay
from forecast.decide.replay_counted import RULES, CountedReplay, Group
from forecast.domain import NC_YEARS, academic_year
from forecast.inputs.about import About
from forecast.places.size_rules import CHEAPEST, cheapest_share
from forecast.report.money import pounds
from forecast.report.phrases import RANGE, Row, area_name, capped, census, count, provision_words, uncapped

P80: Final = "this model, P80"
_NO_CHANGE: Final = "no change"
RULE, MORE, SHORT, EMPTY, COST = "rule", "more places than then", "children short", "places empty", "£ a year"
"""Headings of both tables; `COST` is what the mistake cost beside the right size."""
YEAR, EXPECTED, LOW, HIGH, CAME = "school year", "forecast (P50)", "low (P10)", "high (P90)", "counted"


def published_sentences(replay: Replay, name: str) -> tuple[str, ...]:
    """A replay of published figures, in reading order.

    Parameters
    ----------
    name : what the authority is called
    """
    then, wanted = census(replay.origin), census(replay.origin + replay.ahead)
    low, middle, high = (replay.forecast[level] for level in ("p10", "p50", "p90"))
    stood = f"In {then}, {count(replay.now)} children of {name} were in state special schools."
    ahead = f"By what was known then, {count(middle)} were forecast for {wanted}"
    span = f"({RANGE}: {count(low)} to {count(high)}). {count(replay.came)} came."
    joined = f"{name} is followed here with what is now another authority, as one (codes {replay.unit})."
    return (
        f"{stood} {ahead} {span}",
        *([joined] if "+" in replay.unit else []),
        *(_turned_out(replay, rule, words) for rule, words in _named(replay).items()),
        _elsewhere(replay),
        _COUNTY_WIDE,
        _prices(replay),
        f"The model was made anew from what was dated up to {then}. {_CAVEAT}",
    )


def _prices(replay: Replay) -> str:
    """At what prices mistakes of then are reckoned."""
    return (
        f"Mistakes are reckoned at today's prices, without growth of fees: a child short at {pounds(replay.short)} a "
        f"year, a place empty at {pounds(replay.empty)}."
    )


_CAVEAT: Final = (
    "Figures are as published now, so later corrections are in them, and the plan of the method was written after "
    "looking at outcomes of 2019 to 2025 (models/england/card.md)."
)
_COUNTY_WIDE: Final = (
    "This is of every need and age and the whole authority: published figures cannot replay one need or one district. "
    "And it is of children placed, not of those who would have needed a place and had none."
)


def _named(replay: Replay) -> dict[str, str]:
    """Rule -> how a sentence begins that tells how it turned out."""
    enough = f"{cheapest_share(replay.short, replay.empty):.0%} of futures"
    return {
        "this model, P50": "Places for the middle forecast (P50)",
        P80: "Places enough in 8 futures of 10 (P80)",
        CHEAPEST: f"The cheapest size, enough in {enough}",
        "last value + 10%": "A tenth more, by rule of thumb",
        _NO_CHANGE: "No new place",
    }


def _turned_out(replay: Replay, rule: str, words: str) -> str:
    """How one rule's size turned out."""
    row = _row(replay.advice, rule=rule)
    than = "" if rule == _NO_CHANGE else f" ({_more(row['more'])} than then)"
    return f"{words}{than}: {_outcome(row)}."


def _row(table: pd.DataFrame, **labels: object) -> Row:
    """The one row that has these labels."""
    chosen = table[(table[list(labels)] == pd.Series(labels)).all(axis=1)]
    return chosen.to_dict("records")[0]


def _more(change: int) -> str:
    """A change of places: "570 more", "fewer than 5 fewer", "no more"."""
    return f"{count(abs(change))} {'more' if change > 0 else 'fewer'}" if change else "no more"


def _outcome(row: Row) -> str:
    """Children short or places empty."""
    short, empty = row["short"], row["empty"]
    if short:
        return f"{count(short)} {'child' if short == 1 else 'children'} short"
    return f"enough, with {count(empty)} {'place' if empty == 1 else 'places'} empty" if empty else "just enough"


def _elsewhere(replay: Replay) -> str:
    """How all authorities fared, so that one lucky case misleads nobody."""
    once, ever = (_row(replay.elsewhere, which=which, rule=P80) for which in (ONCE, EVER))
    none = _row(replay.elsewhere, which=EVER, rule=_NO_CHANGE)["regret"] / ever["regret"]
    return (
        f"One authority proves little. Of {once['forecasts']} authorities, P80 was too small "
        f"{_in_100(once['share_short'])} from {census(replay.origin)}, and {_in_100(ever['share_short'])} over all "
        f"{ever['forecasts']} forecasts of as many years ahead, where 20 are meant. Over these, no new place would "
        f"have cost {none:.1f} times as much as P80."
    )


def _in_100(share: float) -> str:
    return f"{share * 100:.0f} times in 100"


def published_table(replay: Replay) -> pd.DataFrame:
    """A row a rule: what it advised, how it turned out here, and how often it was too small everywhere."""
    shares = replay.elsewhere.pivot(index="rule", columns="which", values="share_short").loc[replay.advice["rule"]]
    table = replay.advice.reset_index(drop=True)
    return pd.DataFrame(
        {
            RULE: table["rule"].map(capped),
            "places": table["size"],
            MORE: table["more"],
            SHORT: table["short"],
            EMPTY: table["empty"],
            COST: table["regret"].round(-3).astype(int),
            **{f"too small in all authorities, {which}": shares[which].to_numpy() for which in (ONCE, EVER)},
        }
    )


def counted_sentences(replay: CountedReplay) -> tuple[str, ...]:
    """A replay of an area's own counts, in reading order: of the last January counted."""
    last = replay.by_year.to_dict("records")[-1]
    outcomes = [
        f"{uncapped(rule)} ({_more(row['more'])}): {_outcome(row)}"
        for rule in (*RULES, _NO_CHANGE)
        for row in [_row(replay.advice, year=last["year"], rule=rule)]
    ]
    who = group_words(replay.about, replay.group)
    stood = f"In {census(replay.origin)}, {area_name(replay.about)} counted {count(replay.now)} {who}."
    ahead = (
        f"With {_rates(replay.years)} held, {count(last['p50'])} would have been forecast for {census(last['year'])}"
    )
    span = f"({RANGE}: {count(last['p10'])} to {count(last['p90'])}). {count(last['counted'])} were counted."
    said = (
        f"{stood} {ahead} {span}",
        f"Places by rule, and how they would have turned out: {'; '.join(outcomes)}.",
        _NOT_TODAYS,
    )
    if not replay.guessed:
        return said
    return (*said, f"{replay.guessed:,} suppressed counts are taken at the middle of what they may be.")


def _rates(years: tuple[int, ...]) -> str:
    """The twelve months whose rates were held."""
    if len(years) == 1:
        return f"its own rates of the year to {census(years[0])}"
    return f"its own rates of the years to January {years[0]} to {years[-1]}"


_NOT_TODAYS: Final = (
    "It is the constant-rate model that is replayed here, with residents as estimated by then, and not the model that "
    "advises today: that one leans on what all authorities have taught up to now, so at an earlier January it would "
    "already know something of what came. One group in one area proves little, whichever way it fell out."
)


def group_words(about: About, group: Group) -> str:
    """Children of a group: "children of Year 4 to Year 11 with ASD or SEMH in a state special school, of North"."""
    everyone = (NC_YEARS[0], NC_YEARS[-1])
    ages = "of every age" if (group.nc_from, group.nc_to) == everyone else _ages(group.nc_from, group.nc_to)
    needs = "" if set(group.needs) == set(about.needs) else f" with {' or '.join(group.needs)}"
    where = "" if set(group.districts) == set(about.district_names) else f", of {' and '.join(group.districts)}"
    return f"children {ages}{needs} in the kind of place {provision_words(about, group.provision)!r}{where}"


def _ages(first: int, last: int) -> str:
    """Year groups in words, nursery ones by age."""
    names = [
        f"Year {year}" if year > 0 else "Reception" if year == 0 else f"age {year - NC_YEARS[0]}"
        for year in (first, last)
    ]
    return f"of {names[0]}" if first == last else f"of {names[0]} to {names[1]}"


def counted_table(replay: CountedReplay) -> pd.DataFrame:
    """A row a later January: what was forecast, what was counted, and places that each level would have advised."""
    table = replay.by_year
    more = {f"{MORE}, {level.upper()}": table[level] - replay.now for level in LEVELS if level != "p10"}
    columns = {EXPECTED: "p50", LOW: "p10", HIGH: "p90", CAME: "counted"}
    years = [academic_year(year) for year in table["year"]]
    return pd.DataFrame({YEAR: years, **{name: table[column] for name, column in columns.items()}, **more})
