"""What a council's own counts left behind goes when it is told to, and nothing else does."""

import os
from dataclasses import replace

import pytest
from builders import small_area
from builders_purge import area, release, run, written
from builders_site import made_up_siting
from builders_size import EXAMPLETON, answered
from typer.testing import CliRunner

from forecast.cli import app
from forecast.errors import ForecastError
from forecast.inputs.area_toml import about_text
from forecast.report import purge, size_folder
from forecast.report.answers import answer_of_site, write


@pytest.fixture
def files():
    return small_area()


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
    cut, in_progress = (runs / f".unfinished-{name}-baseline-20250101-120000" for name in ("smallshire", "othershire"))
    cut.mkdir()
    in_progress.mkdir()
    log = quiet / "forecast-defect-12.log"
    log.write_text("")
    paths = purge.confidential_paths(folder, runs)
    assert set(paths) == {folder, mine, cut, log}
    purge.purge(paths)
    assert not any(path.exists() for path in paths)
    assert sorted(runs.iterdir()) == [in_progress, published, other]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["runs", "tmp"]


@pytest.mark.usefixtures("quiet")
def test_runs_made_of_counts_go_with_the_records_that_replaced_them(files, tmp_path):
    folder = area(files, tmp_path / "smallshire", kind="records")
    older = run(tmp_path / "runs" / "a", area="Smallshire", kind="counts")
    assert purge.confidential_paths(folder, tmp_path / "runs") == [older, folder]


@pytest.mark.usefixtures("quiet")
def test_internal_releases_and_leftovers_go_and_what_may_be_published_stays(files, tmp_path):
    folder, runs = area(files, tmp_path / "smallshire"), tmp_path / "runs"
    gone = [
        release(tmp_path / "for-us"),
        release(runs / "for-us-too"),
        *(tmp_path / f".smallshire.{name}" for name in ("0123abcd", "0123abcd-old")),
        runs / ".purged-0123abcd",
    ]
    stays = [
        release(runs / "for-all", "publication"),
        release(tmp_path / "theirs", area="Othershire"),
        tmp_path / ".smallshire.backup",
        tmp_path / ".othershire.0123abcd",
    ]
    for path in (*gone, *stays):
        path.mkdir(exist_ok=True)
    (tmp_path / "papers").mkdir()
    for name, text in (("audit.json", "[1]"), ("notes.txt", "{")):
        (tmp_path / "papers" / name).write_text(text)
    paths = purge.confidential_paths(folder, runs)
    assert set(paths) == {*gone, folder}
    purge.purge(paths)
    assert not any(path.exists() for path in paths)
    assert all(path.exists() for path in (*stays, tmp_path / "papers"))


@pytest.mark.usefixtures("quiet")
def test_decisions_and_answers_go_from_either_place_and_those_of_others_or_not_confidential_stay(files, tmp_path):
    folder, runs = area(files, tmp_path / "smallshire"), tmp_path / "runs"
    gone = [
        written(runs / "size-x", "record.json"),
        written(runs / "late-x", "answer.json"),
        written(runs / ".site-x.0123abcd", "answer.json"),
        written(tmp_path / "decision", "record.json"),
    ]
    stays = [
        written(runs / "theirs", "record.json", area="Othershire"),
        written(runs / "published", "answer.json", marking=None),
        written(tmp_path / "notes", "record.json", area=["Smallshire"]),
    ]
    paths = purge.confidential_paths(folder, runs)
    assert set(paths) == {*gone, folder}
    purge.purge(paths)
    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in stays)


