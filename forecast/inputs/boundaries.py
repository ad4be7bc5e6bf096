"""`districts.geojson`: optional boundaries, one feature a district."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from forecast.errors import Fault, InputFaults
from forecast.inputs.faults import capped, choice, shown
from forecast.inputs.sheet import plain_text

FILE: Final = "districts.geojson"
_SHAPES: Final = ("Polygon", "MultiPolygon")
_EXPORT: Final = "export the boundaries again, as a GeoJSON FeatureCollection in UTF-8"


def read_boundaries(content: bytes, districts: Sequence[str] | None) -> dict[str, Any]:
    """Read boundaries as a FeatureCollection; `districts` None leaves their names unchecked.

    Raises
    ------
    InputFaults
        It is not GeoJSON, or its features are not the districts, each once.
    """
    text = plain_text(FILE, content, _EXPORT)
    try:
        boundaries = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 0)
        raise InputFaults([Fault(FILE, line, "", "is not JSON", _EXPORT)]) from error
    features = boundaries.get("features") if isinstance(boundaries, dict) else None
    if not isinstance(features, list) or boundaries.get("type") != "FeatureCollection":
        raise InputFaults([Fault(FILE, 0, "", "is not a FeatureCollection", _EXPORT)])
    faults = _shape_faults(features)
    if not faults and districts is not None:
        faults = list(_name_faults([feature["properties"]["name"] for feature in features], districts))
    if faults:
        raise InputFaults(faults)
    return boundaries


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def _shape_faults(features: list[Any]) -> list[Fault]:
    unsound = [number for number, feature in enumerate(features, 1) if not _is_district(feature)]
    what = "has no text `name` among its properties, or no Polygon or MultiPolygon"
    return capped(unsound, lambda number: Fault(FILE, 0, f"feature {number}", what, _EXPORT))


def _is_district(feature: object) -> bool:
    """Whether this is a feature with a name and an outline."""
    if not isinstance(feature, dict):
        return False
    properties, geometry = feature.get("properties"), feature.get("geometry")
    if not (isinstance(properties, dict) and isinstance(geometry, dict)):
        return False
    outlined = geometry.get("type") in _SHAPES and isinstance(geometry.get("coordinates"), list)
    return outlined and isinstance(properties.get("name"), str)


def _name_faults(names: Sequence[str], districts: Sequence[str]) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if name not in districts:
            yield Fault(FILE, 0, "name", f"no district is called {shown(name)}", choice(name, districts))
        elif times > 1:
            yield Fault(FILE, 0, "name", f"{times} features are called {shown(name)}", "merge them into one")
    for district in districts:
        if district not in names:
            remedy = f"add its boundary, or take {FILE} away to do without a map of boundaries"
            yield Fault(FILE, 0, "name", f"the district {shown(district)} has no feature", remedy)
