"""The answer to what it would take, as tables: settings, aims, pounds, and every year."""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from forecast.decide.aims import What
from forecast.decide.goal import Goal
from forecast.decide.goal_runs import Outcome
from forecast.domain import academic_year
from forecast.places.sufficiency import STATISTICS
from forecast.report.estimates import estimated
from forecast.report.goal_words import aim_words, worst

_OF_CHILDREN: Final = frozenset({What.CHILDREN, What.SHORT})
"""Aims whose figures are children."""


def tables_of(goal: Goal) -> Mapping[str, pd.DataFrame]:
    """Every table, by the name of its file."""
    return {
        "settings": settings_table(goal),
        "aims": aims_table(goal),
        "pounds": pounds_table(goal),
        "years": years(goal),
    }


def settings_table(goal: Goal) -> pd.DataFrame:
    """Settings sought.

    Returns
    -------
    columns lever, setting, from (school year), start, end (the bounds), step, found
        `found`: what reaches the aims or, where nothing does, the nearest.
    """
    rows = [
        (
            sought.kind,
            sought.field,
            str(goal.levers.changes[sought.at]["from"]),
            sought.start,
            sought.end,
            sought.step,
            sought.value(many),
        )
        for sought, many in zip(goal.levers.sought, goal.found.steps, strict=True)
    ]
    return pd.DataFrame(rows, columns=["lever", "setting", "from", "start", "end", "step", "found"])


def aims_table(goal: Goal) -> pd.DataFrame:
    """Aims with and without the levers, each in its worst year; of England's rate, the difference from it.

    Returns
    -------
    columns aim, year, at_most, without, with, met
        Shares, children or pounds; `at_most` 0 where the aim is England's rate.
    """
    about = goal.ground.before.about
    rows = []
    for at, aim in enumerate(goal.aims):
        year, value = worst(aim, goal.found, at)
        without = worst(aim, goal.start, at)[1]
        limit = aim.limit or 0.0
        rows.append((aim_words(aim, about), academic_year(year), limit, without, value, value <= limit))
    table = pd.DataFrame(rows, columns=["aim", "year", "at_most", "without", "with", "met"])
    of_people = pd.Series([aim.what in _OF_CHILDREN for aim in goal.aims], index=table.index)
    return estimated(about, table, ["without", "with"], of_people)


def pounds_table(goal: Goal) -> pd.DataFrame:
    """Pounds a year more than without the levers, the mean of the years counted.

    Returns
    -------
    columns payer, mean, p10, p50, p80, p90
    """
    more = goal.found.more
    table = pd.DataFrame(more.transpose("payer", "statistic").to_numpy(), columns=list(STATISTICS))
    table.insert(0, "payer", more["payer"].to_numpy().astype(str))
    return table


def years(goal: Goal) -> pd.DataFrame:
    """What each aim is of, in every January, with and without the levers.

    Returns
    -------
    columns levers (with, without), aim, year, academic_year, mean, p10, p50, p80, p90
    """
    every = {"without": goal.start, "with": goal.found}
    tables = [_by_year(goal, said, outcome, at) for said, outcome in every.items() for at in range(len(goal.aims))]
    return pd.concat(tables, ignore_index=True)


def _by_year(goal: Goal, said: str, outcome: Outcome, at: int) -> pd.DataFrame:
    figure = outcome.figures[at]
    numbers = pd.DataFrame(figure.transpose("year", "statistic").to_numpy(), columns=list(STATISTICS))
    of_people = pd.Series(goal.aims[at].what in _OF_CHILDREN, index=numbers.index)
    table = estimated(goal.ground.before.about, numbers, STATISTICS, of_people)
    januaries = figure["year"].to_numpy().tolist()
    named = {
        "levers": said,
        "aim": aim_words(goal.aims[at], goal.ground.before.about),
        "year": januaries,
        "academic_year": [academic_year(year) for year in januaries],
    }
    return pd.concat([pd.DataFrame(named), table], axis=1)
