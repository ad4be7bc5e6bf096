"""The JSON schema of a scenario file, for an editor that helps to write one: every lever, its fields and their help."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from forecast.domain import ALL
from forecast.scenario.levers import LEVERS
from forecast.scenario.scenario import NamedWorld, Scenario

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_AXIS: Final = {
    "district": "district",
    "serves": "district",
    "need": "need",
    "provision": "provision",
    "instead_of": "provision",
    "to": "provision",
    "school": "school",
}
"""Field of a lever -> whose labels it holds."""
_MAY_BE_NEW: Final = "school"
"""What a scenario may name for the first time: the labels there are only proposed."""


def scenario_schema(labels: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Schema of a scenario file.

    Parameters
    ----------
    labels : axis -> the words that an area knows there (`unfit.known`), which are then proposed, and others refused
    """
    return _schema(Scenario, labels or {})


def world_schema() -> dict[str, Any]:
    """Schema of the files that ship and define a world."""
    return _schema(NamedWorld, {})


def _schema(kind: type[BaseModel], labels: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Schema of a file that holds a `kind`."""
    _, made = models_json_schema([(each, "validation") for each in (kind, *LEVERS.values())], by_alias=True)
    parts = made["$defs"]
    for lever in LEVERS.values():
        part = parts[lever.__name__]
        part["required"] = sorted({"kind", *part.get("required", ())})
    whole = parts.pop(kind.__name__)
    named = {"x-labels": {axis: list(words) for axis, words in labels.items()}} if labels else {}
    for part in parts.values() if labels else ():
        _name_labels(part.get("properties", {}), labels)
    return {"$schema": DIALECT, **whole, **named, "$defs": parts}


def _name_labels(fields: dict[str, Any], labels: Mapping[str, Sequence[str]]) -> None:
    """Confine each field that holds labels of an area to the area's."""
    of_a_site = [ALL] if "serves" in fields else []
    for name, axis in _AXIS.items():
        if name in fields and axis in labels:
            words = [*labels[axis], *(of_a_site if axis == "district" else [])]
            fields[name] = _confined(fields[name], words, proposed=axis == _MAY_BE_NEW)


def _confined(part: dict[str, Any], words: list[str], *, proposed: bool) -> dict[str, Any]:
    """A part of a schema in which each text is one of `words`; or may be, where they are only proposed."""
    out = dict(part)
    if out.get("type") == "string" and "enum" not in out:
        del out["type"]
        return out | ({"anyOf": [{"enum": words}, {"type": "string"}]} if proposed else {"enum": words})
    if "anyOf" in out:
        out["anyOf"] = [_confined(each, words, proposed=proposed) for each in out["anyOf"]]
    if "items" in out:
        out["items"] = _confined(out["items"], words, proposed=proposed)
    if out.get("type") == "object":
        out["propertyNames"] = {"enum": words}
    return out
