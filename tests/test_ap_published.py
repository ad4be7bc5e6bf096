"""DfE's dashboard as an authority's rolls of AP: each child once, ages at 31 August, hidden is not none."""

import gzip
import re
from pathlib import Path

import pandas as pd
import pytest
from builders_release import put, wide
from conftest import SHARED
from typer.testing import CliRunner

from forecast.cli import app
from forecast.errors import InputFaults
from forecast.inputs.ap_dashboard import ENGLAND, FILES, has_ap, read_dashboard_rolls, rolls_of
from forecast.inputs.area import read_area

PLACE = "time_period,geographic_level,old_la_code,la_name"
YEARS = ("202122", "202223")
DATA = Path(__file__).resolve().parents[1] / "data"
SCHOOL, FUNDED, ARRANGED = "State-funded AP school", "LA funded AP placements", "School arranged AP"


def place(year, code="901", name="Northshire"):
    return f"{year},Local authority,{code},{name}" if code != ENGLAND else f"{year},National,,"


def counts():
    """Totals of an authority, of one with hidden ones, and of England."""
    yield f"{PLACE},prov_type,setting_type,total"
    for year in YEARS:
        yield f"{place(year)},{SCHOOL},Total,30"
        yield f"{place(year)},{FUNDED},Total,12"
        yield f"{place(year, '902', 'Hidden')},{SCHOOL},Total,x"
        yield f"{place(year, ENGLAND)},{SCHOOL},Total,300"
        yield f"{place(year).replace('Local authority', 'Regional')},{SCHOOL},Total,90"
    yield f"{place('202223')},{ARRANGED},Total,20"
    yield f"{place('202223', '902', 'Hidden')},{ARRANGED},Total,7"
    yield f"{place('202223')},{ARRANGED},One on one tuition,5"


def traits():
    """Plans and ages; children without SEN stand twice, and school-arranged provision has no code."""
    yield f"{PLACE},prov_type,pupil_characteristic,char_dv,pupils_dv"
    bands = {
        "Under 5": 1,
        "Age 5 to 6": 2,
        "Age 7 to 10": 3,
        "Age 11 to 13": 8,
        "Age 14 to 15": 14,
        "Age 16 and older": 2,
    }
    plans = {"EHC plan": 6, "SEN Support": 15, "No SEN": 9}
    for year in YEARS:
        where = place(f"{year}.0", "901.0")
        yield from (f"{where},{SCHOOL},Age breakdown,{band},{n}.0" for band, n in bands.items())
        yield from (f"{where},{SCHOOL},SEN status,{plan},{n}.0" for plan, n in plans.items())
        yield f"{where},{SCHOOL},All SEN,All SEN,21.0"
        yield f"{where},{SCHOOL},All SEN,No SEN,9.0"
        yield f"{where},{SCHOOL},Gender,Male,20.0"
        yield f"{place(year, '902', 'Hidden')},{SCHOOL},SEN status,EHC plan,z"
        yield f"{place(year, '902', 'Hidden')},{SCHOOL},SEN status,No SEN,"
    for name, with_plan in (("Northshire", 4), ("Hidden", 1)):
        where = place("202223.0", "", name)
        yield f"{where},{ARRANGED},SEN status,EHC plan,{with_plan}"
        yield f"{where},{ARRANGED},SEN status,No SEN,{16 if name == 'Northshire' else 6}"


def census():
    """Funded placements by age: twelve children of Year 11 and one of Year 6, one year too young in 2022/23."""
    yield f"{PLACE},gender,age,ethnicity_minor,fsm,number_of_pupils"
    for year, year_11, year_6 in (("202122", "Age 15", "Age 10"), ("202223", "Age 14", "Age 9")):
        for age in (*(f"Age {each}" for each in range(19)), "Age 19 plus"):
            n = {year_11: 11, year_6: 1}.get(age, 0)
            yield f"{place(year)},Total,{age},Total,Total,{n}"
            yield f"{place(year)},Boys,{age},Total,Total,{n}"
        yield f"{place(year)},Total,Total,Total,Total,12"


def reasons():
    yield f"{PLACE},characteristic_grouping,pupil_characteristic,setting_type,pupils"
    for reason, n in (
        ("Suspension", 1),
        ("Off-site placement for behavioural support", 9),
        ("Medical condition (mental health need)", 4),
        ("Medical condition (physical health need)", 1),
        ("Other", 5),
    ):
        yield f"{place('202223')},Placement Reason,{reason},Total,{n}"
        yield f"{place('202223')},Placement Reason,{reason},One on one tuition,1"
    yield f"{place('202223')},Total,Total,Total,20"


