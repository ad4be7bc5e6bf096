"""Children who live by the true rates, one by one: where each with a plan is at every January, how they come and go.

A year is: some plans cease, the others may change placement, everyone moves up a year group, then first plans
are made and plans arrive from other authorities. Nobody's plan is made and ceases between the same two censuses.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import NC_YEARS
from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.rates import NEEDS, PROVISIONS

Array = np.ndarray
STOCK, START, ARRIVE = "stock", "start", "arrive"
_SHAPE: Final = (len(NAMES), len(NEEDS), len(NC_YEARS), len(PROVISIONS))


@dataclass(frozen=True, eq=False)
class Lives:
    """Every child who has a plan at some January."""

    children: pd.DataFrame
    """Indexed by child: district, need (labels), came (`stock`, `start`, `arrive`), first and last January with a
    plan, nc_first (year group at the first)."""
    states: pd.DataFrame
    """child, year, nc_year, provision (label): one row for each January with a plan, by child, then year."""


def live(rates: xr.Dataset, people: Array, seed: int) -> Lives:
    """Carry children from the January before the first year of `rates` to the last.

    Parameters
    ----------
    rates : from `rates.true_rates`
    people : (year, district, nc_year)
        Residents in the January before the first year and in each year.
    seed : says what becomes of each child
    """
    rng = np.random.default_rng([seed, 2])
    years = rates["year"].to_numpy().tolist()
    now = _drawn(rng, rates["stock"].to_numpy() * people[0][:, None, :, None])
    now["child"] = np.arange(len(now))
    states, born = [now.assign(year=years[0] - 1)], [now.assign(came=STOCK)]
    count = len(now)
    for at, year in enumerate(years):
        kept = _kept(rng, now, rates)
        new = _newcomers(rng, rates.sel(year=year), people[at + 1])
        new["child"] = count + np.arange(len(new))
        count += len(new)
        now = pd.concat([kept, new[list(kept)]], ignore_index=True)
        states.append(now.assign(year=year))
        born.append(new)
    return _lives(pd.concat(states, ignore_index=True), pd.concat(born, ignore_index=True))


def expected(rates: xr.Dataset, people: Array) -> Array:
    """Children with a plan expected at each January: the rates multiplied out.

    Parameters
    ----------
    rates, people : as in `live`

    Returns
    -------
    (year, district, need, nc_year, provision)
    """
    stock = rates["stock"].to_numpy() * people[0][:, None, :, None]
    out = [stock]
    for at, _ in enumerate(rates["year"].to_numpy()):
        staying = stock * (1 - rates["leave"].to_numpy()[:, None])
        placed = np.einsum("dnap,dnapq->dnaq", staying, rates["move"].to_numpy())
        stock = np.concatenate([np.zeros_like(placed[:, :, :1]), placed[:, :, :-1]], axis=2)
        stock = stock + _starts(rates.isel(year=at), people[at + 1]) + _arrivals(rates, people[at + 1])
        out.append(stock)
    return np.stack(out)


def _starts(rates: xr.Dataset, people: Array) -> Array:
    """(district, need, nc_year, provision) first plans expected in a year."""
    made = rates["start"].to_numpy() * people[:, None, :]
    return np.asarray(made[..., None] * rates["start_mix"].to_numpy())


def _arrivals(rates: xr.Dataset, people: Array) -> Array:
    """(district, need, nc_year, provision) plans expected from other authorities in a year."""
    brought = rates["arrive"].to_numpy() * people
    return np.einsum("da,anp->dnap", brought, rates["arrive_mix"].to_numpy())


def _drawn(rng: np.random.Generator, mean: Array) -> pd.DataFrame:
    """Children of a Poisson number in each cell: district, need, nc_year, provision as positions."""
    cells = np.repeat(np.arange(mean.size), rng.poisson(mean.ravel()))
    return pd.DataFrame(
        dict(zip(("district", "need", "nc_year", "provision"), np.unravel_index(cells, _SHAPE), strict=True))
    )


def _kept(rng: np.random.Generator, now: pd.DataFrame, rates: xr.Dataset) -> pd.DataFrame:
    """Those whose plan goes on, a year group older, in their next placement."""
    district, need, nc_year, place = (now[name].to_numpy() for name in ("district", "need", "nc_year", "provision"))
    stays = rng.random(len(now)) >= rates["leave"].to_numpy()[district, nc_year, place]
    rows = rates["move"].to_numpy()[district, need, nc_year, place].cumsum(axis=1)
    onward = (rng.random(len(now))[:, None] >= rows).sum(axis=1)
    moved = now.assign(nc_year=nc_year + 1, provision=np.minimum(onward, len(PROVISIONS) - 1))
    return moved[stays]


def _newcomers(rng: np.random.Generator, rates: xr.Dataset, people: Array) -> pd.DataFrame:
    started = _drawn(rng, _starts(rates, people)).assign(came=START)
    return pd.concat([started, _drawn(rng, _arrivals(rates, people)).assign(came=ARRIVE)], ignore_index=True)


def _lives(states: pd.DataFrame, born: pd.DataFrame) -> Lives:
    states = states.sort_values(["child", "year"], kind="stable", ignore_index=True)
    spans = states.groupby("child")["year"].agg(["min", "max"])
    children = born.set_index("child").sort_index()
    children = children.assign(
        district=np.array(NAMES)[children["district"]],
        need=np.array(NEEDS)[children["need"]],
        first=spans["min"],
        last=spans["max"],
        nc_first=np.array(NC_YEARS)[children["nc_year"]],
    )
    states = states.assign(
        nc_year=np.array(NC_YEARS)[states["nc_year"]], provision=np.array(list(PROVISIONS))[states["provision"]]
    )
    return Lives(
        children[["district", "need", "came", "first", "last", "nc_first"]],
        states[["child", "year", "nc_year", "provision"]],
    )
