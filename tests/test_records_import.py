"""From a council's files to an area folder: the whole way, and what must never be on it."""

import pytest
from builders import put, small_area
from builders_return import at, child, extract, filed, lookup, plan
from histories import histories
from records_kit import DISTRICTS, SCHOOLS, cells
from typer.testing import CliRunner
from written_return import write

from forecast.cli import app
from forecast.errors import ForecastError, InputFaults
from forecast.inputs.append import CannotAppend
from forecast.inputs.area import read_area
from forecast.records.counted import counted_area, said
from forecast.records.importing import Given, import_sen2
from forecast.records.read import read_return
from forecast.report.imported import show_records
from forecast.report.terminal import console

MARKS = {"upn": "Z999666123456", "uln": "9996661234", "surname": "Zzyzxmark", "forename": "Qwxmark"}
BORN, HOME = "2013-06-17", "ZZ1 1AB"
CONFIDENTIAL = (*MARKS.values(), BORN, "17/06/2013", HOME, "ZZ11AB", "20130617")


@pytest.fixture
def council(tmp_path):
    """A base area, an extract and a lookup; and what the user gives."""
    put(small_area(), tmp_path / "base")
    put({"gias.csv": extract(), "postcodes.csv": lookup()}, tmp_path)
    return tmp_path, Given(tmp_path / "gias.csv", tmp_path / "postcodes.csv")


def marked(name="m", **fields):
    return child(name, BORN, [plan(placed=[at("100003")])], **{**MARKS, "postcode": HOME, **fields})


def everyone(folder):
    """Names and contents of all files below `folder`."""
    return " ".join(f"{path.name} {path.read_text('utf-8')}" for path in sorted(folder.rglob("*")) if path.is_file())


def test_what_is_imported_is_what_the_returns_count_to(council):
    folder, given = council
    lives = histories(5, children=40)
    paths = [write(filed(census, rows), folder / f"return-{census}") for census, rows in lives.items()]
    made = import_sen2(list(reversed(paths)), folder / "area", given, base=str(folder / "base"))
    base = read_area(folder / "base")
    counts = counted_area([read_return(path) for path in paths], base, SCHOOLS, DISTRICTS)
    area = read_area(folder / "area")
    for name in ("placements", "flows"):
        columns = [column for column in counts.tables[name] if column != "children"]
        assert cells(getattr(area, name), *columns) == cells(counts.tables[name], *columns)
    for name in ("moves", "funnel"):
        assert getattr(area, name).equals(counts.tables[name])
    assert made.area.digest == area.digest
    assert made.summary.equals(counts.summary)
    assert area.population.equals(base.population)
    assert set(area.checks["year"]) == set(lives)
    assert made.changes is None


def test_assumed_places_are_counted_anew_and_real_ones_kept(council):
    folder, given = council
    rows = [child(f"{n}", "2007-05-01", [plan(placed=[at("100009")])], postcode="ZZ1 1AA") for n in range(3)]
    special = child("s", "2013-05-01", [plan(placed=[at("100003")])], postcode="ZZ2 2AA")
    path = write(filed(2025, [*rows, special]), folder / "return-2025")
    area = import_sen2([path], folder / "area", given, base=str(folder / "base")).area
    places = area.places.set_index("school")
    assert "College" not in places.index
    assert places.loc["Moor Lane School", "places"] == 120
    assert places[places["assumed"]]["places"].to_dict() == {"Places that Smallshire's children fill: special": 1}


def test_a_second_import_adds_the_census_that_is_new(council):
    folder, given = council
    old, new = (write(filed(year, [marked()]), folder / f"return-{year}") for year in (2024, 2025))
    import_sen2([old], folder / "area", given, base=str(folder / "base"))
    alone = import_sen2([new], folder / "area", given, replace=True)
    assert alone.unlinked == (2025,)
    assert alone.area.moves.empty
    made = import_sen2([old, new], folder / "area", given, replace=True)
    assert made.unlinked == ()
    assert (made.changes.replaced, made.changes.kept) == ((2025,), (2024,))
    assert made.area.moves["children"].sum() == 1
    assert set(made.area.checks["year"]) == {2024, 2025}
    before = everyone(folder / "area")
    with pytest.raises(InputFaults, match="January 2025 is there already"):
        import_sen2([new], folder / "area", given)
    assert everyone(folder / "area") == before
    with pytest.raises(InputFaults, match="lose its moves; give the return of the January before as well") as raised:
        import_sen2([new], folder / "area", given, replace=True)
    assert len(raised.value.faults) == 1
    assert everyone(folder / "area") == before


def test_returns_may_come_in_any_order_whatever_their_names(council):
    folder, given = council
    late = write(filed(2025, [marked()]), folder / "a 2020 export")
    early = write(filed(2024, [marked()]), folder / "b 2021 export")
    area = import_sen2([late, early], folder / "area", given, base=str(folder / "base")).area
    assert area.moves["children"].sum() == 1


