import numpy as np
import pandas as pd
import pytest
from builders_prices import DRAWS, YEARS, openings, sizes, wanteds
from hypothesis import given
from hypothesis import strategies as st

from forecast.decide.build_up import BadBuildUp, Beside, beside_others, build_up

JANUARIES = [2027, 2028, 2029, 2030]


def schools():
    rows = [
        ("one_phase", 138, 164, "places", "yes", "councils"),
        ("hub_and_spoke", 30, 64, "places", "yes", "a council"),
        ("hub_classroom", 10, 10, "places", "yes", "a council"),
        ("class", 8, 12, "children", "yes", "councils"),
    ]
    return pd.DataFrame(rows, columns=["kind", "least", "most", "unit", "supported", "source"])


def test_a_school_of_forty_fills_class_by_class():
    wanted = np.tile([0.0, 50.0, 17.0, 60.0], (5, 1))
    share = np.tile([0.0, 0.3, 0.5, 1.0], (5, 1))
    table = build_up(wanted, 40, share, JANUARIES, class_size=8)
    assert table["academic_year"].tolist() == ["2027/28", "2028/29", "2029/30"]
    assert table["places"].tolist() == [12, 20, 40]
    assert table["classes"].tolist() == [2, 3, 5]
    assert table["p50"].tolist() == [12, 17, 40]


def test_a_school_that_may_be_late_is_described_where_it_is_open():
    share = np.array([[0.5, 1.0], [0.0, 0.5], [0.0, 0.0]])
    table = build_up(np.full((3, 2), 100.0), 40, share, [2027, 2028], class_size=8)
    assert table["open"].tolist() == pytest.approx([1 / 3, 2 / 3])
    assert table["places"].tolist() == [20, 30]


@given(wanted=wanteds, share=openings, size=sizes, of=st.integers(1, 12))
def test_classes_hold_the_places_and_places_the_pupils(wanted, share, size, of):
    table = build_up(wanted, size, share, JANUARIES, of)
    assert len(table) == (share > 0).any(axis=0).sum()
    assert (table["classes"] * of >= table["places"] - 0.01).all()
    assert ((table["classes"] - 1) * of < table["places"]).all() or not size
    assert (table[["p10", "p50", "p90"]].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (table["p90"] <= size).all()


def test_a_size_is_set_beside_the_schools_that_were_built_and_not_beside_classrooms():
    words = beside_others(70, schools()).set_index("kind")["beside"].to_dict()
    assert words == {"one_phase": Beside.SMALLER.value, "hub_and_spoke": Beside.LARGER.value}
    assert beside_others(138, schools())["beside"].iloc[0] == Beside.WITHIN.value
    assert beside_others(64, schools())["beside"].iloc[1] == Beside.WITHIN.value


def test_classes_without_places_are_refused():
    with pytest.raises(BadBuildUp, match="no places"):
        build_up(np.ones((DRAWS, YEARS)), 40, np.ones((DRAWS, YEARS)), JANUARIES, class_size=0)
