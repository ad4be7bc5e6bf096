"""Which future of the population a run takes: one projection, their average, or one drawn for each future."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.errors import UnknownLabel
from forecast.inputs.ons import ESTIMATE
from forecast.model.people import residents, variants
from forecast.model.raking import Array

AVERAGE: Final = "average"
"""Instead of a projection's name: the mean of all of them."""
DRAWN: Final = "drawn"
"""Instead of a projection's name: one of them for each draw, as many of each as can be."""


def population_of(
    population: pd.DataFrame,
    districts: Sequence[str],
    years: Sequence[int],
    lent: Array | None,
    births: pd.DataFrame | None = None,
    *,
    variant: str = "",
    draws: int = 1,
    seed: int = 1,
) -> xr.DataArray:
    """Residents at each January of `years`: (year, district, nc_year), with `draw` before them if they are drawn.

    Parameters
    ----------
    population, lent, births : see `people.residents`
    variant : a projection's name, `average` or `drawn`; "" for the first projection in the table
    draws, seed : of the run; they matter to `drawn` alone

    Raises
    ------
    NoPopulation, UnknownLabel
        The table is empty; there is no such projection.
    """
    names = variants(population)
    if variant in {AVERAGE, DRAWN} and len(names) > 1:
        each = [residents(population, districts, years, lent, name, births) for name in names]
        together = xr.concat(each, pd.Index(names, name="variant"))
        if variant == AVERAGE:
            return together.mean("variant")
        chosen = together.isel(variant=xr.DataArray(drawn(len(names), draws, seed), dims="draw"))
        return chosen.drop_vars("variant").assign_coords(draw=np.arange(draws)).transpose("draw", ...)
    if variant not in {"", AVERAGE, DRAWN, *names}:
        raise UnknownLabel("projection of the population", variant, [*names, AVERAGE, DRAWN])
    return residents(population, districts, years, lent, "" if variant in {AVERAGE, DRAWN} else variant, births)


def with_population(drivers: xr.Dataset, chosen: xr.DataArray, steered: xr.DataArray) -> xr.Dataset:
    """`drivers` with other residents than those that they were steered with, and arrivals in proportion.

    The published series that steers knows nothing of projections, and steering to it again would undo the choice: as
    with any lever, the factors stay those of the first projection.

    Parameters
    ----------
    drivers : steered already; see `forecast.model.drivers`
    chosen : (draw?, year, district, nc_year)
    steered : (year, district, nc_year)
        Residents that `drivers` were made with.
    """
    years = drivers["year"].to_numpy()
    mean = (chosen.mean("draw") if "draw" in chosen.dims else chosen).sel(year=years)
    before = steered.sel(year=years)
    more = (mean / before.where(before > 0)).fillna(1.0)
    arrive = drivers["arrive"]
    return drivers.assign(population=chosen.sel(year=years), arrive=(arrive * more).transpose(*arrive.dims))


def drawn(several: int, draws: int, seed: int) -> np.ndarray:
    """Which of `several` projections each draw has: in an order of their own, none more than one oftener: (draw)."""
    key = int.from_bytes(sha256(f"{seed} projections of the population".encode()).digest()[:8], "little")
    return np.random.default_rng(key).permutation(np.arange(draws) % several)


_FROM_FIRST: Final = " The forecast of totals belongs to the first of them; the others move the figures from there."


def said_of_population(
    population: pd.DataFrame, years: Sequence[int], births: pd.DataFrame | None = None, variant: str = ""
) -> tuple[str, ...]:
    """What outputs must say of the population, in sentences: none where one projection reaches the last year."""
    return tuple(_sentences(population, max(years) - 1, births, variant))


def _sentences(population: pd.DataFrame, last: int, births: pd.DataFrame | None, variant: str) -> Iterator[str]:
    names = variants(population)
    if len(names) > 1 and variant == AVERAGE:
        yield f"The population is the average of {len(names)} projections: {', '.join(names)}.{_FROM_FIRST}"
    elif len(names) > 1 and variant == DRAWN:
        yield f"The population of each future is one of {len(names)} projections: {', '.join(names)}.{_FROM_FIRST}"
    elif len(names) > 1:
        taken = variant or names[0]
        others = ", ".join(name for name in names if name != taken)
        steered = _FROM_FIRST if taken != names[0] else ""
        yield f"The population is the projection {taken!r}; there are also: {others}.{steered}"
    used = names if variant in {AVERAGE, DRAWN} else tuple(filter(None, [variant or next(iter(names), "")]))
    for name in used:
        reaches = int(population.loc[population["variant"].isin([ESTIMATE, name]), "mid_year"].max())
        if reaches < last:
            how = "the last births given" if births is not None and len(births) else "births held"
            yield f"The projection {name!r} ends at mid-{reaches}: it is continued along cohorts, with {how}."
