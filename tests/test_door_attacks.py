from itertools import product

import numpy as np
import pytest
from builders_door import EVERY_MARGIN, SMALL, a_census, attack, could_be, sums, through_the_door

from forecast.report.door_audit import reach, wanted
from forecast.report.door_cells import PUBLISHED_BY_AUTHORITY, census_frame, forecast_frames
from forecast.report.door_hide import hide
from forecast.report.door_pattern import DoorShut, audited, decide
from forecast.report.door_rules import PROFILES, PUBLICATION

RANDOM_TABLES = 500
PUBLISHED = ("need", "provision")


def a_cube(rng, most=(4, 4, 4)):
    """Sparse small counts with a few large ones."""
    shape = rng.integers(2, np.array(most) + 1)
    return rng.negative_binomial(rng.choice([0.15, 0.4, 1.0]), 0.12, size=shape)


def recovered(found, alone, name):
    """Small lines of which a reader learns more than 1 to the threshold, and more than published totals alone tell."""
    few, most = min(SMALL[name]), max(SMALL[name])
    worse = {}
    for line, (low, high) in found.items():
        least, top = alone[line]
        free = range(max(least, few), min(top, most) + 1)
        if len(free) < 2:
            free = range(least, min(top, most) + 1)
        if len(free) >= 2 and (low > free[0] or high < free[-1]):
            worse[line] = (low, high)
    return worse


def attacked(cube, lines, name, known=(), totals=()):
    shown = through_the_door(cube, lines, PROFILES[name], known)
    found = attack(cube, lines, shown, name, totals)
    anything = dict.fromkeys(found, (0, 10**6))
    alone = attack(cube, lines, [None] * len(lines), name, totals) if len(totals) else anything
    return found, recovered(found, alone, name)


