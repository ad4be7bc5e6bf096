"""England's figures in the labels of an area that counts its own: divided among labels alike, and said."""

from dataclasses import replace

import numpy as np
import pytest
from builders_model import england, worcestershire

from forecast.domain import NC_YEARS
from forecast.model.lending_counts import CensusBeforeEngland, counted_of, not_before, standard_needs
from forecast.model.lending_shared import shared_among

NEEDS = tuple(england()["need"].to_numpy().tolist())
PROVISIONS = tuple(england()["provision"].to_numpy().tolist())
RNG = np.random.default_rng(8)


def lent(needs=None, provisions=None, stock=None):
    needs = {name: name for name in NEEDS} if needs is None else needs
    provisions = {name: name for name in PROVISIONS} if provisions is None else provisions
    if stock is None:
        stock = RNG.poisson(3.0, (len(needs), len(NC_YEARS), len(provisions))).astype(float)
    return shared_among(needs, provisions, england(), stock)


def two_specials():
    """Every standard provision, special twice."""
    return {name: name for name in PROVISIONS} | {"special_out_of_area": "special"}


SPECIALS = ["special", "special_out_of_area"]


def test_labels_that_each_mean_one_standard_label_are_lent_englands_very_figures():
    found = lent()
    for name in ("stock", "start_rate", "start_mix", "move"):
        np.testing.assert_allclose(found[name], england()[name], atol=1e-6)
    np.testing.assert_allclose(found["leave"].isel(need=0), england()["leave"])


@pytest.mark.parametrize("name", ["stock", "start_mix"])
def test_what_labels_alike_are_lent_adds_up_to_englands(name):
    found = lent(provisions=two_specials())[name].sel(provision=SPECIALS).sum("provision")
    np.testing.assert_allclose(found, england()[name].sel(provision="special"), rtol=1e-6, atol=1e-6)


def test_moves_to_labels_alike_add_up_to_englands_from_wherever():
    found = lent(provisions=two_specials())["move"]
    into = found.sel(to=SPECIALS).sum("to")
    for origin in ("mainstream", "special", "base"):
        np.testing.assert_allclose(
            into.sel(provision=origin), england()["move"].sel(provision=origin, to="special"), atol=1e-6
        )
    np.testing.assert_allclose(into.sel(provision="special_out_of_area"), into.sel(provision="special"), atol=1e-9)
    np.testing.assert_allclose(found.sum("to"), 1)


def test_who_stays_in_a_place_stays_under_its_label():
    found = lent(provisions=two_specials())["move"]
    assert float(found.sel(provision="special", to="special_out_of_area").max()) == 0
    np.testing.assert_allclose(
        found.sel(provision=SPECIALS[1], to=SPECIALS[1]),
        england()["move"].sel(provision="special", to="special"),
        atol=1e-6,
    )


def test_the_division_is_that_of_the_areas_own_children():
    provisions = two_specials()
    stock = np.zeros((len(NEEDS), len(NC_YEARS), len(provisions)))
    labels = list(provisions)
    stock[:, :, labels.index("special")] = 90.0
    stock[:, :, labels.index("special_out_of_area")] = 10.0
    mixes = lent(provisions=provisions, stock=stock)["start_mix"].sel(nc_year=5, need="ASD")
    share = mixes.sel(provision="special_out_of_area") / mixes.sel(provision=SPECIALS).sum()
    assert float(share) == pytest.approx(0.1)


def test_labels_alike_that_hold_nobody_are_lent_alike():
    nobody = np.zeros((len(NEEDS), len(NC_YEARS), len(PROVISIONS) + 1))
    mixes = lent(provisions=two_specials(), stock=nobody)["start_mix"]
    np.testing.assert_allclose(mixes.sel(provision="special"), mixes.sel(provision="special_out_of_area"))


