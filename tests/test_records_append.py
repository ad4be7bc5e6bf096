"""A further census onto an area that is there: what is added, what is refused, what is told."""

from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from builders_return import at, child, filed, plan
from records_kit import BASE, counted

from forecast.errors import InputFaults
from forecast.inputs.about import District
from forecast.inputs.append import BY_YEAR, CannotAppend, append_census
from forecast.inputs.write import write_area

SPECIAL = (at("100003"),)


def children(*names, placed=SPECIAL):
    return [
        child(name, born="2013-05-01", postcode="ZZ1 1AA" if n % 2 else "ZZ2 2AA", plans=[plan(placed=placed)])
        for n, name in enumerate(names)
    ]


@cache
def returns(**years):
    """Counts of returns: y2024="abc" is a return of three children."""
    return counted(*(filed(int(year[1:]), children(*names)) for year, names in years.items()))


@pytest.fixture
def area(tmp_path):
    """An area counted from January 2023 and 2024."""
    made = returns(y2023="abcd", y2024="abce")
    kept = {name: table for name, table in BASE.tables.items() if name not in BY_YEAR}
    return write_area(tmp_path / "area", made.about, {**kept, **made.tables}, BASE.boundaries)


def year_of(table, year):
    return table[table["year"] == year].reset_index(drop=True)


def test_a_new_census_is_added_and_the_others_stay(area):
    new = returns(y2025="abcf")
    about, tables, changes = append_census(area, new.about, new.tables)
    assert (changes.added, changes.replaced, changes.kept) == ((2025,), (), ())
    assert about.latest_census == 2025
    for name in ("placements", "flows", "moves", "funnel"):
        for year in (2023, 2024):
            now, was = year_of(tables[name], year), year_of(getattr(area, name), year)
            pd.testing.assert_frame_equal(now, was, check_dtype=False)
    assert year_of(tables["placements"], 2025)["children"].sum() == 4
    again = write_area(area.folder, about, tables, replace=True)
    assert sorted(set(again.placements["year"])) == [2023, 2024, 2025]
    counted_from = [source.table for source in again.about.sources if source.status == "counted"]
    assert counted_from == ["January 2023", "January 2024", "January 2025"]


def test_the_census_before_may_be_given_to_link_the_new_one_to_it(area):
    new = returns(y2024="abce", y2025="abcf")
    _, tables, changes = append_census(area, new.about, new.tables)
    assert (changes.added, changes.kept) == ((2025,), (2024,))
    assert year_of(tables["moves"], 2025)["children"].sum() == 3
    assert year_of(tables["moves"], 2024)["children"].sum() == 3
    flows = year_of(tables["flows"], 2025)
    assert flows.loc[flows["flow"] == "cease", "children"].sum() == 1


def test_a_census_that_is_there_is_not_overwritten_unasked(area):
    new = returns(y2024="abcde")
    with pytest.raises(InputFaults) as raised:
        append_census(area, new.about, new.tables)
    [fault] = raised.value.faults
    says = "January 2024 is there already; leave that census out, or add --replace"
    assert str(fault).startswith(f"{area.folder.name}, year: {says}")


def test_a_link_with_other_children_is_no_link(area):
    new = returns(y2024="abcef", y2025="abcf")
    with pytest.raises(InputFaults, match="January 2024 is there already"):
        append_census(area, new.about, new.tables)


def test_a_census_counted_anew_replaces_every_figure_of_its_year(area):
    alone = returns(y2024="abcde")
    with pytest.raises(InputFaults, match="lose its moves; give the return of the January before as well"):
        append_census(area, alone.about, alone.tables, replace=True)
    new = returns(y2023="abcd", y2024="abcde")
    _, tables, changes = append_census(area, new.about, new.tables, replace=True)
    assert (changes.kept, changes.replaced) == ((2023,), (2024,))
    assert year_of(tables["placements"], 2024)["children"].sum() == 5
    assert year_of(tables["moves"], 2024)["children"].sum() == 4
    assert changes.children.to_dict("records") == [{"year": 2024, "provision": "special", "before": 4.0, "after": 5.0}]


def test_a_census_on_which_another_rests_is_not_replaced_alone(area):
    new = returns(y2023="abc")
    with pytest.raises(InputFaults, match=r"moves of January 2024 rest .* give the return of January 2024 as well"):
        append_census(area, new.about, new.tables, replace=True)
    both = returns(y2023="abc", y2024="abce")
    _, tables, changes = append_census(area, both.about, both.tables, replace=True)
    assert changes.replaced == (2023, 2024)
    assert year_of(tables["moves"], 2024)["children"].sum() == 3


def test_the_changes_name_every_kind_of_place_before_and_after(area):
    moved = counted(filed(2023, children(*"abcd")), filed(2024, children("a", placed=(at("100001"),))))
    _, _, changes = append_census(area, moved.about, moved.tables, replace=True)
    found = changes.children.set_index("provision")[["before", "after"]]
    assert found.loc["special"].fillna(0).tolist() == [4, 0]
    assert found.loc["mainstream"].fillna(0).tolist() == [0, 1]


def test_suppressed_counts_are_in_neither_total_and_stay_as_they_are(area):
    hidden = area.placements.assign(children=area.placements["children"].where(area.placements.index != 0))
    hidden = hidden.assign(
        least=hidden["least"].where(hidden.index != 0, 1), most=hidden["most"].where(hidden.index != 0, 4)
    )
    new = returns(y2025="ab")
    about, tables, _ = append_census(replace(area, placements=hidden), new.about, new.tables)
    written = write_area(area.folder, about, tables, replace=True)
    assert written.placements.loc[0, ["least", "most"]].tolist() == [1, 4]


def test_labels_notes_and_sources_of_both_are_kept(area):
    new = returns(y2025="ab")
    extra = new.about.model_copy(update={"provisions": {**new.about.provisions, "hub": "own"}, "notes": ("A hub.",)})
    about, _, _ = append_census(area, extra, new.tables)
    assert about.provisions["hub"] == "own"
    assert about.notes == (*area.about.notes, "A hub.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"synthetic": False}, "invented children with real ones"),
        ({"la_code": "888"}, "another authority"),
        ({"districts": (District(name="North"),)}, "has other districts"),
    ],
)
def test_what_does_not_belong_to_the_area_is_refused(area, change, words):
    new = returns(y2025="ab")
    with pytest.raises(CannotAppend, match=words):
        append_census(area, new.about.model_copy(update=change), new.tables)


def test_published_figures_and_counts_are_not_put_in_one_folder():
    new = returns(y2026="ab")
    with pytest.raises(CannotAppend, match="published figures"):
        append_census(BASE, new.about, new.tables)
