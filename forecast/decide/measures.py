"""What forecasts are set side by side by: children, rates, places and pounds, future by future."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import numpy as np
import xarray as xr

from forecast.decide.bill import bill, by_kind, by_payer
from forecast.decide.without_plan import filled_by_both
from forecast.places import rates
from forecast.places.sufficiency import more_than_now
from forecast.projection import Projection

ALL_PLANS, ALL_SPECIALIST, ALL_PAYERS = "all plans", "all specialist places", "all payers"
"""Labels of `of` that are the sum over the others."""
STATE_SPECIAL: Final = "all state special schools"
"""Where an area tells state special schools in the area and out of it apart: their sum."""
AP_SCHOOLS: Final = "AP schools"
"""What the measures of children without a plan are of."""
RESIDENTS: Final = "residents aged 4 to 17"
"""What the special school rate is of."""
DIMS: Final = ("draw", "year", "of")


class Measure(StrEnum):
    """What is counted."""

    CHILDREN = "children"
    """With a plan, if every kind of place had room; of each kind of place."""
    RATE = "special school rate"
    """Plans in state or non-maintained special schools per resident aged 4 to 17: a share."""
    ABOVE_ENGLAND = "children more than at England's rate"
    """In state or non-maintained special schools."""
    SHORT = "children short of a place"
    """Where the area lists its own places: of each kind that it lists."""
    MORE = "children more than now, less places added"
    """With a plan, where places are only assumed: of each specialist kind, negative where there is room to spare; of
    all of them the sum over kinds of what is above 0, as room in one kind is none for a child who needs another."""
    WITHOUT_PLAN = "children without a plan in AP schools, fullest month"
    """Where the area has figures on them: full-time places that they fill."""
    AP_PLACES = "AP places with headroom"
    """Likewise: full-time places that children with and without a plan call for in AP schools, some kept free."""
    AP_MORE = "children in AP schools more than now, less places added"
    """Likewise, where places are only assumed: with and without a plan; negative where there is room to spare."""
    PLACES = "places"
    """Where the area lists its own places: of each kind that it lists."""
    OPENED = "places opened since the latest census"
    """Where places are only assumed: of each specialist kind; negative where more have closed."""
    POUNDS = "pounds a year, by who pays"
    WHAT_FOR = "pounds a year, by what for"
    MOVED = "children whom a change moves in the year"
    """Without luck; of each shift of the scenario."""


UNITS: Final[Mapping[Measure, str]] = {
    Measure.CHILDREN: "children",
    Measure.RATE: "share",
    Measure.ABOVE_ENGLAND: "children",
    Measure.SHORT: "children",
    Measure.MORE: "children",
    Measure.WITHOUT_PLAN: "children",
    Measure.AP_PLACES: "places",
    Measure.AP_MORE: "children",
    Measure.PLACES: "places",
    Measure.OPENED: "places",
    Measure.POUNDS: "pounds",
    Measure.WHAT_FOR: "pounds",
    Measure.MOVED: "children",
}
"""Measure -> its unit."""


def measures(projection: Projection) -> dict[Measure, xr.DataArray]:
    """Every measure that there is of a forecast, in every future: each (draw, year, of).

    Children short of a place are told where the area lists its own places, children more than now where it does not;
    the special school rate where it says which kinds of place are special schools.

    Raises
    ------
    NoPrices
        The forecast holds no prices.
    """
    costs = bill(projection)
    payers = by_payer(costs).rename(payer="of")
    found = {Measure.CHILDREN: _children(projection), **_rates(projection), **_against_places(projection)}
    found[Measure.POUNDS] = _with_sum(payers, ALL_PAYERS, payers["of"].to_numpy().tolist())
    found[Measure.WHAT_FOR] = by_kind(costs).rename(kind="of")
    found |= _without_plan(projection)
    found[Measure.MOVED] = _moved(projection)
    return {measure: found[measure].transpose(*DIMS).astype(float) for measure in Measure if measure in found}


def _children(projection: Projection) -> xr.DataArray:
    """Children with a plan by kind of place, all of them, and those in specialist places."""
    children = _by_kind_of_place(projection)
    labels = children["of"].to_numpy().tolist()
    special = projection.about.means(rates.SPECIAL_SCHOOLS[0])
    whole = _with_sum(children, STATE_SPECIAL, special) if len(special) > 1 else children
    return _with_sum(_with_sum(whole, ALL_SPECIALIST, projection.about.planned), ALL_PLANS, labels)


def _rates(projection: Projection) -> dict[Measure, xr.DataArray]:
    """The special school rate of residents, and children more than at England's; none where it is not known."""
    special = projection.about.means(*rates.SPECIAL_SCHOOLS)
    if not special:
        return {}
    rate = rates.special_rate_residents(projection.demand, projection.population, special)
    found = {Measure.RATE: rate.expand_dims(of=[RESIDENTS])}
    england = projection.england_special_rate
    if bool(england.notnull().any()):
        placed = rates.in_special_schools(projection.demand, special)
        gap = rates.against_england(placed, rates.residents_of_school_age(projection.population), england)
        found[Measure.ABOVE_ENGLAND] = gap.expand_dims(of=[RESIDENTS])
    return found


