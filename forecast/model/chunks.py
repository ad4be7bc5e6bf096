"""Draws in chunks, side by side: small enough for the processor's cache, large enough for numpy."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import xarray as xr

Result = TypeVar("Result")
CHUNK: Final = 25
"""Draws in a chunk; results do not depend on it."""


def over_draws(drivers: xr.Dataset, work: Callable[[xr.Dataset], Result]) -> list[Result]:
    """`work` done on each chunk of draws, results in the order of the draws; numpy lets threads share the processor."""
    chunks = [drivers.isel(draw=slice(at, at + CHUNK)) for at in range(0, drivers.sizes["draw"], CHUNK)]
    with ThreadPoolExecutor(min(len(chunks), os.cpu_count() or 1)) as pool:
        return list(pool.map(work, chunks))
