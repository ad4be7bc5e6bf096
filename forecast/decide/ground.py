"""The ground that sites are chosen on: children of one January, the places there are, and the candidates."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.axes import PHASE_OF
from forecast.decide.choose import Options
from forecast.decide.groups import Array, Groups, Places, grouped
from forecast.decide.kinds import ELSEWHERE
from forecast.decide.prices import annuity
from forecast.decide.wanted import NoBands
from forecast.decide.without_plan import filled_by_both
from forecast.domain import ALL, NC_YEARS, OWN, academic_year
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.about import About
from forecast.places.costs import Costs
from forecast.places.shortage import CELL, eligible
from forecast.projection import Projection

INSTEAD: Final = "independent"
"""Where a child goes for want of one of these places: a code of costs.csv."""


class NotForecast(ForecastError):
    """A January that the forecast does not reach."""

    def __init__(self, year: int, first: int, last: int) -> None:
        super().__init__(
            f"The forecast runs from {academic_year(first)} to {academic_year(last)} and knows nothing of "
            f"{academic_year(year)}; choose a --year from {academic_year(first + 1)} to {academic_year(last)}."
        )


@dataclass(frozen=True)
class Ground:
    """Children of one January and the places that may take them."""

    year: int
    """January."""
    groups: Groups
    places: pd.DataFrame
    """site, district, provision, candidate (whether it is one): the rows of `place`, candidates last."""
    open: Array
    """Places open without any candidate: (draw, place)."""
    assumed: tuple[str, ...]
    """Kinds of place that the area lists no places of: their children are those more than at the latest census."""

    @property
    def listed(self) -> tuple[str, ...]:
        """Kinds of place that the area lists places of: their children are all there are."""
        return tuple(kind for kind in dict.fromkeys(self.places["provision"]) if kind not in self.assumed)

    @property
    def kind(self) -> NDArray[np.object_]:
        """Kind of place that each group asks for: (group)."""
        return self.places["provision"].to_numpy(dtype=object)[self.groups.eligible.argmax(axis=1)]

    @property
    def only_more(self) -> Places:
        """Whether a group's children are only those more than at the latest census: (group)."""
        return np.isin(self.kind, self.assumed)


def sites_of(rows: pd.DataFrame) -> "pd.Series[str]":
    """Where each row of the register stands: its `site`, else its `school`."""
    if "site" not in rows:
        return rows["school"]
    return rows["site"].where(rows["site"].ne(""), rows["school"])


def rows_of(listed: pd.DataFrame, candidates: pd.DataFrame) -> pd.DataFrame:
    """Listed places of the candidates' kinds, then the candidates, which serve every district: one row a place."""
    kinds = listed["provision"].isin(candidates["provision"]) & ~listed["assumed"]
    shared = ["district", "serves", "lat", "lon", "provision", "needs", "nc_from", "nc_to"]
    there = listed.loc[kinds, shared].assign(site=sites_of(listed[kinds]), candidate=False)
    new = candidates.rename(columns={"name": "site"}).assign(serves=ALL, candidate=True)
    return pd.concat([there, new[there.columns]], ignore_index=True).astype({"lat": float, "lon": float})


def ground_of(projection: Projection, rows: pd.DataFrame, year: int) -> Ground:
    """Children of January `year` against the places of `rows`.

    Parameters
    ----------
    projection : made with the candidates' year groups as `spans`
    rows : as from `rows_of`

    Raises
    ------
    NotForecast
        The forecast does not reach that January.
    NoBands
        The projection tells no ages apart.
    """
    by_band, kinds = projection.claims, list(dict.fromkeys(rows["provision"]))
    years = projection.demand["year"].to_numpy()
    if by_band is None:
        raise NoBands(int(rows["nc_from"].min()), int(rows["nc_to"].max()))
    if year not in years[1:]:
        raise NotForecast(year, int(years[0]), int(years[-1]))
    listed = set(rows.loc[~rows["candidate"], "provision"])
    assumed = tuple(kind for kind in kinds if kind not in listed)
    labels = [by_band[axis].to_numpy().tolist() for axis in CELL]
    may = eligible(rows, *labels)
    demand, takes, district, phase = [], [], [], []
    of_district, _, of_band = (axis.reshape(-1) for axis in np.indices(may.shape[1:]))
    phase_of_band = PHASE_OF[np.searchsorted(NC_YEARS, labels[2])]
    for kind in kinds:
        own = rows["provision"].eq(kind).to_numpy()
        fits = (may & own[:, None, None, None]).reshape(len(rows), -1).T
        children = _children(projection, by_band, kind, year)
        demand.append(_more(projection, by_band, kind, children, fits) if kind in assumed else children)
        takes.append(fits)
        district.append(of_district)
        phase.append(phase_of_band[of_band])
    cells = (np.concatenate(takes), np.concatenate(district), np.concatenate(phase))
    groups = grouped(np.concatenate(demand, axis=1), *cells)
    return Ground(year, groups, rows, _open(projection, rows, year), assumed)


