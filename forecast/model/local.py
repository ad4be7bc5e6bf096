"""An area's own stock and rates, leaning on England where one year of few children says little."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import NC_YEARS, PHASES, Phase
from forecast.inputs.rows import grand_total, of_whole_area
from forecast.model.accounts import Accounts, Patterns, accounts, mix
from forecast.model.flows import infer
from forecast.model.margins import Labels, joint
from forecast.model.needs import age_rows, by_need, effective_starts, rates
from forecast.model.raking import Array

WEIGHT: Final = 25.0
"""Children's worth of belief in England's rows and rates when an area's own are pooled with them: judgement, the
same for every rate."""
MOST_ENTERING: Final = 0.9
"""Largest share of a row that may enter the untrusted provisions together."""
MOST_LEAVING: Final = 0.95
"""Largest share of plans of an age and placement that may cease in a year, but for the last year group."""
OWN, ENGLANDS = "inferred", "England's"


@dataclass(frozen=True)
class Published:
    """What the local fit reads of an area: tidy margins, residents, labels."""

    placements: pd.DataFrame
    flows: pd.DataFrame
    residents: xr.DataArray
    """(year, district, nc_year), the latest census and the one before among the years."""
    labels: Labels
    year: int
    """January of the latest census."""


def fit_area(area: Published, england: xr.Dataset) -> xr.Dataset:
    """Stock, rates and levels of one area as of its latest census.

    Returns
    -------
    Dataset with stock (district, need, nc_year, provision), start_rate (need, nc_year),
    start_mix, leave, arrive_mix (need, nc_year, provision), arrive_rate (nc_year) and
    move (need, nc_year, provision, to); attributes: `flows` says whose moves they are, `gap` by how many
    children at most they fail to close.
    """
    area = replace(area, placements=of_whole_area(area.placements), flows=of_whole_area(area.flows))
    nation = {str(name): np.asarray(england[name].to_numpy(), dtype=float) for name in england.data_vars}
    stock = joint(area.placements, area.year, area.labels, nation["stock"])
    people = area.residents.sel(year=area.year, drop=True).to_numpy()
    lent = Patterns(nation["start_places"], nation["leave"], nation["arrive_rate"])
    books = accounts(area.placements, area.flows, area.year, area.labels, people.sum(axis=0), lent)
    move, start_mix = nation["move"], nation["start_mix"]
    expected, leave, gap = nation["start_rate"] * people.sum(axis=0), nation["leave"], 0.0
    starts = expected
    if books is not None:
        move, start_mix, gap = _moves(books, stock, nation, area.labels)
        starts, leave = effective_starts(books, stock), _leave(books, nation["leave"])
    ratio = start_ratio(starts, expected, _stock_ratio(stock, nation, people), _level(area, england))
    share = np.divide(
        people, people.sum(axis=0), out=np.full_like(people, 1 / len(people)), where=people.sum(axis=0) > 0
    )
    return xr.Dataset(
        {
            "stock": (("district", "need", "nc_year", "provision"), stock * share[:, None, :, None]),
            "start_rate": (("need", "nc_year"), nation["start_rate"] * ratio),
            "start_mix": (("need", "nc_year", "provision"), start_mix),
            "leave": (("need", "nc_year", "provision"), np.broadcast_to(leave, stock.shape)),
            "arrive_rate": (("nc_year",), nation["arrive_rate"]),
            "arrive_mix": (
                ("need", "nc_year", "provision"),
                stock / np.maximum(stock.sum(axis=(0, 2), keepdims=True), 1e-9),
            ),
            "move": (("need", "nc_year", "provision", "to"), move),
        },
        coords={
            "district": area.residents["district"].values,
            "need": list(area.labels.needs),
            "nc_year": list(NC_YEARS),
            "provision": list(area.labels.provisions),
            "to": list(area.labels.provisions),
        },
        attrs={"year": area.year, "flows": OWN if books is not None else ENGLANDS, "gap": gap},
    )


def _stock_ratio(stock: Array, nation: dict[str, Array], people: Array) -> Array:
    """Children with each need as a multiple of what England's stock per resident gives, pooled: (need)."""
    expected = (nation["stock"].sum(axis=2) / nation["residents"] * people.sum(axis=0)).sum(axis=1)
    return np.asarray((stock.sum(axis=(1, 2)) + WEIGHT) / (expected + WEIGHT))


def start_ratio(starts: Array, expected: Array, held: Array, level: float | None) -> Array:
    """Local starts per resident as a multiple of England's, by need and phase, pooled: (need, nc_year).

    One year's starts of a need lean on the need's own share of the stock, which years of starts have made.

    Parameters
    ----------
    starts, expected : (need, nc_year)
        The area's starts of the latest year, and what England's rates would give its residents.
    held : (need)
        Children with the need in stock, as a multiple of England's.
    level : multiple of England's rate that the total is brought to; None keeps the latest year's.
    """
    need = (starts.sum(axis=1) + WEIGHT * held) / (expected.sum(axis=1) + WEIGHT)
    phase = np.empty(len(NC_YEARS))
    for years in PHASES.values():
        at = [NC_YEARS.index(year) for year in years]
        phase[at] = (starts[:, at].sum() + WEIGHT) / (expected[:, at].sum() + WEIGHT)
    ratio = need[:, None] * phase[None, :]
    wanted = starts.sum() if level is None else level * expected.sum()
    return np.asarray(ratio * (wanted / (ratio * expected).sum()))


