"""The county's places: the schools and bases that are open, how full they are, and what is being built."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.records.synthetic.geography import DISTRICTS, NAMES, centre

SPARE: Final = {"special": 1.01, "base": 1.12, "alternative": 1.15}
"""Kind of place that the council keeps a register of -> places over children at the latest census: special schools
are full, as most of England's are; judgement."""
OTHERS: Final = 0.06
"""Share of special places that other areas' children fill: judgement."""
_YEARS: Final = {"special": (-1, 14), "base": (0, 11), "alternative": (0, 11)}
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


PIPELINE: Final = (
    Planned("Synthetic Free Special School", "Sampleford", "special", 0.07, 2, 0.8, "0.3;0.5;0.7;0.85;0.95;1", -1),
    Planned("Synthetic Special Satellite", "Exampleton", "special", 0.026, 1, 0.95, "0.6;0.9;1", -1),
    Planned("Synthetic Secondary Base A", "Mockham", "base", 0.06, 1, 1.0, "0.5;0.85;1", 7),
    Planned("Synthetic Secondary Base B", "Fictley", "base", 0.06, 2, 0.75, "0.5;0.85;1", 7),
)
"""Sizes and chances are judgement; ramps are the defaults of a new school, a satellite and a base."""


def register(places: pd.DataFrame, roll: "pd.Series[int]", latest: int) -> pd.DataFrame:
    """places.csv: every special school, base and alternative provision that children attend, and the pipeline.

    Parameters
    ----------
    places : as `schools.schools` gives them
    roll : children at the latest census, by row of `places`
    latest : January of the latest census
    """
    full = roll.reindex(places.index, fill_value=0)
    children = full.groupby(places["provision"]).sum()
    schools = places.assign(children=full)[full.gt(0) & places["provision"].isin(list(SPARE))]
    rows = [_open(school) for school in schools.to_dict("records")]
    rows += [_planned(school, int(children[school.kind]), latest) for school in PIPELINE]
    table = pd.DataFrame(rows).assign(serves="all", needs="all", closes="", assumed=False, source=_SOURCE)
    return table.sort_values(["provision", "school"], kind="stable", ignore_index=True)


def _open(school: dict[Any, Any]) -> dict[str, object]:
    kind = school["provision"]
    own = int(np.ceil(school["children"] * SPARE[kind]))
    others = int(np.ceil(own * OTHERS)) if kind == "special" else 0
    base = "SEN Unit" if school["unit"] else "Resourced Provision"
    return {
        "school": f"{school['name']}, {base}" if kind == "base" else school["name"],
        "district": NAMES[school["district"]],
        "lat": school["lat"],
        "lon": school["lon"],
        "provision": kind,
        "nc_from": max(school["nc_from"], _YEARS[kind][0]),
        "nc_to": min(school["nc_to"], _YEARS[kind][1]),
        "places": own + others,
        "taken_by_others": others,
        "opens": "",
        "probability": np.nan,
        "ramp": "",
    }


def _planned(school: Planned, children: int, latest: int) -> dict[str, object]:
    latitude, longitude = centre(DISTRICTS[NAMES.index(school.district)])
    return {
        "school": f"{school.name} (planned)",
        "district": school.district,
        "lat": round(latitude - 0.03, 4),
        "lon": round(longitude + 0.04, 4),
        "provision": school.kind,
        "nc_from": school.nc_from,
        "nc_to": _YEARS[school.kind][1],
        "places": max(2 * round(school.share * children / 2), 2),
        "taken_by_others": 0,
        "opens": f"{latest - 1 + school.years}-09",
        "probability": school.chance,
        "ramp": school.ramp,
    }
