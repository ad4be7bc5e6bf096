"""The published releases themselves, against figures that are known otherwise."""

import pandas as pd
import pytest
from builders_release import population, release, totals
from conftest import SHARED

from forecast.domain import ALL, NOT_RECORDED
from forecast.inputs.ons import by_authority, districts, latest_estimate
from forecast.inputs.published import find_authority
from forecast.inputs.rows import every_age, grand_total
from forecast.inputs.sen2 import read_releases

pytestmark = pytest.mark.needs_shared_data

ENGLAND_PLANS = {
    2010: 228_221,
    2011: 229_017,
    2012: 230_156,
    2013: 233_431,
    2014: 237_111,
    2015: 240_183,
    2016: 256_530,  # 256,315 by age
    2017: 287_290,
    2018: 319_819,
    2019: 353_995,
    2020: 390_109,
    2021: 430_697,
    2022: 473_255,
    2023: 517_048,
    2024: 576_474,
    2025: 638_745,
}
WORCESTERSHIRE_PLANS = {2010: 2_425, 2019: 3_502, 2022: 4_555, 2025: 6_970}
WORCESTERSHIRE_IN_SPECIAL = {2010: 1_106, 2019: 1_519, 2022: 1_838, 2025: 2_384}
LANCASHIRE_PLANS = {2010: 5_970, 2019: 7_042, 2022: 8_691, 2025: 12_317}
SPECIAL = ("special", "independent", "special_nonmaintained")


def flow(name, code="ENG"):
    rows = release().flows
    mine = rows[grand_total(rows) & rows["la_code"].eq(code) & rows["flow"].eq(name)]
    return mine.set_index("year")["children"]


def panel():
    table = pd.read_csv(next((SHARED / "panel").glob("*.csv")), dtype={"la_id": str})
    return table.rename(columns={"la_id": "la_code"}).set_index(["la_code", "year"])


def by_place():
    rows = release().placements
    kept = rows[every_age(rows) & rows["need"].eq(ALL) & rows["la_code"].ne("ENG")]
    return kept.pivot_table(index=["la_code", "year"], columns="provision", values="children")


COLUMNS = {
    ALL: ["ehc_total"],
    "special": ["special_la_maintained", "special_academy_free"],
    "independent": ["special_independent"],
    "special_nonmaintained": ["special_non_maintained"],
    "base": ["sen_unit", "resourced_provision"],
    "independent_mainstream": ["mainstream_independent"],
    "alternative": ["ap_pru_total"],
    "early_years": ["nm_early_years"],
}


@pytest.mark.parametrize(
    ("name", "known"),
    [("ENG", ENGLAND_PLANS), ("Worcestershire", WORCESTERSHIRE_PLANS), ("Lancashire", LANCASHIRE_PLANS)],
    ids=["England", "Worcestershire", "Lancashire"],
)
def test_plans_are_those_that_were_published(name, known):
    assert totals(name).reindex(list(known)).to_dict() == known


def test_worcestershires_children_in_special_schools_are_those_that_were_published():
    rows = release().placements
    mine = rows[rows["la_code"].eq("885") & rows["provision"].isin(SPECIAL) & rows["need"].eq(ALL) & every_age(rows)]
    found = mine.groupby("year")["children"].sum()
    assert found.reindex(list(WORCESTERSHIRE_IN_SPECIAL)).to_dict() == WORCESTERSHIRE_IN_SPECIAL


def test_authorities_add_up_to_england_in_every_year():
    rows = release().placements[grand_total(release().placements)]
    of_authorities = rows[rows["la_code"] != "ENG"].groupby("year")["children"].sum()
    assert of_authorities.to_dict() == totals("ENG").to_dict()
    assert sorted(of_authorities.index) == list(range(2010, 2026))


def test_new_and_ceased_plans_of_england_are_those_that_were_published():
    assert flow("start").loc[2020:].to_list() == [53_899, 60_097, 62_180, 66_706, 84_428, 97_747]
    assert flow("cease").to_dict() == {2023: 34_724, 2024: 39_419, 2025: 44_862}
    assert (flow("transfer") < flow("cease")).all()


