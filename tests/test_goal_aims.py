"""Aims and levers as people write them on the command line."""

import pytest
from builders_projection import made_up_about

from forecast.decide.aims import FORMS, What, read_aims
from forecast.decide.goal_levers import read_levers
from forecast.errors import InputFaults
from forecast.scenario.stack import read_scenarios

YEARS = list(range(2026, 2038))


def aims(*written, listed=("special", "base")):
    return read_aims(written, made_up_about(), list(listed), YEARS)


def levers(*written):
    return read_levers(written, read_scenarios([]), 2028)


def said(read, *written, **more):
    with pytest.raises(InputFaults) as error:
        read(*written, **more)
    return str(error.value)


def test_every_form_that_help_shows_can_be_read():
    assert [aim.what for aim in aims(*FORMS)] == [What.RATE, What.RATE, What.CHILDREN, What.SHORT, What.BUDGET]


def test_an_aim_says_what_how_much_and_when():
    rate, share, children, short, budget = aims(*FORMS)
    assert (rate.limit, rate.years, rate.futures) == (None, [2032], None)
    assert share.limit == pytest.approx(0.014)
    assert (children.of, children.limit, children.years) == (("independent",), 300, [2031])
    assert (short.of, short.limit, short.years, short.futures) == (("special",), 10, [2030, 2031, 2032], 0.8)
    assert (budget.limit, budget.years) == (3_000_000, [2028, 2029, 2030, 2031, 2032])


@pytest.mark.parametrize(
    ("written", "limit", "futures"),
    [
        ("Special school rate no more than 1.4 % by 2031/32 at P80", 0.014, 0.8),
        ("special rate england\u2019s in 2031/32, in 9 of 10 futures", None, 0.9),
        ("children in special 1,200 by 2031/32", 1200, None),
        ("budget \u00a33 million a year by 2031/32", 3e6, None),
        ("budget at most 250k by 2031/32 p90", 250e3, 0.9),
        ("shortage at most 0 by 2031/32 in 19 in 20", 0, 0.95),
    ],
)
def test_an_aim_may_be_said_in_other_words(written, limit, futures):
    (aim,) = aims(written)
    assert aim.years == [2032]
    assert aim.limit == pytest.approx(limit)
    assert aim.futures == pytest.approx(futures)


def test_a_budget_without_years_holds_until_the_last_year_of_the_other_aims():
    _, budget = aims("special rate at most 1.4% by 2029/30", "budget at most \u00a31m")
    assert budget.years == [2026, 2027, 2028, 2029, 2030]


def test_every_fault_of_every_aim_is_told_at_once():
    faults = said(
        aims,
        "make it better",
        "special rate at most 1.4 by 2031/32",
        "children in specal at most 10 by 2031/32",
        "children in special at most England's by 2031/32",
        "children in special at most 10",
        "children in special at most 10 by 2031/33",
        "children in special at most 10 by 2041/42",
        "children in special at most 10 from 2031/32 to 2029/30",
        "children in special at most 10 by 2031/32 in 11 of 10 futures",
        "short of independent at most 5 by 2031/32",
    ).splitlines()
    assert len(faults) == 10
    whole = " ".join(faults)
    for part in ("'make it better' is no aim", "write it as 1.4%", "did you mean 'special'", "no year is named",
                 "2031/33", "2041/42 is not forecast", "earlier one first", "only the special rate",
                 "choose from special, base", "futures cannot be asked for"):  # fmt: skip
        assert part in whole


def test_nobody_is_short_where_the_area_lists_no_places():
    assert "lists no places of its own" in said(aims, "short of special at most 5 by 2031/32", listed=())
    assert "nothing is aimed at" in said(aims)


def test_a_lever_varies_within_the_bounds_written_from_where_it_does_nothing():
    found = levers(
        "rebalance, share: 0.1..0.5, support: 4000", "scale_starts, factor: 0.7..1, year_groups: [7]",
        "expand_bases, places: 0..60, from: 2028/29",
    )  # fmt: skip
    share, factor, places = found.sought
    assert [share.value(at) for at in (0, 1, 40)] == [0.1, 0.11, 0.5]
    assert [factor.value(at) for at in (0, 1, 30)] == [1, 0.99, 0.7]
    assert [places.value(at) for at in (0, 1, 60)] == [0, 1, 60]
    assert found.ends == (40, 30, 60)
    changes = found.scenario((40, 30, 60)).changes
    assert [(change.kind, change.from_year) for change in changes] == [
        ("rebalance", 2028), ("scale_starts", 2028), ("expand_bases", 2029)
    ]  # fmt: skip
    assert found.first == 2028


def test_a_limit_to_stays_is_sought_from_the_longest_which_changes_least():
    (sought,) = levers("ap_shorten_stays, weeks: 8..20").sought
    assert (sought.start, sought.end, sought.step) == (20, 8, 1)
    assert sought.value(3) == 17


def test_a_share_without_bounds_may_be_anything_from_none_to_all():
    (share,) = levers("rebalance, support: 4000").sought
    assert (share.field, share.start, share.end) == ("share", 0, 1)


def test_a_lever_that_does_nothing_is_left_out_and_one_that_must_do_something_is_not():
    assert levers("rebalance, support: 4000").scenario((0,)).changes == ()
    (kept,) = levers("rebalance, share: 0.1..0.5, support: 4000").scenario((0,)).changes
    assert kept.sends.value == 0.1


def test_the_last_step_ends_at_the_bound():
    (share,) = levers("rebalance, share: 0..0.255, support: 4000").sought
    assert (share.steps, share.value(25), share.value(26)) == (26, 0.25, 0.255)


def test_levers_may_stand_in_a_scenario_file(tmp_path):
    path = tmp_path / "levers.yaml"
    path.write_text(
        "name: A\nwhy: B.\nchanges:\n- {kind: rebalance, share: 0..0.4, support: 0, from: 2028/29}\n"
        "- {kind: scale_starts, factor: 0.9, from: 2027/28}\n",
        encoding="utf-8",
    )
    found = levers(str(path))
    assert found.ends == (40,)
    assert [change.kind for change in found.scenario((10,)).changes] == ["rebalance", "scale_starts"]
    assert [change.kind for change in found.scenario((0,)).changes] == ["scale_starts"]


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("rebalence", "did you mean 'rebalance'"),
        ("rebalance: {", "cannot be read"),
        ("expand_bases", "nothing is said of what may vary in expand_bases"),
        ("rebalance, share: 0.5..0.1, support: 1", "upside down"),
        ("rebalance, share: 0..1.5, support: 1", "a share lies from 0 to 1"),
        ("rebalance, share: 0..0.5", "support"),
        ("rebalance, shares: 0..0.5, support: 1", "did you mean 'share'"),
        ("scale_starts, factor: 0.8..1.2", "both sides of 1"),
        ("nowhere.yaml", "no file of levers"),
    ],
)
def test_a_lever_that_cannot_be_read_says_what_to_write(written, part):
    assert part in said(levers, written)


def test_faults_of_several_levers_are_told_at_once():
    assert len(said(levers, "rebalence", "expand_bases", "scale_starts, factor: 0.8..1.2").splitlines()) == 3
    assert "no lever may be moved" in said(levers)
