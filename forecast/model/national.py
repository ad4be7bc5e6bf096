"""What is learned from all authorities' published data: the England model, one labelled dataset.

Its figures are sums of the authorities that published both latest censuses in full; England's own row
is not used, because the totals of two Januaries are not of the same authorities.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import ALL, NC_YEARS, NOT_RECORDED, Need, Provision
from forecast.errors import ForecastError
from forecast.inputs.rows import every_age, grand_total
from forecast.model.accounts import Accounts, Patterns, accounts, mix, national_patterns
from forecast.model.flows import infer, prior
from forecast.model.growth import ENGLAND
from forecast.model.margins import Labels, joint
from forecast.model.needs import age_rows, by_need, effective_starts, rates
from forecast.model.people import aged
from forecast.model.raking import Array

STANDARD: Final = Labels(
    needs=tuple(need.value for need in Need if need is not Need.DS),
    provisions=tuple(provision.value for provision in Provision),
)
"""Labels of the published figures: Down syndrome was inside *other* until 2024/25."""
START_SPREAD: Final = 0.1
"""Share of the prior for starts that does not stay where the plan was first placed."""
MOST_NOT_RECORDED: Final = 0.1
"""A census with a larger share of placements not recorded is left out."""


class NoEngland(ForecastError):
    """Too little in the releases to learn from."""

    def __init__(self, authorities: int) -> None:
        super().__init__(
            f"Only {authorities} authorities publish placements by age, starts and ceased plans for the latest year; "
            "give the release of 2025 or later (--sen2), and the one of 2022 for the years before 2019."
        )


def complete(placements: pd.DataFrame, year: int) -> list[str]:
    """Authorities with placements by age, nearly all recorded, in `year` and the year before, and needs in `year`."""
    rows = placements[placements["need"].eq(ALL) & ~every_age(placements) & placements["provision"].ne(ALL)]
    rows = rows[rows["la_code"].str.fullmatch(r"\d{3}")]
    known = rows[rows["provision"] != NOT_RECORDED].groupby(["la_code", "year"])["children"].sum()
    whole = placements[grand_total(placements)].set_index(["la_code", "year"])["children"]
    sound = (known / whole).unstack("year").reindex(columns=[year - 1, year]) >= 1 - MOST_NOT_RECORDED
    by_need = placements[placements["year"].eq(year) & placements["need"].ne(ALL) & placements["provision"].ne(ALL)]
    return sorted(set(sound.index[sound.all(axis=1)]) & set(by_need["la_code"]))


def summed(table: pd.DataFrame, authorities: Sequence[str]) -> pd.DataFrame:
    """Tidy figures of several authorities added up, as of one area."""
    keys = [column for column in table.columns if column not in ("la_code", "children")]
    return table[table["la_code"].isin(authorities)].groupby(keys, as_index=False)[["children"]].sum()


def fit_england(
    placements: pd.DataFrame, flows: pd.DataFrame, people: pd.DataFrame, year: int, change: Array | None = None
) -> xr.Dataset:
    """The England model as of January `year`.

    Parameters
    ----------
    placements, flows : tidy figures of every authority, with la_code
    people : index la_code; columns nc_year
        Residents at January `year`.
    change : (age from 0 to 23)
        England's `people.cohort_change`; None if nobody moves.

    Raises
    ------
    NoEngland
        Fewer than 100 authorities can be used.
    """
    used = [code for code in complete(placements, year) if code in people.index]
    if len(used) < _FEWEST:
        raise NoEngland(len(used))
    stock, flow = summed(placements, used), summed(flows, used)
    residents = people.loc[used].sum().to_numpy(dtype=float)
    books = accounts(stock, flow, year, STANDARD, residents, None)
    if books is None:
        raise NoEngland(0)
    patterns = national_patterns(flow[flow["year"] == year], books.before, STANDARD, residents)
    return xr.Dataset(
        {
            **_rates(books, patterns, joint(stock, year, STANDARD), residents),
            "cohort_change": (("nc_year",), np.ones(len(NC_YEARS)) if change is None else np.append(change, 1.0)),
            "start_history": _start_history(flow, year),
        },
        coords={
            "need": list(STANDARD.needs),
            "nc_year": list(NC_YEARS),
            "provision": list(STANDARD.provisions),
            "to": list(STANDARD.provisions),
        },
        attrs={
            "year": year,
            "authorities": len(used),
        },
    )


_FEWEST: Final = 100


def _rates(
    books: Accounts, patterns: Patterns, stock: Array, residents: Array
) -> dict[str, tuple[tuple[str, ...], Array]]:
    """Everything per child or per resident, by variable name."""
    start_prior = (1 - START_SPREAD) * np.eye(stock.shape[2]) + START_SPREAD * mix(books.after)[:, None, :] + 1e-9
    flows = infer(
        books.before,
        books.after,
        books.ceased,
        books.starts,
        books.arrive,
        (prior(books.before), start_prior),
    )
    rows, start_rows = age_rows(flows)
    starts = effective_starts(books, stock)
    split = by_need(books, stock, starts, np.broadcast_to(rows, (len(stock), *rows.shape)) + 1e-9, start_rows + 1e-9)
    leave = np.divide(books.ceased, books.before, out=np.zeros_like(books.before), where=books.before > 0)
    leave[-1] = 1.0
    return {
        "stock": (("need", "nc_year", "provision"), stock),
        "residents": (("nc_year",), residents),
        "start_rate": (("need", "nc_year"), starts / residents),
        "start_places": (("nc_year", "provision"), patterns.start_places),
        "start_rows": (("nc_year", "provision", "to"), start_rows),
        "start_mix": (("need", "nc_year", "provision"), rates(split.starts, _start_mix(flows.starts))),
        "leave": (("nc_year", "provision"), leave),
        "age_move": (("nc_year", "provision", "to"), rows),
        "move": (("need", "nc_year", "provision", "to"), rates(split.kept, rows)),
        "arrive_rate": (("nc_year",), patterns.arrive_rate),
        "unexplained": (("nc_year",), flows.unexplained),
    }


def _start_mix(starts: Array) -> Array:
    """Placement of starts at each age, or where nobody starts, the next age's: (nc_year, provision)."""
    shares = pd.DataFrame(mix(starts.sum(axis=1)))
    return np.asarray(shares.where(shares.sum(axis=1) > 0).bfill().ffill())


