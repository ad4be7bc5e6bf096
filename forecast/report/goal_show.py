"""What `forecast goal` prints: what it takes or why it cannot be, the tables, and what they rest on."""

import json
from pathlib import Path
from typing import Final

import pandas as pd
from rich.console import Console

from forecast.decide.aims import What
from forecast.decide.goal import Goal
from forecast.domain import academic_year
from forecast.report.compare_phrases import in_a_hundred
from forecast.report.glossary import explained
from forecast.report.goal_file import found_scenario, scenario_text
from forecast.report.goal_tables import settings_table, tables_of
from forecast.report.goal_words import aim_words, sentences, worst
from forecast.report.money import pounds_in_brief
from forecast.report.phrases import MARKING, area_name, count
from forecast.report.run_folder import SENSITIVE
from forecast.report.size_show import grid
from forecast.report.terminal import bullets, heading
from forecast.report.words import notes

_PRICED: Final = (
    "Pounds are real, as of the latest census, not discounted; capital counts in the year in which it is spent. Fees "
    "no longer paid count as saved, whoever pays; places not needed any more are taken to be closed where the area "
    "lists no places of its own, and paid for empty where it does."
)
_CERTAIN: Final = (
    "A setting that was sought is taken as certain. Whether it can be done, and what a council's effort would really "
    "bring, is not in these figures."
)


def show(goal: Goal, folder: Path | None, screen: Console) -> None:
    """Print the answer.

    Parameters
    ----------
    folder : where the files are; None where none were written
    """
    if goal.ground.before.about.confidential:
        screen.print(MARKING, soft_wrap=True)
    first, *rest = sentences(goal)
    screen.print(first, style="bold")
    bullets(screen, rest)
    heading(screen, "Settings")
    screen.print(grid(settings_table(goal).set_index("lever")))
    heading(screen, "Aims, each in its worst year")
    screen.print(grid(_aims(goal)))
    heading(screen, "The scenario, to run again" if goal.blocked is None else "The nearest, as a scenario to run")
    screen.print(scenario_text(found_scenario(goal)), soft_wrap=True)
    heading(screen, "What these figures rest on")
    bullets(screen, [note for note in rests_on(goal) if note != MARKING])
    heading(screen, "Words")
    bullets(screen, [f"{word}: {meaning}" for word, meaning in explained(goal.ground.before).items()])
    if folder is None:
        screen.print("\nTo keep the scenario and tables of every year add --to FOLDER, or --json.")
    else:
        screen.print(f"\nThe answer, its scenario and its tables are in\n{folder}", soft_wrap=True)


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
    return [luck, _CERTAIN, *gone, _PRICED, *england, *notes(goal.ground.before)]


def as_json(goal: Goal) -> str:
    """The answer and its tables as JSON text, null where there is no number."""
    tables = {
        name: table.astype(object).where(table.notna(), None).to_dict("records")
        for name, table in tables_of(goal).items()
    }
    told = {
        **record(goal),
        "answer": sentences(goal),
        "rests_on": rests_on(goal),
        "scenario": found_scenario(goal).model_dump(mode="json", by_alias=True, exclude={"world"}),
        "tables": tables,
    }
    return json.dumps(told, ensure_ascii=False, allow_nan=False)


def record(goal: Goal) -> dict[str, object]:
    """What was asked, of which area, in which world, and whether it can be reached."""
    before = goal.ground.before
    return {
        "area": area_name(before.about),
        "kind": before.about.kind,
        "synthetic": before.about.synthetic,
        "marking": SENSITIVE if before.about.confidential else None,
        "latest_census": before.about.latest_census,
        "question": {"command": "goal", "aims": [aim.model_dump(mode="json") for aim in goal.aims]},
        "on_top_of": before.scenario,
        "world": before.world.words,
        "settings": before.settings.model_dump(),
        "reached": goal.blocked is None,
        "binds": None if goal.blocked is None else goal.blocked.binds.value,
        "years_priced": list(goal.years),
    }


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
