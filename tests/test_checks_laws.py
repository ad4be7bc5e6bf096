"""Laws of the score, and of a fix file: what is planted is found, what is mended is forgotten."""

import random
import re

import pandas as pd
import pytest
from builders_checks import CENSUS, clean, county, establishments, filed, fix_file, spoilt
from builders_spoils import SPOILS

from forecast.records.checks import CHECKS, run_checks
from forecast.records.checks_score import FORMULA, score
from forecast.records.fixes import RECORD, REMOVED, THERE, apply_fixes, read_fixes

EXTRACT = establishments()
WEIGHTS = {check.name: check.harm.weight for check in CHECKS}
BEYOND_FIXING = {"plan_not_active", "plan_never_named", "no_placement", "id_twice"}
"""Spoils that take records out, or leave two of one id: only a new export mends them."""


def scored(return_):
    counts = run_checks([return_], EXTRACT).counts
    return score(counts.set_index("check")["rows"], WEIGHTS)


def text(value):
    """A value as a fix file has it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def mending(right, wrong):
    """Rows of the fix file that turns one return's records into another's."""
    for module, records in wrong.items():
        good = {row["id"]: row for row in right[module]}
        for row in records:
            if row["id"] not in good:
                yield module, CENSUS, row["id"], RECORD, THERE, REMOVED
                continue
            for field in row | good[row["id"]]:
                old, new = (text(one.get(field)) for one in (row, good[row["id"]]))
                if old != new:
                    yield module, CENSUS, row["id"], field, old, new


def test_a_clean_return_scores_100():
    assert scored(filed(clean())) == 100


def test_a_return_without_children_has_no_score():
    assert scored(filed({module: [] for module in clean()})) is None


@pytest.mark.parametrize("seed", [1, 2])
def test_the_score_takes_off_the_gravest_fault_of_each_child_and_never_rises_as_faults_are_planted(seed):
    names = random.Random(seed).sample(sorted(SPOILS), 8)  # noqa: S311 - a choice of tests
    before = 100
    for planted in range(1, len(names) + 1):
        parts = [spoilt(SPOILS[name]) for name in names[:planted]] + [clean()] * (len(names) - planted)
        rows = county(parts)
        children = len(rows["person"]) + names[:planted].count("orphan")
        by_hand = 100 - 100 * sum(WEIGHTS[name] for name in names[:planted]) / children
        now = scored(filed(rows))
        assert now == pytest.approx(by_hand, abs=1e-9)
        assert now <= before
        before = now


def test_a_child_with_several_faults_loses_only_the_gravest():
    once = scored(filed(spoilt(SPOILS["unknown_need"])))
    both = scored(filed(spoilt(SPOILS["unknown_need"], SPOILS["no_postcode"], SPOILS["unit_where_none"])))
    graver = scored(filed(spoilt(SPOILS["unknown_need"], SPOILS["reason_without_date"])))
    assert once == both > graver


def test_mending_every_fault_at_once_restores_the_return(tmp_path):
    names = sorted(set(SPOILS) - BEYOND_FIXING)
    right, wrong = county([clean()] * len(names)), county([spoilt(SPOILS[name]) for name in names])
    rows = list(mending(right, wrong))
    random.Random(1).shuffle(rows)  # noqa: S311 - the order of the file
    mended, applied = apply_fixes(filed(wrong), read_fixes(fix_file(tmp_path / "fixes.csv", rows)))
    children = len(wrong["person"]) + 1  # a record that belongs to nobody is one
    assert scored(filed(wrong)) == pytest.approx(100 - 100 * sum(WEIGHTS[name] for name in names) / children)
    assert scored(mended) == 100
    assert (applied.applied, applied.changed, applied.unknown) == (len(rows), 0, 0)
    for module, table in filed(right).tables.items():
        pd.testing.assert_frame_equal(mended.tables[module].reset_index(drop=True), table.reset_index(drop=True))


def test_mending_twice_mends_once(tmp_path):
    rows = list(mending(clean(), spoilt(SPOILS["unknown_need"], SPOILS["born_after_census"])))
    fixes = read_fixes(fix_file(tmp_path / "fixes.csv", rows))
    mended, _ = apply_fixes(filed(spoilt(SPOILS["unknown_need"], SPOILS["born_after_census"])), fixes)
    again, applied = apply_fixes(mended, fixes)
    assert (applied.applied, applied.changed) == (0, 2)
    assert scored(again) == 100


def test_the_sentence_on_the_score_gives_the_weights_that_it_uses():
    said = [float(number) for number in re.findall(r"([0-9.]+) if the", FORMULA)]
    assert said == sorted(set(WEIGHTS.values()), reverse=True)
