"""The same child from one return to the next, and two children who are not one."""

import pandas as pd
from builders_return import child, filed

from forecast.records.checks_children import CHILDREN
from forecast.records.keys import Known, numbered


def people(*children):
    return filed(2025, children).tables["person"]


def linked(before, now):
    """Whether the one child of each of two returns is the same."""
    first, known, _ = numbered(people(before), Known())
    second, _, ways = numbered(people(now), known)
    return first[0] == second[0], {way for way, count in ways.items() if count}


ANN = {"surname": "Zzyzx", "forename": "Ann"}


def test_a_pupil_number_links_whatever_else_changes():
    now = child("x", upn="Z999 ".strip().lower(), surname="Other", born="2011-01-01")
    assert linked(child("x", upn="Z999"), now) == (True, {"upn"})


def test_a_learner_number_links_where_there_is_no_pupil_number():
    assert linked(child("x", uln="1234567890"), child("y", upn="", uln="1234567890")) == (True, {"uln"})


def test_a_name_and_birth_date_link_where_there_is_no_number():
    assert linked(child("x", upn="", **ANN), child("y", upn="", surname="ZZYZX ", forename="ann")) == (True, {"name"})
    assert linked(child("x", upn="", **ANN), child("y", "2012-05-02", upn="", **ANN)) == (False, set())
    assert linked(child("x", upn="", **ANN), child("y", upn="", surname="", forename="")) == (False, set())


def test_a_child_whose_pupil_number_changed_is_found_by_name():
    assert linked(child("x", upn="Z1", **ANN), child("x", upn="Z2", **ANN)) == (True, {"name"})


def test_two_children_of_one_name_and_birth_date_are_not_linked_by_it():
    twins = [child("x", upn="Z1", **ANN), child("y", upn="Z2", **ANN)]
    first, known, _ = numbered(people(*twins), Known())
    second, _, ways = numbered(people(child("z", upn="Z3", **ANN)), known)
    assert len({*first, *second}) == 3
    assert ways["name"] == 0


def test_a_name_is_not_taken_from_a_child_who_is_there_by_number():
    _, known, _ = numbered(people(child("x", upn="Z1", **ANN)), Known())
    both = [child("x", upn="Z1", **ANN), child("y", upn="Z2", **ANN)]
    numbers, _, ways = numbered(people(*both), known)
    assert numbers[0] != numbers[1]
    assert (ways["upn"], ways["name"]) == (1, 0)


def test_a_name_is_not_taken_from_a_child_who_goes_by_another_name_now():
    _, known, _ = numbered(people(child("x", upn="Z1", **ANN)), Known())
    both = [child("x", upn="Z1", surname="Other", forename="Ann"), child("y", upn="Z2", **ANN)]
    numbers, _, _ = numbered(people(*both), known)
    assert numbers[0] != numbers[1]


def test_a_name_that_two_new_children_have_links_neither():
    first, known, _ = numbered(people(child("x", upn="Z1", **ANN)), Known())
    both = [child("y", upn="Z2", **ANN), child("z", upn="Z3", **ANN)]
    assert len({*first, *numbered(people(*both), known)[0]}) == 3


def test_two_records_of_one_child_in_a_return_are_one():
    rows = [child("x", upn="Z1", uln="123", **ANN), child("x", upn="Z1"), child("y", upn="", uln="123")]
    numbers, known, _ = numbered(people(*rows), Known())
    assert len(set(numbers)) == 1
    assert known.count == 1


def test_a_number_that_children_born_on_different_days_share_is_nobodys():
    rows = [child("x", "2010-01-01", upn="Z1"), child("y", "2012-01-01", upn="Z1")]
    assert len(set(numbered(people(*rows), Known())[0])) == 2


def test_a_child_is_remembered_over_a_return_that_leaves_it_out():
    first, known, _ = numbered(people(child("x"), child("y")), Known())
    _, known, _ = numbered(people(child("y")), known)
    third, _, _ = numbered(people(child("x")), known)
    assert third[0] == first[0]


def test_what_is_remembered_holds_no_identifier():
    rows = people(child("x", upn="Z999123456789", uln="9999123456", **ANN))
    _, known, _ = numbered(rows, Known())
    for children in known.children.values():
        assert children.index.dtype == "uint64"
        assert children.dtype == "int64"
    _, other, _ = numbered(rows, Known())
    assert known.key != other.key
    assert not pd.Index(known.children["upn"].index).equals(other.children["upn"].index)


def numbers_of(*children):
    return numbered(people(*children), Known())[0].tolist()


def test_the_checks_say_how_records_with_one_number_or_name_count():
    effects = {check.name: check.effect for check in CHILDREN}
    assert numbers_of(child("x", upn="Z1", born="2012-01-01"), child("y", upn="Z1", born="2012-01-01")) == [0, 0]
    assert numbers_of(child("x", upn="Z1", born="2012-01-01"), child("y", upn="Z1", born="2013-01-01")) == [0, 1]
    assert effects["same_upn"].endswith("; with two birth dates, as two children.")
    one = {"forename": "A", "surname": "B", "born": "2012-01-01"}
    assert numbers_of(child("x", upn="Z1", **one), child("y", upn="", **one)) == [0, 0]
    assert numbers_of(child("x", upn="Z1", **one), child("y", upn="Z2", **one)) == [0, 1]
    assert numbers_of(child("x", upn="Z1", **one), child("y", upn="", uln="2", **one)) == [0, 1]
    assert effects["same_name_and_birth"].endswith("; if each has a UPN or ULN, as two children.")
