"""A made-up siting, quick to make: three districts, a school of each kind that is listed, candidates, and minutes."""

from dataclasses import replace

import numpy as np
import pandas as pd
from builders_projection import small_projection, with_real_places

from forecast.axes import PHASE_FIRSTS
from forecast.decide.choose import Limits
from forecast.decide.ground import options_of, rows_of
from forecast.decide.site_run import Candidates, sited
from forecast.inputs.reference_places import read_costs
from forecast.inputs.reference_travel import read_travel
from forecast.places.costs import Costs
from forecast.places.travel import given_journeys

YEAR = 2031
COSTS = Costs(read_costs())


def candidate(name, district="Northvale", **changed):
    """A row of candidates as it is once read."""
    row = {
        "name": name, "district": district, "lat": 52.1, "lon": -2.2, "provision": "special", "needs": "all",
        "nc_from": -4, "nc_to": 20, "sizes": (60, 120), "capital": np.nan, "opens": "", "source": "Invented",
    }  # fmt: skip
    return row | changed


def asked_of(projection, *rows, later=()):
    """The candidates of a question, beside the projection's own places."""
    table = pd.DataFrame(rows)
    columns = ["school", "district", "serves", "lat", "lon", "provision", "needs", "nc_from", "nc_to", "assumed"]
    listed = pd.DataFrame(columns=columns) if projection.register is None else projection.register.rows
    places = rows_of(listed.astype({"assumed": bool}), table)
    return Candidates(table, later, places, options_of(places, table, COSTS, projection.about), YEAR)


def real(**about):
    """A council's own counts with its own places, special schools full and more."""
    return with_real_places(draws=30, **about)


def assumed(**about):
    """Published figures, places assumed."""
    projection = small_projection(draws=30, **about)
    return replace(projection, by_band=projection.demand.rename(phase="band").assign_coords(band=list(PHASE_FIRSTS)))


def half_listed():
    """A council's own counts; its special schools are listed, its alternative provision is not."""
    projection = real()
    rows = projection.register.rows[projection.register.rows["provision"] != "alternative"]
    left = projection.register.open.sel(place=rows.index).assign_coords(place=range(len(rows)))
    return replace(projection, register=replace(projection.register, rows=rows.reset_index(drop=True), open=left))


def hub(**changed):
    """A candidate of a kind that `half_listed` lists no places of."""
    return candidate("Hub", "Southmere", provision="alternative", sizes=(10, 20), capital=30_000.0) | changed


def made_up_siting(projection=None, *rows, limits=None, later=()):
    """A siting of `rows`, minutes by district and place rising with both."""
    projection = projection or real()
    rows = rows or (candidate("Old Mill"), candidate("Airfield", "Southmere", sizes=(60,), capital=90_000.0))
    asked = asked_of(projection, *rows, later=later)
    districts = len(projection.about.district_names)
    minutes = 30 + 12 * np.abs(np.arange(districts)[:, None] - np.arange(len(asked.places)))
    return sited(projection, asked, given_journeys(minutes.astype(float)), read_travel(), COSTS, limits or Limits())
