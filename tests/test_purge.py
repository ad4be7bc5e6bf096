"""What a council's own counts left behind goes when it is told to, and nothing else does."""

import json

import pytest
from builders import put, small_area
from typer.testing import CliRunner

from forecast.cli import app
from forecast.errors import ForecastError
from forecast.report import purge


@pytest.fixture
def files():
    return small_area()


def area(files, folder, *, kind="records", synthetic=False):
    text = files["area.toml"].decode()
    text = text.replace('kind = "published"', f'kind = "{kind}"')
    text = text.replace("synthetic = true", f"synthetic = {str(synthetic).lower()}")
    return put({**files, "area.toml": text.encode()}, folder)


def run(folder, **manifest):
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def quiet(monkeypatch, tmp_path):
    """No logs but those that the test writes."""
    logs = tmp_path / "tmp"
    logs.mkdir()
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(logs))
    return logs


def test_the_area_its_runs_runs_cut_short_and_logs_go_and_all_else_stays(files, tmp_path, quiet):
    folder, runs = area(files, tmp_path / "smallshire"), tmp_path / "runs"
    mine = run(runs / "a", area="Smallshire", kind="records")
    published = run(runs / "b", area="Smallshire", kind="published")
    other = run(runs / "c", area="Othershire", kind="records")
    cut = runs / ".unfinished-smallshire"
    cut.mkdir()
    log = quiet / "forecast-defect-12.log"
    log.write_text("")
    paths = purge.confidential_paths(folder, runs)
    assert set(paths) == {folder, mine, cut, log}
    purge.purge(paths)
    assert not any(path.exists() for path in paths)
    assert sorted(runs.iterdir()) == [published, other]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs", "tmp"]


@pytest.mark.parametrize(
    ("about", "says"),
    [({"kind": "published"}, "published figures only"), ({"synthetic": True}, "invented figures only")],
)
@pytest.mark.usefixtures("quiet")
def test_published_and_invented_figures_are_not_purged(files, tmp_path, about, says):
    folder = area(files, tmp_path / "smallshire", **about)
    with pytest.raises(ForecastError, match=says):
        purge.confidential_paths(folder, tmp_path / "runs")
    assert (folder / "area.toml").exists()


@pytest.mark.usefixtures("quiet")
def test_a_folder_that_is_no_area_is_not_purged(tmp_path):
    (tmp_path / "photos").mkdir()
    with pytest.raises(ForecastError, match=r"holds no area\.toml; name an area folder"):
        purge.confidential_paths(tmp_path / "photos", tmp_path / "runs")


@pytest.mark.usefixtures("quiet")
def test_a_run_that_cannot_say_whose_it_is_stops_the_purge(files, tmp_path):
    folder, runs = area(files, tmp_path / "smallshire"), tmp_path / "runs"
    (run(runs / "a") / "manifest.json").write_text("{")
    with pytest.raises(ForecastError, match="manifest that cannot be read"):
        purge.confidential_paths(folder, runs)
    assert folder.exists()


def test_the_command_names_what_it_would_delete_and_asks_first(files, tmp_path, quiet):
    folder = area(files, tmp_path / "smallshire")
    words = ["purge", str(folder), "--runs", str(tmp_path / "runs")]
    refused = CliRunner().invoke(app, words, input="n\n")
    assert refused.exit_code == 1
    assert str(folder) in refused.output
    assert folder.exists()
    done = CliRunner().invoke(app, [*words, "--yes"])
    assert done.exit_code == 0
    assert "Deleted, not erased" in done.output
    assert not folder.exists()
    assert list(quiet.iterdir()) == []