def test_down_syndrome_is_part_of_what_england_calls_other():
    assert "DS" not in NEEDS
    needs = {name: name for name in NEEDS} | {"DS": "DS"}
    found = lent(needs=needs)
    for name in ("stock", "start_rate"):
        both = found[name].sel(need=["DS", "OTH"]).sum("need")
        np.testing.assert_allclose(both, england()[name].sel(need="OTH"), rtol=1e-9)
        assert (found[name].sel(need="DS").sum() > 0).item()


def test_a_provision_that_no_label_means_leaves_its_children_to_the_others():
    provisions = {name: name for name in PROVISIONS if name != "alternative"}
    found = lent(provisions=provisions)
    np.testing.assert_allclose(found["move"].sum("to"), 1)
    row, theirs = (table["move"].sel(need="SEMH", nc_year=8, provision="mainstream") for table in (found, england()))
    rest = theirs.sel(to=list(provisions))
    np.testing.assert_allclose(row, rest / rest.sum(), rtol=1e-6)


def test_a_label_of_the_areas_own_is_entered_as_far_as_its_children_are_of_all():
    provisions = {name: name for name in PROVISIONS} | {"hub": "own"}
    stock = np.full((len(NEEDS), len(NC_YEARS), len(provisions)), 1.0)
    stock[:, :, -1] = 10 / 9 * 0.5
    found = lent(provisions=provisions, stock=stock)
    share = stock[0, 0, -1] / stock[0, 0].sum()
    np.testing.assert_allclose(found["start_mix"].sel(provision="hub"), share, rtol=1e-6)
    np.testing.assert_allclose(found["move"].sum("to"), 1)
    staying = found["move"].sel(provision="hub", to="hub", nc_year=8)
    assert (staying > 0.5).all()
    leave = england()["leave"].sel(nc_year=8)
    assert ((found["leave"].sel(provision="hub", nc_year=8) > leave.min()).all()).item()
    assert ((found["leave"].sel(provision="hub", nc_year=8) < leave.max()).all()).item()


def test_a_latest_census_before_englands_is_refused_with_what_to_do():
    year = int(england().attrs["year"])
    not_before(year, england())
    not_before(year + 2, england())
    with pytest.raises(CensusBeforeEngland, match=f"January {year - 1}, but .* January {year}: add .* forecast fit"):
        not_before(year - 1, england())


def test_a_need_of_the_areas_own_has_the_spread_of_other_needs():
    about = worcestershire().about.model_copy(update={"needs": {"ASD": "ASD", "Downs": "DS", "Local": "own"}})
    assert standard_needs(about, england()) == {"ASD": "ASD", "Downs": "OTH", "Local": "OTH"}


def area(**about):
    return replace(worcestershire(), about=worcestershire().about.model_copy(update={"kind": "counts", **about}))


def test_what_is_lent_and_what_is_counted_is_said():
    nothing = " ".join(counted_of(area(), {}))
    assert "Leaving and moves are England's" in nothing
    assert "First plans are England's" in nothing
    assert "recent years" not in nothing
    counted = " ".join(counted_of(area(), {"stayed": [2022, 2025], "started": [2025, 2025]}))
    assert "Whose plan ceases and who moves is counted, 2021/22 to 2024/25." in counted
    assert "First plans are counted, 2024/25." in counted
    assert "come with a plan are England's rate" in counted


def test_labels_that_share_englands_figures_are_named():
    provisions = {name: name for name in PROVISIONS if name != "alternative"} | {"far": "special", "hub": "own"}
    said = " ".join(counted_of(area(provisions=provisions), {}))
    assert "Where England's figures are lent to special, far, they are shared as the area's own" in said
    assert "no provision hub" in said
    assert "No label means alternative" in said


def test_an_area_of_no_authority_says_whose_growth_it_is_lent():
    assert "England's growth" in " ".join(counted_of(area(la_code=""), {}))
    assert "England's growth" not in " ".join(counted_of(area(), {}))
