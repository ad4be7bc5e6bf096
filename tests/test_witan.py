"""A witan.send project becomes an area of counts: nothing lost, nothing moved to another year."""

from collections import Counter

import pytest
from builders_witan import CONFIG, NOBODY, YEARS, made, population, put_project, transitions

from forecast.inputs.witan import witan_area


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    return made(tmp_path_factory.mktemp("witan"))


def counted(rows, keys):
    """Children of a tidy table by `keys`."""
    found = Counter()
    for row in rows.to_dict("records"):
        found[tuple(row[key] for key in keys)] += int(row["children"])
    return found


def test_children_at_each_january_are_those_whose_transitions_begin_there_and_at_the_last_end_there(area):
    found = Counter()
    for year, setting, need, age, to, later, older in transitions()[1:]:
        if setting != NOBODY:
            found[year, need, age, setting] += 1
        if year == YEARS[-1] and to != NOBODY:
            found[year + 1, later, older, to] += 1
    assert counted(area.placements, ["year", "need", "nc_from", "provision"]) == found
    assert (area.placements["nc_from"] == area.placements["nc_to"]).all()
    assert area.about.latest_census == YEARS[-1] + 1


def test_joiners_leavers_and_movers_belong_to_the_january_that_ends_their_year(area):
    flows, moves = Counter(), Counter()
    for year, setting, need, age, to, later, older in transitions()[1:]:
        if setting == NOBODY:
            flows[year + 1, "start", later, older, to] += 1
        elif to == NOBODY:
            flows[year + 1, "cease", need, age, setting] += 1
        else:
            moves[year + 1, later, age, setting, to] += 1
    assert counted(area.flows, ["year", "flow", "need", "nc_from", "provision"]) == flows
    assert counted(area.moves, ["year", "need", "nc_year", "provision", "to"]) == moves


def test_every_child_of_a_january_keeps_a_plan_or_leaves_and_came_or_joined(area):
    stock = counted(area.placements, ["year", "need", "nc_from", "provision"])
    gone, came = Counter(), Counter()
    for (year, need, age, setting, to), children in counted(
        area.moves, ["year", "need", "nc_year", "provision", "to"]
    ).items():
        gone[year - 1, need, age, setting] += children
        came[year, need, age + 1, to] += children
    for (year, flow, need, age, setting), children in counted(
        area.flows, ["year", "flow", "need", "nc_from", "provision"]
    ).items():
        if flow == "cease":
            gone[year - 1, need, age, setting] += children
        else:
            came[year, need, age, setting] += children
    assert gone == {key: children for key, children in stock.items() if key[0] < area.about.latest_census}
    assert came == {key: children for key, children in stock.items() if key[0] > YEARS[0]}


def test_the_population_of_a_january_is_the_mid_year_before_at_the_age_of_its_year_group(area):
    found = {(row.mid_year + 1, row.age - 4): row.people for row in area.population.itertuples()}
    assert found == {(year, age): people for year, age, people in population()[1:] if -4 <= age <= 20}
    variants = area.population.groupby("variant")["mid_year"].agg(["min", "max"])
    assert variants.loc["estimate"].tolist() == [2013, 2016]
    assert variants.loc["witan project"].tolist() == [2017, 2019]


def test_codes_are_the_projects_own_unless_spelt_as_a_standard_label(area):
    assert area.about.needs == {"SEMH": "SEMH", "Q": "own", "R": "own"}
    assert area.about.provisions == {"MAIN": "own", "UNIT": "own", "special": "special", "COLL": "own"}
    assert area.about.kind == "counts"
    assert area.about.district_names == ("Testshire",)


def test_only_invented_children_are_called_synthetic(tmp_path):
    folder = put_project(tmp_path / "project")
    about, _ = witan_area(folder, "Testshire")
    assert not about.synthetic
    assert {source.status for source in about.sources} == {"counted"}


def test_what_each_file_held_is_said_in_counts(area):
    said = "\n".join(source.source for source in area.about.sources)
    rows = transitions()[1:]
    kept = [row for row in rows if NOBODY not in row]
    moved = sum(row[1] != row[4] for row in kept)
    joined, left = (sum(row[at] == NOBODY for row in rows) for at in (1, 4))
    assert f"transitions.csv: {len(rows):,} transitions of calendar years 2014 to 2016" in said
    assert f"{len(kept):,} kept a plan, of whom {moved} changed setting; {joined} joined, {left} left" in said
    assert "population.csv: 217 rows, calendar years 2014 to 2020, 42 of ages outside 0 to 24 not taken over" in said
    assert "valid-states.csv: 4 settings and 3 needs" in said
    assert any("Costs of the project (costs.csv) are not taken over" in note for note in area.about.notes)


