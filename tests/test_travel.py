"""Journeys: how far points of a district are from schools, and a matrix that is given in their place."""

import numpy as np
import pytest

from forecast.errors import InputFaults
from forecast.inputs.reference_travel import read_travel
from forecast.inputs.travel_file import read_travel_file
from forecast.places.travel import EARTH, POINTS, given_journeys, points_in, straight_journeys

DISTRICTS, SITES = ("North", "South"), ("Hill School", "Moor School", "Old Mill")


def square(west, south, side, hole=None):
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring] if hole is None else [ring, hole]}


def outlines(**shapes):
    features = [{"type": "Feature", "properties": {"name": name}, "geometry": shape} for name, shape in shapes.items()]
    return {"type": "FeatureCollection", "features": features}


def by_dot_product(one, other):
    """Kilometres between two (longitude, latitude), by the angle between vectors from the middle of the earth."""

    def vector(place):
        east, north = np.radians(place)
        return np.array([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])

    return EARTH * np.arccos(np.clip(vector(one) @ vector(other), -1, 1))


def test_a_journey_is_the_great_circle_longer_by_roads_at_one_speed():
    points = np.array([[[-2.0, 52.0], [-2.3, 52.4]], [[1.5, 54.5], [0.0, 51.5]]])
    sites = np.array([[-1.0, 53.0], [2.0, 55.0], [-2.0, 52.0]])
    minutes = straight_journeys(points, sites, factor=1.3, speed=40).minutes
    for district, point, site in np.ndindex(minutes.shape):
        by_hand = by_dot_product(points[district, point], sites[site]) * 1.3 / 40 * 60
        assert minutes[district, point, site] == pytest.approx(by_hand, abs=1e-3)


def test_london_to_birmingham_is_about_163_kilometres():
    journeys = straight_journeys(np.array([[[-0.1278, 51.5074]]]), np.array([[-1.8904, 52.4862]]), factor=1, speed=60)
    assert journeys.mean[0, 0] == pytest.approx(163, abs=1)


def test_points_lie_evenly_in_the_outline_and_never_in_its_hole():
    hole = [[0.4, 52.4], [0.6, 52.4], [0.6, 52.6], [0.4, 52.6], [0.4, 52.4]]
    points = points_in(outlines(North=square(0, 52, 1, hole)), ["North"], 4_000)[0]
    east, north = points[:, 0], points[:, 1] - 52
    assert ((east > 0) & (east < 1) & (north > 0) & (north < 1)).all()
    assert not ((east > 0.4) & (east < 0.6) & (north > 0.4) & (north < 0.6)).any()
    for left, bottom in ((True, True), (True, False), (False, True), (False, False)):
        quarter = ((east < 0.5) == left) & ((north < 0.5) == bottom)
        assert quarter.mean() == pytest.approx(0.25, abs=0.01)


def test_points_of_a_district_in_two_parts_are_shared_by_their_extent():
    both = {
        "type": "MultiPolygon",
        "coordinates": [square(*part)["coordinates"] for part in ((0, 52, 0.2), (1, 52, 0.1))],
    }
    points = points_in(outlines(North=both), ["North"], 2_000)[0]
    assert (points[:, 0] < 0.5).mean() == pytest.approx(0.8, abs=0.02)


def test_points_are_the_same_every_time_and_each_districts_own():
    shapes = outlines(North=square(-2, 52, 0.3), South=square(-2, 51, 0.3))
    first, again = points_in(shapes, DISTRICTS), points_in(shapes, DISTRICTS)
    assert (first == again).all()
    assert first.shape == (2, POINTS, 2)
    assert first[0, :, 1].min() > 52
    assert first[1, :, 1].max() < 51.3


@pytest.mark.parametrize(
    ("shapes", "parts"),
    [
        (None, ["districts.geojson: is missing", "--travel"]),
        (outlines(North=square(380_000, 250_000, 9_000)), ["North is not in degrees", "WGS84"]),
        (outlines(North=square(0, 52, 0)), ["North has next to no area", "export the boundaries again"]),
    ],
)
def test_districts_that_no_point_can_be_put_in_are_refused_with_the_remedy(shapes, parts):
    with pytest.raises(InputFaults) as caught:
        points_in(shapes, ["North"])
    assert all(part in str(caught.value) for part in parts)


def test_who_is_over_a_limit_and_the_farthest_are_told_by_point():
    journeys = straight_journeys(np.array([[[0.0, 52.0], [0.0, 52.9]]]), np.array([[0.0, 52.0]]), factor=1, speed=60)
    far = by_dot_product((0.0, 52.0), (0.0, 52.9))
    assert journeys.longest[0, 0] == pytest.approx(far)
    assert journeys.mean[0, 0] == pytest.approx(far / 2)
    assert journeys.over(45)[0, 0] == 0.5
    assert given_journeys(np.array([[40.0, 80.0]])).over(75).tolist() == [[0.0, 1.0]]


