import shutil
from dataclasses import replace

import pytest
from builders_door import a_run
from builders_projection import with_real_places
from pydantic import ValidationError

from forecast.errors import InputFaults, UnknownLabel
from forecast.report.door import ReleasedTable, publish_runs
from forecast.report.door_lines import NotUnderstood
from forecast.report.door_rules import INTERNAL, PUBLICATION, Profile
from forecast.report.tables import all_tables


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return a_run(tmp_path_factory.mktemp("runs"), with_real_places(districts=2, draws=5))


def test_a_profile_that_hides_nothing_must_be_marked():
    with pytest.raises(ValidationError, match="watermark"):
        Profile(name="open", threshold=0, base=0)
    assert INTERNAL.watermark


def test_nobody_but_the_door_makes_a_released_table():
    with pytest.raises(TypeError, match="door"):
        ReleasedTable("plans", ("children",), ((3,),), PUBLICATION, object())


def test_runs_of_different_areas_or_inputs_are_refused(run, tmp_path):
    projection = with_real_places(districts=2, draws=5)
    named = projection.about.model_copy(update={"name": "Elsewhere"})
    other = a_run(tmp_path, replace(projection, about=named, scenario="other"))
    older = a_run(tmp_path, replace(projection, scenario="older", digests={**projection.digests, "area": "c" * 64}))
    with pytest.raises(InputFaults) as refused:
        publish_runs([run, other, older, run], tmp_path / "out")
    said = str(refused.value)
    assert "a run of Elsewhere" in said
    assert "other inputs" in said
    assert "twice" in said
    assert not (tmp_path / "out").exists()


def test_no_runs_an_unknown_profile_and_a_folder_that_is_there_are_refused(run, tmp_path):
    with pytest.raises(InputFaults, match="forecast run"):
        publish_runs([], tmp_path / "out")
    with pytest.raises(UnknownLabel, match="publication"):
        publish_runs([run], tmp_path / "out", "publicaton")
    with pytest.raises(InputFaults, match="already"):
        publish_runs(run, tmp_path)


def test_a_table_that_does_not_agree_with_its_census_is_refused_and_nothing_is_left(tmp_path):
    projection = with_real_places(districts=2, draws=5)
    every = dict(all_tables(projection))
    every["plans"] = every["plans"].assign(mean=every["plans"]["mean"] + 1)
    run = a_run(tmp_path / "runs", projection, every)
    with pytest.raises(NotUnderstood, match="plans"):
        publish_runs([run], tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]


def test_a_run_that_was_altered_is_refused(run, tmp_path):
    copy = tmp_path / "run"
    shutil.copytree(run, copy)
    cube = copy / "cubes" / "demand.parquet"
    cube.write_bytes(cube.read_bytes() + b" ")
    with pytest.raises(InputFaults, match="not as the run wrote it"):
        publish_runs([copy], tmp_path / "out")
