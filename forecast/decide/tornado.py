"""Which supposition moves a figure most: each at both ends of its 80% range, one at a time, on the same luck."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from forecast.decide.premises import Figures
from forecast.decide.suppositions import Supposition


@dataclass(frozen=True)
class Bar:
    """What a figure is at both ends of one supposition's range."""

    supposition: Supposition
    low: float
    """With the supposition at its low end, for certain."""
    high: float
    """With it at its high end."""
    middle: float
    """As the forecast has it."""
    tried: bool
    """Whether it was worked out; it is not where the supposition has no range or cannot bear on the figure."""

    @property
    def width(self) -> float:
        """How far the farther end is from the forecast's figure."""
        return max(abs(self.low - self.middle), abs(self.high - self.middle))


def tornado(found: Figures, track: Callable[[list[Supposition]], Iterable[Supposition]] = list) -> tuple[Bar, ...]:
    """A bar for every supposition, the widest first.

    Parameters
    ----------
    track : passes the suppositions on one by one, for a bar of progress
    """
    middle, every = found.now(), found.base.suppositions()
    bears = [each for each in every if found.bears(each)]
    tried = {
        each.key: Bar(each, found.at(each, each.low), found.at(each, each.high), middle, tried=True)
        for each in track(bears)
    }
    bars = [tried.get(each.key, Bar(each, middle, middle, middle, tried=False)) for each in every]
    return tuple(sorted(bars, key=lambda bar: -bar.width))


def tornado_table(bars: Iterable[Bar]) -> pd.DataFrame:
    """Bars as rows.

    Returns
    -------
    columns name, says, unit, value, low, high, at_low, at_high, forecast, change_at_low, change_at_high, supported,
        tried: `at_low` to `change_at_high` in the unit of the outcome.
    """
    rows = [
        {
            "name": bar.supposition.name,
            "says": bar.supposition.says,
            "unit": bar.supposition.unit,
            "value": bar.supposition.value,
            "low": bar.supposition.low,
            "high": bar.supposition.high,
            "at_low": bar.low,
            "at_high": bar.high,
            "forecast": bar.middle,
            "change_at_low": bar.low - bar.middle,
            "change_at_high": bar.high - bar.middle,
            "supported": bar.supposition.supported,
            "tried": bar.tried,
        }
        for bar in bars
    ]
    return pd.DataFrame(rows)
