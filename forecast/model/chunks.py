"""Draws in chunks, side by side: small enough for the processor's cache, large enough for numpy."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import xarray as xr

Item = TypeVar("Item")
Result = TypeVar("Result")
CHUNK: Final = 10
"""Draws in a chunk; results do not depend on it."""


def over_draws(drivers: xr.Dataset, work: Callable[[xr.Dataset], Result]) -> list[Result]:
    """`work` done on each chunk of draws, results in the order of the draws."""
    chunks = [drivers.isel(draw=slice(at, at + CHUNK)) for at in range(0, drivers.sizes["draw"], CHUNK)]
    return at_once(chunks, work)


def at_once(items: Sequence[Item], work: Callable[[Item], Result]) -> list[Result]:
    """`work` done on each item, results in the order of the items; numpy lets threads share the processor."""
    with ThreadPoolExecutor(min(len(items), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, items))
