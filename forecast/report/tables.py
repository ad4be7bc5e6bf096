"""Tidy tables from a projection: one line, one year and one measure a row, and numbers only.

Estimates of an area of kind `published` are rounded to whole children, each on its own: parts may differ from
their total by one or two. Quantiles are of the sum that a row stands for: only means add up.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import academic_year
from forecast.inputs.about import About
from forecast.places import rates, sufficiency
from forecast.places.rating import chance_short
from forecast.places.sufficiency import STATISTICS, summarise
from forecast.projection import Projection

TOTALS: Final = {
    "provision": "all specialist places",
    "phase": "all phases",
    "need": "all needs",
    "district": "all districts",
}
"""Axis -> label of the line that sums over it."""
CHILDREN, MORE, PLACES, SHORT, CHANCE = "children", "more than now", "places", "short", "chance short"
"""Measures. "short": children left without a place, each school taking only those whom it is for."""
RATE_APPLIED: Final = "the county's rate applied to this district's children"
"""What a district's figures are where nothing is published or counted by district."""


def children_table(projection: Projection, children: xr.DataArray) -> pd.DataFrame:
    """Children, and children more than now, for each line of `children`.

    Parameters
    ----------
    children : (draw, year, ...)
        Part of the projection's demand, summed over all but the axes that the table is by.
    """
    return _in_order(_children(projection, children))


def places_table(projection: Projection, by: Sequence[str] = ("provision", "phase")) -> pd.DataFrame:
    """Children who need specialist places, with totals; and the places, where the area lists its own.

    Parameters
    ----------
    by : axes of demand
        What to tell apart; "provision" stands for the five specialist kinds of place.

    Returns
    -------
    columns `by`, year, academic_year, measure, mean, p10, p50, p80, p90
        Children; for the measure "chance short" a share of futures, 0 to 1, in `mean`. Places are known
        by kind only, so the lines of one phase, need or district have no "places" or "short".
    """
    children = specialist(projection, by)
    for axis in by:
        children = _with_total(children, axis)
    parts = _children(projection, children.transpose("draw", "year", *by))
    if not projection.places_assumed:
        parts += _against_places(projection, by)
    return _in_order(parts)


def plans_table(projection: Projection, by: str = "provision") -> pd.DataFrame:
    """Children with a plan in every kind of place, by one axis, and all of them."""
    children = projection.total(*(_axes(projection) - {by}))
    everyone = children.sum(by).expand_dims({by: ["all plans"]})
    return children_table(projection, _join([children, everyone], by))


def needs_that_grow_most(projection: Projection, year: int) -> pd.DataFrame:
    """Needs by growth in specialist places from the latest census to January `year`, largest first.

    Returns
    -------
    columns need, year, academic_year, now, mean, p10, p50, p80, p90
        `now` is children in specialist places at the latest census; the others, children more than now.
    """
    table = children_table(projection, specialist(projection, ("need",)))
    now = table[(table["year"] == projection.base) & (table["measure"] == CHILDREN)].set_index("need")["mean"]
    grown = table[(table["year"] == year) & (table["measure"] == MORE)].drop(columns="measure")
    grown.insert(3, "now", grown["need"].map(now))
    return grown.sort_values("mean", ascending=False, kind="stable").reset_index(drop=True)


def district_table(projection: Projection) -> pd.DataFrame:
    """Children who need specialist places by district, and in words what these figures rest on."""
    table = places_table(projection, by=("district",))
    basis = RATE_APPLIED if projection.about.kind == "published" else "this district's own children"
    whole = table["district"] == TOTALS["district"]
    return table.assign(basis=np.where(whole, "the whole area", basis))


def special_rates_table(projection: Projection, history: pd.DataFrame | None = None) -> pd.DataFrame:
    """Both special school rates against England's of the same year, told apart by `definition`.

    Parameters
    ----------
    history : columns year, pupils, special, england_pupils, england_special
        Pupils in all schools, and in special schools, in the area and in England: what is published.

    Returns
    -------
    columns definition, year, academic_year, rate, rate_p10, rate_p50, rate_p90, england_rate, children,
    children_p10, children_p50, children_p90
        Rates are shares, 0 to 1; `children` is how many more than at England's rate. NaN where either is not known.
    """
    special = projection.about.means(*rates.SPECIAL_SCHOOLS)
    england, population = projection.england_special_rate, projection.population
    placed = rates.in_special_schools(projection.demand, special)
    gap = rates.against_england(placed, rates.residents_of_school_age(population), england).where(bool(special))
    rate = summarise(rates.special_rate_residents(projection.demand, population, special).where(bool(special)))
    expected = england.mean("draw") if "draw" in england.dims else england
    table = _rate_rows("special_rate_residents", rate, expected, _estimate(projection, summarise(gap)))
    if history is None or history.empty:
        return table
    return pd.concat([_published_rates(history), table], ignore_index=True)


def labels_table(about: About) -> pd.DataFrame:
    """What each label of the tables means, in words."""
    needs = [("need", label, about.need_name(label)) for label in about.needs]
    provisions = [("provision", label, about.provision_name(label)) for label in about.provisions]
    return pd.DataFrame([*provisions, *needs], columns=["column", "label", "meaning"])


def all_tables(projection: Projection, history: pd.DataFrame | None = None) -> Mapping[str, pd.DataFrame]:
    """Every table of a run, by the name of its file; `history` as for `special_rates_table`."""
    return {
        "places": places_table(projection),
        "places_by_need": places_table(projection, by=("provision", "need")),
        "places_by_district": district_table(projection),
        "plans": plans_table(projection),
        "plans_by_need": plans_table(projection, by="need"),
        "needs_that_grow_most": needs_that_grow_most(projection, year_ahead(projection)),
        "special_rates": special_rates_table(projection, history),
        "labels": labels_table(projection.about),
    }


