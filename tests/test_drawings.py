"""Maps that need no projection, and names that are shown as they are written."""

import re

import pytest

from forecast.views.outlines import middles, planar
from forecast.views.plain import plain


@pytest.mark.parametrize("name", ["![x](http://a.example/x.png)", "a $b$ *c* _d_ :red[e] `f` <g>", "1. -h"])
def test_a_name_is_shown_as_it_is_written(name):
    assert plain(name).replace("\\", "") == name
    assert re.search(r"(?<!\\)[!\[\](){}*_$:`<>.~#|+-]", plain(name)) is None


def test_the_words_of_a_district_stand_in_its_middle_whichever_way_its_outline_runs():
    corners = [[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]
    for ring in (corners, corners[::-1]):
        shape = {"type": "MultiPolygon", "coordinates": [[[[9, 0], [9.1, 0], [9, 0.1], [9, 0]]], [ring]]}
        feature = {"properties": {"name": "North"}, "geometry": shape}
        [middle] = middles(planar({"features": [feature]}))
        assert middle == {"name": "North", "x": pytest.approx(1, rel=1e-3), "y": pytest.approx(0.5)}


def test_a_degree_of_longitude_is_drawn_narrower_in_the_north_and_metres_are_drawn_as_they_are():
    def width(bottom, size):
        ring = [[0, bottom], [size, bottom], [size, bottom + size], [0, bottom + size]]
        feature = {"properties": {"name": "North"}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        [[[drawn]]] = [planar({"features": [feature]})["North"]["coordinates"]]
        return max(x for x, _ in drawn) / size

    assert width(59.5, 1) == pytest.approx(0.5, abs=0.001)
    assert width(250_000, 10_000) == 1
