"""Registers and children by cell, and the fewest without a place by a linear programme."""

from itertools import product

import numpy as np
import pandas as pd
import xarray as xr
from scipy.optimize import linprog

from forecast.places.register import Register

DISTRICTS, NEEDS, BANDS = ["North", "South"], ["ASD", "SEMH"], [-4, 0, 7, 12, 15]


KINDS = ["base", "special", "independent"]


YEARS = [2025, 2026]


def school(places, provision="special", serves="all", needs="all", nc_from=0, nc_to=11):
    """One row of the register, and the places it has open."""
    return {
        "provision": provision,
        "serves": serves,
        "needs": needs,
        "nc_from": nc_from,
        "nc_to": nc_to,
        "places": places,
    }


def register(*schools, draws=1, years=YEARS):
    rows = pd.DataFrame(list(schools))
    places = np.broadcast_to(rows["places"].to_numpy(float), (draws, len(years), len(rows)))
    coords = {"draw": range(draws), "year": years, "place": rows.index}
    return Register(rows, xr.DataArray(places, coords=coords, dims=["draw", "year", "place"]))


def children(cells, draws=1, years=YEARS):
    """Children by cell: (district, need, band, provision) -> how many, the same in every future and year."""
    axes = {
        "draw": range(draws),
        "year": years,
        "district": DISTRICTS,
        "need": NEEDS,
        "band": BANDS,
        "provision": KINDS,
    }
    table = xr.DataArray(np.zeros([len(labels) for labels in axes.values()], np.int32), coords=axes, dims=list(axes))
    for (district, need, band, provision), many in cells.items():
        table.loc[{"district": district, "need": need, "band": band, "provision": provision}] = many
    return table


def drawn(draws, seed=1):
    """Children of every cell, by luck."""
    some = children({}, draws)
    return some + np.random.default_rng(seed).poisson(4, some.shape).astype(np.int32)


def now(array, **cell):
    return array.isel(draw=0, year=0).sel(cell).sum().item()


def says(listed, label):
    return listed == "all" or label in listed.split(";")


def fewest_by_programme(wanted, rows, places):
    """Children of one kind of place who must go without: the least, by a linear programme over schools and cells.

    It decides for itself, row by row, who may go where.
    """
    cells = list(product(DISTRICTS, NEEDS, BANDS))
    may = [
        says(row.serves, district) and says(row.needs, need) and row.nc_from <= band <= row.nc_to
        for district, need, band in cells
        for row in rows.itertuples()
    ]
    bounds = [(0, None if allowed else 0) for allowed in may]
    of_cell = np.kron(np.eye(len(cells)), np.ones(len(rows)))
    of_row = np.kron(np.ones(len(cells)), np.eye(len(rows)))
    limits = np.r_[wanted.to_numpy().ravel(), places]
    placed = linprog(-np.ones(len(bounds)), A_ub=np.vstack([of_cell, of_row]), b_ub=limits, bounds=bounds)
    return wanted.sum().item() + placed.fun
