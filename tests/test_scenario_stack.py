"""Several scenario files as one: what goes together in any order, and what is refused, all at once."""

from itertools import permutations

import pytest
import xarray as xr
from builders_model import busy

from forecast.errors import InputFaults
from forecast.scenario.stack import read_scenarios, stacked
from forecast.scenario.worlds import World

STARTS = "{{kind: scale_starts, from: {year}, factor: {factor}{more}}}"


def starts(year="2027/28", factor=0.9, more=""):
    return STARTS.format(year=year, factor=factor, more=more)


def leaving(factor=1.1, more=""):
    return f"{{kind: scale_leaving, from: 2027/28, factor: {factor}{more}}}"


def shift(share, more=""):
    return f"{{kind: shift_placement, from: 2027/28, share: {share}, instead_of: special, to: mainstream{more}}}"


def rebalance(share):
    return f"{{kind: rebalance, from: 2027/28, share: {share}, support: 5000}}"


@pytest.fixture
def write(tmp_path):
    """Writes a scenario file of some changes; gives its path."""

    def written(name, *changes, world=""):
        lines = [f"name: {name}", f"why: Reason of {name}", *([f"world: {world}"] if world else []), "changes:"]
        path = tmp_path / f"{name}.yaml"
        path.write_text("\n".join([*lines, *(f"  - {change}" for change in changes)]) + "\n", encoding="utf-8")
        return path

    return written


def refused(*paths):
    with pytest.raises(InputFaults) as caught:
        read_scenarios(paths)
    return caught.value.faults


def test_two_files_make_one_scenario_of_all_their_changes(write):
    made = read_scenarios([write("A", starts()), write("B", leaving())])
    assert made.name == "A + B"
    assert made.why == "A: Reason of A. B: Reason of B."
    assert [change.kind for change in made.changes] == ["scale_starts", "scale_leaving"]


def test_nothing_named_is_the_trend():
    assert read_scenarios([]).world.defines is World.TREND
    assert read_scenarios([]).changes == ()


def test_the_trend_gives_way_to_another_world_whichever_comes_first(write):
    mine = write("A", starts(year="2029/30"))
    for names in (["saturating", mine, "baseline"], ["baseline", mine, "saturating"]):
        made = read_scenarios(names)
        assert made.world.defines is World.SATURATING
        assert len(made.changes) == 1
        assert set(made.name.split(" + ")) == {"Saturating", "A"}


@pytest.mark.parametrize("order", [0, 1])
def test_two_different_worlds_are_refused(write, order):
    pair = [write("A", starts(), world="saturating"), write("B", leaving(), world="white-paper")]
    (fault,) = refused(*pair[:: 1 - 2 * order])
    assert (fault.file, fault.field) == ("AB"[1 - order] + ".yaml", "world")
    assert "a forecast has one" in fault.what
    assert read_scenarios([pair[0], write("C", leaving(), world="saturating")]).world.defines is World.SATURATING


def test_a_world_that_reaches_the_area_in_part_is_another_world(write):
    whole, part = write("A", starts(), world="saturating"), write("B", leaving(), world="saturating")
    part.write_text(part.read_text() + "pass_through: 0.5\n")
    (fault,) = refused(whole, part)
    assert "with pass_through 0.5" in fault.what


@pytest.mark.parametrize("order", [0, 1])
def test_one_kind_of_change_on_one_cell_is_a_conflict_in_either_order(write, order):
    pair = [write("A", starts(factor=0.9)), write("B", starts("2029/30", 0.8, ", need: SEMH"))]
    (fault,) = refused(*pair[:: 1 - 2 * order])
    first, second = "AB"[order], "AB"[1 - order]
    assert (fault.file, fault.row) == (f"{second}.yaml", 4)
    for part in (f"change 1 of {first}.yaml, row 4", "chance of a first plan", "SEMH", "from 2029/30 on"):
        assert part in fault.what
    assert fault.remedy == "leave one out, or give them different districts, needs or years"