def _against_places(projection: Projection) -> dict[Measure, xr.DataArray]:
    """Places and children who lack one; or, where assumed, places opened since and children more than now."""
    labels, short = projection.about.planned, projection.short
    if short is not None:
        kinds = short.short["provision"].to_numpy().tolist()
        left = short.of_served.sum(["district", "need", "band"], dtype=np.float64).rename(provision="of")
        places = short.places.rename(provision="of").astype(float)
        return {
            Measure.SHORT: _with_sum(left, ALL_SPECIALIST, kinds),
            Measure.PLACES: _with_sum(places, ALL_SPECIALIST, kinds),
        }
    added = _added(projection).sel(of=labels)
    more = (more_than_now(_by_kind_of_place(projection).sel(of=labels)) - added).transpose(*DIMS)
    beyond = more.clip(min=0).sum("of").expand_dims(of=[ALL_SPECIALIST]).transpose(*DIMS)
    draws = {"draw": projection.demand["draw"].to_numpy()}
    return {
        Measure.MORE: xr.concat([more, beyond], "of", join="exact", coords="minimal", compat="override"),
        Measure.OPENED: _with_sum(added.expand_dims(draws), ALL_SPECIALIST, labels),
    }


def _without_plan(projection: Projection) -> dict[Measure, xr.DataArray]:
    """Children without a plan in AP schools, and the places that these and others there call for; none if not known."""
    label = filled_by_both(projection.about)
    if projection.ap is None or label is None:
        return {}
    filled = projection.ap.school_places.sum(["district", "key_stage"])
    alone = filled.sel(draw=projection.demand["draw"].to_numpy())
    with_plan = projection.total("district", "need", "phase").sel(provision=label, drop=True)
    both = alone + with_plan
    found = {Measure.WITHOUT_PLAN: alone, Measure.AP_PLACES: both * (1 + projection.ap.headroom)}
    if projection.short is None:
        found[Measure.AP_MORE] = more_than_now(both) - _added(projection).sel(of=label, drop=True)
    return {measure: array.expand_dims(of=[AP_SCHOOLS]) for measure, array in found.items()}


def _added(projection: Projection) -> xr.DataArray:
    """Places opened since the latest census, less those closed, where places are only assumed: (year, of)."""
    return more_than_now(projection.places.rename(provision="of").fillna(0.0))


def _moved(projection: Projection) -> xr.DataArray:
    """Children whom each shift of the scenario moves; an axis `of` without labels where there are none."""
    axes = {axis: projection.demand[axis].to_numpy() for axis in ("draw", "year")}
    if projection.shifted is None:
        sizes = (*(len(labels) for labels in axes.values()), 0)
        return xr.DataArray(np.zeros(sizes), coords={**axes, "of": np.array([], dtype=object)}, dims=DIMS)
    return projection.shifted.rename(shift="of").reindex(year=axes["year"], fill_value=0.0)


def _by_kind_of_place(projection: Projection) -> xr.DataArray:
    """Children with a plan: (draw, year, of), a label of `of` a kind of place."""
    return projection.total("district", "need", "phase").rename(provision="of").transpose(*DIMS)


def _with_sum(array: xr.DataArray, name: str, labels: Sequence[str]) -> xr.DataArray:
    """`array` with one more label of `of`: the sum over some of them."""
    whole = array.sel(of=list(labels)).sum("of").expand_dims(of=[name])
    return xr.concat([array, whole.transpose(*array.dims)], "of", join="exact", coords="minimal", compat="override")
