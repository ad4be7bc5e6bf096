"""Where to build, from an area's folder: children, places and journeys as the files say them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders_projection import small_projection, with_real_places

from forecast import Settings, read_area, read_scenario
from forecast.axes import PHASE_FIRSTS
from forecast.decide.ground import NotForecast, ground_of, in_time, rows_of
from forecast.decide.site import AS_IT_IS
from forecast.decide.site_run import candidates_of, site
from forecast.errors import InputFaults
from forecast.inputs.candidates import NoCandidates, read_candidates
from forecast.places.shortage import shortage

CANDIDATES = Path(__file__).parents[1] / "data" / "exampleshire" / "candidates.csv"
COLUMNS = "name,district,lat,lon,provision,needs,nc_from,nc_to,sizes,capital,opens,source\n"


def made_up_candidates(folder, about, *rows):
    file = folder / "candidates.csv"
    lines = rows or (f"Mill,{about.district_names[0]},52.1,-2.2,special,ASD;SLCN,0,6,60;90,,2027-09,Invented",)
    file.write_text(COLUMNS + "\n".join(lines) + "\n", encoding="utf-8")
    return read_candidates(file, about)


def test_where_places_are_only_assumed_the_children_are_those_more_than_now(tmp_path):
    projection = small_projection(draws=20)
    bands = projection.demand.rename(phase="band").assign_coords(band=list(PHASE_FIRSTS))
    projection = replace(projection, by_band=bands)
    candidates = made_up_candidates(tmp_path, projection.about)
    area_places = with_real_places(draws=20).register.rows.assign(assumed=True)
    there = ground_of(projection, rows_of(area_places, candidates), 2031)
    some = projection.demand.sel(provision="special", need=["ASD", "SLCN"], phase="primary")
    more = (some.sel(year=2031) - some.sel(year=2025)).sum(["district", "need"]).clip(min=0)
    assert there.assumed == ("special",)
    assert there.groups.demand.sum(axis=1) == pytest.approx(more.to_numpy())
    assert there.open.sum() == 0


def test_listed_places_are_set_against_all_who_may_use_them(tmp_path):
    projection = with_real_places(draws=20)
    candidates = made_up_candidates(tmp_path, projection.about)
    there = ground_of(projection, rows_of(projection.register.rows, candidates), 2031)
    everyone = projection.demand.sel(provision="special", year=2031).sum(["district", "need", "phase"])
    assert there.assumed == ()
    assert there.groups.demand.sum(axis=1) == pytest.approx(everyone.to_numpy())
    assert there.open.sum(axis=1) == pytest.approx(
        np.full(20, float(projection.places.sel(provision="special", year=2031)))
    )
    assert there.places["candidate"].tolist() == [False, True]


def test_candidates_that_open_too_late_are_told_and_if_all_do_refused(tmp_path):
    about = small_projection().about
    row = f"{{}},{about.district_names[0]},52.1,-2.2,special,all,0,6,60,,{{}},Invented"
    rows = made_up_candidates(tmp_path, about, row.format("Early", "2027-09"), row.format("Late", "2032-09"))
    kept, late = in_time(rows, 2030, "candidates.csv")
    assert (kept["name"].tolist(), late) == (["Early"], ("Late",))
    with pytest.raises(InputFaults, match=r"no candidate opens by January 2027; the first opens in 2027-09"):
        in_time(rows, 2027, "candidates.csv")


@pytest.fixture(scope="module")
def exampleshire():
    area = read_area("exampleshire")
    settings = Settings(current_year=2025, draws=6, horizon=5)
    return area, settings, site(area, CANDIDATES, settings, read_scenario("baseline"), year=2030)


def test_without_a_plan_as_many_are_short_as_the_shortage_says(exampleshire):
    """The assignment of children to schools, and Hall's bound over the same county, agree in every future."""
    _, _, sited = exampleshire
    by_band, register = sited.projection.by_band.sel(provision=["special"], year=[2030]), sited.projection.register
    own = register.rows.index[register.rows["provision"] == "special"]
    some = replace(register, rows=register.rows.loc[own], open=register.open.sel(place=own, year=[2030]))
    short = shortage(by_band, some).short.sum(["district", "need", "band", "provision"])
    told = sited.plans[AS_IT_IS].tried.score.without + sited.ground.groups.nowhere
    could_only_be_new = short.to_numpy()[:, 0]
    assert told == pytest.approx(could_only_be_new, abs=1e-2)


