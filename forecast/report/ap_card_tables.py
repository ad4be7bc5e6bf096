"""Tables of the card of alternative provision: errors, bias, ranges, and the path that ships."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from forecast.ap.national import FADING, KEPT, PANDEMIC_JANUARIES, RULES, WITHOUT
from forecast.ap.origins import HORIZONS
from forecast.backtest.ap import ENGLAND, SAYS
from forecast.backtest.scores import SIZES
from forecast.domain import SETTING_NAMES, ApSetting
from forecast.report.ap_card_numbers import SERIES, ApCard, hits_of, mean_errors, ours_of, rows_of, signed
from forecast.report.card_words import NUMBERS, listed, markdown
from forecast.report.phrases import capped, census

AFTER: Final = (1, 3, 5, 10, 15)
"""Years after the last counted January at which the path that ships is told."""
CHILDREN: Final = (20, 100, 500)
"""Sizes of authority for which the width of the range is told."""
TWICE: Final = 2.0
"""A path that comes to so many times where it began, or to as small a part, has run away."""


def errors_section(scores: pd.DataFrame) -> Iterator[str]:
    """Mean error by method, and what each method does."""
    errors = mean_errors(scores)
    yield "Means over the Januaries forecast from: four of them one year ahead, three two years, two three years."
    rows = [
        [SERIES[series], NUMBERS[ahead], *(f"{errors[series, method, ahead]:.1%}" for method in SAYS)]
        for series in SERIES
        for ahead in HORIZONS
    ]
    yield markdown(["error", "years ahead", *SAYS], rows, texts=2)
    yield "\n".join(f"- *{method}*: {says}" for method, says in SAYS.items())


def by_january(scores: pd.DataFrame) -> Iterator[str]:
    """Error of every method from each January by itself."""
    yield "*Choosing*: the outcome is of January 2021 or before. *Test*: it is later. The least error is in bold."
    for series, name in SERIES.items():
        of_series = scores[scores["series"].eq(series)]
        rows = []
        for row in rows_of(ours_of(of_series)):
            same = of_series[of_series["origin"].eq(row["origin"]) & of_series["ahead"].eq(row["ahead"])]
            errors = dict(zip(same["method"], same["wape"].to_numpy(dtype=float).tolist(), strict=True))
            said = [f"{errors[method]:.1%}" for method in SAYS]
            least = f"{min(errors.values()):.1%}"
            start = f"{census(row['origin'])} ({row['part']})"
            rows.append([start, row["ahead"], row["authorities"], *(f"**{x}**" if x == least else x for x in said)])
        yield f"**{capped(name)}**"
        yield markdown(["from", "years ahead", "authorities", *SAYS], rows)


def bias_section(scores: pd.DataFrame) -> Iterator[str]:
    """How much the sum of all authorities was out, from each January."""
    yield (
        "The sum of all authorities' forecasts against what came: minus is too few. One number for the country from "
        "each January, and those of one January go together."
    )
    ours = ours_of(scores)
    origins = sorted(int(origin) for origin in ours["origin"].unique())
    bias = {(row["series"], row["ahead"], row["origin"]): row["bias"] for row in rows_of(ours)}
    rows = [
        [SERIES[series], NUMBERS[ahead], *(signed(bias.get((series, ahead, origin), np.nan)) for origin in origins)]
        for series in SERIES
        for ahead in HORIZONS
    ]
    yield markdown(["series", "years ahead", *(f"from {origin}" for origin in origins)], rows, texts=2)


def ranges_section(coverage: pd.DataFrame) -> Iterator[str]:
    """Hits of the 80% range, by January, by size and of England."""
    yield (
        "Outcomes that the 80% range held, of all outcomes; 80 of 100 are meant. Authorities of one January are out "
        "together, so these are far fewer trials than they look. Each range was made without the errors of the January "
        "forecast from, but with those of later Januaries: with so few there is no other way."
    )
    origins = sorted(int(origin) for origin in coverage["origin"].unique())
    every = [(series, ahead) for series in SERIES for ahead in HORIZONS]
    rows = [
        [
            *(SERIES[series], NUMBERS[ahead], hits_of(coverage, series, ahead)),
            *(hits_of(coverage, series, ahead, origin=origin) for origin in origins),
            hits_of(coverage, series, ahead, ENGLAND),
        ]
        for series, ahead in every
    ]
    header = ["series", "years ahead", "all", *(f"from {origin}" for origin in origins), "England's sum"]
    yield markdown(header, rows, texts=2)
    yield "By size: thirds of the authorities by their children when the forecast was made."
    rows = [
        [SERIES[series], NUMBERS[ahead], *(hits_of(coverage, series, ahead, size) for size in SIZES)]
        for series, ahead in every
    ]
    yield markdown(["series", "years ahead", *SIZES], rows, texts=2)


def width_section(tables: ApCard) -> Iterator[str]:
    """Spread of each setting, and the numbers behind it."""
    behind = ours_of(tables.scores).groupby("series")["authorities"].agg(["size", "sum", "max"])
    yield (
        "A range has two parts. *Shared*: an error of England's path, the same for all, measured on "
        f"{behind['size'].max()} errors from {tables.spread['januaries'].max()} Januaries, which overlap; it is made "
        "wider, as a Student's t on so few Januaries is. *Own*: an authority's departure from England, measured on "
        f"{behind['sum'].min():,} to {behind['sum'].max():,} errors of {behind['max'].min()} to "
        f"{behind['max'].max()} authorities, wider the fewer its children. The ranges that were scored had a January "
        "fewer behind them. Both variances grow evenly for the three years that were tried; after that each year adds "
        f"{FADING:.0%} of what the one before it added, by judgement."
    )
    rows = []
    for row in rows_of(tables.spread[tables.spread["ahead"].isin([*HORIZONS, 10])]):
        own = [float(np.sqrt(row["steady_sd"] ** 2 + row["luck"] / size)) for size in CHILDREN]
        name = SETTING_NAMES[ApSetting(row["setting"])]
        rows.append([name, row["ahead"], *(f"{each:.2f}" for each in (row["common_sd"], *own))])
    sizes = [f"own, {size} children" for size in CHILDREN]
    yield markdown(["standard deviation of the log", "years", "shared", *sizes], rows)


def path_section(tables: ApCard) -> Iterator[str]:
    """Multiples of the last counted January that England's path comes to, and whether any runs away."""
    yield (
        "England's sum as a multiple of its last January that is published by authority, middle of the range. In "
        f"AP schools growth is steady for {RULES[WITHOUT].steady} years and then fades by {1 - FADING:.0%} a year; in "
        "placements that authorities pay for it fades from the first year."
    )
    grown = {(row["setting"], row["ahead"]): float(np.exp(row["log_growth"])) for row in rows_of(tables.growth)}
    rows = [
        [
            SETTING_NAMES[ApSetting(row["setting"])],
            *(census(row["counted"]), census(row["england_counted"]), signed(row["yearly"])),
            *(f"{grown[row['setting'], ahead]:.2f}" for ahead in AFTER),
        ]
        for row in rows_of(tables.settings)
    ]
    header = ["setting", "counted by authority", "England's total", "growth a year", *(f"after {n}" for n in AFTER)]
    yield markdown(header, rows, texts=3)
    yield _runs_away([times for (_, ahead), times in grown.items() if ahead <= _DECADE])
    yield (
        f"{listed([census(year) for year in PANDEMIC_JANUARIES])} make no growth in AP schools, and a forecast from "
        f"one of them keeps {KEPT:.0%} of the gap to the trend a year. AP arranged by schools takes the path of AP "
        "schools, of which the later total is."
    )


def _runs_away(times: list[float]) -> str:
    """Whether a path doubles or halves."""
    said = f"Within ten years no path goes below {min(times):.2f} or above {max(times):.2f} times where it began"
    if min(times) * TWICE > 1 and max(times) < TWICE:
        return f"{said}: nothing doubles and nothing vanishes."
    return f"**{said}, which is too far: do not use it that long.**"


_DECADE: Final = 10
