"""What ships about alternative provision: figures that are of a piece, and rolls that add up."""

import csv
from pathlib import Path

import pandas as pd
import pytest

from forecast.domain import KEY_STAGES, ApSetting, KeyStage, Reason, Tier
from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.inputs.reference_ap import (
    figure,
    read_ap_figures,
    read_authority_rolls,
    read_england_rolls,
    with_own,
)
from forecast.inputs.schemas_ap_figures import AP_ITEMS, AP_WHERE

SHIPPED = Path(__file__).resolve().parents[1] / "data" / "reference"
HEADER = "item,setting,reason,key_stage,tier,value,low,high,unit,supported,source"
EXCLUDED_2022, EXCLUDED_2022_23 = 7502, 9376
"""Permanent exclusions in England: 6,495 of 2021/22 less 2,097 of its autumn and 3,104 of autumn 2022; of 2022/23."""


@pytest.fixture(scope="module")
def figures():
    return read_ap_figures()


def rows_of(name):
    with (SHIPPED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def table(*rows):
    made = pd.DataFrame([row.split(",") for row in rows], columns=HEADER.split(","))
    numbers = {name: made[name].astype(float) for name in ("value", "low", "high")}
    return made.assign(**numbers, supported=made["supported"].eq("yes"))


def test_the_row_that_names_most_holds_and_of_two_alike_the_one_that_names_the_first_column():
    told = table(
        "stay_days,all,all,all,all,1,1,1,days,no,s",
        "stay_days,all,all,ks4,all,2,2,2,days,no,s",
        "stay_days,all,exclusion,all,all,3,3,3,days,no,s",
        "stay_days,all,all,ks4,short,4,4,4,days,no,s",
        "week,all,all,all,all,9,9,9,share,no,s",
    )
    assert figure(told, "stay_days").value == 1
    assert figure(told, "stay_days", key_stage="ks4").value == 2
    assert figure(told, "stay_days", key_stage="ks4", reason="exclusion").value == 3
    assert figure(told, "stay_days", key_stage="ks4", reason="exclusion", tier="short").value == 4
    assert figure(told, "stay_days", key_stage="ks3", reason="medical", tier="transition").value == 1


def test_a_figure_that_nothing_gives_is_asked_for_by_name():
    told = table("week,ap_school,all,all,all,1,1,1,share,no,s")
    with pytest.raises(InputFaults, match=r"ap\.csv, item: has no row for week, setting la_funded; add it, or one"):
        figure(told, "week", setting="la_funded")


def test_an_area_s_own_figure_stands_for_all_that_it_names():
    shipped = table(
        "stay_days,all,all,all,short,112,84,183,days,yes,s",
        "stay_days,all,medical,all,short,140,70,270,days,no,s",
        "stay_days,all,exclusion,ks4,transition,290,200,400,days,no,s",
        "week,all,all,all,all,1,1,1,share,no,s",
    )
    own = table("stay_days,all,all,all,short,90,60,150,days,yes,Own")
    both = with_own(shipped, own)
    assert figure(both, "stay_days", reason="medical", tier="short").value == 90
    assert figure(both, "stay_days", reason="exclusion", key_stage="ks4", tier="transition").value == 290
    assert figure(both, "week").value == 1
    narrow = with_own(shipped, table("stay_days,all,medical,all,short,77,60,150,days,yes,Own"))
    assert figure(narrow, "stay_days", reason="medical", tier="short").value == 77
    assert figure(narrow, "stay_days", reason="other", tier="short").value == 112
    assert with_own(shipped, own.iloc[:0]) is shipped


def test_every_figure_that_a_forecast_asks_for_is_there(figures):
    for stage in KeyStage:
        for tier in (Tier.SHORT, Tier.TRANSITION):
            assert 0 <= figure(figures, "return_share", key_stage=stage, tier=tier).value <= 1
            for reason in Reason:
                assert 0 < figure(figures, "stay_days", key_stage=stage, reason=reason, tier=tier).value < 730
        for reason in Reason:
            assert 0 <= figure(figures, "transition_share", key_stage=stage, reason=reason).value <= 1
    for setting in ApSetting:
        assert 0 < figure(figures, "week", setting=setting).value <= 1
        assert 0 < figure(figures, "plan_share", setting=setting).value < 1
        assert figure(figures, "january", setting=setting).value > 0
    assert figure(figures, "peak").value > 1
    assert 0 < figure(figures, "headroom").value < 1
    assert 0 < figure(figures, "excluded_to_ap").value < 1
    assert set(figures["item"]) == set(AP_ITEMS)


@pytest.mark.parametrize("setting", ApSetting)
def test_reasons_of_a_setting_add_up_to_everybody(figures, setting):
    shares = [figure(figures, "reason_share", setting=setting, reason=reason).value for reason in Reason]
    assert sum(shares) == pytest.approx(1, abs=1e-9)


def test_transition_places_last_longer_and_lead_back_less_often(figures):
    for stage in KeyStage:
        back = [figure(figures, "return_share", key_stage=stage, tier=tier).value for tier in ("short", "transition")]
        assert back[0] > back[1]
        for reason in Reason:
            of = {"reason": reason, "key_stage": stage}
            assert figure(figures, "stay_days", tier="short", **of).value < (
                figure(figures, "stay_days", tier="transition", **of).value
            )


def test_every_figure_says_where_it_comes_from_and_judgement_is_called_so():
    for row in rows_of("ap.csv"):
        assert len(row["source"]) > 8
        if row["supported"] == "yes":
            assert not row["source"].startswith("Judgement")
            assert any(mark in row["source"] for mark in ("20", "19")), row
        else:
            assert "udgement" in row["source"]


def own_figure(rows, item, **asked):
    """`figure` by another route: rows of the file, most names first."""
    fits = [
        row
        for row in rows
        if row["item"] == item and all(row[name] in {"all", asked.get(name, "all")} for name in AP_WHERE)
    ]
    return float(max(fits, key=lambda row: sum(row[name] != "all" for name in AP_WHERE))["value"])


def test_rolls_stays_and_shares_imply_about_as_many_arrivals_for_exclusion_as_there_were_exclusions():
    rows, england = rows_of("ap.csv"), rows_of("ap_england.csv")
    now = [row for row in england if row["year"] == "2023" and row["reason"] == "all"]
    came = to_schools = 0.0
    for setting in ApSetting:
        own = [row for row in now if row["setting"] == setting]
        total = next(float(row["children"]) for row in own if row["plan"] == row["key_stage"] == "all")
        without = [float(row["children"]) for row in own if row["plan"] == "without"]
        children = without[0] if without else total * (1 - own_figure(rows, "plan_share", setting=setting))
        excluded = children * own_figure(rows, "reason_share", setting=setting, reason="exclusion")
        for row in own:
            if row["key_stage"] == "all":
                continue
            at = {"reason": "exclusion", "key_stage": row["key_stage"]}
            long = own_figure(rows, "transition_share", **at)
            stay = long * own_figure(rows, "stay_days", tier="transition", **at)
            stay += (1 - long) * own_figure(rows, "stay_days", tier="short", **at)
            coming = excluded * float(row["children"]) / total * 365 / stay
            came, to_schools = came + coming, to_schools + coming * (setting == ApSetting.AP_SCHOOL)
    assert EXCLUDED_2022 <= came <= EXCLUDED_2022_23
    assert EXCLUDED_2022 <= to_schools / own_figure(rows, "excluded_to_ap") <= EXCLUDED_2022_23
    said = next(row["source"] for row in rows if row["item"] == "stay_days" and row["key_stage"] == "ks4")
    assert f"{round(came, -2):,.0f}" in said


def test_excluded_children_who_return_are_near_the_quarter_who_were_back_by_year_11(figures):
    back = []
    for stage in (KeyStage.KS3, KeyStage.KS4):
        long = figure(figures, "transition_share", key_stage=stage, reason="exclusion").value
        short, transition = (
            figure(figures, "return_share", key_stage=stage, tier=tier).value for tier in ("short", "transition")
        )
        back.append((1 - long) * short + long * transition)
    assert back[1] < 0.25 < back[0]


def test_england_is_the_sum_of_its_authorities():
    england = read_england_rolls()
    published = england[england["verified"] & (england["reason"] == "all")]
    by = ["year", "setting", "plan", "key_stage"]
    sums = read_authority_rolls().groupby(by)["children"].sum()
    assert sums.to_dict() == published.set_index(by)["children"].to_dict()
    assert len(published) == 2 * 6 * 6 + 6 * 2 + 8


def test_plans_and_key_stages_of_every_authority_add_up_to_its_total():
    rolls = read_authority_rolls()
    key = ["la_code", "year", "setting"]
    whole = rolls[(rolls["plan"] == "all") & (rolls["key_stage"] == "all")].set_index(key)["children"]
    for parts in (rolls[rolls["plan"] != "all"], rolls[rolls["key_stage"] != "all"]):
        sums = parts.groupby(key)["children"].sum()
        assert sums.equals(whole.reindex(sums.index))
    assert len(whole) == sum(1 for row in rows_of("ap_rolls.csv") if row["plan"] == row["key_stage"] == "all")


def test_totals_that_only_the_press_gives_are_marked_and_are_the_only_ones_of_2024():
    england = read_england_rolls()
    assert set(england.loc[~england["verified"], "year"]) == {2024}
    later = england[england["year"] == 2024].set_index("setting")["children"]
    assert later["ap_school"] == 15866
    assert later["la_funded"] / 40904 == pytest.approx(48133 / 41319, abs=1e-4)


def test_funded_placements_fall_after_year_11_in_every_year_and_not_a_year_before():
    rolls = read_england_rolls()
    funded = rolls[(rolls["setting"] == "la_funded") & (rolls["key_stage"] != "all") & rolls["verified"]]
    a_year_group = funded.assign(
        each=funded["children"] / funded["key_stage"].map(lambda stage: len(KEY_STAGES[KeyStage(stage)]))
    ).pivot_table(index="year", columns="key_stage", values="each")
    assert (a_year_group["ks4"] > a_year_group["ks3"] * 1.3).all()
    assert (a_year_group["ks4"] > a_year_group["ks5"] * 1.3).all()
    share = funded.pivot_table(index="year", columns="key_stage", values="children")
    share = share.div(share.sum(axis=1), axis=0)
    assert share.diff().dropna().abs().max().max() < 0.045


@pytest.mark.parametrize(("name", "code"), [("worcestershire", "885"), ("lancashire", "888")])
def test_the_counties_that_ship_have_their_own_rows(name, code):
    own = read_area(SHIPPED.parent / name).ap_rolls
    assert set(own["month"]) == {1}
    assert set(own["district"]) == {"all"}
    by = ["year", "setting", "plan", "key_stage"]
    rolls = read_authority_rolls()
    theirs = rolls[rolls["la_code"] == code].set_index(by)["children"].to_dict()
    assert own[own["reason"] == "all"].set_index(by)["children"].to_dict() == theirs
    assert len(theirs) > 80


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("peak,all,all,all,all,1.2,1.3,1.4,multiple,no,s", "value: is not from low to high"),
        ("peek,all,all,all,all,1.2,1.1,1.4,multiple,no,s", "no AP item is called 'peek'"),
        ("peak,all,all,all,all,1.2,1.1,1.4,multiple,perhaps,s", "supported: 'perhaps' is neither yes nor no"),
        ("", "has no rows"),
    ],
)
def test_a_file_in_its_stead_that_is_wrong_is_refused(tmp_path, row, said):
    path = tmp_path / "ap.csv"
    path.write_text(f"{HEADER}\n{row}\n" if row else f"{HEADER}\n", encoding="utf-8")
    with pytest.raises(InputFaults, match=said):
        read_ap_figures(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path):
    with pytest.raises(InputFaults, match=r"ap_rolls\.csv: it cannot be read"):
        read_authority_rolls(tmp_path / "ap_rolls.csv")
