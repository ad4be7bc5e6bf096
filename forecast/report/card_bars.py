"""The bars that were set before the test was run: each with its value, and in words where it falls short."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest.judge import RECENT
from forecast.report.card_words import METHODS, ahead_words, markdown
from forecast.report.phrases import capped, census
from forecast.series.targets import TARGETS

_LOWEST, _HIGHEST = "lowest coverage, origins drawn again", "highest coverage, origins drawn again"
_MEANT: Final = 0.8
"""Share of outcomes that an 80% range is to hold."""
_WORDS: Final = {
    "error to pooled growth's": "error, as a share of that of England's growth",
    f"error, origins from {RECENT}": f"error, forecasts from {census(RECENT)} on",
    "coverage of the 80% range": "outcomes that the 80% range held",
    "coverage of departures from England": "outcomes that each authority's own part of the 80% range held",
    _LOWEST: "outcomes that the 80% range held, allowing for the luck of which Januaries were tried",
}
"""Name of a gate -> what it measures."""
_BEST = "error to the best rival's ("


@dataclass(frozen=True)
class Bar:
    """A bar, its value and the outcome, in words."""

    series: str
    ahead: str
    what: str
    value: str
    bar: str
    passed: bool


def bars(gates: pd.DataFrame) -> list[Bar]:
    """Every bar, the two ends of a range taken together.

    Parameters
    ----------
    gates : as `CardTables.gates`
    """
    ends = gates[gates["name"].eq(_HIGHEST)].set_index(["target", "ahead"])
    found = []
    for row in gates[gates["name"].ne(_HIGHEST)].to_dict("records"):
        value, bar, passed = f"{row['value']:.1%}", _limits(row["low"], row["high"]), bool(row["passed"])
        if row["name"] == _LOWEST:
            top = ends.loc[(row["target"], row["ahead"])]
            value, passed = f"{row['value']:.1%} to {top['value']:.1%}", passed and bool(top["passed"])
            bar = f"{_MEANT:.0%} between the two"
        found.append(Bar(TARGETS[row["target"]], ahead_words(row["ahead"]), _what(row["name"]), value, bar, passed))
    return found


def short_of(gates: pd.DataFrame) -> list[str]:
    """What falls short, a line for each series and kind of bar; none where every bar is passed."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for bar in bars(gates):
        if not bar.passed:
            groups.setdefault((bar.series, bar.what, bar.bar), []).append(f"{bar.value} {_when(bar)}")
    return [
        f"{capped(series)}: {what}: {', '.join(values)}. The bar: {limits}."
        for (series, what, limits), values in groups.items()
    ]


def summary(gates: pd.DataFrame) -> list[str]:
    """How many bars were passed, and which were not: lines for the terminal."""
    found = bars(gates)
    return [f"{sum(bar.passed for bar in found)} of {len(found)} bars were passed.", *short_of(gates)]


def bars_section(gates: pd.DataFrame) -> Iterator[str]:
    """Every bar, in a table for each thing that is measured."""
    found = bars(gates)
    yield (
        f"{summary(gates)[0]} They were set before this test was run, after a study of the same "
        "years. A method that could not be made from one of the Januaries is left out of the comparison with the best "
        "other method; the tables by January below show it where it could. One bar of the plan waits for its part of "
        "the program: that the causes of a change add up to it."
    )
    for what in dict.fromkeys(bar.what for bar in found):
        yield f"**{capped(what)}**"
        yield markdown(
            ["series", "years ahead", "value", "bar", "result"],
            [
                [bar.series, bar.ahead, bar.value, bar.bar, "passed" if bar.passed else "**falls short**"]
                for bar in found
                if bar.what == what
            ],
        )


def _what(name: str) -> str:
    """What a gate measures."""
    if name.startswith(_BEST):
        rival = name.removeprefix(_BEST).removesuffix(")")
        return f"error, as a share of that of the best other method ({METHODS[rival]})"
    return _WORDS[name]


def _limits(low: float, high: float) -> str:
    """A bar in words."""
    if low <= 0:
        return f"at most {high:.1%}"
    return f"at least {low:.1%}" if high >= 1 else f"{low:.0%} to {high:.0%}"


def _when(bar: Bar) -> str:
    """Years ahead for a sentence."""
    return "over all years ahead" if bar.ahead == ahead_words(np.nan) else f"{bar.ahead} ahead"
