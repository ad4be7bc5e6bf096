"""Who starts, arrives, moves, ceases and waits between two Januaries: every answer was worked out by hand."""

import pytest
from builders_return import at, child, filed, plan, request
from records_kit import counted, flows, moves, told


def north(name, *plans, born="2013-05-01", **fields):
    return child(name, born=born, postcode="ZZ1 1AA", plans=plans, **fields)


SPECIAL = (at("100003"),)


def two_years(before, now):
    return counted(filed(2024, before), filed(2025, now))


def test_a_child_who_changes_school_moves_and_one_who_stays_is_among_the_moves():
    unit = at("100001", unit=True, leaving="2024-07-20")
    before = [north("a", plan(placed=[unit])), north("b", plan(placed=SPECIAL))]
    now = [north("a", plan(placed=[unit, at("100003", entry="2024-09-01")])), north("b", plan(placed=SPECIAL))]
    result = two_years(before, now)
    assert moves(result, 2025) == {
        ("North", "ASD", 6, "base", "special"): 1,
        ("North", "ASD", 6, "special", "special"): 1,
    }
    assert flows(result, 2025) == {}


def test_a_child_who_moves_house_is_counted_where_it_lives_now():
    now = [child("a", born="2013-05-01", postcode="ZZ2 2AA", plans=[plan(placed=SPECIAL)])]
    result = two_years([north("a", plan(placed=SPECIAL))], now)
    assert moves(result, 2025) == {("South", "ASD", 6, "special", "special"): 1}


@pytest.mark.parametrize(("start", "flow"), [("2024-01-18", None), ("2024-01-19", "start"), ("2025-01-16", "start")])
def test_a_plan_is_new_if_it_starts_after_the_census_before(start, flow):
    both = [north("z", plan(placed=SPECIAL))]
    result = two_years(both, [*both, north("a", plan(start, placed=SPECIAL))])
    assert flows(result, 2025) == ({(flow, "North", "ASD", 7, "special"): 1} if flow else {})
    assert told(result, 2025)["unexplained"] == (flow is None)


def test_a_plan_from_another_authority_arrives_whenever_it_was_made():
    both = [north("z", plan(placed=SPECIAL))]
    result = two_years(both, [*both, *(north(name, plan(start, came_from="123")) for name, start in STARTS.items())])
    assert flows(result, 2025) == {("arrive", "North", "ASD", 7, "not_recorded"): 3}


STARTS = {"a": "2019-01-01", "b": "2024-06-01", "c": None}


@pytest.mark.parametrize(("reason", "expected"), [(5, {"cease", "transfer"}), (1, {"cease"}), (None, {"cease"})])
def test_a_plan_ceases_at_the_year_group_and_place_of_the_january_before(reason, expected):
    both = [north("z", plan(placed=SPECIAL))]
    now = [*both, child("a", postcode="ZZ2 2AA", plans=[plan(cease="2024-05-01", reason=reason)])]
    result = two_years([*both, north("a", plan(placed=[at("100001")]))], now)
    assert flows(result, 2025) == {(flow, "North", "ASD", 6, "mainstream"): 1 for flow in expected}
    assert told(result, 2025)["gone_without_word"] == 0


def test_of_two_plans_that_ceased_the_later_tells_why():
    both = [north("z", plan(placed=SPECIAL))]
    plans = [plan(cease="2024-03-01", reason=5), plan(cease="2024-05-01", reason=1)]
    for ended in (plans, plans[::-1]):
        result = two_years([*both, north("a", plan())], [*both, north("a", *ended)])
        assert flows(result, 2025) == {("cease", "North", "ASD", 6, "not_recorded"): 1}


def test_a_child_whom_the_next_return_leaves_out_has_ceased_all_the_same():
    both = [north("z", plan(placed=SPECIAL))]
    result = two_years([*both, north("a", plan())], both)
    assert flows(result, 2025) == {("cease", "North", "ASD", 6, "not_recorded"): 1}
    assert told(result, 2025)["gone_without_word"] == 1


def test_a_plan_made_and_ceased_between_two_censuses_is_in_no_count():
    both = [north("z", plan(placed=SPECIAL))]
    result = two_years(both, [*both, north("a", plan("2024-03-01", "2024-11-01", 2))])
    assert flows(result, 2025) == {}
    assert told(result, 2025)["brief"] == 1


def test_the_first_return_tells_of_the_year_before_by_its_own_dates():
    children = [
        north("new", plan("2024-06-01", placed=SPECIAL)),
        north("old", plan(placed=SPECIAL)),
        north("came", plan("2020-01-01", came_from="123", placed=SPECIAL)),
        north("gone", plan(cease="2024-06-01", reason=1, placed=[at("100001", leaving="2024-06-01")])),
        north("away", plan(cease="2024-06-01", reason=5, placed=[at("100001", leaving="2024-06-01")])),
        north("earlier", plan(cease="2024-01-10", reason=1)),
    ]
    result = counted(filed(2025, children))
    assert flows(result, 2025) == {
        ("start", "North", "ASD", 7, "special"): 1,
        ("arrive", "North", "ASD", 7, "special"): 1,
        ("cease", "North", "ASD", 6, "mainstream"): 2,
        ("transfer", "North", "ASD", 6, "mainstream"): 1,
    }
    assert result.tables["moves"].empty


def test_a_census_left_out_breaks_the_chain_of_moves():
    children = [north("a", plan(placed=SPECIAL))]
    result = counted(filed(2023, children), filed(2025, children))
    assert result.tables["moves"].empty
    assert flows(result, 2025) == {}


def test_requests_are_counted_at_each_step_of_the_year():
    asked = [
        request("2024-01-18", "N", "2024-02-20"),
        request("2024-03-01", "N", "2024-04-01"),
        request("2024-03-01", "Y", "2024-04-10", assessed="N", concluded="2024-06-01"),
        request("2024-10-01", "Y", "2024-11-10", assessed="A"),
        request("2024-11-01", "Y", "2024-12-10"),
        request("2024-12-20", "A"),
        request("2024-12-20", "N", "2025-01-17"),
        request("2024-12-20", "A", exported="123"),
        request("2025-01-17", "A"),
        request("2022-01-01", "H", assessed="H"),
        request("2023-01-01", "H", assessed="A"),
        request("2024-05-01", "W", "2024-05-09"),
    ]
    backlog = plan("2024-03-01", received_date="2024-01-18", outcome_date="2024-03-01")
    within = plan("2024-09-01", received_date="2024-04-01", outcome_date="2024-05-10")
    brought = plan("2024-09-01", received_date="2024-04-01", came_from="123")
    children = [north("r", requests=asked), north("p", backlog), north("q", within), north("b", brought)]
    funnel = counted(filed(2025, children)).tables["funnel"]
    north_only = funnel[funnel["district"] == "North"].set_index("step")["children"].to_dict()
    assert north_only == {
        "request": 9,
        "refused": 2,
        "assessment": 5,
        "no_plan": 1,
        "plan": 2,
        "plan_of_backlog": 1,
        "open_request": 2,
        "open_assessment": 3,
    }
    assert funnel[funnel["district"] == "South"]["children"].sum() == 0
