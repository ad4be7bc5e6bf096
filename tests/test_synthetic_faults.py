"""Faults planted on purpose are those that were asked for, and the checks find just these."""

import pandas as pd
import pytest

from forecast.inputs.bundled import bundled
from forecast.records.checks import CHECKS, check_return, no_births
from forecast.records.establishments import read_establishments
from forecast.records.read import read_return
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.faults import PLANTED, plant, sound
from forecast.records.synthetic.plants import PLANTS
from forecast.records.synthetic.returns import return_of
from forecast.records.synthetic.schools import extract
from forecast.records.synthetic.write import write_synthetic
from forecast.records.synthetic.write_csv import write_csv
from forecast.store import read_model

CENSUS, SEED = 2025, 3
WAITING = {"request_overdue", "assessment_overdue", "plan_overdue"}
"""What a sound return may show: some requests do wait for more than 20 weeks."""
BRINGS = {
    "entry_after_leaving": {"no_placement"},
    "orphan": {"no_placement"},
    "both_flags": {"unit_where_none", "resourced_where_none"},
    "ceased_before_start": {"placement_outlasts_plan"},
    "date_without_outcome": {"request_overdue"},
    "unknown_outcome": {"request_overdue"},
    "plan_not_active": {"no_placement"},
}
"""Fault -> checks that it cannot but set off too."""


@pytest.fixture(scope="module")
def county():
    return made_county(read_model(bundled("models", "england")), SEED, 400, range(CENSUS, CENSUS + 1))


@pytest.fixture(scope="module")
def made(county):
    return return_of(county.past, county.places, CENSUS, SEED)


@pytest.fixture(scope="module")
def found(county, tmp_path_factory):
    """From the tables of a return to what the checks find in it once it is written and read: rows by check."""
    folder = tmp_path_factory.mktemp("faults")
    extract(county.places).to_csv(folder / "establishments.csv", index=False)
    schools = read_establishments(folder / "establishments.csv")

    def checked(tables):
        target = folder / str(len(list(folder.iterdir())))
        target.mkdir()
        write_csv(target, CENSUS, tables)
        return check_return(read_return(target), schools, no_births())[0].found

    return checked


@pytest.fixture(scope="module")
def clean(found, made):
    return found(made)


def test_a_return_without_planted_faults_only_has_requests_that_wait(clean):
    assert set(clean["check"]) <= WAITING


def test_faults_can_be_planted_for_most_checks():
    names = {check.name for check in CHECKS}
    assert set(PLANTS) <= names
    assert len(PLANTS) >= 40


@pytest.fixture(scope="module")
def everything(county, made):
    """Two of every fault in one return, and the list of them."""
    return plant(made, county.places, CENSUS, dict.fromkeys(PLANTS, 2), SEED)


@pytest.fixture(scope="module")
def after(everything, found):
    return found(everything[0])


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found_as_often_as_it_was_planted(name, everything, after, clean):
    """And but for what other faults cannot but bring with them, nothing else is found."""
    ids = set(everything[1].query("fault == @name")["id"])
    assert ids <= set(after.loc[after["check"] == name, "id"])
    new = (after["check"] == name).sum() - (clean["check"] == name).sum()
    assert 2 <= new <= 2 + 2 * sum(name in brought for brought in BRINGS.values())


def test_nothing_is_found_that_was_not_planted(after, clean):
    brought = {name for names in BRINGS.values() for name in names}
    assert set(after["check"]) - set(clean["check"]) <= {*PLANTS, *brought}


def test_every_fault_strikes_another_child(everything, county, made):
    tables, planted = everything
    assert list(planted.columns) == list(PLANTED)
    assert planted["fault"].value_counts().to_dict() == dict.fromkeys(PLANTS, 2)
    assert not planted[planted["fault"] != "id_twice"].duplicated(["module", "id"]).any()
    assert all(tables[module] is not made[module] for module in ("person", "named_plan", "placement_detail"))
    assert plant(made, county.places, CENSUS, dict.fromkeys(PLANTS, 2), SEED)[1].equals(planted)


def test_nothing_planted_changes_nothing(county, made):
    tables, planted = plant(made, county.places, CENSUS, {}, SEED)
    assert planted.empty
    assert all(tables[module].equals(made[module]) for module in made)


def test_those_who_may_be_struck_have_one_plan_and_one_place(county, made):
    cases = sound(made, county.places, CENSUS)
    assert len(cases) > 200
    plans, places = made["named_plan"].set_index("id"), made["placement_detail"].set_index("id")
    assert plans.loc[cases["named_plan"], "cease_date"].isna().all()
    assert places.loc[cases["placement_detail"], "leaving_date"].isna().all()
    assert cases["person"].is_unique


@pytest.mark.parametrize("form", ["csv", "xml"])
def test_what_was_planted_is_listed_in_the_folder(form, tmp_path):
    truth = write_synthetic(
        tmp_path / "county", 1, 150, range(2024, 2026), form, {"no_postcode": 2, "no_birth_date": 1}
    )
    listed = pd.read_csv(tmp_path / "county" / "planted.csv", dtype={"census": int})
    assert listed[list(PLANTED)].to_dict("records") == truth.planted.to_dict("records")
    assert listed.groupby(["census", "fault"]).size().to_dict() == {
        (census, fault): count for census in (2024, 2025) for fault, count in (("no_postcode", 2), ("no_birth_date", 1))
    }
    blank = read_return(tmp_path / "county" / "SEN2_2025").tables["person"]
    assert (blank["postcode"] == "").sum() == 2
    assert blank["birth_date"].isna().sum() == 1
