"""What a change moved in the drivers: each variable compared before and after, in words and units of the trade.

A figure is the mean of the futures, over the cells that the change touched, children weighted as they are there. The
cells are told axis by axis, so that of a change in two cells that differ in both need and district all four are meant.
"""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Final

import numpy as np
import xarray as xr

from forecast.model.shifts import VARIABLES as OF_SHIFTS
from forecast.model.shifts import Way
from forecast.scenario import difference_ap
from forecast.scenario.spoken import said_of_cells


@dataclass(frozen=True)
class Difference:
    """One figure before and after a change."""

    what: str
    """In words, such as "first plans"."""
    cells: str = ""
    """Districts, needs and year groups in words; empty where all are meant."""
    year: int | None = None
    """January; None where the figure has no year."""
    old: float | str | None = None
    """None where there was none."""
    new: float | str | None = None
    unit: str = ""


@dataclass(frozen=True)
class _Measure:
    """How a variable of the drivers is told."""

    what: str
    unit: str
    times: float = 1.0
    """Multiplies the figure, so that it is in `unit`."""
    sums: tuple[str, ...] = ()
    """Axes summed over; the mean is taken over the others."""
    by: str = ""
    """Axis of which each label is a figure of its own."""
    weight: str = ""
    """Variable by which the mean is weighted, or `_STARTS`."""


_STARTS: Final = "first plans"
"""Weight by the first plans of each cell, of which no variable says how many they are."""
_EVERY: Final = ("district", "need", "nc_year", "provision")
_OF_AP: Final = ("district", "key_stage", "reason", "setting")
_MEASURES: Final[Mapping[str, _Measure]] = {
    "population": _Measure("residents", "people", sums=_EVERY),
    "population_now": _Measure("residents at the census", "people", sums=_EVERY),
    "stock": _Measure("children with a plan at the census", "children", sums=_EVERY),
    "arrive": _Measure("children who come with a plan", "children a year", sums=_EVERY),
    "start_rate": _Measure(
        "first plans", "in 1,000 children a year who could have one", 1000, ("need",), weight="population"
    ),
    "ceiling": _Measure("most children of one age who could ever hold a plan", "in 100", 100),
    "start_mix": _Measure("where first plans are placed", "in 100 first plans", 100, by="provision", weight=_STARTS),
    "leave": _Measure("plans that end", "in 100 a year", 100, weight="stock"),
    "leave_multiple": _Measure("plans that end, as a multiple", "times"),
    "move": _Measure("where those who keep their plan are a year later", "in 100", 100, by="to", weight="stock"),
    "entrants": _Measure("children who come to a kind of place, as a multiple", "times", by="to"),
    "ap_coming": _Measure("children without a plan who come to alternative provision", "children a year", sums=_OF_AP),
    "ap_helped": _Measure("children supported in their own schools by alternative provision", "children a year"),
    "ap_days": _Measure("a stay in alternative provision without a plan", "calendar days", weight="ap_stays"),
    "ap_in_transition": _Measure(
        "who takes a transition place in alternative provision",
        "in 100 who come without a plan",
        100,
        weight="ap_stays",
    ),
    "ap_returning": _Measure(
        "who returns to a mainstream school from alternative provision",
        "in 100 who leave without a plan",
        100,
        weight="ap_stays",
    ),
}
"""Variable of the drivers, or of `difference_ap.figures` -> how it is told; any other by its name, as a mean."""
_BEFORE: Final[Mapping[str, float]] = {"leave_multiple": 1.0}
"""What a variable is while the drivers do not hold it; any other is 0."""
_COME: Final = {Way.STARTS: "first plans", Way.MOVERS: "moves", Way.STAYING: "children who stay"}
"""How children come to their places, in words."""
_UNTOLD: Final = {"arrive_before", *difference_ap.TOLD}
"""Variables that say over again what another one does, or that figures made of them tell."""


def drivers_differ(before: xr.Dataset, after: xr.Dataset) -> Iterator[Difference]:
    """Figures of the drivers that differ, each with its years; none where they are the very same."""
    if after is before:
        return
    for name in map(str, after.data_vars):
        if name in OF_SHIFTS or name in _UNTOLD:
            continue
        new = after[name]
        old = before[name] if name in before else xr.full_like(new, _BEFORE.get(name, 0.0))
        if old.variable.data is not new.variable.data:
            yield from _moved(name, old, new, before)
    yield from _of_ap(before, after)
    yield from _shifted(before, after)


