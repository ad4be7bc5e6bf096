"""What a council has before it imports a return: the county's districts, residents, outlines, schools and places."""

from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import ALL, NC_YEARS, Need
from forecast.inputs.about import About, District, Source
from forecast.inputs.area import Area
from forecast.inputs.write import write_area
from forecast.records.synthetic.geography import LA_CODE, NAME, NAMES, outlines
from forecast.records.synthetic.people import PROJECTION
from forecast.records.synthetic.rates import PROVISIONS

NOTES: Final = (
    f"SYNTHETIC: {NAME} is no real county. Every child, school, place and figure in it is invented.",
    "Its rates begin as England's by age, need and kind of place, and each district differs at random.",
    "Districts and schools are drawn in the North Sea.",
)
"""What every output says."""


def about(before: int, recipe: str) -> About:
    """area.toml, as of the January before the first return.

    Parameters
    ----------
    before : that January
    recipe : how to make it again
    """
    synthetic = "Invented by forecast synthetic"
    tables = {
        "all": f"{synthetic}; made again by {recipe}",
        "population.csv estimates": f"{synthetic}, after the shape by age of England's residents at mid-2024 (ONS)",
        f"population.csv {PROJECTION}": f"{synthetic}: cohorts aged on, births falling slowly",
        "places.csv": synthetic,
        "districts.geojson": synthetic,
    }
    return About(
        format=1,
        name=NAME,
        la_code=LA_CODE,
        kind="counts",
        synthetic=True,
        latest_census=before,
        needs={need.value: need for need in Need},
        provisions=dict(PROVISIONS),
        districts=tuple(District(name=name) for name in NAMES),
        notes=NOTES,
        sources=tuple(Source(table=table, status="synthetic", source=source) for table, source in tables.items()),
    )


def write_base(
    folder: Path, stock: "pd.Series[int]", people: pd.DataFrame, places: pd.DataFrame, described: About
) -> Area:
    """Write the base folder.

    Parameters
    ----------
    folder : must not be there
    stock : children with a plan in January `before`, by provision
    people : population.csv
    places : places.csv
    described : from `about`
    """
    before = described.latest_census
    placements = pd.DataFrame({"provision": stock.index, "children": stock.to_numpy()})
    placements = placements.assign(year=before, need=ALL, district=ALL, nc_from=NC_YEARS[0], nc_to=NC_YEARS[-1])
    tables = {"placements": placements, "population": people, "places": places}
    return write_area(folder, described, tables, outlines())
