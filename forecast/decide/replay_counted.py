"""At an earlier census, what would a size have been advised, and what came: by a council's own counts.

The area's tables are cut off at the January chosen and carried on with its own rates only: the constant-rate model,
which knows nothing of England and so of nothing later. It is *not* the model that advises today: that one leans on
what all authorities taught up to now, and cut off at an earlier January it would still know what came. So this replay
shows how far a council's own counts alone would have led, for the very needs, ages and districts asked about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.axes import bands_of
from forecast.decide.replay import LEVELS, NoReplay
from forecast.domain import ALL, NC_YEARS
from forecast.errors import UnknownLabel
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.ons import ESTIMATE
from forecast.model.constant import simulate
from forecast.model.constant_counts import Seen, census_stock
from forecast.model.people import residents
from forecast.pipeline_constant import area_seen
from forecast.places.size_rules import by_thumb
from forecast.settings import Settings

LEAST: Final = 3
"""Censuses from which on there is a year of moves, a January to advise at, and one to compare with."""
RULES: Final = {**{f"constant rates, P{share * 100:.0f}": name for name, share in LEVELS.items() if share >= 1 / 2}}
"""Rule -> the column of the forecast that is its size."""
UNDATED: Final = ("births", "migration", "housing", "yields", "places")
"""Tables whose rows may have been written after any January, and so are left out."""


@dataclass(frozen=True)
class Group:
    """Children that a replay is about, checked against the area's labels."""

    provision: str
    nc_from: int
    nc_to: int
    needs: tuple[str, ...]
    districts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CountedReplay:
    """A group of children, as an earlier January would have forecast them by the area's own rates."""

    about: About
    group: Group
    origin: int
    """January advised at."""
    years: tuple[int, ...]
    """Januaries that end the twelve months whose rates were held."""
    now: int
    """Children of the group at the origin."""
    by_year: pd.DataFrame
    """A row a later January: year, p10, p50, p80, p90 (children forecast), counted (children)."""
    advice: pd.DataFrame
    """A row a rule and later January: year, rule, more (places, than children at the origin; below 0 is fewer), short
    (children without a place), empty (places)."""
    guessed: int
    """Suppressed cells of the censuses used, taken at the middle of what they may be."""


def replay_counted(
    area: Area,
    origin: int,
    settings: Settings,
    *,
    provision: str,
    nc_from: int,
    nc_to: int,
    needs: Sequence[str] = (),
    districts: Sequence[str] = (),
) -> CountedReplay:
    """What the area's own rates would have advised at January `origin`, and what was counted since.

    Parameters
    ----------
    settings : its draws and seed are used
    provision, needs, districts : labels of the area; all needs, all districts, if left out
    nc_from, nc_to : first and last year group

    Raises
    ------
    UnknownLabel
        A label is not the area's, or there is no such year group.
    NoReplay
        The area does not count its own moves, or too few censuses, or has no such January, or no such children.
    NotCounted
        A table lacks children by need, year group and kind of place, or has suppressed flows.
    """
    group = _group(area.about, provision, (nc_from, nc_to), needs, districts)
    _can_replay(area, origin)
    later = _censuses(area)
    later = later[later.index(origin) + 1 :]
    then = cut_off(area, origin)
    counted = area_seen(then)
    came = [_came(area, year, group) for year in (origin, *later)]
    by_year = forecast_then(then, counted, group, later, settings).assign(
        counted=[children for children, _ in came[1:]]
    )
    return CountedReplay(
        about=area.about,
        group=group,
        origin=origin,
        years=counted.years,
        now=came[0][0],
        by_year=by_year,
        advice=_advice(by_year, origin, came[0][0]),
        guessed=sum(guessed for _, guessed in came),
    )


def replayable(area: Area) -> list[int]:
    """Januaries of an area that can be replayed; none where it counts too few censuses, or no moves."""
    years = _censuses(area)
    moved = set(area.moves["year"]) & set(area.flows["year"])
    return [year for year in years[:-1] if any(other <= year for other in moved)]


def cut_off(area: Area, origin: int) -> Area:
    """The area as it would have been read after the census of January `origin`: nothing dated later, nor undated.

    Projections of its population are left out: their tables do not say when they were made.
    """
    population = area.population
    known = population["variant"].eq(ESTIMATE) & population["mid_year"].lt(origin)
    tables: dict[str, Any] = {
        name: table[table["year"].le(origin)] for name, table in area.tables.items() if "year" in table
    }
    tables |= {name: area.tables[name].iloc[:0] for name in UNDATED} | {"population": population[known]}
    about = area.about.model_copy(update={"latest_census": origin})
    return replace(area, about=about, **{name: table.reset_index(drop=True) for name, table in tables.items()})


