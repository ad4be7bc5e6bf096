"""From overflow.csv and a register to a queue: what ships, what is refused, how labels and ages are met."""

import numpy as np
import pytest
from builders_queue import KINDS, order, register

from forecast.domain import NC_YEARS
from forecast.errors import InputFaults
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_overflow import ASK_AGAIN, COLUMNS, WAIT, read_overflow
from forecast.model.enrolled import NOWHERE
from forecast.places.overflow import queue_of

YEARS = (2025, 2026)
LOCAL = {
    "Mainstream": "mainstream",
    "Nursery": "early_years",
    "Special A": "special",
    "Special B": "special",
    "special_out_of_area": "special",
    "Unit": "base",
    "Private": "independent",
    "College": "post16",
    "Home": "elsewhere",
    "Forest": "own",
}


def shipped():
    return bundled("data", "reference", "overflow.csv").read_text(encoding="utf-8")


def faults_of(tmp_path, text):
    path = tmp_path / "overflow.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        read_overflow(path)
    return str(caught.value)


def local_queue(steps=None, **places):
    return queue_of(register(YEARS, **{"Special A": 10, **places}), LOCAL, read_overflow() if steps is None else steps)


def steps_of(queue, label, nc_year):
    """Where a child of this year group may go, in turn."""
    at, age = list(LOCAL).index(label), NC_YEARS.index(nc_year)
    pairs = zip(queue.goes[at], queue.accepts[at, :, age], strict=True)
    return [list(LOCAL)[to] for to, share in pairs if to != NOWHERE and share > 0]


def test_what_ships_is_all_judgement_and_says_so():
    table = read_overflow()
    assert list(table.columns) == list(COLUMNS)
    assert not table["supported"].any()
    assert table["source"].str.startswith("Judgement: no published figure").all()


def test_a_child_refused_a_special_place_tries_other_special_schools_first_and_the_dear_and_far_ones_last():
    queue = local_queue()
    assert steps_of(queue, "Special A", 8) == ["Special B", "Unit", "Private", "special_out_of_area", "Home"]
    assert steps_of(queue, "Special A", 13) == ["Special B", "Private", "special_out_of_area", "Home"]


def test_steps_never_lead_to_a_place_that_a_child_is_too_old_or_too_young_for():
    queue = local_queue(Unit=5)
    assert steps_of(queue, "Unit", 12) == ["College", "Home"]
    assert steps_of(queue, "Unit", -2) == ["Nursery", "Home"]
    any_age = local_queue(order(("post16", 1), ("elsewhere", 1)))
    assert steps_of(any_age, "Special A", 8) == ["Home"]
    assert steps_of(any_age, "Special A", 12) == ["College", "Home"]
    at = {label: n for n, label in enumerate(LOCAL)}
    assert queue.home[NC_YEARS.index(-2)] == at["Nursery"]
    assert queue.home[NC_YEARS.index(6)] == at["Mainstream"]
    assert queue.home[NC_YEARS.index(12)] == at["College"]
    assert queue.outgrown[at["Nursery"], NC_YEARS.index(2)]


def test_kinds_of_place_that_are_not_listed_have_no_limit_and_the_last_step_is_one_of_these():
    queue = local_queue(special_out_of_area=3, Unit=5)
    assert (queue.pool >= 0).tolist() == [label in {"Special A", "Unit", "special_out_of_area"} for label in LOCAL]
    at = list(LOCAL).index("Special A")
    assert {list(LOCAL)[to] for to in queue.last[at]} == {"Home"}


def test_an_area_whose_own_kind_of_place_is_full_follows_the_steps_for_all():
    assert steps_of(local_queue(Forest=1), "Forest", 5) == ["Home"]


def test_a_part_of_a_place_is_no_place():
    listed = register(YEARS, special=[[10.0, 37.2], [12.9999999999, 3.999]])
    queue = queue_of(listed, {kind: kind for kind in KINDS}, order(("mainstream", 1)))
    assert queue.capacity[:, :, 0].tolist() == [[10, 37], [13, 3]]


def test_an_order_that_leaves_children_nowhere_is_refused_with_the_remedy():
    with pytest.raises(InputFaults, match=r"Special A leaves year group -4 with nowhere to go.*such as elsewhere"):
        local_queue(order(("base", 1)), Unit=5)


def test_shares_that_wait_and_ask_again_are_those_of_the_kind_that_is_full():
    queue, table = local_queue(), read_overflow()
    of_base = table[table["provision"].eq("base")].set_index("goes_to")["share"]
    at = list(LOCAL).index("Unit")
    assert (queue.waits[at], queue.asks_again[at]) == (of_base[WAIT], of_base[ASK_AGAIN])
    assert np.all(queue.waits <= 1)


def test_every_fault_of_the_file_is_named_at_once(tmp_path):
    text = (
        shipped().replace("special,1,special,1,", "special,1,speciel,1,", 1).replace("base,0,wait,0.7", "base,0,wait,7")
    )
    told = faults_of(tmp_path, text.replace("alternative,2,independent,0.3,-4,20", "alternative,0,independent,0.3,9,3"))
    assert "did you mean 'special'" in told
    assert "write a number from 0 to 1" in told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("base,0,wait,0.7", "base,0,wait,7", "share: is not from 0 to 1"),
        (
            "alternative,2,independent,0.3,-4,20",
            "alternative,0,independent,0.3,-4,20",
            "rank: does not go with goes_to",
        ),
        ("alternative,2,independent,0.3,-4,20", "alternative,2,independent,0.3,9,3", "nc_from: and nc_to are no span"),
        ("base,0,ask_again", "base,1,elsewhere", "base has no row that says how many ask_again"),
        ("base,1,base,1,0,11", "base,2,early_years,1,-4,11", "is there twice for one kind of place and rank"),
    ],
)
def test_rows_at_odds_are_faults_with_the_remedy(tmp_path, old, new, said):
    assert old in shipped()
    assert said in faults_of(tmp_path, shipped().replace(old, new, 1))
