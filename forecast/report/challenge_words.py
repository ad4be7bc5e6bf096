"""What a critical friend would ask of a scenario, in sentences; and the effect of each of its changes."""

from typing import Final

import pandas as pd

from forecast.decide.challenges import (
    CHILDREN_AT_LEAST,
    POUNDS_AT_LEAST,
    Challenge,
    Challenged,
    Effect,
    Kind,
    challenges_table,
    effects_table,
)
from forecast.decide.measures import ALL_PAYERS, UNITS, Measure
from forecast.domain import academic_year
from forecast.inputs.about import About
from forecast.report.compare_phrases import dearer_or_cheaper, more_or_fewer
from forecast.report.estimates import COUNTED, estimated
from forecast.report.phrases import provision_words, uncapped

MOST: Final = 3
"""Kinds of place that the effect of a change names."""
_ASKS: Final = {
    Kind.CLAIM: 'Claim without a lever: "{}" {}',
    Kind.EVIDENCE: "Lever without evidence: change {}. {}",
    Kind.EFFECT: "Mitigation without effect: change {}. {}",
}


def challenge_sentences(about: About, found: Challenged, year: int) -> list[str]:
    """The effect of each change at a January, then what is asked.

    Parameters
    ----------
    year : January that the effects are told of
    """
    effects = [effect_sentence(about, effect, year) for effect in found.effects]
    if not found.challenges:
        return [*effects, "Every claim has a lever, every lever has evidence, and every change has an effect."]
    return [*effects, *map(challenge_sentence, found.challenges)]


def challenge_sentence(asked: Challenge) -> str:
    """One question to the author."""
    return _ASKS[asked.kind].format(asked.about, asked.why)


def effect_sentence(about: About, effect: Effect, year: int) -> str:
    """What a change brings, all others being made: the kinds of place that it moves most, and pounds."""
    if effect.table is None:
        return f"Change {effect.change}: its effect alone cannot be told."
    now = effect.table[effect.table["year"] == year].set_index(["measure", "of"])["effect"]
    kinds = {label: float(now[Measure.CHILDREN.value, label]) for label in about.provisions}
    moved = sorted((label for label in kinds if abs(kinds[label]) >= CHILDREN_AT_LEAST), key=lambda at: -abs(kinds[at]))
    told = [f"{more_or_fewer(kinds[at])} in {uncapped(provision_words(about, at))}" for at in moved[:MOST]]
    pounds = float(now.get((Measure.POUNDS.value, ALL_PAYERS), 0.0))
    told += [f"{dearer_or_cheaper(pounds)} in all"] if abs(pounds) >= POUNDS_AT_LEAST else []
    return f"Change {effect.change} brings in {academic_year(year)}: {'; '.join(told) or 'nothing'}."


def challenge_tables(about: About, found: Challenged) -> dict[str, pd.DataFrame]:
    """Name of a file -> its table: what is asked, and what every change brings."""
    effects = effects_table(found.effects)
    of_people = effects["measure"].map(lambda measure: UNITS[Measure(measure)] in COUNTED).astype(bool)
    told = estimated(about, effects, ["effect"], of_people)
    return {"challenges": challenges_table(found.challenges), "effects": told}
