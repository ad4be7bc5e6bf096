"""A change and its causes in sentences that can be read aloud; each number is one of the table."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from forecast.decide.waterfall import Waterfall
from forecast.domain import academic_year
from forecast.report.compare_phrases import where
from forecast.report.money import NOTHING, pounds
from forecast.report.phrases import FEW, Row, area_name, capped, census, count
from forecast.report.waterfall_tables import Step, waterfall_table

FAIR: Final = (
    "Each cause has its fair share (Shapley): the mean of what it adds over every order in which the causes might "
    "come, so that the shares make the whole change and nothing is left over."
)
"""What a bar is."""
CENTRAL: Final = (
    "The central path is one future without luck, whose chances are the means of all futures; the mean of all futures "
    "differs from it where they are unlike one another."
)
"""What bars rest on."""


def sentences(found: Waterfall) -> list[str]:
    """The answer in reading order: the change, what levers do by themselves, every cause's share, and all futures."""
    table = waterfall_table(found)
    return [_change(found, table), *_without(found, table), *_causes(found, table), _gap(found, table)]


def notes(found: Waterfall) -> tuple[str, ...]:
    """What the figures rest on, and what they do not hold."""
    world = [f"{academic_year(found.year)} stands in the world {' or '.join(map(repr, found.worlds))}."]
    return (FAIR, CENTRAL, *(world if found.worlds else []), *found.left_out)


def title(found: Waterfall) -> str:
    """The message, in one line: the change, and what adds most to it."""
    table = waterfall_table(found)
    causes = table[table["step"] == Step.CAUSE]
    change = _level(table, Step.END) - _level(table, Step.START)
    said = f"{capped(found.outcome.words)}: {more_or_less(found, change)} {_than(found)}"
    if causes.empty or _small(found, float(causes["effect"].abs().max())):
        return said
    along = causes["effect"] * (1 if change >= 0 else -1)
    most = causes["cause"].tolist()[int(along.to_numpy().argmax())]
    return f"{said}, above all by {most}"


def figure(found: Waterfall, number: float) -> str:
    """A figure without its sign: children, or pounds."""
    return pounds(number) if found.outcome.pounds else count(abs(number))


def signed(found: Waterfall, number: float) -> str:
    """A figure with its sign: "+1,758", "-£46,000"; of few children "under 5"."""
    told = figure(found, number)
    return told if _small(found, number) else f"{'+' if number > 0 else '-'}{told}"


def more_or_less(found: Waterfall, change: float) -> str:
    """A change with its direction: "1,071 more", "£1.2 million less"."""
    if _small(found, change):
        return "as much, near enough" if found.outcome.pounds else "as many, near enough"
    less = "less" if found.outcome.pounds else "fewer"
    return f"{figure(found, change)} {'more' if change > 0 else less}"


def _small(found: Waterfall, number: float) -> bool:
    """Whether a number is too small to be given a direction."""
    return abs(number) < (NOTHING if found.outcome.pounds else FEW)


def _than(found: Waterfall) -> str:
    """What the end is compared with."""
    if found.since is not None:
        return f"in {academic_year(found.year)} than in {census(found.since)}"
    first, second = found.scenarios
    return f"in {academic_year(found.year)} {where(second)} than {where(first)}"


def _level(table: pd.DataFrame, step: Step) -> float:
    return float(table.loc[table["step"] == step, "to"].iloc[0])


def _effect(table: pd.DataFrame, step: Step) -> float:
    return float(table.loc[table["step"] == step, "effect"].iloc[0])


def _change(found: Waterfall, table: pd.DataFrame) -> str:
    """From what to what."""
    start, end = _level(table, Step.START), _level(table, Step.END)
    levels = [figure(found, level) for level in (start, end)]
    names, year = [where(name) for name in found.scenarios], academic_year(found.year)
    if found.since is not None:
        ends = f"go from {levels[0]} in {census(found.since)} to {levels[1]} in {year}"
        told = f"{names[0]}, {found.outcome.words} {ends}"
    else:
        told = f"in {year}, {found.outcome.words} are {levels[0]} {names[0]} and {levels[1]} {names[1]}"
    return f"{area_name(found.about)}: {told}, {more_or_less(found, end - start)}, on the central path."


def _causes(found: Waterfall, table: pd.DataFrame) -> Iterator[str]:
    """What adds, and what takes away, the largest first; then what is too small to name a number for."""
    causes = table[table["step"] == Step.CAUSE]
    large = causes[[not _small(found, effect) for effect in causes["effect"]]]
    adds, takes = (large[large["effect"] * sign > 0] for sign in (1, -1))
    for some, verb in ((adds, "What adds"), (takes, "What takes away")):
        if len(some):
            ranked = some.sort_values("effect", key=abs, ascending=False, kind="stable").to_dict("records")
            yield f"{verb}: {'; '.join(_said(found, row) for row in ranked)}."
    small = causes.loc[causes.index.difference(large.index), "cause"].tolist()
    if small:
        least = f"{pounds(NOTHING - 1)} each" if found.outcome.pounds else f"fewer than {FEW} children each"
        yield f"Of next to no effect ({least}): {'; '.join(small)}."


def _said(found: Waterfall, row: Row) -> str:
    return f"{row['cause']}, {figure(found, row['effect'])}"


def _without(found: Waterfall, table: pd.DataFrame) -> Iterator[str]:
    """What each lever changes against the same year without it, and why its share is another number if it is."""
    of_levers = [bar for bar in found.bars if bar.name in found.levers]
    shared = [bar.name for bar in of_levers if not _small(found, bar.last - bar.effect)]
    gone = table[table["step"] == Step.CAUSE].set_index("cause")["without"].to_dict()
    told = of_levers if found.since is not None or shared else []
    for bar in told:
        yield (
            f"Against {academic_year(found.year)} without it, everything else as it is, {bar.name} makes "
            f"{more_or_less(found, float(gone[bar.name]))}."
        )
    if shared:
        which = "its share" if len(of_levers) == 1 else "a lever's share"
        yield (
            f"Below, {which} of the change is another number: what causes do only together is shared among them, so "
            "that all shares make the whole change."
        )


def _gap(found: Waterfall, table: pd.DataFrame) -> str:
    """How far the mean of all futures is from the central path."""
    futures, gap = _effect(table, Step.FUTURES), _effect(table, Step.GAP)
    told = f"In the mean of all futures the change is {more_or_less(found, futures)}"
    if _small(found, gap):
        return "In the mean of all futures the change is near enough the same."
    return f"{told}: {more_or_less(found, gap)} than on the central path."
