"""The return as it is submitted: one XML file, records nested in the child that they are about."""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import escape

import pandas as pd

from forecast.records.filed import PARENTS
from forecast.records.layout import ID, PARENT, XML, layout
from forecast.records.synthetic.texts import texts

FILE: Final = "SYNTHETIC_SEN2_{census}.xml"
_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n<!-- SYNTHETIC: every child in this file is invented -->\n'


def write_xml(folder: Path, census: int, tables: dict[str, pd.DataFrame]) -> None:
    """Write the file of one census into a folder that exists.

    A record whose parent is nowhere cannot be written in this form, and is left out.

    Parameters
    ----------
    tables : module -> id, parent and fields, typed
    """
    people = "\n".join(_elements("person", census, tables).tolist())
    fields = texts("sen2", tables["sen2"], census, XML)
    header = "".join(_fields(fields)[0])
    text = f"{_HEAD}<Message>\n<Header>{header}</Header>\n<Persons>\n{people}\n</Persons>\n</Message>\n"
    (folder / FILE.format(census=census)).write_text(text, encoding="utf-8", newline="\n")


def _elements(module: str, census: int, tables: dict[str, pd.DataFrame]) -> "pd.Series[str]":
    """Each record of a module as an element, with those below it inside; indexed by row."""
    table = tables[module]
    element = layout()[module].names[XML][0]
    parts = _fields(texts(module, table, census, XML))
    for below in (name for name, above in PARENTS.items() if above == module):
        inner = _elements(below, census, tables)
        joined = inner.groupby(tables[below][PARENT], sort=False).agg("".join)
        found = table[ID].map(joined).fillna("")
        parts = [f"{own}{within}" for own, within in zip(parts, found, strict=True)]
    return pd.Series([f"<{element}>{part}</{element}>" for part in parts], table.index, dtype="str")


def _fields(cells: pd.DataFrame) -> list[str]:
    """Fields of each record as elements, blank ones left out."""
    parts = [""] * len(cells)
    for name, column in cells.items():
        distinct = {value: f"<{name}>{escape(value)}</{name}>" if value else "" for value in column.unique()}
        parts = [f"{part}{distinct[value]}" for part, value in zip(parts, column, strict=True)]
    return parts
