"""An import of returns says what could not be known, and refuses what cannot be counted."""

import pytest
from builders import put
from builders_return import at, child, extract, filed, plan
from records_kit import BORN, HOME, given_in, marked
from typer.testing import CliRunner
from written_return import write

from forecast.cli import app
from forecast.errors import InputFaults
from forecast.records.counted import said
from forecast.records.importing import Given, import_sen2
from forecast.report.imported import show_records
from forecast.report.terminal import console


@pytest.fixture
def council(tmp_path):
    return given_in(tmp_path)


def crowd(children, **differing):
    """Children of one kind, each with its own number; of `differing`, field -> how many have it blank."""
    rows = [child(f"k{n}", BORN, [plan(placed=[at("100003")])], postcode=HOME) for n in range(children)]
    for name, blank in differing.items():
        for row in rows[:blank]:
            row["person"][name] = ""
    return rows


def refused(folder, given, one, **how):
    path = write(one, folder / f"refused-{one.census}")
    with pytest.raises(InputFaults) as raised:
        import_sen2([path], folder / "area", given, base=str(folder / "base"), **how)
    assert not (folder / "area").exists()
    return str(raised.value)


def said_of(made, capsys):
    show_records(made, console())
    return " ".join(capsys.readouterr().out.split())


def with_districts(one, names):
    """A return whose module person has a column Home."""
    folder_of = write(one[0], one[1])
    path = next(folder_of.glob("*_person.csv"))
    head, *lines = path.read_text().splitlines()
    path.write_text("\n".join([f"{head},Home", *(f"{line},{name}" for line, name in zip(lines, names, strict=True))]))
    return folder_of


def test_a_census_without_any_postcode_is_refused_by_file_and_field(council):
    folder, given = council
    words = refused(folder, given, filed(2025, crowd(4, postcode=4)))
    assert "person.csv, postcode: 4 of 4 children with a plan have no known district of the area" in words
    assert "4 children have no postcode" in words
    assert "leave out --postcodes" in words


def test_a_lookup_that_has_none_of_the_children_is_named(council):
    folder, given = council
    put({"postcodes.csv": b"pcds,ladnm\nZZ5 5ZZ,North\n"}, folder)
    assert "0 children have no postcode; of the others postcodes.csv lacks them" in refused(
        folder, given, filed(2025, crowd(4))
    )


def test_a_district_column_of_other_names_is_refused(council):
    folder, given = council
    path = with_districts((filed(2025, crowd(3)), folder / "return-2025"), ["Nroth"] * 3)
    with pytest.raises(InputFaults, match=r"district: 3 of 3 children .* --district-column") as raised:
        import_sen2([path], folder / "area", Given(given.establishments, district="Home"), base=str(folder / "base"))
    assert "Nroth" not in str(raised.value)


def test_a_census_before_every_plan_is_refused_by_its_dates(council):
    folder, given = council
    words = refused(folder, given, filed(2019, [child("a", BORN, [plan(start="2020-03-01")], postcode=HOME)]))
    assert "startdate" not in words
    assert (
        "namedplan.csv, start_date: no child has a plan in force at the census of January 2019: 1 plans start" in words
    )


@pytest.mark.parametrize(("blank", "fate"), [(5, "refused"), (4, "warned"), (2, "warned"), (1, "silent")])
def test_districts_are_not_made_up_from_a_few_children(council, capsys, blank, fate):
    folder, given = council
    one = filed(2025, crowd(20, postcode=blank))
    if fate == "refused":
        assert "5 of 20 children" in refused(folder, given, one)
        return
    made = import_sen2([write(one, folder / "r-2025")], folder / "area", given, base=str(folder / "base"))
    assert ("WARNING: January 2025: Blade-Export_31-03-2025_person.csv" in said_of(made, capsys)) is (fate == "warned")
    assert (f"{blank} of 20 children with a plan have no known district" in " ".join(made.warned)) is (fate == "warned")


def test_kinds_of_place_are_not_made_up_from_a_few_children(council):
    folder, given = council
    odd = put({"odd.csv": extract().replace(b"Moor Lane Special,999,7,", b"Moor Lane Special,999,777,")}, folder)
    of_odd_type = Given(odd / "odd.csv", given.postcodes)
    words = refused(folder, of_odd_type, filed(2025, crowd(4)))
    assert "placementdetail.csv, urn: 4 of 4 children with a plan have no known kind of place" in words
    rows = [*crowd(18), *(child(f"o{n}", BORN, [plan(placed=[at("100001")])], postcode=HOME) for n in range(90))]
    made = import_sen2(
        [write(filed(2025, rows), folder / "r")], folder / "area", of_odd_type, base=str(folder / "base")
    )
    counts = dict(zip(made.summary["what"], made.summary["children"], strict=True))
    assert (counts["type_unknown"], counts["school_unknown"]) == (18, 0)
    assert any("type of establishment" in line for line in said(made.summary).index)
    assert len(made.warned) == 1