def test_the_county_is_sited_within_its_candidates(exampleshire):
    _, _, sited = exampleshire
    options = sited.candidates.options
    for plan in sited.plans.values():
        assert len(np.unique(options.place[plan.built])) == len(plan.built)
        assert (
            plan.tried.score.taught <= sited.ground.open + options.capacity(plan.built, len(sited.ground.places)) + 1e-4
        ).all()
    assert sited.journeys.straight
    assert np.isfinite(sited.plans["P80"].tried.score.minutes).all()


def test_a_matrix_of_the_pairs_that_schools_serve_takes_the_place_of_straight_lines(exampleshire, tmp_path):
    area, settings, sited = exampleshire
    places, mean = sited.candidates.places, sited.journeys.mean
    pairs = [
        f'{district},"{site_name}",{mean[row, column]:.4f}'
        for row, district in enumerate(area.about.district_names)
        for column, (site_name, serves) in enumerate(zip(places["site"], places["serves"], strict=True))
        if serves == "all" or district in serves.split(";")
    ]
    assert len(pairs) < mean.size  # some schools serve some districts only
    file = tmp_path / "minutes.csv"
    file.write_text("district,site,minutes\n" + "\n".join(pairs) + "\n", encoding="utf-8")
    given = site(area, CANDIDATES, settings, read_scenario("baseline"), year=2030, matrix=file)
    assert not given.journeys.straight
    assert given.plans["P80"].built.tolist() == sited.plans["P80"].built.tolist()
    assert given.plans["P80"].tried.score.minutes == pytest.approx(sited.plans["P80"].tried.score.minutes, abs=1e-3)


def test_schools_without_coordinates_are_named_where_no_matrix_is_given(exampleshire):
    area, settings, _ = exampleshire
    rows = area.places.assign(lat=area.places["lat"].where(area.places.index != area.places.index[-1]))
    lost = replace(area, places=rows.assign(lon=rows["lon"].where(rows["lat"].notna())), boundaries=None)
    with pytest.raises(InputFaults) as caught:
        site(lost, CANDIDATES, settings, read_scenario("baseline"), year=2030)
    assert f"it is not said where {rows['school'].iloc[-1]} is" in str(caught.value)
    assert "districts.geojson: is missing" in str(caught.value)
    assert "--travel" in str(caught.value)


def test_candidates_out_of_time_or_place_are_refused_without_the_command_too(exampleshire, tmp_path):
    area, settings, _ = exampleshire
    file = tmp_path / "candidates.csv"
    rows = ["Mill,Testwick,54.41,2.2,special,all,0,14,60,,{},", "Far,Testwick,51.5,-0.1,special,all,0,14,60,,2028-09,"]
    file.write_text(COLUMNS + "\n".join(rows).format("2025-09") + "\n", encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        candidates_of(area, file, settings.model_copy(update={"current_year": 2026}), 2030)
    assert [(fault.row, fault.field) for fault in caught.value.faults] == [(2, "opens"), (3, "lat")]


def test_without_a_file_the_candidates_of_the_areas_folder_are_meant(exampleshire):
    area, settings, sited = exampleshire
    kept = site(area, None, settings, read_scenario("baseline"), year=2030)
    assert kept.candidates.names == sited.candidates.names
    assert kept.candidates.digests == sited.candidates.digests
    with pytest.raises(NoCandidates, match=r"has no candidates\.csv.* with --candidates"):
        site(read_area("lancashire"), None, settings, read_scenario("baseline"), year=2030)


def test_a_january_that_the_forecast_does_not_reach_is_refused(exampleshire):
    area, settings, _ = exampleshire
    with pytest.raises(NotForecast, match=r"choose a --year from 2025/26 to 2029/30"):
        candidates_of(area, CANDIDATES, settings, 2040)
