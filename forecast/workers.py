"""Share work out over processes, or any other `concurrent.futures.Executor`.

Results come in the order of the tasks, so they depend neither on the executor nor on the number of workers.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Final, TypeVar

from forecast.errors import ForecastError

Task = TypeVar("Task")
Result = TypeVar("Result")
Opener = Callable[[], Executor]
"""Opens an executor, and again after one has lost a worker."""
Progress = Callable[[int, int], None]
"""Told how many parts of the work are done, of how many."""
TRIES: Final = 3
"""Times that work is given out, the first one counted, before lost workers are reported."""


def quietly(_done: int, _of: int) -> None:
    """No progress shown."""


class WorkersLost(ForecastError):
    """Workers that died again and again."""

    def __init__(self, undone: int, of: int) -> None:
        super().__init__(
            f"Workers died {TRIES} times over, with {undone} of {of} parts of the work undone: the machine may be "
            "short of memory; try again with --workers 1."
        )


class NoCluster(ForecastError):
    """A cluster that cannot be reached, or no library to reach one with."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(f"The cluster at {address} cannot be used: {why}.")


def processes(workers: int) -> Opener:
    """A pool of processes, each started afresh so that no state is shared."""
    return lambda: ProcessPoolExecutor(workers, mp_context=get_context("spawn"))


@contextmanager
def cluster(address: str) -> Iterator[Opener]:
    """Dask's executor on the cluster at `address`.

    Raises
    ------
    NoCluster
        Dask is not installed, or nothing answers there.
    """
    try:
        from dask.distributed import Client, KilledWorker  # noqa: PLC0415 - an optional extra
    except ImportError as error:
        raise NoCluster(address, "Dask is not installed; pip install 'specialist-places[cluster]'") from error
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError) as error:
        raise NoCluster(address, "nothing answers there; check the address, such as tcp://host:8786") from error
    try:
        yield lambda: client.get_executor(retries=TRIES - 1)
    except KilledWorker as error:
        raise NoCluster(address, "its workers died again and again; they may be short of memory") from error
    finally:
        client.close()


def in_parallel(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    opener: Opener | None,
    done: Progress = quietly,
) -> list[Result]:
    """`work` of every task, in their order; what a lost worker held is given out again.

    Parameters
    ----------
    opener : opens the executor; None works here, one task after another
    done : told how many are finished, for a progress bar

    Raises
    ------
    WorkersLost
        Work is left undone after `TRIES`.
    """
    results: dict[int, Result] = {}
    if opener is None:
        for at, task in enumerate(tasks):
            results[at] = work(task)
            done(len(results), len(tasks))
    for _ in range(TRIES):
        undone = [at for at in range(len(tasks)) if at not in results]
        if not undone or opener is None:
            break
        _given_out(work, tasks, undone, opener, results, done)
    if len(results) < len(tasks):
        raise WorkersLost(len(tasks) - len(results), len(tasks))
    return [results[at] for at in range(len(tasks))]


def _given_out(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    undone: Sequence[int],
    opener: Opener,
    results: dict[int, Result],
    done: Progress,
) -> None:
    """Give out the tasks `undone` once, and take in the results that come back."""
    with opener() as executor:
        waiting: dict[Future[Result], int] = {}
        try:
            for at in undone:
                waiting[executor.submit(work, tasks[at])] = at
            for future in as_completed(waiting):
                results[waiting[future]] = future.result()
                done(len(results), len(tasks))
        except KeyboardInterrupt:
            for future in waiting:
                future.cancel()
            raise
        except BrokenExecutor:
            for future, at in waiting.items():
                if future.done() and not future.cancelled() and future.exception() is None:
                    results[at] = future.result()