def _start_history(flow: pd.DataFrame, year: int) -> xr.DataArray:
    """New plans of the authorities used, by the January that ends the year, for the last three."""
    starts = flow[flow["flow"].eq("start") & grand_total(flow)]
    children = starts.set_index("year")["children"].reindex(range(year - 2, year + 1))
    return xr.DataArray(children.to_numpy(), coords={"year": children.index.to_list()}, dims=("year",))


def as_area(england: xr.Dataset, years: Sequence[int]) -> tuple[xr.Dataset, xr.DataArray]:
    """England in the form of a fitted area of one district, and its residents aged on: (year, district, nc_year).

    Of the authorities that the model was fitted to, which are nearly all.
    """
    own = england[["start_rate", "start_mix", "arrive_rate", "move"]]
    fitted = own.assign(
        stock=england["stock"].expand_dims(district=["England"]),
        leave=england["leave"].expand_dims(need=england["need"]),
        arrive_mix=england["stock"] / np.maximum(england["stock"].sum(["need", "provision"]), 1e-9),
    )
    fitted.attrs = {"year": england.attrs["year"], "flows": "inferred", "la_code": ENGLAND}
    change = england["cohort_change"].to_numpy()[:-1]
    base = england["residents"].to_numpy()[None, :]
    people = np.stack([aged(base, year - int(england.attrs["year"]), change) for year in years])
    coords = {"year": list(years), "district": ["England"], "nc_year": list(NC_YEARS)}
    return fitted, xr.DataArray(people, coords=coords, dims=("year", "district", "nc_year"))
