"""Every authority's forecast from one January, shared out over workers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from forecast.inputs.rows import grand_total
from forecast.inputs.sen2 import Release
from forecast.series.build import Beside, build
from forecast.series.level import level
from forecast.series.outlook import Outlook, central_of, described, origins_needed, outlook
from forecast.series.panel import GROWTH_YEARS, NothingKnown, Panel
from forecast.series.targets import PLANS, SPECIAL_ALL, TARGETS
from forecast.workers import Opener, Progress, in_parallel, quietly

COLUMNS = ("la_code", "la_name", "target", "year", "mean", "p10", "p50", "p90")
CHUNK = 20
"""Authorities in one task."""


@dataclass(frozen=True)
class Wanted:
    """What is asked for."""

    origin: int
    """January to forecast from."""
    to: int
    """Last January forecast."""
    draws: int
    seed: int


@dataclass(frozen=True)
class EnglandForecast:
    """Every authority's forecast, and what could not be used."""

    table: pd.DataFrame
    """In `COLUMNS`: children, in the order of code, target and year."""
    left_out: pd.DataFrame
    """la_code, la_name, target, year, reason: figures that were not used, and authorities without a forecast."""


@dataclass(frozen=True)
class _Authority:
    """One authority of the census forecast from."""

    code: str
    name: str
    unit: str
    share: Mapping[str, float]
    """Target -> the authority's part of the unit's children."""


def forecast_england(
    release: Release,
    beside: Beside,
    wanted: Wanted,
    opener: Opener | None = None,
    done: Progress = quietly,
) -> EnglandForecast:
    """Forecast every authority of the census of January `wanted.origin` from what was known then.

    Everything is learned afresh from the figures dated before; no fitted model is read.

    Raises
    ------
    NothingKnown
        The releases hold no such census, or too few before it.
    """
    can_start(release, wanted.origin)
    panel = build(release, beside)
    known = panel.as_known(wanted.origin)
    authorities = _authorities(release, beside, known)
    origins = origins_needed(wanted.origin, panel.first)
    chunks = [authorities[at : at + CHUNK] for at in range(0, len(authorities), CHUNK)]
    whole = len(origins) + len(chunks)
    steps = in_parallel(
        partial(central_of, known, wanted.origin, wanted.to - wanted.origin),
        list(origins),
        opener,
        lambda finished, _: done(finished, whole),
    )
    made = outlook(known, wanted.origin, dict(zip(origins, steps, strict=True)))
    tables = in_parallel(
        partial(_described, made, wanted), chunks, opener, lambda finished, _: done(len(origins) + finished, whole)
    )
    table = pd.concat(tables, ignore_index=True)
    absent = table[table["p50"].isna()]
    return EnglandForecast(
        table.dropna(subset=["p50"]).reset_index(drop=True), _left_out(known, authorities, absent, wanted.origin)
    )


def can_start(release: Release, origin: int) -> None:
    """Refuse a January without a census, or without enough of them before it.

    Raises
    ------
    NothingKnown
    """
    rows = release.placements
    years = rows.loc[grand_total(rows) & rows["la_code"].str.fullmatch(r"\d{3}"), "year"]
    first, last = int(years.min()), int(years.max())
    if origin not in set(years) or origin < first + GROWTH_YEARS:
        raise NothingKnown(origin, first, last)


def _described(made: Outlook, wanted: Wanted, authorities: Sequence[_Authority]) -> pd.DataFrame:
    """Rows of some authorities."""
    tables = []
    for authority in authorities:
        table = described(made, authority.unit, authority.share, wanted.draws, wanted.seed)
        tables.append(table.assign(la_code=authority.code, la_name=authority.name))
    return pd.concat(tables, ignore_index=True)[list(COLUMNS)]


def _authorities(release: Release, beside: Beside, known: Panel) -> list[_Authority]:
    """Authorities that the census forecast from has, in code order."""
    alone = build(release, replace(beside, units={})).as_known(known.latest)
    names = release.authorities.set_index("la_code")["name"]
    plans = alone.at(PLANS, known.latest).dropna()
    return [
        _Authority(str(code), str(names[code]), unit, _shares(alone, known, str(code), unit))
        for code in plans.index
        for unit in [beside.units.get(str(code), str(code))]
    ]


def _shares(alone: Panel, known: Panel, code: str, unit: str) -> dict[str, float]:
    """An authority's part of its unit's children, by target; of its plans, where the target has no figure."""
    if unit == code:
        return dict.fromkeys(TARGETS, 1.0)
    parts = {
        target: float(alone.at(target, known.latest)[code] / whole) if whole > 0 else np.nan
        for target in TARGETS
        for whole in [known.at(target, known.latest)[unit]]
    }
    return {target: parts[PLANS] if np.isnan(part) else part for target, part in parts.items()}


def _left_out(known: Panel, authorities: Sequence[_Authority], absent: pd.DataFrame, origin: int) -> pd.DataFrame:
    """What was not used of the last years, by authority, and who has no forecast of what."""
    rows = [
        (authority.code, authority.name, target, year, reason)
        for unit, target, year, reason in known.left_out.itertuples(index=False)
        for authority in authorities
        if authority.unit == unit
    ]
    rows += [
        (authority.code, authority.name, TARGETS[target], origin, reason)
        for target, replaced in _replaced(known).items()
        for authority in authorities
        for reason in [replaced.get(authority.unit)]
        if reason
    ]
    for code, name, target in absent[["la_code", "la_name", "target"]].drop_duplicates().itertuples(index=False):
        rows.append((code, name, TARGETS[target], origin, "no forecast: too little published in the last years"))
    rows += [
        (
            authority.code,
            authority.name,
            "every series",
            origin,
            f"reorganised: followed as {authority.unit}, and given its share of plans",
        )
        for authority in authorities
        if authority.unit != authority.code
    ]
    return pd.DataFrame(rows, columns=["la_code", "la_name", "target", "year", "reason"])


def _replaced(known: Panel) -> dict[str, dict[str, str]]:
    """Target -> unit -> why its last figure is not what the forecast starts from."""
    found = {}
    for target in TARGETS:
        if target == SPECIAL_ALL:
            continue
        last, start = known.at(target, known.latest), level(known, target)
        found[target] = {
            str(unit): _BELIED if pd.notna(last[unit]) else _CARRIED for unit in start.replaced.index[start.replaced]
        }
    return found


_BELIED = "break in series: so great a fall is not believed, and the median of three years stands in"
_CARRIED = "carried on from an earlier census along England's growth"
