"""The invented returns, as written, read and counted: nothing is lost on the way, whatever the form."""

import numpy as np
import pandas as pd
import pytest

from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.write import CannotWrite
from forecast.records.census import census_day
from forecast.records.importing import Given, import_sen2
from forecast.records.layout import layout
from forecast.records.read import read_returns
from forecast.records.synthetic import write
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.returns import return_of
from forecast.records.synthetic.texts import names, version_of
from forecast.records.synthetic.write import BadCounty, every_fault, write_synthetic
from forecast.store import read_model

CENSUSES = range(2023, 2026)
SEED, PLANS = 7, 250


@pytest.fixture(scope="module", params=["csv", "xml"])
def written(request, tmp_path_factory):
    """Folder of a county in one form, and the truth about it."""
    folder = tmp_path_factory.mktemp("synthetic") / request.param
    return folder, write_synthetic(folder, SEED, PLANS, CENSUSES, request.param)


@pytest.fixture(scope="module")
def county():
    return made_county(read_model(bundled("models", "england")), SEED, PLANS, CENSUSES)


def test_the_same_seed_writes_the_same_bytes(written, tmp_path):
    folder, _ = written
    write_synthetic(tmp_path / "again", SEED, PLANS, CENSUSES, folder.name)
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    again = sorted(path.relative_to(tmp_path / "again") for path in (tmp_path / "again").rglob("*") if path.is_file())
    assert files == again
    assert all((folder / file).read_bytes() == (tmp_path / "again" / file).read_bytes() for file in files)


def test_returns_read_back_as_they_were_made(written, county):
    folder, _ = written
    for filed in read_returns(sorted(folder.glob("SEN2_*"))):
        assert filed.unread == ()
        made = return_of(county.past, county.places, filed.census, SEED)
        assert set(filed.tables) == set(made)
        for module, table in made.items():
            _same(filed, module, table)


def test_returns_count_to_the_truth(written, tmp_path):
    """Every cell of every table: placements, starts, arrivals, ceased, transfers, moves, requests."""
    folder, truth = written
    given = Given(folder / "establishments.csv", folder / "postcodes.csv")
    area = import_sen2(sorted(folder.glob("SEN2_*")), tmp_path / "area", given, base=str(folder / "area")).area
    for name in ("placements", "flows", "moves", "funnel"):
        counted = area.tables[name].rename(columns={"nc_from": "nc_year"})
        by = [column for column in truth.tables[name] if column != "children"]
        one, other = (table.set_index(by)["children"] for table in (truth.tables[name], counted))
        one, other = one[one > 0].align(other[other > 0], fill_value=0)
        assert len(one)
        assert one[one != other].empty
    people = truth.tables["population"].set_index(["mid_year", "variant", "district", "age"])["people"]
    assert area.population.set_index(people.index.names)["people"].sort_index().equals(people.sort_index())


def test_the_base_is_an_area_of_its_own(written):
    folder, truth = written
    area = read_area(folder / "area")
    assert area.about.synthetic
    assert area.about.latest_census == CENSUSES[0] - 1
    assert len(area.about.districts) == 6
    last = truth.tables["placements"].query("year == 2025").groupby("provision")["children"].sum()
    special = area.places.query("provision == 'special' and opens == ''")
    assert special["places"].sum() - special["taken_by_others"].sum() == pytest.approx(last["special"], rel=0.15)
    assert area.places["opens"].ne("").sum() == 4
    assert area.places[["lat", "lon"]].notna().all(axis=None)


def test_a_version_has_its_own_names():
    assert [version_of(census) for census in (2021, 2023, 2024, 2025, 2026)] == ["1.1", "1.1", "1.2", "1.4", "1.4"]
    assert names("person", 2023, "csv")["sex"] == "gendercurrent"
    assert names("person", 2024, "xml")["sex"] == "Sex"
    assert "res" in names("active_plans", 2023, "csv")
    assert "res" not in names("active_plans", 2024, "csv")
    assert "res" in names("placement_detail", 2024, "csv")


