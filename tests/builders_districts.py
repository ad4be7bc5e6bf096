"""A made-up area of four districts with children counted in each, some counts suppressed: its tables and outlines."""

from itertools import product

import numpy as np
import pandas as pd
from builders import boundaries

from forecast.inputs.about import About, District

DISTRICTS = ("Ash", "Birch", "Cedar", "Dove")
PROVISIONS = ("mainstream", "special")
YEARS = (2024, 2025)


def about():
    return About(
        format=1,
        name="Fourshire",
        la_code="999",
        kind="counts",
        synthetic=True,
        latest_census=2025,
        needs={"ASD": "ASD", "SEMH": "SEMH"},
        provisions={provision: provision for provision in PROVISIONS},
        districts=tuple(District(name=name, code=f"E0700000{at}") for at, name in enumerate(DISTRICTS)),
        notes=("Invented.",),
    )


def cells(*axes):
    """Combinations of labels, some left out, as counted tables have them."""
    rows = pd.DataFrame(list(product(*axes)))
    return rows[rows.index % 5 != 3].reset_index(drop=True)


def tables():
    rng = np.random.default_rng(4)
    placed = cells(YEARS, DISTRICTS, ("ASD", "SEMH"), range(3, 9), PROVISIONS)
    placed.columns = ["year", "district", "need", "nc_from", "provision"]
    placed = placed.assign(nc_to=placed["nc_from"], children=rng.integers(5, 40, len(placed)).astype(float))
    hidden, blank = placed.index % 11 == 2, placed.index % 17 == 5
    placed = placed.assign(
        children=placed["children"].where(~hidden & ~blank),
        least=placed["children"].where(~hidden, 1).where(~blank),
        most=placed["children"].where(~hidden, 4).where(~blank),
    )
    flows = cells((2025,), ("start", "cease"), DISTRICTS, ("ASD", "SEMH"), range(3, 9), PROVISIONS)
    flows.columns = ["year", "flow", "district", "need", "nc_from", "provision"]
    moves = cells((2025,), DISTRICTS, ("ASD", "SEMH"), range(3, 9), PROVISIONS, PROVISIONS)
    moves.columns = ["year", "district", "need", "nc_year", "provision", "to"]
    funnel = pd.DataFrame(list(product((2025,), DISTRICTS, ("request", "plan"))), columns=["year", "district", "step"])
    people = pd.DataFrame(
        list(product((2023, 2024), ("estimate",), DISTRICTS, range(25))),
        columns=["mid_year", "variant", "district", "age"],
    )
    rates = pd.DataFrame([(2025, 1000, 20, 9_000_000, 150_000)])
    rates.columns = ["year", "pupils", "special", "england_pupils", "england_special"]
    return {
        "placements": placed,
        "flows": flows.assign(nc_to=flows["nc_from"], children=rng.integers(0, 9, len(flows))),
        "moves": moves.assign(children=rng.integers(1, 30, len(moves))),
        "funnel": funnel.assign(children=rng.integers(1, 30, len(funnel))),
        "checks": pd.DataFrame({"year": [2025], "check": ["duplicate-child"], "rows": [3]}),
        "population": people.assign(people=rng.integers(100, 900, len(people))),
        "places": places(),
        "special_rates": rates,
    }


def places():
    rows = [
        ("Ash School", "Ash", "all", 100, False),
        ("Birch School", "Birch", "Ash;Birch", 60, False),
        ("Border School", "Birch", "Birch;Cedar", 40, False),
        ("Dove School", "Dove", "Dove", 30, False),
        ("Filled now", "all", "all", 500, True),
    ]
    table = pd.DataFrame(rows, columns=["school", "district", "serves", "places", "assumed"])
    fixed = {"lat": None, "lon": None, "provision": "special", "needs": "all", "nc_from": 0, "nc_to": 11}
    rest = {"taken_by_others": 0, "opens": "", "closes": "", "probability": None, "ramp": "", "source": "invented"}
    return table.assign(**fixed, **rest)


def squares():
    """Four outlines, the last of two parts."""
    shape = boundaries()["features"][0]["geometry"]["coordinates"]
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": shape}}
        for name in DISTRICTS[:3]
    ]
    both = {"type": "MultiPolygon", "coordinates": [shape, shape]}
    features.append({"type": "Feature", "properties": {"name": "Dove"}, "geometry": both})
    return {"type": "FeatureCollection", "features": features}
