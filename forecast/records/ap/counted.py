"""Files of stays into the three tables of an area: every mend, and every row left out, is said; rows are dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.records.ap import said
from forecast.records.ap.flaws import refuse, set_aside
from forecast.records.ap.mended import mended, repeated
from forecast.records.ap.once import Once, once
from forecast.records.ap.rolls import rolls
from forecast.records.ap.sheet import NEEDED, Written, read_written
from forecast.records.ap.tables import arrivals, begun_before, counted, lengths
from forecast.records.ap.typed import typed_stays
from forecast.records.ap.window import Window, window
from forecast.records.ap.words import read_words

SOURCE: Final = "Records of AP placements"
"""What the column `source` says of counts of real children."""
INVENTED: Final = "Synthetic records of AP placements"
"""What it says of invented ones."""


@dataclass(frozen=True)
class Given:
    """What the user says of the files."""

    today: np.datetime64
    """Day of the import: later days have not come."""
    since: np.datetime64 | None = None
    """First day from which every stay that went on is in the files."""
    seen: np.datetime64 | None = None
    """Last day that they know: mostly the one on which they were made."""
    words: Path | None = None
    """The user's own words."""
    sheet: str = ""
    """Sheet of each workbook; blank for the first."""
    leave_out: bool = False
    """Whether rows that cannot be mended are left out, if they are few."""
    before: int | None = None
    """First day from which stays were counted before, since 1 January 1970; None where none were."""


@dataclass(frozen=True, eq=False)
class Counts:
    """The tables of an area, and what is to be said of them."""

    tables: Mapping[str, pd.DataFrame]
    """`ap_rolls`, `ap_arrivals` and `ap_stays`."""
    window: Window
    begun_before: pd.DataFrame
    """As `ap_stays`, of stays that began after `Given.before`, and before these files are complete."""
    said: tuple[str, ...]
    """What was read, mended, taken for granted and left out: sentences without anything of one child."""


def read_stays(paths: Sequence[Path], about: About, given: Given) -> Counts:
    """Count the stays of every file.

    Parameters
    ----------
    paths : CSV files and workbooks, a row a stay
    about : the area's districts, and whether its children are invented

    Raises
    ------
    InputFaults
        Every fault of every file that can be told at once; or more rows would be left out than may be.
    """
    words = read_words(given.words)
    needed = NEEDED if len(about.district_names) == 1 else (*NEEDED, "district")
    written = read_written(paths, words, needed, given.sheet)
    twice = repeated(written.cells)
    read = typed_stays(written, words, about, given.today)
    flaws = [flaw for flaw in read.flaws if flaw.of_all or not twice[flaw.at]]
    if any(flaw.of_all for flaw in flaws):
        refuse(written.cells, flaws)
    sound = read.table[~twice].drop(index=list({flaw.at for flaw in flaws}))
    seen = window(sound, given.since, given.seen, given.today)
    stays = mended(sound, seen)
    flaws += stays.flaws
    if not given.leave_out:
        refuse(written.cells, flaws)
    left_out = set_aside(written.cells, flaws)
    kept = stays.table.drop(index=list({flaw.at for flaw in stays.flaws}))
    _see_ends(written, kept)
    each = once(kept, seen.seen)
    main = counted(kept, each)
    tables, part = _tables(kept, each, main, seen, INVENTED if about.synthetic else SOURCE)
    sentences = (
        *said.of_files(written, kept),
        *said.of_window(seen, kept),
        *said.of_mends(int(twice.sum()), stays.said),
        *left_out,
        *said.of_blanks(_blanks(written.cells.loc[kept.index], kept)),
        *said.of_counting(kept, main, seen, part),
    )
    return Counts(tables, seen, begun_before(main, seen, given.before), sentences)


def _tables(
    stays: pd.DataFrame, each: Once, main: pd.DataFrame, seen: Window, source: str
) -> tuple[dict[str, pd.DataFrame], int]:
    """The three tables, and the arrivals of months that are covered in part, which are in none of them."""
    came, part = arrivals(main, seen, source)
    tables = {"ap_rolls": rolls(stays, each, seen, source), "ap_arrivals": came, "ap_stays": lengths(main, seen)}
    if all(table.empty for table in tables.values()):
        what = "no stay went on or began while the files are complete, so there is nothing to count"
        raise InputFaults([Fault("--since", 0, "", what, "give an earlier day, or files of later stays")])
    return tables, part


def _see_ends(written: Written, stays: pd.DataFrame) -> None:
    """Ends and returns that are not known must not pass for none."""
    file = str(written.cells["file"].iloc[0])
    if len(stays) and not stays["end"].notna().any():
        what = "is not there for any stay, so that nobody would ever seem to leave"
        raise InputFaults([Fault(file, 0, "end", what, "give a file with the stays that have ended as well")])
    if stays["end"].notna().any() and not stays["returned"].ne("").any():
        what = "is blank for every stay, so that nobody would seem to go back to a mainstream school"
        raise InputFaults([Fault(file, 0, "returned", what, "write yes or no for stays that ended")])


def _blanks(cells: pd.DataFrame, kept: pd.DataFrame) -> Mapping[str, int]:
    """Column -> rows that are counted though it is blank there or absent."""
    absent = pd.Series("", cells.index)
    empty = {name: cells.get(name, absent).eq("") for name in said.OF_BLANK}
    empty["days"] &= cells.get("half_days", absent).eq("")
    empty["returned"] &= kept["end"].notna()
    return {name: int(rows.sum()) for name, rows in empty.items()}
