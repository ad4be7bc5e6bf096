"""What the person-level SEN2 return calls its modules and fields, in each form that it is kept in.

Nothing here is from memory: `data/reference/sen2_return.csv`, `sen2_modules.csv` and `sen2_codes.csv` give each
name, each synonym and each code with the source that it was found in.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

import pandas as pd

from forecast.errors import UnknownLabel
from forecast.inputs.bundled import bundled

CSV, XML, WORKBOOK = "csv", "xml", "workbook"
FORMS: Final = (CSV, XML, WORKBOOK)
"""COLLECT's blade export; the file that is submitted; the workbook filled in before that."""
ID, PARENT = "id", "parent"
ALWAYS: Final = "always"
"""Need of a field that some record must have."""
_FROM: Final = "+"
_BEFORE: Final = "before "


@dataclass(frozen=True)
class Field:
    """One field of a module."""

    module: str
    name: str
    """What this program calls it: a column of `Filed.tables`."""
    kind: str
    """`id`, `parent`, `date`, `flag`, `whole` or `text`."""
    needed: str
    """`always`: some record must have it; `column`: a CSV or sheet must have the column; `no`."""
    names: Mapping[str, tuple[str, ...]]
    """Form -> what the field is called there, synonyms after the first."""
    versions: str
    """Versions of the guide that have it, as the table says."""

    @property
    def told_by(self) -> Mapping[str, str]:
        """Names that only some versions have -> the version that they tell: 1.1 for any before 1.2."""
        parts = [part.strip().partition(" as ") for part in self.versions.split(";")]
        return {
            plain(name): told
            for said, _, one in parts
            for name in ([one] if one else [name for names in self.names.values() for name in names])
            if (told := _told(said))
        }


@dataclass(frozen=True)
class Module:
    """One module of the return."""

    name: str
    names: Mapping[str, tuple[str, ...]]
    """Form -> end of a CSV's name, element, or sheet."""
    fields: Mapping[str, Field]

    def called(self, form: str) -> Mapping[str, Field]:
        """The field that each name means in a form, names as `plain` writes them."""
        return {plain(name): field for field in self.fields.values() for name in field.names[form]}


def plain(name: str) -> str:
    """A name without capitals, blanks and marks, as names are compared: `SEN Unit Indicator` is `senunitindicator`."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


@cache
def layout() -> Mapping[str, Module]:
    """Every module of the return by name, in the order of the return."""
    fields: dict[str, dict[str, Field]] = {}
    for row in _table("sen2_return.csv").to_dict("records"):
        names = {form: _synonyms(row[form]) for form in FORMS}
        field = Field(row["module"], row["field"], row["kind"], row["needed"], names, row["versions"])
        fields.setdefault(field.module, {})[field.name] = field
    modules = _table("sen2_modules.csv").to_dict("records")
    return MappingProxyType(
        {
            row["module"]: Module(row["module"], {form: _synonyms(row[form]) for form in FORMS}, fields[row["module"]])
            for row in modules
        }
    )


def code_list(name: str) -> Mapping[str, str]:
    """Codes of a coded field and what each means, such as those of `need`.

    Raises
    ------
    UnknownLabel
        There is no such list.
    """
    table = _table("sen2_codes.csv")
    rows = table[table["list"].eq(name)]
    if rows.empty:
        raise UnknownLabel("list of codes", name, set(table["list"]))
    return dict(zip(rows["code"], rows["meaning"], strict=True))


def version_told(names: Collection[tuple[Field, str]]) -> str:
    """Version of the guide whose names a return uses: the newest that any of `names` tells, or "".

    Parameters
    ----------
    names : each field that was found, and what it was called there, as `plain` writes it
    """
    return max((field.told_by[name] for field, name in names if name in field.told_by), default="")


def _told(said: str) -> str:
    if said.startswith(_BEFORE):
        return "1.1"
    return said.removesuffix(_FROM) if said.endswith(_FROM) else ""


def _synonyms(cell: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in cell.split(";") if name.strip())


@cache
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(bundled("data", "reference", name), dtype="str", keep_default_na=False)