def test_a_conflict_names_the_years_that_both_mean(write):
    (fault,) = refused(write("A", starts(more=", until: 2030/31")), write("B", starts("2028/29", 0.8)))
    assert "from 2028/29 to 2030/31" in fault.what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (starts(more=", need: ASD"), starts(factor=0.5, more=", need: SEMH")),
        (starts(more=", until: 2028/29"), starts("2029/30", 0.5)),
        (starts(more=", year_groups: [0, 1]"), starts(factor=0.5, more=", year_groups: [2, 3]")),
        (starts(more=", district: North"), starts(factor=0.5, more=", district: South")),
        (starts(), leaving()),
        (shift(0.3), rebalance(0.4)),
    ],
    ids=["needs", "years", "year groups", "districts", "kinds", "shares within all"],
)
def test_what_means_different_cells_or_goes_together_is_no_conflict(write, one, other):
    assert len(read_scenarios([write("A", one), write("B", other)]).changes) == 2
    assert len(read_scenarios([write("C", one, other)]).changes) == 2


def test_a_change_that_says_what_a_figure_is_leaves_nothing_for_another(write):
    (fault,) = refused(write("A", "{kind: hold_starts, from: 2028/29}"), write("B", starts(more=", need: SEMH")))
    assert fault.file == "B.yaml"
    assert "hold_starts" in fault.what


def test_the_changes_of_a_world_are_ground_and_never_in_conflict(write):
    made = read_scenarios(["starts-held-flat", write("B", starts())])
    assert [change.kind for change in made.every_change] == ["hold_starts", "scale_starts"]


def test_shares_that_come_to_more_than_all_are_refused(write):
    (fault,) = refused(write("A", shift(0.7)), write("B", rebalance(0.4)))
    assert fault.file == "B.yaml"
    assert "it comes to 110% of one thing" in fault.what
    assert "shift_placement (change 1 of A.yaml, row 4)" in fault.what


def test_every_conflict_is_told_at_once_within_files_and_between_them(write):
    inside = write("A", starts(), starts(factor=0.5, more=", need: SEMH"))
    assert len(refused(inside)) == 1
    one, two, three = write("B", starts(), shift(0.8)), write("C", starts("2028/29")), write("D", rebalance(0.5))
    faults = refused(one, two, three)
    assert [fault.file for fault in faults] == ["C.yaml", "D.yaml"]


def test_faults_of_every_file_are_told_at_once(write):
    faults = refused(write("A", starts(factor=-1)), write("B", starts(year="2027/29")))
    assert [fault.file for fault in faults] == ["A.yaml", "B.yaml"]


def test_every_name_that_is_no_scenario_is_told_at_once_with_the_faults_of_the_others(write):
    faults = refused("saturatin", "nofile.yaml", write("A", starts(factor=-1)))
    assert [fault.file for fault in faults] == ["A.yaml", "nofile.yaml", "saturatin"]
    assert "did you mean 'saturating'" in faults[2].remedy
    assert "choose from" in faults[1].remedy


def test_a_file_given_twice_is_refused(write):
    path = write("A", starts())
    (fault,) = refused(path, path)
    assert (fault.file, fault.what) == ("A.yaml", "it is given twice")


def test_changes_that_go_together_make_the_same_drivers_in_any_order(write):
    drivers = busy(needs=("ASD", "SEMH"), years=(2027, 2028, 2029))
    drivers.attrs["means"] = {name: name for name in drivers["provision"].to_numpy().tolist()}
    paths = [
        write("A", starts("2027/28", "{value: 0.9, low: 0.7, high: 1}", ", need: ASD")),
        write("B", starts("2027/28", 1.3, ", need: SEMH, district: North")),
        write("C", leaving(1.2)),
    ]
    results = [read_scenarios(order).apply(drivers) for order in permutations(paths)]
    assert not results[0].identical(drivers)
    for result in results[1:]:
        xr.testing.assert_allclose(result, results[0], rtol=1e-12)


def test_a_stack_of_one_is_that_scenario(write):
    (only,) = [read_scenarios([write("A", starts())])]
    assert stacked([only]) is only
