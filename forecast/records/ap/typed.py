"""From texts to stays: dates, year groups, settings, reasons, half-days a week. What cannot be read is a flaw.

Days are numbers, counted from 1 January 1970, so that a stay lasts end - start + 1 days; both ends are days on roll.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import ALL, Reason
from forecast.inputs.about import About
from forecast.inputs.count_words import district_labels
from forecast.inputs.schemas_ap import WITH, WITHOUT
from forecast.records.ap.ages import aged
from forecast.records.ap.dates import FIRST_DAY, Days, Read, number, read_days
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.keys import keys, no_keys
from forecast.records.ap.sheet import NEEDED, UNREAD, Written
from forecast.records.ap.weeks import half_days_a_week
from forecast.records.ap.words import MEANINGS, Words

_PLANS: Final = {"yes": WITH, "no": WITHOUT}
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
_LEAST: Final = 3
"""Of the columns that every stay needs, those that a row fills at least; with fewer it is a total or a note."""
Texts = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Stays:
    """A row a stay, none left out yet, and what is wrong with some of them."""

    table: pd.DataFrame
    """child (a number), birth (not a number where not told), start, end (not a number while it goes on), nc_year (not a
    number where only the key stage is told), key_stage, reason, setting, plan, registration, half_days, district, tier,
    returned ("yes", "no" or ""), apart (a number, the same for rows that are alike in every cell that is not read)."""
    flaws: tuple[Flaw, ...]


def typed_stays(written: Written, words: Words, about: About, today: np.datetime64) -> Stays:
    """Give every cell its meaning.

    Parameters
    ----------
    today : no stay can have begun after it
    """
    cells = written.cells
    start, end = read_days(cells, "start"), read_days(cells, "end")
    begun, of_start = _begun(start.days, float(number(np.array([today]))[0]))
    birth = read_days(cells, "birth") if "birth" in cells else Read(np.full(len(cells), np.nan), ())
    nc_year, key_stage, of_age = aged(cells, begun, birth, words)
    half_days, of_week = half_days_a_week(_texts(cells, "days"), _texts(cells, "half_days"))
    district, of_district = _districts(_texts(cells, "district"), about, told="district" in cells)
    labels, of_words = _labelled(cells, words)
    columns = {
        **labels,
        "child": pd.factorize(keys(_texts(cells, "child")))[0],
        "birth": birth.days,
        "start": begun,
        "end": end.days,
        "nc_year": nc_year,
        "key_stage": key_stage,
        "half_days": half_days,
        "district": district,
        "tier": _tiers(labels["tier"], labels["reason"], words),
        "apart": pd.factorize(cells[UNREAD])[0],
    }
    of_days = (*start.flaws, *of_start, *end.flaws)
    others = (*of_age, *of_week, *of_district, *of_words, *no_keys(_texts(cells, "child"), words))
    flaws = (*of_days, *others, *_lacking(cells, labels["returned"]))
    return Stays(pd.DataFrame(columns), _of_notes(cells, flaws))


def _begun(start: Days, today: float) -> tuple[Days, list[Flaw]]:
    """First days without those that cannot be, which are flaws."""
    early, late = start < FIRST_DAY, start > today
    remedy = "write the day on which the stay began"
    return np.where(early | late, np.nan, start), [
        *flawed(np.flatnonzero(early), "start", "is before 1990", remedy),
        *flawed(
            np.flatnonzero(late), "start", "is a day that has not come yet", "leave out stays that are only planned"
        ),
    ]


def _of_notes(cells: pd.DataFrame, flaws: tuple[Flaw, ...]) -> tuple[Flaw, ...]:
    """The flaws, with one alone for a row that is no stay but a total or a note."""
    filled = sum((_texts(cells, name) != "").astype(int) for name in NEEDED)
    notes = np.flatnonzero(filled < _LEAST)
    what = f"fills fewer than {_LEAST} of the columns that every stay needs, as a total or a note does"
    bare = set(notes.tolist())
    others = [flaw for flaw in flaws if flaw.of_all or flaw.at not in bare]
    return (*others, *flawed(notes, "", what, "take the row out, or fill it"))


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
    """Rows without a first day, or that say of a stay that goes on what became of it."""
    yield from flawed(
        np.flatnonzero(_texts(cells, "start") == ""), "start", "is blank", "write the day on which it began"
    )
    back = np.flatnonzero((_texts(cells, "end") == "") & (returned == "yes"))
    remedy = "give the last day, or leave returned blank"
    yield from flawed(back, "returned", "says that the child went back, yet the stay goes on", remedy)


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


def _districts(texts: Texts, about: About, *, told: bool) -> tuple[Texts, list[Flaw]]:
    """The area's own label; an area of one district needs none."""
    if not told:
        return np.full(len(texts), about.district_names[0], dtype=object), []
    labels = district_labels(about)

    def find(text: str) -> str | None:
        label = labels.find(text)
        return None if label == ALL else label

    remedy = f"write one of {', '.join(about.district_names)}, as the area's folder names them"
    read, flaws = _meant(texts, "district", find, about.district_names, None)
    return read, [flaw._replace(remedy=remedy) for flaw in flaws]
