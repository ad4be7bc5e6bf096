"""A table of `data/reference/`: the one that ships, or a file of the same columns given in its stead."""

from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from forecast.errors import Fault, InputFaults
from forecast.inputs.bundled import bundled
from forecast.inputs.tables import read_as


def opened(path: Path | None, name: str) -> tuple[str, bytes]:
    """What faults call a file, and its bytes: of the file that ships under `name`, unless there is a `path`.

    Raises
    ------
    InputFaults
        It cannot be read.
    """
    path = bundled("data", "reference", name) if path is None else path
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        what, remedy = "it cannot be read", "give the path of a file, or none for the one that ships"
        raise InputFaults([Fault(path.name, 0, "", what, remedy)]) from error


def read_shipped(path: Path | None, name: str, schema: type[pa.DataFrameModel]) -> pd.DataFrame:
    """A table whose every cell and rule has been checked, rows counted from 0.

    Parameters
    ----------
    path, name : as in `opened`

    Raises
    ------
    InputFaults
        Every fault of the file, or that it has no rows.
    """
    file, content = opened(path, name)
    table, faults = read_as(schema, file, content)
    if table.empty and not faults:
        faults = [Fault(file, 0, "", "has no rows", "add them below the header")]
    if faults:
        raise InputFaults(faults)
    return table.reset_index(drop=True)