def _children(projection: Projection, by_band: xr.DataArray, kind: str, year: int) -> Array:
    """Children of one kind of place: (draw, cell), each district with its own factor where it has the area's rate."""
    some = by_band.sel(year=year, provision=kind, drop=True).transpose("draw", *CELL).astype(np.float64)
    return projection.apart(some).transpose("draw", *CELL).to_numpy().reshape(by_band.sizes["draw"], -1)


def _more(projection: Projection, by_band: xr.DataArray, kind: str, children: Array, fits: Places) -> Array:
    """Children more than at the latest census whom a candidate could take: (draw, cell).

    Shared among the cells that grow, so that the total is the growth of all of them together and never below 0.
    """
    now = _children(projection, by_band, kind, projection.base)
    more = np.where(fits.any(axis=1), children - now, 0.0)
    grown, total = more.clip(min=0), more.sum(axis=1, keepdims=True).clip(min=0)
    shares = np.divide(grown, grown.sum(axis=1, keepdims=True), out=np.zeros_like(grown), where=grown > 0)
    return np.asarray(shares * total)


def _open(projection: Projection, rows: pd.DataFrame, year: int) -> Array:
    """Places open in January `year` without any candidate: (draw, place)."""
    draws, register = projection.demand.sizes["draw"], projection.register
    table = np.zeros((draws, len(rows)))
    if register is None:
        return table
    own = register.rows["provision"].isin(rows["provision"]).to_numpy()
    table[:, : own.sum()] = register.open.sel(year=year).to_numpy()[:, own]
    return table


def options_of(rows: pd.DataFrame, candidates: pd.DataFrame, costs: Costs, about: About) -> Options:
    """Every candidate at every one of its sizes; capital of costs.csv where a candidate names none.

    Raises
    ------
    NoCost
        Nothing says what a place costs.
    """
    places = np.flatnonzero(rows["candidate"].to_numpy())
    life, discount = costs.cost("life").value, costs.cost("discount").value
    site, size, pounds = [], [], []
    for place, row in zip(places, candidates.to_dict("records"), strict=True):
        a_place = row["capital"]
        if pd.isna(a_place):
            a_place = costs.cost("capital", code_of(about, row["provision"])).value
        for places_there in row["sizes"]:
            site.append(place)
            size.append(float(places_there))
            pounds.append(float(a_place) * places_there)
    capital = np.array(pounds)
    return Options(np.array(site), np.array(size), capital, np.asarray(annuity(capital, life, discount)))


def code_of(about: About, provision: str) -> str:
    """Standard code of a label, as costs.csv has it; `all` for one of the area's own."""
    means = str(about.provisions[provision])
    return ALL if means == OWN else means


def in_time(candidates: pd.DataFrame, year: int, file: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Candidates that open by January `year`, and the names of those that do not.

    Raises
    ------
    InputFaults
        None of them does.
    """
    late = candidates["opens"].gt(f"{year}-01")
    if late.all():
        what = f"no candidate opens by January {year}; the first opens in {candidates['opens'].min()}"
        remedy = "choose a later --year, or earlier openings"
        raise InputFaults([Fault(file, 0, "opens", what, remedy)])
    return candidates[~late].reset_index(drop=True), tuple(candidates.loc[late, "name"])


def pounds_without(
    costs: Costs, provisions: Sequence[str], about: About, years_ahead: int, share_without_plan: float = 0.0
) -> dict[str, float]:
    """Pounds a year of a child without a place, by kind of place: an independent one instead, less this one.

    Fees (`unit_prices.FEES_GROW`) grow to the January that is asked about; all else is held in real terms.

    Parameters
    ----------
    share_without_plan : of the children in AP schools, 0 to 1; they go to alternative provision elsewhere instead, and
        their journeys are priced nowhere
    """
    growth = (1 + costs.cost("fee_growth").value) ** years_ahead
    fee, journey = costs.cost("place", INSTEAD).value, costs.cost("transport", INSTEAD).value
    found = {}
    for label in provisions:
        code = code_of(about, label)
        share = share_without_plan if label == filled_by_both(about) else 0.0
        there = (1 - share) * fee + (share * costs.cost(ELSEWHERE, code).value if share else 0.0)
        carried = (1 - share) * (journey - costs.cost("transport", code).value)
        found[label] = max(there * growth + carried - costs.cost("place", code).value, 0.0)
    return found


def yearly_empty(costs: Costs, provision: str, about: About) -> float:
    """Pounds a year of a place that stands empty.

    Raises
    ------
    NoCost
        Nothing says what it costs.
    """
    return costs.cost("empty", code_of(about, provision)).value
