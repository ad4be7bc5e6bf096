"""What it would take, as an answer: sentences, settings, aims, the scenario to run again, and the register."""

from typing import Final

import pandas as pd

from forecast.decide.aims import What
from forecast.decide.goal import Goal
from forecast.domain import academic_year
from forecast.report.answers import Answer
from forecast.report.compare_phrases import in_a_hundred
from forecast.report.glossary import explained
from forecast.report.goal_file import found_scenario
from forecast.report.goal_tables import settings_table, tables_of
from forecast.report.goal_words import aim_words, sentences, worst
from forecast.report.money import pounds_in_brief
from forecast.report.phrases import count
from forecast.report.register_rows import REGISTER, register_of
from forecast.report.run_folder import SENSITIVE
from forecast.report.sections import Section
from forecast.report.size_show import grid
from forecast.report.words import notes
from forecast.scenario.scenario_file import scenario_text

SCENARIO: Final = "goal.yaml"
"""The file of the scenario that was found."""
_PRICED: Final = (
    "Pounds are real, as of the latest census, not discounted; capital counts in the year in which it is spent. Fees "
    "no longer paid count as saved, whoever pays; places not needed any more are taken to be closed where the area "
    "lists no places of its own, and paid for empty where it does."
)
_CERTAIN: Final = (
    "A setting that was sought is taken as certain. Whether it can be done, and what a council's effort would really "
    "bring, is not in these figures."
)

_WITHOUT_PLAN: Final = (
    "No aim is of children without a plan in alternative provision. They are in the pounds, and among those whom AP "
    "schools may be short of places for; an aim of children counts those with a plan alone."
)


def answer_of_goal(goal: Goal) -> Answer:
    """The answer to `forecast goal`."""
    before, found = goal.ground.before, found_scenario(goal)
    text = scenario_text(found, SENSITIVE if before.about.confidential else "")
    return Answer(
        about=before.about,
        question=_question(goal),
        scenario=before.scenario,
        world=before.world.words,
        settings=before.settings,
        record=before.record,
        digests=before.digests,
        said=sentences(goal),
        rests_on=rests_on(goal),
        tables=tables_of(goal),
        beside={REGISTER: register_of(before)},
        shown=_shown(goal, text),
        facts={
            "reached": goal.blocked is None,
            "binds": None if goal.blocked is None else goal.blocked.binds.value,
            "years_priced": list(goal.years),
            "found": found.model_dump(mode="json", by_alias=True, exclude={"world"}),
        },
        files={SCENARIO: text},
    )


def rests_on(goal: Goal) -> list[str]:
    """What the figures rest on, in sentences; the area's own notes come last."""
    luck = (
        f"Settings were looked for in {goal.few} futures and then, from there, in all "
        f"{goal.ground.settings.draws}; a setting is to the nearest step that the table of settings gives. Every "
        "setting meets the same futures and the same luck."
    )
    gone = [f"Not in the pounds, because nothing prices it: {line}." for line in goal.found.unpriced]
    england = [
        "England's special school rate is that of the trend, whatever the scenario."
        for _ in [aim for aim in goal.aims if aim.what is What.RATE and aim.limit is None][:1]
    ]
    without = [_WITHOUT_PLAN] if goal.ground.before.ap is not None else []
    return [luck, _CERTAIN, *gone, _PRICED, *without, *england, *notes(goal.ground.before)]


def _question(goal: Goal) -> dict[str, object]:
    """What was asked: aims, and levers with the bounds of what may vary."""
    sought = [
        {"lever": each.kind, "setting": each.field, "start": each.start, "end": each.end, "step": each.step}
        for each in goal.levers.sought
    ]
    return {
        "command": "goal",
        "aims": [aim.model_dump(mode="json") for aim in goal.aims],
        "levers": [dict(change) for change in goal.levers.changes],
        "sought": sought,
    }


def _shown(goal: Goal, text: str) -> tuple[Section, ...]:
    """What a terminal shows besides the sentences.

    Parameters
    ----------
    text : the scenario's file
    """
    words = [f"{word}: {meaning}" for word, meaning in explained(goal.ground.before).items()]
    return (
        Section("Settings", grid(settings_table(goal).set_index("lever"))),
        Section("Aims, each in its worst year", grid(_aims(goal))),
        Section("The scenario, to run again" if goal.blocked is None else "The nearest, as a scenario to run", text),
        Section("Words", words),
    )


def _aims(goal: Goal) -> pd.DataFrame:
    """Aims with and without the levers, in words."""
    rows = {}
    for at, aim in enumerate(goal.aims):
        year, value = worst(aim, goal.found, at)
        told = [aim.limit or 0.0, worst(aim, goal.start, at)[1], value]
        words = [_cell(aim.what, each) for each in told]
        if aim.limit is None:
            words = ["England's", *(_against(each) for each in told[1:])]
        met = "yes" if value <= (aim.limit or 0.0) else "no"
        rows[aim_words(aim, goal.ground.before.about)] = [academic_year(year), *words, met]
    names = ["year", "at most", "without", "with", "met"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=names)


def _against(gap: float) -> str:
    """A difference from England's rate."""
    return f"{in_a_hundred(abs(gap))} in 100 {'above' if gap > 0 else 'below'}"


def _cell(what: What, value: float) -> str:
    match what:
        case What.RATE:
            return f"{in_a_hundred(value)} in 100"
        case What.BUDGET:
            return pounds_in_brief(value)
        case _:
            return count(value)
