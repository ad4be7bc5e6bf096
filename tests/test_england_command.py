"""`forecast england`, as a person runs it."""

import subprocess
import sys

import pandas as pd
import pytest
from builders_release import LONG, long, put
from panels import world
from typer.testing import CliRunner

from forecast.cli import app, main
from forecast.report.national import write_england
from forecast.series.england import COLUMNS, EnglandForecast
from forecast.series.targets import TARGETS

CODES = ("201", "202", "801", "802", "803", "805", "806", "807")
FIRST, LAST = 2010, 2014
KINDS = {
    "all": "Total",
    "mainstream": "mainstream_academy",
    "base": "mainstream_academy_senunit",
    "special": "special_la_maintained",
    "special_nonmaintained": "special_non_maintained",
    "independent": "special_independent",
    "independent_mainstream": "mainstream_independent",
    "alternative": "ap_pru_academy",
    "post16": "other_fe",
    "not_recorded": "unknown",
}
BANDS = {0: "Under 5", 5: "Age 5 to 10", 11: "Age 11 to 15", 16: "Age 16 to 19", 20: "Age 20 to 25"}
BY_BAND = f"{LONG.rpartition(',establishment_type')[0]},characteristic_age"


def row(year, code, *cells):
    place = f"{year},Calendar year,Local authority,{code},Authority {code},West Midlands,E1000{code}"
    return ",".join([place, *(f"{cell:.0f}" if isinstance(cell, float) else cell for cell in cells)])


def files(release):
    """A release in the earlier layout: name -> lines, header first."""
    stock, new = [f"{LONG},Total_all"], [f"{LONG},Total_new_all"]
    placed, started = release.placements.itertuples(), release.flows.itertuples()
    stock += [row(one.year, one.la_code, KINDS[one.provision], "Total", one.children) for one in placed]
    new += [row(one.year - 1, one.la_code, "Total", "Total", one.children) for one in started]
    aged = {"plans": [f"{BY_BAND},Total_all"], "starts": [f"{BY_BAND},Total_new_all"]}
    for one in release.bands.itertuples():
        year = one.year - (one.kind == "starts")
        aged[one.kind].append(row(year, one.la_code, BANDS[one.age_from], one.children))
    return {
        "sen2_estab_caseload": stock,
        "sen2_estab_new_plans": new,
        "sen2_age_caseload": aged["plans"],
        "sen2_age_new_plans": aged["starts"],
    }


@pytest.fixture(scope="module")
def lines():
    return files(world(CODES, FIRST, LAST)[0])


@pytest.fixture
def release(tmp_path, lines):
    return put(tmp_path / "release", lines)


def ran(*words):
    return CliRunner().invoke(app, ["england", *(str(word) for word in words)], catch_exceptions=False)


def failed(capsys, monkeypatch, *words):
    """Exit status and what was said on standard error, as from a shell."""
    monkeypatch.setattr("sys.argv", ["forecast", "england", *map(str, words)])
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with pytest.raises(SystemExit) as stop:
        main()
    return stop.value.code, capsys.readouterr().err


@pytest.fixture
def few(release, tmp_path):
    """Options of a quick run, to which others are added."""
    return "--sen2", release, "--out", tmp_path / "out" / "england.csv", "--draws", 4


def table(tmp_path, name="england.csv"):
    return pd.read_csv(tmp_path / "out" / name, dtype={"la_code": str})


def test_the_file_has_a_row_an_authority_series_and_year_from_the_latest_census_for_ten_years(few, tmp_path):
    done = ran(*few)
    assert done.exit_code == 0
    found = table(tmp_path)
    assert tuple(found.columns) == COLUMNS == ("la_code", "la_name", "target", "year", "mean", "p10", "p50", "p90")
    assert found["la_code"].str.fullmatch(r"\d{3}").all()
    keys = list(found[["la_code", "target", "year"]].itertuples(index=False, name=None))
    assert keys == [(code, target, year) for code in CODES for target in TARGETS for year in range(LAST + 1, LAST + 11)]
    assert (found["la_name"] == "Authority " + found["la_code"]).all()
    assert found.notna().all(axis=None)


def test_what_is_said_is_what_was_written(few, tmp_path):
    said = ran(*few, "--to", LAST + 2).stdout.splitlines()
    plans = table(tmp_path).query("target == 'plans'").groupby("year")["mean"].sum()
    assert said == [
        f"8 authorities, January 2015 to 2016, written to {tmp_path / 'out' / 'england.csv'}.",
        f"England, plans: {plans[2015]:,.0f} in 2014/15, {plans[2016]:,.0f} in 2015/16.",
        "Every published figure was used.",
    ]


def test_figures_that_the_past_says_nothing_about_are_said_to_stand_in_a_world(few):
    assert not any("world" in line for line in ran(*few, "--to", LAST + 5).stdout.splitlines())
    told = [line for line in ran(*few, "--to", LAST + 6).stdout.splitlines() if "world" in line]
    assert len(told) == 1
    assert told[0].startswith('From 2019/20 these figures stand in the world "trend"')


def test_an_earlier_january_is_forecast_from_when_asked_for(few, tmp_path):
    ran(*few, "--origin", LAST - 1, "--to", LAST)
    assert set(table(tmp_path)["year"]) == {LAST}


