"""The whole forecast of an area that counts its own children."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders_counted import BASE, NEEDS, PROVISIONS, lived, tables, true_rates
from builders_model import assumptions, england, settings, worcestershire

from forecast.fitted import fitted_area
from forecast.model.lending_counts import CensusBeforeEngland
from forecast.model.people import residents
from forecast.pipeline import area_drivers, project
from forecast.report.run_record import rates_table
from forecast.scenario.scenario import read_scenario

DRAWS = 20
RATE = xr.DataArray(0.02)


def county(seed=5, plans=3000, **about):
    """The bundled area's districts and residents, with children who were counted."""
    base = worcestershire()
    truth = true_rates(seed, plans=plans)
    stock, flows = lived(truth, seed)
    given = {"kind": "records", "notes": (), "la_code": "", **about}
    found = tables(stock, flows, base.about.district_names)
    return replace(base, about=base.about.model_copy(update=given), **found)


def forecast(area, scenario="baseline", horizon=4):
    chosen = settings(DRAWS, horizon=horizon)
    drivers = area_drivers(area, england(), assumptions(), chosen)
    return drivers, project(area, drivers, read_scenario(scenario), chosen, RATE)


@pytest.fixture(scope="module")
def area():
    return county()


@pytest.fixture(scope="module")
def made(area):
    return forecast(area)


def test_the_forecast_starts_from_each_districts_own_children(area, made):
    _, projection = made
    now = area.placements[area.placements["year"] == BASE].groupby("district")["children"].sum()
    found = projection.total("need", "phase", "provision").sel(year=BASE)
    for district in area.about.district_names:
        assert (found.sel(district=district) == now[district]).all()
    assert projection.district_factors is None


def test_districts_add_up_to_the_area_and_children_to_what_is_expected(made):
    _, projection = made
    expected = projection.expected.sum(["need", "nc_year", "provision"])
    found = projection.total("need", "phase", "provision").mean("draw")
    bound = 4 * np.sqrt(expected / DRAWS) + 1
    assert (abs(found - expected) < bound).all()


def test_without_an_authority_totals_grow_as_englands_do_from_the_areas_own_level(made):
    """The median of draws is England's path; control may miss it, its bounds binding, by little."""
    _, projection = made
    found = projection.total("district", "need", "phase", "provision").median("draw")
    growth = england()["log_growth"].sel(la_code="ENG", target="plans").to_numpy()
    for ahead in (1, 3):
        expected = float(found.sel(year=BASE)) * np.exp(growth[ahead - 1])
        assert float(found.sel(year=BASE + ahead)) == pytest.approx(expected, rel=0.04)


def test_with_an_authority_totals_grow_as_its_own_series():
    own = england()["log_growth"].sel(la_code="885", target="plans").to_numpy()
    _, projection = forecast(county(la_code="885"))
    found = projection.total("district", "need", "phase", "provision").median("draw")
    assert float(found.sel(year=BASE + 1) / found.sel(year=BASE)) == pytest.approx(np.exp(own[0]), rel=0.04)


def test_districts_that_start_more_plans_grow_more(area):
    """Twice the first plans in one district, its children now as before."""
    name = area.about.district_names[1]
    twice = area.flows["children"].where(
        (area.flows["district"] != name) | (area.flows["flow"] != "start"), 2 * area.flows["children"]
    )
    shares = []
    for each in (area, replace(area, flows=area.flows.assign(children=twice))):
        _, projection = forecast(each)
        total = projection.expected.sum(["need", "nc_year", "provision"]).sel(year=BASE + 4)
        shares.append(float(total.sel(district=name) / total.sum("district")))
    assert shares[1] > 1.1 * shares[0]


@pytest.mark.parametrize("scenario", ["saturating", "white-paper", "starts-held-flat"])
def test_every_world_runs_on_counted_rates(area, made, scenario):
    _, projection = forecast(area, scenario)
    totals = [each.expected.sum(["district", "need", "nc_year", "provision"]) for each in (made[1], projection)]
    assert float(totals[1].isel(year=-1)) < float(totals[0].isel(year=-1))
    assert (projection.expected >= 0).all()


