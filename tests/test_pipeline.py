"""The whole forecast of the bundled area: what it starts from, and what a scenario does and does not move."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from builders import put, read_area, small_area
from builders_model import (
    assumptions,
    england,
    fitted_worcestershire,
    settings,
    simulated,
    worcestershire,
    worcestershire_drivers,
)
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from forecast.domain import NC_YEARS, PHASES
from forecast.errors import ForecastError
from forecast.fitted import fitted_area
from forecast.model import chunks
from forecast.pipeline import area_drivers, forecast_area, project
from forecast.places.england import england_special_rate
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.scenario import Scenario, read_scenario

DRAWS = 10
RATE = xr.DataArray(0.02)
AS_NOW = Scenario(name="as now", why="")


def drivers(**kind):
    return worcestershire_drivers(draws=DRAWS, **kind)


def run(scenario=AS_NOW, steering=None):
    return project(worcestershire(), drivers() if steering is None else steering, scenario, settings(DRAWS), RATE)


def scaled(factor, need=None, from_year=2027):
    return Scenario(name="scaled", why="", changes=(ScaleStarts(from_year=from_year, factor=factor, need=need),))


def same(one, other):
    return one.demand.to_numpy().tobytes() == other.demand.to_numpy().tobytes() and (
        one.expected.to_numpy().tobytes() == other.expected.to_numpy().tobytes()
    )


def test_the_forecast_starts_from_the_plans_of_the_latest_census():
    made = run()
    assert made.base == 2025
    assert (made.total("district", "need", "phase", "provision").sel(year=2025) == 6970).all()
    assert made.expected.sel(year=2025).sum().item() == pytest.approx(6970)


def test_the_forecast_has_every_year_to_its_horizon():
    assert run().demand["year"].to_numpy().tolist() == list(range(2025, 2032))


def test_whole_children_and_expected_ones_begin_alike_and_stay_close():
    made = run()
    starts = [NC_YEARS.index(years[0]) for years in PHASES.values()]
    expected = np.add.reduceat(made.expected.to_numpy(), starts, axis=3)
    found = made.demand.mean("draw").to_numpy()
    assert (found[0] == expected[0]).all()
    by_place = (found - expected).sum(axis=(1, 2, 3))
    bound = 4 * np.sqrt(np.maximum(expected.sum(axis=(1, 2, 3)), 1) / DRAWS) + 1
    assert (np.abs(by_place) < bound).all()


def test_a_scenario_that_changes_nothing_gives_the_same_bytes():
    baseline = run(read_scenario("baseline"))
    assert same(baseline, run())
    assert same(baseline, run(scaled(1.0)))


def test_the_same_seed_gives_the_same_forecast_from_the_start_and_another_seed_another():
    one, again, other = (
        area_drivers(worcestershire(), england(), assumptions(), settings(DRAWS, seed)) for seed in (1, 1, 2)
    )
    assert one.identical(again)
    assert same(run(steering=one), run())
    assert not same(run(steering=other), run())


def test_neither_chunks_nor_threads_change_the_forecast(monkeypatch):
    found = []
    for chunk, processors in ((25, 2), (7, 1)):
        monkeypatch.setattr(chunks, "CHUNK", chunk)
        monkeypatch.setattr("os.cpu_count", lambda processors=processors: processors)
        steering = area_drivers(worcestershire(), england(), assumptions(), settings(DRAWS))
        found.append(run(steering=steering))
    for other in found[1:]:
        assert (other.demand == found[0].demand).all()
        np.testing.assert_allclose(other.expected, found[0].expected, rtol=1e-9, atol=1e-12)


def test_a_lever_leaves_each_draw_its_shock_its_needs_and_who_stays_on():
    """Else two scenarios would differ by more than the lever."""
    changed = scaled(0.8, "SEMH", 2028).apply(drivers())
    for name in ("entrants", "leave", "ceiling", "unmet"):
        xr.testing.assert_identical(changed[name], drivers()[name])
    untouched = {"year": [2026, 2027]}
    fewer, base = (made.demand.sel(year=[2025, 2026, 2027]) for made in (run(scaled(0.8, "SEMH", 2028)), run()))
    xr.testing.assert_identical(changed["start_rate"].sel(untouched), drivers()["start_rate"].sel(untouched))
    xr.testing.assert_identical(fewer, base)


@pytest.mark.parametrize("need", ["SEMH", "ASD"])
def test_fewer_starts_of_a_need_lower_it_in_every_draw(need):
    axes = ("district", "phase", "provision")
    fewer, base = (made.total(*axes).sel(need=need, year=2031) for made in (run(scaled(0.7, need)), run()))
    assert (fewer < base).all()


@hypothesis_settings(deadline=None, max_examples=3)
@given(factor=st.floats(1, 3), need=st.sampled_from([None, "ASD", "SEMH", "PMLD"]))
def test_with_the_ceiling_on_more_starts_never_lower_the_expected_total(factor, need):
    more, base = (
        made.expected.sum(["district", "need", "nc_year", "provision"]) for made in (run(scaled(factor, need)), run())
    )
    assert (more >= base - 1e-6).all()


def test_fewer_starts_of_one_need_lower_that_need_and_the_room_goes_to_the_others():
    fewer, base = (
        made.expected.sum(["district", "nc_year", "provision"]) for made in (run(scaled(0.8, "SEMH")), run())
    )
    change = (fewer - base).sel(year=2031)
    assert change.sel(need="SEMH") < -10
    assert (change.drop_sel(need="SEMH") >= -1e-9).all()
    assert change.sum() < 0


def test_more_starts_never_lower_the_total_where_nearly_everybody_starts():
    from builders_model import empty, expected  # noqa: PLC0415

    area = empty(years=(2026, 2027), districts=("Here",))
    area["start_rate"].loc[{"need": "ASD", "nc_year": 0, "year": 2026}] = 0.1
    area["start_rate"].loc[{"need": "SEMH", "nc_year": 1, "year": 2027}] = 1.5
    more = ScaleStarts(from_year=2026, factor=2, need="ASD").apply(area)
    assert expected(more)[:, 1].sum() >= expected(area)[:, 1].sum()


def test_no_more_children_hold_a_plan_than_the_ceiling_and_the_least_room_allow():
    from builders_model import expected  # noqa: PLC0415

    area = worcestershire_drivers(draws=40, horizon=8)
    held = xr.DataArray(expected(area).sum(axis=(3, 5)), dims=("draw", "year", "district", "nc_year"))
    people = area["population"].to_numpy()
    before = np.concatenate([np.zeros_like(held[:, :, :, :1]), held.to_numpy()[:, :, :, :-1]], axis=3)
    before = np.concatenate([np.full_like(before[:, :1], np.inf), before[:, :-1]], axis=1)
    arrive = area["arrive"].sum(["need", "provision"]).to_numpy()
    most = np.maximum(area["ceiling"].to_numpy()[:, None, None, None] * people, before + arrive + 0.02 * people)
    assert (held.to_numpy() <= most + 1e-6).all()


def test_districts_have_the_children_of_the_area():
    made = run()
    whole = simulated(drivers())
    assert (made.demand.to_numpy() == whole).all()


def test_the_projection_says_what_it_was_made_from():
    made = run(scaled(1.1))
    assert made.scenario == "scaled"
    assert made.digests["area"] == worcestershire().digest
    assert len(made.digests["england"]) == 64
    assert made.places_assumed
    assert made.population.dims == ("year", "district", "nc_year")
    assert made.population["year"].equals(made.demand["year"])


def test_englands_special_rate_is_that_of_its_census_at_first_and_rises():
    by_draw = england_special_rate(england(), assumptions(), settings(DRAWS), drivers())
    rate = by_draw.mean("draw")
    nation = england()
    special = nation["stock"].sel(provision=["special", "special_nonmaintained"]).sum().item()
    children = nation["residents"].sel(nc_year=range(14)).sum().item()
    assert rate.sel(year=2025).item() == pytest.approx(special / children, rel=1e-6)
    assert rate["year"].equals(drivers()["year"].pad(year=(1, 0), constant_values=2025).astype(int)) or len(rate) == 7
    assert (rate.diff("year") > -0.001).all()


def relabelled(**labels):
    """The bundled area with the same labels in another order."""
    area = worcestershire()
    return replace(area, about=area.about.model_copy(update=labels))


@pytest.mark.parametrize("axis", ["needs", "provisions"])
def test_labels_in_another_order_in_area_toml_give_the_same_forecast(axis):
    turned = dict(reversed(list(getattr(worcestershire().about, axis).items())))
    found = fitted_area(relabelled(**{axis: turned}), england())
    usual = fitted_worcestershire()
    xr.testing.assert_allclose(found["move"].reindex_like(usual["move"]), usual["move"], atol=1e-6)
    xr.testing.assert_allclose(found["start_rate"].reindex_like(usual["start_rate"]), usual["start_rate"], atol=1e-6)


def test_an_area_with_labels_of_its_own_meaning_is_refused_with_a_remedy():
    provisions = dict(worcestershire().about.provisions) | {"elsewhere": "own"}
    with pytest.raises(ForecastError, match=r"area\.toml, provisions: 'elsewhere' are missing"):
        forecast_area(relabelled(provisions=provisions), read_scenario("baseline"), settings(4))


def test_an_area_with_fewer_kinds_of_place_than_england_is_refused_and_loses_nobody(tmp_path):
    with pytest.raises(ForecastError, match="are missing: each standard one needs a label"):
        fitted_area(read_area(put(small_area(), tmp_path / "smallshire")), england())


def test_an_area_with_a_later_census_than_england_has_a_rate_to_be_compared_with():
    later = drivers().assign_attrs(year=2026)
    rate = england_special_rate(england(), assumptions(), settings(4), later)
    assert rate["year"].to_numpy()[0] == 2026
