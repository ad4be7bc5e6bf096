"""Levers on alternative provision as people write them: read, refused, set against one another, and told again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from builders_ap import FULL, KINDS, STAY, ap_drivers, arrivals, full, lever

from forecast.domain import Tier
from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.report.beside import Standing, beside
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.recorded import changes_table, recorded, sentences
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.scenario_file import scenario_text
from forecast.scenario.unfit import known
from forecast.views.what_if_reach import OF_AP, Reach

NOBODYS = pd.DataFrame()
YEARS = range(2026, 2038)


@pytest.fixture(scope="module")
def county():
    return read_area("worcestershire")


def read(folder, *changes):
    path = folder / "mine.yaml"
    lines = [f"  - {{{change}}}" for change in changes]
    path.write_text("\n".join(["name: Mine", "why: As asked.", "changes:", *lines]) + "\n", encoding="utf-8")
    return read_scenario(path)


def of(*changes):
    return Scenario(name="mine", why="", changes=changes)


def told(*changes, drivers):
    return recorded(of(*changes), drivers, NOBODYS, NOBODYS)


def figures(rows, what):
    return {
        row.difference.year: (row.difference.old, row.difference.new) for row in rows if what in row.difference.what
    }


def test_one_label_or_several_may_be_written(tmp_path):
    scenario = read(
        tmp_path,
        f"{FEWER}, key_stage: ks3, reason: [exclusion, medical]",
        "kind: ap_shorten_stays, from: 2027/28, weeks: 12, tier: short",
    )
    assert scenario.changes[0].key_stage == ("ks3",)
    assert scenario.changes[0].reason == ("exclusion", "medical")
    assert scenario.changes[1].tier == ("short",)


FEWER = "kind: ap_scale_arrivals, from: 2027/28, factor: 0.9"
HELP = "kind: ap_outreach, from: 2027/28, children: 9"


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        (f"{FEWER}, reason: exclusions", "reason", "did you mean 'exclusion'"),
        (f"{FEWER}, key_stage: [ks3, ks9]", "key_stage", "did you mean 'ks"),
        (f"{FEWER}, setting: pru", "setting", "choose from ap_school"),
        (f"{FEWER}, need: SEMH", "need", "no field is called 'need'"),
        ("kind: ap_shorten_stays, from: 2027/28, weeks: 12, tier: outreach", "tier", "choose from short, transition"),
        (f"{HELP}, would_come: 2, stays: 0, cost: 1", "would_come", "0.2 for 20%"),
        (f"{HELP}, would_come: 0.2, stays: 0.2", "cost", "the field is missing"),
        (f"{HELP}, would_come: 1, stays: 1, cost: 1, payer: capital", "payer", "choose from general fund, high needs"),
        ("kind: ap_shorten_stays, from: 2027/28, tier: short", "", "would do nothing; write weeks or factor"),
        (
            "kind: ap_outreach, from: 2027/28, would_come: 1, stays: 1, cost: 1",
            "",
            "would do nothing; write children or residents",
        ),
        ("kind: ap_transision, from: 2027/28, share: 0.2", "", "did you mean 'ap_transition'"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_row_and_the_word_that_can(tmp_path, change, field, says):
    with pytest.raises(InputFaults) as caught:
        read(tmp_path, change)
    (fault,) = caught.value.faults
    assert fault.row == 4
    assert field in fault.field
    assert says in f"{fault.what}; {fault.remedy}"


@pytest.mark.parametrize(
    "change",
    [
        "kind: ap_shorten_stays, from: 2027/28, factor: 1",
        "kind: ap_outreach, from: 2027/28, residents: 0, would_come: 1, stays: 1, cost: 1",
    ],
)
def test_a_setting_that_says_that_nothing_changes_is_no_fault(tmp_path, change):
    (lever_read,) = read(tmp_path, change).changes
    drivers = ap_drivers()
    assert lever_read.idle
    assert lever_read.apply(drivers) is drivers


def test_an_area_without_figures_on_alternative_provision_is_told_so_of_each_change(county, tmp_path):
    held = [{"kind": kind, "from": "2027/28"} | FULL[kind] for kind in KINDS]
    written = [yaml.safe_dump(each, default_flow_style=True, width=999).strip()[1:-1] for each in held]
    scenario = read(tmp_path, "kind: scale_starts, from: 2027/28, factor: 0.9", *written)
    assert scenario.faults(county.about, county.places, YEARS) == []
    faults = scenario.faults(county.about, county.places, YEARS, ap=False)
    assert [fault.row for fault in faults] == list(range(5, 5 + len(KINDS)))
    said = "the area has no figures on alternative provision; add ap_rolls.csv or ap_arrivals.csv to the area's folder"
    assert {str(fault).split(": ", 1)[1] for fault in faults} == {f"{said}, or leave this out."}


def test_two_changes_of_a_kind_that_mean_one_child_are_refused_with_what_could_tell_them_apart(county):
    found = of(full("ap_outreach", key_stage="ks3"), full("ap_outreach", reason="medical", until="2030/31"))
    (fault,) = found.faults(county.about, county.places, YEARS)
    met = "Years 7 to 9; physical or mental health, from 2026/27 to 2030/31"
    assert fault.what.endswith(f"children who come to alternative provision, {met}")
    assert fault.remedy == "leave one out, or give them different key stages, reasons, districts, settings or years"
    (of_stays,) = of(full("ap_shorten_stays"), full("ap_shorten_stays", tier="short")).faults(
        county.about, county.places, YEARS
    )
    assert of_stays.remedy == "leave one out, or give them different key stages, reasons, tiers or years"


def test_changes_on_other_children_or_of_other_kinds_go_together(county):
    changes = [
        full("ap_outreach", key_stage="ks3"),
        full("ap_outreach", key_stage="ks4"),
        full("ap_scale_arrivals"),
        full("ap_shorten_stays", tier="short"),
        full("ap_shorten_stays", tier="transition"),
        full("ap_transition"),
        full("ap_return"),
        ScaleStarts(from_year=2028, factor=0.9),
    ]
    assert of(*changes).faults(county.about, county.places, YEARS) == []


def test_fewer_who_come_are_told_in_children_a_year():
    drivers = ap_drivers()
    rows = told(full("ap_scale_arrivals", district="North", key_stage="ks3", reason="exclusion"), drivers=drivers)
    come = arrivals(drivers).sel(district="North", key_stage="ks3", reason="exclusion").sum("setting").mean("draw")
    for year in (2027, 2028):
        assert figures(rows, "come")[year] == pytest.approx(
            (float(come.sel(year=year)), 0.8 * float(come.sel(year=year)))
        )
    assert {row.difference.cells for row in rows} == {"North; Years 7 to 9; permanent exclusion"}
    assert {row.difference.unit for row in rows} == {"children a year"}


def test_outreach_is_told_by_those_who_come_those_supported_and_its_price():
    drivers = ap_drivers()
    rows = told(full("ap_outreach"), drivers=drivers)
    come = float(arrivals(drivers).sel(year=2027).sum(["district", "key_stage", "reason", "setting"]).mean())
    assert figures(rows, "who come")[2027] == pytest.approx((come, come - 12))
    assert figures(rows, "supported")[2027] == (0, 60)
    assert figures(rows, "spending")[2027] == (0, 60)
    assert sentences(rows)[-1].endswith("2027/28: 0 -> 60 at £3,000")


def test_stays_shares_and_returns_are_told_in_days_and_in_hundredths():
    changes = (
        full("ap_shorten_stays", tier="short"),
        full("ap_transition", key_stage="ks4"),
        full("ap_return", tier="short"),
    )
    rows = told(*changes, drivers=ap_drivers())
    assert figures(rows, "a stay in")[2027] == pytest.approx((STAY[Tier.SHORT], 0.8 * STAY[Tier.SHORT]))
    assert figures(rows, "takes a transition place")[2027] == pytest.approx((40, 28))
    assert figures(rows, "returns")[2027] == pytest.approx((70, 79))
    told_of = changes_table(rows)
    assert set(told_of["what"]).isdisjoint({"ap multiple", "ap kept", "ap stay multiple"})
    assert not told_of["supported"].any()


def test_a_mean_over_cells_is_weighted_by_the_children_who_come_to_each():
    drivers = ap_drivers()
    stay = drivers["ap_stay"] * np.arange(1, 6).reshape(-1, 1, 1)
    made = drivers.assign(ap_stay=stay.transpose("key_stage", "reason", "tier"))
    rows = told(full("ap_shorten_stays", tier="short"), drivers=made)
    come = arrivals(made).sel(year=2027).sum(["district", "reason", "setting"]).mean("draw").to_numpy()
    by_hand = STAY[Tier.SHORT] * (come * np.arange(1, 6)).sum() / come.sum()
    assert figures(rows, "a stay in")[2027] == pytest.approx((by_hand, 0.8 * by_hand))


def test_a_change_that_does_nothing_is_told_as_such():
    rows = told(lever("ap_scale_arrivals", factor=1), drivers=ap_drivers())
    assert sentences(rows) == ["1 ap_scale_arrivals: changes nothing"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_lever_written_as_a_file_reads_back_the_same(kind, tmp_path):
    ranged = {"value": 0.3, "low": 0.1, "high": 0.5}
    fields = FULL[kind] | {"key_stage": ["ks1", "ks4"], "ramp": [0.5, 1]}
    fields |= {name: ranged for name in ("share", "factor", "stays") if name in fields}
    scenario = of(lever(kind, "2027/28", until="2030/31", **fields))
    path = tmp_path / "mine.yaml"
    path.write_text(scenario_text(scenario), encoding="utf-8")
    assert read_scenario(path).changes == scenario.changes


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_offers_levers_on_alternative_provision_where_it_is_counted(kind, county):
    reach = Reach(county.about, known(county.about, county.places), tuple(YEARS), 2027, county.places, ap=True)
    assert kind in OF_AP
    assert reach.offers(kind)
    assert not replace(reach, ap=False).offers(kind)
    assert replace(reach, ap=False).offers("scale_starts")


@pytest.mark.parametrize("kind", KINDS)
def test_beside_such_a_lever_stands_that_nobody_publishes_what_it_moves(kind, county):
    found = beside(kind, county.about, Standing(pd.DataFrame(), {}, None))
    assert not found.told
    assert "is not published by authority" in found.reading
