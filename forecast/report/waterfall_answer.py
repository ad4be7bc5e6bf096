"""Why a figure changes, as an answer: sentences, a line a cause, the chart, and the register of assumptions."""

from typing import Final

from forecast.decide.why import Changed
from forecast.domain import academic_year
from forecast.report import words
from forecast.report.answers import Answer
from forecast.report.register_rows import REGISTER, register_of
from forecast.report.sections import Section
from forecast.report.waterfall_chart import waterfall_figure
from forecast.report.waterfall_show import lines
from forecast.report.waterfall_tables import waterfall_table
from forecast.report.waterfall_words import notes, sentences

NAME: Final = "waterfall"
"""Of the command, the table and the chart."""


def answer_of_change(changed: Changed, asked: str) -> Answer:
    """The answer to `forecast waterfall`.

    Parameters
    ----------
    asked : what changes, as it was written
    """
    made, found = changed.projection, changed.waterfall
    return Answer(
        about=made.about,
        question={"command": NAME, "of": asked, "since": found.since, "year": academic_year(found.year)},
        scenario=made.scenario,
        world=made.world.words,
        settings=made.settings,
        record=made.record,
        digests=made.digests,
        said=sentences(found),
        rests_on=list(dict.fromkeys([*notes(found), *words.notes(made)])),
        tables={NAME: waterfall_table(found)},
        beside={REGISTER: register_of(made)},
        figures=(waterfall_figure(found, NAME),),
        shown=(Section("Cause by cause", lines(found)),),
    )