def test_what_could_not_be_checked_or_was_taken_for_granted_is_said(council, capsys):
    folder, given = council
    path = write(filed(2025, [marked()], lea=""), folder / "return-2025")
    made = import_sen2([path], folder / "area", Given(given.establishments), base=str(folder / "base"))
    shown = said_of(made, capsys)
    assert "return-2025 does not say its authority (module sen2), so whether it is Smallshire's could not" in shown
    assert "Smallshire becomes one district, as neither --postcodes nor --district-column" in shown
    assert "The return of January 2025 scores" in shown


def test_schools_told_apart_because_the_base_does_so_are_said_and_need_their_authority(council, capsys):
    folder, given = council
    old, new = (write(filed(year, [marked()]), folder / f"return-{year}") for year in (2024, 2025))
    import_sen2([old], folder / "far", given, base=str(folder / "base"), out_of_area=True)
    made = import_sen2([new], folder / "far", given)
    shown = said_of(made, capsys)
    assert "Schools of other authorities are told apart, because area.toml of Smallshire does so." in shown
    assert "import both returns at once, with --replace, to count them" in shown
    put({"gias.csv": extract().replace(b"LA (code)", b"Authority")}, folder)
    assert "gias.csv, row 1, LA (code): the column is missing or blank" in refused(
        folder, given, filed(2025, [marked()]), out_of_area=True
    )


def test_a_return_without_its_header_is_named_where_it_is_refused(council):
    folder, given = council
    path = write(filed(2025, [marked()]), folder / "return-2025")
    next(path.glob("*_sen2.csv")).unlink()
    with pytest.raises(InputFaults, match=r"_person\.csv, software_code: is not of invented children"):
        import_sen2([path], folder / "area", given, base=str(folder / "base"))


def test_a_return_of_no_known_january_is_to_be_renamed(council):
    folder, given = council
    one = filed(2025, [marked()])
    path = write(one, folder / "return")
    for file in path.iterdir():
        text = file.read_text().replace("2025", "") if file.name.endswith("_sen2.csv") else file.read_text()
        file.unlink()
        (path / file.name.rpartition("_")[2]).write_text(text)
    with pytest.raises(InputFaults, match="put the year of its January into the name of the file or folder"):
        import_sen2([path], folder / "area", given, base=str(folder / "base"))
    path.rename(folder / "return-2025")
    assert import_sen2([folder / "return-2025"], folder / "area", given, base=str(folder / "base")).area


def test_a_census_that_is_there_is_one_fault_and_not_one_a_table(council):
    folder, given = council
    path = write(filed(2025, [marked()]), folder / "return-2025")
    import_sen2([path], folder / "area", given, base=str(folder / "base"))
    with pytest.raises(InputFaults, match="January 2025 is there already") as raised:
        import_sen2([path], folder / "area", given)
    assert len(raised.value.faults) == 1


def test_poor_returns_are_warned_of_at_the_end_of_an_import(council, capsys):
    folder, given = council
    poor = [child(f"p{n}", BORN, [plan(placed=[at("100003")], needs=("NONE",))], postcode=HOME) for n in range(5)]
    unplaced = [child(f"u{n}", BORN, [plan(start=None, reason=2)], postcode=HOME) for n in range(5)]
    path = write(filed(2025, [*poor, *unplaced]), folder / "return-2025")
    shown = said_of(import_sen2([path], folder / "area", given, base=str(folder / "base")), capsys)
    assert "WARNING: January 2025 scores below 70 of 100: look at forecast check before" in shown


def test_the_command_says_before_its_work_that_faults_cannot_be_written(council):
    folder, given = council
    path = write(filed(2025, [marked()]), folder / "return-2025")
    words = ["import", "sen2", path, "--to", folder / "area", "--establishments", given.establishments]
    words += ["--base", folder / "base", "--faults", folder / "nowhere" / "faults.csv"]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 1
    assert "choose another place" in str(done.exception)
    assert not (folder / "area").exists()


def test_fewer_than_no_faults_are_not_planted(tmp_path):
    done = CliRunner().invoke(app, ["synthetic", str(tmp_path / "county"), "--faults", "-1"])
    assert done.exit_code == 2
    assert not (tmp_path / "county").exists()
