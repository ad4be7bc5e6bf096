"""Kinds of place as people write them: which labels of an area they mean."""

import pytest
from builders_levers_placement import PLACES, home, meaning
from builders_model import busy

from forecast.errors import UnknownLabel
from forecast.scenario.ends import goal, sources

FAR = ("mainstream", "special_out_of_area", "special", "independent", "hospital")


def far_and_near():
    return meaning(busy(provisions=FAR), special_out_of_area="special", hospital="own")


def test_a_standard_kind_of_place_means_every_label_that_stands_for_it_near_ones_first_as_a_goal():
    drivers = far_and_near()
    assert sources(drivers, "special") == ["special_out_of_area", "special"]
    assert goal(drivers, "special") == "special"
    assert goal(drivers, "special_out_of_area") == "special_out_of_area"
    assert sources(drivers, "hospital") == ["hospital"]


def test_children_come_home_from_schools_of_other_authorities_where_the_area_tells_them_apart():
    drivers = far_and_near()
    ends = home().apply(drivers)["shift_ends"].transpose("shift", "end").to_numpy().tolist()
    assert ends == [["special_out_of_area", "special"], ["independent", "special"]]


def test_where_nobody_is_placed_afar_there_is_nobody_to_bring_home():
    with pytest.raises(UnknownLabel, match="No kind of place called 'independent'"):
        home().apply(meaning(busy(provisions=PLACES[:3])))
