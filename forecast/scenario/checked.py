"""What a file says, as one of our classes: or every fault of it, with the line it stands on and the nearest word."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as held
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from forecast.errors import MOST_NAMED, Fault, InputFaults
from forecast.inputs.yaml_text import Word, Written
from forecast.scenario.levers import LEVERS
from forecast.scenario.misread import misread
from forecast.scenario.spoken import said_of_place
from forecast.scenario.written import FROM_FILE

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_Kind = TypeVar("_Kind", bound=BaseModel)


@dataclass(frozen=True)
class Origin:
    """Where a change was written."""

    file: str
    """Name of the file; the scenario's own name where there is none."""
    row: int
    """Line of the file; 0 where there is none."""
    field: str
    """Which change it is, such as "changes.0"; people are told "change 1"."""
    words: tuple[Word, ...] = held(default=(), compare=False, repr=False)
    """What is written in it; none where there is no file."""

    def fault(self, what: str, remedy: str, part: str = "", label: str = "") -> Fault:
        """A fault of this change, on the row of its part where that is known.

        Parameters
        ----------
        part : field at fault
        label : word at fault, wherever in the change it stands; one in `part` is meant first
        """
        own = [word for word in self.words if word.where[:1] not in {("kind",), ("evidence",)}]
        meant = [word for word in own if (word.text == label if label else word.where[:1] == (part,))]
        if not meant:
            return Fault(self.file, self.row, self._called(()), what, remedy)
        word = next((word for word in meant if part in word.where), meant[0])
        return Fault(self.file, word.row, self._called(word.where), what, remedy)

    def _called(self, within: Sequence[str | int]) -> str:
        return said_of_place([*(int(part) if part.isdecimal() else part for part in self.field.split(".")), *within])

    def __str__(self) -> str:
        """Which change, as another sentence names it: "change 1 of help.yaml, row 4"."""
        return f"{self._called(())} of {self.file}" + (f", row {self.row}" if self.row else "")


def origins(written: Written, changes: Sequence[object]) -> tuple[Origin, ...]:
    """Where each change of a file stands in it."""
    places = (("changes", at) for at, _ in enumerate(changes))
    return tuple(
        Origin(written.file, written.line(place), f"changes.{place[1]}", tuple(written.words(place)))
        for place in places
    )


def checked(kind: type[_Kind], written: Written) -> _Kind:
    """What a file says, as a `kind`.

    Raises
    ------
    InputFaults
        Every fault of it.
    """
    try:
        return kind.model_validate(written.holds, context=FROM_FILE if written.root else None)
    except ValidationError as error:
        raise InputFaults([_fault(written, kind, said) for said in error.errors()]) from error


def _fault(written: Written, kind: type[BaseModel], said: "ErrorDetails") -> Fault:
    """One fault of a file, with the nearest known word where a word is not known."""
    where = [part for part in said["loc"] if part not in LEVERS]  # pydantic names the lever it tried
    named, row = said_of_place(where), written.line(where)
    match said["type"]:
        case "missing":
            return Fault(written.file, row, named, "the field is missing", "write it")
        case "union_tag_not_found":
            remedy = f"write it: {', '.join(sorted(LEVERS))}"
            return Fault(written.file, row, said_of_place([*where, "kind"]), "the field is missing", remedy)
        case "union_tag_invalid":
            remedy = nearest(str(said["ctx"]["tag"]), LEVERS)
            return Fault(written.file, row, named, "no such kind of change", remedy)
        case "extra_forbidden":
            remedy = nearest(str(where[-1]), _fields(kind, said["loc"][:-1]))
            return Fault(written.file, row, named, f"no field is called {str(where[-1])!r}", remedy)
        case "literal_error" | "enum":
            known = re.findall(r"'([^']*)'", said["ctx"]["expected"])
            return Fault(written.file, row, named, "no such word is known here", nearest(str(said["input"]), known))
        case _:
            return Fault(written.file, row, named, *misread(said, whole=not where))


def _fields(kind: type[BaseModel], where: Sequence[str | int]) -> set[str]:
    """Fields that a part of a `kind` may have, as a file writes them.

    Parameters
    ----------
    where : keys, positions and kinds of lever from the top to that part
    """
    for part in where:
        if part in LEVERS:
            kind = LEVERS[str(part)]
            continue
        found = [info for name, info in kind.model_fields.items() if part in {name, info.alias}]
        inside = _models(found[0].annotation) if found else []
        kind = inside[0] if len(inside) == 1 else kind
    return {info.alias or name for name, info in kind.model_fields.items()}


def _models(annotation: object) -> list[type[BaseModel]]:
    """Classes of ours in the type of a field."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]


def nearest(word: str, known: Iterable[str]) -> str:
    """The remedy for a word that is not known."""
    names = sorted(known)
    plain = {name.casefold(): name for name in names}
    close = get_close_matches(word.casefold(), plain, n=1)
    if close:
        return f"did you mean {plain[close[0]]!r}"
    rest = f"; and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"choose from {', '.join(names[:MOST_NAMED])}{rest}" if names else "leave it out: there are none"
