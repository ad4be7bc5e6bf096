"""A made-up projection, plausible and quick: published with assumed places, or counts with real ones."""

from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from forecast.axes import PHASE_FIRSTS
from forecast.domain import NC_YEARS, PHASES, Need, Phase, Provision
from forecast.inputs.about import About, District, Source
from forecast.places.register import Register
from forecast.places.shortage import shortage
from forecast.projection import Projection
from forecast.settings import Settings

YEARS = list(range(2025, 2038))
NEEDS = [need.value for need in Need if need is not Need.DS]
PROVISIONS = [provision.value for provision in Provision]
PHASE_NAMES = [phase.value for phase in PHASES]
DISTRICTS = ("Northvale", "Southmere", "Easthill", "Westbury", "Midport", "Farlow")
PLANS = 7_000
SHARES = {
    "mainstream": 0.40, "base": 0.05, "special": 0.34, "special_nonmaintained": 0.01, "independent": 0.06,
    "independent_mainstream": 0.01, "alternative": 0.02, "post16": 0.50, "elsewhere": 0.04,
    "early_years": 0.01,
}  # fmt: skip
NEED_SHARES = (0.33, 0.17, 0.05, 0.09, 0.08, 0.03, 0.15, 0.02, 0.01, 0.005, 0.035, 0.03)
PHASE_SHARES = (0.03, 0.37, 0.38, 0.16, 0.06)


def made_up_about(districts=6, *, kind="published", synthetic=False):
    return About(
        format=1,
        name="Exampleshire" if kind == "counts" else "Worcestershire",
        kind=kind,
        synthetic=synthetic,
        latest_census=2025,
        needs={need: need for need in NEEDS},
        provisions={provision: provision for provision in PROVISIONS},
        districts=[District(name=name) for name in DISTRICTS[:districts]],
        notes=("Places taken by children of other areas are left out.",),
        sources=(
            Source(table="placements.csv", status="published", source="EHC plans 2025, DfE, June 2025"),
            Source(table="placements.csv, 2025 by need", status="inferred", source="national pattern by age"),
        ),
    )


def _base(rng, districts):
    """Children at the census: (district, need, phase, provision)."""
    share = np.einsum("n,p,v->npv", NEED_SHARES, PHASE_SHARES, list(SHARES.values()))
    phase, provision = np.array(PHASE_NAMES), np.array(PROVISIONS)
    too_young = ~np.isin(phase, [Phase.POST_16, Phase.POST_19])[:, None] & (provision == "post16")
    too_old = (phase != Phase.EARLY_YEARS)[:, None] & (provision == "early_years")
    share = np.where(too_young | too_old, 0, share)
    return rng.poisson(share / share.sum() * PLANS / districts, size=(districts, *share.shape))


def _demand(rng, base, draws):
    """Every kind of place grows; each draw keeps one path of its own, with luck in every cell."""
    ahead = np.arange(len(YEARS))
    growth = np.linspace(0.05, 0.01, len(YEARS)).cumsum() - 0.05
    pace = dict.fromkeys(PROVISIONS, 1.0) | {"base": 1.6, "independent": 1.8, "alternative": 0.4}
    path = growth * np.array(list(pace.values()))[:, None] + 0.016 * ahead**0.9 * rng.normal(size=(draws, 1, 1))
    factor = np.exp(path).transpose(0, 2, 1)[:, :, None, None, None, :]
    demand = rng.poisson(base * factor)
    demand[:, 0] = base
    return demand


def small_projection(districts=3, draws=50, seed=7, **about):
    """Published figures and assumed places: nothing in it may be called short."""
    rng = np.random.default_rng(seed)
    about = made_up_about(districts, **about)
    names = list(about.district_names)
    labels = {"year": YEARS, "district": names, "need": NEEDS, "phase": PHASE_NAMES, "provision": PROVISIONS}
    base = _base(rng, districts)
    demand = xr.DataArray(_demand(rng, base, draws), dims=["draw", *labels], coords=labels)
    years_in = np.array([len(years) for years in PHASES.values()])
    mean = demand.mean("draw").to_numpy() / years_in[:, None]
    expected = np.repeat(mean, years_in, axis=3)
    by_age = {
        "year": YEARS,
        "district": names,
        "need": NEEDS,
        "nc_year": list(NC_YEARS),
        "provision": PROVISIONS,
    }
    residents = np.full((len(YEARS), districts, len(NC_YEARS)), 6_600 / districts).round()
    held = base.sum(axis=(0, 1, 2)).astype(float)
    return Projection(
        about=about,
        scenario="baseline",
        scenario_why="Recent trends continue.",
        settings=Settings(draws=draws, seed=seed, current_year=2027),
        demand=demand,
        expected=xr.DataArray(expected, dims=list(by_age), coords=by_age),
        places=xr.DataArray(np.tile(held, (len(YEARS), 1)), dims=["year", "provision"],
                            coords={"year": YEARS, "provision": PROVISIONS}),
        places_assumed=True,
        population=xr.DataArray(residents, dims=["year", "district", "nc_year"],
                                coords={"year": YEARS, "district": names, "nc_year": list(NC_YEARS)}),
        england_special_rate=xr.DataArray(np.linspace(0.0205, 0.0265, len(YEARS)), dims=["year"],
                                          coords={"year": YEARS}),
        digests={"area": "a" * 64, "england": "b" * 64},
    )  # fmt: skip


def with_real_places(**about):
    """A council's own counts and its places: new ones open in 2029, and the independent sector lists none."""
    projection = small_projection(kind="counts", **about)
    opened = xr.where(projection.places["year"] >= 2029, 1.12, 1.02)
    listed = projection.places["provision"].isin(["special", "base", "alternative"])
    places = (projection.places * opened).round().where(listed).transpose("year", "provision")
    return with_places(projection, places)


def with_places(projection, places):
    """The projection with places (year, provision) of its own, the same in every future; NaN where none are listed."""
    register = _register(places, projection)
    by_band = projection.demand.rename(phase="band").assign_coords(band=list(PHASE_FIRSTS))
    short = shortage(by_band, register)
    return replace(projection, places=places, places_assumed=False, register=register, by_band=by_band, short=short)


def _register(places, projection):
    """One school of each kind that is listed, which takes everybody and opens as it says in every future."""
    kinds = [str(kind) for kind in places["provision"].to_numpy() if not places.sel(provision=kind).isnull().any()]
    rows = pd.DataFrame([
        {
            "school": f"The {kind} school", "district": "all", "serves": "all", "lat": np.nan, "lon": np.nan,
            "provision": kind, "needs": "all", "nc_from": -4, "nc_to": 20,
            "places": int(places.sel(provision=kind).max()), "taken_by_others": 0, "opens": "", "closes": "",
            "probability": np.nan, "ramp": "", "assumed": False, "source": "Invented",
        }
        for kind in kinds
    ])  # fmt: skip
    draws = projection.demand["draw"]
    opened = places.sel(provision=kinds).rename(provision="place").assign_coords(place=range(len(kinds)))
    return Register(rows, opened.expand_dims(draw=draws).transpose("draw", "year", "place").astype(float))
