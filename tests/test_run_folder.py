import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders_projection import small_projection, with_real_places
from hypothesis import given
from hypothesis import strategies as st
from test_tables import HISTORY
from test_words import CALLED_SHORT

from forecast.places.sufficiency import summarise
from forecast.report.run_folder import STALE, as_text, write_run
from forecast.report.run_folder import manifest as run_manifest
from forecast.report.tables import all_tables

WRITE_FOR_EVER = """
import sys
from pathlib import Path
from builders_projection import small_projection
from forecast.report.run_folder import write_run
from forecast.report.tables import all_tables
projection = small_projection()
tables = all_tables(projection)
print("ready", flush=True)
write_run(projection, tables, Path(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def published():
    return small_projection()


@pytest.fixture(scope="module")
def run(published, tmp_path_factory):
    return write_run(published, all_tables(published, HISTORY), tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def invented():
    return with_real_places(synthetic=True)


@pytest.fixture(scope="module")
def invented_run(invented, tmp_path_factory):
    return write_run(invented, all_tables(invented), tmp_path_factory.mktemp("runs"))


def manifest(run):
    return json.loads((run / "manifest.json").read_text(encoding="utf-8"))


def test_a_run_holds_tables_cubes_charts_a_summary_and_a_manifest(run):
    suffixes = {path.suffix for path in run.rglob("*") if path.is_file()}
    assert suffixes == {".csv", ".parquet", ".svg", ".png", ".txt", ".json"}
    assert run.name.startswith("worcestershire-baseline-2")
    assert [path.name for path in run.parent.iterdir()] == [run.name]


def test_the_manifest_names_every_file_with_its_digest(run):
    digests = manifest(run)["files_sha256"]
    files = {path.relative_to(run).as_posix(): path for path in run.rglob("*") if path.is_file()}
    assert set(digests) == set(files) - {"manifest.json"}
    for name, digest in digests.items():
        assert hashlib.sha256(files[name].read_bytes()).hexdigest() == digest


def test_the_manifest_has_what_is_needed_to_repeat_the_run(run, published):
    told = manifest(run)
    assert told["inputs_sha256"] == published.digests
    assert told["settings"] == {"draws": 50, "seed": 7, "current_year": 2027, "horizon": 10, "variant": ""}
    assert told["scenario"] == {"name": "baseline", "why": "Recent trends continue.", "changed": []}
    assert told["libraries"]["numpy"] == np.__version__
    assert told["created"][:2] == "20"
    assert told["marking"] is None


def test_the_same_forecast_writes_the_same_files_under_another_name(run, published):
    again = write_run(published, all_tables(published, HISTORY), run.parent / "again")
    second = write_run(published, all_tables(published, HISTORY), run.parent / "again")
    assert manifest(again)["files_sha256"] == manifest(run)["files_sha256"]
    assert again != second
    assert second.exists()


def test_tables_come_back_as_they_were(run, published):
    for name, table in all_tables(published, HISTORY).items():
        read = pd.read_csv(run / "tables" / f"{name}.csv")
        marks = [set(read.pop(column)) for column in ("area", "scenario", "world")]
        assert marks == [{"Worcestershire"}, {"baseline"}, {"trend"}], name
        pd.testing.assert_frame_equal(read, table, check_dtype=False, rtol=1e-9)


def test_the_cube_holds_each_cell_and_its_means_add_up_to_the_tables(invented, invented_run):
    cube = pd.read_parquet(invented_run / "cubes" / "demand.parquet")
    assert len(cube) == invented.demand[0].size
    by_hand = summarise(invented.demand).sel(statistic="p90").to_numpy().ravel()
    np.testing.assert_allclose(cube["p90"], by_hand, rtol=1e-6)
    special = cube[(cube["provision"] == "special") & (cube["year"] == 2032)]
    demand = invented.demand.sel(provision="special", year=2032)
    assert special["mean"].sum() == pytest.approx(demand.mean("draw").sum().item(), rel=1e-5)


def test_expected_children_by_year_group_come_back_as_they_were(invented, invented_run):
    cube = pd.read_parquet(invented_run / "cubes" / "expected_by_year_group.parquet")
    by_year_group = cube.groupby("nc_year")["children"].sum()
    by_hand = invented.expected.sum(["year", "district", "need", "provision"])
    np.testing.assert_allclose(by_year_group[by_hand["nc_year"].to_numpy()], by_hand, rtol=1e-5)


def test_every_file_of_an_invented_area_says_so(invented_run):
    told = manifest(invented_run)
    assert (told["synthetic"], told["marking"]) == (True, None)
    for path in [*invented_run.rglob("*.csv"), *invented_run.rglob("*.svg"), *invented_run.rglob("*.txt")]:
        assert "synthetic" in path.read_text(encoding="utf-8"), path.name
    for path in invented_run.rglob("*.parquet"):
        assert pd.read_parquet(path)["area"].unique().tolist() == ["Exampleshire (synthetic)"]


def test_no_file_of_an_area_with_assumed_places_calls_anything_short(run):
    for path in run.rglob("*"):
        if path.suffix in {".csv", ".txt", ".json"}:
            assert CALLED_SHORT.findall(path.read_text(encoding="utf-8")) == [], path.name


@pytest.mark.skipif(os.name != "posix", reason="owners and their rights are POSIX's")
def test_only_its_owner_may_read_a_run_on_a_councils_own_figures(run, tmp_path):
    counted = with_real_places(synthetic=False)
    private = write_run(counted, all_tables(counted), tmp_path)
    assert all(path.stat().st_mode & 0o077 == 0 for path in [private, *private.rglob("*")])
    assert (private / ".gitignore").read_text().endswith("*\n")
    assert manifest(private)["marking"] == "OFFICIAL-SENSITIVE"
    umask = os.umask(0)
    os.umask(umask)
    assert run.stat().st_mode & 0o777 == 0o777 & ~umask


def test_a_run_on_a_councils_own_figures_is_marked():
    told = run_manifest(with_real_places(), {}, datetime.now(UTC))
    assert told["marking"] == "OFFICIAL-SENSITIVE"


def test_a_run_that_fails_leaves_nothing(published, tmp_path):
    tables = dict(all_tables(published))
    del tables["special_rates"]
    with pytest.raises(KeyError):
        write_run(published, tables, tmp_path / "runs")
    assert list((tmp_path / "runs").iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="sends POSIX signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_is_not_there(how, tmp_path):
    paths = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    command = [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.DEVNULL) as writer:
        while not any(tmp_path.glob(".unfinished-*/tables/*")):
            assert writer.poll() is None
            time.sleep(0.005)
        writer.send_signal(how)
    left = [path.name for path in tmp_path.iterdir()]
    assert all(name.startswith(".unfinished-") for name in left)
    assert how == signal.SIGKILL or left == []


def test_the_next_run_clears_away_what_a_killed_one_left(published, tmp_path):
    old, growing = tmp_path / ".unfinished-old", tmp_path / ".unfinished-growing"
    for folder in (old, growing):
        folder.mkdir()
    long_ago = time.time() - STALE - 60
    os.utime(old, (long_ago, long_ago))
    write_run(published, all_tables(published), tmp_path)
    assert not old.exists()
    assert growing.exists()


def test_a_scenarios_name_makes_a_file_name_on_every_system(published, tmp_path):
    named = replace(published, scenario='Riverside: "opens" / 2028 + 10%' + "x" * 300)
    assert write_run(named, all_tables(named), tmp_path).name.startswith("worcestershire-riverside-opens-2028-10")


@given(cells=st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8), min_size=1))
def test_no_text_cell_begins_like_a_formula_and_numbers_stay_numbers(cells):
    table = as_text(pd.DataFrame({"text": cells, "number": [-1.5] * len(cells)}))
    assert not any(str(cell).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in table["text"])
    assert [cell.removeprefix("'") for cell in table["text"]] == [cell.removeprefix("'") for cell in cells]
    assert table["number"].tolist() == [-1.5] * len(cells)