def test_years_that_do_not_join_up_are_said_with_the_children_concerned(tmp_path, area):
    assert not any("next year's begin" in note for note in area.about.notes)
    rows = transitions()
    at = next(at for at, row in enumerate(rows) if row[0] == 2015 and row[1] == "MAIN" and row[4] == "MAIN")
    rows[at] = [*rows[at][:1], "special", *rows[at][2:]]
    about, tables = witan_area(put_project(tmp_path / "project", transitions=rows), "Testshire")
    assert any("2 differ, counting each placement" in note for note in about.notes)
    begun = sum(row[0] == 2015 and row[1] == "special" for row in rows)
    placed = tables["placements"].query("year == 2015 and provision == 'special'")
    assert placed["children"].sum() == begun


def test_a_changed_need_counts_under_the_later_one_and_is_said(tmp_path):
    rows = transitions()
    at = next(at for at, row in enumerate(rows) if row[2] == "Q" and row[5] == "Q")
    rows[at] = [*rows[at][:5], "R", *rows[at][6:]]
    about, tables = witan_area(put_project(tmp_path / "project", transitions=rows), "Testshire")
    assert any(note.startswith("1 children kept a plan under another need") for note in about.notes)
    assert tables["moves"].query("need == 'R'")["children"].sum() == sum(
        row[5] == "R" and row[1] != NOBODY for row in rows
    )


def test_scenario_settings_are_named_and_not_taken_over(tmp_path):
    config = CONFIG.replace(":modify-transition-by nil", ":modify-transition-by 1.2")
    about, _ = witan_area(put_project(tmp_path / "project", config=config), "Testshire")
    assert "Scenario settings of config.edn are not taken over: modify-transition-by." in about.notes


def test_older_names_of_files_are_known(tmp_path, area):
    older = CONFIG.replace(":transitions ", ":transition-matrix ").replace(":costs ", ":setting-cost ")
    older = older.replace(":valid-states ", ":valid-setting-academic-years ")
    _, tables = witan_area(put_project(tmp_path / "project", config=older), "Testshire")
    assert int(tables["placements"]["children"].sum()) == int(area.placements["children"].sum())


def test_files_beside_the_config_are_found_though_it_names_a_folder(tmp_path, area):
    folder = put_project(tmp_path / "project")
    for file in (folder / "data").iterdir():
        file.rename(folder / file.name)
    _, tables = witan_area(folder, "Testshire")
    assert int(tables["moves"]["children"].sum()) == int(area.moves["children"].sum())


def test_a_project_without_config_valid_states_or_costs_is_read_by_the_names_of_its_files(tmp_path, area):
    folder = put_project(tmp_path / "project", config=None, valid_states=None, costs=None)
    for file in (folder / "data").iterdir():
        file.rename(folder / file.name)
    about, tables = witan_area(folder, "Testshire")
    assert sorted(about.provisions) == sorted(area.about.provisions)
    assert int(tables["moves"]["children"].sum()) == int(area.moves["children"].sum())


def test_a_last_line_without_an_end_is_read(tmp_path, area):
    folder = put_project(tmp_path / "project")
    file = folder / "data" / "transitions.csv"
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    _, tables = witan_area(folder, "Testshire")
    assert int(tables["flows"]["children"].sum()) == int(area.flows["children"].sum())


@pytest.mark.needs_shared_data
def test_the_public_demonstration_is_taken_over_to_the_child(shared):
    about, tables = witan_area(shared / "witan_send_demo", "Demonstration", synthetic=True)
    rows = [line.split(",") for line in (shared / "witan_send_demo" / "transitions.csv").read_text().splitlines()[1:]]
    by_year = tables["placements"].groupby("year")["children"].sum()
    assert {year: int(by_year[year]) for year in range(2013, 2017)} == Counter(
        int(row[0]) for row in rows if row[1] != NOBODY
    )
    assert by_year[2017] == sum(row[0] == "2016" and row[4] != NOBODY for row in rows)
    assert len(rows) == sum(int(tables[name]["children"].sum()) for name in ("flows", "moves"))
    assert set(about.provisions.values()) == {"own"}
    assert len(about.provisions) == 19
