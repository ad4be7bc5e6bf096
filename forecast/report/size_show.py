"""What `forecast size` prints: the answer in two sentences, the tables, and what they rest on. It can be read aloud."""

import json
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.decide.replay import Replay
from forecast.decide.replay_counted import CountedReplay
from forecast.decide.size import Sized
from forecast.report import size_reasons as reasons
from forecast.report import size_tables as tables
from forecast.report.glossary import explained
from forecast.report.phrases import MARKING, area_name
from forecast.report.replay_words import counted_sentences, counted_table, published_sentences, published_table
from forecast.report.run_folder import SENSITIVE
from forecast.report.size_ap_words import instead
from forecast.report.size_basis import rests_on
from forecast.report.size_words import SCHOOLS, answer, chance_words, title
from forecast.report.size_worked import HEADING, worked_reasons, worked_table
from forecast.report.terminal import PLAIN, bullets, heading

Part = tuple[str, Sequence[str], pd.DataFrame]
"""Heading, sentences and table of a part of the answer; the table may be empty."""


def parts(sized: Sized) -> list[Part]:
    """The parts of the answer after its first sentences, in reading order; those that say nothing are left out."""
    case = sized.case
    year = case.years[case.ready]
    full = chance_words(case, sized.fullness(sized.target, year), sized.target, year)
    none, school = pd.DataFrame(), "a school of " if case.setting.provision in SCHOOLS else ""
    every: list[Part] = [
        ("Is that a school?", reasons.viable_reasons(sized), none),
        ("Places that would be enough", [], tables.by_year(sized)),
        (tables.FULL, [full], tables.chances_table(sized, "full")),
        (tables.EMPTY, [], tables.chances_table(sized, "tenth_empty")),
        ("A place too few, a place too many", reasons.cost_reasons(sized), none),
        ("When to look again", reasons.stage_reasons(sized), none),
        ("What waiting is worth", [], tables.waiting_table(sized)),
        ("Regret: what a size costs above the best size in each policy world", reasons.regret_reasons(sized),
         tables.regret_table(sized)),
        (f"How {school}{sized.built} places would fill", [tables.BUILD_UP], tables.build_up_table(sized)),
        (f"Other ways to {sized.target} places", reasons.alternative_reasons(sized), tables.alternatives_table(sized)),
        (f"Against {instead(case)}", reasons.value_reasons(sized), none),
        ("Who pays: change in pounds a year", reasons.payer_reasons(sized), tables.payers_table(sized)),
        (HEADING, worked_reasons(sized), worked_table(sized)),
    ]  # fmt: skip
    return [part for part in every if part[1] or not part[2].empty]


def prices_part(sized: Sized) -> Part:
    """Every price that the answer is drawn from, and its source: too wide for a terminal, and in `prices.csv` too."""
    return "Prices that this rests on", [], tables.prices_table(sized)


def replay_part(replay: Replay | CountedReplay, sized: Sized) -> Part:
    """What an earlier January would have advised, and what came."""
    name = area_name(sized.case.projection.about)
    if isinstance(replay, Replay):
        sentences, table = published_sentences(replay, name), published_table(replay)
    else:
        sentences, table = counted_sentences(replay), counted_table(replay)
    shares = table.select_dtypes("float").columns
    told = table.assign(**{column: [f"{share * 100:.0f} in 100" for share in table[column]] for column in shares})
    return f"Replay from January {replay.origin}", sentences, told.set_index(told.columns[0])


def show(
    sized: Sized,
    replay: Replay | CountedReplay | None,
    folder: Path | None,
    screen: Console,
) -> None:
    """Print the answer.

    Parameters
    ----------
    replay : of an earlier January, where one was asked for
    folder : where the files are; None where none were written
    """
    about = sized.case.projection.about
    if about.confidential:
        screen.print(MARKING, soft_wrap=True)
    first, *rest = answer(sized)
    screen.print(first, style="bold")
    for sentence in rest:
        screen.print(sentence)
    for name, sentences, table in [*parts(sized), *([replay_part(replay, sized)] if replay else [])]:
        heading(screen, name)
        bullets(screen, list(sentences))
        if not table.empty:
            screen.print(grid(table))
    heading(screen, "What these figures rest on")
    bullets(screen, rests_on(sized))
    heading(screen, "Words")
    bullets(screen, [f"{word}: {meaning}" for word, meaning in explained(sized.case.projection).items()])
    if folder is not None:
        heading(screen, "Files")
        screen.print(f"{title(sized.case)}: the decision sheet and its tables are in\n{folder}", soft_wrap=True)


def grid(table: pd.DataFrame) -> Table:
    """A table for the terminal, without lines."""
    made = Table(**PLAIN)
    made.add_column("")
    for column in table.columns:
        made.add_column(str(column), justify="right")
    for name, row in table.iterrows():
        made.add_row(str(name), *map(str, row))
    return made


def as_json(sized: Sized, replay: Replay | CountedReplay | None) -> str:
    """The figures of the answer for a script: JSON text, null where there is no number."""
    written = {
        name: table.astype(object).where(table.notna(), None).to_dict("records")
        for name, table in tables.as_written(sized).items()
    }
    told = None if replay is None else list(replay_part(replay, sized)[1])
    return json.dumps(
        {
            **record(sized),
            "answer": answer(sized),
            "notes": rests_on(sized),
            "replay": told,
            "tables": written,
        },
        ensure_ascii=False,
        allow_nan=False,
    )


def record(sized: Sized) -> dict[str, object]:
    """What was asked, of which area, in which world, and the sizes that answer it."""
    case = sized.case
    projection = case.projection
    return {
        "area": area_name(projection.about),
        "kind": projection.about.kind,
        "synthetic": projection.about.synthetic,
        "marking": SENSITIVE if projection.about.confidential else None,
        "question": case.ask.model_dump(mode="json"),
        "title": title(case),
        "scenario": projection.scenario,
        "world": projection.world.words,
        "world_from": projection.world_from,
        "latest_census": case.years[0],
        "full_grown": case.years[case.ready],
        "children_without_a_place": case.short,
        "need_based": bool(case.elsewhere),
        "settings": projection.settings.model_dump(),
        "first_stage": sized.stages.firm,
        "second_stage": sized.stages.second,
        "least_cost": sized.cheapest,
        "least_worst_regret": sized.least_regret,
        "look_again": None if sized.second is None else sized.second.look,
        "trigger": None if sized.second is None else sized.second.trigger.children,
        "futures_compared_between_worlds": sized.compared,
    }
