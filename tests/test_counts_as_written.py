"""Tables of counts as councils lay them out: merged cells, columns of one meaning, notes, titles and sums."""

import csv
from dataclasses import replace
from itertools import product

import openpyxl
import pytest
from builders import put, small_area
from rich.console import Console

from forecast.errors import ForecastError, InputFaults
from forecast.inputs.append import CannotAppend
from forecast.inputs.area import read_area
from forecast.inputs.count_rows import Reading
from forecast.inputs.counts import import_counts, read_counts
from forecast.report.imported import show_counts

MERGED = [
    ("Year", "District", "Need", "Number"),
    (2025, "North", "ASD", 10), (2025, None, "SEMH", 20), (2025, "South", "ASD", 30), (2025, None, "SEMH", 40),
]  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return read_area(put(small_area(), tmp_path_factory.mktemp("base")))


@pytest.fixture
def sheet(tmp_path):
    def write(rows, name="counts.csv"):
        with (tmp_path / name).open("w", newline="") as file:
            csv.writer(file).writerows(rows)
        return tmp_path / name

    return write


def real(area):
    return replace(area, about=area.about.model_copy(update={"synthetic": False}))


def refused(path, base, **options):
    with pytest.raises(InputFaults) as caught:
        read_counts(path, base, **options)
    return str(caught.value)


def by(placements, *axes):
    return placements.groupby(list(axes))["children"].sum().to_dict()


def told(summary):
    screen = Console(width=200, record=True, file=None, quiet=False)
    with screen.capture() as captured:
        show_counts(summary, None, screen)
    return captured.get()


def test_real_counts_on_an_invented_area_are_refused_and_on_a_real_one_are_marked(base, sheet, tmp_path):
    path = sheet([("Year", "Need", "Number"), (2025, "ASD", 10)])
    with pytest.raises(ForecastError, match="add --synthetic if these counts are invented as well"):
        import_counts(path, tmp_path / "new", base)
    assert not (tmp_path / "new").exists()
    assert import_counts(path, tmp_path / "real", real(base))[0].about.confidential
    invented, _, _ = import_counts(path, tmp_path / "invented", base, synthetic=True)
    assert (invented.about.synthetic, invented.about.confidential) == (True, False)
    ours = read_area(tmp_path / "real")
    with pytest.raises(CannotAppend, match="would mix invented children with real ones"):
        import_counts(path, tmp_path / "real", ours, onto=ours, replace=True, synthetic=True)


def test_each_january_keeps_its_source_when_another_is_added(base, sheet, tmp_path):
    def of(year):
        return sheet([("Year", "Need", "Number"), (year, "ASD", 10)], f"{year}.csv")

    ours, _, _ = import_counts(of(2024), tmp_path / "ours", real(base))
    both, _, _ = import_counts(of(2025), tmp_path / "ours", ours, onto=ours)
    counted = [(source.table, source.source) for source in both.about.sources if source.status == "counted"]
    assert counted == [(f"January {year}", f"Counts given by the council, January {year}") for year in (2024, 2025)]


def test_columns_that_mean_the_same_place_are_added_up_and_that_is_said(base, sheet):
    rows = [
        ("Year", "Need", "Special", "EHE", "EOTAS", "Other"),
        (2025, "ASD", 9, 1, 2, 3),
        (2025, "SEMH", 8, "<5", 2, 3),
    ]
    _, tables, summary = read_counts(sheet(rows), base)
    found = tables["placements"].set_index(["need", "provision"])[["children", "least", "most"]]
    assert found.loc[("ASD", "elsewhere")].tolist() == [6, 6, 6]
    assert found.loc[("SEMH", "elsewhere")].tolist()[1:] == [5, 9]  # 0 to 4, as no cell says 0, and 5
    assert found["children"].isna().sum() == 1
    assert "Columns that mean the same are added up: 'EHE', 'EOTAS', 'Other'." in summary.said


@pytest.mark.parametrize("headings", [("2024/25", "January 2025"), ("ASD", "SEMH", "Total", "Grand total")])
def test_columns_of_one_january_and_two_totals_are_not_added_up(base, sheet, headings):
    rows = [("Setting", *headings), ("special", *([5] * len(headings)))]
    said = refused(sheet(rows), base, reading=Reading(year=2025))
    assert "row 2: two columns are of the same January, or both are sums; keep one of the two columns" in said


def test_labels_below_a_merged_cell_are_those_of_the_cell_and_that_is_said(base, sheet):
    _, tables, summary = read_counts(sheet(MERGED), base)
    assert by(tables["placements"], "district") == {"North": 30, "South": 70}
    assert (
        "2 blank cells were filled with the district above, as merged cells are: see that it is right." in summary.said
    )


