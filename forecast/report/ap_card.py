"""The card of England's model of alternative provision: how weak its evidence is, and how far out it has been."""

from collections.abc import Iterable, Iterator
from typing import Final

import pandas as pd

from forecast.ap.origins import HORIZONS
from forecast.backtest.ap import NATIONAL, NO_CHANGE, SAYS
from forecast.backtest.cells import OURS
from forecast.report.ap_card_numbers import SERIES, ApCard, hits_of, mean_errors, ours_of, rows_of, signed
from forecast.report.ap_card_tables import (
    bias_section,
    by_january,
    errors_section,
    path_section,
    ranges_section,
    width_section,
)
from forecast.report.ap_card_words import ERROR, cannot_tell, how_made, how_weak
from forecast.report.card_words import NUMBERS, listed, markdown, percent
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.phrases import capped, census

POINT: Final = 0.01
"""Error by which another method's is closer when the card says so of a single January."""


def ap_card(tables: ApCard) -> str:
    """The whole card, in Markdown."""
    sections: dict[str, Iterable[str]] = {
        "How weak this evidence is": how_weak(tables.scores, tables.settings),
        "In plain words": in_plain_words(tables),
        "What falls short": ["\n".join(f"- {line}" for line in falls_short(tables.scores))],
        "Error beside simple rules": errors_section(tables.scores),
        "Error from each January": by_january(tables.scores),
        "Too many or too few, from each January": bias_section(tables.scores),
        "How often the ranges held": ranges_section(tables.coverage),
        "How wide the ranges are, and what stands behind them": width_section(tables),
        "The path that ships": path_section(tables),
        "How it was made and chosen": how_made(),
        "What it cannot tell": cannot_tell(),
    }
    parts = ["# How far out has the forecast of alternative provision been?", *what_it_is(tables.scores)]
    for heading, paragraphs in sections.items():
        parts += [f"## {heading}", *paragraphs]
    return "\n\n".join([*parts, OPEN_LICENCE]) + "\n"


def section(tables: ApCard) -> Iterator[str]:
    """What the card of the whole model says of it: a paragraph, a table and where the rest is."""
    yield (
        "Alternative provision (AP) for children without a plan has a test of its own, a very weak one: six Januaries, "
        "two of them in the pandemic; AP that schools arrange was never tested; the last January published by "
        f"authority is {tables.settings['counted'].max()}. All of it, with what falls short: [ap/card.md](ap/card.md)."
    )
    errors = mean_errors(tables.scores)
    methods = (OURS, NO_CHANGE, NATIONAL)
    rows = [
        [
            *(SERIES[series], NUMBERS[ahead]),
            *(f"{errors[series, method, ahead]:.1%}" for method in methods),
            hits_of(tables.coverage, series, ahead),
        ]
        for series in SERIES
        for ahead in HORIZONS
    ]
    yield markdown(["error", "years ahead", *methods, "80% range held"], rows, texts=2)


def what_it_is(scores: pd.DataFrame) -> Iterator[str]:
    """For whom the card is, and what was tested."""
    ours = ours_of(scores)
    first, last = int(ours["origin"].min()), int(ours["origin"].max())
    latest = int((ours["origin"] + ours["ahead"]).max())
    yield (
        "For those who use this program's forecast of alternative provision (AP) for children without an education, "
        "health and care plan, and want to know how far to lean on it. It goes with the larger card, "
        "[How far out has the forecast been?](../card.md), which is about children with a plan."
    )
    yield (
        f"From each January from {first} to {last}, England's path and every authority's roll were forecast with what "
        f"was published then, and set beside what came, up to {census(latest)}. {ERROR}"
    )


def in_plain_words(tables: ApCard) -> Iterator[str]:
    """Error and ranges of each series, in a sentence or two."""
    errors = mean_errors(tables.scores)
    for series, name in SERIES.items():
        said = [
            f"{percent(errors[series, OURS, ahead])} {NUMBERS[ahead]} ahead "
            f"({NO_CHANGE}: {percent(errors[series, NO_CHANGE, ahead])}; "
            f"{NATIONAL}: {percent(errors[series, NATIONAL, ahead])})"
            for ahead in HORIZONS
        ]
        held = [f"{hits_of(tables.coverage, series, ahead)} {NUMBERS[ahead]} ahead" for ahead in HORIZONS]
        yield f"{capped(name)}: out by {listed(said)}. The 80% range held {listed(held)}."


def falls_short(scores: pd.DataFrame) -> Iterator[str]:
    """Where a simple rule was as close or closer, and where every method is far out."""
    errors = mean_errors(scores)
    for series, name in SERIES.items():
        for ahead in HORIZONS:
            ours = errors[series, OURS, ahead]
            others = {method: errors[series, method, ahead] for method in SAYS if method != OURS}
            closer = [f"{method} {error:.1%}" for method, error in others.items() if error <= ours]
            if closer:
                yield (
                    f"{capped(name)}, {NUMBERS[ahead]} ahead: this model was out by {ours:.1%}; no further out: "
                    f"{'; '.join(closer)}."
                )
    yield from _closer_starts(scores)
    worst = max(rows_of(ours_of(scores)), key=lambda row: float(row["wape"]))
    yield (
        f"The worst start: {SERIES[worst['series']]}, from {census(worst['origin'])}, {NUMBERS[worst['ahead']]} ahead: "
        f"out by {percent(worst['wape'])}, and the sum of all authorities by {signed(worst['bias'])}. No method here "
        "foresees a pandemic, or the next thing of its kind."
    )
    yield (
        f"Every method is far out for a single authority: the least error of any is {percent(min(errors.values()))}, "
        "one year ahead. An authority's own rolls since then are worth more than any forecast here."
    )


def _closer_starts(scores: pd.DataFrame) -> Iterator[str]:
    """Januaries from which England's growth was closer by more than a point."""
    national = scores[scores["method"].eq(NATIONAL)].set_index(["series", "origin", "ahead"])["wape"].to_dict()
    for row in rows_of(ours_of(scores)):
        other = float(national[row["series"], row["origin"], row["ahead"]])
        if row["wape"] > other + POINT:
            yield (
                f"{capped(SERIES[row['series']])}, from {census(row['origin'])}, {NUMBERS[row['ahead']]} ahead: out by "
                f"{row['wape']:.1%}, where {NATIONAL} was out by {other:.1%}."
            )
