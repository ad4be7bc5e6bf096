"""Small counties whose true rates are known: children live by them, and are counted as a council would count them.

Rates are England's, each moved at random for the county and again for each of its districts, by phase and kind of
place; the child's life is drawn cell by cell, so that every count is a whole number of children.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from builders_model import england

from forecast.axes import PHASE_OF
from forecast.domain import NC_YEARS, PHASES
from forecast.model.counted_flows import Counted
from forecast.model.counted_rates import kinds_of
from forecast.model.counted_tables import Frame
from forecast.model.margins import Labels

NEEDS = tuple(england()["need"].to_numpy().tolist())
PROVISIONS = tuple(england()["provision"].to_numpy().tolist())
SIX = ("Ashby", "Brook", "Coombe", "Dale", "Elm", "Fenny")
BASE = 2025
AGES = len(NC_YEARS)
KINDS = np.array(kinds_of({name: name for name in PROVISIONS}))


@dataclass(frozen=True)
class Truth:
    """What a county's children live by: (district, need, nc_year, provision), and for moves `to`."""

    people: np.ndarray
    """(district, nc_year)"""
    stock: np.ndarray
    leave: np.ndarray
    move: np.ndarray
    start: np.ndarray
    """First plans a year per resident: (district, need, nc_year)"""
    start_mix: np.ndarray
    arrive: np.ndarray
    """Children a year: (district, need, nc_year, provision)"""


def true_rates(seed=0, districts=6, plans=6000, apart=0.25, county=0.25):
    """Rates of a county whose districts differ by a standard deviation of `apart` on the log scale."""
    rng, given = np.random.default_rng(seed), england()
    nation = {name: given[name].to_numpy() for name in ("stock", "leave", "move", "start_rate", "start_mix")}
    scale = plans / nation["stock"].sum()
    size = rng.dirichlet(np.full(districts, 20.0))
    people = np.outer(size, given["residents"].to_numpy() * scale)

    def moved(*shape):
        """Multiples by phase for the county and each district: (district, 1, nc_year, *shape)."""
        whole = rng.normal(0, county, (1, 1, len(PHASES), *shape))
        own = rng.normal(0, apart, (districts, 1, len(PHASES), *shape))
        return np.exp(whole + own)[:, :, PHASE_OF]

    odds = nation["leave"] * moved(4)[..., KINDS]
    leave = np.broadcast_to(odds / (1 - nation["leave"] + odds), (districts, *nation["stock"].shape))
    enter = moved(len(PROVISIONS))
    stays = np.eye(len(PROVISIONS))
    away = nation["move"] * (1 - stays) * enter[:, :, :, None, :]
    away *= np.minimum(1, 0.95 / np.maximum(away.sum(axis=-1, keepdims=True), 1e-9))
    move = away + (1 - away.sum(axis=-1, keepdims=True)) * stays
    mix = nation["start_mix"] * enter
    start = nation["start_rate"] * moved()
    of_age = nation["stock"] / nation["stock"].sum(axis=(0, 2), keepdims=True).clip(1e-9)
    return Truth(
        people,
        nation["stock"] * scale * size[:, None, None, None],
        leave,
        move,
        start,
        mix / mix.sum(axis=-1, keepdims=True),
        (given["arrive_rate"].to_numpy() * people)[:, None, :, None] * of_age,
    )


def lived(truth, seed=0, years=4, *, luck=True):
    """Counts of the years to `BASE`: stock by January, and the flows of each year; expected ones without luck."""
    rng = np.random.default_rng([seed, 1])
    poisson = rng.poisson if luck else lambda mean: mean
    stock = {BASE - years: poisson(truth.stock)}
    flows = {}
    history = england()["start_history"].to_series()
    for year in range(BASE - years + 1, BASE + 1):
        now = stock[year - 1]
        ceased = rng.binomial(now, truth.leave) if luck else now * truth.leave
        kept = now - ceased
        moves = rng.multinomial(kept, truth.move) if luck else kept[..., None] * truth.move
        usual = history.get(year, history.iloc[0]) / history[BASE]
        starts = truth.start * truth.people[:, None] * usual
        begun = poisson(starts[..., None] * truth.start_mix)
        came = poisson(truth.arrive)
        after = begun + came
        after[:, :, 1:] = after[:, :, 1:] + moves.sum(axis=3)[:, :, :-1]
        stock[year] = after
        flows[year] = {"cease": ceased, "moves": moves, "start": begun, "arrive": came}
    return stock, flows


def tidy(table, names, labels, **also):
    """Cells of an array that hold children, as rows."""
    at = np.nonzero(table)
    columns = {
        name: np.array(list(axis), dtype=object)[where] for name, axis, where in zip(names, labels, at, strict=True)
    }
    rows = pd.DataFrame(columns).assign(children=table[at].astype(float), **also)
    if "to" in names:
        return rows.astype({name: str for name in names if name != "nc_year"} | {"nc_year": int})
    rows = rows.assign(nc_from=rows["nc_year"].astype(int), nc_to=rows["nc_year"].astype(int)).drop(columns="nc_year")
    return rows.astype({name: str for name in names if name != "nc_year"})


def tables(stock, flows, districts, needs=NEEDS, provisions=PROVISIONS):
    """Tidy tables of an area folder: placements, flows, moves."""
    names, labels = ["district", "need", "nc_year", "provision"], [districts, needs, NC_YEARS, provisions]
    placements = [tidy(table, names, labels, year=year) for year, table in stock.items()]
    rows, moves = [], []
    for year, parts in flows.items():
        moves.append(tidy(parts["moves"], [*names, "to"], [*labels, provisions], year=year))
        rows += [tidy(parts[flow], names, labels, year=year, flow=flow) for flow in ("start", "cease", "arrive")]
    return {
        "placements": pd.concat(placements, ignore_index=True),
        "flows": pd.concat(rows, ignore_index=True),
        "moves": pd.concat(moves, ignore_index=True),
    }


def counted(truth, seed=0, years=4, *, luck=True):
    """What the local fit reads of a county."""
    districts = SIX[: len(truth.people)]
    stock, flows = lived(truth, seed, years, luck=luck)
    januaries = range(BASE - years, BASE + 1)
    people = xr.DataArray(
        np.broadcast_to(truth.people, (len(januaries), *truth.people.shape)).copy(),
        coords={"year": list(januaries), "district": list(districts), "nc_year": list(NC_YEARS)},
        dims=("year", "district", "nc_year"),
    )
    frame = Frame(tuple(districts), Labels(NEEDS, PROVISIONS))
    return Counted(**tables(stock, flows, districts), residents=people, frame=frame, year=BASE)


def meanings(labels):
    """Each label means itself."""
    return {label: label for label in labels}
