"""How far every place is from every district: by a matrix that is given, or else along straight lines."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault, InputFaults
from forecast.inputs.area import Area
from forecast.inputs.faults import capped
from forecast.inputs.reference_travel import Travel
from forecast.inputs.travel_file import read_travel_file
from forecast.places.travel import Journeys, given_journeys, points_in, straight_journeys


def journeys_to(rows: pd.DataFrame, area: Area, travel: Travel, matrix: Path | None, candidates: str) -> Journeys:
    """Minutes one way from each district to each place: (district, point, place).

    Parameters
    ----------
    rows : as from `ground.rows_of`
    matrix : minutes that are given; straight lines if None
    candidates : name of the candidates' file, for what is said of it

    Raises
    ------
    InputFaults
        Every fault of the matrix; or a place without coordinates, or districts without outlines, where there is none.
    """
    districts = area.about.district_names
    if matrix is not None:
        sites = list(dict.fromkeys(rows["site"]))
        given = read_travel_file(matrix, districts, sites, pairs_needed(rows, districts))
        return given_journeys(given[rows["site"].tolist()].to_numpy())
    faults = _nowhere(rows, candidates)
    try:
        points = points_in(area.boundaries, districts)
    except InputFaults as error:
        raise InputFaults([*faults, *error.faults]) from error
    if faults:
        raise InputFaults(faults)
    return straight_journeys(points, rows[["lon", "lat"]].to_numpy(dtype=float), travel.factor, travel.speed)


def pairs_needed(rows: pd.DataFrame, districts: Sequence[str]) -> set[tuple[str, str]]:
    """Pairs of district and site that a child may travel between: those that the site serves."""
    served = zip(rows["site"], rows["serves"], strict=True)
    return {
        (district, str(site))
        for site, serves in served
        for district in (districts if serves == ALL else str(serves).split(";"))
    }


def _nowhere(rows: pd.DataFrame, candidates: str) -> list[Fault]:
    """A fault for each place that has no coordinates."""
    lacking = rows[rows["lat"].isna()].drop_duplicates("site")
    remedy = "write its lat and lon, or give a matrix of journeys with --travel"
    return [
        *capped(
            lacking.loc[~lacking["candidate"], "site"].tolist(),
            lambda site: Fault("places.csv", 0, "lat", f"it is not said where {site} is", remedy),
        ),
        *capped(
            lacking.loc[lacking["candidate"], "site"].tolist(),
            lambda site: Fault(candidates, 0, "lat", f"it is not said where {site} is", remedy),
        ),
    ]