def test_a_sum_below_a_merged_cell_is_that_of_its_block_and_one_alone_is_of_all(base, sheet):
    blocks = [*MERGED[:3], (2025, None, "Total", 30), *MERGED[3:], (2025, None, "Total", 70)]
    for rows in (blocks, [*MERGED, (2025, None, "Total", 100)]):
        found = read_counts(sheet(rows), base)[1]["placements"]
        assert by(found, "district") == {"North": 30, "South": 70}
    assert "row 4, children: says 31" in refused(sheet([*blocks[:3], (2025, None, "Total", 31), *blocks[4:]]), base)


def test_a_blank_that_is_no_merged_cell_is_not_guessed(base, sheet):
    """Filled from above, each would have the labels of the row above it."""
    rows = [("Year", "District", "Need", "Number")]
    rows += [(2025, district, need, 5) for district, need in product(("North", "South"), ("ASD", None))]
    assert "row 3, need: is blank" in refused(sheet(rows), base)


def test_a_workbook_that_begins_with_notes_names_its_other_sheets(base, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.append(["These plans are as at the census", "see below"])
    counts = book.create_sheet("Counts 2025")
    for row in MERGED:
        counts.append(row)
    empty = book.create_sheet("Empty")
    book.save(tmp_path / "book.xlsx")
    said = refused(tmp_path / "book.xlsx", base)
    assert "name it with --sheet; there is 'Counts 2025', 'Empty'" in said
    assert "there is 'Notes', 'Counts 2025'" in refused(tmp_path / "book.xlsx", base, sheet=empty.title)
    assert read_counts(tmp_path / "book.xlsx", base, "Counts 2025")[2].known == {2025: 100}


@pytest.mark.parametrize(
    ("title", "remedy"),
    [
        ("EHCPs at January 2025", "the title names 2025: if that is the January of the census, add --year 2025"),
        ("Plans, 2024/25", "add --year 2025"),
        ("Plans, 2019 to 2025", "or name it: --year 2025 for January 2025"),
    ],
)
def test_a_table_that_names_its_january_in_the_title_alone_is_told_what_to_add(base, sheet, title, remedy):
    assert remedy in refused(sheet([(title,), ("Need", "Number"), ("ASD", 10)]), base)


def test_no_unknown_label_is_taken_for_a_total(base, sheet):
    said = refused(sheet([("Year", "District", "Number"), (2025, "Out of County", 10), (2025, "Nort", 10)]), base)
    assert "'Out of County' is no district that is known; write North, South" in said
    assert "'Nort' is no district that is known (did you mean 'north'?)" in said


@pytest.mark.parametrize(("word", "span"), [("Nursery", [-2, -1]), ("Post 16", [12, 20]), ("Post-19", [15, 20])])
def test_a_stage_is_the_year_groups_that_it_is_of(base, sheet, word, span):
    found = read_counts(sheet([("Year", "NCY", "Number"), (2025, word, 10)]), base)[1]["placements"]
    assert found[["nc_from", "nc_to"]].to_numpy().tolist() == [span]


def test_one_is_said_as_one_and_a_thousand_with_its_comma(base, sheet):
    rows = [("Year", "Need", "Number"), (2025, "ASD", 1980), (2025, "SEMH", "<5")]
    about, _, summary = read_counts(sheet(rows), base)
    said = told(summary)
    assert "1 count is hidden, and taken as a range." in said
    assert "1,980 children" in said
    assert "nothing is known" not in said
    assert "1 small count was hidden when it was given: it is a range, not zero." in about.notes
    many = told(replace(summary, counts=1980, hidden=1980, unknown=1))
    assert "1,980 counts (" in many
    assert "1,980 counts are hidden, and taken as ranges." in many
    assert "Of 1 count nothing is known." in many


def test_school_years_without_a_row_are_asked_after(base, sheet):
    rows = [("Year", "NCY", "Number"), *((2025, year, 10) for year in range(12) if year not in {3, 4})]
    said = read_counts(sheet(rows), base)[2].said
    assert "January 2025: year groups 3, 4 have no row, though others have: see whether they should." in said
    bands = [("Year", "NCY", "Number"), (2025, "Primary", 60), (2025, "Secondary", 50)]
    assert not [sentence for sentence in read_counts(sheet(bands), base)[2].said if "have no row" in sentence]


@pytest.mark.parametrize(("share", "doubted"), [(1, False), (1.09, False), (1.2, True), (0.5, True)])
def test_a_total_far_from_that_of_the_base_is_asked_after(base, sheet, share, doubted):
    whole = base.placements.query("year == 2025 and district == 'all' and need == 'all' and provision == 'all'")
    total = int(whole.query("nc_from == -4 and nc_to == 20")["children"].item())
    rows = [("Year", "Need", "Number"), (2025, "ASD", int(total * share))]
    said = " ".join(read_counts(sheet(rows), base)[2].said)
    assert (f"January 2025: {int(total * share):,} children, but {total:,} in the base" in said) is doubted
