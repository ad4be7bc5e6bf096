"""Keys of children, and what stands in their place where nobody knew one."""

import re
from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.inputs.count_words import plain
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.words import Words

MOST_AT_ONCE: Final = 5
"""Stays of one child on one day: a half-day of each day with another provider. With more, a key is of several children.
Judgement."""
_CUT: Final = re.compile(r"[0-9](?:[.,][0-9]+)?e\+[0-9]+", re.IGNORECASE)
"""A long number as a spreadsheet shortens it: its last digits, which told children apart, are gone."""
_NOTHING: Final = re.compile(r"0+(?:\.0*)?")
_OWN_KEY: Final = "give every child a key of its own"
Texts = NDArray[np.object_]


def keys(texts: Texts) -> Texts:
    """Keys of children, whatever their capitals and blanks."""
    distinct, codes = np.unique(texts.astype(str), return_inverse=True)
    small = np.array(["".join(text.split()).casefold() for text in distinct], dtype=object)
    return small[codes]


def no_keys(texts: Texts, words: Words) -> Iterator[Flaw]:
    """Cells that are blank, or that say no more of a child than that nobody knew its key."""
    codes, distinct = pd.factorize(texts)
    nothing = np.array([text != "" and _says_nothing(text, words) for text in distinct], dtype=bool)[codes]
    cut = np.array([_CUT.fullmatch(text) is not None for text in distinct], dtype=bool)[codes]
    yield from flawed(np.flatnonzero(texts == ""), "child", "is blank", _OWN_KEY)
    yield from flawed(np.flatnonzero(nothing), "child", "is a word for no key, which many children share", _OWN_KEY)
    remedy = "format the column as a whole number before the file is saved"
    yield from flawed(np.flatnonzero(cut), "child", "is a number that a spreadsheet has cut short", remedy)


def _says_nothing(text: str, words: Words) -> bool:
    return not plain(text) or words.find("no_key", text) is not None or _NOTHING.fullmatch(text) is not None


def shared_keys(stays: pd.DataFrame) -> list[Flaw]:
    """Stays of keys that are on more than `MOST_AT_ONCE` of them on one day.

    Parameters
    ----------
    stays : child, start, end (not a number while it goes on)
    """
    some = stays[stays["child"].map(stays["child"].value_counts()).gt(MOST_AT_ONCE)]
    came = pd.DataFrame({"child": some["child"], "day": some["start"], "more": 1})
    went = pd.DataFrame({"child": some["child"], "day": some["end"].fillna(np.inf) + 0.5, "more": -1})
    days = pd.concat([came, went]).sort_values(["child", "day"], kind="stable")
    days = days.assign(at_once=days.groupby("child")["more"].cumsum())
    shared = days.loc[days["at_once"].gt(MOST_AT_ONCE), "child"].unique()
    what = f"is on more than {MOST_AT_ONCE} stays on one day, so it is no key of one child"
    return flawed(stays.index[stays["child"].isin(shared)], "child", what, _OWN_KEY)
