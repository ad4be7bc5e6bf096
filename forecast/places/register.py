"""The register of places: how many are open at each January, and in which futures they come late or never.

A school that is planned may not be built, and may open late. Its luck in a future hangs on its own name and site
alone, so that another school beside it, another scenario or another month of opening changes nothing for it, and the
departments and stages of a school come together: the less likely of two is never built without the other.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.inputs.assumptions import Assumption
from forecast.model.luck import key, uniform
from forecast.model.raking import Array
from forecast.model.spread import half_normals

NEARLY_0: Final = 1e-9
"""Luck is taken to be no nearer to 0 or 1 than this."""
MIDDLES: Final = (np.arange(200) + 0.5) / 200
"""Equal parts of all luck, by the middle of each: what is expected is the mean over them."""
LONG_OPEN: Final = 1_200
"""Months that a school without a month of opening is taken to have been open."""
BUILT, LATE = 1, 2
"""What a uniform of a planned school decides."""
NAMED: Final = ("school", "site")
"""Columns that the luck of a row hangs on: a school's departments and stages are built and late together."""


@dataclass(frozen=True, eq=False)
class Register:
    """Places of the area's own register, as each future finds them."""

    rows: pd.DataFrame
    """Columns of `schemas.Places`; index 0, 1, ...: the labels of `place`."""
    open: xr.DataArray
    """Places open to the area's own children at each January: (draw, year, place)."""

    def by_provision(self, provisions: Sequence[str]) -> xr.DataArray:
        """Places of each kind: (draw, year, provision); not a number where the register has no school of it."""
        kinds, places = self.rows["provision"].to_numpy(), self.open.to_numpy()
        sums = [places[:, :, kinds == kind].sum(axis=2) if kind in kinds else np.nan for kind in provisions]
        table = np.stack([np.broadcast_to(total, places.shape[:2]) for total in sums], axis=2)
        axes = {axis: self.open[axis].to_numpy() for axis in ("draw", "year")}
        return xr.DataArray(table, coords={**axes, "provision": list(provisions)}, dims=("draw", "year", "provision"))


def drawn_register(
    places: pd.DataFrame, years: Sequence[int], draws: int, seed: int, late: Assumption
) -> Register | None:
    """Places by future, each planned school built or not and late by its own luck; None where none are listed.

    Parameters
    ----------
    places : columns of `schemas.Places`; rows that are assumed are left out
    years : Januaries, the latest census first
    late : months that a school opens late, where the register says nothing of it
    """
    rows = places[~places["assumed"]].reset_index(drop=True)
    if rows.empty:
        return None
    numbers = np.arange(draws)
    table = np.empty((draws, len(years), len(rows)))
    for at, row in enumerate(rows.to_dict("records")):
        own = key(seed, _number(row), numbers)
        built, months = uniform(own, BUILT), months_late(row, uniform(own, LATE), years[0], late)
        table[:, :, at] = _own_places(row) * share_open(row, years, months) * (built < _chance(row))[:, None]
    coords = {"draw": numbers, "year": list(years), "place": rows.index.to_numpy()}
    return Register(rows, xr.DataArray(table, coords=coords, dims=("draw", "year", "place")))


def places_open(
    places: pd.DataFrame, provisions: Sequence[str], years: Sequence[int], late: Assumption
) -> xr.DataArray:
    """Places expected to be open to the area's own children at each January: (year, provision).

    A school counts from the first January after it opens, at the share of its places that its ramp gives for that
    year, less the places that other areas' children take; one that may not be built, or may be late, counts in
    proportion to its chances. Not a number where the register has no school of a provision.

    Parameters
    ----------
    places : columns of `schemas.Places`
    years, late : as in `drawn_register`
    """
    table = np.full((len(years), len(provisions)), np.nan)
    for row in places.to_dict("records"):
        at = list(provisions).index(row["provision"])
        share = share_open(row, years, months_late(row, MIDDLES, years[0], late)).mean(axis=0)
        table[:, at] = np.nan_to_num(table[:, at]) + _own_places(row) * _chance(row) * share
    coords = {"year": list(years), "provision": list(provisions)}
    return xr.DataArray(table, coords=coords, dims=("year", "provision"))


def told_of(places: pd.DataFrame) -> pd.DataFrame:
    """Rows that say what there is: those that are listed or, where none is, those that are assumed."""
    return places if places["assumed"].all() else places[~places["assumed"]]


def ages_of(places: pd.DataFrame) -> list[tuple[int, int]]:
    """First and last year group of every school of a register."""
    return list(zip(places["nc_from"].tolist(), places["nc_to"].tolist(), strict=True))


def months_late(row: Mapping[Hashable, Any], luck: Array, census: int, late: Assumption) -> Array:
    """Months after its month of opening that a planned school opens, for each of `luck`; none for one that is open.

    Below and above the middle, months spread as the assumption's low and high say, in proportion to the middle that
    the register gives; never early.
    """
    if not row["opens"] or str(row["opens"]) <= f"{census}-01":
        return np.zeros(len(luck))
    given = row.get("delay")
    if given == 0:
        return np.zeros(len(luck))
    middle = late.value if given is None or pd.isna(given) else float(given)
    z = np.array([NormalDist().inv_cdf(min(max(u, NEARLY_0), 1 - NEARLY_0)) for u in luck])
    scale = middle / late.value if late.value else 1.0
    low, high = (middle + scale * (end - late.value) for end in (late.low, late.high))
    return np.maximum(half_normals(middle, low, high, z), 0)


def share_open(row: Mapping[Hashable, Any], years: Sequence[int], late: Array) -> Array:
    """Share of a school's places open at each January if it is built: (len(late), year).

    Parameters
    ----------
    late : months that it opens late
    """
    januaries = np.array([_month(f"{year}-01") for year in years])
    opens, closes, ramp = (str(row[field] or "") for field in ("opens", "closes", "ramp"))
    since = januaries - (_month(opens) + late[:, None] if opens else np.full((len(late), 1), -LONG_OPEN))
    shares = np.array([float(share) for share in ramp.split(";")] if opens and ramp else [1.0])
    step = np.clip(since // 12, 0, len(shares) - 1).astype(int)
    still = januaries < _month(closes) if closes else np.full(len(years), fill_value=True)
    return np.where((since >= 0) & still, shares[step], 0.0)


def _month(written: str) -> int:
    """Months since the year 0, of a month written "2027-09"."""
    return int(written[:4]) * 12 + int(written[5:])


def _own_places(row: Mapping[Hashable, Any]) -> float:
    return float(row["places"] - row["taken_by_others"])


def _chance(row: Mapping[Hashable, Any]) -> float:
    return 1.0 if pd.isna(row["probability"]) else float(row["probability"])


def _number(row: Mapping[Hashable, Any]) -> int:
    """A number of its own for what a row is called."""
    name = "|".join(str(row.get(field, "")) for field in NAMED)
    return int.from_bytes(sha256(name.encode()).digest()[:7], "big")
