"""What an area's children, places and changes cost in a forecast, by year, future and who pays.

Pounds are real and undiscounted; capital counts in the year in which it is spent. `bill_lines` says what a line is.
What has no price is not in a bill: `gaps` tells it.
"""

import numpy as np
import pandas as pd
import xarray as xr

from forecast.decide.bill_lines import AXES, Kind, children_by_need, lines_of, years_by_need
from forecast.decide.unit_prices import ChildYear, PriceLists, child_year, price_lists
from forecast.model.raking import Array
from forecast.projection import Projection
from forecast.scenario.spending import Payer


def unit_prices(projection: Projection) -> xr.DataArray:
    """Pounds of a child's year in each kind of place, by who pays: (draw, year, provision, payer).

    High needs block: place and top-up, or fee. General fund: transport. Not a number where no price is known. Where
    prices differ by need, the mean over those who were in that kind of place at the latest census, so that two
    scenarios meet the same price.

    Raises
    ------
    NoPrices
        The forecast holds none.
    """
    lists, held = price_lists(projection), children_by_need(projection).isel(year=0).mean("draw")
    labels = list(projection.about.provisions)
    mean = [_mean_year(projection, lists, label, held.sel(provision=label).to_numpy()) for label in labels]
    table = np.stack([np.stack([year.place, year.transport], axis=2) for year in mean], axis=2)
    axes = {axis: projection.demand[axis].to_numpy() for axis in AXES}
    coords = {**axes, "provision": labels, "payer": [Payer.HIGH_NEEDS.value, Payer.GENERAL_FUND.value]}
    return xr.DataArray(table, coords=coords, dims=tuple(coords))


def bill(projection: Projection) -> xr.DataArray:
    """Real pounds a year, undiscounted: (draw, year, line), with the coordinates `payer`, `kind` and `provision`.

    `kind` is a word of `Kind`; `provision` the label that a line is of, or empty. The sum over `line` is the whole
    bill; what `gaps` tells is not in it.

    Raises
    ------
    NoPrices
        The forecast holds none.
    """
    lines = [line for line in lines_of(projection) if line.priced]
    axes = {axis: projection.demand[axis].to_numpy() for axis in AXES}
    table = np.zeros((*(len(labels) for labels in axes.values()), len(lines)))
    for at, line in enumerate(lines):
        table[:, :, at] = line.pounds
    told = {
        "line": _apart([line.name for line in lines]),
        "payer": [line.payer.value for line in lines],
        "kind": [line.kind.value for line in lines],
        "provision": [line.provision for line in lines],
    }
    of_lines = {name: ("line", np.array(words, dtype=object)) for name, words in told.items()}
    return xr.DataArray(table, coords=axes | of_lines, dims=(*AXES, "line"))


def by_payer(costs: xr.DataArray) -> xr.DataArray:
    """A bill by who pays, each of them there: (draw, year, payer)."""
    return _summed(costs, "payer", [payer.value for payer in Payer])


def by_kind(costs: xr.DataArray) -> xr.DataArray:
    """A bill by what it is for: (draw, year, kind); each kind is there, but children without a plan only if counted."""
    there = costs["kind"].to_numpy()
    return _summed(costs, "kind", [kind.value for kind in Kind if kind is not Kind.WITHOUT_PLAN or kind.value in there])


def gaps(projection: Projection) -> pd.DataFrame:
    """What the bill leaves out because nothing says its price: a row a line and January.

    Returns
    -------
    columns line, kind, provision, year, units
        `units`: children, places or units of a change, the mean of the futures. A line of which there never are any is
        left out.

    Raises
    ------
    NoPrices
        The forecast holds none.
    """
    years = projection.demand["year"].to_numpy().tolist()
    rows = [
        (line.name, line.kind.value, line.provision, year, units)
        for line in lines_of(projection)
        if not line.priced and line.units.any()
        for year, units in zip(years, line.units.mean(axis=0).tolist(), strict=True)
    ]
    return pd.DataFrame(rows, columns=["line", "kind", "provision", "year", "units"])


def _summed(costs: xr.DataArray, by: str, labels: list[str]) -> xr.DataArray:
    """A bill summed over the lines that share a word of the coordinate `by`."""
    words, table = costs[by].to_numpy(), costs.transpose(*AXES, "line").to_numpy()
    sums = np.stack([table[:, :, words == label].sum(axis=2) for label in labels], axis=2)
    coords = {axis: costs[axis].to_numpy() for axis in AXES} | {by: labels}
    return xr.DataArray(sums, coords=coords, dims=(*AXES, by))


def _mean_year(projection: Projection, lists: PriceLists, label: str, weights: Array) -> ChildYear:
    """A child's year in a kind of place, the mean over needs.

    Parameters
    ----------
    weights : (need)
        Children at the latest census.
    """
    code = str(projection.about.provisions[label])
    told_apart = lists.tell_apart(list(map(str, projection.about.needs.values())))
    if not told_apart or not weights.any():
        return child_year(lists, code)
    year, shares = years_by_need(projection, lists, code), weights / weights.sum()
    return ChildYear(year.place @ shares, year.transport @ shares)


def _apart(names: list[str]) -> list[str]:
    """Names of lines, each its own: a second "bus passes" becomes "bus passes (2)"."""
    return [f"{name} ({names[:at].count(name) + 1})" if name in names[:at] else name for at, name in enumerate(names)]
