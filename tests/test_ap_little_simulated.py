"""Little's law on simulated records of alternative provision, to 2%: person-days, monthly rolls and the formula agree.

Arrivals a day times mean stay is the mean roll, whatever the seasons: children come in term, stays end with the school
year, and all of Year 11 leaves in June. The first two years only fill the schools; whole years are held.
"""

import numpy as np
import pandas as pd
import pytest

from forecast.ap.little import on_roll
from forecast.ap.stays import mean_stay
from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, read_england_rolls
from forecast.records.ap.counted import Given, read_stays
from forecast.records.synthetic.ap_county import ApCounty, third_thursday
from forecast.records.synthetic.ap_rates import ap_rates, by_key_stage
from forecast.records.synthetic.ap_records import write_placements
from forecast.records.synthetic.ap_stays import stays_without_plan
from forecast.records.synthetic.people import residents
from forecast.store import read_model

YEARS = range(2014, 2026)
SINCE, SEEN = np.datetime64("2015-09-01"), np.datetime64("2025-08-31")
DAYS = 3653
WITHIN = 0.02
"""Of the larger; luck alone makes about half of it for ten thousand stays."""


@pytest.fixture(scope="module")
def rates():
    """England's, every year as 2022/23."""
    ages = read_model(bundled("models", "england"))["residents"].to_numpy()
    found = ap_rates(ages, read_ap_figures(), read_england_rolls(), YEARS, 3)
    alike = {name: found[name].sel(year=[2023] * len(YEARS)) for name in ("rate", "outreach")}
    return found.assign({name: array.assign_coords(year=list(YEARS)) for name, array in alike.items()})


@pytest.fixture(scope="module")
def stays(rates):
    """Ten years of a county of six districts, each a hundredth of England, good years and bad ones among them."""
    ages = read_model(bundled("models", "england"))["residents"].to_numpy()
    people = np.stack([np.tile(by_key_stage(residents([2022], ages).sum(axis=1))[0] / 100, (6, 1))] * len(YEARS))
    lived = stays_without_plan(rates, people, 3, swing=0.05)
    return lived[lived["tier"].ne("outreach") & ~lived["beside"].astype(bool)]


@pytest.fixture(scope="module")
def imported(rates, stays, tmp_path_factory):
    """The same by way of a council's list and its import."""
    folder = tmp_path_factory.mktemp("list")
    live = stays[(stays["start"] <= SEEN) & (stays["end"] >= SINCE)].reset_index(drop=True)
    write_placements(folder, ApCounty(SINCE, SEEN, rates, live, pd.DataFrame()), np.arange(0))
    about = read_area("exampleshire").about
    counts = read_stays(list(folder.iterdir()), about, Given(np.datetime64("2025-10-01"), SINCE, SEEN))
    return counts.tables


def per_day(stays):
    """Person-days of the ten years over their days."""
    lived = (stays["end"].clip(upper=SEEN) - stays["start"].clip(lower=SINCE)).dt.days + 1
    return lived[lived > 0].sum() / DAYS


def a_month(stays):
    """Mean of a hundred and twenty third Thursdays, counted one by one."""
    days = [third_thursday(2015 + (at + 8) // 12, (at + 8) % 12 + 1) for at in range(120)]
    return np.mean([((stays["start"] <= day) & (stays["end"] >= day)).sum() for day in days])


def by_formula(stays):
    """Arrivals a day times their mean stay, both ends counted."""
    came = stays[(stays["start"] >= SINCE) & (stays["start"] <= SEEN)]
    return len(came) / DAYS * ((came["end"] - came["start"]).dt.days + 1).mean()


@pytest.mark.parametrize("by", [None, "setting", "tier", "reason"])
def test_person_days_and_monthly_rolls_and_the_formula_agree(stays, by):
    groups = [stays] if by is None else [group for _, group in stays.groupby(by)]
    for group in groups:
        within = WITHIN if len(group) > 10_000 else 2 * WITHIN
        person_days = per_day(group)
        assert a_month(group) == pytest.approx(person_days, rel=within)
        assert by_formula(group) == pytest.approx(person_days, rel=within)


def test_the_law_would_fail_if_stays_were_read_a_week_short_or_a_tenth_of_children_were_lost(stays):
    """The same comparison finds what is wrong, so that it means something."""
    fewer = stays[np.random.default_rng(1).random(len(stays)) > 0.1]
    assert by_formula(fewer) != pytest.approx(per_day(stays), rel=WITHIN)
    short = stays[stays["tier"] == "short"]
    assert by_formula(short) == pytest.approx(per_day(short), rel=WITHIN)
    week_early = short.assign(end=short["end"] - pd.Timedelta(days=7))
    assert by_formula(week_early) != pytest.approx(per_day(short), rel=WITHIN)


def test_the_true_rates_give_the_same_roll_before_any_child_is_drawn(rates, stays):
    """Residents x rate x mean stay over a year's days, from arrays alone."""
    people = sum_of_people()
    a_year = (rates["rate"].sel(year=2023).to_numpy() * people[None, :, None, None]).sum(axis=(0, 3))
    short, long = (rates["stay"].sel(tier=tier).to_numpy() for tier in ("short", "transition"))
    share = rates["transition"].to_numpy()
    roll = (a_year * ((1 - share) * short + share * long)).sum() / 365
    assert per_day(stays) == pytest.approx(roll, rel=WITHIN)


def sum_of_people():
    ages = read_model(bundled("models", "england"))["residents"].to_numpy()
    return by_key_stage(residents([2022], ages).sum(axis=1))[0] / 100


def test_it_holds_of_the_counts_that_an_import_makes(stays, imported):
    """Monthly rolls, arrivals and banded stays of the three tables, by the formula that the forecast uses."""
    rolls = imported["ap_rolls"]
    whole = rolls[rolls["key_stage"].ne("all") & rolls["reason"].eq("all")]
    monthly = whole.groupby(["year", "month"])["children"].sum()
    assert len(monthly) == 120
    assert monthly.mean() == pytest.approx(per_day(stays), rel=WITHIN)
    arrivals = imported["ap_arrivals"].groupby("year")["children"].sum()
    assert len(arrivals) == 10
    by_law = on_roll(arrivals.mean(), mean_stay(imported["ap_stays"]))
    assert by_law == pytest.approx(per_day(stays), rel=WITHIN)
