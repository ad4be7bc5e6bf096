"""One year of authority x year group x placement cells, to the latest census: as much as is published.

Two censuses have ages by placement, so the moves that carry the first to the second can only be learned from
the second. Each authority is forecast with the moves of the others (five parts, one left out at a time): its
stock leaves, moves up and on at their rates, and its new plans are theirs per resident times its own level of the
year before. This is *not* a forecast that could have been made then, and no gate looks at it.
"""

from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import NC_YEARS
from forecast.inputs.rows import grand_total
from forecast.inputs.sen2 import Release
from forecast.model.margins import age_provision
from forecast.model.national import STANDARD, NoEngland, complete, fit_england
from forecast.model.people import authorities_residents
from forecast.model.raking import Array
from forecast.series.build import Beside

FOLDS: Final = 5
SHRUNK: Final = 0.6
"""Part of an authority's departure from England in new plans per resident that is left after a year: measured, see
`persistence.csv` of the England model."""
AS_BEFORE: Final = "as before"
SCALED: Final = "as before, with England's growth"
ROLLED: Final = "moved on by England's rates"


def age_cells(release: Release, beside: Beside) -> pd.DataFrame:
    """Every cell by three methods: la_code, nc_year, provision, method, forecast, actual (children)."""
    year = int(release.placements["year"].max())
    codes = [code for code in complete(release.placements, year) if code in set(beside.people["la_code"])]
    own = dict(iter(release.placements.groupby("la_code")))
    now = {code: _stock(own[code], year - 1) for code in codes}
    came = {code: _stock(own[code], year) for code in codes}
    people = authorities_residents(beside.people, year)
    before = authorities_residents(beside.people, year - 1)
    level = _levels(release.flows, before, year - 1)
    tables = []
    for fold in range(FOLDS):
        left_out = codes[fold::FOLDS]
        others = [code for code in codes if code not in set(left_out)]
        rolled = _rolled(release, people, others, left_out, now, level, year)
        growth = np.sum([came[code] for code in others]) / np.sum([now[code] for code in others])
        for code in left_out:
            ways = {AS_BEFORE: now[code], SCALED: growth * now[code], ROLLED: rolled[code]}
            tables += [_rows(code, method, forecast, came[code]) for method, forecast in ways.items()]
    return pd.concat(tables, ignore_index=True)


def age_scores(cells: pd.DataFrame) -> pd.DataFrame:
    """Sum of errors over sum of outcomes, of all cells and of some: method, provision, authorities, wape."""
    some = cells[cells["provision"].isin(["mainstream", "base", "special", "independent", "alternative"])]
    whole = cells.assign(provision="every placement")
    rows = []
    for (method, provision), group in pd.concat([whole, some]).groupby(["method", "provision"], sort=False):
        error = (group["forecast"] - group["actual"]).abs().sum() / group["actual"].sum()
        rows.append((method, provision, group["la_code"].nunique(), float(error)))
    return pd.DataFrame(rows, columns=["method", "provision", "authorities", "wape"])


def _stock(placements: pd.DataFrame, year: int) -> Array:
    """Plans by (nc_year, provision).

    Raises
    ------
    NoEngland
        The census lacks placements by age, though `complete` says that it has them.
    """
    found = age_provision(placements, year, STANDARD)
    if found is None:
        raise NoEngland(0)
    return found


def _levels(flows: pd.DataFrame, people: pd.DataFrame, year: int) -> "pd.Series[float]":
    """New plans per resident of the year to January `year` as a multiple of the median authority's, drawn to 1."""
    starts = flows[flows["flow"].eq("start") & grand_total(flows) & flows["year"].eq(year)]
    per_head = starts.set_index("la_code")["children"].reindex(people.index) / people.sum(axis=1)
    return np.exp(SHRUNK * np.log(per_head / per_head.median())).fillna(1.0)


def _rolled(
    release: Release,
    people: pd.DataFrame,
    others: list[str],
    left_out: list[str],
    now: dict[str, Array],
    level: "pd.Series[float]",
    year: int,
) -> dict[str, Array]:
    """Stock of each authority left out, carried a year on by the rates of the others: (nc_year, provision)."""
    england = fit_england(release.placements, release.flows, people.loc[others], year)
    leave, move = england["leave"].to_numpy(), england["age_move"].to_numpy()
    rate = england["start_rate"].sum("need").to_numpy()
    places, arriving = england["start_places"].to_numpy(), england["arrive_rate"].to_numpy()
    found = {}
    for code in left_out:
        kept = now[code] * (1 - leave)
        moved = np.einsum("ap,apq->aq", kept, move)
        older = np.vstack([np.zeros(moved.shape[1]), moved[:-1]])
        residents = people.loc[code].to_numpy(dtype=float)
        starts = (rate * residents * float(level[code]))[:, None] * places
        share = now[code] / np.maximum(now[code].sum(axis=1, keepdims=True), 1e-9)
        found[code] = older + starts + (arriving * residents)[:, None] * share
    return found


def _rows(code: str, method: str, forecast: Array, actual: Array) -> pd.DataFrame:
    """One authority's cells as rows."""
    cells = pd.MultiIndex.from_product([NC_YEARS, STANDARD.provisions], names=["nc_year", "provision"])
    return pd.DataFrame(
        {"la_code": code, "method": method, "forecast": forecast.reshape(-1), "actual": actual.reshape(-1)}, index=cells
    ).reset_index()
