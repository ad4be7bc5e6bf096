"""Year groups and key stages of children when a stay begins: from the date of birth, else as the records say them."""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import AGE_AT_RECEPTION, KEY_STAGES, KeyStage
from forecast.inputs.count_groups import year_groups
from forecast.records.ap.dates import Days, Read, academic_years
from forecast.records.ap.flaws import Flaw, flawed
from forecast.records.ap.words import MEANINGS, Words

YEARS: Final = (0, 14)
"""Year groups of children who may be in alternative provision: Reception to Year 14."""
_OUTSIDE: Final = "makes the child younger than Reception or older than Year 14 when the stay begins"
_LOOK: Final = "see that it is right, and that the stay is one of alternative provision"
_BESIDE_START: Final = "and start make the child younger than Reception or older than Year 14 when the stay begins"
_WHICH: Final = "see which of the two days is right, and that the stay is one of alternative provision"
Texts = NDArray[np.object_]
Numbers = NDArray[np.float64]


def aged(cells: pd.DataFrame, start: Days, birth: Read, words: Words) -> tuple[Numbers, Texts, list[Flaw]]:
    """Year group and key stage when each stay begins.

    Parameters
    ----------
    cells : columns `birth`, `nc_year` and `key_stage`, one of them at least
    start : (rows,) days; not a number where unknown or absurd
    birth : days of birth, and what is wrong with them

    Returns
    -------
    nc_year : (rows,) not a number where only the key stage is told
    key_stage : (rows,) "" where it cannot be read
    """
    blank = np.full(len(cells), "", dtype=object)
    texts = {name: cells[name].to_numpy(dtype=object) if name in cells else blank for name in _READERS}
    by_birth, flaws = _from_birth(birth.days, start), list(birth.flaws)
    groups, of_groups = _from_group(texts["nc_year"])
    stages, of_stages = _from_stage(texts["key_stage"], words)
    birth_told, group_told = texts["birth"] != "", texts["nc_year"] != ""
    nc_year = np.where(birth_told, by_birth, groups)
    outside = ~np.isnan(nc_year) & ((nc_year < YEARS[0]) | (nc_year > YEARS[1]))
    flaws += flawed(np.flatnonzero(outside & birth_told), "birth", _BESIDE_START, _WHICH)
    flaws += flawed(np.flatnonzero(outside & ~birth_told), "nc_year", _OUTSIDE, _LOOK)
    flaws += [flaw for flaw in of_groups if not birth_told[flaw.at]]
    flaws += [flaw for flaw in of_stages if not (birth_told | group_told)[flaw.at]]
    none = ~birth_told & ~group_told & (texts["key_stage"] == "")
    remedy = "write the year group, the key stage or the date of birth"
    flaws += flawed(np.flatnonzero(none), "nc_year", "is blank, and nothing else says the key stage", remedy)
    return nc_year, np.where(birth_told | group_told, stage_of(nc_year), stages), flaws


_READERS: Final = ("birth", "nc_year", "key_stage")


def stage_of(nc_year: Numbers) -> Texts:
    """Key stage of each year group; "" where there is none, the last of them past Year 14."""
    stages = np.full(len(nc_year), "", dtype=object)
    for stage, years in KEY_STAGES.items():
        stages[(nc_year >= years[0]) & (nc_year <= years[-1])] = stage.value
    stages[nc_year > YEARS[1]] = KeyStage.KS5.value
    return stages


def _from_birth(birth: Days, start: Days) -> Numbers:
    """Age at 31 August before the stay, less 4; not a number where either day is unknown."""
    both = ~np.isnan(birth) & ~np.isnan(start)
    years = np.full(len(start), np.nan)
    years[both] = academic_years(start[both]) - academic_years(birth[both]) - AGE_AT_RECEPTION - 1
    return years


def _from_group(texts: Texts) -> tuple[Numbers, list[Flaw]]:
    """One year group; a blank is not a number and no flaw."""
    codes, distinct = pd.factorize(texts)
    read = np.array([_one(text) for text in distinct], dtype=float)[codes]
    wrong = np.isnan(read) & (texts != "")
    return read, flawed(np.flatnonzero(wrong), "nc_year", "is no year group", "write a number, 0 for Reception")


def _one(text: str) -> float:
    if not text:
        return np.nan
    try:
        first, last = year_groups(text)
    except ValueError:
        return np.nan
    return float(first) if first == last else np.nan


def _from_stage(texts: Texts, words: Words) -> tuple[Texts, list[Flaw]]:
    """One key stage; a blank is "" and no flaw."""
    codes, distinct = pd.factorize(texts)
    read = np.array([words.find("key_stage", text) or "" if text else "" for text in distinct], dtype=object)[codes]
    remedy = f"write one of {', '.join(MEANINGS['key_stage'])}, or say with --words what it means"
    return read, flawed(np.flatnonzero((read == "") & (texts != "")), "key_stage", "is no key stage", remedy)
