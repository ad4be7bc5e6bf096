"""An area for any English authority, from the published releases, and the model that ships."""

import numpy as np
import pytest
from builders_model import assumptions, england
from builders_release import area, fitted, people, release, totals

from forecast.domain import NC_YEARS, NOT_RECORDED
from forecast.errors import UnknownLabel
from forecast.inputs.ons import districts
from forecast.inputs.published import find_authority
from forecast.inputs.rows import grand_total
from forecast.model.margins import joint, published_margins
from forecast.model.national import STANDARD, complete, fit_england
from forecast.model.people import authorities_residents, england_change
from forecast.model.raking import rake
from forecast.pipeline import area_drivers
from forecast.report.checks import check
from forecast.settings import Settings

pytestmark = pytest.mark.needs_shared_data

LACKING = {"Cambridgeshire": 2025, "North East Lincolnshire": 2025, "Hackney": 2024, "Peterborough": 2024}
"""Authorities without placements at one of the two latest censuses."""
CHOSEN = (
    "Surrey", "City of London", "Isles of Scilly", "Rutland", "Worcestershire", "Lancashire", "Kent", "Essex", "Leeds",
    "Hampshire", "Birmingham", "Wolverhampton", "Stockport", "Nottingham", "Redcar and Cleveland", "Northumberland",
    "Cumberland", "Westmorland and Furness", "North Northamptonshire", "Dorset", "Tower Hamlets", "Cornwall",
)  # fmt: skip
"""Large and small, old and new, with much and little recorded."""


def test_the_authorities_of_january_2025_are_those_of_the_districts_and_are_found_by_name_and_by_number():
    rows = release().placements
    codes = set(rows.loc[rows["year"].eq(2025), "la_code"]) - {"ENG"}
    assert codes == set(districts()["la_code"])
    names = release().authorities.set_index("la_code")["name"]
    for code in sorted(codes)[::40]:
        assert find_authority(release(), code)["name"] == names[code]
        assert find_authority(release(), names[code].upper())["la_code"] == code


@pytest.mark.parametrize("name", ["Worcestershir", "Dorset and Poole", "London"])
def test_an_authority_that_is_none_is_answered_with_names(name):
    with pytest.raises(UnknownLabel, match=r"did you mean|choose from"):
        find_authority(release(), name)


def test_an_authority_that_is_no_more_is_not_found():
    with pytest.raises(UnknownLabel):
        find_authority(release(), "Cumbria")


def published_total(name):
    return totals(area(name).about.name)[2025]


@pytest.mark.parametrize("name", [*CHOSEN, *LACKING])
def test_an_authority_gives_an_area_that_fits_and_starts_from_its_published_plans(name):
    model = fitted(name)
    stock = model["stock"]
    assert np.isfinite(stock).all()
    assert stock.min() >= 0
    assert stock.sum().item() == pytest.approx(published_total(name), abs=1e-6)
    np.testing.assert_allclose(model["move"].sum("to"), 1, atol=1e-6)
    starting = model["start_mix"].sum("provision").where(model["start_rate"] > 0, 1)
    np.testing.assert_allclose(starting, 1, atol=1e-6)
    assert 0 <= model["leave"].min() <= model["leave"].max() <= 1
    assert model.attrs["gap"] <= 0.01
    assert model.attrs["flows"] == ("England's" if name in LACKING else "inferred")


def test_nearly_all_authorities_have_flows_of_their_own():
    found = complete(release().placements, 2025)
    assert 140 <= len(found) <= 153
    assert set(found) <= set(districts()["la_code"])


@pytest.mark.parametrize("name", ["Worcestershire", "Lancashire", "Kent", "Essex", "Surrey"])
def test_the_joint_table_meets_the_published_margins_to_a_hundredth_of_a_child(name):
    rows = area(name).placements
    margins = published_margins(
        rows[rows["year"] == 2025], [*STANDARD.needs, NOT_RECORDED], [*STANDARD.provisions, NOT_RECORDED]
    )
    table = rake(np.ones((13, 25, 11)), margins)
    for axes, target in margins:
        others = tuple({0, 1, 2} - set(axes))
        np.testing.assert_allclose(table.sum(axis=others), target, atol=0.01)
        nobody = np.broadcast_to(np.expand_dims(target == 0, others), table.shape)
        assert (table[nobody] == 0).all()
    assert (len(margins) == 3) == (name != "Surrey")
    stock = joint(rows, 2025, STANDARD, england()["stock"].to_numpy())
    assert stock.sum() == pytest.approx(published_total(name), abs=1e-6)


def test_surrey_takes_englands_pattern_of_needs_in_places_and_says_so():
    said = " ".join(check(area("Surrey")).lacks)
    assert "Needs by kind of place are not published" in said
    found = fitted("Surrey")["stock"].sum(["district", "nc_year"])
    assert found.sel(need="PMLD", provision="special") > found.sel(need="PMLD", provision="mainstream")
    assert found.sel(need="SLCN", provision="mainstream") > found.sel(need="SLCN", provision="special")


