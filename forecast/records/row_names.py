"""What a record is called in a file of faults or fixes: its own row id or, where that tells who a child is, its row."""

import re
from typing import Any, Final

import numpy as np
import pandas as pd

ROW: Final = "row:"
"""Begins what stands for a row id that is a pupil's or learner's number: `row:7` is the record of row 7."""
_UPN: Final = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
_PARTS: Final = re.compile(r"[^0-9A-Z]+")


def numbers_of(person: pd.DataFrame) -> frozenset[str]:
    """Every pupil's and learner's number of a return, in capitals, without marks."""
    texts = pd.concat([person["upn"], person["uln"]]).unique()
    return frozenset(_plain(text) for text in texts) - {""}


def row_names(ids: "pd.Series[str]", numbers: frozenset[str]) -> "pd.Series[str]":
    """Ids, with `row:N` in the place of each that is one of `numbers`, has one as a part, or has the form of a UPN.

    Parameters
    ----------
    ids : indexed by row
    """
    private = np.array([_is_private(text.upper(), numbers) for text in ids], dtype=bool)
    return ids.mask(private, ROW + ids.index.to_series().astype("str")).astype("str")


def rows_named(ids: "pd.Series[str]", table: pd.DataFrame) -> np.ndarray:
    """Position of the record that each `row:N` names; -1 for any other id, and where there is no such row."""
    rows = pd.to_numeric(ids.str.extract(rf"^{ROW}([0-9]{{1,9}})$", expand=False), errors="coerce").fillna(-1)
    index: pd.Index[Any] = table.index
    return index.get_indexer(pd.Index(rows.astype("int64")))


def _is_private(text: str, numbers: frozenset[str]) -> bool:
    whole = _PARTS.sub("", text)
    parts = {whole, *_PARTS.split(text)} - {""}
    return bool(_UPN.search(whole)) or not numbers.isdisjoint(parts)


def _plain(text: str) -> str:
    return _PARTS.sub("", text.upper())