def year_ahead(projection: Projection) -> int:
    """January that headlines speak of: five years from the current one, or the last of a shorter forecast."""
    last = int(projection.demand["year"].to_numpy()[-1])
    return projection.table_years.get("5 years on", last)


def specialist(projection: Projection, by: Sequence[str]) -> xr.DataArray:
    """Children who need the kinds of place of `About.planned`, summed over all but `by`: (draw, year, *by)."""
    by_kind = projection.total(*(_axes(projection) - {"provision", *by}))
    chosen = by_kind.sel(provision=projection.about.planned)
    children = chosen if "provision" in by else chosen.sum("provision")
    return projection.apart(children).transpose("draw", "year", *by)


def _axes(projection: Projection) -> set[str]:
    return {str(axis) for axis in projection.demand.dims} - {"draw", "year"}


def _children(projection: Projection, children: xr.DataArray) -> list[pd.DataFrame]:
    now = frame(_estimate(projection, summarise(children)), CHILDREN)
    return [now, frame(_estimate(projection, summarise(sufficiency.more_than_now(children))), MORE)]


def _estimate(projection: Projection, children: xr.DataArray) -> xr.DataArray:
    """Whole children where figures are modelled from published ones; adding 0 turns -0 into 0."""
    return children.round() + 0 if projection.about.kind == "published" else children


def frame(summary: xr.DataArray, measure: str) -> pd.DataFrame:
    """A summary (year, ..., statistic) as rows: its other axes, year, measure, and a column a statistic."""
    by = [str(axis) for axis in summary.dims if axis not in {"year", "statistic"}]
    ordered = summary.transpose(*by, "year", "statistic")
    rows = pd.MultiIndex.from_product([ordered[axis].to_numpy() for axis in (*by, "year")], names=[*by, "year"])
    values = ordered.to_numpy().reshape(len(rows), len(STATISTICS))
    table = pd.DataFrame(values, index=rows, columns=list(STATISTICS)).reset_index()
    table.insert(len(by) + 1, "academic_year", table["year"].map(academic_year))
    table.insert(len(by) + 2, "measure", measure)
    return table


def _in_order(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Rows line by line in the order of the first part, and within a line measure by measure."""
    table = pd.concat(parts, ignore_index=True)
    by = list(table.columns[: table.columns.get_loc("year")])
    if not by:
        return table
    line = table.groupby(by, sort=False).ngroup().to_numpy()
    return table.iloc[np.argsort(line, kind="stable")].reset_index(drop=True)


def _join(parts: Sequence[xr.DataArray], axis: str) -> xr.DataArray:
    return xr.concat(parts, axis, join="exact", coords="minimal", compat="override")


def _with_total(children: xr.DataArray, axis: str) -> xr.DataArray:
    """`children` with one more label on `axis`, the sum of the others; unknown where one of them is."""
    total = children.sum(axis, skipna=False).expand_dims({axis: [TOTALS[axis]]})
    return _join([children, total], axis)


def _against_places(projection: Projection, by: Sequence[str]) -> list[pd.DataFrame]:
    """Places, short and chance short, on the lines that are whole in all but kind of place."""
    demand = specialist(projection, ("provision",))
    labels = demand["provision"].to_numpy().tolist()
    places = projection.register.by_provision(labels) if projection.register else projection.places * np.nan
    left_over = sufficiency.without_a_place(demand, places)
    if projection.short is not None:
        served = projection.short.of_served.sum(["district", "need", "band"], dtype=np.float64)
        left_over = served.reindex(provision=labels)
    left_over = _with_total(left_over, "provision")
    chance = chance_short(left_over).where(~left_over.isnull().any("draw")).expand_dims(statistic=["mean"])
    measures = {
        PLACES: summarise(_with_total(places, "provision")),
        SHORT: summarise(left_over),
        CHANCE: chance.reindex(statistic=list(STATISTICS)),
    }
    parts = []
    for measure, summary in measures.items():
        chosen = summary if "provision" in by else summary.sel(provision=[TOTALS["provision"]])
        rest = {axis: [TOTALS[axis]] for axis in by if axis != "provision"}
        spread = chosen.expand_dims(rest).transpose(*dict.fromkeys(["provision", *by]), ...)
        table = frame(spread, measure).dropna(subset="mean")
        parts.append(table if "provision" in by else table.drop(columns="provision"))
    return parts


def _published_rates(history: pd.DataFrame) -> pd.DataFrame:
    counts = history.sort_values("year").set_index("year").to_xarray()
    rate, england = counts["special"] / counts["pupils"], counts["england_special"] / counts["england_pupils"]
    gap = rates.against_england(counts["special"], counts["pupils"], england)
    rate, gap = (counted.expand_dims(statistic=["mean"]) for counted in (rate, gap.round()))
    return _rate_rows("special_rate_schools", rate, england, gap)


def _rate_rows(definition: str, rate: xr.DataArray, england: xr.DataArray, gap: xr.DataArray) -> pd.DataFrame:
    """Rows of one definition: `rate` and `gap` (year, statistic), `england` (year)."""
    years = rate["year"].to_numpy()
    table = pd.DataFrame({"definition": definition, "year": years, "academic_year": map(academic_year, years)})
    columns = {"mean": "", "p10": "_p10", "p50": "_p50", "p90": "_p90"}
    rate, gap = (summary.reindex(statistic=list(columns)) for summary in (rate, gap))
    for name, end in columns.items():
        table[f"rate{end}"] = rate.sel(statistic=name).to_numpy()
    table["england_rate"] = england.to_numpy()
    for name, end in columns.items():
        table[f"children{end}"] = gap.sel(statistic=name).to_numpy()
    return table
