"""The return as COLLECT's blade export: a CSV file for each module."""

from pathlib import Path
from typing import Final

import pandas as pd

from forecast.records.layout import CSV, layout
from forecast.records.synthetic.texts import texts

FILE: Final = "SYNTHETIC_Blade-Export_31-03-{census}_{module}.csv"
"""As COLLECT names them, with the label before."""


def write_csv(folder: Path, census: int, tables: dict[str, pd.DataFrame]) -> None:
    """Write the nine files of one census into a folder that exists.

    Parameters
    ----------
    tables : module -> id, parent and fields, typed
    """
    for module, table in tables.items():
        end = layout()[module].names[CSV][0]
        written = texts(module, table, census, CSV)
        written.insert(0, "NativeId", [str(at) for at in range(1, len(table) + 1)])
        written.insert(1, f"{end}orderseqcolumn", written["NativeId"])
        path = folder / FILE.format(census=census, module=end)
        written.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
