"""What a file says, as one of our classes: or every fault of it, with the line it stands on and the nearest word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from forecast.errors import MOST_NAMED, Fault, InputFaults
from forecast.inputs.yaml_text import Written
from forecast.scenario.levers import LEVERS

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
    """Which change it is, such as "changes.0"."""

    def fault(self, what: str, remedy: str) -> Fault:
        """A fault of this change."""
        return Fault(self.file, self.row, self.field, what, remedy)

    def __str__(self) -> str:
        """Which change, as another sentence names it: "changes.0 of help.yaml, row 4"."""
        return f"{self.field} of {self.file}" + (f", row {self.row}" if self.row else "")


def origins(written: Written, changes: Sequence[object]) -> tuple[Origin, ...]:
    """Where each change of a file stands in it."""
    return tuple(Origin(written.file, written.line(("changes", at)), f"changes.{at}") for at, _ in enumerate(changes))


def checked(kind: type[_Kind], written: Written) -> _Kind:
    """What a file says, as a `kind`.

    Raises
    ------
    InputFaults
        Every fault of it.
    """
    try:
        return kind.model_validate(written.holds)
    except ValidationError as error:
        raise InputFaults([_fault(written, kind, said) for said in error.errors()]) from error


def _fault(written: Written, kind: type[BaseModel], said: "ErrorDetails") -> Fault:
    """One fault of a file, with the nearest known word where a word is not known."""
    where = [part for part in said["loc"] if part not in LEVERS]  # pydantic names the lever it tried
    field, row = ".".join(map(str, where)), written.line(where)
    match said["type"]:
        case "missing":
            return Fault(written.file, row, field, "the field is missing", "write it")
        case "union_tag_not_found":
            remedy = f"write it: {', '.join(sorted(LEVERS))}"
            return Fault(written.file, row, f"{field}.kind", "the field is missing", remedy)
        case "union_tag_invalid":
            remedy = nearest(str(said["ctx"]["tag"]), LEVERS)
            return Fault(written.file, row, field, "no such kind of change", remedy)
        case "extra_forbidden":
            remedy = nearest(str(where[-1]), _fields(kind, said["loc"][:-1]))
            return Fault(written.file, row, field, f"no field is called {str(where[-1])!r}", remedy)
        case "string_type" if isinstance(said["input"], bool):
            what = "it reads as yes or no, where a word is meant"
            return Fault(written.file, row, field, what, "put the word in quotes")
        case _:
            msg = said["msg"].removeprefix("Value error, ")
            what, _, remedy = (msg[:1].lower() + msg[1:]).rpartition("; ")  # ours say how to mend it
            return Fault(written.file, row, field, what or remedy, remedy if what else "correct it")


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