def test_two_returns_of_one_census_are_refused_by_name(council):
    folder, given = council
    paths = [write(filed(2025, [marked()]), folder / f"return {name}") for name in "ab"]
    with pytest.raises(InputFaults, match="return b: is of January 2025, as return a is"):
        import_sen2(paths, folder / "area", given, base=str(folder / "base"))
    assert not (folder / "area").exists()


def test_a_fix_file_mends_the_return_before_it_is_counted(council):
    folder, given = council
    one = filed(2025, [marked()])
    row = one.tables["placement_detail"]["id"].iloc[0]
    fixes = f"module,census,id,field,old,new\nplacement_detail,2025,{row},urn,100003,100001\n"
    put({"fixes.csv": fixes.encode()}, folder)
    fixed = Given(given.establishments, given.postcodes, fixes=folder / "fixes.csv")
    made = import_sen2([write(one, folder / "r2025")], folder / "area", fixed, base=str(folder / "base"))
    assert cells(made.area.placements, "provision") == {("mainstream",): 1}
    assert [applied.applied for applied in made.applied] == [1]


def test_schools_out_of_the_area_are_told_apart_in_every_census_or_none(council):
    folder, given = council
    rows = [child("a", BORN, [plan(placed=[at("100004")])], postcode=HOME)]
    old, new = (write(filed(year, rows), folder / f"return-{year}") for year in (2024, 2025))
    import_sen2([old], folder / "near", given, base=str(folder / "base"))
    with pytest.raises(CannotAppend, match="in other censuses"):
        import_sen2([new], folder / "near", given, out_of_area=True)
    import_sen2([old], folder / "far", given, base=str(folder / "base"), out_of_area=True)
    area = import_sen2([new], folder / "far", given).area
    assert set(area.placements.loc[area.placements["children"] > 0, "provision"]) == {"special_out_of_area"}


def test_without_a_lookup_the_new_area_is_one_district(council):
    folder, given = council
    path = write(filed(2025, [marked()]), folder / "return-2025")
    area = import_sen2([path], folder / "area", Given(given.establishments), base=str(folder / "base")).area
    assert area.about.district_names == ("Smallshire",)
    assert area.boundaries is None


def test_nothing_that_tells_who_a_child_is_reaches_a_file_or_a_summary(council, capfd, caplog):
    folder, given = council
    rows = [marked(), marked("n", postcode="ZZ0 0ZZ"), marked("o", upn="", uln="", birth_date=None)]
    paths = [write(filed(year, rows), folder / f"return-{year}") for year in (2024, 2025)]
    made = import_sen2(paths, folder / "area", given, base=str(folder / "base"))
    printed = "".join(capfd.readouterr()) + caplog.text
    shown = f"{made.summary} {said(made.summary).to_string()} {made.applied} {made.checked.counts.to_string()}"
    for text in (everyone(folder / "area"), shown, printed, repr(made.area.about)):
        assert not [mark for mark in CONFIDENTIAL if mark.casefold() in text.casefold()]
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("fault", ["lookup", "extract", "return", "base", "authority"])
def test_a_fault_leaves_nothing_behind_and_names_no_child(council, fault):
    folder, given = council
    path = write(filed(2025, [marked()], lea="888" if fault == "authority" else "999"), folder / "return-2025")
    if fault == "lookup":
        put({"postcodes.csv": f"pcds,district\n{HOME},Nroth\n".encode()}, folder)
    if fault == "extract":
        put({"gias.csv": b"URN,Name\n100003,Moor\n"}, folder)
    if fault == "return":
        (path / "Blade-Export_31-03-2025_requests.csv").unlink()
    base = "nowhere" if fault == "base" else str(folder / "base")
    with pytest.raises(ForecastError) as raised:
        import_sen2([path], folder / "area", given, base=base)
    assert not [mark for mark in CONFIDENTIAL if mark.casefold() in str(raised.value).casefold()]
    assert not (folder / "area").exists()


def test_invented_children_are_not_mixed_with_real_ones(council):
    folder, given = council
    real = write(filed(2025, [marked()], software="Capita"), folder / "real-2025")
    with pytest.raises(InputFaults, match="software_code: is not of invented children"):
        import_sen2([real], folder / "area", given, base=str(folder / "base"))


def test_the_folder_of_real_children_is_for_its_owner_only(council):
    folder, given = council
    base = small_area()
    base["area.toml"] = base["area.toml"].replace(b"synthetic = true\n", b"")
    put(base, folder / "own")
    real = write(filed(2025, [marked()], software="Capita"), folder / "real-2025")
    import_sen2([real], folder / "area", given, base=str(folder / "own"))
    assert (folder / "area").stat().st_mode & 0o077 == 0
    assert "OFFICIAL-SENSITIVE" in (folder / "area" / "area.toml").read_text()
    invented = write(filed(2025, [marked()]), folder / "invented-2025")
    area = import_sen2([invented], folder / "trial", given, base=str(folder / "own")).area
    assert area.about.synthetic


def test_an_import_of_nothing_says_what_to_type(council, tmp_path):
    base, given = council
    with pytest.raises(
        InputFaults, match="forecast import sen2: names no return; write the path of at least one after"
    ):
        import_sen2([], tmp_path / "to", given, base=str(base / "base"))


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
