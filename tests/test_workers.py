"""Work that is shared out: the same results from any workers, and from workers that die."""

import os
import signal
import sys
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial

import pytest

from forecast.workers import TRIES, NoCluster, WorkersLost, cluster, in_parallel, processes

TASKS = list(range(7))


def squared(number):
    return number * number


def dies(marker, number):
    """Kill this process at task 3, until `marker` has a line for each death that is wanted."""
    deaths, wanted = len(marker.read_text().splitlines()), int(marker.with_suffix(".wanted").read_text())
    if number == 3 and deaths < wanted:
        with marker.open("a") as file:
            file.write(f"{os.getpid()}\n")
        os.kill(os.getpid(), signal.SIGKILL)
    return squared(number)


def refuses(number):
    if number == 3:
        msg = "three is no number"
        raise ValueError(msg)
    return number


@pytest.fixture
def deadly(tmp_path):
    """Makes work whose worker dies so many times, and tells how often it has."""
    marker = tmp_path / "deaths"

    def make(times):
        marker.write_text("")
        marker.with_suffix(".wanted").write_text(str(times))
        return partial(dies, marker), lambda: marker.read_text().splitlines()

    return make


@pytest.mark.parametrize(
    "opener",
    [None, processes(1), processes(2), lambda: ThreadPoolExecutor(3)],
    ids=["here", "one process", "two processes", "threads"],
)
def test_results_come_in_the_order_of_the_tasks_whoever_does_them(opener):
    assert in_parallel(squared, TASKS, opener) == [0, 1, 4, 9, 16, 25, 36]


@pytest.mark.parametrize("opener", [None, processes(2)], ids=["here", "processes"])
def test_no_work_gives_no_results(opener):
    assert in_parallel(squared, [], opener) == []


@pytest.mark.parametrize("opener", [None, lambda: ThreadPoolExecutor(2)], ids=["here", "threads"])
def test_progress_counts_every_task_once_to_the_last(opener):
    told = []
    in_parallel(squared, TASKS, opener, lambda done, of: told.append((done, of)))
    assert told == [(done, len(TASKS)) for done in range(1, len(TASKS) + 1)]


def test_what_a_killed_worker_held_is_done_again(deadly):
    work, deaths = deadly(times=1)
    assert in_parallel(work, TASKS, processes(2)) == [squared(number) for number in TASKS]
    assert len(deaths()) == 1
    assert int(deaths()[0]) != os.getpid()


def test_work_survives_as_many_deaths_as_it_is_tried_again(deadly):
    work, deaths = deadly(times=TRIES - 1)
    assert in_parallel(work, TASKS, processes(1)) == [squared(number) for number in TASKS]
    assert len(deaths()) == TRIES - 1


def test_progress_is_not_told_twice_of_what_was_done_before_a_worker_died(deadly):
    work, _ = deadly(times=1)
    told = []
    in_parallel(work, TASKS, processes(1), lambda done, _: told.append(done))
    assert told == sorted(set(told))
    assert told[-1] == len(TASKS)


def test_workers_that_always_die_end_in_a_sentence_after_three_tries(deadly):
    work, deaths = deadly(times=100)
    with pytest.raises(WorkersLost) as lost:
        in_parallel(work, TASKS, processes(1))
    assert len(deaths()) == TRIES == 3
    said = str(lost.value)
    assert said.startswith("Workers died 3 times over, with ")
    assert f"of {len(TASKS)} parts of the work undone" in said
    assert said.endswith("try again with --workers 1.")


@pytest.mark.parametrize(
    "opener", [None, processes(1), lambda: ThreadPoolExecutor(2)], ids=["here", "process", "thread"]
)
def test_a_fault_of_the_work_itself_is_raised_as_it_is_and_not_tried_again(opener):
    with pytest.raises(ValueError, match="three is no number"):
        in_parallel(refuses, TASKS, opener)


def test_each_try_opens_workers_anew(deadly):
    work, _ = deadly(times=2)
    opened = []

    def opener() -> Executor:
        opened.append(True)
        return processes(1)()

    in_parallel(work, TASKS, opener)
    assert len(opened) == 3


def test_a_cluster_gives_the_same_results():
    distributed = pytest.importorskip("dask.distributed", reason="the extra `cluster` is not installed")
    settings = {"n_workers": 1, "threads_per_worker": 2, "processes": False, "dashboard_address": None}
    with distributed.LocalCluster(**settings) as local, cluster(local.scheduler_address) as opener:
        assert in_parallel(squared, TASKS, opener) == [squared(number) for number in TASKS]


def test_a_cluster_that_does_not_answer_is_named_with_what_to_check():
    pytest.importorskip("dask.distributed", reason="the extra `cluster` is not installed")
    said = r"tcp://127\.0\.0\.1:1 cannot be used: nothing answers.*check the address"
    with pytest.raises(NoCluster, match=said), cluster("tcp://127.0.0.1:1"):
        pytest.fail("there is no cluster there")


def test_without_the_library_a_cluster_is_refused_with_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    said = r"Dask is not installed; pip install 'specialist-places\[cluster\]'"
    with pytest.raises(NoCluster, match=said), cluster("tcp://127.0.0.1:1"):
        pytest.fail("there is no library to reach it")
