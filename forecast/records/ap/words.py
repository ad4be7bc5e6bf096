"""The words of councils' records of alternative provision: `data/reference/ap_words.csv`, and a user's own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

import pandas as pd

from forecast.domain import ApSetting, KeyStage, Reason, Tier
from forecast.errors import Fault, InputFaults
from forecast.inputs.bundled import bundled
from forecast.inputs.count_words import plain
from forecast.inputs.faults import capped
from forecast.inputs.safe_files import MOST_TABLE, file_bytes
from forecast.inputs.sheet import read_sheet

COLUMNS: Final = (
    *("child", "start", "end", "reason", "setting", "plan", "returned"),
    *("nc_year", "key_stage", "birth"),
    *("district", "registration", "days", "half_days", "tier"),
)
"""What a column of the records may hold: the first seven always, one of the next three, then what may be absent."""
REGISTRATIONS: Final = ("sole", "dual_main", "dual_subsidiary", "none")
"""In the order in which a child with several stays at once is counted: the first of these is the child's main one."""
MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "column": COLUMNS,
    "setting": tuple(ApSetting),
    "reason": tuple(Reason),
    "registration": REGISTRATIONS,
    "key_stage": tuple(KeyStage),
    "tier": tuple(Tier),
    "plan": ("yes", "no"),
    "returned": ("yes", "no"),
    "tier_of_reason": tuple(Tier),
    "no_key": ("nobody",),
}
"""Kind of word -> what it may mean."""
_OWN: Final = ("kind", "word", "means", "source")


@dataclass(frozen=True)
class Words:
    """Plain word -> what it means, for every kind of `MEANINGS`."""

    means: Mapping[str, Mapping[str, str]]

    def find(self, kind: str, text: str) -> str | None:
        """What `text` means; None where no word is so."""
        return self.means[kind].get(plain(text))


def read_words(own: Path | None = None) -> Words:
    """Words that ship, and above them those of a user's file: CSV with the columns kind, word, means and source.

    Raises
    ------
    InputFaults
        The user's file cannot be read, or a row of it has no known kind or meaning, or no word, or says a word twice.
    """
    means = {kind: dict(words) for kind, words in _shipped().items()}
    if own is not None:
        for kind, words in _by_kind(_own(own)).items():
            means[kind] |= words
    return Words(MappingProxyType(means))


@cache
def _shipped() -> Mapping[str, Mapping[str, str]]:
    return _by_kind(pd.read_csv(bundled("data", "reference", "ap_words.csv"), dtype=str, keep_default_na=False))


def _by_kind(table: pd.DataFrame) -> Mapping[str, Mapping[str, str]]:
    """Plain word -> what it means, by kind."""
    means: dict[str, dict[str, str]] = {kind: {} for kind in MEANINGS}
    for kind, word, meant in zip(table["kind"], table["word"], table["means"], strict=True):
        means[kind][plain(word)] = meant
    return means


def _own(path: Path) -> pd.DataFrame:
    """Words of a user's file."""
    sheet = read_sheet(path.name, file_bytes(path, MOST_TABLE), _OWN, ("source",))
    faults = list(sheet.faults)
    if not faults:
        table = sheet.cells.map(lambda cell: str(cell).strip()).assign(file=path.name)
        faults = list(_wrong(path.name, table))
    if faults:
        raise InputFaults(faults)
    return table


def _wrong(file: str, table: pd.DataFrame) -> Iterator[Fault]:
    """Rows that say nothing that can be used."""
    kinds = table["kind"].isin(list(MEANINGS))
    remedy = f"write one of {', '.join(MEANINGS)}"
    yield from capped(
        table.index[~kinds].tolist(), lambda line: Fault(file, line, "kind", "is no known kind of word", remedy)
    )
    for line, kind, meant in table.loc[kinds, ["kind", "means"]].itertuples():
        if meant not in MEANINGS[kind]:
            known = f"write one of {', '.join(MEANINGS[kind])}"
            yield Fault(file, line, "means", f"is no known meaning of a word for {kind}", known)
    plainly = table["word"].map(plain)
    for line in table.index[plainly.eq("")]:
        yield Fault(file, line, "word", "is blank", "write the word that your records use")
    again = pd.DataFrame({"kind": table["kind"], "word": plainly}).duplicated()
    for line in table.index[again & plainly.ne("")]:
        yield Fault(file, line, "word", "is there twice", "keep one of the two rows")