def test_in_a_pipe_there_is_no_progress_bar(few):
    done = subprocess.run(
        [sys.executable, "-m", "forecast", "england", *map(str, few), "--to", str(LAST + 1)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert "\x1b" not in done.stdout
    assert len(done.stdout.splitlines()) == 3


def test_two_processes_write_the_same_bytes_as_one(few, tmp_path):
    written = []
    for workers in (1, 2):
        ran(*few, "--to", LAST + 1, "--workers", workers)
        written.append([path.read_bytes() for path in sorted((tmp_path / "out").iterdir())])
    assert written[0] == written[1]


@pytest.mark.parametrize("to", [LAST - 3, LAST, LAST + 21])
def test_a_last_year_not_after_the_census_or_too_far_is_wrong_usage(few, to):
    done = ran(*few, "--to", to)
    assert done.exit_code == 2
    assert f"--to: {to} is not one to 20 years after the census of January {LAST}" in " ".join(
        done.output.replace("│", " ").split()
    )


@pytest.mark.parametrize("origin", [2009, 2012, 2030])
def test_a_january_without_a_census_is_a_fault_with_those_there_are(few, tmp_path, capsys, monkeypatch, origin):
    code, said = failed(capsys, monkeypatch, *few, "--origin", origin)
    assert code == 1
    assert said.strip() == (
        f"The releases hold the censuses of January 2010 to 2014: none to forecast from at January {origin}; "
        "choose an --origin from 2013 to 2014, or give the release with earlier censuses too (--sen2)."
    )
    assert not (tmp_path / "out").exists()


def test_every_fault_of_every_release_is_named_at_once_and_nothing_is_written(lines, tmp_path, capsys, monkeypatch):
    renamed = put(
        tmp_path / "first",
        lines,
        sen2_estab_caseload=[line.replace("Total_all", "All") for line in long()["sen2_estab_caseload"]],
    )
    empty = put(tmp_path / "second", lines, sen2_estab_new_plans=None)
    out = tmp_path / "out" / "england.csv"
    code, said = failed(
        capsys, monkeypatch, "--sen2", renamed, "--sen2", empty, "--sen2", tmp_path / "nowhere", "--out", out
    )
    assert code == 1
    named = said.strip().splitlines()
    assert len(named) == 3
    assert any(
        line.startswith("first/sen2_estab_caseload.csv, row 1, Total_all: the column is missing") for line in named
    )
    assert any("second/sen2_estab_new_plans.csv: there is no such file" in line for line in named)
    assert any(line.startswith("nowhere/") for line in named)
    assert not out.parent.exists()


def test_figures_beside_the_releases_can_be_given_and_their_faults_are_named(few, tmp_path, capsys, monkeypatch):
    wrong = tmp_path / "people.csv"
    wrong.write_text("la_code,mid_year,age,people\n201,2017,7,many\n", encoding="utf-8")
    code, said = failed(capsys, monkeypatch, *few, "--people", wrong)
    assert code == 1
    assert said.startswith("people.csv, row 2, people: 'many'")


def test_what_was_left_out_is_in_a_file_beside_and_told_with_the_reasons(lines, tmp_path):
    def silent(line):
        """Placements of authority 801 from January 2012 on."""
        return ",801," in line and line[:4] > "2011" and ",Total,Total," not in line

    bare = [line for line in lines["sen2_estab_caseload"] if not silent(line)]
    folder = put(tmp_path / "release", lines, sen2_estab_caseload=bare)
    done = ran("--sen2", folder, "--out", tmp_path / "out" / "england.csv", "--draws", 4, "--to", LAST + 1)
    beside = table(tmp_path, "england_left_out.csv")
    assert list(beside.columns) == ["la_code", "la_name", "target", "year", "reason"]
    assert set(beside["la_code"]) == {"801"}
    assert set(beside["reason"]) == {"placements not published", "no forecast: too little published in the last years"}
    told = done.stdout.splitlines()[-1]
    assert told.startswith(f"Not used as published, named in {tmp_path / 'out' / 'england_left_out.csv'}: ")
    assert "placements not published (1 authority)" in told
    found = table(tmp_path)
    assert set(found[found["la_code"].eq("801")]["target"]) == {"plans", "plans_5_15"}


def one_row(mean, reason):
    rows = pd.DataFrame([["201", "One", "plans", 2015, mean, 1.0, 1.0, 1.0]], columns=list(COLUMNS))
    left_out = pd.DataFrame(
        [["201", "One", "", 2014, reason]], columns=["la_code", "la_name", "target", "year", "reason"], dtype=object
    )
    return EnglandForecast(rows, left_out)


def test_a_run_that_cannot_write_leaves_both_files_of_the_last_good_one(tmp_path):
    """The second file of the second run has a letter that UTF-8 does not know."""
    out = tmp_path / "england.csv"
    write_england(one_row(1.0, "good"), out)
    good = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(UnicodeEncodeError):
        write_england(one_row(2.0, "\ud800"), out)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == good
    assert sorted(good) == ["england.csv", "england_left_out.csv"]


def test_a_folder_that_cannot_be_made_is_a_fault_with_a_remedy(release, tmp_path, capsys, monkeypatch):
    (tmp_path / "file").write_text("", encoding="utf-8")
    out = tmp_path / "file" / "england.csv"
    code, said = failed(capsys, monkeypatch, "--sen2", release, "--out", out, "--draws", 4, "--to", LAST + 1)
    assert code == 1
    assert "name another folder" in said
