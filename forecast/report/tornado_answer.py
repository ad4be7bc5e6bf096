"""What a figure hangs on, as an answer: sentences, tornado, flips, the chart and the register of assumptions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.decide.flips import Decision, Flip, flips_table
from forecast.decide.measures import UNITS
from forecast.decide.outcomes import Outcome
from forecast.decide.premises import Figures
from forecast.decide.tornado import Bar, tornado_table
from forecast.domain import academic_year
from forecast.inputs.about import About
from forecast.report.answers import Answer
from forecast.report.estimates import COUNTED, estimated
from forecast.report.register_rows import REGISTER, register_of
from forecast.report.tornado_chart import tornado_figure
from forecast.report.tornado_words import RESTS_ON, flip_sentences, tornado_sentences
from forecast.report.words import notes

_OF_THE_FIGURE: Final = ("at_low", "at_high", "forecast", "change_at_low", "change_at_high")
"""Columns of the tornado in the unit of the figure."""


@dataclass(frozen=True, eq=False)
class Hangs:
    """What a figure hangs on."""

    found: Figures
    bars: tuple[Bar, ...]
    """The widest first."""
    decision: Decision | None
    """The limit to the figure, where one was asked about."""
    flips: tuple[Flip, ...]
    """What would turn it, the nearest first."""


def answer_of_tornado(hangs: Hangs, asked: str) -> Answer:
    """The answer to `forecast sensitivity`.

    Parameters
    ----------
    asked : the figure, as it was written
    """
    found = hangs.found
    first, outcome = found.projections[0], found.outcome
    names = [scenario.name for scenario in found.base.scenarios]
    flips = {"flips": flips_table(hangs.flips)} if hangs.decision else {}
    rests_on = (*RESTS_ON, *_whose(names), *(note for each in found.projections for note in notes(each)))
    return Answer(
        about=first.about,
        question={
            "command": "sensitivity",
            "of": asked,
            "year": academic_year(outcome.year),
            "futures": outcome.futures,
            "scenarios": names,
            "limit": hangs.decision.limit if hangs.decision else None,
        },
        scenario=" against ".join(names),
        world=" against ".join(dict.fromkeys(each.world.words for each in found.projections)),
        settings=found.settings,
        record={name: dict(each.record) for name, each in zip(names, found.projections, strict=True)},
        digests=dict(first.digests),
        said=sentences(hangs),
        rests_on=list(dict.fromkeys(rests_on)),
        tables={"tornado": _bars(first.about, outcome, hangs.bars), **flips},
        beside={REGISTER: register_of(*found.projections)},
        figures=(tornado_figure(first.about, outcome, names, hangs.bars),),
    )


def _bars(about: About, outcome: Outcome, bars: Sequence[Bar]) -> pd.DataFrame:
    """The table of the bars; estimates of children are whole."""
    table = tornado_table(bars)
    of_people = pd.Series(UNITS[outcome.measure] in COUNTED, index=table.index)
    return estimated(about, table, _OF_THE_FIGURE, of_people)


def sentences(hangs: Hangs) -> list[str]:
    """The answer in reading order."""
    found = hangs.found
    about, names = found.projections[0].about, [scenario.name for scenario in found.base.scenarios]
    said = tornado_sentences(about, found.outcome, names, hangs.bars)
    if hangs.decision is None:
        return said
    return [*said, *flip_sentences(about, found.outcome, names, hangs.decision, hangs.flips)]


def _whose(names: Sequence[str]) -> list[str]:
    """How two scenarios are set against each other, where there are two."""
    if len(names) == 1:
        return []
    return ["The difference is taken future by future; a lever that both scenarios have is moved in both."]
