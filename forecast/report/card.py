"""The card of the England model: how far out it has been, made from the tables that ship beside it."""

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from forecast.report import card_bars, card_plain, card_rest, card_scores
from forecast.report.card_tables import CardTables
from forecast.report.charts import Figure
from forecast.report.glossary import OPEN_LICENCE

PLOTS = "card"
"""Folder of the plots, beside the card."""
ALTERNATIVE = "Alternative provision for children without a plan"
"""Heading of what has a card of its own."""


def card(tables: CardTables, tried: pd.DataFrame, figures: Sequence[Figure], alternative: Sequence[str] = ()) -> str:
    """The whole card, in Markdown.

    Parameters
    ----------
    tried : idea, what_was_done, on_choosing_outcomes, kept, why
    figures : as from `card_figures`, whose drawings are in the folder `PLOTS`
    alternative : paragraphs on alternative provision without a plan, as from `ap_card.section`; no heading without
    """
    plots = {figure.name: _plot(figure) for figure in figures}
    title = "# How far out has the forecast been?"
    parts = [title, *card_plain.what_it_is(tables)]
    for heading, paragraphs in _sections(tables, tried, plots, alternative).items():
        parts += [f"## {heading}", *paragraphs]
    return "\n\n".join([*parts, OPEN_LICENCE]) + "\n"


def _sections(
    tables: CardTables, tried: pd.DataFrame, plots: Mapping[str, str], alternative: Sequence[str]
) -> dict[str, Iterable[str]]:
    """Heading -> paragraphs, in reading order."""
    scores = tables.scores
    england = [drawn for name, drawn in plots.items() if name.startswith("england")]
    return {
        "What falls short": card_plain.falls_short(tables),
        "In plain words": [*card_plain.in_plain_words(tables), plots["error_by_years_ahead"]],
        "What it cannot tell": card_plain.cannot_tell(tables),
        "How often the ranges held": [*card_scores.ranges_section(scores), plots["outcomes_in_range"]],
        "England and its regions": [*card_rest.england_section(tables.england_and_regions), *england],
        "What the test rests on": card_plain.rests_on(tables),
        "Choosing and test apart": card_scores.parts_section(scores),
        "Every bar": card_bars.bars_section(tables.gates),
        "Small and large authorities": card_scores.size_section(tables.by_size),
        "How long a forecast keeps": card_scores.shelf_section(tables.shelf_life),
        "What a wrong size of school would have cost": card_scores.decisions_section(tables.decisions),
        "Age and kind of place together, one year on": card_scores.ages_section(tables.ages),
        **({ALTERNATIVE: alternative} if alternative else {}),
        "Too many or too few, from each January": card_scores.bias_section(scores),
        "Error from each January, every method": card_scores.by_january(scores),
        "Other scores": card_scores.other_scores(scores),
        "What was left out": card_rest.left_out_section(tables),
        "What was tried": card_rest.tried_section(tried),
        "Words": card_rest.words_section(),
    }


def _plot(figure: Figure) -> str:
    """A drawing, its reading in its stead where it cannot be seen."""
    return f"![{figure.title}. {figure.reading}]({PLOTS}/{figure.name}.svg)"
