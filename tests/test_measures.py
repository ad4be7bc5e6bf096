"""What every authority did in the last years: the table that ships, and the figures worked out from it."""

from functools import cache

import numpy as np
import pandas as pd
import pytest
from builders_measures import county, row, table
from builders_release import release
from conftest import SHARED

from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.measures import COLUMNS, FILE, FOLDER, NoMeasures, read_measures
from forecast.inputs.reference import read_neighbours, read_people, read_plans_by_age, read_units
from forecast.report.measures_files import README, readme, write_measures
from forecast.series.build import Beside
from forecast.series.measured import measured
from forecast.series.measured_here import measured_here
from forecast.series.measures import MEASURES
from forecast.series.standing import changes, england, figures
from forecast.store import digest

MODEL = bundled("models", "england")


@cache
def shipped():
    return read_measures()


def of(code):
    return shipped().set_index(["la_code", "year"]).loc[code]


def now(measure, given, code="885", year=2025):
    return figures(given, MEASURES[measure]).loc[year, code]


def test_worcestershire_has_as_many_children_with_a_plan_as_published():
    """Figures of DOMAIN, section 5: plans, and those in special schools of any kind."""
    plans = of("885")["plans"]
    assert (plans[2019], plans[2022], plans[2025]) == (3_502, 4_555, 6_970)
    in_special = of("885")["special"] + of("885")["independent"]
    assert (in_special[2019], in_special[2022], in_special[2025]) == (1_519, 1_838, 2_384)
    assert of("888")["plans"][2025] == 12_317


def test_england_is_the_sum_of_its_authorities():
    last = shipped()[shipped()["year"].eq(2025)]
    assert len(last) == 153
    assert last["plans"].sum() == 638_745
    assert last["new_plans"].sum() == 97_747
    assert last["requests"].sum() == 154_489
    assert (last["ended"] + last["moved_out"]).sum() == 44_862


@pytest.mark.parametrize(("year", "share"), [(2020, 18.7), (2025, 9.3)])
def test_first_plans_placed_in_special_schools_halved_in_england(year, share):
    """The release's own percentages of all new plans, in which the few of unknown placement count too."""
    rows = shipped()[shipped()["year"].eq(year)]
    placed = rows["new_special"].sum() + rows["new_independent"].sum()
    assert 100 * placed / rows["new_plans"].sum() == pytest.approx(share, abs=0.15)


def test_an_areas_own_folder_and_the_table_of_authorities_count_alike():
    """The folder has the margins of the same releases by another way: read, shared, summed to the area's labels."""
    columns = [name for name in COLUMNS[2:] if not name.startswith(("residents", "plans_", "ended_", "requests"))]
    for name, code in (("worcestershire", "885"), ("lancashire", "888")):
        here = measured_here(read_area(name)).set_index("year")[columns].dropna(axis=1, how="all")
        known = here.notna()
        assert known.to_numpy().sum() > 80
        pd.testing.assert_frame_equal(here, of(code)[here.columns].where(known), check_dtype=False)


def test_an_area_that_counts_its_children_has_figures_that_nobody_publishes():
    area = read_area("exampleshire")
    here = measured_here(area).set_index("year")
    flows = area.flows[area.flows["year"].eq(2025)]
    assert here.loc[2025, "moved_in"] == flows.loc[flows["flow"].eq("arrive"), "children"].sum()
    left = flows[flows["flow"].eq("cease")]["children"].sum()
    assert here.loc[2025, "ended"] + here.loc[2025, "moved_out"] == left
    plans = area.placements.groupby("year")["children"].sum()
    assert (here["plans"] == plans.loc[here.index]).all()


def test_a_hidden_count_leaves_the_year_without_a_figure():
    area = read_area("exampleshire")
    rows = area.placements
    first = rows.index[rows["year"].eq(2024)][0]
    area.placements.loc[first, "children"] = np.nan
    here = measured_here(area).set_index("year")
    assert here.loc[2024, ["plans", "special", "plans_16_24"]].isna().all()
    assert here.loc[2025, ["plans", "special", "plans_16_24"]].notna().all()


def test_a_rate_is_its_count_over_those_it_is_of():
    given = table(*county())
    assert now("new_plans", given) == pytest.approx(10)  # 100 of 10,000
    assert now("plans_5_15", given) == pytest.approx(7.5)  # 300 of 4,000
    assert now("special_rate", given) == pytest.approx(30)  # 150 of 5,000
    assert now("new_to_special", given) == pytest.approx(20)  # 20 of 100


def test_those_who_leave_are_related_to_those_who_were_there_a_year_before():
    given = table(*county(plans=[400, 800, 500], plans_16_24=[100, 50, 100]))
    assert now("ended", given) == pytest.approx(100 * 40 / 800)
    assert now("ended_16", given) == pytest.approx(100 * 20 / 50)
    assert np.isnan(now("ended", given, year=2023))


def test_placements_not_recorded_are_shared_out_and_too_many_leave_no_figure():
    given = table(*county(placed=[500, 475, 400], special=[150, 190, 160], base=[50, 50, 50]))
    assert now("special_rate", given, year=2024) == pytest.approx(1000 * 190 / 475 * 500 / 5_000)
    assert np.isnan(now("special_rate", given, year=2025))
    assert now("new_plans", given, year=2025) == pytest.approx(10)