def test_the_rates_of_a_run_are_those_of_the_children_counted(area):
    """Leavers, from the table and from the counts of the years, weighted alike by hand."""
    people = residents(area.population, area.about.district_names, [BASE]).sel(year=BASE, drop=True)
    table = rates_table(fitted_area(area, england()), people, england()).set_index(["rate", "of"])["value"]
    ceased = area.flows[(area.flows["flow"] == "cease") & area.flows["nc_from"].between(7, 11)]["children"].sum()
    kept = area.moves[area.moves["nc_year"].between(7, 11)]["children"].sum()
    by_hand = 100 * ceased / (ceased + kept)
    assert table["plans that cease in a year, by phase", "secondary"] == pytest.approx(by_hand, rel=0.15)
    now = area.placements[area.placements["year"] == BASE]["children"].sum()
    assert table["children with a plan", "all phases"] == pytest.approx(1000 * now / float(people.sum()))


def test_a_census_later_than_englands_is_forecast_from(area):
    later = {
        name: getattr(area, name).assign(year=getattr(area, name)["year"] + 1)
        for name in ("placements", "flows", "moves")
    }
    ahead = replace(area, about=area.about.model_copy(update={"latest_census": BASE + 1}), **later)
    _, projection = forecast(ahead)
    assert projection.base == BASE + 1
    assert projection.demand.notnull().all()


def test_a_census_before_englands_is_refused(area):
    with pytest.raises(CensusBeforeEngland):
        fitted_area(replace(area, about=area.about.model_copy(update={"latest_census": BASE - 1})), england())


def test_places_out_of_area_are_a_provision_of_their_own(area):
    """Half of the children in special schools are in those of other authorities, and stay there."""
    provisions = dict(area.about.provisions) | {"special_out_of_area": "special"}

    def halved(rows, *columns):
        far = rows["need"].isin(NEEDS[::2])
        return rows.assign(
            **{
                column: rows[column].mask(far & (rows[column] == "special"), "special_out_of_area")
                for column in columns
            }
        )

    moved = replace(
        area,
        about=area.about.model_copy(update={"provisions": provisions}),
        placements=halved(area.placements, "provision"),
        flows=halved(area.flows, "provision"),
        moves=halved(area.moves, "provision", "to"),
    )
    drivers, projection = forecast(moved)
    held = projection.expected.sum(["district", "need", "nc_year"])
    assert (held.sel(provision="special_out_of_area") > 0).all()
    assert drivers["steered"].sel(provision="special_out_of_area")
    together = held.sel(provision=["special", "special_out_of_area"]).sum("provision").sel(year=BASE)
    assert float(together) == area.placements.query("year == @BASE and provision == 'special'")["children"].sum()


def test_an_area_with_labels_of_its_own_is_forecast_too(area):
    provisions = {name: name if name != "elsewhere" else "own" for name in PROVISIONS}
    needs = {name: name if name != "OTH" else "own" for name in NEEDS}
    about = area.about.model_copy(update={"provisions": provisions, "needs": needs})
    _, projection = forecast(replace(area, about=about))
    assert projection.expected.notnull().all()


def test_counts_without_flows_are_forecast_with_englands_rates(area):
    none = replace(area, flows=area.flows.iloc[:0], moves=area.moves.iloc[:0])
    drivers, projection = forecast(none)
    assert any("England's" in said for said in drivers.attrs["lent"])
    assert projection.expected.notnull().all()


def test_a_district_without_residents_of_an_age_has_a_forecast(area):
    name = area.about.district_names[0]
    nobody = area.population["people"].where((area.population["district"] != name) | (area.population["age"] != 6), 0)
    _, projection = forecast(replace(area, population=area.population.assign(people=nobody)))
    assert projection.expected.notnull().all()


def test_small_counties_have_wider_ranges_than_large_ones():
    widths = []
    for plans in (600, 12000):
        found = fitted_area(county(plans=plans), england())["doubt_starts"].sel(phase="primary")
        area, lean, own = (found.sel(term=term) for term in ("area", "lean", "own"))
        widths.append(float(np.sqrt((lean * area) ** 2 + own**2).mean()))
    assert widths[0] > 1.5 * widths[1]
