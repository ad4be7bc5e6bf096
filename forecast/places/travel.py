"""How far children live from schools: minutes one way, from points spread over each district.

Nobody's home is known here. Each district is a set of points spread evenly over its outline, every point as
likely as any other; a journey is the great circle from a point to the site, longer by a factor for the roads,
at one speed. A matrix that is given takes the place of this: then each district is one point.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from forecast.errors import Fault, InputFaults

Array = NDArray[np.float64]

POINTS: Final = 64
"""Points in each district."""
EARTH: Final = 6371.0
"""Mean radius in kilometres (IUGG)."""
_MOST_TRIED: Final = 400
"""Points tried for each that is kept: an outline that fills less than a 400th of its own box is a flaw."""
_STEPS: Final = (0.7548776662466927, 0.5698402909980532)
"""Steps east and north from point to point: 1/p and 1/p^2, where p^3 = p + 1 (M. Roberts's R2 sequence, 2018)."""
_EAST, _NORTH = 180, 90


@dataclass(frozen=True)
class Journeys:
    """Minutes one way from points of each district to each site."""

    minutes: Array
    """(district, point, site); every point of a district counts alike. Not a number where no child may go."""
    straight: bool
    """Whether they are reckoned from straight lines; else a matrix gave them."""

    @property
    def mean(self) -> Array:
        """Mean over a district's points: (district, site)."""
        return np.asarray(self.minutes.mean(axis=1))

    @property
    def longest(self) -> Array:
        """Minutes from the farthest of a district's points: (district, site)."""
        return np.asarray(self.minutes.max(axis=1))

    def over(self, limit: float) -> Array:
        """Share of a district's points from which a site is more than `limit` minutes: (district, site)."""
        return np.asarray((self.minutes > limit).mean(axis=1))


def straight_journeys(points: Array, sites: Array, factor: float, speed: float) -> Journeys:
    """Journeys along great circles, made longer by `factor`, at `speed` kilometres an hour.

    Parameters
    ----------
    points : (district, point, 2)
        Longitude and latitude, in degrees.
    sites : (site, 2)
        The same of each site.
    """
    east, north = np.radians(points[:, :, None, 0]), np.radians(points[:, :, None, 1])
    site_east, site_north = np.radians(sites[:, 0]), np.radians(sites[:, 1])
    across = np.cos(north) * np.cos(site_north) * np.sin((site_east - east) / 2) ** 2
    half = np.sin((site_north - north) / 2) ** 2 + across
    kilometres = 2 * EARTH * np.arcsin(np.sqrt(half))
    return Journeys(kilometres * factor / speed * 60, straight=True)


def given_journeys(minutes: Array) -> Journeys:
    """Journeys of a matrix: (district, site)."""
    return Journeys(minutes[:, None, :], straight=False)


def points_in(outlines: Mapping[str, Any] | None, districts: Sequence[str], count: int = POINTS) -> Array:
    """Points spread evenly over each district, the same ones every time: (district, point, 2).

    Parameters
    ----------
    outlines : GeoJSON FeatureCollection in degrees, one feature a district, called by its `name`

    Raises
    ------
    InputFaults
        There are no outlines, or they are not in degrees, or a district has no extent.
    """
    matrix = "give a matrix of journeys with --travel instead"
    if outlines is None:
        what, remedy = "is missing, so it is not known where children live", f"add districts' outlines, or {matrix}"
        raise InputFaults([Fault("districts.geojson", 0, "", what, remedy)])
    shapes = {feature["properties"]["name"]: _rings(feature["geometry"]) for feature in outlines["features"]}
    faults, found = [], []
    for name in districts:
        corners = np.concatenate(shapes[name])
        if np.abs(corners[:, 0]).max() > _EAST or np.abs(corners[:, 1]).max() > _NORTH:
            what, remedy = f"the outline of {name} is not in degrees", f"export it in WGS84 (EPSG:4326), or {matrix}"
            faults.append(Fault("districts.geojson", 0, "", what, remedy))
            continue
        inside = _spread(shapes[name], count)
        if len(inside) < count:
            what, remedy = f"the outline of {name} has next to no area", f"export the boundaries again, or {matrix}"
            faults.append(Fault("districts.geojson", 0, "", what, remedy))
        found.append(inside)
    if faults:
        raise InputFaults(faults)
    return np.stack(found)


def _rings(geometry: Mapping[str, Any]) -> list[Array]:
    """Every ring of an outline, holes among them: (corner, 2) each."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [np.array([corner[:2] for corner in ring], dtype=float) for part in parts for ring in part]


def _spread(rings: Sequence[Array], count: int) -> Array:
    """The first `count` points of an even sequence over the outline's box that lie inside it: (point, 2)."""
    corners = np.concatenate(rings)
    low, high = corners.min(axis=0), corners.max(axis=0)
    kept = np.empty((0, 2))
    for first in range(0, count * _MOST_TRIED, count * 4):
        steps = np.arange(first, first + count * 4)[:, None] * np.array(_STEPS)
        tried = low + (0.5 + steps) % 1 * (high - low)
        kept = np.concatenate([kept, tried[_inside(tried, rings)]])
        if len(kept) >= count:
            break
    return kept[:count]


def _inside(points: Array, rings: Sequence[Array]) -> NDArray[np.bool_]:
    """Whether each point lies inside an odd number of rings: inside the outline and outside its holes."""
    inside = np.zeros(len(points), dtype=bool)
    east, north = points[:, [0]], points[:, [1]]
    for ring in rings:
        (x, y), (next_x, next_y) = ring.T, np.roll(ring, -1, axis=0).T
        spans = (y > north) != (next_y > north)
        slope = np.divide(next_x - x, next_y - y, out=np.zeros_like(x), where=next_y != y)
        inside ^= (spans & (east < x + slope * (north - y))).sum(axis=1) % 2 == 1
    return inside
