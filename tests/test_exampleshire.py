"""data/exampleshire: a synthetic county that ships, counted from its own returns, and what it must be."""

import pandas as pd
import pytest

from forecast.domain import KEY_STAGES
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, read_england_rolls
from forecast.inputs.write import write_area
from forecast.records.importing import Given, import_sen2
from forecast.records.synthetic.ap_county import claims, made_ap, third_thursday
from forecast.records.synthetic.ap_with_plan import live_on
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.geography import outlines
from forecast.records.synthetic.register import register
from forecast.records.synthetic.truth import counts
from forecast.records.synthetic.write import CENSUSES, PLANS, write_synthetic
from forecast.store import read_model

SEED = 2025
REMAKE = "make it again: forecast synthetic FOLDER --seed 2025, then import all of it as FOLDER/README.txt says"
STAGES = {nc_year: stage.value for stage, span in KEY_STAGES.items() for nc_year in span}
MOST_BYTES = 3 * 2**20


@pytest.fixture(scope="module")
def area():
    return read_area("exampleshire")


@pytest.fixture(scope="module")
def county():
    return made_county(read_model(bundled("models", "england")), SEED, PLANS, CENSUSES)


@pytest.fixture(scope="module")
def ap(county):
    ages = read_model(bundled("models", "england"))["residents"].to_numpy()
    return made_ap(county, ages, read_ap_figures(), read_england_rolls(), SEED)


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


def test_its_residents_and_places_and_exclusions_are_remade_to_the_byte(area, county, ap, tmp_path):
    places = register(county.places, claims(county, ap), CENSUSES[-1])
    tables = {"population": county.people, "places": places, "exclusions": ap.exclusions}
    again = write_area(tmp_path / "exampleshire", area.about, {**area.tables, **tables}, outlines())
    for name in tables:
        one, other = (folder / f"{name}.csv" for folder in (again.folder, bundled("data", "exampleshire")))
        assert one.read_bytes() == other.read_bytes(), REMAKE


def test_its_arrivals_in_alternative_provision_are_those_of_the_children_themselves(area, ap):
    """Counted from the stays as they were lived, and not by way of any list or import."""
    came = ap.stays[~ap.stays["beside"].astype(bool) & (ap.stays["start"] >= ap.since)]
    year = (came["start"].dt.year + (came["start"].dt.month > 8)).rename("year")
    labels = ["district", "setting", "reason", "key_stage", "tier", "plan"]
    own = came.assign(key_stage=came["nc_year"].map(STAGES), year=year).groupby(["year", *labels]).size()
    shipped = area.ap_arrivals.set_index(["year", *labels])["children"]
    one, other = own.align(shipped, fill_value=0)
    assert one[one != other].empty, REMAKE
    assert area.ap_arrivals["months"].eq(12).all()
    assert sorted(area.ap_arrivals["year"].unique()) == list(CENSUSES)


def test_its_monthly_rolls_of_alternative_provision_are_those_of_the_children_themselves(area, ap):
    """Each child once, with the half-days of all its places, ten a week at most."""
    stays = ap.stays[ap.stays["tier"] != "outreach"]
    rolls = area.ap_rolls[area.ap_rolls["key_stage"].eq("all") & area.ap_rolls["reason"].eq("all")]
    for (year, month), shipped in rolls.groupby(["year", "month"]):
        there = live_on(stays, third_thursday(year - (month > 8), month))
        half_days = (2 * there.groupby("child")["days"].sum()).clip(upper=10)
        main = there[~there["beside"].astype(bool)]
        by = [main[name] for name in ("district", "setting", "plan")]
        own = pd.DataFrame({"children": 1, "sessions": main["child"].map(half_days)}).groupby(by).sum()
        held = shipped.set_index(["district", "setting", "plan"])[["children", "sessions"]]
        one, other = own.align(held, fill_value=0)
        assert (one == other).all(axis=None), REMAKE
    assert len(rolls.groupby(["year", "month"])) == 12 * len(CENSUSES)


def test_its_stays_in_alternative_provision_are_those_of_the_children_themselves(area, ap):
    """How many ended and went on, and the days between, as the bands have them: to half a band a stay."""
    begun = ap.stays[~ap.stays["beside"].astype(bool) & (ap.stays["start"] >= ap.since)]
    ended = begun[begun["end"] <= ap.seen]
    shipped = area.ap_stays
    assert shipped["ended"].sum() == len(ended), REMAKE
    assert shipped["ongoing"].sum() == len(begun) - len(ended)
    assert shipped["returned"].sum() == ended["returned"].sum()
    days = ((ended["end"] - ended["start"]).dt.days + 1).groupby([ended["tier"], ended["plan"]]).sum()
    for (tier, plan), rows in shipped.groupby(["tier", "plan"]):
        low, high = ((rows["ended"] * rows[end]).sum() for end in ("days_from", "days_to"))
        assert low <= days[tier, plan] < high


def test_children_with_a_plan_in_its_ap_schools_are_those_of_its_returns(area):
    """January by January and district by district: the rolls' count is that of placements.csv."""
    rolls = area.ap_rolls.query("month == 1 and plan == 'with' and district != 'all'")
    listed = rolls.set_index(["year", "district"])["children"]
    placed = area.placements.query("provision == 'alternative'").groupby(["year", "district"])["children"].sum()
    one, other = listed.align(placed, fill_value=0)
    assert (one == other).all()


def test_two_imports_of_one_county_are_the_same_bytes(tmp_path):
    county = tmp_path / "county"
    write_synthetic(county, SEED, 150, range(2024, 2026))
    given = Given(county / "establishments.csv", county / "postcodes.csv")
    returns = sorted(county.glob("SEN2_*"))
    one, other = (import_sen2(returns, tmp_path / name, given, base=str(county / "area")).area for name in "ab")
    assert one.digest == other.digest
    assert one.about.latest_census == 2025
