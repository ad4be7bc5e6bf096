"""Who is the same child from one census to the next: by pupil number, else learner number, else name and birth date.

Numbers and names are not kept: what is remembered of a return is a keyed hash of each, under a key that is drawn
anew in every process, and the whole number that stands for the child. Nothing of it is ever written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any, Final

import numpy as np
import pandas as pd

WAYS: Final = ("upn", "uln", "name")
"""What a child is known by, the surest first."""
NOBODY: Final = -1
_UNSAID: Final = 0
"""Stands for the hash of what a record does not say."""
_EMPTY: Final = pd.Series(dtype="int64", index=pd.Index([], dtype="uint64"))


def _nothing() -> Mapping[str, "pd.Series[int]"]:
    return dict.fromkeys(WAYS, _EMPTY)


@dataclass(frozen=True, eq=False)
class Known:
    """Children met so far."""

    children: Mapping[str, "pd.Series[int]"] = field(default_factory=_nothing)
    """Way -> the child's number by hash; `NOBODY` where two children have the same name and birth date."""
    count: int = 0
    """How many; numbers run from 0."""
    key: str = field(default_factory=lambda: token_hex(8))
    """Key of the hashes: 16 characters."""


def numbered(person: pd.DataFrame, known: Known) -> tuple[np.ndarray, Known, dict[str, int]]:
    """Number of the child of each record, the same as in the returns before.

    A pupil or learner number that children born on different days share in one return is nobody's. A name links
    only where no other record of the return is that child already.

    Parameters
    ----------
    person : upn, uln, surname, forename, birth_date

    Returns
    -------
    numbers : (records)
    known : with this return's children
    linked : way -> how many records it linked to a return before
    """
    keys = _keys(person, known.key)
    numbers = np.full(len(person), NOBODY)
    linked = {}
    for way in WAYS:
        found = _looked_up(keys[way], known.children[way])
        if way == "name":
            taken = np.isin(found, numbers[numbers != NOBODY]) | keys[way].duplicated(keep=False).to_numpy()
            found = np.where(taken, NOBODY, found)
        new = (numbers == NOBODY) & (found != NOBODY)
        linked[way] = int(new.sum())
        numbers = np.where(new, found, numbers)
    numbers, count = _new(keys, numbers, known.count)
    children = {way: _remembered(keys[way], numbers, known.children[way], way) for way in WAYS}
    return numbers, Known(children, count, known.key), linked


def _keys(person: pd.DataFrame, key: str) -> "dict[str, pd.Series[Any]]":
    """Hash of what each record is known by, by way; `_UNSAID` where the record does not say."""
    born = person["birth_date"]
    name = (person["forename"] + person["surname"]).str.casefold().str.replace(r"\W", "", regex=True)
    name = name.where(person["forename"].ne("") & person["surname"].ne("") & born.notna(), "")
    texts = {way: person[way].str.upper().str.strip() for way in ("upn", "uln")}
    keys = {way: text.mask(text.ne("") & _shared(text, born), "") for way, text in texts.items()}
    keys["name"] = name.mask(name.ne(""), name + born.dt.strftime("%Y%m%d").fillna(""))
    return {way: _hashed(text.reset_index(drop=True), key) for way, text in keys.items()}


def _shared(numbers: "pd.Series[str]", born: "pd.Series[Any]") -> "pd.Series[bool]":
    """Whether children born on different days have the same number."""
    return born.groupby(numbers).transform("nunique").gt(1)


def _hashed(texts: "pd.Series[str]", key: str) -> "pd.Series[Any]":
    hashes = pd.util.hash_array(texts.to_numpy(dtype=object), hash_key=key, categorize=False)
    return pd.Series(hashes).mask(texts.eq(""), _UNSAID)


def _looked_up(keys: "pd.Series[Any]", children: "pd.Series[int]") -> np.ndarray:
    if children.empty:
        return np.full(len(keys), NOBODY)
    at = children.index.get_indexer(pd.Index(keys))
    return np.where(at >= 0, children.to_numpy()[at], NOBODY)


def _new(keys: "Mapping[str, pd.Series[Any]]", numbers: np.ndarray, count: int) -> tuple[np.ndarray, int]:
    """Numbers for the records that no return before had; two records of one child in this return share theirs."""
    for way in WAYS:
        here = _remembered(keys[way], numbers, _EMPTY, way)
        unmet = numbers == NOBODY
        numbers = np.where(unmet, _looked_up(keys[way], here), numbers)
        unmet = (numbers == NOBODY) & keys[way].ne(_UNSAID).to_numpy()
        codes, distinct = pd.factorize(keys[way][unmet])
        numbers[unmet] = codes + count
        count += len(distinct)
    unmet = numbers == NOBODY
    numbers[unmet] = np.arange(unmet.sum()) + count
    return numbers, count + int(unmet.sum())


def _remembered(keys: "pd.Series[Any]", numbers: np.ndarray, before: "pd.Series[int]", way: str) -> "pd.Series[int]":
    """Child by hash, of this return and the ones before; a later return has the last word."""
    met = keys.ne(_UNSAID).to_numpy() & (numbers != NOBODY)
    here = pd.Series(numbers[met], index=pd.Index(keys[met], dtype="uint64"))
    if way == "name":
        here = here.mask(here.groupby(level=0).transform("nunique").gt(1), NOBODY)
    both = pd.concat([here, before])
    return both[~both.index.duplicated()]
