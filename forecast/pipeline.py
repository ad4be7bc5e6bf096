"""The whole forecast on one screen: read this first.

tables -> Area -> fitted (area + models/england) -> drivers -> scenario -> roll -> children -> Projection
"""

from collections.abc import Mapping, Sequence

import xarray as xr

from forecast.ap.drivers import with_ap
from forecast.ap.forecast import ApForecast
from forecast.ap.roll import ap_forecast
from forecast.axes import bands_of
from forecast.domain import KEY_STAGE_SPANS
from forecast.errors import InputFaults
from forecast.fitted import PUBLISHED, fitted_area
from forecast.inputs.about import About
from forecast.inputs.ap_model import read_ap_model
from forecast.inputs.area import Area
from forecast.inputs.assumptions import Assumption, read_assumptions
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, with_own
from forecast.model.carried import carried
from forecast.model.drivers import make_drivers
from forecast.model.funnel import growth_of_starts, led_by_waiting, waiting
from forecast.model.lending import change_of_cohorts, lent_to, not_believed
from forecast.model.lending_counts import counted_of
from forecast.model.migration import newcomers, said_of_newcomers, with_newcomers
from forecast.model.raking import Array
from forecast.model.tilt import shares_of_districts
from forecast.model.variants import population_of, said_of_population, with_population
from forecast.places.claims import claims
from forecast.places.costs import costs_of
from forecast.places.england import england_special_rate
from forecast.places.register import ages_of, drawn_register, places_open, told_of
from forecast.places.shortage import shortage
from forecast.projection import Projection, by_phase
from forecast.scenario.recorded import made
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings
from forecast.store import digest, read_model

OFTEN = 0.25
"""A target missed in a larger share of futures and years is told with the figures."""
_SERIES = {
    "plans": "all plans",
    "special_state": "state special schools",
    "special_nonmaintained": "non-maintained special schools",
    "independent": "independent special schools",
    "base": "bases",
    "alternative": "alternative provision",
}
NOTED = 0.01
"""A target missed by more than this share is counted in the manifest."""


def forecast_area(
    area: Area, scenario: Scenario, settings: Settings, spans: Sequence[tuple[int, int]] = ()
) -> Projection:
    """An area's forecast under a scenario, from its folder and the England model that ships.

    Parameters
    ----------
    spans : first and last year groups that a question asks about, besides the phases and those of the area's schools
    """
    england, assumptions = england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    rate = england_special_rate(england, assumptions, settings, drivers)
    return project(area, drivers, scenario, settings, rate, spans)


def england_and_assumptions() -> tuple[xr.Dataset, Mapping[str, Assumption]]:
    """The England model and the assumptions that ship."""
    return read_model(bundled("models", "england")), read_assumptions(bundled("data", "assumptions.yaml"))


def area_drivers(
    area: Area, england: xr.Dataset, assumptions: Mapping[str, Assumption], settings: Settings
) -> xr.Dataset:
    """Everything that a policy may move, fitted to the area and steered to the forecast of its published totals."""
    districts, years = area.about.district_names, _years(area.about.latest_census, settings)
    change = change_of_cohorts(england)
    people = population_of(area.population, districts, years, change, area.births)
    fitted = fitted_area(area, england)
    means = {label: str(meaning) for label, meaning in area.about.provisions.items()}
    drivers = make_drivers(fitted, england, people, assumptions, settings.draws, settings.seed, means)
    drivers = _with_ap(drivers, area, change)
    waits = waiting(area.funnel, area.about.latest_census, growth_of_starts(england))
    if waits is not None:
        drivers = led_by_waiting(drivers, waits, assumptions["waiting_weight"].value)
    if settings.variant:
        drivers = with_population(drivers, _chosen(area, years, change, settings), people)
    drivers = with_newcomers(drivers, newcomers(area.housing, area.yields, area.migration, districts, years[1:]))
    return drivers.assign_attrs(
        lent=_lent(area, fitted)
        + said_of_population(area.population, years, area.births, settings.variant)
        + said_of_newcomers(area.housing, area.migration)
        + not_believed(area, england),
        means=means,
        between=float(england["between"].sel(target="special_state")),
        waiting=waits,
        late=assumptions["delay_months"],
        yields=area.yields.to_dict("records"),
    )


def _with_ap(drivers: xr.Dataset, area: Area, change: Array) -> xr.Dataset:
    """`drivers` with those of alternative provision, where the area has figures on it."""
    if not area.has_ap:
        return drivers
    counted = sorted({int(year) for year in area.ap_arrivals["year"]}) or [area.about.latest_census]
    people = population_of(area.population, area.about.district_names, range(counted[0], counted[-1] + 1), change)
    return with_ap(drivers, area, read_ap_model(), with_own(read_ap_figures(), area.ap), people)


def _chosen(area: Area, years: Sequence[int], change: Array, settings: Settings) -> xr.DataArray:
    """Residents of the projection that a run asks for."""
    return population_of(
        area.population,
        area.about.district_names,
        years,
        change,
        area.births,
        variant=settings.variant,
        draws=settings.draws,
        seed=settings.seed,
    )


