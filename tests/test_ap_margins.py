"""Counts of alternative provision told by plan, district, reason and key stage: whether they add up to one another."""

import pytest
from builders import as_csv, says, with_cell
from builders_ap_files import EXCLUSIONS, GOOD, ROLLS, told

from forecast.inputs.schemas import TABLES, file_columns


@pytest.mark.parametrize(
    ("row", "cell", "part"),
    [
        (4, "41", "row 2, children: with and without a plan there are 61 children, in all 60"),
        (3, "19", "row 2, children: with and without a plan there are 59 children, in all 60"),
        (5, "24", "row 5, children: 2025, month 1: by key stage 59 children, in all 60"),
    ],
)
def test_margins_that_differ_are_told_and_blank_ones_are_not(row, cell, part):
    files = with_cell(GOOD, "ap_rolls.csv", row, "children", cell)
    (fault,) = told("ap_rolls", files)
    assert part in str(fault)
    assert told("ap_rolls", with_cell(GOOD, "ap_rolls.csv", row, "children", "")) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            (2024, 12, "North", "all", 42, 1, "Count"),
            "row 2, permanent: by district there are 42 permanent exclusions, in all 41",
        ),
        (
            (2024, 12, "all", "ks3", 1, 901, "Count"),
            "row 2, suspensions: by key stage there are 901 suspensions, in all 900",
        ),
    ],
)
def test_a_part_of_the_exclusions_is_not_more_than_all_of_them(row, said):
    excluded = as_csv([file_columns(TABLES["exclusions"]), EXCLUSIONS[0], row])
    assert [str(fault).partition(";")[0] for fault in told("exclusions", {"exclusions.csv": excluded})] == [
        f"exclusions.csv, {said}"
    ]
    hidden = [*row[:4], *("" if count in {42, 901} else count for count in row[4:6]), "Count"]
    part = as_csv([file_columns(TABLES["exclusions"]), EXCLUSIONS[0], hidden])
    assert told("exclusions", {"exclusions.csv": part}) == []


def test_districts_may_be_fewer_than_the_area_but_not_more():
    whole = (2025, 1, "all", "ap_school", "without", "exclusion", "ks4", 12, "", "Count")
    more = as_csv([file_columns(TABLES["ap_rolls"]), *ROLLS[5:6], whole])
    assert told("ap_rolls", {"ap_rolls.csv": more}) == []
    fewer = with_cell({**GOOD, "ap_rolls.csv": more}, "ap_rolls.csv", 3, "children", "11")
    assert says(fewer, "row 3, children: by district there are 12 children, in all 11") is True


def test_one_plan_alone_may_be_any_part_of_the_whole():
    part = as_csv([file_columns(TABLES["ap_rolls"]), ROLLS[0], ROLLS[2]])
    assert told("ap_rolls", {"ap_rolls.csv": part}) == []


TOTAL = (2025, 1, "all", "ap_school", "without", "all", "all", 40, "", "Count")


def rolls(*rows):
    """ap_rolls.csv of January 2025: children without a plan in AP schools by district, reason and key stage."""
    own = [row if len(row) > 4 else (*TOTAL[:2], row[0], *TOTAL[3:5], *row[1:], "", "Count") for row in rows]
    return [
        str(fault) for fault in told("ap_rolls", {"ap_rolls.csv": as_csv([file_columns(TABLES["ap_rolls"]), *own])})
    ]


BY_DISTRICT = "row 2, children: by district there are 41 children, in all 40"
BY_BOTH = "row 3, children: 2025, month 1: by reason x key stage {} children, in all 40"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("North", "exclusion", "ks3", 20), ("South", "medical", "ks4", 20)], None),
        ([("North", "exclusion", "ks3", 20), ("South", "medical", "ks4", 19)], None),
        ([("North", "exclusion", "ks3", 20), ("South", "medical", "ks4", 21)], BY_DISTRICT),
        ([("North", "exclusion", "all", 20), ("South", "all", "ks4", 21)], BY_DISTRICT),
        ([("North", "exclusion", "ks3", ""), ("South", "medical", "ks4", 41)], BY_DISTRICT),
        ([("all", "exclusion", "ks3", 20), ("all", "exclusion", "ks4", 20)], None),
        ([("all", "exclusion", "ks3", 20), ("all", "exclusion", "ks4", 19)], BY_BOTH.format(39)),
        ([("all", "exclusion", "ks3", ""), ("all", "exclusion", "ks4", 40)], None),
        ([("all", "exclusion", "ks3", ""), ("all", "exclusion", "ks4", 41)], BY_BOTH.format(41)),
    ],
)
def test_children_told_by_district_reason_and_key_stage_add_up_to_the_total(rows, said):
    found = [fault.partition("; ")[0] for fault in rolls(TOTAL, *rows)]
    assert found == ([] if said is None else [f"ap_rolls.csv, {said}"])


def test_both_plans_told_by_key_stage_alone_are_everybody_all_the_same():
    everybody = (*TOTAL[:4], "all", "all", "all", 50, "", "Count")
    stages = [
        (*TOTAL[:4], plan, "all", stage, many, "", "Count")
        for plan, stage, many in (
            ("with", "ks3", 4),
            ("with", "ks4", 6),
            ("without", "ks3", 15),
            ("without", "ks4", 25),
        )
    ]
    assert rolls(everybody, *stages) == []
    (fewer,) = rolls((*everybody[:7], 51, "", "Count"), *stages)
    assert "row 2, children: with and without a plan there are 50 children, in all 51" in fewer


def test_a_key_stage_and_the_total_that_it_spoils_are_one_fault_and_every_key_stage_is_named():
    area = [("all", "all", "ks3", 10), ("all", "all", "ks4", 10)]
    (one,) = rolls(*area, ("North", "all", "ks3", 25), ("North", "all", "ks4", 5))
    assert "row 2, children: by district there are 25 children, in all 10" in one
    both = rolls(*area, ("North", "all", "ks3", 25), ("North", "all", "ks4", 15))
    assert [fault.partition(":")[0] for fault in both] == [
        "ap_rolls.csv, row 2, children",
        "ap_rolls.csv, row 3, children",
    ]


def test_exclusions_by_district_and_key_stage_are_no_more_than_those_of_the_area():
    rows = [(2024, 12, "North", stage, many, "", "Count") for stage, many in (("ks3", 30), ("ks4", 12))]
    (fault,) = told(
        "exclusions", {"exclusions.csv": as_csv([file_columns(TABLES["exclusions"]), EXCLUSIONS[0], *rows])}
    )
    assert "row 2, permanent: by district there are 42 permanent exclusions, in all 41" in str(fault)
