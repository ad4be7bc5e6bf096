"""The invented county's districts: where they lie, who lives in them, and their postcodes."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

NAME: Final = "Exampleshire"
LA_CODE: Final = "999"
"""Not among the authorities whose numbers are known (a pupil number with it is refused, error 1530 of the
school census, which lists them)."""
OTHER_LA: Final = "998"
"""Authority of the schools outside the county, invented likewise."""
POSTCODE_AREA: Final = "ZZ"
"""No postcode area of the United Kingdom (ONS keeps ZZ99 for places without a postcode; none is used here)."""
POSTCODES: Final = 60
"""Postcodes in each district."""
_WEST, _SOUTH, _WIDTH, _HEIGHT = 1.40, 54.30, 0.30, 0.20
"""Degrees: a stretch of the North Sea."""
_LETTERS: Final = "ABDEFGHJLNPQRSTUWXYZ"


@dataclass(frozen=True)
class District:
    """A part of the county."""

    name: str
    column: int
    """Place on the map, from the west."""
    row: int
    """Place on the map, from the south."""
    share: float
    """Share of the county's residents."""
    young: float
    """How many more there are of the youngest than of the oldest, beside the county: 0 is alike."""
    growth: float
    """Residents gained in a year beside the county."""


DISTRICTS: Final = (
    District("Exampleton", 1, 1, 0.27, 0.10, 0.003),
    District("Fictley", 0, 1, 0.19, -0.06, -0.002),
    District("Mockham", 2, 1, 0.18, 0.04, 0.001),
    District("Notionbury", 0, 0, 0.14, -0.12, -0.003),
    District("Sampleford", 1, 0, 0.13, 0.02, 0.006),
    District("Testwick", 2, 0, 0.09, -0.04, 0.0),
)
"""Six districts, invented; their shares sum to 1."""
NAMES: Final = tuple(district.name for district in DISTRICTS)


def centre(district: District) -> tuple[float, float]:
    """Latitude and longitude of the middle of a district, in degrees."""
    return _SOUTH + (district.row + 0.5) * _HEIGHT, _WEST + (district.column + 0.5) * _WIDTH


def outlines() -> dict[str, Any]:
    """Boundaries as GeoJSON: neighbours share their wavy sides, point for point."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": district.name, "synthetic": True},
            "geometry": {"type": "Polygon", "coordinates": [_ring(district.column, district.row)]},
        }
        for district in DISTRICTS
    ]
    return {"type": "FeatureCollection", "features": features}


def postcodes() -> pd.DataFrame:
    """Lookup of every invented postcode: `pcds`, `district`."""
    rows = [(postcode(at, number), name) for at, name in enumerate(NAMES) for number in range(POSTCODES)]
    return pd.DataFrame(rows, columns=["pcds", "district"])


def postcode(district: int, number: int) -> str:
    """The `number`th postcode of the `district`th district."""
    unit = divmod(number // 10, len(_LETTERS))
    return f"{POSTCODE_AREA}{district + 1} {number % 10}{_LETTERS[unit[0]]}{_LETTERS[unit[1]]}"


def _ring(column: int, row: int) -> list[list[float]]:
    """Closed ring of a district, anticlockwise from its south-west corner."""
    south, north = (_side((column, at), (column + 1, at)) for at in (row, row + 1))
    west, east = (_side((at, row), (at, row + 1)) for at in (column, column + 1))
    points = [*south[:-1], *east[:-1], *north[::-1][:-1], *west[::-1]]
    return [[round(x, 3), round(y, 3)] for x, y in points]


def _side(start: tuple[int, int], end: tuple[int, int], steps: int = 10) -> list[tuple[float, float]]:
    """Points of a side from corner to corner; the same side is the same wave whichever district asks."""
    (x0, y0), (x1, y1) = start, end
    phase = 1.0 + 2.0 * x0 + 3.0 * y0 + 5.0 * x1 + 7.0 * y1
    points = []
    for t in np.linspace(0.0, 1.0, steps + 1).tolist():
        wave = float(np.sin(np.pi * t) * 0.14 * np.sin(phase + 9.0 * t))
        x, y = x0 + (x1 - x0) * t + wave * (y1 - y0), y0 + (y1 - y0) * t + wave * (x1 - x0)
        points.append((_WEST + x * _WIDTH, _SOUTH + y * _HEIGHT))
    return points
