"""Outlines of an area's districts out of an ONS boundary file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About

DIGITS: Final = 3
"""Decimals of a degree that are kept: about 100 metres."""


def read_outlines(path: Path, about: About) -> dict[str, Any]:
    """Outlines of an area's districts from an ONS GeoJSON file (`areacd`), corners rounded to `DIGITS`.

    Raises
    ------
    InputFaults
        The file cannot be read or lacks a district.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = {feature["properties"]["areacd"]: feature["geometry"] for feature in features}
    except (OSError, ValueError, KeyError, TypeError) as error:
        what, remedy = "it is not a GeoJSON file with areacd", "give ONS boundaries of districts, WGS84"
        raise InputFaults([Fault(path.name, 0, "", what, remedy)]) from error
    remedy = "give boundaries of the same year as the districts"
    faults = [
        Fault(path.name, 0, "areacd", f"{district.name} ({district.code}) is missing", remedy)
        for district in about.districts
        if district.code not in shapes
    ]
    if faults:
        raise InputFaults(faults)
    outlines = {district.name: _rounded(shapes[district.code]) for district in about.districts}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": shape} for name, shape in outlines.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(geometry: Mapping[str, Any]) -> dict[str, Any]:
    """A geometry with its coordinates rounded."""

    def short(corners: Any) -> Any:  # noqa: ANN401 - GeoJSON nests to any depth
        return [short(corner) for corner in corners] if isinstance(corners, list) else round(corners, DIGITS)

    return {"type": geometry["type"], "coordinates": short(geometry["coordinates"])}
