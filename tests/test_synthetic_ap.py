"""The invented county's alternative provision: England's rolls, schools' seasons."""

import numpy as np
import pandas as pd
import pytest

from forecast.domain import KEY_STAGES
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import figure, read_ap_figures, read_england_rolls
from forecast.records.synthetic.ap_county import made_ap, third_thursday
from forecast.records.synthetic.ap_rates import SCHOOLS, ap_rates, by_key_stage
from forecast.records.synthetic.ap_stays import stays_without_plan
from forecast.records.synthetic.ap_with_plan import live_on
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.people import residents
from forecast.records.synthetic.write import CENSUSES, PLANS
from forecast.store import read_model

SEED = 2025


@pytest.fixture(scope="module")
def england():
    return read_model(bundled("models", "england"))


@pytest.fixture(scope="module")
def county(england):
    return made_county(england, SEED, PLANS, CENSUSES)


@pytest.fixture(scope="module")
def ap(county, england):
    return alternative(county, england)


def alternative(county, england, seed=SEED):
    return made_ap(county, england["residents"].to_numpy(), read_ap_figures(), read_england_rolls(), seed)


@pytest.fixture(scope="module")
def steady(england):
    """A fifth of England, six years alike, told from the third on."""
    ages = england["residents"].to_numpy()
    people = by_key_stage(residents([2022], ages))[0] / 5
    rates = ap_rates(ages, read_ap_figures(), read_england_rolls(), range(2023, 2029), SEED)
    rates["rate"] = rates["rate"].sel(year=[2023] * 6).assign_coords(year=rates["year"])
    rates["outreach"] = rates["outreach"].sel(year=[2023] * 6).assign_coords(year=rates["year"])
    return stays_without_plan(rates, np.stack([people] * 6), SEED, swing=0.0)


def placed(stays):
    return stays[stays["tier"].ne("outreach") & ~stays["beside"].astype(bool)]


def by_who_arranges(stays, setting):
    """As England counts: a subsidiary registration at an AP school is a placement that a mainstream school arranged."""
    sent = stays["registration"].eq("dual_subsidiary")
    return (
        stays[sent | stays["setting"].eq(setting)]
        if setting == "school_arranged"
        else (stays[~sent & stays["setting"].eq(setting)])
    )


def a_day(stays, first, last):
    """Children on roll on the average day: person-days over days."""
    first, last = pd.Timestamp(first), pd.Timestamp(last)
    lived = (stays["end"].clip(upper=last) - stays["start"].clip(lower=first)).dt.days + 1
    return lived[lived > 0].sum() / ((last - first).days + 1)


def on_roll(stays, months, years):
    """Mean children on the third Thursdays, by key stage of the day."""
    stages = {nc_year: stage.value for stage, span in KEY_STAGES.items() for nc_year in span}
    days = [third_thursday(year - (month > 8), month) for year in years for month in months]
    return sum(live_on(stays, day)["nc_now"].map(stages).value_counts() for day in days) / len(days)


def test_the_rolls_of_england_come_back(steady):
    """By way of luck, term times and stays cut short by Year 11; the counts are England's own of January 2023."""
    rolls = read_england_rolls().query("year == 2023 and reason == 'all'").set_index(["setting", "plan", "key_stage"])
    for setting in ("ap_school", "school_arranged", "la_funded"):
        of_england = rolls["children"].get((setting, "without", "all"))
        if of_england is None:
            share = figure(read_ap_figures(), "plan_share", setting=setting).value
            of_england = rolls["children"][(setting, "all", "all")] * (1 - share)
        mine = by_who_arranges(placed(steady), setting)
        found = on_roll(mine, range(1, 13), range(2026, 2029))
        assert a_day(mine, "2025-09-01", "2028-08-31") == pytest.approx(of_england / 5, rel=0.03)
        mix = rolls["children"][(setting, "all")].drop("all")
        for stage in ("ks3", "ks4"):
            assert found[stage] / found.sum() == pytest.approx(mix[stage] / mix.sum(), abs=0.06)


def test_the_roll_grows_by_half_from_autumn_to_summer_and_falls_when_year_11_leaves(steady):
    """As England's AP schools: "an almost 50% increase" (FFT Education Datalab, May 2019)."""
    stays = by_who_arranges(placed(steady), "ap_school")
    by_month = {month: on_roll(stays, [month], range(2026, 2029)).sum() for month in range(1, 13)}
    autumn, summer = (np.mean([by_month[month] for month in term]) for term in ((9, 10, 11, 12), (4, 5, 6, 7)))
    assert summer / autumn == pytest.approx(1.5, abs=0.12)
    assert max(by_month, key=by_month.get) == 6
    assert by_month[7] < 0.65 * by_month[6]