def test_a_return_knows_nothing_of_the_days_after_its_census(county):
    for census in CENSUSES:
        for table in return_of(county.past, county.places, census, SEED).values():
            dates = table.select_dtypes("datetime")
            assert not (dates > census_day(census)).any(axis=None)


def test_every_record_belongs_to_one_above_it(county):
    made = return_of(county.past, county.places, 2025, SEED)
    parents = {"person": "sen2", "requests": "person", "assessment": "requests", "named_plan": "assessment"}
    parents |= {"plan_detail": "named_plan", "active_plans": "requests"}
    parents |= {"placement_detail": "active_plans", "sen_need": "active_plans"}
    for module, above in parents.items():
        assert made[module]["id"].is_unique
        assert set(made[module]["parent"]) <= set(made[above]["id"])


def test_a_return_has_what_the_guide_asks_for(county):
    """Plans in force since the first of January of the year before, whether or not they have ceased."""
    plans = county.past.plans
    for census in CENSUSES:
        made = return_of(county.past, county.places, census, SEED)
        opens, day = pd.Timestamp(census - 1, 1, 1), census_day(census)
        entry = county.past.spells.groupby("child")["entry"].first()
        came = plans["start"].where(plans["came"] != "arrive", entry)
        in_force = (came <= day) & ~(plans["cease"] <= opens)
        assert len(made["active_plans"]) == in_force.sum()
        assert made["named_plan"]["cease_date"].notna().sum() == (in_force & (plans["cease"] <= day)).sum()


def test_a_place_that_is_taken_is_refused_and_nothing_half_written(tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(CannotWrite, match="is there already"):
        write_synthetic(tmp_path / "taken", 1, 100, range(2025, 2026))
    with pytest.raises(CannotWrite, match="is not a folder"):
        write_synthetic(tmp_path / "nowhere" / "county", 1, 100, range(2025, 2026))
    with pytest.raises(UnknownLabel, match="did you mean 'xml'"):
        write_synthetic(tmp_path / "county", 1, 100, range(2025, 2026), "xlm")
    with pytest.raises(UnknownLabel, match="did you mean 'no_postcode'"):
        write_synthetic(tmp_path / "county", 1, 100, range(2025, 2026), faults={"no_postcod": 1})
    with pytest.raises(ForecastError, match="ask for more plans"):
        write_synthetic(tmp_path / "county", 1, 100, range(2025, 2026), faults=every_fault(20))
    for plans, censuses in ((100, range(2021, 2026, 2)), (100, range(2025, 2025)), (3, range(2025, 2026))):
        with pytest.raises(BadCounty, match="one January after another"):
            write_synthetic(tmp_path / "county", 1, plans, censuses)
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def _same(filed, module, made):
    """Whether a module reads as it was made, in every field that its version and form have."""
    table = filed.tables[module]
    assert len(table) == len(made)
    known = names(module, filed.census, filed.form)
    linked = {"id", "parent"} if filed.form == "csv" else set()
    fields = [field for field in made if field in known or field in linked & set(table)]
    assert set(fields) >= {field for field in layout()[module].fields if field in made and field in known}
    for field in fields:
        one, other = table[field].reset_index(drop=True), made[field].reset_index(drop=True).astype(table[field].dtype)
        same = (one == other).fillna(value=False) | (one.isna() & other.isna())
        assert np.asarray(same, dtype=bool).all(), f"{module}.{field}"


def test_a_model_that_cannot_be_read_is_no_fault_of_the_place_to_write_to(tmp_path, monkeypatch):
    def locked(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(write, "read_model", locked)
    with pytest.raises(PermissionError):
        write_synthetic(tmp_path / "county", SEED, PLANS, CENSUSES)
    assert list(tmp_path.iterdir()) == []
