"""A scenario file names the world that it stands in, and no file passes for a world."""

from functools import cache
from pathlib import Path

import pytest
import xarray as xr
from builders_model import (
    settings,
    worcestershire,
    worcestershire_drivers,
)

from forecast.errors import InputFaults
from forecast.inputs.bundled import bundled
from forecast.pipeline import project
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.scenario import Scenario, read_scenario, read_world
from forecast.scenario.worlds import SHIPPED, World


@cache
def area_drivers(draws=20):
    return worcestershire_drivers(draws=draws, horizon=8)


def written(folder: Path, text: str, name: str = "mine.yaml"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_scenario(path)


MINE = """\
name: Fewer starts
why: As asked.
world: {world}
changes:
  - {{kind: scale_starts, from: 2028/29, factor: 0.5}}
"""


@pytest.mark.parametrize("world", list(World))
def test_a_scenario_of_ones_own_stands_on_top_of_the_world_that_it_names(world, tmp_path):
    mine = written(tmp_path, MINE.format(world=world)).apply(area_drivers())
    assert mine.identical(
        ScaleStarts(from_year=2029, factor=0.5).apply(read_scenario(SHIPPED[world]).apply(area_drivers()))
    )


def test_a_scenario_that_names_no_world_stands_in_the_trend(tmp_path):
    assert written(tmp_path, "name: As now\nwhy: None.\n").world.defines is World.TREND


def test_a_world_that_is_misspelt_is_answered_with_the_right_one(tmp_path):
    with pytest.raises(InputFaults, match="no world is called 'white-papr'; did you mean 'white-paper'"):
        written(tmp_path, MINE.format(world="white-papr"))


def test_the_file_of_a_world_cannot_be_copied_and_changed_unseen(tmp_path):
    text = bundled("data", "scenarios", "saturating.yaml").read_text(encoding="utf-8")
    with pytest.raises(InputFaults, match="only the files that ship define a world"):
        written(tmp_path, text, "saturating.yaml")


@pytest.mark.parametrize("name", ["baseline", "White paper", "starts held flat"])
def test_no_scenario_may_take_the_name_of_one_that_ships(name, tmp_path):
    with pytest.raises(InputFaults, match="give yours a name of its own"):
        written(tmp_path, f"name: {name}\nwhy: None.\n")


def test_the_record_of_a_run_holds_every_change_that_was_made():
    scenario = Scenario(
        name="mine",
        why="",
        world=read_world(World.SATURATING),
        changes=(ScaleStarts(from_year=2028, factor=0.9),),
    )
    made = project(worcestershire(), worcestershire_drivers(draws=4), scenario, settings(4), xr.DataArray(0.02))
    assert made.world is World.SATURATING
    (world,), (own,) = made.record["world"]["changes"], made.record["changes"]
    assert (world["kind"], world["from"], world["share"]) == ("lower_ceiling", 2028, 0.13)
    assert (own["kind"], own["from"], own["factor"]) == ("scale_starts", 2028, {"value": 0.9, "low": 0.9, "high": 0.9})
