import numpy as np
import pytest
from builders_prices import DRAWS, YEARS, grown, openings, prices, sizes, wanteds
from hypothesis import given

from forecast.decide.alternatives import NOTHING, BadProjects, Project, compare
from forecast.decide.newsvendor import cost_of
from forecast.decide.prices import BadFutures

JANUARIES = [2027, 2028, 2029, 2030]


def project(name="new school", places=20, share=None, price=None):
    share = np.ones((DRAWS, YEARS)) if share is None else share
    return Project(name, places, share, price or prices())


def wanting(children=20.0):
    return np.full((DRAWS, YEARS), children)


def test_a_school_against_nothing_by_hand():
    table = compare([project(places=10)], wanting(20), JANUARIES).set_index("project")
    school, nothing = table.loc["new school"], table.loc[NOTHING]
    assert nothing["present_value"] == 4 * 20 * 75_000
    assert school["present_value"] == 4 * (10 * (25_000 + 9_000 + 2_000) + 10 * 75_000)
    assert school["saved"] == 4 * 10 * 39_000
    assert (school["capital"], nothing["capital"]) == (600_000, 0)
    assert school["cost_child_year"] == pytest.approx(25_000 + 9_000 + 2_000)
    assert np.isnan(nothing["cost_child_year"])
    assert (school["short"], school["chance_short"], school["child_years"], school["year"]) == (10, 1, 40, 2030)


def test_projects_come_in_the_order_of_what_they_cost_and_nothing_is_among_them():
    dear = prices(place=90_000.0)
    projects = [project("hub", price=dear), project("school"), project("bases", price=prices(place=20_000.0))]
    assert compare(projects, wanting(), JANUARIES)["project"].tolist() == ["bases", "school", NOTHING, "hub"]


def test_an_empty_place_makes_each_child_year_dearer():
    full = compare([project(places=20)], wanting(20), JANUARIES).set_index("project").loc["new school"]
    half = compare([project(places=40)], wanting(20), JANUARIES).set_index("project").loc["new school"]
    assert half["cost_child_year"] - full["cost_child_year"] == pytest.approx(10_000 + 2_000)


def test_capital_is_what_it_takes_to_build_in_the_futures_in_which_it_is_built():
    share = np.ones((DRAWS, YEARS))
    share[DRAWS // 2 :] = 0
    row = compare([project(share=share)], wanting(), JANUARIES).set_index("project").loc["new school"]
    assert row["capital"] == 20 * 60_000


@given(wanted=wanteds, share=openings, places=sizes)
def test_a_project_costs_what_a_school_of_its_size_costs(wanted, share, places):
    table = compare([project(places=places, share=share, price=grown())], wanted, JANUARIES).set_index("project")
    assert table.loc["new school", "present_value"] == pytest.approx(
        cost_of(places, wanted, share, grown()).total.mean()
    )
    assert table.loc[NOTHING, "present_value"] == pytest.approx(cost_of(0, wanted, share, grown()).total.mean())


@pytest.mark.parametrize(
    ("projects", "says"),
    [
        ([], "there is none"),
        ([project(), project()], "'new school' stands twice"),
        ([project(NOTHING)], "in any case"),
        ([project(places=-1), project("base", places=-2)], "'new school' has fewer than 0 places; 'base' has fewer"),
    ],
)
def test_projects_that_cannot_be_compared_are_named(projects, says):
    with pytest.raises(BadProjects, match=says):
        compare(projects, wanting(), JANUARIES)


def test_a_project_of_other_futures_is_refused():
    with pytest.raises(BadFutures, match="children are"):
        compare([project()], wanting()[:5], JANUARIES)
