"""`data/assumptions.yaml`: judgements that the forecast rests on, each with a range, a source and a date."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from forecast.errors import Fault, InputFaults

NEEDED = frozenset(
    {
        "ceiling",
        "start_damping",
        "local_decay",
        "cohort_weight",
        "waiting_weight",
        "delay_months",
        "theta_independent",
        "theta_mainstream",
    }
)
"""Assumptions that the forecast cannot do without."""


class Assumption(BaseModel):
    """A number that no published figure gives."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    says: str
    """What it means, in a sentence."""
    value: float
    """The central value: half of the draws lie below it."""
    low: float
    """One chance in ten that the truth is below."""
    high: float
    """One chance in ten that the truth is above."""
    owner: str
    """Who answers for it."""
    source: str
    """Evidence, or that it is judgement."""
    supported: bool = False
    """Whether anything but judgement stands behind the value; not unless the file says so."""
    unit: Literal["share", "months"] = "share"
    """What the value and its range are counted in."""
    review: date
    """When to look at it again."""

    @model_validator(mode="after")
    def _range_holds_value(self) -> Self:
        if not self.low <= self.value <= self.high:
            msg = f"value {self.value} lies outside its range {self.low} to {self.high}"
            raise ValueError(msg)
        return self


def read_assumptions(path: Path) -> Mapping[str, Assumption]:
    """Assumptions by name.

    Raises
    ------
    InputFaults
        The file is no YAML mapping, or an assumption lacks a field, has an unknown one or an upside-down range.
    """
    try:
        written = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputFaults(
            [
                Fault(
                    path.name,
                    0,
                    "",
                    f"it cannot be read ({type(error).__name__})",
                    "restore the file that ships",
                )
            ]
        ) from error
    faults, known = [], {}
    for name, fields in (written if isinstance(written, dict) else {"": None}).items():
        try:
            known[name] = Assumption.model_validate(fields)
        except ValidationError as error:
            faults += [
                Fault(
                    path.name,
                    0,
                    ".".join(map(str, (name, *fault["loc"]))),
                    fault["msg"].lower(),
                    "see the other assumptions for the form",
                )
                for fault in error.errors()
            ]
    faults += [
        Fault(path.name, 0, name, "the assumption is missing", "restore it from the file that ships")
        for name in sorted(NEEDED - set(written if isinstance(written, dict) else {}))
    ]
    if faults:
        raise InputFaults(faults)
    return MappingProxyType(known)
