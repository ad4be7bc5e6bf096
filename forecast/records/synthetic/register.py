"""The county's places: the schools and bases that are open, how full they are, and what is being built."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.domain import ALL
from forecast.records.synthetic.designations import designated, falling_to
from forecast.records.synthetic.geography import DISTRICTS, NAMES, centre

SPARE: Final = {"special": 0.98, "base": 1.12, "alternative": 1.02}
"""Kind of place that the council keeps a register of -> places over children at the latest census: special schools
hold more children than places, as many of England's do (DfE, School capacity, May 2024: two thirds at or over
capacity). Alternative provision is over those with a plan and those without, these at their fullest month: then it is
about full, as over a third of 98 councils had waiting lists for referral units (Schools Week, 2023). Judgement."""
OTHERS: Final = 0.06
"""Share of special places that other areas' children fill: judgement."""
_SOURCE: Final = "Invented by forecast synthetic"


@dataclass(frozen=True)
class Planned:
    """A school or base that is being built."""

    name: str
    district: str
    kind: str
    share: float
    """Places over the county's children in that kind of place at the latest census."""
    years: int
    """From the September before the latest census to its opening."""
    chance: float
    ramp: str
    """Share open in each year."""
    nc_from: int
    """Youngest year group."""
    nc_to: int
    """Oldest year group."""
    needs: str = ALL
    delay: float = np.nan
    """Months that it is expected to be late, where that is said."""
    site: str = ""
    """School on whose site it is, where that is another; then `name` is the school whose roll it belongs to."""


PIPELINE: Final = (
    Planned("Synthetic Free Special School (planned)", "Sampleford", "special", 0.07, 2, 0.8,
            "0.3;0.5;0.7;0.85;0.95;1", 0, 14, "ASD;SLCN;SEMH", 12),
    Planned("Exampleton Synthetic Special Academy 1", "Exampleton", "special", 0.026, 1, 0.95,
            "0.6;0.9;1", 7, 11, "ASD;SLCN", site="Exampleton Synthetic Secondary Academy 3"),
    Planned("Synthetic Secondary Base A (planned)", "Mockham", "base", 0.06, 1, 1.0, "0.5;0.85;1", 7, 11, delay=0),
    Planned("Synthetic Secondary Base B (planned)", "Fictley", "base", 0.06, 2, 0.75, "0.5;0.85;1", 7, 11),
)  # fmt: skip
"""Sizes, chances and delays are judgement; ramps are the defaults of a new school, a satellite and a base."""


def register(places: pd.DataFrame, children: pd.DataFrame, latest: int) -> pd.DataFrame:
    """places.csv: every special school, base and alternative provision that children attend, and the pipeline.

    Each kind has as many places as its children and `SPARE` say; each school as its share of the children whom it is
    for. So a kind may have room while some needs, ages and districts have none.

    Parameters
    ----------
    places : as `schools.schools` gives them
    children : district, need, nc_year, provision and children, of the latest census; children without a plan in
        AP schools among them, in full-time places of their fullest month
    latest : January of the latest census
    """
    kept = designated(places[places["provision"].isin(list(SPARE))])
    coming = falling_to(kept, children) * kept["room"]
    now = children.groupby("provision")["children"].sum()
    wanted = kept["provision"].map(now * pd.Series(SPARE)).fillna(0)
    share = coming / coming.groupby(kept["provision"]).transform("sum").where(coming > 0, 1)
    where = places.set_index("name")
    rows = [
        _open(row, where) for row in kept.assign(own=np.ceil((wanted * share).round(6)))[coming > 0].to_dict("records")
    ]
    rows += [_planned(school, int(now.get(school.kind, 0)), latest, where) for school in PIPELINE]
    table = pd.DataFrame(rows).assign(closes="", assumed=False, source=_SOURCE)
    return table.sort_values(["provision", "school", "opens"], kind="stable", ignore_index=True)


def _open(row: dict[Any, Any], schools: pd.DataFrame) -> dict[str, object]:
    kind, own = row["provision"], int(row["own"])
    others = int(np.ceil(own * OTHERS)) if kind == "special" else 0
    base = "SEN Unit" if row["unit"] else "Resourced Provision"
    host = _host(schools, row["site"]) if row["site"] else row
    return {
        "school": f"{row['name']}, {base}" if kind == "base" else row["name"],
        "site": row["site"],
        "district": NAMES[int(host["district"])],
        "serves": row["serves"],
        "lat": host["lat"],
        "lon": host["lon"],
        "provision": kind,
        "needs": row["needs"],
        "nc_from": row["nc_from"],
        "nc_to": row["nc_to"],
        "places": own + others,
        "taken_by_others": others,
        "opens": "",
        "probability": np.nan,
        "delay": np.nan,
        "ramp": "",
    }


def _planned(school: Planned, children: int, latest: int, schools: pd.DataFrame) -> dict[str, object]:
    latitude, longitude = centre(DISTRICTS[NAMES.index(school.district)])
    there = {"lat": round(latitude - 0.03, 4), "lon": round(longitude + 0.04, 4)}
    if school.site:
        there = {axis: float(_host(schools, school.site)[axis]) for axis in there}
    return {
        "school": school.name,
        "site": school.site,
        "district": school.district,
        "serves": ALL,
        **there,
        "provision": school.kind,
        "needs": school.needs,
        "nc_from": school.nc_from,
        "nc_to": school.nc_to,
        "places": max(2 * round(school.share * children / 2), 2),
        "taken_by_others": 0,
        "opens": f"{latest - 1 + school.years}-09",
        "probability": school.chance,
        "delay": school.delay,
        "ramp": school.ramp,
    }


def _host(schools: pd.DataFrame, name: str) -> dict[str, Any]:
    """The school of that name, by whichever of its rows comes first."""
    return {str(field): said for field, said in schools.loc[[name]].iloc[0].to_dict().items()}