def test_limits_are_those_of_the_guide_and_a_minute_is_worth_its_share_of_an_hour():
    travel = read_travel()
    assert [travel.limits["primary"], travel.limits["secondary"]] == [45, 75]
    assert (travel.factor, travel.speed) == (1.3, 40)
    assert travel.pounds_a_minute == pytest.approx(8 * 2 * 190 / 60)
    assert travel.rows["source"].str.len().gt(20).all()


def test_every_fault_of_the_travel_figures_is_told(tmp_path):
    file = tmp_path / "travel.csv"
    file.write_text(
        "item,phase,value,low,high,unit,supported,source\n"
        "limit,primary,45,50,60,minutes,yes,Guide\n"
        "limit,nursery,45,45,45,minutes,yes,Guide\n"
        "speed,all,0,0,10,km,no,Guess\n"
        "hour,all,eight,1,9,pounds,no,Guess\n",
        encoding="utf-8",
    )
    with pytest.raises(InputFaults) as caught:
        read_travel(file)
    said = str(caught.value)
    for part in (
        "row 2, value: is not from low to high",
        "row 3, phase: no phase is called 'nursery'",
        "row 4, value: is not from low to high, or low is not above 0",
        "row 5, value: 'eight' is not a number",
        "there is no limit for secondary",
        "there is no factor for all",
    ):
        assert part in said


def matrix(folder, *rows):
    file = folder / "minutes.csv"
    file.write_text("\n".join(["district,site,minutes", *rows]) + "\n", encoding="utf-8")
    return file


def every_pair():
    return {(district, site) for district in DISTRICTS for site in SITES}


def test_a_whole_matrix_is_read_district_by_site(tmp_path):
    rows = [
        f"{district},{site},{10 * at + by}" for at, district in enumerate(DISTRICTS) for by, site in enumerate(SITES)
    ]
    table = read_travel_file(matrix(tmp_path, *reversed(rows)), DISTRICTS, SITES, every_pair())
    assert table.to_numpy().tolist() == [[0, 1, 2], [10, 11, 12]]
    assert list(table.columns) == list(SITES)


def test_holes_are_counted_and_the_first_of_them_named(tmp_path):
    with pytest.raises(InputFaults) as caught:
        read_travel_file(matrix(tmp_path, "North,Hill School,12"), DISTRICTS, SITES, every_pair())
    said = str(caught.value)
    assert (
        "has no minutes for 5 pairs that children may travel between: North to Moor School; North to Old Mill" in said
    )
    assert said.endswith("add a row for each, or leave the matrix out for straight-line journeys.")


def test_a_pair_that_no_child_may_travel_is_no_hole(tmp_path):
    rows = [f"{district},{site},20" for district, site in every_pair() - {("South", "Hill School")}]
    needed = every_pair() - {("South", "Hill School")}
    table = read_travel_file(matrix(tmp_path, *sorted(rows)), DISTRICTS, SITES, needed)
    assert np.isnan(table.loc["South", "Hill School"])


def test_every_fault_of_a_matrix_is_told_at_once(tmp_path):
    file = matrix(
        tmp_path,
        "North,Hill School,-5",
        "North,Moor Scool,20",
        "Nroth,Old Mill,20",
        "South,Hill School,900",
        "South,Old Mill,soon",
        "South,Moor School,20",
        "South,Moor School,25",
        "North,Moor Scool,30",
    )
    with pytest.raises(InputFaults) as caught:
        read_travel_file(file, DISTRICTS, SITES, every_pair())
    assert [(fault.row, fault.field) for fault in caught.value.faults] == [
        (2, "minutes"),
        (3, "site"),
        (4, "district"),
        (5, "minutes"),
        (6, "minutes"),
        (8, "site"),
    ]
    said = str(caught.value)
    assert "'-5' is below 0" in said
    assert "did you mean 'Moor School'?" in said
    assert "'900' is more than 240 minutes" in said
    assert "has a row already" in said


def test_an_unknown_site_among_many_is_told_with_the_first_few_and_how_many_more(tmp_path):
    sites = [f"School of Quarter {number:02d}" for number in range(40)]
    with pytest.raises(InputFaults) as caught:
        read_travel_file(matrix(tmp_path, "North,Zz,20"), DISTRICTS, sites, set())
    said = str(caught.value)
    assert "no site is called 'Zz'; choose from School of Quarter 00; School of Quarter 01;" in said
    assert said.endswith("School of Quarter 11; and 28 more.")
    with pytest.raises(InputFaults, match=r"did you mean 'School of Quarter 39'\?"):
        read_travel_file(matrix(tmp_path, "North,School of Quarter 39x,20"), DISTRICTS, sites, set())
