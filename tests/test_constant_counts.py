"""What constant rates are counted from: tables of an area as they are, nobody lost and nothing assumed unsaid."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from builders_witan import made

from forecast.domain import NC_YEARS
from forecast.model.constant import expected
from forecast.model.constant_counts import NotCounted, recorded, seen
from forecast.model.people import residents
from forecast.pipeline_constant import area_seen

AGES = len(NC_YEARS)


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    return made(tmp_path_factory.mktemp("witan"))


def labels(area):
    about = area.about
    return {"district": about.district_names, "need": list(about.needs), "provision": list(about.provisions)}


def again(area, **tables):
    """The area's counts with some tables changed."""
    base = area.about.latest_census
    by_year = residents(area.population, area.about.district_names, range(2014, base + 1))
    return seen(area.tables | tables, labels(area), base, by_year)


def in_two_districts(people_by):
    """Residents of two districts, each as many as the one."""
    both = people_by.isel(district=[0, 0])
    return both.assign_coords(district=["N", "S"])


def test_districts_have_their_own_children_and_the_areas_rates(area):
    halves = [area.placements.assign(district=name, children=area.placements["children"] * 2) for name in ("N", "S")]
    placements = pd.concat(halves, ignore_index=True).assign(least=np.nan, most=np.nan)
    people_by = residents(area.population, area.about.district_names, range(2014, 2018))
    both = in_two_districts(people_by)
    split = seen(area.tables | {"placements": placements}, labels(area) | {"district": ("N", "S")}, 2017, both)
    ahead = residents(area.population, area.about.district_names, range(2018, 2021)).to_numpy()
    whole = expected(area_seen(area), ahead)
    apart = expected(split, np.repeat(ahead, 2, axis=1))
    joined = expected(replace(area_seen(area), stock=0 * area_seen(area).stock), ahead)
    assert np.allclose(apart[:, 0], apart[:, 1])
    assert np.allclose(apart.sum(axis=1), (4 * (whole - joined) + joined)[:, 0], atol=1e-9)


def test_what_was_not_recorded_is_shared_out_and_nobody_is_lost(area):
    hidden = area.moves["nc_year"].eq(6) & area.moves["provision"].eq("MAIN")
    moves = area.moves.assign(to=area.moves["to"].where(~hidden | (area.moves.index % 2 == 0), "not_recorded"))
    moves["need"] = moves["need"].where(moves.index % 7 != 0, "not_recorded")
    assert moves["to"].eq("not_recorded").any()
    counted = again(area, moves=moves)
    assert counted.moved.sum() == pytest.approx(area.moves["children"].sum())
    assert counted.moved.sum(axis=(0, 2)) == pytest.approx(area_seen(area).moved.sum(axis=(0, 2)))


def test_not_recorded_goes_by_the_mix_of_those_most_alike():
    rows = [
        ("ASD", 5, "special", 30),
        ("ASD", 5, "base", 10),
        ("ASD", 5, "not_recorded", 8),
        ("MLD", 5, "not_recorded", 4),
        ("MLD", 9, "not_recorded", 2),
    ]
    table = pd.DataFrame(rows, columns=["need", "nc_year", "provision", "children"])
    found = recorded(table).groupby(["need", "nc_year", "provision"])["children"].sum().to_dict()
    assert found == pytest.approx({
        ("ASD", 5, "special"): 36,
        ("ASD", 5, "base"): 12,
        ("MLD", 5, "special"): 3,
        ("MLD", 5, "base"): 1,
        ("MLD", 9, "special"): 1.5,
        ("MLD", 9, "base"): 0.5,
    })  # fmt: skip


def test_a_need_may_change_where_the_moves_say_so(area):
    moves = area.moves.assign(need_before=np.where(area.moves["need"].eq("R"), "Q", area.moves["need"]))
    counted, provisions = again(area, moves=moves), len(area.about.provisions)
    by_need = counted.moved.reshape(3, provisions, AGES, 3, provisions).sum(axis=(1, 2, 4))
    kept = area.moves.groupby("need")["children"].sum()
    assert by_need.tolist() == [[kept["SEMH"], 0, 0], [0, kept["Q"], kept["R"]], [0, 0, 0]]


def test_children_who_moved_in_with_a_plan_join_too(area):
    arrive = area.flows[area.flows["flow"].eq("start")].assign(flow="arrive")
    twice = again(area, flows=pd.concat([area.flows, arrive], ignore_index=True))
    assert (twice.joined == 2 * area_seen(area).joined).all()


def test_a_suppressed_count_is_taken_at_the_middle_of_its_range_and_counted(area):
    hidden = area.placements["year"].eq(2017) & (area.placements.index % 5 == 0)
    placements = area.placements.assign(
        children=area.placements["children"].where(~hidden),
        least=area.placements["least"].where(~hidden, 1),
        most=area.placements["most"].where(~hidden, 4),
    )
    counted = again(area, placements=placements)
    known = area.placements.loc[area.placements["year"].eq(2017) & ~hidden, "children"].sum()
    assert counted.guessed == hidden.sum() > 0
    assert counted.stock.sum() == pytest.approx(known + 2.5 * hidden.sum())


def test_an_area_without_the_counts_is_told_what_to_do(area):
    for changed in (
        {"moves": area.moves.iloc[:0]},
        {"placements": area.placements.assign(need="all")},
        {"placements": area.placements.assign(children=np.nan, least=np.nan)},
        {"flows": area.flows.assign(children=np.nan)},
    ):
        with pytest.raises(NotCounted, match="run it without --model constant"):
            again(area, **changed)
