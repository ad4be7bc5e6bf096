"""A folder that is replaced, or kept to its owner, is so on disk and not only in name."""

import os

import pytest
from builders import put, small_area

from forecast.folders import LeftBehind
from forecast.importing import _whose
from forecast.inputs.area import Area, read_area
from forecast.inputs.write import write_area


@pytest.fixture
def area(tmp_path) -> Area:
    return read_area(put(small_area(), tmp_path / "smallshire"))


@pytest.mark.skipif(os.name != "posix", reason="owners and their rights are POSIX's")
def test_what_a_link_in_a_private_folder_points_to_keeps_its_rights(area, tmp_path):
    shared = tmp_path / "shared.csv"
    shared.write_text("for all")
    shared.chmod(0o644)
    (area.folder / "shared.csv").symlink_to(shared)
    (area.folder / "nothing.csv").symlink_to(tmp_path / "nothing")
    (area.folder / ".gitignore").symlink_to(shared)
    about = area.about.model_copy(update={"kind": "records", "synthetic": False})
    made = write_area(area.folder, about, area.tables, replace=True).folder
    assert (made / "nothing.csv").is_symlink()
    assert (made / ".gitignore").read_bytes().endswith(b"\n*\n")
    assert shared.read_text() == "for all"
    assert shared.stat().st_mode & 0o777 == 0o644


def test_an_old_folder_that_cannot_be_deleted_is_named_and_the_new_one_stands(monkeypatch, area, tmp_path):
    monkeypatch.setattr("shutil.rmtree", lambda *_, **__: None)
    about = area.about.model_copy(update={"name": "Newshire"})
    with pytest.raises(LeftBehind) as left:
        write_area(area.folder, about, area.tables, replace=True)
    (old,) = tmp_path.glob(".smallshire.*-old")
    assert f"still there as {old}; " in str(left.value)
    assert read_area(area.folder).about.name == "Newshire"
    assert read_area(old).about.name == area.about.name


def test_a_folder_is_called_yours_alone_only_where_the_system_has_owners():
    assert "for you alone on this machine" in _whose("posix")
    assert "for you alone" not in _whose("nt")
    assert "keep it in a folder that only you can open" in _whose("nt")
