"""Children in special schools as a share of all children, against England: two rates, never mixed.

`special_rate_schools` is published: pupils of special schools *in* the area over pupils of all schools in the
area. `special_rate_residents` can be forecast: plans that the area *maintains* and that are placed in a state
or non-maintained special school, wherever the school is, over residents aged 4 to 17. Its numerator counts
plans of all ages, because England's published count of plans by kind of school is of all ages too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import xarray as xr

from forecast.domain import Provision
from forecast.errors import ForecastError

SPECIAL_SCHOOLS: Final = (Provision.SPECIAL, Provision.SPECIAL_NONMAINTAINED)
"""Kinds of place that the resident rate counts: state special schools and non-maintained ones."""
SCHOOL_YEARS: Final = tuple(range(14))
"""Year groups of residents aged 4 to 17 at 31 August: Reception to Year 13."""


@dataclass(frozen=True)
class ImpliedPupils:
    """How many pupils a difference between two rounded rates was worked out on."""

    pupils: float
    """With the rates taken as printed."""
    least: float
    most: float


def residents_of_school_age(population: xr.DataArray) -> xr.DataArray:
    """Residents aged 4 to 17 at 31 August, in the whole area: (year).

    Parameters
    ----------
    population : (year, district, nc_year), or (year, ...) of residents already of those ages
        People.
    """
    if "nc_year" in population.dims:
        population = population.sel(nc_year=list(SCHOOL_YEARS))
    return population.sum([axis for axis in population.dims if axis != "year"])


def in_special_schools(demand: xr.DataArray, special: Sequence[str]) -> xr.DataArray:
    """Children of every age, need and district placed in the provisions `special`: (draw, year) or (year)."""
    chosen = demand.sel(provision=list(special))
    return chosen.sum([axis for axis in chosen.dims if axis not in {"draw", "year"}])


def special_rate_residents(demand: xr.DataArray, population: xr.DataArray, special: Sequence[str]) -> xr.DataArray:
    """Plans in state or non-maintained special schools per resident aged 4 to 17.

    Parameters
    ----------
    demand : (draw, year, district, need, phase, provision), or (year, ..., provision)
        Children with a plan, of all ages.
    population : (year, district, nc_year), or (year, ...) of residents already aged 4 to 17
        People at the mid-year before each January.
    special : labels of `provision`
        Those that mean a state or a non-maintained special school.

    Returns
    -------
    (draw, year) or (year)
        Share, 0 to 1; the order of draws is kept.
    """
    return in_special_schools(demand, special) / residents_of_school_age(population)


def against_england(
    children_in_special: xr.DataArray, pupils: xr.DataArray, england_rate: xr.DataArray
) -> xr.DataArray:
    """Children in special schools more than there would be at England's rate; negative where fewer.

    Parameters
    ----------
    children_in_special : (draw, year) or (year)
        Children in special schools.
    pupils : (year)
        All children, counted as the rate's denominator counts them.
    england_rate : (year)
        England's share, 0 to 1, of the same year by the same definition.
    """
    return children_in_special - pupils * england_rate


def implied_pupils(children: float, rate: float, england_rate: float, step: float, roundings: int = 1) -> ImpliedPupils:
    """Pupils for whom the gap between two rates is `children` children: the inverse of `against_england`.

    Parameters
    ----------
    children : float
        Published difference, children; negative where the area has fewer.
    rate, england_rate : float
        The two rates as printed, shares 0 to 1.
    step : float
        What the rates were rounded to, a share: a tenth of a percentage point is 0.001.
    roundings : int
        How many roundings stand between the gap as printed and the true one, each at worst half a
        `step`. 1: the gap itself is right to the nearest step (were both rates rounded, three times in
        four it would still lie so near). 2: each rate was rounded on its own, and both at their worst.

    Raises
    ------
    ForecastError
        Rounding alone could make the gap, or the gap and `children` have opposite signs.
    """
    gap, slack = rate - england_rate, roundings * step / 2
    if abs(gap) <= slack or gap * children <= 0:
        msg = f"Rates of {rate:.4%} and {england_rate:.4%} cannot give {children:g} more: give more decimals."
        raise ForecastError(msg)
    size = abs(children)
    return ImpliedPupils(size / abs(gap), least=size / (abs(gap) + slack), most=size / (abs(gap) - slack))
