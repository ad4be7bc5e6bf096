"""From texts to stays: dates, year groups, settings, reasons, half-days a week. What cannot be read is a flaw.

Days are numbers, counted from 1 January 1970, so that a stay lasts end - start + 1 days; both ends are days on roll.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import ALL, Reason
from forecast.inputs.about import About
from forecast.inputs.count_words import district_labels
from forecast.inputs.schemas_ap import FULL_WEEK, WITH_PLAN, WITHOUT_PLAN
from forecast.records.ap.ages import aged
from forecast.records.ap.dates import read_days
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.sheet import UNREAD, Written
from forecast.records.ap.words import MEANINGS, Words

_NUMBER: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
_PLANS: Final = {"yes": WITH_PLAN, "no": WITHOUT_PLAN}
_BLANKS: Final = {
    "setting": None,
    "plan": None,
    "reason": Reason.OTHER.value,
    "registration": "none",
    "tier": "",
    "returned": "",
}
"""Column of words -> what a blank cell means; None where it means nothing and is a flaw."""
_NO_WORD: Final = "is a word that nobody knows"
Texts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Stays:
    """A row a stay, none left out yet, and what is wrong with some of them."""

    table: pd.DataFrame
    """child (a number), start, end (not a number while it goes on), nc_year (not a number where only the key stage is
    told), key_stage, reason, setting, plan, registration, half_days, district, tier, returned ("yes", "no" or ""),
    apart (a number, the same for rows that are alike in every cell that is not read)."""
    flaws: tuple[Flaw, ...]


def typed_stays(written: Written, words: Words, about: About) -> Stays:
    """Give every cell its meaning.

    Raises
    ------
    InputFaults
        A column of dates has some with the month first, so that none can be trusted.
    """
    cells = written.cells
    start, end = read_days(cells, "start"), read_days(cells, "end")
    nc_year, key_stage, of_age = aged(cells, start.days, words)
    half_days, of_week = _half_days(_texts(cells, "days"), _texts(cells, "half_days"))
    district, of_district = _districts(_texts(cells, "district"), about, told="district" in cells)
    labels, of_words = _labelled(cells, words)
    columns = {
        **labels,
        "child": pd.factorize(_keys(_texts(cells, "child")))[0],
        "start": start.days,
        "end": end.days,
        "nc_year": nc_year,
        "key_stage": key_stage,
        "half_days": half_days,
        "district": district,
        "tier": _tiers(labels["tier"], labels["reason"], words),
        "apart": pd.factorize(cells[UNREAD])[0],
    }
    flaws = (*start.flaws, *end.flaws, *of_age, *of_week, *of_district, *of_words, *_lacking(cells, labels["returned"]))
    return Stays(pd.DataFrame(columns), flaws)


def _texts(cells: pd.DataFrame, name: str) -> Texts:
    """Cells of a column, all blank where no file has it."""
    return cells[name].to_numpy(dtype=object) if name in cells else np.full(len(cells), "", dtype=object)


def _labelled(cells: pd.DataFrame, words: Words) -> tuple[dict[str, Texts], list[Flaw]]:
    """Columns of words."""
    labels: dict[str, Texts] = {}
    flaws: list[Flaw] = []
    for name, blank in _BLANKS.items():
        find = partial(words.find, name)
        labels[name], wrong = _meant(_texts(cells, name), name, find, MEANINGS[name], blank)
        flaws += wrong
    labels["plan"] = np.array([_PLANS.get(plan, "") for plan in labels["plan"]], dtype=object)
    return labels, flaws


def _lacking(cells: pd.DataFrame, returned: Texts) -> Iterator[Flaw]:
    """Rows without a child or a first day, or that say of a stay that goes on what became of it."""
    blank = {name: np.flatnonzero(_texts(cells, name) == "") for name in ("child", "start")}
    yield from flawed(blank["child"], "child", "is blank", "give every child a key of its own")
    yield from flawed(blank["start"], "start", "is blank", "write the day on which it began")
    back = np.flatnonzero((_texts(cells, "end") == "") & (returned == "yes"))
    remedy = "give the last day, or leave returned blank"
    yield from flawed(back, "returned", "says that the child went back, yet the stay goes on", remedy)


def _keys(texts: Texts) -> Texts:
    """Keys of children, whatever their capitals and blanks."""
    distinct, codes = np.unique(texts.astype(str), return_inverse=True)
    plain = np.array(["".join(text.split()).casefold() for text in distinct], dtype=object)
    return plain[codes]


def _meant(
    texts: Texts, name: str, find: Callable[[str], str | None], known: tuple[str, ...], blank: str | None
) -> tuple[Texts, list[Flaw]]:
    """What each text means, "" where it means nothing; a blank is a flaw unless it has a meaning."""
    codes, distinct = pd.factorize(texts)
    read = [(blank if blank is not None else "") if text == "" else find(text) for text in distinct]
    remedy = f"write one of {', '.join(known)}, or say with --words what it means"
    unknown = np.array([meant is None for meant in read], dtype=bool)[codes]
    flaws = flawed(np.flatnonzero(unknown), name, _NO_WORD, remedy)
    if blank is None:
        flaws += flawed(np.flatnonzero(texts == ""), name, "is blank", f"write one of {', '.join(known)}")
    return np.array([meant or "" for meant in read], dtype=object)[codes], flaws


def _tiers(told: Texts, reason: Texts, words: Words) -> Texts:
    """The tier told or, where none is, the one that the reason is mostly for."""
    mostly = [words.find("tier_of_reason", each) or "" for each in reason]
    return np.where(told == "", np.array(mostly, dtype=object), told)


def _half_days(days: Texts, half_days: Texts) -> tuple[NDArray[np.int64], list[Flaw]]:
    """Half-days a week, the whole week where neither column is filled."""
    by_day = days != ""
    texts = np.where(by_day, days, half_days)
    codes, distinct = pd.factorize(texts)
    numbers = [float(text) if _NUMBER.fullmatch(text) else np.nan for text in distinct]
    read = np.array([FULL_WEEK if text == "" else number for text, number in zip(distinct, numbers, strict=True)])[
        codes
    ]
    halves: NDArray[Any] = np.where(by_day & (texts != ""), read * 2, read)
    said: NDArray[Any] = np.where(by_day, "days", "half_days")
    wrong = {
        "is no number": np.isnan(halves),
        "is more than a week has": halves > FULL_WEEK,
        "is less than half a day": halves < 1,
        "is no whole number of half-days": (halves >= 1) & (halves <= FULL_WEEK) & (halves % 1 != 0),
    }
    flaws = [
        Flaw(int(at), str(said[at]), what, "write days from 0.5 to 5, or leave it blank for a full week")
        for what, rows in wrong.items()
        for at in np.flatnonzero(rows)
    ]
    return np.nan_to_num(halves, nan=FULL_WEEK).astype(np.int64), flaws


def _districts(texts: Texts, about: About, *, told: bool) -> tuple[Texts, list[Flaw]]:
    """The area's own label; an area of one district needs none."""
    if not told:
        return np.full(len(texts), about.district_names[0], dtype=object), []
    labels = district_labels(about)

    def find(text: str) -> str | None:
        label = labels.find(text)
        return None if label == ALL else label

    return _meant(texts, "district", find, about.district_names, None)
