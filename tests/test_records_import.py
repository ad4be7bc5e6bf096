"""From a council's files to an area folder: the whole way, and what must never be on it."""

import pytest
from builders import put, small_area
from builders_return import at, child, filed, plan
from histories import histories
from records_kit import BORN, CONFIDENTIAL, DISTRICTS, HOME, SCHOOLS, cells, everyone, given_in, marked
from written_return import write

from forecast.errors import ForecastError, InputFaults
from forecast.inputs.append import CannotAppend
from forecast.inputs.area import read_area
from forecast.records.counted import counted_area, said
from forecast.records.importing import Given, import_sen2
from forecast.records.read import read_return


@pytest.fixture
def council(tmp_path):
    return given_in(tmp_path)


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