def _of_ap(before: xr.Dataset, after: xr.Dataset) -> Iterator[Difference]:
    """Figures on alternative provision that levers on it changed."""
    names = [*difference_ap.changed(before, after)]
    if names:
        was, now = (difference_ap.figures(drivers) for drivers in (before, after))
        for name in names:
            yield from _moved(name, was[name], now[name], was)


def _moved(name: str, old: xr.DataArray, new: xr.DataArray, before: xr.Dataset) -> Iterator[Difference]:
    """Figures of one variable, year by year."""
    differs = old != new
    differs = differs.any("draw") if "draw" in differs.dims else differs
    if not bool(differs.any()):
        return
    measure = _MEASURES.get(name, _Measure(name.replace("_", " "), ""))
    cells = {axis: differs[axis].to_numpy()[_any_but(differs, axis)] for axis in differs.dims}
    old, new = (_mean_in(each, cells).broadcast_like(differs.sel(cells)) for each in (old, new))
    weight = _weight(before, measure.weight, cells)
    told = said_of_cells({
        str(axis): labels.tolist()
        for axis, labels in cells.items()
        if axis not in {"year", measure.by} and len(labels) < differs.sizes[axis]
    })  # fmt: skip
    pair = [_figures(each, measure, weight) for each in (old, new)]
    for label in cells.get(measure.by, [None]):
        said = f"{measure.what}: {label}" if label else measure.what
        one, other = (each.sel({measure.by: label}) if label else each for each in pair)
        for year in cells.get("year", [None]):
            was, now = (float(each.sel(year=year) if year else each) for each in (one, other))
            yield Difference(said, told, int(year) if year else None, was, now, measure.unit)


def _any_but(differs: xr.DataArray, axis: Hashable) -> np.ndarray:
    """Labels of an axis for which anything differs: true or false."""
    return differs.any([other for other in differs.dims if other != axis]).to_numpy()


def _mean_in(array: xr.DataArray, cells: Mapping[Hashable, np.ndarray]) -> xr.DataArray:
    """The mean of the futures in these cells."""
    mine = array.sel({axis: labels for axis, labels in cells.items() if axis in array.dims})
    return mine.mean("draw", skipna=False) if "draw" in array.dims else mine


def _weight(before: xr.Dataset, name: str, cells: Mapping[Hashable, np.ndarray]) -> xr.DataArray:
    """How many children there are in each cell; 1 where all cells count alike."""
    if not name:
        return xr.DataArray(1.0)
    parts = ("start_rate", "population") if name == _STARTS else (name,)
    return reduce(mul, (_mean_in(before[part], cells) for part in parts))


def _figures(array: xr.DataArray, measure: _Measure, weight: xr.DataArray) -> xr.DataArray:
    """`array` in the unit of its measure, by year and by its label."""
    kept = {"year", measure.by}
    mean_over = [axis for axis in {*array.dims, *weight.dims} - kept if axis not in measure.sums]
    weighed = array * weight
    whole = weight.broadcast_like(weighed).sum(mean_over)
    plain = array.mean([axis for axis in mean_over if axis in array.dims])
    mean = xr.where(whole > 0, weighed.sum(mean_over) / whole.where(whole > 0, 1.0), plain)
    return measure.times * mean.sum([axis for axis in measure.sums if axis in mean.dims])


def _shifted(before: xr.Dataset, after: xr.Dataset) -> Iterator[Difference]:
    """Shares that new shifts send elsewhere, year by year."""
    if "shift_share" not in after:
        return
    known = before["shift"].to_numpy().tolist() if "shift" in before else []
    for name in after["shift"].to_numpy().tolist():
        if name in known:
            continue
        shift = after.sel(shift=name)
        source, goal = (str(shift["shift_ends"].sel(end=end).item()) for end in ("source", "goal"))
        share = shift["shift_share"].mean("draw")
        for year in share["year"].to_numpy()[share.to_numpy() > 0].tolist():
            figure = 100 * float(share.sel(year=year))
            unit = f"in 100 who would come to {source}"
            yield Difference(f"children sent to {goal} instead of {source}", _met(shift), year, 0.0, figure, unit)


def _met(shift: xr.Dataset) -> str:
    """Whom a shift meets, in words."""
    where = shift["shift_where"]
    acts = {axis: where[axis].to_numpy()[_any_but(where, axis)] for axis in where.dims}
    said = {str(axis): labels.tolist() for axis, labels in acts.items() if len(labels) < where.sizes[axis]}
    ways = [words for way, words in _COME.items() if bool(shift["shift_ways"].sel(way=way))]
    return "; ".join(filter(None, (" and ".join(ways), said_of_cells(said))))
