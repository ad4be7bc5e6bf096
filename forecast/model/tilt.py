"""What may turn out otherwise while the totals stay: the mix of needs and ages, and the districts.

Control brings all plans and each kind of place to the forecast of the series. Who holds them is less sure: the
needs of new plans, their ages, and how long young people over 16 keep theirs differ from draw to draw, as far
as authorities differ, or as their make-up by age has changed in five years.
"""

import numpy as np
import xarray as xr

from forecast.domain import FIRST_POST16_YEAR, NC_YEARS, PHASES, phase_of
from forecast.model.raking import Array
from forecast.model.spread import mirrored


def tilted(drivers: xr.Dataset, england: xr.Dataset, needs: dict[str, str], whose: str, seed: int) -> xr.Dataset:
    """`drivers` whose starts and leaving differ from draw to draw in need and phase; all starts together do not.

    Parameters
    ----------
    drivers : start_rate (draw, year, need, nc_year), leave (need, nc_year, provision), both perhaps by district,
        population_now, draw
    england : need_spread (need), phase_spread (phase)
    needs : need of the area -> label of England's figures
    whose : code of the area, so that each has luck of its own
    """
    draws = drivers.sizes["draw"]
    by_need = {label: float(england["need_spread"].sel(need=own)) for label, own in needs.items()}
    by_phase = england["phase_spread"].to_series()
    needs_apart = [sd * mirrored(draws, seed, f"{whose} need {label}") for label, sd in by_need.items()]
    phases_apart = [by_phase[name] * mirrored(draws, seed, f"{whose} phase {name}") for name in by_phase.index]
    need, phase = np.stack(needs_apart, axis=1), np.stack(phases_apart, axis=1)
    at = [list(PHASES).index(phase_of(year)) for year in NC_YEARS]
    factor = xr.DataArray(
        np.exp(need[:, :, None] + phase[:, None, at]),
        coords={axis: drivers[axis].to_numpy() for axis in ("draw", "need", "nc_year")},
        dims=("draw", "need", "nc_year"),
    )
    starts = _starts(drivers["start_rate"].isel(year=0, drop=True), drivers["population_now"])
    even = starts.sum(["need", "nc_year"]) / (starts * factor).sum(["need", "nc_year"])
    older = [year >= FIRST_POST16_YEAR for year in NC_YEARS]
    return drivers.assign(
        start_rate=(drivers["start_rate"] * factor * even).transpose(*drivers["start_rate"].dims),
        leave=_staying_on(drivers["leave"], -phase[:, at] * np.array(older), drivers["draw"].to_numpy()),
    )


def _starts(rate: xr.DataArray, people: xr.DataArray) -> xr.DataArray:
    """First plans of the whole area: (draw, need, nc_year)."""
    return (rate * people).sum("district") if "district" in rate.dims else rate * people.sum("district")


def _staying_on(leave: xr.DataArray, log_odds: Array, draws: Array) -> xr.DataArray:
    """Chance of leaving with its odds multiplied, draw by draw; where it is 0 or 1 it stays: (draw, ...)."""
    factor = xr.DataArray(
        np.exp(log_odds), coords={"draw": draws, "nc_year": leave["nc_year"].to_numpy()}, dims=("draw", "nc_year")
    )
    moved = leave * factor
    return (moved / (1 - leave + moved)).transpose("draw", *leave.dims)


def shares_of_districts(districts: tuple[str, ...], sd: float, whose: str, draws: int, seed: int) -> xr.DataArray:
    """What each district's children are multiplied by, before all are evened to the area's: (draw, district).

    For districts that the area's rate is applied to: they differ as comparable authorities do.

    Parameters
    ----------
    sd : on the log scale
    """
    factor = np.exp(np.stack([sd * mirrored(draws, seed, f"{whose} district {name}") for name in districts], axis=1))
    coords = {"draw": np.arange(draws), "district": list(districts)}
    return xr.DataArray(factor / factor.mean(axis=0), coords=coords, dims=("draw", "district"))
