"""Candidates, travel matrices and runs of the commands on where to build."""

import pytest
from typer.testing import CliRunner

from forecast.cli import app, main
from forecast.inputs.area import read_area

QUICK = ("--draws", "4", "--now", "2026/27")
HEADER = "name,district,lat,lon,provision,needs,nc_from,nc_to,sizes,capital,opens,source"


def candidates(folder, *rows):
    file = folder / "candidates.csv"
    file.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return file


def ran(*words):
    done = CliRunner().invoke(app, [*map(str, words), *QUICK], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def failed(capsys, monkeypatch, *words):
    """Exit status, and what is said."""
    monkeypatch.setattr("sys.argv", ["forecast", *map(str, words), *QUICK])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr().err
    assert "Traceback" not in said
    return stop.value.code, said


def no_nan(_):
    raise AssertionError("not a number in JSON")


def travel(folder, *, names=(), drop=0, minutes=30):
    """A matrix for Exampleshire and Mill, its first rows dropped."""
    area = read_area("exampleshire")
    special = area.places[area.places["provision"] == "special"]
    sites = dict.fromkeys([*special["site"].where(special["site"].ne(""), special["school"]), "Mill", *names])
    rows = [f'{district},"{site}",{minutes}' for district in area.about.district_names for site in sites]
    file = folder / "travel.csv"
    file.write_text("\n".join(["district,site,minutes", *rows[drop:]]) + "\n", encoding="utf-8")
    return file
