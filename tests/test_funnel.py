"""What waits at a census becomes next year's plans; a list that says nothing new changes nothing."""

import pandas as pd
import pytest
from builders_model import busy, expected, starts, unlimited
from hypothesis import given
from hypothesis import strategies as st

from forecast.model.cohort import first_starts
from forecast.model.funnel import Waiting, led_by_waiting, waiting

STEPS = ("request", "refused", "assessment", "no_plan", "plan", "plan_of_backlog", "open_request", "open_assessment")


def funnel(districts=("all",), **by_year):
    """Rows of funnel.csv: `y2024=(request, ..., open_assessment)` in the order of `STEPS`, shared among districts."""
    return pd.DataFrame(
        [
            (int(name[1:]), district, step, count // len(districts) + (count % len(districts) if at == 0 else 0))
            for name, counts in by_year.items()
            for step, count in zip(STEPS, counts, strict=True)
            for at, district in enumerate(districts)
        ],
        columns=["year", "district", "step", "children"],
    )


TWO_YEARS = {"y2024": (1000, 300, 650, 40, 600, 0, 200, 100), "y2025": (1200, 350, 780, 50, 700, 240, 260, 140)}


def test_the_shares_that_became_plans_last_year_tell_what_this_years_will():
    found = waiting(funnel(**TWO_YEARS), 2025, growth=0.0)
    assert found.from_backlog == pytest.approx(240 / 300 * 400)
    assert found.from_new == pytest.approx((700 - 240) / 1200 * 1200)
    assert found.plans == pytest.approx(320 + 460)
    assert (found.open_requests, found.open_assessments, found.years) == (260, 140, 1)


def test_requests_grow_as_they_are_told_to():
    still, grown = (waiting(funnel(**TWO_YEARS), 2025, growth) for growth in (0.0, 0.1))
    assert grown.requests / still.requests == pytest.approx(1.1051709)
    assert grown.from_backlog == still.from_backlog


def test_rows_by_district_are_the_whole_unless_the_whole_is_there():
    whole, parts = funnel(**TWO_YEARS), funnel(("North", "South"), **TWO_YEARS)
    assert waiting(parts, 2025, 0.0) == waiting(whole, 2025, 0.0)
    assert waiting(pd.concat([whole, parts]), 2025, 0.0) == waiting(whole, 2025, 0.0)


@pytest.mark.parametrize(
    "rows",
    [
        funnel(),
        funnel(y2025=TWO_YEARS["y2025"]),
        funnel(y2023=TWO_YEARS["y2024"], y2024=TWO_YEARS["y2025"]),
        funnel(**TWO_YEARS).query("step != 'open_request'"),
    ],
    ids=["nothing", "one year", "not the latest", "no backlog"],
)
def test_without_a_year_to_learn_from_nothing_is_foretold(rows):
    assert waiting(rows, 2025, 0.0) is None


@given(more=st.integers(0, 500))
def test_a_longer_list_never_means_fewer_plans(more):
    longer = {**TWO_YEARS, "y2025": (*TWO_YEARS["y2025"][:6], 260 + more, 140)}
    assert waiting(funnel(**longer), 2025, 0.0).plans >= waiting(funnel(**TWO_YEARS), 2025, 0.0).plans


def foretold(plans):
    return Waiting(2025, 0, 0, plans, 0.0, 0.0, 1)


def test_a_believed_list_gives_the_first_years_starts_and_no_other_years_rates():
    drivers = unlimited(busy())
    wanted = 1.2 * starts(drivers)[:, 0].sum() / drivers.sizes["draw"]
    led = led_by_waiting(drivers, foretold(wanted), weight=1.0)
    assert starts(led)[:, 0].sum() / drivers.sizes["draw"] == pytest.approx(wanted)
    assert (led["start_rate"] == drivers["start_rate"]).isel(year=slice(1, None)).all()


def test_a_list_that_says_what_was_expected_or_is_not_believed_changes_nothing():
    drivers = busy()
    for plans, weight in ((1.0, 0.0), (1e9, 0.0)):
        assert led_by_waiting(drivers, foretold(plans), weight).identical(drivers)
    assert led_by_waiting(drivers, foretold(0.0), 1.0).identical(drivers)


def test_half_belief_is_half_way_by_ratio_and_never_beyond_the_bounds():
    drivers = busy()
    far = led_by_waiting(drivers, foretold(1e9), weight=0.5)["start_rate"] / drivers["start_rate"]
    assert far.isel(year=0).to_numpy() == pytest.approx(2**0.5)


def test_children_who_start_sooner_stay():
    drivers = unlimited(busy())
    led = led_by_waiting(drivers, foretold(1e9), weight=1.0)
    more, fewer = (expected(of).sum(axis=(2, 3, 4, 5)) for of in (led, drivers))
    assert (more > fewer).all()


def test_the_first_years_starts_are_those_of_the_roll():
    drivers = busy()
    assert first_starts(drivers).transpose(2, 3, 0, 1) == pytest.approx(starts(drivers)[:, 0])
