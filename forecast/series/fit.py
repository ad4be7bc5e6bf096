"""The England model whole: flows of the latest year, and growth and ranges from every year."""

from functools import partial

import xarray as xr

from forecast.inputs.sen2 import Release
from forecast.model.national import fit_england
from forecast.model.people import authorities_residents, england_change
from forecast.series.between import between
from forecast.series.build import Beside, build
from forecast.series.lesson import YEARS_AHEAD, lesson
from forecast.series.outlook import central_of, origins_needed, outlook
from forecast.series.starts import start_trend
from forecast.workers import Opener, Progress, in_parallel, quietly


def fit_model(release: Release, beside: Beside, opener: Opener | None = None, done: Progress = quietly) -> xr.Dataset:
    """What the releases teach as of their latest census: see `model.national.fit_england` and `series.lesson`."""
    year = int(release.placements["year"].max())
    people = authorities_residents(beside.people, year)
    flows = fit_england(release.placements, release.flows, people, year, england_change(beside.people))
    panel = build(release, beside)
    origins = list(origins_needed(year, panel.first))
    steps = in_parallel(partial(central_of, panel, year, YEARS_AHEAD), origins, opener, done)
    made = outlook(panel, year, dict(zip(origins, steps, strict=True)))
    parts = [
        flows,
        lesson(panel, made, beside.units),
        start_trend(release, panel, beside.units).rename("start_trend").to_dataset(),
        between(panel, release, beside, flows["need"].to_numpy().tolist()),
    ]
    return xr.merge(parts, join="exact", combine_attrs="override").assign_attrs(release=release.digest)
