"""Columns, words and days that an import of placements cannot take are refused, each with its remedy."""

import numpy as np
import pytest
from builders import put
from builders_ap_records import HEADINGS, SEEN, SINCE, TODAY, counts_area, put_csv, row

from forecast.errors import InputFaults
from forecast.inputs.area import read_area
from forecast.records.ap.counted import Given, read_stays
from forecast.records.ap.words import MEANINGS, read_words

WHOLE = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN))


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    return read_area(put(counts_area(), tmp_path_factory.mktemp("area"))).about


def faults(about, folder, rows, headings=HEADINGS, given=WHOLE):
    with pytest.raises(InputFaults) as caught:
        read_stays([put_csv(folder, rows, headings)], about, given)
    return caught.value.faults


def test_every_word_that_ships_means_something_known_and_every_label_is_a_word_for_itself():
    means = read_words().means
    for kind, known in MEANINGS.items():
        assert set(means[kind].values()) <= set(known), kind
        if kind != "tier_of_reason":
            assert {means[kind].get(label.replace("_", " ")) for label in known} == set(known), kind
    assert set(means["tier_of_reason"]) == {label.replace("_", " ") for label in MEANINGS["reason"]}


def test_columns_that_are_missing_are_all_named_with_the_one_that_may_be_meant(about, tmp_path):
    headings = ("child", "start", "end", "reasn", "setting", "Zzyzx")
    told = {fault.field: fault.remedy for fault in faults(about, tmp_path, [{"child": "a"}], headings)}
    assert set(told) == {"reason", "plan", "returned", "district", "nc_year"}
    assert told["reason"].startswith("head column D so, if that is it")
    assert "key_stage" in told["nc_year"]


def test_a_file_without_rows_is_refused(about, tmp_path):
    (fault,) = faults(about, tmp_path, [])
    assert fault.what == "has no rows below its headings"


def test_a_column_that_is_there_twice_is_refused(about, tmp_path):
    (fault,) = faults(about, tmp_path, [row(1)], (*HEADINGS, "Date from"))
    assert (fault.field, fault.what) == ("start", "2 columns are headed so")


def test_a_users_own_words_stand_above_those_that_ship(about, tmp_path):
    words = tmp_path / "words.csv"
    words.write_text("kind,word,means\nreason,The Zone,time_limited\nsetting,PRU,la_funded\ncolumn,Why here,reason\n")
    headings = tuple("Why here" if name == "reason" else name for name in HEADINGS)
    rows = [{**row(1), "Why here": "the zone"}]
    given = Given(TODAY, np.datetime64(SINCE), np.datetime64(SEEN), words)
    table = read_stays([put_csv(tmp_path, rows, headings)], about, given).tables["ap_arrivals"]
    assert table[["reason", "setting"]].to_numpy().tolist() == [["time_limited", "la_funded"]]


def test_words_that_mean_nothing_known_are_refused_each(about, tmp_path):
    words = tmp_path / "words.csv"
    words.write_text("kind,word,means\nreson,a,exclusion\nreason,,medical\nreason,b,bad\ntier,x,short\ntier,X,short\n")
    given = Given(TODAY, None, None, words)
    told = faults(about, tmp_path, [row(1)], given=given)
    assert {(fault.row, fault.field) for fault in told} == {(2, "kind"), (3, "word"), (4, "means"), (6, "word")}


@pytest.mark.parametrize(
    ("since", "seen", "what"),
    [
        ("2030-01-01", None, "--since: is a day that has not come yet"),
        (None, "2030-01-01", "--seen: is a day that has not come yet"),
        ("2022-05-01", "2022-04-01", "--since: is later than the last day that the files know"),
        ("2001-05-01", None, "--since: is before September 2009"),
        ("2025-05-01", None, "--since: no stay went on or began"),
    ],
)
def test_a_window_that_cannot_be_is_refused(about, tmp_path, since, seen, what):
    days = [None if day is None else np.datetime64(day) for day in (since, seen)]
    rows = [row(1, "2022-01-10", "2022-03-01"), row(2, "2025-05-02", "2025-05-02")][
        : 1 if what.endswith("began") else 2
    ]
    given = Given(TODAY, days[0], days[1] or (np.datetime64("2025-08-31") if what.endswith("began") else None))
    with pytest.raises(InputFaults) as caught:
        read_stays([put_csv(tmp_path, rows)], about, given)
    assert what in str(caught.value)


def test_a_file_given_twice_would_be_counted_once_and_is_refused(about, tmp_path):
    path = put_csv(tmp_path, [row(1)])
    with pytest.raises(InputFaults, match="is given twice"):
        read_stays([path, path], about, WHOLE)
