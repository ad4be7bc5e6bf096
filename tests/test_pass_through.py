"""How much of a world reaches an area: none is the trend to the last bit, all is the world as it ships."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from builders_model import expected, starts, worcestershire_drivers
from pydantic import ValidationError

from forecast.domain import NC_YEARS
from forecast.errors import InputFaults
from forecast.scenario.changes import CEILING, STARTS, HoldStarts, LowerCeiling
from forecast.scenario.leaving import LEAVING, ScaleLeaving
from forecast.scenario.pupils import ShareOfPupils
from forecast.scenario.reform import ReviewPlans
from forecast.scenario.scenario import Scenario, read_scenario, read_world
from forecast.scenario.worlds import World

OTHERS = [world for world in World if world is not World.TREND]
SCHOOL = slice(NC_YEARS.index(0), NC_YEARS.index(11) + 1)
LEVERS = [
    HoldStarts(from_year=2029),
    LowerCeiling(from_year=2028, share=0.13),
    ReviewPlans(from_year=2029, until=2030, share=0.02),
    ShareOfPupils(from_year=2028, path={2027: 1.0, 2031: 0.95}),
]
BY_KIND = pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.kind)


@cache
def area_drivers():
    return worcestershire_drivers(draws=20, horizon=8)


def partly(lever, share):
    return type(lever).model_validate({**lever.model_dump(), "pass_through": share})


def totals(drivers):
    """All plans expected after the census: (draw, year)."""
    return expected(drivers).sum(axis=(2, 3, 4, 5))


@BY_KIND
def test_what_does_not_reach_the_area_gives_back_the_very_drivers(lever):
    assert partly(lever, 0).apply(area_drivers()) is area_drivers()


@BY_KIND
def test_what_reaches_the_area_whole_is_as_if_nothing_were_said_of_it(lever):
    xr.testing.assert_identical(partly(lever, 1).apply(area_drivers()), lever.apply(area_drivers()))


@BY_KIND
def test_half_of_it_lies_between_none_and_all(lever):
    none, half, whole = (
        totals(made).mean(axis=0)
        for made in (area_drivers(), partly(lever, 0.5).apply(area_drivers()), lever.apply(area_drivers()))
    )
    assert (none[-3:] > half[-3:]).all()
    assert (half[-3:] > whole[-3:]).all()
    share = (none[-1] - half[-1]) / (none[-1] - whole[-1])
    assert 0.3 < share < 0.7


def test_held_starts_go_half_of_the_way_in_every_chance():
    before, held, half = (
        made["start_rate"]
        for made in (area_drivers(), LEVERS[0].apply(area_drivers()), partly(LEVERS[0], 0.5).apply(area_drivers()))
    )
    xr.testing.assert_allclose(half, (before + held) / 2)


def test_a_limit_comes_half_of_the_way_down_in_the_futures_where_it_is_higher():
    own = area_drivers()["ceiling"].to_numpy()
    half = partly(LEVERS[1], 0.5).apply(area_drivers())["ceiling"].sel(year=2030).to_numpy()
    np.testing.assert_allclose(half, np.where(own > 0.13, (own + 0.13) / 2, own))


def test_half_as_many_plans_end_by_review_where_nobody_is_new():
    drivers = area_drivers().assign({name: xr.zeros_like(area_drivers()[name]) for name in ("start_rate", "arrive")})
    drivers["leave"] = xr.zeros_like(drivers["leave"])
    none, half, whole = (
        totals(made)[:, 3:5].mean(axis=0)
        for made in (drivers, partly(LEVERS[2], 0.5).apply(drivers), LEVERS[2].apply(drivers))
    )
    assert (none - half)[0] == pytest.approx((none - whole)[0] / 2, rel=1e-6)


def test_the_share_of_pupils_lies_midway_between_the_trend_and_the_path():
    """The mean of the futures, at school age, in every year of the path that first plans can follow."""
    none, half, whole = (
        expected(made)[:, :, :, :, SCHOOL].sum(axis=(2, 3, 4, 5)).mean(axis=0)
        for made in (area_drivers(), partly(LEVERS[3], 0.5).apply(area_drivers()), LEVERS[3].apply(area_drivers()))
    )
    assert whole[-1] < 0.97 * none[-1]
    assert (abs(half - (none + whole) / 2) <= 0.05 * (none - whole).max()).all()


@pytest.mark.parametrize("lever", LEVERS[:2], ids=lambda lever: lever.kind)
def test_a_doubtful_share_reaches_each_future_by_its_own_luck(lever):
    made = partly(lever, {"value": 0.6, "low": 0.3, "high": 0.9}).apply(area_drivers())
    whole = lever.apply(area_drivers())
    began = [starts(some).sum(axis=(2, 3, 4))[:, -1] for some in (area_drivers(), made, whole)]
    moved = abs(began[0] - began[2]) > 1
    reached = (began[0] - began[1])[moved] / (began[0] - began[2])[moved]
    assert reached.std() > 0.1
    assert (reached > -1e-9).all()


@pytest.mark.parametrize("lever", LEVERS[2:], ids=lambda lever: lever.kind)
def test_what_is_solved_on_the_mean_of_the_futures_takes_the_middle_of_a_range(lever):
    ranged, middle = (
        partly(lever, share).apply(area_drivers()) for share in ({"value": 0.6, "low": 0.3, "high": 0.9}, 0.6)
    )
    xr.testing.assert_identical(ranged, middle)


@pytest.mark.parametrize("world", OTHERS)
def test_every_change_of_a_world_knows_how_much_of_it_reaches_an_area(world):
    assert all("pass_through" in type(change).model_fields for change in read_world(world).changes)


def written(folder, text):
    path = folder / "mine.yaml"
    path.write_text(f"name: Mine\nwhy: Test.\n{text}", encoding="utf-8")
    return read_scenario(path)


@pytest.mark.parametrize("world", OTHERS)
def test_a_file_says_how_much_of_its_world_reaches_the_area(tmp_path, world):
    none, half, whole = (
        written(tmp_path, f"world: {world}\npass_through: {share}\n").apply(area_drivers()) for share in (0, 0.6, 1)
    )
    assert none is area_drivers()
    xr.testing.assert_identical(whole, Scenario(name="", why="", world=world).apply(area_drivers()))
    last = [totals(made).mean(axis=0)[-1] for made in (none, half, whole)]
    assert last[0] > last[1] > last[2]


def test_the_scenarios_own_changes_are_made_whole_whatever_reaches_of_the_world(tmp_path):
    text = "world: white-paper\npass_through: 0\nchanges:\n  - {kind: scale_leaving, from: 2027/28, factor: 1.1}\n"
    found = written(tmp_path, text).apply(area_drivers())
    xr.testing.assert_identical(found, ScaleLeaving(from_year=2028, factor=1.1).apply(area_drivers()))


def test_nothing_of_the_trend_can_be_passed_on_as_it_changes_nothing(tmp_path):
    with pytest.raises(InputFaults, match="a world that changes something"):
        written(tmp_path, "pass_through: 0.5\n")


@pytest.mark.parametrize("share", ["1.1", "-0.1", "{value: 0.5, low: 0.6, high: 0.7}"])
def test_a_share_that_is_none_is_refused(tmp_path, share):
    with pytest.raises(InputFaults, match=r"a share lies from 0 to 1|upside down"):
        written(tmp_path, f"world: saturating\npass_through: {share}\n")
    with pytest.raises(ValidationError):
        partly(LEVERS[0], 1.1)


def test_what_says_what_a_figure_is_claims_it_for_itself():
    claimed = {(lever.kind, claim.what) for lever in LEVERS for claim in lever.claims() if claim.how == "value"}
    assert claimed == {
        ("hold_starts", STARTS), ("lower_ceiling", STARTS), ("lower_ceiling", CEILING), ("review_plans", LEAVING),
        ("share_of_pupils", STARTS),
    }  # fmt: skip
    (review,) = LEVERS[2].claims()
    assert review.meets(*ScaleLeaving(from_year=2028, factor=2, year_groups=(11, 12)).claims())
    assert not review.meets(*ScaleLeaving(from_year=2028, factor=2).claims())
    assert not review.meets(*ScaleLeaving(from_year=2031, factor=2, year_groups=11).claims())