def test_no_authority_of_yorkshire_and_the_humber_has_its_regions_new_plans():
    codes = release().authorities.query("region == 'Yorkshire and The Humber'")["la_code"]
    assert len(codes) == 15
    of_2022 = pd.Series({code: flow("start", code)[2023] for code in codes})
    assert of_2022.max() < 1_000
    assert (of_2022 / [flow("start", code)[2022] for code in codes]).between(0.2, 2.5).all()
    assert of_2022.sum() == pytest.approx(6_078, rel=0.25)


@pytest.mark.parametrize("provision", COLUMNS)
def test_another_reading_of_the_same_releases_agrees_cell_by_cell(provision):
    theirs = panel()[COLUMNS[provision]].sum(axis=1, min_count=1)
    mine = by_place()[provision]
    assert sorted(mine.index.get_level_values(0).unique()) == sorted(theirs.index.get_level_values(0).unique())
    both = pd.DataFrame({"mine": mine, "theirs": theirs}).dropna()
    assert len(both) > 2_400
    if provision == ALL:
        both = both.drop(2018, level="year")
    assert (both["mine"] == both["theirs"]).all()
    assert set(mine.dropna().index) >= set(theirs.dropna().index)


def test_colleges_and_elsewhere_together_agree_with_the_other_reading():
    """It counts work-based learning of 2016 as elsewhere."""
    theirs = panel()[["fe_total", "elsewhere_other"]].sum(axis=1, skipna=False)
    mine = by_place()[["post16", "elsewhere"]].sum(axis=1, skipna=False)
    both = pd.DataFrame({"mine": mine, "theirs": theirs}).dropna()
    assert len(both) > 1_600
    same = both.drop(2018, level="year")
    assert (same["mine"] == same["theirs"]).all()


def test_those_whom_the_establishments_of_2018_leave_out_are_elsewhere():
    """The other reading takes the establishments' totals: 7,193 short, 905 of them Kent's."""
    theirs = panel().xs(2018, level="year")
    mine = by_place().xs(2018, level="year")
    added = mine[ALL] - theirs["ehc_total"]
    assert (added.sum(), added.max(), added["886"], added.min()) == (7_193, 905, 905, 0)
    elsewhere = mine["elsewhere"] - theirs["elsewhere_other"]
    assert (elsewhere[elsewhere.notna()] == added[elsewhere.notna()]).all()
    assert mine.loc["886", ALL] == 9_862
    england = release().placements.query("la_code == 'ENG' and provision == 'elsewhere' and need == 'all'")
    of_all_ages = england[every_age(england)].set_index("year")["children"]
    assert of_all_ages[2017] < of_all_ages[2018] == 6_892 + 7_193 < of_all_ages[2019]


def test_placements_and_not_recorded_add_up_to_all_plans():
    table = by_place()
    parts = table.drop(columns=ALL).sum(axis=1, min_count=1)
    assert (parts.dropna() == table.loc[parts.notna(), ALL]).all()
    assert table[NOT_RECORDED].min() >= 0


def test_the_two_releases_agree_where_they_overlap():
    keys = ["la_code", "year", "need", "nc_from", "nc_to", "provision"]
    old = read_releases([SHARED / "sen2_2022"]).placements.set_index(keys)["children"]
    now = release().placements.set_index(keys)["children"]
    since_2019 = old.index[old.index.get_level_values("year") >= 2019]
    both = since_2019.intersection(now.index)
    assert len(both) > 5_000
    assert (old[both] == now[both]).all()


def test_a_figure_that_is_not_available_is_no_figure():
    """Cambridgeshire published no placements for January 2025."""
    code = find_authority(release(), "Cambridgeshire")["la_code"]
    found = by_place().loc[(code, 2025)].dropna()
    assert set(found.index) <= {ALL, NOT_RECORDED}


def test_every_english_district_has_residents_and_an_authority():
    assert districts()["la_code"].nunique() == 153
    people = by_authority(population(), latest_estimate(population(), 2025))
    assert sorted(people.index) == sorted(districts()["la_code"].unique())
    assert list(people.columns) == list(range(25))
    assert 15_500_000 < people.sum().sum() < 18_000_000