@pytest.fixture
def folder(tmp_path):
    for name, lines in zip(FILES, (counts(), traits(), census(), reasons()), strict=True):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return tmp_path


def children(rolls, **where):
    rows = rolls
    for column, value in {"plan": "all", "reason": "all", "key_stage": "all", **where}.items():
        rows = rows[rows[column] == value]
    return rows["children"].tolist()


def test_each_child_is_counted_once_by_plan_by_key_stage_and_by_reason(folder):
    rolls = rolls_of(read_dashboard_rolls(folder), "901")
    school = {"year": 2023, "setting": "ap_school"}
    assert children(rolls, **school) == [30]
    assert children(rolls, **school, plan="with") == [6]
    assert children(rolls, **school, plan="without") == [15 + 9]
    by_stage = [children(rolls, **school, key_stage=stage) for stage in ("ks1", "ks2", "ks3", "ks4", "ks5")]
    assert by_stage == [[1 + 2], [3], [8], [14], [2]]
    arranged = {"year": 2023, "setting": "school_arranged"}
    assert children(rolls, **arranged) == [20]
    assert [children(rolls, **arranged, plan=plan) for plan in ("with", "without")] == [[4], [16]]
    by_reason = {reason: children(rolls, **arranged, reason=reason) for reason in ("time_limited", "medical", "other")}
    assert by_reason == {"time_limited": [10], "medical": [5], "other": [5]}
    assert children(rolls, **arranged, reason="exclusion") == []


def test_an_age_that_is_a_year_too_low_is_moved_up_and_said_to_be(folder):
    rolls = rolls_of(read_dashboard_rolls(folder), "901")
    for year in (2022, 2023):
        own = {"year": year, "setting": "la_funded"}
        assert children(rolls, **own, key_stage="ks4") == [11]
        assert children(rolls, **own, key_stage="ks2") == [1]
        assert sum(sum(children(rolls, **own, key_stage=stage)) for stage in ("ks1", "ks3", "ks5")) == 0
    said = rolls[rolls["source"].str.contains("ages moved up by one")]
    assert set(zip(said["setting"], said["year"], strict=True)) == {("la_funded", 2023)}
    assert "all" not in set(said["key_stage"])


def test_a_hidden_count_has_no_row_and_a_published_nought_has_one(folder):
    rolls = read_dashboard_rolls(folder)
    hidden = rolls_of(rolls, "902")
    assert hidden[hidden["setting"] == "ap_school"].empty
    assert children(hidden, year=2023, setting="school_arranged", plan="with") == [1]
    assert children(rolls_of(rolls, "901"), year=2022, setting="la_funded", key_stage="ks5") == [0]


def test_england_is_told_and_regions_are_not(folder):
    rolls = read_dashboard_rolls(folder)
    assert children(rolls[rolls["la_code"] == ENGLAND], year=2023, setting="ap_school") == [300]
    assert 90 not in set(rolls["children"])


def test_a_file_may_be_compressed(folder):
    before = read_dashboard_rolls(folder)
    plain = folder / FILES[2]
    (folder / f"{FILES[2]}.gz").write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    assert read_dashboard_rolls(folder).equals(before)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            0,
            SCHOOL,
            "Pupil referral unit",
            r"ap_counts\.csv, row 2, prov_type: 'Pupil referral unit' is not known here",
        ),
        (0, ",Total,30", ",Total,3O", r"ap_counts\.csv, row 2, total: is no count"),
        (0, "old_la_code", "la", r"ap_counts\.csv, row 1, old_la_code: the column is missing"),
        (1, "Age 5 to 6", "Aged 5-6", r"ap_characteristics\.csv, row 3, char_dv: 'Aged 5-6' is not known here"),
        (1, ",Hidden,School", ",Elsewhere,School", r"row 32, la_name: 'Elsewhere' is not in ap_counts\.csv"),
        (2, "Age 14", "14", r"ap_placements_ap_census\.csv.*, age: an age is written in a way"),
        (3, "Suspension", "Suspended", r"row 2, pupil_characteristic: 'Suspended' is not known here"),
    ],
)
def test_a_file_that_is_not_the_dashboards_is_refused_with_the_place(folder, file, old, new, said):
    path = folder / FILES[file]
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8-sig")
    with pytest.raises(InputFaults, match=said):
        read_dashboard_rolls(folder)


