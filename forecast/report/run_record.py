"""What a run was given, as two small tables of its folder: its input files, and the rates fitted to them.

They are there so that two runs can be told apart: `forecast diff` reads them back.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd
import xarray as xr

from forecast.domain import PHASES, phase_of
from forecast.errors import ForecastError
from forecast.fitted import fitted_area
from forecast.inputs.area import FILES, Area, digest
from forecast.inputs.bundled import bundled
from forecast.model.lending import change_of_cohorts
from forecast.model.people import residents
from forecast.report.tables import TOTALS
from forecast.store import read_model

HELD, BEGUN = "children with a plan", "new plans a year"
CEASED, CEASED_BY_KIND = "plans that cease in a year, by phase", "plans that cease in a year, by kind of place"
PLACED, MOVED = "placement of new plans", "moves to another kind of place in a year"
GROWTH: Final = "England's growth of new plans a year"
RATES: Final = {
    HELD: "per 1,000 residents",
    BEGUN: "per 1,000 residents",
    CEASED: "per 100 plans",
    CEASED_BY_KIND: "per 100 plans",
    PLACED: "per 100 new plans",
    MOVED: "per 100 who keep their plan",
    GROWTH: "per cent, by logarithm",
}
"""Rate -> its unit, in the order of the table."""


class AreaChanged(ForecastError):
    """A file of the area is no longer what the forecast read."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"A file in {folder} changed while the forecast was made; run it again.")


def record_tables(area: Area) -> Mapping[str, pd.DataFrame]:
    """Tables that say what a run of `area` was given, by the name of their file.

    Raises
    ------
    AreaChanged
        A file was changed since it was read.
    """
    england = read_model(bundled("models", "england"))
    census, districts = area.about.latest_census, area.about.district_names
    people = residents(area.population, districts, [census], change_of_cohorts(england))
    fitted = fitted_area(area, england)
    return {"inputs": inputs_table(area), "rates": rates_table(fitted, people.sel(year=census, drop=True), england)}


def inputs_table(area: Area) -> pd.DataFrame:
    """Files of the area.

    Returns
    -------
    columns file, rows, first_year, last_year, sha256
        Rows and years (January, or mid-year of a population) are blank where a file has none; the digest is the
        same whatever the line ends.

    Raises
    ------
    AreaChanged
        A file was changed since it was read.
    """
    files = {name: (area.folder / name).read_bytes() for name in FILES if (area.folder / name).exists()}
    if digest(files) != area.digest:
        raise AreaChanged(area.folder)
    spans = {f"{name}.csv": _span(table) for name, table in area.tables.items()}
    rows = [(name, *spans.get(name, (None, None, None)), digest({name: files[name]})) for name in files]
    table = pd.DataFrame(rows, columns=["file", "rows", "first_year", "last_year", "sha256"])
    return table.astype(dict.fromkeys(["rows", "first_year", "last_year"], "Int64"))


def rates_table(fitted: xr.Dataset, people: xr.DataArray, england: xr.Dataset) -> pd.DataFrame:
    """Rates of a whole area at its latest census, before steering and any scenario, and England's growth of new plans.

    Parameters
    ----------
    fitted : see `forecast.pipeline.fitted_area`
    people : (district, nc_year)
        Residents at the census.
    england : the England model

    Returns
    -------
    columns rate, of, unit, value
        `of` is a phase or a kind of place. A rate of nobody has no row.
    """
    at_age = people.sum("district")
    stock = fitted["stock"] if "district" in fitted["leave"].dims else fitted["stock"].sum("district")
    starts = fitted["start_rate"] * (people if "district" in fitted["start_rate"].dims else at_age)
    ceased = stock * fitted["leave"]
    kept = stock - ceased
    stays = fitted["move"].where(fitted["move"]["to"] == fitted["move"]["provision"], 0).sum("to")
    found = {
        HELD: 1000 * _by_phase(stock, at_age),
        BEGUN: 1000 * _by_phase(starts, at_age),
        CEASED: 100 * _by_phase(ceased, stock),
        CEASED_BY_KIND: 100 * _shares(_by(ceased, "provision"), _by(stock, "provision")),
        PLACED: 100 * _by(starts * fitted["start_mix"], "provision") / float(starts.sum()),
        MOVED: 100 * _shares(_by(kept * (1 - stays), "provision"), _by(kept, "provision")),
        GROWTH: 100 * _by_phase_alone(england["start_trend"]),
    }
    parts = [
        pd.DataFrame({"rate": rate, "of": values.index, "unit": RATES[rate], "value": values.to_numpy()})
        for rate, values in found.items()
    ]
    return pd.concat(parts, ignore_index=True).dropna(subset="value").reset_index(drop=True)


def _by_phase_alone(rate: xr.DataArray) -> "pd.Series[float]":
    """Mean of a rate over the year groups of each phase: index phase.

    Parameters
    ----------
    rate : (nc_year)
    """
    means = {phase.value: float(rate.sel(nc_year=list(years)).mean()) for phase, years in PHASES.items()}
    return pd.Series(means, dtype=float)


def _span(table: pd.DataFrame) -> tuple[int | None, int | None, int | None]:
    """Rows of a table, and its first and last year."""
    year = next((column for column in ("year", "mid_year") if column in table), None)
    if year is None or table.empty:
        return len(table), None, None
    return len(table), int(table[year].min()), int(table[year].max())


def _by(array: xr.DataArray, axis: str) -> pd.Series:
    return array.sum([other for other in array.dims if other != axis]).to_series()


def _by_phase(part: xr.DataArray, whole: xr.DataArray) -> pd.Series:
    """`part` of `whole` in each phase, and in all of them."""
    both = pd.DataFrame({"part": _by(part, "nc_year"), "whole": _by(whole, "nc_year")})
    phases = both.groupby([phase_of(int(year)).value for year in both.index], sort=False).sum()
    phases.loc[TOTALS["phase"]] = both.sum()
    return _shares(phases["part"], phases["whole"])


def _shares(part: pd.Series, whole: pd.Series) -> pd.Series:
    """Not a number where `whole` is nobody."""
    return part / whole.where(whole > 0)
