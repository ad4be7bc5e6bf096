"""data/exampleshire: a synthetic county that ships, counted from its own returns, and what it must be."""

import pytest

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.write import write_area
from forecast.records.importing import Given, import_sen2
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.geography import outlines
from forecast.records.synthetic.register import register
from forecast.records.synthetic.truth import counts
from forecast.records.synthetic.write import CENSUSES, PLANS, write_synthetic
from forecast.store import read_model

SEED = 2025
REMAKE = "make it again: forecast synthetic FOLDER --seed 2025, then forecast import sen2 as FOLDER/README.txt says"
MOST_BYTES = 3 * 2**20


@pytest.fixture(scope="module")
def area():
    return read_area("exampleshire")


@pytest.fixture(scope="module")
def county():
    return made_county(read_model(bundled("models", "england")), SEED, PLANS, CENSUSES)


def test_it_says_that_it_is_synthetic(area):
    assert area.about.synthetic
    assert area.about.kind == "records"
    assert area.about.notes[0].startswith("SYNTHETIC")
    assert any(f"--seed {SEED}" in source.source for source in area.about.sources)


def test_it_has_what_a_councils_own_records_give(area):
    assert len(area.about.districts) == 6
    assert sorted(area.placements["year"].unique()) == list(CENSUSES)
    assert sorted(area.flows["flow"].unique()) == ["arrive", "cease", "start", "transfer"]
    assert sorted(area.moves["year"].unique()) == list(CENSUSES)[1:]
    assert area.placements.query("year == 2025")["children"].sum() == pytest.approx(PLANS, rel=0.03)
    assert area.population["mid_year"].max() == 2036
    assert not area.places["assumed"].any()
    assert {"special_out_of_area", "independent_out_of_area"} <= set(area.placements["provision"])
    assert area.boundaries == outlines()


def test_it_is_small_enough_for_git():
    assert sum(path.stat().st_size for path in bundled("data", "exampleshire").iterdir()) < MOST_BYTES


def test_it_is_the_county_that_its_seed_makes(area, county):
    """Its counts, residents and places, from the lives of the children and not by way of any return."""
    truth = counts(county.lives, county.past, CENSUSES)
    for name, table in truth.items():
        counted = area.tables[name].rename(columns={"nc_from": "nc_year"})
        by = [column for column in table if column != "children"]
        one, other = (rows.set_index(by)["children"] for rows in (table, counted))
        one, other = one[one > 0].align(other[other > 0], fill_value=0)
        assert one[one != other].empty, REMAKE


def test_its_residents_and_places_are_remade_to_the_byte(area, county, tmp_path):
    tables = {"population": county.people, "places": register(county.places, county.children_now, CENSUSES[-1])}
    again = write_area(tmp_path / "exampleshire", area.about, {**area.tables, **tables}, outlines())
    for name in tables:
        one, other = (folder / f"{name}.csv" for folder in (again.folder, bundled("data", "exampleshire")))
        assert one.read_bytes() == other.read_bytes(), REMAKE


def test_two_imports_of_one_county_are_the_same_bytes(tmp_path):
    county = tmp_path / "county"
    write_synthetic(county, SEED, 150, range(2024, 2026))
    given = Given(county / "establishments.csv", county / "postcodes.csv")
    returns = sorted(county.glob("SEN2_*"))
    one, other = (import_sen2(returns, tmp_path / name, given, base=str(county / "area")).area for name in "ab")
    assert one.digest == other.digest
    assert one.about.latest_census == 2025
