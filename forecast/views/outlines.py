"""Outlines of districts, flattened for the screen, and where the words of each may stand."""

from collections.abc import Iterator, Mapping
from math import cos, radians
from typing import Any, Final, TypeAlias

Outlines: TypeAlias = Mapping[str, Any]
"""GeoJSON FeatureCollection with one feature a district, called by its `name`."""
Ring: TypeAlias = list[tuple[float, float]]
Shape: TypeAlias = dict[str, Any]
"""GeoJSON MultiPolygon."""
LATITUDES: Final = 90
"""Outlines within this are in degrees; beyond it they are in metres, as Ordnance Survey's are."""


def planar(outlines: Outlines) -> dict[str, Shape]:
    """District -> its outline with both axes to one scale, so that it can be drawn as it is.

    Drawn flat, an outline may run either way round; on a sphere one that runs the wrong way is the whole world.
    """
    polygons = {feature["properties"]["name"]: _polygons(feature) for feature in outlines["features"]}
    squeeze = _squeeze([north for parts in polygons.values() for _, north in _points(parts)])
    return {
        name: {
            "type": "MultiPolygon",
            "coordinates": [[[(x * squeeze, y) for x, y, *_ in ring] for ring in part] for part in parts],
        }
        for name, parts in polygons.items()
    }


def middles(shapes: Mapping[str, Shape]) -> list[dict[str, Any]]:
    """Where the words of each district may stand: its `name`, `x` and `y`."""
    return [dict(zip(("name", "x", "y"), (name, *_middle(shape)), strict=True)) for name, shape in shapes.items()]


def _polygons(feature: Mapping[str, Any]) -> list[list[Ring]]:
    geometry = feature["geometry"]
    return [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]


def _points(polygons: list[list[Ring]]) -> Iterator[tuple[float, float]]:
    for polygon in polygons:
        yield from ((x, y) for x, y, *_ in polygon[0])


def _squeeze(north: list[float]) -> float:
    """How much narrower a degree of longitude is than one of latitude; 1 where outlines are in metres."""
    return cos(radians((min(north) + max(north)) / 2)) if max(map(abs, north)) <= LATITUDES else 1.0


def _middle(shape: Shape) -> tuple[float, float]:
    """Centre of gravity of a district's largest part; of its corners, where it has no area."""
    ring: Ring = max((polygon[0] for polygon in shape["coordinates"]), key=lambda ring: abs(_area(ring)))
    area, sides = _area(ring), _sides(ring)
    if area == 0:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    turns = [ax * by - bx * ay for (ax, ay), (bx, by) in sides]
    x = sum((a[0] + b[0]) * turn for (a, b), turn in zip(sides, turns, strict=True)) / (6 * area)
    y = sum((a[1] + b[1]) * turn for (a, b), turn in zip(sides, turns, strict=True)) / (6 * area)
    return x, y


def _area(ring: Ring) -> float:
    """Area of a ring, negative if it runs clockwise."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in _sides(ring)) / 2


def _sides(ring: Ring) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    return list(zip(ring, ring[1:] + ring[:1], strict=True))
