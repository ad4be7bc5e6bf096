"""A council's own table of counts becomes an area, however the council wrote it."""

import csv
import io
from datetime import datetime
from itertools import product

import openpyxl
import pytest
from builders import put, small_area

from forecast.errors import InputFaults, UnknownLabel
from forecast.inputs.area import read_area
from forecast.inputs.count_rows import Reading
from forecast.inputs.counts import import_counts, read_counts

NEEDS = {"ASD": "Autistic spectrum disorder", "SEMH": "Social, emotional & mental health", "DS": "Down's syndrome"}
PLACES = {"mainstream": "Mainstream school", "special": "Special school", "college": "Further education"}
GROUPS = {-1: "N2", 0: "Reception", 7: "Year 7", 12: "12"}
DISTRICTS = ("North", "South")
CELLS = list(product((2024, 2025), DISTRICTS, NEEDS, GROUPS, PLACES))


def number(year, district, need, nc_year, provision):
    return 5 + (year + 3 * len(need) + 7 * DISTRICTS.index(district) + nc_year + len(provision)) % 11


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return read_area(put(small_area(), tmp_path_factory.mktemp("base")))


@pytest.fixture
def sheet(tmp_path):
    """Write rows as CSV, or as a workbook where the name says so; an encoding may be given."""

    def write(rows, name="counts.csv", encoding="utf-8", delimiter=",", title="Sheet1"):
        path = tmp_path / name
        if path.suffix == ".xlsx":
            book = openpyxl.Workbook()
            book.active.title = title
            for row in rows:
                book.active.append(list(row))
            book.save(path)
        else:
            text = io.StringIO(newline="")
            csv.writer(text, delimiter=delimiter).writerows(rows)
            path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


def coded():
    yield "year", "district", "need", "nc_year", "provision", "children"
    yield from ((*cell, number(*cell)) for cell in CELLS)


def worded():
    yield ("SEN2 plans by district",)
    yield ()
    yield "Academic year", " PRIMARY need ", "Setting", "District name", "NCY", "Number of pupils"
    for year, district, need, nc_year, provision in CELLS:
        yield (
            f"{year - 1}/{year % 100}", NEEDS[need], PLACES[provision], f"{district} District", GROUPS[nc_year],
            number(year, district, need, nc_year, provision),
        )  # fmt: skip
    yield ("Source: the council's own records",)


def found(path, base, **options):
    return read_counts(path, base, **options)[1]["placements"]


def cells(placements):
    rows = placements.astype(object).where(placements.notna(), None)
    return {tuple(row[:6]): tuple(row[6:]) for row in rows.itertuples(index=False)}


def faults(path, base, **options):
    with pytest.raises(InputFaults) as caught:
        read_counts(path, base, **options)
    return caught.value.faults


def says(path, base, *parts, **options):
    told = [str(fault) for fault in faults(path, base, **options)]
    assert any(all(part in sentence for part in parts) for sentence in told), told


def test_codes_and_words_csv_and_workbook_say_the_same_and_every_count_is_there(base, sheet):
    plain = found(sheet(coded()), base)
    expected = {(y, d, n, g, g, p): (number(y, d, n, g, p),) * 3 for y, d, n, g, p in CELLS}
    assert cells(plain) == expected
    assert found(sheet(worded()), base).equals(plain)
    assert found(sheet(coded(), "counts.xlsx"), base).equals(plain)
    assert found(sheet(worded(), "words.xlsx"), base).equals(plain)
    assert found(sheet(worded(), delimiter=";"), base).equals(plain)
    assert found(sheet(worded(), encoding="utf-16"), base).equals(plain)


def test_the_area_that_is_made_is_one_of_counts_and_reads_back_with_the_labels_that_were_missing(base, sheet, tmp_path):
    area, summary, changes = import_counts(sheet(worded()), tmp_path / "ours", base, synthetic=True)
    assert changes is None
    assert area.about.kind == "counts"
    assert area.about.latest_census == 2025
    assert area.about.needs == {"ASD": "ASD", "SEMH": "SEMH", "DS": "DS"}
    assert set(area.about.provisions) == {"mainstream", "base", "special", "college"}
    assert area.population.equals(base.population)
    assert cells(area.placements) == cells(found(sheet(coded()), base))
    assert summary.known == {year: sum(number(*cell) for cell in CELLS if cell[0] == year) for year in (2024, 2025)}