@pytest.mark.parametrize("name", FILES)
def test_a_folder_that_lacks_one_of_the_files_is_not_taken_for_whole(folder, name):
    (folder / name).unlink()
    assert has_ap(folder)
    with pytest.raises(InputFaults, match=re.escape(name)):
        read_dashboard_rolls(folder)
    assert not has_ap(folder / "older")


@pytest.mark.needs_shared_data
def test_rolls_that_ship_are_those_of_the_dashboard():
    rolls = read_dashboard_rolls(SHARED / "send_ap_dashboard")
    columns = ["la_code", "year", "setting", "plan", "key_stage", "children"]
    theirs = rolls[(rolls["la_code"] != ENGLAND) & (rolls["reason"] == "all")][columns].reset_index(drop=True)
    shipped = pd.read_csv(DATA / "reference" / "ap_rolls.csv", dtype={"la_code": "str"})
    pd.testing.assert_frame_equal(theirs, shipped, check_dtype=False)
    of_england = rolls[rolls["la_code"] == ENGLAND].drop(columns="la_code").reset_index(drop=True)
    england = pd.read_csv(DATA / "reference" / "ap_england.csv")
    verified = england[england["verified"] == "yes"][list(of_england.columns)].reset_index(drop=True)
    pd.testing.assert_frame_equal(of_england, verified, check_dtype=False)


def rates():
    """Pupils by type of school, as the special school rate is made from: `provider_types`, `mainstream_with_sen`."""
    kinds = {"State-funded primary": 60, "State-funded secondary": 38, "State-funded special school": 2}
    where = ("Local authority,Northshire", "National,")
    types = [f"2022/23,{each},{kind},all pupils,{n}" for each in where for kind, n in kinds.items()]
    head, of = "academic_year,geographic_level,la_name", "% of pupils (with SEN provision type)"
    mainstream = [f"{head},total_pupils", *(f"2022/23,{each},98000" for each in where)]
    kept = [f"{head},phase_type_grouping,Provision type,{of}", *types]
    return {"provider_types.csv": kept, "mainstream_with_sen.csv": mainstream}


def imported(folder, dashboard):
    """An import for Worcestershire from a release of a few rows, by the command that a person runs."""
    put(folder / "release", wide())
    codes = {district.name: district.code for district in read_area(DATA / "worcestershire").about.districts}
    people = pd.read_csv(DATA / "worcestershire" / "population.csv").query("variant == 'estimate'")
    people = people.assign(lad_code=people["district"].map(codes)).rename(columns={"mid_year": "year"})
    people.rename(columns={"people": "population"}).to_csv(folder / "people.csv", index=False)
    command = ["import", "published", "--authority", "885", "--to", str(folder / "area")]
    command += ["--sen2", str(folder / "release"), "--population", str(folder / "people.csv")]
    return CliRunner().invoke(app, [*command, "--dashboard", str(dashboard)], catch_exceptions=False)


def test_an_import_of_published_figures_has_the_rolls_with_their_source_and_says_where_there_are_none(folder, tmp_path):
    for name in (*FILES, *(files := rates())):
        lines = files.get(name) or (folder / name).read_text(encoding="utf-8-sig").splitlines()
        text = "\n".join(lines).replace("901,Northshire", "885,Worcestershire").replace("Northshire", "Worcestershire")
        (folder / name).write_text(text.replace("901.0,", "885.0,") + "\n", encoding="utf-8")
    done = imported(tmp_path / "one", folder)
    assert done.exit_code == 0, done.output
    assert "No figures on alternative provision" not in done.output
    assert "ap_rolls.csv: published. Department for Education" in done.output
    made = read_area(tmp_path / "one" / "area")
    rolls = rolls_of(read_dashboard_rolls(folder), "885")
    same = ["year", "month", "district", "setting", "plan", "reason", "key_stage", "children", "source"]
    assert made.ap_rolls[same].to_numpy().tolist() == rolls[same].to_numpy().tolist()
    (source,) = [source for source in made.about.sources if source.table == "ap_rolls.csv"]
    assert source.source.endswith("January 2022 to 2023, the last that it has")
    for name in FILES:
        (folder / name).unlink()
    again = imported(tmp_path / "two", folder)
    assert again.exit_code == 0, again.output
    assert "No figures on alternative provision" in again.output
    assert read_area(tmp_path / "two" / "area").ap_rolls.empty
