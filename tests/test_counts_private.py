"""A list of children given as a table of counts is refused, and no message repeats what it says of a child."""

import csv

import pytest
from builders import put, small_area

from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.inputs.counts import read_counts

HEADINGS = ("District", "Need", "Provision", "Children")


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return read_area(put(small_area(), tmp_path_factory.mktemp("base")))


def sheet(folder, *rows):
    with (folder / "counts.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return folder / "counts.csv"


def faults(path, base):
    with pytest.raises(InputFaults) as caught:
        read_counts(path, base)
    return caught.value.faults


@pytest.mark.parametrize("many", [1, 40])
def test_names_in_the_place_of_labels_are_not_echoed_where_they_are_many(base, tmp_path, many):
    """One unknown word is more likely a label that is spelt wrongly; what stands for a number is never repeated."""
    rows = [("North", f"Zzyzx{chr(97 + at % 26)}{chr(97 + at // 26)}", "special", "Zzyzx") for at in range(many)]
    told = faults(sheet(tmp_path, HEADINGS, *rows), base)
    assert ("Zzyzx" in str(InputFaults(told))) is (many == 1)
    assert all("Zzyzx" not in fault.what for fault in told if fault.field == "children")


@pytest.mark.parametrize("secret", ["ZZ1 1AA", "zz11aa", "Z999000000001", "2015-01-31", "31/01/15", "31-Jan-2015"])
def test_nothing_is_echoed_of_a_table_with_a_pupils_number_a_postcode_or_a_day(base, tmp_path, secret):
    for row in ((secret, "Zzyzx", "special", "Z999"), ("Nrth", "Zzyzx", "special", secret)):
        told = str(InputFaults(faults(sheet(tmp_path, HEADINGS, row), base)))
        assert not [text for text in (secret, "Zzyzx", "Z999", "Nrth") if text in told]
        assert "row 2, need: is no need that is known" in told


def test_columns_that_are_not_read_are_named_by_letter(base, tmp_path):
    path = sheet(tmp_path, ("year", "Zzyzx Child", "need", "children"), (2025, 1, "ASD", 3))
    assert "Columns that are not read: B." in read_counts(path, base)[2].said
