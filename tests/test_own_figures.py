"""A council's own figures, as its analyst handles them from the first command to the last."""

import json

import pytest
from typer.testing import CliRunner

from forecast.cli import app
from forecast.inputs.area import read_area

COUNTS = """\
Academic year,District,Primary need,NCY,Placement,Number
2024/25,Exampleton,ASD,7,Special school,12
2024/25,Exampleton,SEMH,7,Mainstream,<5
2024/25,Fictley,ASD,R,Special school,c
"""


def ran(*words, status=0):
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == status, done.output or done.exception
    return " ".join(done.output.split())


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("synthetic") / "county"
    ran("synthetic", folder, "--plans", 200, "--first", 2023, "--faults", 1)
    return folder


def given(county):
    return "--establishments", county / "establishments.csv", "--postcodes", county / "postcodes.csv"


@pytest.fixture(scope="module")
def ours(county, tmp_path_factory):
    """Two censuses imported at once, and the third added with the second to link it to."""
    to = tmp_path_factory.mktemp("areas") / "ours"
    words = ("--base", county / "area", *given(county), "--to", to, "--out-of-area")
    said = ran("import", "sen2", county / "SEN2_2023", county / "SEN2_2024", *words)
    assert "scores" in said
    assert f"Written to {to}" in said
    again = ran("import", "sen2", county / "SEN2_2024", county / "SEN2_2025", *given(county), "--to", to)
    assert "Added: January 2025." in again
    assert "Kept as it was: January 2024." in again
    return to


def test_three_returns_become_an_area_that_runs(ours, tmp_path):
    area = read_area(ours)
    assert area.about.latest_census == 2025
    assert sorted(area.moves["year"].unique()) == [2024, 2025]
    said = ran("run", ours, "--draws", 2, "--now", "2025/26", "--out", tmp_path / "runs")
    assert "synthetic children" in said
    assert "in the area" in said


def test_a_census_that_is_there_is_not_overwritten_unasked(county, ours):
    before = read_area(ours).digest
    said = ran("import", "sen2", county / "SEN2_2025", *given(county), "--to", ours, status=1)
    assert said == ""
    assert read_area(ours).digest == before


def test_a_new_area_needs_a_base(county, tmp_path):
    said = ran("import", "sen2", county / "SEN2_2025", *given(county), "--to", tmp_path / "new", status=2)
    assert "--base" in said
    assert not (tmp_path / "new").exists()


def test_a_return_is_checked_without_being_imported(county, tmp_path):
    words = ("check", "--return", county / "SEN2_2025", "--establishments", county / "establishments.csv")
    found = json.loads(ran(*words, "--json"))
    assert found["census"] == 2025
    assert 0 < found["score"] < 100
    said = ran(*words, "--faults", tmp_path / "faults.csv")
    assert f"{found['score']:.1f} of 100" in said
    lines = (tmp_path / "faults.csv").read_text().splitlines()
    assert lines[0].split(",")[:4] == ["module", "census", "id", "row"]
    assert len(lines) > 20


def test_an_imported_area_tells_its_score_and_its_faults(ours):
    said = ran("check", ours)
    assert "Effect on the forecast" in said
    assert json.loads(ran("check", ours, "--json"))["returned"]["census"] == 2025


def test_counts_in_a_spreadsheet_become_an_area_and_hidden_ones_are_ranges(county, tmp_path):
    sheet = tmp_path / "counts.csv"
    districts = read_area(county / "area").about.district_names
    rest = "".join(f"2024/25,{name},ASD,8,Mainstream,20\n" for name in districts)
    sheet.write_text(COUNTS + rest)
    said = ran("import", "counts", sheet, "--base", county / "area", "--to", tmp_path / "counted", "--synthetic")
    assert "2 counts are hidden" in said
    made = read_area(tmp_path / "counted").placements
    assert (made["least"] < made["most"]).sum() == 2
    assert ran("import", "counts", sheet, "--to", tmp_path / "counted", "--synthetic", status=1) == ""


def test_districts_are_put_together_and_nobody_is_lost(ours, tmp_path):
    names = read_area(ours).about.district_names
    units = tmp_path / "units.csv"
    units.write_text(
        "district,unit\n" + "".join(f"{name},{'East' if at % 2 else 'West'}\n" for at, name in enumerate(names))
    )
    ran("regroup", ours, units, "--to", tmp_path / "new")
    old, new = (read_area(folder).placements.groupby("year")["children"].sum() for folder in (ours, tmp_path / "new"))
    assert new.equals(old)


def test_help_says_what_was_never_checked():
    assert "None of it was checked against a real return" in ran("import", "sen2", "--help")


def test_every_command_for_own_figures_has_help():
    for words in (("import", "counts"), ("import", "witan"), ("publish",), ("synthetic",), ("regroup",), ("purge",)):
        assert "Usage" in ran(*words, "--help")


def test_constant_rates_run_on_an_area_that_has_special_schools(ours, tmp_path):
    words = ("run", ours, "--model", "constant", "--draws", 2, "--now", "2025/26", "--out", tmp_path / "runs")
    said = ran(*words)
    assert "If rates stay as they were counted" in said
    assert "against" not in said.split("Special school rate against England's")[1].split("What these figures")[0]
    assert "leave out -s" in ran(*words, "-s", "white-paper", status=2)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ("Academic year,District,Number\n" + "2024/25,{},20\n" * 6, "it maintained 120 education"),
        (
            "Academic year,District,Primary need,Number\n" + "2024/25,{},ASD,20\n" * 6 + "2024/25,Exampleton,SEMH,<5\n",
            "at least 120 education, health and care plans",
        ),
    ],
    ids=["no kind of place", "something hidden"],
)
def test_a_check_counts_what_a_spreadsheet_tells_and_no_more(county, tmp_path, rows, says):
    sheet = tmp_path / "counts.csv"
    sheet.write_text(rows.format(*read_area(county / "area").about.district_names))
    ran("import", "counts", sheet, "--base", county / "area", "--to", tmp_path / "counted", "--synthetic")
    assert says in ran("check", tmp_path / "counted")
