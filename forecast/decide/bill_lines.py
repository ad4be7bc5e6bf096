"""The lines of a bill: children, places and changes, each with who pays and what it costs in every future.

A child counted in January costs a year in its kind of place, as if everyone were placed in the kind that they need.
Where places are listed, two kinds of line put right what that leaves out: places that stand empty; and children
without a place in a state special or AP school, beyond those whom the schools hold above their places at the latest
census. With a plan they are priced in an independent school; without, in alternative provision elsewhere. Either line
is the difference from the place that they need, which other lines hold already.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import xarray as xr

from forecast.decide.bill_ap import PRICED, elsewhere_on_average, empty_on_average, label_of, place_years, price_of
from forecast.decide.priced import INSTEAD
from forecast.decide.unit_prices import ChildYear, PriceLists, child_year, price_lists
from forecast.decide.without_plan import filled_by_both
from forecast.domain import ALL, WITHOUT_PLAN, ApSetting, Provision
from forecast.model.raking import Array
from forecast.places.shortage import Shortage
from forecast.projection import Projection
from forecast.scenario.spending import Payer, Spending

AXES: Final = ("draw", "year")
SCHOOLS_FULL: Final = {Provision.SPECIAL: "instead", Provision.ALTERNATIVE: "instead of AP schools"}
"""Kind of place for want of which children go elsewhere -> what the lines of the bill are called."""


class Kind(StrEnum):
    """What a line of the bill is for."""

    PLACES = "places and fees"
    TRANSPORT = "transport"
    EMPTY = "empty places"
    INSTEAD = "places elsewhere for want of one in a special or AP school"
    WITHOUT_PLAN = "alternative provision of children without a plan"
    CHANGES = "the changes themselves"


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a bill."""

    name: str
    kind: Kind
    provision: str
    """Label of the kind of place that it is of; empty where it is of none."""
    payer: Payer
    units: Array
    """Children, places or units of a change: (draw, year)."""
    pounds: Array
    """What they cost: (draw, year); not a number where no price is known."""

    @property
    def priced(self) -> bool:
        """Whether all of it has a price."""
        return bool(np.isfinite(self.pounds).all())


def lines_of(projection: Projection) -> tuple[Line, ...]:
    """Every line of a forecast's bill, priced or not.

    Raises
    ------
    NoPrices
        It holds no prices.
    """
    lists = price_lists(projection)
    found = [*_of_children(projection, lists), *_without_a_plan(projection, lists)]
    if projection.short is not None:
        found += [*_empty(projection, lists, projection.short), *_instead(projection, lists, projection.short)]
    return (*found, *(_of_change(projection, lists, spending) for spending in projection.spending))


def children_by_need(projection: Projection) -> xr.DataArray:
    """Children in each kind of place: (draw, year, provision, need)."""
    return projection.total("district", "phase").transpose(*AXES, "provision", "need")


def years_by_need(projection: Projection, lists: PriceLists, provision: str) -> ChildYear:
    """What a year costs of a child of each need, in the order of the area's: arrays (draw, year, need).

    Parameters
    ----------
    provision : standard code
    """
    codes = list(map(str, projection.about.needs.values()))
    year = {code: child_year(lists, provision, code) for code in dict.fromkeys(codes)}
    place = np.stack([year[code].place for code in codes], axis=2)
    return ChildYear(place, np.stack([year[code].transport for code in codes], axis=2))


def _of_children(projection: Projection, lists: PriceLists) -> Iterator[Line]:
    """Places and journeys of the children in each kind of place."""
    every = children_by_need(projection)
    by_need = lists.tell_apart(list(map(str, projection.about.needs.values())))
    for label, code in projection.about.provisions.items():
        held = every.sel(provision=label).to_numpy()
        units = held.sum(axis=2)
        if by_need:
            year = years_by_need(projection, lists, str(code))
            place, journey = (held * year.place).sum(axis=2), (held * year.transport).sum(axis=2)
        else:
            year = child_year(lists, str(code))
            place, journey = units * year.place, units * year.transport
        yield Line(f"places: {label}", Kind.PLACES, label, Payer.HIGH_NEEDS, units, place)
        if lists.carried(str(code)):
            yield Line(f"transport: {label}", Kind.TRANSPORT, label, Payer.GENERAL_FUND, units, journey)


