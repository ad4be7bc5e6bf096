"""The search for identifiers finds what it should: otherwise its silence would mean nothing."""

import shutil

import pytest
from planted import leaks, told

FOUND = ["Zzyzx-Synthetic", "upn Z999000000001,", "A99900000000X", "zz1 1aa"]
NOT_FOUND = ["E07000234", "WR5 2NP", "999", "1999-09-09", "Z9990000"]


@pytest.mark.parametrize("text", FOUND)
def test_what_tells_of_a_child_is_found_in_every_output(tmp_path, text):
    for name in ("area", "run/tables", "input"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.csv").write_text(text)
    (tmp_path / "area" / "area.toml").write_text("")
    (tmp_path / "run" / "manifest.json").write_text("{}")
    found = leaks(tmp_path)
    shutil.rmtree(tmp_path)  # or the search after the whole run would find them too
    assert found == [tmp_path / "area" / "a.csv", tmp_path / "run" / "tables" / "a.csv"]


@pytest.mark.parametrize("text", NOT_FOUND)
def test_what_tells_of_nobody_is_not(text):
    assert not told(text)