def _lent(area: Area, fitted: xr.Dataset) -> tuple[str, ...]:
    """What is counted, and what is lent: sentences."""
    if area.about.kind == PUBLISHED:
        return lent_to(area, str(fitted.attrs["flows"]))
    return counted_of(area, fitted.attrs["counted"])


def project(
    area: Area,
    drivers: xr.Dataset,
    scenario: Scenario,
    settings: Settings,
    england_rate: xr.DataArray,
    spans: Sequence[tuple[int, int]] = (),
) -> Projection:
    """Carry the latest census forward under `scenario`: expected children, then children one by one.

    Parameters
    ----------
    spans : as in `forecast_area`

    Raises
    ------
    InputFaults
        Everything in which the scenario does not fit the area or the years of the forecast.
    """
    _see_that_it_fits(scenario, area, drivers)
    done = made(scenario, drivers, area.places, costs_of(area).table.assign(from_year=0))
    changed, places = done.drivers, done.places
    ap, cuts = ap_forecast(changed), (*spans, *ages_of(places), *(KEY_STAGE_SPANS if area.has_ap else ()))
    expected, by_band, shifted = carried(changed, settings.seed, bands_of(*cuts))
    years, late = by_band["year"].to_numpy().tolist(), drivers.attrs["late"]
    register = drawn_register(places, years, by_band.sizes["draw"], settings.seed, late)
    return Projection(
        about=_noted(area, drivers, ap),
        scenario=scenario.name,
        scenario_why=scenario.why,
        settings=settings,
        demand=by_phase(by_band),
        expected=expected,
        places=places_open(told_of(places), list(area.about.provisions), years, late),
        places_assumed=bool(places["assumed"].all()),
        population=_with_base(changed),
        england_special_rate=england_rate,
        digests={"area": area.digest, "england": digest(bundled("models", "england"))},
        record=scenario.model_dump(mode="json", by_alias=True) | {"assumptions": drivers.attrs["assumptions"]},
        unmet=_unmet(drivers),
        waiting=drivers.attrs["waiting"],
        district_factors=_district_factors(area, drivers, settings),
        world=scenario.world.defines,
        by_band=by_band,
        register=register,
        short=None if register is None else shortage(claims(by_band, ap, area.about.provisions), register),
        ap=ap,
        shifted=shifted,
        spending=scenario.spends(drivers),
        prices=done.prices,
        recorded=done.recorded,
    )


def _see_that_it_fits(scenario: Scenario, area: Area, drivers: xr.Dataset) -> None:
    """Refuse a scenario that does not fit the area or the years of the forecast, with everything that is wrong."""
    if faults := scenario.faults(area.about, area.places, drivers["year"].to_numpy().tolist(), ap=area.has_ap):
        raise InputFaults(faults)


def _noted(area: Area, drivers: xr.Dataset, ap: ApForecast | None) -> About:
    """What the area is, with all that outputs are to repeat."""
    notes = (*area.about.notes, *drivers.attrs["lent"], *_off(drivers), *(ap.notes if ap else ()))
    return area.about.model_copy(update={"notes": notes})


def _district_factors(area: Area, drivers: xr.Dataset, settings: Settings) -> xr.DataArray | None:
    """How far each district may differ from the area's rate, where that is applied to it."""
    if area.about.kind != PUBLISHED or len(area.about.districts) == 1:
        return None
    sd = float(drivers.attrs["between"])
    return shares_of_districts(area.about.district_names, sd, area.about.la_code, settings.draws, settings.seed)


def _with_base(drivers: xr.Dataset) -> xr.DataArray:
    """Residents by (year, district, nc_year), the mean of the futures, the latest census first."""
    base = drivers["population_now"].expand_dims(year=[int(drivers.attrs["year"])])
    ahead = drivers["population"]
    return xr.concat([base, ahead.mean("draw") if "draw" in ahead.dims else ahead], "year", join="exact")


def _unmet(drivers: xr.Dataset) -> dict[str, float]:
    """Share of draws and years in which control missed each target by more than 1%, where the target leads."""
    leads = drivers["unmet"].notnull()
    missed = (abs(drivers["unmet"]) > NOTED).sum(["draw", "year"]) / leads.sum(["draw", "year"])
    return {str(target): float(missed.sel(target=target)) for target in missed["target"].to_numpy()}


def _off(drivers: xr.Dataset) -> tuple[str, ...]:
    """Which totals the flows of children could often not be brought to: sentences."""
    return tuple(
        f"{_SERIES[target].capitalize()}: in {share:.0%} of futures and years the children here are more than 1% off "
        "the forecast of published totals, because so few of them move in a year."
        for target, share in _unmet(drivers).items()
        if share > OFTEN
    )


def _years(base: int, settings: Settings) -> range:
    """The latest census to the horizon."""
    return range(base, max(settings.current_year, base) + settings.horizon + 1)