def _without_a_plan(projection: Projection, lists: PriceLists) -> Iterator[Line]:
    """Places of children without a plan that the council pays for, by place-years."""
    if projection.ap is None:
        return
    for setting in PRICED:
        units = _on(projection, place_years(projection, setting))
        label, pounds = label_of(projection, setting), units * price_of(lists, setting)
        yield Line(f"without a plan: {setting.value}", Kind.WITHOUT_PLAN, label, Payer.HIGH_NEEDS, units, pounds)


def _empty(projection: Projection, lists: PriceLists, short: Shortage) -> Iterator[Line]:
    """Listed places that nobody fills, which are funded all the same."""
    for label in short.spare["provision"].to_numpy().tolist():
        units = short.spare.sel(provision=label).transpose(*AXES).to_numpy().astype(float)
        units = units + empty_on_average(projection, short, label)
        pounds = units * lists.drawn("empty", str(projection.about.provisions[label]))
        yield Line(f"empty: {label}", Kind.EMPTY, label, Payer.HIGH_NEEDS, units, pounds)


def _instead(projection: Projection, lists: PriceLists, short: Shortage) -> Iterator[Line]:
    """What it costs more that children are elsewhere because the special or AP schools are full."""
    listed, with_plan = short.short["provision"].to_numpy().tolist(), short.short["need"] != WITHOUT_PLAN
    there = child_year(lists, INSTEAD)
    for means, name in SCHOOLS_FULL.items():
        labels = [label for label in projection.about.means(means) if label in listed]
        if not labels:
            continue
        left = short.of_served.sel(provision=labels, need=with_plan).sum(
            ["district", "need", "band", "provision"], dtype=np.float64
        )
        units = left.transpose(*AXES).to_numpy()
        units, here = (units - units[:, :1]).clip(min=0), child_year(lists, means.value)
        extra = {Payer.HIGH_NEEDS: there.place - here.place, Payer.GENERAL_FUND: there.transport - here.transport}
        for payer, price in extra.items():
            yield Line(f"{name}: {payer.value}", Kind.INSTEAD, INSTEAD, payer, units, units * price)
    if projection.ap is not None and filled_by_both(projection.about) in listed:
        yield _instead_without_a_plan(projection, lists, short)


def _instead_without_a_plan(projection: Projection, lists: PriceLists, short: Shortage) -> Line:
    """What it costs more that children without a plan are elsewhere because AP schools are full, by place-years."""
    units = elsewhere_on_average(projection, short, label_of(projection, ApSetting.AP_SCHOOL))
    extra = price_of(lists, ApSetting.LA_FUNDED) - price_of(lists, ApSetting.AP_SCHOOL)
    name = f"{SCHOOLS_FULL[Provision.ALTERNATIVE]}, {WITHOUT_PLAN}: {Payer.HIGH_NEEDS.value}"
    return Line(name, Kind.INSTEAD, label_of(projection, ApSetting.LA_FUNDED), Payer.HIGH_NEEDS, units, units * extra)


def _of_change(projection: Projection, lists: PriceLists, spending: Spending) -> Line:
    """What a change itself costs."""
    units = _on(projection, spending.units)
    if spending.shift:
        units = units * _moved(projection, spending)
    price = bought_at(lists, spending) if spending.pounds is None else _on(projection, spending.pounds)
    return Line(spending.what, Kind.CHANGES, "", spending.payer, units, units * price)


def bought_at(lists: PriceLists, spending: Spending) -> Array:
    """Pounds of a unit that the prices give: (draw, year); a fee has grown like that of any child there."""
    provision = spending.provision or ALL
    if spending.item == "place":
        return child_year(lists, provision).place
    return lists.drawn(spending.item, provision)


def _moved(projection: Projection, spending: Spending) -> Array:
    """Children for whom a unit is paid: (draw, year)."""
    shifted = projection.shifted
    if shifted is None or spending.shift not in shifted["shift"].to_numpy():
        return np.zeros(tuple(projection.demand.sizes[axis] for axis in AXES))  # a shift that never moves anybody
    return spending.paid_for(_on(projection, shifted.sel(shift=spending.shift, drop=True)))


def _on(projection: Projection, array: xr.DataArray) -> Array:
    """An array on the forecast's own futures and Januaries, 0 in a January that it does not have: (draw, year)."""
    axes = {axis: projection.demand[axis].to_numpy() for axis in AXES}
    if "year" in array.dims:
        array = array.reindex(year=axes["year"], fill_value=0.0)
    if "draw" in array.dims:
        array = array.sel(draw=axes["draw"])
    missing = {axis: labels for axis, labels in axes.items() if axis not in array.dims}
    return np.asarray(array.expand_dims(missing).transpose(*AXES).to_numpy(), dtype=float)