@pytest.mark.parametrize("name", LACKING)
def test_an_authority_without_placements_takes_englands_moves_and_says_so(name):
    found = check(area(name))
    assert found.moves == "England's"
    assert "Moves, starts by age and leaving are England's" in " ".join(found.lacks)
    np.testing.assert_allclose(fitted(name)["move"], england()["move"], atol=1e-9)


@pytest.mark.parametrize(("name", "said"), [("Hackney", "0 of 3,525"), ("Peterborough", "438 of 2,625")])
def test_a_table_that_does_not_add_up_to_its_census_is_left_out_with_a_sentence(name, said):
    assert any("January 2024" in note and said in note for note in area(name).about.notes)


@pytest.mark.parametrize("name", ["Cambridgeshire", "North East Lincolnshire"])
def test_an_authority_that_recorded_next_to_no_placements_takes_englands_mix_of_places(name):
    stock = fitted(name)["stock"].sum(["district", "need"])
    share = stock.sum("nc_year") / stock.sum()
    nation = england()["stock"].sum(["need", "nc_year"])
    np.testing.assert_allclose(share, nation / nation.sum(), atol=0.08)


@pytest.mark.parametrize("name", ["Cambridgeshire", "Wolverhampton"])
def test_no_child_is_placed_where_its_age_rules_it_out(name):
    stock = fitted(name)["stock"].sum(["district", "need"])
    assert stock.sel(provision="post16").where(stock["nc_year"] < 12, 0).sum() == 0
    assert stock.sel(provision="early_years").where(stock["nc_year"] > 1, 0).sum() == 0


@pytest.mark.parametrize("name", ["Cambridgeshire", "North East Lincolnshire"])
def test_an_authority_that_recorded_next_to_no_placements_says_so(name):
    found = check(area(name))
    assert "Kinds of place" in " ".join([*found.lacks, *found.notes])


@pytest.mark.parametrize("name", LACKING)
def test_an_area_with_englands_moves_does_not_claim_its_own(name):
    (moves,) = [source for source in area(name).about.sources if source.table == "moves between provisions"]
    assert "England's where they do not" in moves.source


def test_a_new_authority_has_figures_since_it_was_made():
    rows = area("Cumberland").placements
    assert rows["year"].min() in {2023, 2024}
    assert area("Cumberland").about.la_code == "942"


def test_an_areas_districts_are_its_own():
    assert area("Worcestershire").about.district_names == (
        "Bromsgrove", "Malvern Hills", "Redditch", "Worcester", "Wychavon", "Wyre Forest",
    )  # fmt: skip
    assert area("Rutland").about.district_names == ("Rutland",)


def test_the_model_that_ships_is_what_the_releases_give():
    residents, change = authorities_residents(people(), 2025), england_change(people())
    made = fit_england(release().placements, release().flows, residents, 2025, change)
    shipped = england()
    assert made.attrs["authorities"] == shipped.attrs["authorities"]
    for name in made.data_vars:
        assert name in shipped
        np.testing.assert_allclose(made[name], shipped[name], rtol=1e-5, atol=1e-6, err_msg=str(name))


def test_the_england_model_closes_on_the_census_of_its_authorities():
    used = complete(release().placements, 2025)
    rows = release().placements
    mine = rows[grand_total(rows) & rows["la_code"].isin(used) & rows["year"].eq(2025)]
    assert england()["stock"].sum().item() == pytest.approx(mine["children"].sum(), rel=1e-4)
    by_age = england()["unexplained"].to_series()
    stock = england()["stock"].sum(["need", "provision"]).to_series()
    school = [NC_YEARS.index(year) for year in range(1, 12)]
    assert abs(by_age.iloc[school].sum()) < 0.015 * stock.iloc[school].sum()


def test_every_authority_has_a_forecast_and_errors_of_its_own_in_the_model_that_ships():
    known = england().drop_sel(la_code="ENG")
    assert set(known["la_code"].to_numpy().tolist()) >= set(districts()["la_code"])
    for name in ("log_growth", "own_scale"):
        assert np.isfinite(known[name]).all()
    assert (known["own_scale"] > 0).all()
    assert np.isfinite(england()["log_growth"].sel(la_code="ENG")).all()
    assert england()["own_scale"].sel(la_code="ENG").isnull().all()


@pytest.mark.parametrize("name", ["Rutland", "Surrey", "Medway", "Leeds", "Cumberland"])
def test_an_authoritys_median_draw_meets_its_own_forecast_of_plans_and_special_schools(name):
    run = Settings(draws=60, current_year=2025, horizon=5)
    unmet = area_drivers(area(name), england(), assumptions(), run)["unmet"]
    assert abs(unmet.sel(target=["plans", "special_state"]).median("draw")).max() < 0.001
    assert (abs(unmet.sel(target="plans")) < 0.01).mean() >= 0.95
