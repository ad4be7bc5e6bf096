"""How long the children whom a lever sends elsewhere are there: what is paid for each of them ends when they leave."""

from collections.abc import Sequence

import xarray as xr

from forecast.model.fixed import LEAST_ROOM
from forecast.model.shifts import Way


def still_there(
    drivers: xr.Dataset, ends: tuple[str, str], where: xr.DataArray, ways: Sequence[Way], years: int
) -> tuple[float, ...]:
    """Share of the children sent in a year who are where they were sent 0, 1, 2, ... years on.

    They lose their plan, and move on to another kind of place, as often as children of their age and need who are there
    anyway. A child who would move on and is sent back counts as newly sent. Of which ages and needs they are is taken
    from those who come in the first year of the forecast, whatever a scenario changes.

    Parameters
    ----------
    ends : labels of `provision`: where the children would go, and where they go instead
    where : any of district, need, nc_year (the year group that a child comes to); true where children are sent
    ways : which children are met
    years : how many shares to give
    """
    there, goal = _met(drivers, ends[0], ways).where(where, 0.0), ends[1]
    all_of = float(there.sum())
    if not all_of > 0:
        return (1.0,) * years  # of nobody
    stay = (1 - _usual(drivers["leave"]).sel(provision=goal, drop=True)) * _moving(drivers, goal, goal)
    found = []
    for _ in range(years):
        found.append(float(there.sum()) / all_of)
        there = _older(there * stay)
    return tuple(found)


def _met(drivers: xr.Dataset, source: str, ways: Sequence[Way]) -> xr.DataArray:
    """Children who come to a kind of place in some ways in the first year: by need, nc_year and, if there, district."""
    stock = drivers["stock"]
    kept = stock * (1 - _usual(drivers["leave"]))
    come = {
        name: _older(kept.sel(provision=name, drop=True) * _moving(drivers, name, source)) for name in _kinds(drivers)
    }
    staying = come.pop(source)
    people = _usual(drivers["population"].isel(year=0, drop=True))
    come_with_one = _usual(drivers["arrive"].isel(year=0, drop=True))
    held = (_older(kept) + come_with_one).sum(["need", "provision"])
    room = (float(drivers["ceiling"].mean()) * people - held).clip(min=LEAST_ROOM * people)
    rate = _usual(drivers["start_rate"].isel(year=0, drop=True))
    starts = room * rate * _usual(drivers["start_mix"]).sel(provision=source, drop=True)
    by_way = {Way.STARTS: starts, Way.MOVERS: sum(come.values(), xr.zeros_like(staying)), Way.STAYING: staying}
    return sum((by_way[way] for way in ways), xr.zeros_like(staying))


def _kinds(drivers: xr.Dataset) -> list[str]:
    return [str(name) for name in drivers["provision"].to_numpy()]


def _moving(drivers: xr.Dataset, source: str, goal: str) -> xr.DataArray:
    """Chance to be in a kind of place next January, of those who keep their plan."""
    return _usual(drivers["move"].sel(provision=source, to=goal, drop=True))


def _usual(array: xr.DataArray) -> xr.DataArray:
    """The mean of draws and years."""
    return array.mean([axis for axis in ("draw", "year") if axis in array.dims])


def _older(children: xr.DataArray) -> xr.DataArray:
    """Children a year on, those of the last year group gone."""
    return children.shift(nc_year=1, fill_value=0.0)
