"""Counts of simulated stays are who came, how long they stayed and who was there, by other routes as well."""

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from builders import put
from builders_ap_records import SEEN, SINCE, TODAY, counts_area, put_csv, simulated

from forecast.domain import KEY_STAGES
from forecast.inputs.area import read_area
from forecast.records.ap.counted import Given, read_stays
from forecast.records.ap.tables import bands

WHOLE = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN))
ORDER = ("sole", "dual main", "dual subsidiary", "none")


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    return read_area(put(counts_area(), tmp_path_factory.mktemp("area"))).about


@pytest.fixture(scope="module")
def large(about, tmp_path_factory):
    """Counts of many simulated stays, and the days of each."""
    rows, stays = simulated(a_year=1_600)
    return read_stays([put_csv(tmp_path_factory.mktemp("large"), rows)], about, WHOLE).tables, days_of_children(stays)


@pytest.fixture(scope="module")
def small(about, tmp_path_factory):
    rows, stays = simulated(seed=2, a_year=300, both=0.4)
    return read_stays([put_csv(tmp_path_factory.mktemp("small"), rows)], about, WHOLE).tables, stays


def rank(stay):
    """Place of a stay among those that a child has on one day."""
    return ORDER.index(stay[4]), -stay[5], stay[1]


def days_of_children(stays):
    """Day by day, the main stay of every child: stay -> days on which it is."""
    by_child, days = {}, {}
    for at, stay in enumerate(stays):
        by_child.setdefault(stay[0], []).append(at)
    for own in by_child.values():
        first = min(stays[at][1] for at in own)
        last = max(stays[at][2] or SEEN for at in own)
        span = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
        if len(own) == 1:
            days[own[0]] = span
            continue
        for day in span:
            there = [at for at in own if stays[at][1] <= day <= (stays[at][2] or SEEN)]
            if there:
                days.setdefault(min(there, key=lambda at: rank(stays[at])), []).append(day)
    return days


def january(day):
    return day.year + (day.month >= 9)


def stage(stay, day):
    year = stay[3]["year group"] + january(day) - january(stay[1])
    return next((name for name, years in KEY_STAGES.items() if year in years), "ks5")


def cell(stay, day):
    labels = stay[3]
    plan = "with" if labels["plan"] == "yes" else "without"
    return labels["setting"], labels["reason"], stage(stay, day), labels["tier"], plan


def test_arrivals_are_those_that_came_counted_one_by_one(small):
    tables, stays = small
    came = Counter(
        (january(days[0]), stays[at][3]["district"], *cell(stays[at], days[0]))
        for at, days in days_of_children(stays).items()
        if days[0] >= SINCE
    )
    table = tables["ap_arrivals"]
    key = ["year", "district", "setting", "reason", "key_stage", "tier", "plan"]
    assert table.set_index(key)["children"].to_dict() == came
    assert set(table["months"]) == {12}


def test_stays_are_as_long_as_their_days_counted_one_by_one(small):
    tables, stays = small
    seen = Counter()
    for at, days in days_of_children(stays).items():
        if days[0] >= SINCE:
            start = len(days) // 7 * 7 if len(days) < 364 else 364 + (len(days) - 364) // 28 * 28
            seen[*cell(stays[at], days[0]), start, "ongoing" if stays[at][2] is None else "ended"] += 1
    table = tables["ap_stays"]
    key = ["setting", "reason", "key_stage", "tier", "plan", "days_from"]
    stood = table.melt(key, ["ended", "ongoing"], "how")
    assert stood[stood["value"] > 0].set_index([*key, "how"])["value"].to_dict() == seen
    assert (table["days_to"] - table["days_from"]).isin([7, 28]).all()


def test_rolls_hold_each_child_once_and_no_more_than_a_week_of_half_days(small):
    tables, stays = small
    main = {(stays[at][0], day): stays[at] for at, days in days_of_children(stays).items() for day in days}
    for year, month in ((2021, 9), (2023, 1), (2025, 8)):
        first = date(year - (month >= 9), month, 1)
        day = [first + timedelta(days=n) for n in range(31) if (first + timedelta(days=n)).weekday() == 3][2]
        children, sessions = Counter(), Counter()
        for child in {child for child, when in main if when == day}:
            live = [each for each in stays if each[0] == child and each[1] <= day <= (each[2] or SEEN)]
            where = main[child, day]
            named = where[3]["setting"], "with" if where[3]["plan"] == "yes" else "without"
            for key in ((*named, where[3]["district"], "all"), (*named, "all", stage(where, day))):
                children[key] += 1
                sessions[key] += min(10, sum(2 * each[5] for each in live))
        rows = tables["ap_rolls"]
        rows = rows[rows["year"].eq(year) & rows["month"].eq(month) & rows["reason"].eq("all")]
        found = rows[rows["children"] > 0].set_index(["setting", "plan", "district", "key_stage"])
        assert found["children"].to_dict() == children
        assert found["sessions"].to_dict() == sessions


def mean_from(table):
    """Mean stay from bands in which stays end evenly, those going on at the middle: the curve summed day by day."""
    ended, ongoing = np.zeros(4_000), np.zeros(4_000)
    for first, last, out, on in table[["days_from", "days_to", "ended", "ongoing"]].itertuples(index=False):
        width = int(last) - first
        ended[first : int(last)] += out / width
        ongoing[first + width // 2] += on
    left = (ended + ongoing)[::-1].cumsum()[::-1]
    hazard = np.divide(ended, left, out=np.zeros_like(left), where=left > 0)
    return float(np.cumprod(1 - hazard).sum())


def test_littles_law_holds_of_what_is_counted_to_two_in_a_hundred(large):
    """Children on roll = who come a day x how long they stay: by the monthly rolls, by person-days, by the product."""
    tables, days_of = large
    days = (SEEN - SINCE).days + 1
    rolls = tables["ap_rolls"]
    by_month = rolls[rolls["district"].ne("all")].groupby(["year", "month"])["children"].sum()
    by_days = sum(sum(day >= SINCE for day in own) for own in days_of.values()) / days
    by_product = tables["ap_arrivals"]["children"].sum() / days * mean_from(tables["ap_stays"])
    assert len(by_month) == 60
    assert by_month.mean() == pytest.approx(by_days, rel=0.02)
    assert by_product == pytest.approx(by_days, rel=0.02)


def test_bands_of_a_week_are_fine_enough_for_a_mean(large):
    """The mean of all that ended, from the middles of their bands, against the days themselves."""
    days = np.array([len(own) for own in large[1].values()])
    first, last = bands(days)
    assert ((first + last) / 2).mean() == pytest.approx(days.mean(), rel=0.01)
    assert ((first <= days) & (days < last)).all()


def test_every_margin_of_a_roll_has_the_same_children(large):
    rolls = large[0]["ap_rolls"]
    january = rolls[rolls["month"] == 1]
    by = {
        margin: january[january[margin].ne("all")].groupby(["year", "setting", "plan"])["children"].sum().to_dict()
        for margin in ("district", "key_stage", "reason")
    }
    assert by["district"] == by["key_stage"] == by["reason"]
    assert (rolls["children"] % 1 == 0).all()