@pytest.mark.usefixtures("quiet")
def test_an_answer_that_holds_the_runs_of_others_does_not_take_them_along(files, tmp_path):
    folder, runs = area(files, tmp_path / "smallshire"), written(tmp_path / "runs", "answer.json")
    other = run(runs / "theirs", area="Othershire", kind="records")
    with pytest.raises(ForecastError, match="move those elsewhere, and name where with --runs"):
        purge.confidential_paths(folder, runs)
    moved = other.rename(tmp_path / "elsewhere")
    assert purge.confidential_paths(folder, tmp_path / "elsewhere") == [runs, folder]
    assert moved.exists()


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize("broken", [True, False])
def test_an_answer_goes_whole_or_as_far_as_it_was_written(tmp_path, monkeypatch, broken):
    """A write that is killed leaves a hidden folder, which says already whose it is."""
    answer = answer_of_site(made_up_siting())
    assert answer.about.confidential
    folder, runs = tmp_path / "own", tmp_path / "runs"
    for path in (folder, runs):
        path.mkdir()
    (folder / "area.toml").write_text(about_text(answer.about), encoding="utf-8")
    if broken:
        unwritable = replace(answer, tables={"no/such/folder": answer.tables["sites"]})
        with monkeypatch.context() as patched:
            patched.setattr("shutil.rmtree", lambda *_, **__: None)
            with pytest.raises(OSError, match="no"):
                write(unwritable, runs / "site-x")
    else:
        write(answer, runs / "site-x")
    (made,) = runs.iterdir()
    assert made.name.startswith(".site-x." if broken else "site-x")
    assert purge.confidential_paths(folder, runs) == [made, folder]


@pytest.mark.usefixtures("quiet")
def test_a_decision_on_how_big_a_school_should_be_goes(tmp_path):
    made = answered("exampleshire", EXAMPLETON, worlds=False)
    projection = made.case.projection
    about = projection.about.model_copy(update={"synthetic": False})
    assert about.confidential
    own = replace(made, case=replace(made.case, projection=replace(projection, about=about)))
    folder, runs = tmp_path / "own", tmp_path / "runs"
    for path in (folder, runs):
        path.mkdir()
    (folder / "area.toml").write_text(about_text(about), encoding="utf-8")
    decision = size_folder.write(own, None, runs / "size-x")
    assert purge.confidential_paths(folder, runs) == [decision, folder]


@pytest.mark.usefixtures("quiet")
def test_of_a_linked_run_the_link_goes_and_the_user_is_told_what_stays(files, tmp_path):
    folder, runs = area(files, tmp_path / "smallshire"), tmp_path / "runs"
    real = run(tmp_path / "elsewhere" / "a", area="Smallshire", kind="records")
    runs.mkdir()
    (runs / "a").symlink_to(real, target_is_directory=True)
    done = CliRunner().invoke(app, ["purge", str(folder), "--runs", str(runs), "--yes"])
    assert done.exit_code == 0
    assert f"(a link: {real} stays)" in done.output
    assert f"Looked through: {runs} and {tmp_path}. What was written elsewhere" in done.output
    assert list(runs.iterdir()) == []
    assert (real / "manifest.json").exists()
    assert not folder.exists()


@pytest.mark.usefixtures("quiet")
def test_a_purge_that_fails_leaves_the_area_and_the_next_one_finishes_it(files, tmp_path, monkeypatch):
    folder, runs = area(files, tmp_path / "smallshire"), tmp_path / "runs"
    run(runs / "a", area="Smallshire", kind="records")
    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", refuses)
        with pytest.raises(PermissionError):
            purge.purge(purge.confidential_paths(folder, runs))
    assert (folder / "area.toml").exists()
    purge.purge(purge.confidential_paths(folder, runs))
    assert list(runs.iterdir()) == []
    assert not folder.exists()


def refuses(path, **_):
    raise PermissionError(13, "in use", str(path))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a folder that one stands in cannot be renamed")
@pytest.mark.usefixtures("quiet")
def test_the_folder_that_one_stands_in_can_be_purged(files, tmp_path, monkeypatch):
    folder = area(files, tmp_path / "smallshire")
    monkeypatch.chdir(folder)
    done = CliRunner().invoke(app, ["purge", ".", "--yes"])
    assert done.exit_code == 0
    assert not folder.exists()


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
