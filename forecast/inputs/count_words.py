"""The words that councils' tables use, and what they mean here: `data/reference/count_words.csv` and its neighbours.

Words are compared in small letters without marks: "Non-maintained special" is "non maintained special".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd

from forecast.domain import ALL, NEED_NAMES, NOT_RECORDED, PROVISION_NAMES, Need, Provision
from forecast.inputs.about import About
from forecast.inputs.bundled import bundled
from forecast.inputs.faults import nearest

REFUSED: Final = "refused"
"""What a heading means that only a list of children has."""
AXES: Final = ("year", "district", "need", "nc_year", "provision")
"""What a count may be by."""
_MARKS: Final = re.compile(r"[^0-9a-z]+")
Kind = Literal["hidden", "unknown", "none"]


@dataclass(frozen=True)
class Marker:
    """What stands in a cell in the place of a count."""

    kind: Kind
    """A small number hidden; not known at all; or none, as there can be no such child."""
    least: float
    """The fewest hidden children; NaN where not known."""
    most: float
    """The most."""


@dataclass(frozen=True)
class Labels:
    """Words of one axis -> the area's label, and the labels that the area has to gain for it."""

    words: Mapping[str, str]
    """Plain word -> label."""
    new: Mapping[str, str]
    """Label that the area does not have yet -> the standard label that it means."""
    not_guessed: frozenset[str] = frozenset()
    """Words that are read, but that no other word is taken to mean."""

    def find(self, text: str) -> str | None:
        """Label that `text` means; None where no word is so."""
        return self.words.get(plain(text))

    def near(self, text: str) -> str | None:
        """Known word that `text` probably means, but none for a sum: it would be taken for all of them."""
        return nearest(
            plain(text), [word for word, label in self.words.items() if label != ALL and word not in self.not_guessed]
        )


def plain(text: object) -> str:
    """Words of a text in small letters, one blank between, without any other mark."""
    return _MARKS.sub(" ", str(text).casefold().replace("&", " and ").replace("'", "").replace("\u2019", "")).strip()


@cache
def words(kind: str) -> Mapping[str, str]:
    """Plain word -> what it means: of kind `column`, `child`, `need`, `provision`, `year_group` or `total`."""
    table = _table("count_words.csv")
    rows = table[table["kind"].eq(kind)]
    known = dict(zip(rows["word"], rows["means"], strict=True))
    if kind == "provision":
        known = {**_published(), **known}
    return MappingProxyType(known)


@cache
def markers() -> Mapping[str, Marker]:
    """What may stand in the place of a count, without brackets and in small letters."""
    table = _table("count_markers.csv")
    bounds = table[["least", "most"]].apply(pd.to_numeric)
    kinds: dict[str, Kind] = {"hidden": "hidden", "unknown": "unknown", "none": "none"}
    return MappingProxyType({
        str(mark): Marker(kinds[str(kind)], float(least), float(most))
        for mark, kind, least, most in zip(table["marker"], table["kind"], bounds["least"], bounds["most"], strict=True)
    })  # fmt: skip


def column_of(heading: object) -> str | None:
    """Axis, or `children`, that a heading names; `REFUSED` where only a list of children has it; None if unknown."""
    word = plain(heading)
    return REFUSED if word in words("child") else words("column").get(word)


def is_total(text: object) -> bool:
    """Whether a label says that its row is a sum over it."""
    return plain(text) in words("total") or plain(text).startswith(("total ", "grand total"))


def district_labels(about: About) -> Labels:
    """The area's districts by name, by code and by name without what kind of council it is."""
    names = {plain(district.name): district.name for district in about.districts}
    codes = {plain(district.code): district.name for district in about.districts if district.code}
    endings = ("district", "district council", "borough", "borough council", "city", "city council")
    longer = {f"{word} {ending}": name for word, name in names.items() for ending in endings}
    return Labels({**longer, **codes, **names, **_totals()}, {}, frozenset(longer) - set(names))


def need_labels(about: About) -> Labels:
    """Needs by code and by words."""
    names = {plain(name): need.value for need, name in NEED_NAMES.items()}
    return _labels(about.needs, {**names, **words("need")}, [need.value for need in Need])


def provision_labels(about: About) -> Labels:
    """Provisions by code, by words and by the names of establishment types."""
    names = {plain(name): provision.value for provision, name in PROVISION_NAMES.items()}
    return _labels(about.provisions, {**words("provision"), **names}, [provision.value for provision in Provision])


def _labels(own: Mapping[str, str], known: Mapping[str, str], standard: Iterable[str]) -> Labels:
    """The area's own labels first; else the one that means the standard label; else that label, which is new."""
    label_of: dict[str, str] = {NOT_RECORDED: NOT_RECORDED}
    for code in standard:
        mine = [label for label, means in own.items() if str(means) == code]
        label_of[code] = code if code in mine or not mine else mine[0]
    theirs = {word: label_of[means] for word, means in known.items()}
    mine_by_word = {plain(label): label for label in own}
    new = {code: code for code in standard if label_of[code] == code and code not in own}
    return Labels({**theirs, **_totals(), **mine_by_word}, new)


def _totals() -> dict[str, str]:
    return dict.fromkeys(words("total"), ALL)


def _published() -> dict[str, str]:
    """Columns of the published release, and types of establishment, as words for a provision."""
    columns = _table("sen2_provisions.csv")
    types = _table("gias_types.csv")
    return {
        plain(word): str(means)
        for table, named in ((types, "name"), (columns, "published"))
        for word, means in zip(table[named], table["provision"], strict=True)
        if means in set(Provision) | {NOT_RECORDED}
    }


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(bundled("data", "reference", name), dtype=str, keep_default_na=False)