def test_what_was_not_published_is_missing_and_not_zero():
    missing = [row("885", 2024), row("885", 2025, requests=None, new_special=None)]
    given = table(*missing, *county("888"))
    assert np.isnan(now("requests", given))
    assert np.isnan(now("new_to_special", given))
    whole, number = england(given, MEASURES["requests"])
    assert whole[2025] == pytest.approx(15)  # of Lancashire alone: 150 of its own 10,000
    assert (number[2025], number[2024]) == (1, 2)
    assert figures(shipped(), MEASURES["moved_in"]).isna().all(axis=None)


def test_a_year_without_a_census_is_no_year_of_growth():
    given = table(row("885", 2022), row("885", 2024), row("885", 2025, base=75))
    growth = figures(given, MEASURES["base_growth"])["885"]
    assert growth[2025] == pytest.approx(50)
    assert np.isnan(growth[2024])


def test_bases_with_a_handful_of_children_have_no_growth():
    given = table(*county(base=[19, 38, 76]))
    growth = figures(given, MEASURES["base_growth"])["885"]
    assert np.isnan(growth[2024])
    assert growth[2025] == pytest.approx(100)


def test_a_change_over_two_years_spans_them_and_england_is_weighed_by_size():
    given = table(*county(new_plans=[100, 150, 50]), *county("888", new_plans=[300, 300, 450]))
    own, of_england = changes(given, MEASURES["new_plans"], 2)
    assert own.loc[2025, "885"] == pytest.approx(-0.5)
    assert own.loc[2025, "888"] == pytest.approx(0.5)
    assert of_england[2025] == pytest.approx(500 / 400 - 1)
    assert list(own.index) == [2025]


def test_every_authority_of_the_table_has_ten_neighbours_in_it():
    neighbours, codes = read_neighbours(), set(shipped()["la_code"])
    assert codes <= neighbours.keys()
    assert all(len(neighbours[code]) == 10 and set(neighbours[code]) <= codes for code in codes)


def test_the_readme_of_the_table_says_every_column_and_measure():
    said = (MODEL / FOLDER / README).read_text(encoding="utf-8")
    assert said == readme()
    assert all(f"| `{name}` |" in said for name in COLUMNS)
    assert all(measure.says in said for measure in MEASURES.values())


def test_the_table_is_small_and_no_part_of_the_models_own_identity(tmp_path):
    assert (MODEL / FOLDER / FILE).stat().st_size < 400_000
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")
    before = digest(tmp_path)
    write_measures(shipped(), tmp_path)
    assert digest(tmp_path) == before
    assert (tmp_path / FOLDER / FILE).read_bytes() == (MODEL / FOLDER / FILE).read_bytes()


def test_a_model_without_the_table_says_how_to_make_it(tmp_path):
    with pytest.raises(NoMeasures, match=r"no authorities\.csv .*: forecast fit --sen2"):
        read_measures(tmp_path)


def spoilt(tmp_path, change):
    path = tmp_path / FOLDER / FILE
    path.parent.mkdir()
    rows = (MODEL / FOLDER / FILE).read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(rows)) + "\n", encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        read_measures(tmp_path)
    return {(fault.row, fault.field, fault.what) for fault in caught.value.faults}


def cell(rows, line, field, text):
    cells = rows[line - 1].split(",")
    cells[COLUMNS.index(field)] = text
    return [*rows[: line - 1], ",".join(cells), *rows[line:]]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda rows: cell(rows, 5, "plans", "-3"), (5, "plans", "is no number that can stand there")),
        (lambda rows: cell(rows, 5, "la_code", "E10"), (5, "la_code", "is no number that can stand there")),
        (lambda rows: cell(rows, 7, "special", "999999"), (7, "special", "is more than placed")),
        (lambda rows: [rows[0].replace(",base,", ",bases,"), *rows[1:]], (0, "base", "is missing")),
    ],
)
def test_a_table_that_was_tampered_with_is_refused(tmp_path, change, fault):
    assert fault in spoilt(tmp_path, change)


@pytest.mark.needs_shared_data
def test_the_table_that_ships_is_made_from_the_releases():
    beside = Beside(read_people(), read_neighbours(), read_plans_by_age(), read_units())
    pd.testing.assert_frame_equal(measured(release(), beside), shipped(), check_dtype=False)


@pytest.mark.needs_shared_data
def test_children_in_bases_and_new_plans_there_are_those_of_the_raw_file():
    def raw(name, code, period, topic):
        rows = pd.read_csv(SHARED / "sen2_2025" / f"{name}.csv", dtype=str, encoding="utf-8-sig")
        mine = rows["old_la_code"].eq(code) & rows["time_period"].eq(period) & rows["breakdown"].eq(topic)
        line = rows[mine].iloc[0]
        return sum(int(line[name]) for name in line.index if name.endswith(("_resourced_provision", "_senunit")))

    assert of("885").loc[2025, "base"] == raw("caseload", "885", "202425", "All EHC plans")
    assert of("888").loc[2024, "new_base"] == raw("newplans", "888", "2023", "New EHC plans")