def pooled_rows(own: Array, england: Array, mass: Array) -> Array:
    """Rows of `own` and England's, weighted by the children seen: mass / (mass + WEIGHT).

    Parameters
    ----------
    own, england : (..., to)
    mass : (...)
        Children in each row, all needs together.
    """
    trust = (mass / (mass + WEIGHT))[..., None]
    return np.asarray(trust * own + (1 - trust) * england)


def _moves(books: Accounts, stock: Array, nation: dict[str, Array], labels: Labels) -> tuple[Array, Array, float]:
    """Pooled rows by need of the children kept, placements of starts, and what the flows left unclosed."""
    flows = infer(
        books.before,
        books.after,
        books.ceased,
        books.starts,
        books.arrive,
        (nation["age_move"] + 1e-6, nation["start_rows"] + 1e-6),
    )
    rows, start_rows = age_rows(flows)
    tilt = pooled_rows(rows, nation["age_move"], flows.kept.sum(axis=2)) / (nation["age_move"] + 1e-6)
    leaning = rates((nation["move"] + 1e-6) * tilt, nation["move"])
    starts = effective_starts(books, stock)
    split = by_need(books, stock, starts, leaning + 1e-9, start_rows + 1e-9)
    mass = flows.kept.sum(axis=2)
    move = pooled_rows(rates(split.kept, leaning), nation["move"], np.broadcast_to(mass, leaning.shape[:-1]))
    own_mix = rates(split.starts, nation["start_mix"])
    begun = np.broadcast_to(books.starts.sum(axis=1), own_mix.shape[:-1])
    start_mix = pooled_rows(own_mix, nation["start_mix"], begun)
    untrusted = [labels.provisions.index(name) for name in labels.untrusted if name in labels.provisions]
    entry = relative_level(stock, nation["stock"])[:, untrusted]
    move = _with_columns(move, nation["move"], untrusted, np.roll(entry, -1, axis=0)[:, None, :])
    move[..., untrusted, :] = nation["move"][..., untrusted, :]
    return move, _with_columns(start_mix, nation["start_mix"], untrusted, entry), flows.gap


def relative_level(stock: Array, england: Array) -> Array:
    """Children in each provision over what England's mix of each need and age gives, by phase: (nc_year, provision).

    Parameters
    ----------
    stock, england : (need, nc_year, provision)
    """
    expected = (stock.sum(axis=2, keepdims=True) * mix(england)).sum(axis=0)
    found = stock.sum(axis=0)
    level = np.empty(found.shape)
    for years in PHASES.values():
        at = [NC_YEARS.index(year) for year in years]
        level[at] = (found[at].sum(axis=0) + WEIGHT) / (expected[at].sum(axis=0) + WEIGHT)
    return level


def _with_columns(rows: Array, england: Array, untrusted: list[int], entry: Array) -> Array:
    """`rows` entering the provisions `untrusted` at England's rate times `entry`, the others scaled to fit."""
    if not untrusted:
        return rows
    entering = np.minimum(england[..., untrusted] * entry, MOST_ENTERING / len(untrusted))
    theirs, others = england.copy(), rows.copy()
    theirs[..., untrusted] = others[..., untrusted] = 0
    others = rates(others, rates(theirs, others)) * (1 - entering.sum(axis=-1, keepdims=True))
    others[..., untrusted] = entering
    return others


def _leave(books: Accounts, england: Array) -> Array:
    """England's leaving rates times the area's own level at each age, pooled: (nc_year, provision).

    Below Year 12 the level is one number, because few leave at each age.
    """
    seen, expected = books.ceased.sum(axis=1), (england * books.before).sum(axis=1)
    young = np.array([year < PHASES[Phase.POST_16][0] for year in NC_YEARS])
    level = (seen + WEIGHT) / (expected + WEIGHT)
    level[young] = (seen[young].sum() + WEIGHT) / (expected[young].sum() + WEIGHT)
    rate = np.minimum(england * level[:, None], MOST_LEAVING)
    rate[-1] = 1.0
    return np.asarray(rate)


def _level(area: Published, england: xr.Dataset) -> float | None:
    """New plans per resident as a multiple of England's: half the latest year's, half the mean of three years'.

    England's are the summed starts of `england`, by the January that ends the year. None where the
    area's starts of its latest year, or England's, are not published.
    """
    mine = area.flows[area.flows["flow"].eq("start")]
    whole = mine[grand_total(mine)]
    own = whole.groupby("year")["children"].sum()
    nation = england["start_history"].to_series()
    residents = area.residents.sel(year=area.year).sum().item() / england["residents"].sum().item()
    ratio = (own / nation).dropna().loc[area.year - 2 : area.year] / residents
    if area.year not in ratio.index:
        return None
    return float((ratio.loc[area.year] + ratio.mean()) / 2)