def test_a_further_january_is_added_and_one_that_is_there_is_not_overwritten_unasked(base, sheet, tmp_path):
    ours = tmp_path / "ours"
    rows = list(coded())
    old, _, _ = import_counts(sheet([row for row in rows if row[0] != 2025]), ours, base, synthetic=True)
    later = sheet([row for row in rows if row[0] != 2024], "later.csv")
    both, _, changes = import_counts(later, ours, old, onto=old, synthetic=True)
    assert changes.added == (2025,)
    assert cells(both.placements) == cells(found(sheet(rows), base))
    with pytest.raises(InputFaults, match="--replace"):
        import_counts(later, ours, both, onto=both, synthetic=True)
    more = sheet([rows[0], *((*row[:5], row[5] + 1) for row in rows[1:] if row[0] == 2025)], "more.csv")
    again, _, changes = import_counts(more, ours, both, onto=both, replace=True, synthetic=True)
    assert changes.replaced == (2025,)
    grown = again.placements.groupby("year")["children"].sum() - both.placements.groupby("year")["children"].sum()
    assert grown.to_dict() == {2024: 0, 2025: len(CELLS) / 2}


@pytest.mark.parametrize(
    ("cell", "range_"),
    [
        ("c", (1, 4)), ("[c]", (1, 4)), ("<5", (1, 4)), ("<=5", (1, 5)), ("1-4", (1, 4)), ("low", (1, 4)),
        ("*", (1, 7)), ("fewer than 10", (1, 9)), ("x", (None, None)), ("..", (None, None)), ("", (None, None)),
        ("04-Jan", (1, 4)), (datetime(2026, 4, 1), (1, 4)),  # noqa: DTZ001 - as openpyxl gives it
    ],
)  # fmt: skip
def test_a_hidden_count_is_a_range_and_an_unknown_one_a_blank_but_neither_is_zero(base, sheet, cell, range_):
    rows = [list(row) for row in coded()]
    rows[1][5], rows[2][5] = cell, 0
    read = cells(found(sheet(rows, "hidden.xlsx"), base))
    assert read[2024, "North", "ASD", -1, -1, "mainstream"] == (None, *range_)


def test_a_table_that_hides_its_zeros_too_has_ranges_from_zero(base, sheet):
    rows = [list(row) for row in coded()]
    rows[1][5] = "<5"
    key = (2024, "North", "ASD", -1, -1, "mainstream")
    assert cells(found(sheet(rows), base))[key] == (None, 0, 4)  # every cell is there and none says 0
    assert cells(found(sheet(rows[:-1]), base))[key] == (None, 1, 4)  # cells that nobody is in are left out


def test_what_a_marker_hides_and_what_a_blank_means_may_be_told(base, sheet):
    rows = [list(row) for row in coded()]
    rows[1][5], rows[2][5], rows[3][5] = "c", "", 0
    read = list(cells(found(sheet(rows), base, reading=Reading(hides_under=10, blank="zero"))).values())
    assert (None, 1, 9) in read
    assert read.count((0, 0, 0)) == 2


def test_what_cannot_be_is_left_out(base, sheet):
    rows = [list(row) for row in coded()]
    rows[1][5] = "z"
    assert len(found(sheet(rows), base)) == len(CELLS) - 1


def test_axes_that_the_table_lacks_become_all_and_that_is_said(base, sheet):
    rows = [("Census", "Need", "Count"), (2025, "ASD", 10), (2025, "SEMH", 20)]
    about, tables, _ = read_counts(sheet(rows), base)
    assert cells(tables["placements"]) == {
        (2025, "all", "ASD", -4, 20, "all"): (10,) * 3,
        (2025, "all", "SEMH", -4, 20, "all"): (20,) * 3,
    }
    assert "The counts are not by year group." in about.notes


def test_the_census_may_be_named_where_no_column_says_it(base, sheet):
    path = sheet([("Need", "Count"), ("ASD", 10)])
    says(path, base, "year: no column says of which January")
    assert found(path, base, reading=Reading(year=2025))["year"].tolist() == [2025]