def forecast_then(then: Area, counted: Seen, group: Group, years: Sequence[int], settings: Settings) -> pd.DataFrame:
    """Children of the group at later Januaries, by the rates that had been counted: columns year, p10, p50, p80, p90.

    Parameters
    ----------
    then, counted : the area cut off at its origin, and what it had counted by then
    """
    about, origin = then.about, then.about.latest_census
    people = residents(then.population, about.district_names, range(origin + 1, max(years) + 1))
    bands = bands_of((group.nc_from, group.nc_to))
    drawn = simulate(counted, people.to_numpy(), settings.draws, settings.seed, bands, uncertain=True)
    mine = [at for at, first in enumerate(bands) if group.nc_from <= first <= group.nc_to]
    chosen = drawn[:, :, _districts(about, group)][:, :, :, _states(about, group)][..., mine].sum(axis=(2, 3, 4))
    ahead = [year - origin for year in years]
    levels = np.rint(np.quantile(chosen[:, ahead], list(LEVELS.values()), axis=0)).astype(int)
    return pd.DataFrame({"year": list(years), **dict(zip(LEVELS, levels, strict=True))})


def _group(
    about: About, provision: str, ages: tuple[int, int], needs: Sequence[str], districts: Sequence[str]
) -> Group:
    """The group asked for, every label known."""
    asked = {"kind of place": [provision], "need": needs, "district": districts, "year group": ages}
    known = {
        "kind of place": [*about.provisions],
        "need": [*about.needs],
        "district": about.district_names,
        "year group": NC_YEARS,
    }
    for kind, labels in asked.items():
        for label in labels:
            if label not in known[kind]:
                raise UnknownLabel(kind, str(label), map(str, known[kind]))
    if ages[0] > ages[1]:
        raise NoReplay(f"Year groups {ages[0]} to {ages[1]} hold nobody", "write the younger first")
    return Group(provision, *ages, tuple(needs) or tuple(about.needs), tuple(districts) or about.district_names)


def _can_replay(area: Area, origin: int) -> None:
    """Raise NoReplay unless there is a year of moves up to `origin`, and a census after it."""
    name, years = area.about.name, _censuses(area)
    if area.about.kind == "published":
        why = f"{name} has published figures only, which follow no need, age and district together"
        raise NoReplay(why, "replay all its state special places, or import the council's own counts")
    known = replayable(area)
    if not known:
        why = f"{name} has {len(years)} census{'' if len(years) == 1 else 'es'}, and no moves before the last of them"
        raise NoReplay(why, f"import earlier returns: a replay needs {LEAST} censuses and the moves between them")
    if origin not in known:
        gone = "is the latest, and nothing has come since" if origin == years[-1] else "cannot be replayed"
        raise NoReplay(f"January {origin} of {name} {gone}", f"choose from {', '.join(map(str, known))}")


def _censuses(area: Area) -> list[int]:
    """Januaries counted by need, up to the latest census."""
    placements = area.placements
    whole = placements[["need", "provision"]].isin([ALL]).any(axis=1)
    years = set(placements.loc[placements["nc_from"].eq(placements["nc_to"]) & ~whole, "year"])
    return sorted(int(year) for year in years if year <= area.about.latest_census)


def _districts(about: About, group: Group) -> list[int]:
    return [about.district_names.index(name) for name in group.districts]


def _states(about: About, group: Group) -> list[int]:
    """Positions of the group's needs in its kind of place, on the axis `state`."""
    kinds, needs = list(about.provisions), list(about.needs)
    return [needs.index(need) * len(kinds) + kinds.index(group.provision) for need in group.needs]


def _came(area: Area, year: int, group: Group) -> tuple[int, int]:
    """Children of the group at a census, and how many cells of it are suppressed."""
    about = area.about
    labels = {"district": about.district_names, "need": list(about.needs), "provision": list(about.provisions)}
    stock, guessed = census_stock(area.placements, labels, year)
    ages = slice(group.nc_from - NC_YEARS[0], group.nc_to - NC_YEARS[0] + 1)
    return round(float(stock[_districts(about, group)][:, _states(about, group), ages].sum())), guessed


def _advice(by_year: pd.DataFrame, origin: int, now: int) -> pd.DataFrame:
    """Each rule's places at each later January, and how they would have turned out."""
    years, came = by_year["year"], by_year["counted"]
    thumbs = pd.DataFrame([by_thumb(np.array(float(now)), year - origin) for year in years]).astype(float)
    sizes = {rule: by_year[name] for rule, name in RULES.items()} | {rule: thumbs[rule].round() for rule in thumbs}
    parts = [
        pd.DataFrame({"year": years, "rule": rule, "more": size - now, "short": came - size, "empty": size - came})
        for rule, size in sizes.items()
    ]
    table = pd.concat(parts, ignore_index=True).astype(dict.fromkeys(("more", "short", "empty"), int))
    return table.assign(short=table["short"].clip(lower=0), empty=table["empty"].clip(lower=0))