@pytest.mark.parametrize("chunk", range(10))
def test_no_small_number_of_random_tables_is_recovered(chunk):
    tried = 0
    for seed in range(chunk * RANDOM_TABLES // 10, (chunk + 1) * RANDOM_TABLES // 10):
        rng = np.random.default_rng(seed)
        cube, name = a_cube(rng, most=(3, 3, 2)), ("publication", "strict")[seed % 2]
        tables = [EVERY_MARGIN[n] for n in rng.choice(len(EVERY_MARGIN), size=4, replace=False)]
        known = [[PUBLISHED], sums(cube, [(0, 1, 1)])] if seed % 3 else []
        found, worse = attacked(cube, sums(cube, tables), name, *known)
        assert worse == {}, seed
        tried += len(found)
    assert tried > 30


def test_whole_numbers_and_all_that_dfe_publishes_recover_no_small_number():
    tables = [(0, 0, 1, 1), (0, 1, 1, 0), (1, 0, 1, 0), (0, 0, 1, 0), (1, 0, 0, 0)]
    published = [(0, 1, 1, 0), (0, 0, 1, 1), (0, 1, 0, 1)]
    tried = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        cube = rng.negative_binomial(rng.choice([0.15, 0.4]), 0.12, size=rng.integers(2, 4, size=4))
        found, worse = attacked(cube, sums(cube, tables), "publication", PUBLISHED_BY_AUTHORITY, sums(cube, published))
        assert worse == {}, seed
        tried += len(found)
    assert tried > 40


def test_no_small_number_is_recovered_from_two_regroupings_published_at_once():
    tried = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        cube = rng.negative_binomial(0.4, 0.12, size=(4, 3, 2))
        lines = sums(cube, EVERY_MARGIN, regrouped=[[0, 1], [2, 3]])
        found, worse = attacked(cube, lines, "publication", [PUBLISHED], sums(cube, [(0, 1, 1)]))
        assert worse == {}, seed
        tried += len(found)
    assert tried > 20


def test_trying_every_whole_table_recovers_no_small_number():
    for seed in range(8):
        rng = np.random.default_rng(seed)
        cube = rng.integers(0, 10, size=(2, 3, 1))
        lines = sums(cube, EVERY_MARGIN)
        shown = through_the_door(cube, lines, PUBLICATION, known=[PUBLISHED])
        every = np.array(list(product(range(20), repeat=2)))
        published = cube.sum(axis=(0, 2))
        columns = [every[every.sum(axis=1) == total] for total in published]
        tables = np.array([np.concatenate(rows) for rows in product(*columns)]).reshape(-1, 3, 2).transpose(0, 2, 1)
        counts = np.einsum("tdn,ldn->tl", tables, lines[..., 0])
        kept = np.ones(len(tables), dtype=bool)
        for line, number in enumerate(shown):
            if number is not None:
                low, high = could_be(number, "publication")
                kept &= (counts[:, line] >= low) & (counts[:, line] <= high)
        for line, number in enumerate(shown):
            truth = (lines[line] * cube).sum()
            if number is None and truth in SMALL["publication"] and len(set(counts[:, line])) > 1:
                assert len(set(counts[kept, line])) > 1, seed


def a_district_against_its_county():
    """DfE publishes 14 of a need in the bases of a county; 3 live in one district and 11 in the other."""
    cube = np.array([[[3, 40]], [[11, 60]]])
    return cube, sums(cube, [(1, 1, 1), (0, 0, 1), (1, 0, 0)])


def test_a_district_is_not_had_by_taking_the_others_from_the_published_total():
    cube, lines = a_district_against_its_county()
    shown = through_the_door(cube, lines, PUBLICATION, known=[PUBLISHED])
    seen = {(line * cube).sum(): number for line, number in zip(lines, shown, strict=True)}
    assert seen[3] is None
    assert seen[11] is None
    assert (seen[40], seen[60]) == (40, 60)
    counts = (lines * cube).sum((1, 2, 3))
    naive = [None if number in SMALL["publication"] else could_be_shown(number) for number in counts]
    (narrow,) = attack(cube, lines, naive, "publication", sums(cube, [(0, 1, 1)])).values()
    assert narrow[0] > 1


def could_be_shown(number):
    return 5 * int(number / 5 + 0.5)


def a_frame(cube, lines):
    frame = census_frame(a_census(cube), lines.reshape(len(lines), -1).astype(bool), [PUBLISHED])
    return frame, wanted(frame, PUBLICATION)


def test_the_audit_fails_when_cover_is_taken_away():
    cube, lines = a_district_against_its_county()
    frame, aim = a_frame(cube, lines)
    nothing = np.zeros(len(lines), dtype=bool)
    hidden = hide([(frame, aim)], PUBLICATION.small(frame.values), nothing, PUBLICATION)
    tables = [["places_by_district"]] * len(lines)
    audited([(frame, aim)], hidden, tables, PUBLICATION)
    for cell in np.flatnonzero(hidden):
        uncovered = hidden & (np.arange(len(hidden)) != cell)
        with pytest.raises(DoorShut, match="places_by_district") as shut:
            audited([(frame, aim)], uncovered, tables, PUBLICATION)
        assert not {"3", "11", "14"} & set(str(shut.value).replace(",", " ").split())


def test_a_door_without_cover_is_caught_on_many_random_tables():
    caught = 0
    for seed in range(40):
        cube = a_cube(np.random.default_rng(seed))
        lines = sums(cube, EVERY_MARGIN)
        frame, aim = a_frame(cube, lines)
        only_small = PUBLICATION.small(frame.values)
        low, high = reach(frame, only_small, PUBLICATION, aim.cells, aim.low, aim.high)
        caught += bool(aim.unmet(low, high).any())
    assert caught > 5


def test_a_door_that_ignores_the_threshold_is_caught():
    cube, lines = a_district_against_its_county()
    frame, aim = a_frame(cube, lines)
    with pytest.raises(DoorShut):
        audited([(frame, aim)], np.zeros(len(lines), dtype=bool), [["plans"]] * len(lines), PUBLICATION)


def test_what_is_hidden_in_one_january_or_scenario_is_hidden_at_the_census():
    cube = np.array([[[30, 40]], [[50, 60]]])
    lines = sums(cube, [(1, 0, 1), (0, 0, 1)])
    counts = (lines * cube).sum((1, 2, 3)).astype(float)
    later = np.where(counts == 30, 2.4, counts)
    later = np.where(counts == 80, later[counts == 50].sum() + 2.4, later)
    shown = through_the_door(cube, lines, PUBLICATION, later=[counts, later])
    assert shown[list(counts).index(30)] is None


def test_a_forecast_mean_of_a_small_cell_is_not_had_from_the_rest_of_its_line():
    rng = np.random.default_rng(5)
    for _ in range(10):
        cube = rng.negative_binomial(0.5, 0.1, size=(3, 3, 1))
        lines = sums(cube, EVERY_MARGIN)
        cells = lines.reshape(len(lines), -1).astype(bool)
        means = [cells @ (cube.ravel() * rng.uniform(0.8, 1.4, cube.size)) for _ in range(3)]
        frames = [census_frame(a_census(cube), cells, []), *forecast_frames(cells, means)]
        nothing = np.zeros(len(lines), dtype=bool)
        hidden, _ = decide(frames, nothing, nothing, [["plans"]] * len(lines), PUBLICATION)
        for values in means:
            assert hidden[(values > 0) & (values < 4.5)].all()
            shown = np.floor(values / 5 + 0.5) * 5
            for cell in np.flatnonzero(hidden & (values > 0) & (values < 4.5)):
                assert _free(cells.astype(float), shown, hidden, cell) >= 4 - 1e-4


def _free(cells, shown, hidden, cell):
    """Most that a hidden mean can be, by the textbook form of the linear program."""
    from scipy.optimize import linprog  # noqa: PLC0415 - only here

    told, seen = cells[~hidden], shown[~hidden]
    high = np.where(seen == 0, 0, seen + 2.5)
    low = np.where(seen == 0, 0, np.maximum(seen - 2.5, 4.5))
    best = linprog(-cells[cell], A_ub=np.vstack([told, -told]), b_ub=np.concatenate([high, -low]))
    return np.inf if best.status == 3 else -best.fun


def test_the_only_child_of_a_need_that_dfe_publishes_is_told_by_dfe_and_its_district_by_nobody():
    cube = np.array([[[1, 30]], [[0, 40]], [[0, 50]]])
    lines = sums(cube, [(1, 1, 1), (0, 1, 1)])
    shown, (_, aim) = through_the_door(cube, lines, PUBLICATION, known=[PUBLISHED]), a_frame(cube, lines)
    ones = [n for n, line in enumerate(lines) if (line * cube).sum() == 1]
    district, county = sorted(ones, key=lambda n: lines[n].sum())
    assert shown[district] is None
    assert district in aim.cells
    assert county not in aim.cells
    hidden_zeros = [n for n, number in enumerate(shown) if number is None and (lines[n] * cube).sum() == 0]
    assert hidden_zeros