@pytest.mark.parametrize("axis", ["year", "need", "provision", "nc_year"])
def test_a_column_for_each_label_is_the_same_as_a_row_for_each(base, sheet, axis):
    place = ("year", "district", "need", "nc_year", "provision").index(axis)
    words = {"year": lambda year: f"{year - 1}-{year % 100}", "nc_year": GROUPS.get, "need": NEEDS.get,
             "provision": PLACES.get}[axis]  # fmt: skip
    labels = list(dict.fromkeys(cell[place] for cell in CELLS))
    keys = list(dict.fromkeys(cell[:place] + cell[place + 1 :] for cell in CELLS))
    names = ["Year", "District", "Need", "Year group", "Setting"]
    del names[place]
    wide = [[*names, *map(words, labels)]]
    wide += [[*key, *(number(*key[:place], label, *key[place:]) for label in labels)] for key in keys]
    assert found(sheet(wide, "wide.xlsx"), base).equals(found(sheet(coded()), base))


def test_year_groups_that_became_dates_are_read_back_or_refused_in_a_sentence(base, sheet):
    def rows(cell):
        return [("year", "need", "nc_year", "children"), (2025, "ASD", cell, 10)]

    for cell in (datetime(2026, 8, 7), datetime(2026, 7, 8), "07-Aug"):  # noqa: DTZ001
        read = found(sheet(rows(cell), "dates.xlsx"), base)
        assert read[["nc_from", "nc_to"]].to_numpy().tolist() == [[7, 8]]
    says(sheet(rows(datetime(2014, 12, 1)), "dates.xlsx"), base, "1-12 or 12-14", "formatted as text")  # noqa: DTZ001


def test_a_file_of_windows_is_read_and_that_is_said(base, sheet):
    rows = [("Year", "Need", "Count", "Café"), (2025, "ASD", 10, "é")]
    summary = read_counts(sheet(rows, encoding="cp1252"), base)[2]
    assert summary.known == {2025: 10}
    assert "Windows-1252" in summary.said[0]


def test_a_sheet_is_found_by_name(base, sheet):
    path = sheet(coded(), "named.xlsx", title="SEN2 counts")
    assert len(found(path, base, sheet="sen2 COUNTS")) == len(CELLS)
    with pytest.raises(UnknownLabel, match="did you mean 'SEN2 counts'"):
        read_counts(path, base, sheet="SEN2 count")


@pytest.mark.parametrize(
    ("rows", "parts"),
    [
        ([("year", "nead", "children"), (2025, "ASD", 1)], ("'nead'", "did you mean 'need'")),
        ([("year", "need"), (2025, "ASD")], ("no column holds the numbers",)),
        ([("2025", "ASD", "3")], ("no row names the columns",)),
        ([("year", "need", "children"), (2025, "ADS", 1)], ("row 2, need", "'ADS'", "did you mean")),
        ([("year", "need", "children"), (2025, "ASD", "many")], ("row 2, children", "neither a whole number")),
        ([("year", "need", "children"), (2025, "ASD", -3)], ("not a whole number of 0 or more",)),
        ([("year", "need", "children"), (2025, "ASD", 2.5)], ("not a whole number of 0 or more",)),
        ([("year", "need", "children"), ("2024/26", "ASD", 3)], ("no January census",)),
        ([("year", "nc_year", "children"), (2025, "Year 33", 3)], ("outside the year groups",)),
        ([("year", "need", "children"), (2025, "ASD", 3), (2025, "Autism", 4)], ("row 3", "as row 2", "added up")),
        ([("year", "district", "children"), (2025, "North", 3)], ("has no rows for 'South'",)),
        ([("year", "need", "children"), (2025, "", 3)], ("row 2, need: is blank", "unmerge")),
        ([("UPN", "need", "year"), ("Z99", "ASD", 2025)], ("only a list of children has", "give counts")),
        ([("year", "need", "count", "number"), (2025, "ASD", 3, 3)], ("two columns are headed as children",)),
        ([("need", "special", "base", "special"), ("ASD", 1, 2, 3)], ("two columns are headed 'special'",)),
        ([("year", "need", "children")], ("no counts below its headings",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_remedy(base, sheet, rows, parts):
    for name in ("bad.csv", "bad.xlsx"):
        says(sheet(rows, name), base, *parts)


def test_a_list_of_children_is_refused_without_a_word_of_it(base, sheet):
    told = faults(sheet([("Surname", "DOB", "need"), ("Zzyzx", "2015-01-01", "ASD")]), base)
    assert "Zzyzx" not in str(InputFaults(told))
