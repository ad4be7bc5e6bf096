"""A forecast of every authority from one January: central figures, ranges, and futures drawn from both."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from forecast.model.raking import Array
from forecast.model.spread import mirrored
from forecast.series.medians import Medians, medians
from forecast.series.panel import Panel
from forecast.series.ranges import FIRST_ORIGIN, Spread, spreads
from forecast.series.targets import LONGEST, TARGETS


@dataclass(frozen=True)
class Outlook:
    """What was forecast from the census of January `origin`."""

    origin: int
    median: Medians
    """Target -> children: index unit, columns years ahead."""
    spread: Mapping[str, Spread]


def origins_needed(origin: int, first: int) -> range:
    """Januaries whose forecasts a forecast from `origin` learns its ranges from, and itself."""
    return range(max(FIRST_ORIGIN, first + 1), origin + 1)


def central(panel: Panel, origin: int, longest: int = LONGEST) -> Medians:
    """Central forecasts by what was known at January `origin`, 1 to `longest` years ahead."""
    return medians(panel.as_known(origin), longest)


def central_of(panel: Panel, last: int, longest: int, origin: int) -> Medians:
    """`central` of one origin: as far as `longest` from the `last`, as far as is scored from earlier ones."""
    return central(panel, origin, longest if origin == last else LONGEST)


def outlook(panel: Panel, origin: int, found: Mapping[int, Medians]) -> Outlook:
    """The forecast from January `origin`, with ranges from the errors of earlier ones known by then.

    Parameters
    ----------
    found : January -> its `central`; `origin` and those of `origins_needed`
    """
    known = panel.as_known(origin)
    past = {year: medians for year, medians in found.items() if year < origin}
    return Outlook(origin, found[origin], spreads(known, past, found[origin]))


def futures(made: Outlook, target: str, unit: str, draws: int, seed: int, share: float = 1.0) -> Array:
    """Children in each of many futures: (draw, year ahead).

    A future keeps its place in the range from year to year. Draws come in mirrored pairs, evenly spread, so that
    their median is the central forecast. The shared error is the same in every authority, whatever else is drawn.

    Parameters
    ----------
    share : part of the unit's children, for an authority that is followed within a larger one
    """
    central_path = made.median[target].loc[unit].to_numpy(dtype=float)
    return share * central_path * _shared(made, target, draws, seed) * _own(made, target, unit, draws, seed)


def evened(made: Outlook, target: str, unit: str, draws: int, seed: int) -> Array:
    """The same futures, for adding up over authorities: (draw, year ahead).

    Own errors even out, as in past sums: small series that rise many times over are outweighed by others that fall.
    So each is taken against its own mean, or a few skewed ones would rule the sum.
    """
    central_path = made.median[target].loc[unit].to_numpy(dtype=float)
    own = _own(made, target, unit, draws, seed)
    return np.asarray(central_path * _shared(made, target, draws, seed) * own / own.mean(axis=0))


def _shared(made: Outlook, target: str, draws: int, seed: int) -> Array:
    """What the error that all authorities share multiplies by: (draw, year ahead)."""
    scale = made.spread[target].common.to_numpy(dtype=float)
    return np.asarray(np.exp(np.outer(mirrored(draws, seed, f"England {target}"), scale)))


def _own(made: Outlook, target: str, unit: str, draws: int, seed: int) -> Array:
    """What an authority's own error multiplies by: (draw, year ahead)."""
    scale = made.spread[target].own.loc[unit].to_numpy(dtype=float)
    return np.asarray(np.exp(np.outer(mirrored(draws, seed, f"{unit} {target}"), scale)))


def whole_range(drawn: Array, levels: tuple[float, ...]) -> Array:
    """Quantiles of whole children: (level, ...). What comes is a count, and a range that begins at .3 would miss none.

    Parameters
    ----------
    drawn : (draw, ...)
    """
    return np.asarray(np.quantile(np.rint(drawn), levels, axis=0))


def described(made: Outlook, unit: str, share: Mapping[str, float], draws: int, seed: int) -> pd.DataFrame:
    """mean, p10, p50 and p90 of every target and year: columns target, year, mean, p10, p50, p90.

    The mean is over the error that all authorities share, own errors evening out: so means add up to England's.
    """
    rows = []
    for target in [name for name in made.median if name in TARGETS]:
        drawn = futures(made, target, unit, draws, seed, share[target])
        low, high = whole_range(drawn, (0.1, 0.9))
        middle = share[target] * made.median[target].loc[unit].to_numpy(dtype=float)
        years = made.origin + made.median[target].columns.to_numpy()
        rows.append(
            pd.DataFrame(
                {
                    "target": target,
                    "year": years,
                    "mean": middle * _shared(made, target, draws, seed).mean(axis=0),
                    "p10": np.minimum(low, middle),
                    "p50": middle,
                    "p90": np.maximum(high, middle),
                }
            )
        )
    return pd.concat(rows, ignore_index=True)
