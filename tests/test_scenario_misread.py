"""What a person writes wrongly in a scenario file: told in plain words, on its row, with how to write it."""

import pytest

from forecast.errors import InputFaults
from forecast.scenario.changes import ScaleStarts
from forecast.scenario.scenario import read_scenario

GOOD = """\
name: Earlier help
why: Cabinet decision of March 2026.
changes:
  - {kind: scale_starts, from: 2027/28, factor: 0.9, need: SEMH}
"""


def faults_of(folder, text):
    path = folder / "help.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFaults) as caught:
        read_scenario(path)
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('name: Mine\nwhy: "no end\nchanges: []\n', 2),
        ("name: Mine\nwhy: 'no end\nworld: trend\nchanges: []\n", 2),
        ("name: Mine\nwhy: so\nchanges: [\n  {kind: scale_starts}\nworld: trend\n", 3),
        ("name: Mine\nwhy: so\nclaims: [\n\n\n", 3),
    ],
    ids=["double quote", "single quote", "list", "list at the end"],
)
def test_what_is_not_closed_is_named_by_the_row_where_it_opens(tmp_path, text, row):
    (fault,) = faults_of(tmp_path, text)
    assert fault.row == row
    assert "not closed" in fault.what


def test_what_is_wrong_where_nothing_is_open_is_named_by_its_own_row(tmp_path):
    (fault,) = faults_of(tmp_path, "name: Mine\nwhy: so\n  world: : trend\n")
    assert fault.row == 3


@pytest.mark.parametrize("field", ["from", "until"])
def test_a_year_without_its_second_half_is_refused_in_a_file_and_not_in_a_program(tmp_path, field):
    """2027 is the January of 2026/27 to a program, and the September of 2027/28 to most people."""
    years = {"from": "2025/26", "until": "2030/31"} | {field: "2027"}
    written = ", ".join(f"{name}: {year}" for name, year in years.items())
    (fault,) = faults_of(tmp_path, GOOD.replace("from: 2027/28", written))
    assert (fault.row, fault.field) == (4, f"change 1, {field}")
    assert fault.remedy == "write it as 2026/27 or 2027/28"
    assert ScaleStarts(from_year=2027, factor=1).from_year == 2027


@pytest.mark.parametrize(
    ("right", "wrong", "what", "remedy"),
    [
        ("0.9", "lots", "a number or a value with its range is meant", "write a number in figures"),
        ("0.9", "20%", "it reads as a word", "write 0.2, without signs"),
        ("0.9", '"£6,000.50"', "it reads as a word", "write 6000.5, without signs"),
        ("0.9", "{value: lots, low: 0, high: 1}", "a number is meant", "write a number in figures"),
        ("0.9", "[1]", "it reads as a list", "write a number in figures"),
        ("Earlier help", "Null", "it reads as nothing, where a word is meant", "in quotes"),
        ("Earlier help", "12", "it reads as a number, where a word is meant", "in quotes"),
        ("2027/28", "next year", "it is no academic year", "write it as 2027/28"),
        ("need: SEMH", "ramp: [0.5, 2]", "it is above 1", "write 1 or less"),
        ("need: SEMH", "year_groups: x", "a whole number is meant", "in figures"),
        ("need: SEMH", "evidence: [{says: a, source: b, dated: soon}]", "a date is meant", "write it as 2026-03-31"),
        ("need: SEMH", "evidence: so", "a list is meant", "square brackets"),
        ("0.9", "11", "a multiple lies from 0 to 10", "write 0.9 for 10% less"),
    ],
)  # fmt: skip
def test_what_is_misread_is_told_in_plain_words_with_how_to_write_it(tmp_path, right, wrong, what, remedy):
    (fault,) = faults_of(tmp_path, GOOD.replace(right, wrong))
    assert what in fault.what
    assert remedy in fault.remedy
    assert "input should" not in str(fault).lower()


def test_sums_of_money_are_written_as_people_write_them(tmp_path):
    change = "{kind: rebalance, from: 2027/28, share: 0.1, support: -5}"
    (fault,) = faults_of(tmp_path, f"name: Mine\nwhy: so\nchanges:\n  - {change}\n")
    assert "from 0 to 1,000,000,000" in fault.what


def test_an_empty_file_is_said_to_be_empty(tmp_path):
    (fault,) = faults_of(tmp_path, "")
    assert fault.what == "the file is empty"
    assert "`name`" in fault.remedy
    assert faults_of(tmp_path, "just words")[0].what == "it is no list of fields"


def test_a_word_of_a_short_list_is_answered_with_the_one_meant(tmp_path):
    change = "{kind: scale_price, from: 2027/28, item: plaice, factor: 2}"
    (fault,) = faults_of(tmp_path, f"name: Mine\nwhy: so\nchanges:\n  - {change}\n")
    assert (fault.field, fault.remedy) == ("change 1, item", "did you mean 'place'")
    (fault,) = faults_of(tmp_path, GOOD + "world: satturating\n")
    assert (fault.row, fault.remedy) == (5, "did you mean 'saturating'")


def test_a_kind_of_place_of_a_price_is_answered_with_the_one_meant(tmp_path):
    change = "{kind: set_price, from: 2027/28, item: place, provision: specail, price: 2}"
    (fault,) = faults_of(tmp_path, f"name: Mine\nwhy: so\nchanges:\n  - {change}\n")
    assert (fault.field, fault.remedy) == ("change 1, provision", "did you mean 'special'")
