"""How full a new school would be: children who want a place against the places that are open.

`wanted` are the children of one kind without a place, who want this school: (draw, year), whole or shared out.
`open_share` is the share of the school's places that is open: (draw, year), 0 before it opens and in the futures
in which it is never built. Draws are the same futures in both.
"""

from collections.abc import Hashable, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.model.luck import Words, key, uniform
from forecast.model.raking import Array
from forecast.places.register import BUILT, share_open
from forecast.places.sufficiency import QUANTILES

SLACK: Final = 1e-3
"""Part of a child by which sums of shares may differ and still count as equal."""
TENTH: Final = 0.1
"""Share of the open places above which empty ones are told."""
MONTHS: Final = 12
"""Of a year."""


def later(month: str, months: int) -> str:
    """The month, as "2027-09", that is `months` after `month`."""
    at = MONTHS * int(month[:4]) + int(month[5:7]) - 1 + months
    return f"{at // MONTHS:04d}-{at % MONTHS + 1:02d}"


def luck_of(name: str, draws: int, seed: int) -> Words:
    """What the luck of a project hangs on in each future: its own name, so that no other project disturbs it: (draw).

    `register.months_late` takes `uniform(luck_of(...), LATE)`; whether it is built is `uniform(luck_of(...), BUILT)`.
    """
    number = int.from_bytes(sha256(name.encode()).digest()[:7], "big")
    return key(seed, number, np.arange(draws))


def open_share(
    opens: str, ramp: Sequence[float], chance: float, late: Array, years: Sequence[int], seed: int, name: str
) -> Array:
    """Share of a planned school's places open at each January of each future: (draw, year).

    By the rules of the places register. In the futures in which it is not built nothing ever opens; a higher chance
    adds futures to those in which it is built already.

    Parameters
    ----------
    opens : month, "2027-09"
        As planned.
    ramp : shares, 0 to 1
        Places open in its first, second, ... year, the last kept; empty for all at once.
    chance : 0 to 1
        That it is built.
    late : (draw), months
        Later than planned.
    years : Januaries
    """
    row: dict[Hashable, str] = {"opens": opens, "closes": "", "ramp": ";".join(map(str, ramp))}
    is_built = uniform(luck_of(name, len(late), seed), BUILT) < chance
    return np.asarray(share_open(row, years, late) * is_built[:, None])


def standing(open_share: Array) -> NDArray[np.bool_]:
    """Whether the building is there, however few of its places are open: (draw, year)."""
    return np.logical_or.accumulate(open_share > 0, axis=1)


def filled(wanted: Array, size: float, open_share: Array) -> Array:
    """Children placed in a school of `size` places: (draw, year)."""
    return np.minimum(wanted, size * open_share)


def chance_full(wanted: Array, sizes: Sequence[int], open_share: Array) -> Array:
    """Share of futures in which every place that is open is taken: (size, year).

    Of the futures in which the school is open that January; not a number where it is open in none.
    """
    return np.stack([_share(wanted >= size * open_share - SLACK, open_share > 0) for size in sizes])


def chance_tenth_empty(wanted: Array, sizes: Sequence[int], open_share: Array) -> Array:
    """Share of futures in which more than a tenth of the open places stand empty: (size, year); as `chance_full`."""
    return np.stack([_share(wanted < (1 - TENTH) * size * open_share - SLACK, open_share > 0) for size in sizes])


def expected_short(wanted: Array, sizes: Sequence[int], open_share: Array) -> Array:
    """Children left without a place, the mean of all futures, built or not: (size, year)."""
    return np.stack([(wanted - filled(wanted, size, open_share)).mean(axis=0) for size in sizes])


def expected_empty(wanted: Array, sizes: Sequence[int], open_share: Array) -> Array:
    """Open places that stand empty, the mean of all futures, built or not: (size, year)."""
    return np.stack([(size * open_share - filled(wanted, size, open_share)).mean(axis=0) for size in sizes])


def places_by_year(wanted: Array, years: Sequence[int]) -> pd.DataFrame:
    """Places that would be enough, however soon they opened: year, mean, p10, p50, p80, p90.

    Quantiles of the sum that `wanted` is: in 8 futures of 10 no more than p80 are wanted.
    """
    quantiles = np.quantile(wanted, list(QUANTILES.values()), axis=0)
    return pd.DataFrame(
        {"year": list(years), "mean": wanted.mean(axis=0), **dict(zip(QUANTILES, quantiles, strict=True))}
    )


def by_size(wanted: Array, sizes: Sequence[int], open_share: Array, years: Sequence[int]) -> pd.DataFrame:
    """One row a size and January: size, year, open (places), full, tenth_empty (chances), short, empty.

    Places and children are means of all futures, built or not; chances are of those in which the school is open.
    """
    shape = (len(sizes), len(years))
    places = np.asarray(sizes)[:, None] * open_share.mean(axis=0)
    columns = {
        "size": np.broadcast_to(np.asarray(sizes)[:, None], shape),
        "year": np.broadcast_to(np.asarray(years), shape),
        "open": places,
        "full": chance_full(wanted, sizes, open_share),
        "tenth_empty": chance_tenth_empty(wanted, sizes, open_share),
        "short": expected_short(wanted, sizes, open_share),
        "empty": expected_empty(wanted, sizes, open_share),
    }
    return pd.DataFrame({name: values.reshape(-1) for name, values in columns.items()})


def _share(happens: NDArray[np.bool_], among: NDArray[np.bool_]) -> Array:
    """Share of the futures in `among` in which it happens, not a number where there are none: (year)."""
    count = among.sum(axis=0)
    return np.divide((happens & among).sum(axis=0), count, out=np.full(count.shape, np.nan), where=count > 0)