def test_more_come_in_autumn_and_nobody_in_august(steady):
    """Autumn has 38%, as of England's permanent exclusions of 2023/24; Year 11 leaves in June, so it comes sooner."""
    stays = placed(steady)
    came = stays.groupby(~stays["nc_year"].isin([11, 14]))["start"].agg(lambda day: (day.dt.month >= 9).mean())
    assert came[True] == pytest.approx(4_168 / 10_885, abs=0.01)
    assert came[True] < came[False] < 0.46
    assert not stays["start"].dt.month.eq(8).any()


def test_nobody_stays_past_year_11_and_most_who_come_late_stay_to_its_end(steady):
    stays = placed(steady)
    left = stays["end"].dt.year + (stays["end"].dt.month > 8)
    year_at_end = stays["nc_year"] + left - (stays["start"].dt.year + (stays["start"].dt.month > 8))
    assert (year_at_end[stays["nc_year"] <= 11] <= 11).all()
    long = stays[(stays["tier"] == "transition") & stays["nc_year"].isin([10, 11])]
    last_friday = (long["end"].dt.day_of_week == 4) & (long["end"].dt.month == 6) & (long["end"].dt.day > 23)
    at_the_end = last_friday & (year_at_end[long.index] == 11)
    assert at_the_end.mean() > 0.75
    assert (stays["start"] <= stays["end"]).all()
    assert stays["start"].dt.day_of_week.lt(5).all()
    assert not stays["returned"][at_the_end.index[at_the_end]].any()


def test_years_vary_more_than_chance_and_the_pandemic_was_low(england):
    """Ratio of variance to mean of a large cell over many seeds; the level of 2020/21 beside 2022/23."""
    ages = england["residents"].to_numpy()
    people = by_key_stage(residents([2022], ages))[0] / 60
    rates = ap_rates(ages, read_ap_figures(), read_england_rolls(), range(2021, 2024), SEED)
    seeds = [stays_without_plan(rates, np.stack([people] * 3), seed) for seed in range(40)]
    own = [by_who_arranges(stays, "school_arranged") for stays in seeds]
    counts = pd.DataFrame(
        [
            each.groupby([each["start"].dt.year + (each["start"].dt.month > 8), "reason"]).size().rename(at)
            for at, each in enumerate(own)
        ]
    )
    cell = counts[(2023, "time_limited")]
    assert cell.var() / cell.mean() > 1.4
    assert counts[2021].sum(axis=1).mean() / counts[2023].sum(axis=1).mean() == pytest.approx(SCHOOLS[2021], rel=0.05)


def test_tiers_days_and_registrations_are_as_each_setting_has_them(ap):
    stays = ap.stays[ap.stays["plan"] == "without"]
    assert set(stays["tier"]) == {"short", "transition", "outreach"}
    schools = placed(stays).query("setting == 'ap_school'")
    assert set(schools["registration"]) == {"sole", "dual_main", "dual_subsidiary"}
    sent = by_who_arranges(placed(stays), "school_arranged")
    hosted = figure(read_ap_figures(), "hosted", setting="school_arranged").value
    assert sent["registration"].eq("dual_subsidiary").mean() == pytest.approx(hosted, abs=0.03)
    assert schools.query("registration == 'sole'")["days"].eq(5).all()
    assert set(stays.query("setting == 'school_arranged'")["registration"]) == {"none"}
    for setting in ("la_funded", "school_arranged"):
        mine = by_who_arranges(stays, setting)
        week = figure(read_ap_figures(), "week", setting=setting).value
        assert placed(mine)["days"].mean() / 5 == pytest.approx(week, abs=0.06)
    beside = stays[stays["beside"].astype(bool)]
    main = stays[~stays["beside"].astype(bool)].set_index(["child", "start"])
    with_main = main.loc[pd.MultiIndex.from_frame(beside[["child", "start"]]), "days"].to_numpy()
    assert len(beside) > 20
    assert np.allclose(with_main + beside["days"], 5)


def test_a_child_who_comes_again_has_left_before_and_grows_a_year_older_a_year(ap):
    stays = placed(ap.stays).sort_values(["child", "start"])
    again = stays[stays["child"].duplicated(keep=False) & stays["plan"].eq("without")]
    gaps = again.groupby("child").apply(lambda one: (one["start"] - one["end"].shift()).dt.days.min())
    assert 60 < len(gaps) < 0.1 * len(stays)
    assert gaps.min() > 14
    cohort = again["start"].dt.year + (again["start"].dt.month > 8) - again["nc_year"]
    assert cohort.groupby(again["child"]).nunique().max() == 1
