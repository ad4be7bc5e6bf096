"""The rest of the card: England and its regions, authorities left out, what was tried, words."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from forecast.backtest.cells import OURS
from forecast.backtest.judge import POOLED
from forecast.report.card_tables import CardTables
from forecast.report.card_words import METHODS, ahead_words, markdown, mean_of, means, percent, points
from forecast.report.phrases import capped
from forecast.series.targets import HORIZONS, TARGETS

ENGLAND: Final = "England"
"""Label of the whole among the regions."""


def held(summed: pd.DataFrame) -> pd.DataFrame:
    """With a column `held`: whether the 80% range held what came."""
    return summed.assign(held=summed["actual"].between(summed["p10"], summed["p90"]))


def england_section(summed: pd.DataFrame) -> Iterator[str]:
    """How many of the ranges of England and its regions held what came."""
    yield (
        "Times that the 80% range held what came, of all forecasts. They are too few to make a share of, and those of "
        "one January are out together; so no bar was set."
    )
    counted = held(summed)
    parts = {ENGLAND: counted["region"].eq(ENGLAND), "regions": counted["region"].ne(ENGLAND)}
    rows = []
    for target, name in TARGETS.items():
        cells = []
        for ahead in HORIZONS:
            for which in parts.values():
                hits = counted.loc[which & counted["target"].eq(target) & counted["ahead"].eq(ahead), "held"]
                cells.append(f"{hits.sum()} of {len(hits)}")
        rows.append([name, *cells])
    yield markdown(["series", *(f"{part}, {ahead_words(ahead)}" for ahead in HORIZONS for part in parts)], rows)


def left_out_section(tables: CardTables) -> Iterator[str]:
    """Who was left out and why, and the errors with nothing left out."""
    yield (
        "A figure is not used where so many placements were left blank that it says little, or where it was not "
        "published."
    )
    groups = tables.left_out.groupby(["target", "reason", "year"], sort=True)["authority"]
    rows = [
        [*key[:2], f"January {key[2]}", "; ".join(sorted(set(names)))]
        for key, names in ((list(of), names) for of, names in groups)
    ]
    yield markdown(["series", "reason", "census", "authorities"], rows, texts=4)
    yield "**Error with nothing left out**, beside that above:"
    whole, kept = means(tables.nothing_left_out, "wape"), means(tables.scores, "wape")
    header = ["series", "years ahead"]
    header += [f"{METHODS[method]}, {which}" for method in (OURS, POOLED) for which in ("as above", "nothing left out")]
    yield markdown(
        header,
        [
            [
                *(TARGETS[target], ahead_words(ahead)),
                *(
                    percent(mean_of(table, target, method, ahead))
                    for method in (OURS, POOLED)
                    for table in (kept, whole)
                ),
            ]
            for target in TARGETS
            for ahead in HORIZONS
        ],
    )


def tried_section(tried: pd.DataFrame) -> Iterator[str]:
    """Ideas that were tried, kept or not.

    Parameters
    ----------
    tried : idea, what_was_done, on_choosing_outcomes, kept, why
    """
    yield "Ideas that were looked at while the method was made, with what they did to outcomes used for choosing."
    if tried.empty:
        yield "None has been written down yet."
        return
    header = [capped(str(name).replace("_", " ")) for name in tried.columns]
    yield markdown(header, tried.to_numpy().tolist(), texts=len(header))


def words_section() -> Iterator[str]:
    """What the words of the card mean."""
    yield points({
        "All special schools:": "state, non-maintained and independent ones.",
        "Bases:": "SEN (special educational needs) units and resourced provision in mainstream schools.",
        "Plan:": "an education, health and care plan, or before 2018 also a statement of special educational needs.",
        "Range:": "two numbers that what comes should lie between, 80 (or 95) times in 100.",
        "Series:": "one of the things that are counted and forecast, such as all plans of each authority.",
        "Year:": "always a census of January; five years ahead of January 2020 is January 2025.",
    })  # fmt: skip
