"""Children whom schools send to AP schools for part of the week: one child each at their school, a place there."""

from dataclasses import replace

import numpy as np
import pytest
from builders_ap_forecast import HEADROOM, LAST, SETTINGS, counted_with_ap, with_sent
from test_ap_report_tables import WHEN, mean, rows

from forecast.domain import WITHOUT_PLAN
from forecast.report.ap_tables import (
    ARRIVALS,
    COUNTED,
    EVERYBODY,
    HEADCOUNT,
    KEY_STAGE,
    PEAK,
    PLACE_YEARS,
    SENT,
    SENT_BY_SCHOOLS,
    SETTING,
    WANTED,
    WITH_PLAN,
    ap_table,
    everyone_table,
)


@pytest.fixture(scope="module")
def table():
    """The same county without any who are sent."""
    made = counted_with_ap()
    return ap_table(made, made.ap)


@pytest.fixture(scope="module")
def hosting():
    """A council whose AP schools take children whom other schools send for part of the week."""
    return with_sent(counted_with_ap(counted=dict.fromkeys(SETTINGS, 2023)))


@pytest.fixture(scope="module")
def hosted_table(hosting):
    return ap_table(hosting, hosting.ap)


def test_places_of_ap_schools_hold_those_sent_by_schools_and_their_range_is_of_the_sum(hosting, hosted_table):
    ap = hosting.ap
    full = ap.peak.to_numpy()[:, 5, :, :, 0] + ap.hosted.to_numpy()[:, 5]
    assert (full.sum(axis=(1, 2)) == ap.school_places.sel(year=WHEN).sum(["district", "key_stage"]).to_numpy()).all()
    whole = rows(hosted_table, measure=PEAK, by=SETTING, line="ap_school", year=WHEN)
    assert whole["mean"].item() == pytest.approx(full.sum(axis=(1, 2)).mean())
    assert whole["p90"].item() == pytest.approx(np.quantile(full.sum(axis=(1, 2)), 0.9))
    for stage, of_stage in zip(("ks1", "ks2", "ks3", "ks4", "ks5"), full.sum(axis=1).T, strict=True):
        assert mean(hosted_table, WANTED, KEY_STAGE, stage, "ap_school") == pytest.approx(
            of_stage.mean() * (1 + HEADROOM)
        )


@pytest.mark.parametrize("measure", [PLACE_YEARS, PEAK, WANTED])
def test_a_place_is_in_one_setting_alone(hosted_table, table, measure):
    parts = rows(hosted_table, measure=measure, by=SETTING, year=WHEN)
    assert parts["mean"].sum() == pytest.approx(mean(hosted_table, measure))
    assert mean(hosted_table, measure) == pytest.approx(mean(table, measure))
    assert mean(hosted_table, measure, SETTING, "ap_school", "ap_school") > mean(
        table, measure, SETTING, "ap_school", "ap_school"
    )


def test_children_who_are_sent_stay_on_their_own_schools_roll(hosted_table, table):
    for measure in (HEADCOUNT, ARRIVALS):
        for setting in SETTINGS:
            assert mean(hosted_table, measure, SETTING, setting, setting) == pytest.approx(
                mean(table, measure, SETTING, setting, setting)
            )


def test_those_sent_have_a_line_of_their_own_in_both_tables(hosting, hosted_table):
    sent = hosting.ap.hosted.sel(year=WHEN).sum(["district", "key_stage"])
    assert mean(hosted_table, SENT, SETTING, "ap_school", "ap_school") == pytest.approx(float(sent.mean()))
    by_stage = rows(hosted_table, measure=SENT, by=KEY_STAGE, year=WHEN)
    assert by_stage["mean"].sum() == pytest.approx(float(sent.mean()))
    everyone = rows(everyone_table(hosting, hosting.ap), setting="ap_school", measure=PEAK, year=WHEN)
    by = everyone.set_index("who")["mean"]
    assert by[SENT_BY_SCHOOLS] == pytest.approx(float(sent.mean()))
    claimed = hosting.claims.sel(provision="alternative", year=WHEN).sum(["district", "band"])
    assert by[WITHOUT_PLAN] == pytest.approx(float(claimed.sel(need=WITHOUT_PLAN).mean()))
    assert by[EVERYBODY] == pytest.approx(by[WITH_PLAN] + by[WITHOUT_PLAN])
    assert by[EVERYBODY] == pytest.approx(float(claimed.sum("need").mean()))


def test_where_no_school_sends_anyone_or_that_was_not_counted_there_is_no_such_line(table, hosting):
    assert SENT not in set(table["measure"])
    alone = replace(hosting.ap, counted={"ap_school": 2023})
    found = ap_table(hosting, alone)
    assert SENT not in set(found["measure"])
    assert mean(found, PEAK, SETTING, "ap_school", "ap_school") == mean(table, PEAK, SETTING, "ap_school", "ap_school")


def test_what_was_last_counted_stands_under_its_own_january(hosting, hosted_table):
    counted = rows(hosted_table, measure=COUNTED)
    assert set(counted["academic_year"]) == {"2022/23"}
    assert counted.set_index("line")["mean"].to_dict() == LAST | {"all": sum(LAST.values())}
    apart = replace(hosting.ap, counted=dict(zip(SETTINGS, (2023, 2024, 2023), strict=True)))
    assert "all" not in set(rows(ap_table(hosting, apart), measure=COUNTED)["line"])
    assert COUNTED not in set(ap_table(hosting, replace(hosting.ap, last={}))["measure"])
