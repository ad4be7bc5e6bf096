"""`area.toml` as it is written by hand, and as this program writes it."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from forecast.domain import OWN, Need, Provision
from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About, District, Source
from forecast.inputs.faults import choice, nearest, shown
from forecast.inputs.sheet import plain_text

FILE: Final = "area.toml"
_SAVE_AS: Final = "save it as plain text in UTF-8"
_SENSITIVE: Final = "# OFFICIAL-SENSITIVE: holds counts of children; not for publication.\n"
_PARTS: Final[dict[str, type[BaseModel]]] = {"districts": District, "sources": Source}
_STANDARD: Final = {
    "needs": [*(need.value for need in Need), OWN],
    "provisions": [*(provision.value for provision in Provision), OWN],
}
_REMEDIES: Final = {
    "string": 'write a text between "quotes"',
    "bool": "write true or false",
    "int": "write a whole number",
    "greater": "write a January from 2010 to 2100",
    "less": "write a January from 2010 to 2100",
    "dict": "write it as a section, with one line for each label",
    "tuple": "write it as a list, between [ and ]",
    "model": "write it as a section of its own",
    "too": "name at least one",
    "value": "give each one a name of its own",
}
"""By the first word of pydantic's type of error."""


def read_about(content: bytes) -> About:
    """Read area.toml.

    Raises
    ------
    InputFaults
        It is not TOML, or `About` does not allow what it says: every fault that can be told at once.
    """
    text = plain_text(FILE, content, _SAVE_AS)
    try:
        about = About.model_validate(tomllib.loads(text))
    except ValidationError as error:
        details = error.errors(include_url=False)
        raise InputFaults({_fault(found, text): None for found in details if not _follows(found)}) from error
    except (ValueError, RecursionError) as error:
        raise InputFaults([_syntax(text, str(error))]) from error
    if unsound := list(_unsound_labels(about)):
        raise InputFaults(unsound)
    return about


def about_text(about: About) -> str:
    """Words of an area.toml that reads as `about`."""
    said = about.model_dump(mode="json", exclude_defaults=True)
    lines = [_line(key, value) for key, value in said.items() if not _is_section(value)]
    for key, value in said.items():
        if isinstance(value, dict):
            lines += ["", f"[{key}]", *(_line(name, means) for name, means in value.items())]
        elif _is_section(value):
            lines += [line for part in value for line in ("", f"[[{key}]]", *(_line(*item) for item in part.items()))]
    return (_SENSITIVE if about.confidential else "") + "\n".join(lines) + "\n"


def _is_section(value: object) -> bool:
    return isinstance(value, dict) or (isinstance(value, list) and isinstance(value[0], dict))


def _line(key: str, value: object) -> str:
    name = key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _quoted(key)
    if isinstance(value, list):
        return f"{name} = [\n" + "".join(f"    {_quoted(item)},\n" for item in value) + "]"
    return f"{name} = {_quoted(value)}"


def _quoted(value: object) -> str:
    """Write a text, number or truth; JSON's way is TOML's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _syntax(text: str, message: str) -> Fault:
    what, _, where = message.partition(" (at ")
    line = re.match(r"line ([0-9]+)", where)
    row = int(line[1]) if line else len(text.splitlines()) if where else 0
    remedy = "write each line as key = value, texts between quotes"
    return Fault(FILE, row, "", f"is not in TOML ({what[:80].lower()})", remedy)


def _follows(found: ErrorDetails) -> bool:
    """Whether this only follows from another fault: a list is too short because its items are at fault."""
    return found["type"] == "too_short" and bool(found["input"])


def _fault(found: ErrorDetails, text: str) -> Fault:
    """Word one of pydantic's findings."""
    path = found["loc"]
    if path and path[0] in _STANDARD:
        path = path[:2]  # the rest says which of the two kinds of label was tried
    field = " ".join(str(part + 1) if isinstance(part, int) else shown(part).strip("'") for part in path)
    what, remedy = _words(found, path)
    return Fault(FILE, _row(text, path), field, what, remedy)


def _words(found: ErrorDetails, path: tuple[int | str, ...]) -> tuple[str, str]:
    """Say what is wrong, and what to do."""
    kind, value = found["type"], found["input"]
    model = _PARTS.get(str(path[0]), About) if len(path) > 1 else About
    if kind == "extra_forbidden":
        near = nearest(str(path[-1]), model.model_fields)
        return "is not a known key", f"did you mean {near!r}? Write it so" if near else "remove the line"
    if kind == "missing":
        says = model.model_fields[str(path[-1])].description or ""
        return "is missing", f"add it: {says.rstrip('.')}"
    if path and path[0] in _STANDARD and len(path) > 1:
        means = str(value)
        return f"{shown(means)} is not a standard label", choice(means, _STANDARD[str(path[0])])
    if kind == "literal_error":
        return f"{shown(str(value))} is not allowed", f"write {found['ctx']['expected']}"
    if kind == "value_error":
        return str(found["ctx"]["error"]), _REMEDIES["value"]
    what = found["msg"].partition(",")[0].replace("Input should", "should")
    return what, _REMEDIES.get(kind.split("_")[0], "write it as the bundled areas do")


def _row(text: str, path: tuple[Any, ...]) -> int:
    """Line that sets the last key of `path`, if only one does; else 0."""
    key = re.escape(str(path[-1])) if path else "(?!)"
    found = list(re.finditer(rf"^[ \t]*[\"']?{key}[\"']?[ \t]*=", text, re.MULTILINE))
    return text.count("\n", 0, found[0].start()) + 1 if len(found) == 1 else 0


def _unsound_labels(about: About) -> Iterator[Fault]:
    """Labels that no cell of a table could say."""
    labels = {"districts": about.district_names, "needs": about.needs, "provisions": about.provisions}
    for field, names in labels.items():
        for name in names:
            if not name or name != " ".join(name.split()) or ";" in name:
                remedy = "leave out `;`, blanks at its ends and double blanks within"
                yield Fault(FILE, 0, field, f"{shown(name)} cannot be a label", remedy)
