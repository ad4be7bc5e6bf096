"""Levers of which a setting is sought: written as in a scenario file, with what may vary as `0..0.5`.

A setting is sought in steps from the end of its bounds that changes nothing, or least, towards the other: a hundredth a
step, or one where it is a whole number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Final

import yaml

from forecast.domain import academic_year
from forecast.errors import Fault, InputFaults
from forecast.inputs.faults import shown
from forecast.inputs.yaml_text import Written, read_yaml
from forecast.scenario.checked import Origin, checked, nearest
from forecast.scenario.levers import LEVERS
from forecast.scenario.scenario import Scenario
from forecast.scenario.written import Range

LABEL: Final = "--lever"
"""Where a fault of a lever is said to be."""
EXAMPLE: Final = "rebalance, share: 0..0.5, support: 4000, from: 2027/28"
"""A lever as it may be written."""
FULL: Final = "1"
"""The most of a share where no bounds are written: all."""
FINE, WHOLE, COARSE = 0.01, 1.0, 1000.0
"""Sizes of a step: of shares and multiples, of whole numbers, of large sums."""
_FINE_TO, _WHOLE_TO = 10, 10_000
"""Largest bound that is sought in steps of FINE, and of WHOLE."""
_NOTHING: Final[Mapping[str, float]] = {"factor": 1.0, "weeks": inf}
"""Field -> the setting of it that changes nothing, where that is not 0: a limit does least where it is farthest."""
_BOUNDS: Final = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*\.\.\s*(-?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Sought:
    """A setting that is sought."""

    at: int
    """Which of the changes it is of."""
    kind: str
    """Of the lever."""
    field: str
    """As a scenario file writes it."""
    start: float
    """Where the lever does nothing, or least."""
    end: float
    """As far as it may go."""
    step: float
    nothing: float
    """The setting that changes nothing."""

    @property
    def steps(self) -> int:
        """Steps from start to end, the last perhaps a shorter one."""
        return max(1, round(abs(self.end - self.start) / self.step + 0.499999))

    def value(self, steps: int) -> float | int:
        """The setting after so many steps."""
        if steps >= self.steps:
            found = self.end
        else:
            found = self.start + steps * self.step * (1 if self.end > self.start else -1)
        return round(found) if self.step >= WHOLE else round(found, 6)

    def __str__(self) -> str:
        return f"{self.field} of {self.kind}"


@dataclass(frozen=True, eq=False)
class Levers:
    """Changes on top of a scenario, some of their settings sought."""

    ground: Scenario
    """What they are made on top of."""
    changes: tuple[Mapping[str, Any], ...]
    """As written, without what is sought."""
    sought: tuple[Sought, ...]

    @property
    def ends(self) -> tuple[int, ...]:
        """Every setting as far as it may go, in steps."""
        return tuple(sought.steps for sought in self.sought)

    def scenario(
        self, steps: Sequence[int], name: str = "The levers", why: str = "Settings that are sought."
    ) -> Scenario:
        """The scenario in which each setting is so many steps from its start; a lever that does nothing is left out.

        Raises
        ------
        InputFaults
            A lever is not as its kind may be.
        """
        changes = [dict(change) for change in self.changes]
        for sought, many in zip(self.sought, steps, strict=True):
            changes[sought.at][sought.field] = sought.value(many)
        moved = {each.at for each, many in zip(self.sought, steps, strict=True) if many or each.start != each.nothing}
        idle = {sought.at for sought in self.sought} - moved
        kept = [change for at, change in enumerate(changes) if at not in idle]
        made = checked(Scenario, Written(LABEL, {"name": name, "why": why, "changes": kept}, None))
        held = {"name": name, "why": why, "changes": (*self.ground.changes, *made.changes)}
        whole = self.ground.model_copy(update=held)
        own = (Origin(LABEL, 0, change.kind) for change in made.changes)
        whole._origins = (*self.ground.origins, *own)  # noqa: SLF001 - the ground's faults are of its own file
        return whole

    @property
    def first(self) -> int:
        """January of the first year in which one of them acts."""
        made = self.scenario(self.ends)
        return min(change.from_year for change in made.changes[len(self.ground.changes) :])


def read_levers(written: Sequence[str], ground: Scenario, first: int) -> Levers:
    """Levers as a person writes them: a line such as `EXAMPLE`, or a scenario file in which settings stand so.

    Parameters
    ----------
    ground : scenario on top of which they are made
    first : January from which one acts that says nothing of it

    Raises
    ------
    InputFaults
        Everything that is wrong with them.
    """
    faults: list[Fault] = []
    raw = [change for text in written for change in _changes(text, faults)]
    if not written:
        faults.append(Fault(LABEL, 0, "", "no lever may be moved", f'name one, such as "{EXAMPLE}"'))
    changes, sought = [], []
    for at, change in enumerate(raw):
        mine = list(_sought(at, change, faults))
        moving = {each.field for each in mine}
        changes.append({"from": academic_year(first)} | {name: v for name, v in change.items() if name not in moving})
        sought += mine
    if raw and not sought and not faults:
        what, remedy = "nothing in it may vary", "write the bounds of a setting, such as `share: 0..0.5`"
        faults.append(Fault(LABEL, 0, "", what, remedy))
    if faults:
        raise InputFaults(faults)
    found = Levers(ground, tuple(changes), tuple(sought))
    for steps in (found.ends, tuple(0 for _ in found.sought)):
        found.scenario(steps)
    return found


def _changes(text: str, faults: list[Fault]) -> list[dict[str, Any]]:
    """Changes of one line, or of a file."""
    if text.endswith((".yaml", ".yml")):
        holds = read_yaml(Path(text)).holds if Path(text).is_file() else None
        changes = holds.get("changes") if isinstance(holds, dict) else None
        if not isinstance(changes, list) or not all(isinstance(change, dict) for change in changes):
            remedy = "name a scenario file with `changes`, in which what may vary stands as 0..0.5"
            faults.append(Fault(Path(text).name, 0, "", "it is no file of levers", remedy))
            return []
        return changes
    try:
        change = yaml.safe_load(f"{{kind: {text}}}")
    except yaml.YAMLError:
        change = None
    if not isinstance(change, dict) or not isinstance(change.get("kind"), str):
        faults.append(Fault(LABEL, 0, "", f"{shown(text)} cannot be read", f'write it like "{EXAMPLE}"'))
        return []
    if change["kind"] not in LEVERS:
        faults.append(
            Fault(LABEL, 0, "", f"no lever is called {shown(change['kind'])}", nearest(change["kind"], LEVERS))
        )
        return []
    return [_with_share(change, faults)]


def _with_share(change: dict[str, Any], faults: list[Fault]) -> dict[str, Any]:
    """A change of a line, its share from none to all where nothing else is said to vary."""
    if any(isinstance(value, str) and _BOUNDS.fullmatch(value) for value in change.values()):
        return change
    names = {info.alias or name for name, info in LEVERS[change["kind"]].model_fields.items()}
    if "share" in names and "share" not in change:
        return change | {"share": f"0..{FULL}"}
    what = f"nothing is said of what may vary in {change['kind']}"
    faults.append(
        Fault(LABEL, 0, "", what, "write the bounds of a setting, such as `share: 0..0.5` or `places: 0..90`")
    )
    return change


def _sought(at: int, change: Mapping[str, Any], faults: list[Fault]) -> Iterable[Sought]:
    """Settings of a change that are written as bounds."""
    for name, value in change.items():
        if not isinstance(value, str) or not (bounds := _BOUNDS.fullmatch(value)):
            continue
        low, high = float(bounds[1]), float(bounds[2])
        nothing = _NOTHING.get(name, 0.0)
        where = f"{change.get('kind', '')}.{name}"
        if low >= high:
            faults.append(Fault(LABEL, 0, where, f"{value} is upside down", "write the lower bound first"))
        elif low < nothing < high:
            what = f"{value} lies on both sides of {nothing:g}, which changes nothing"
            faults.append(Fault(LABEL, 0, where, what, "write the bounds of one side"))
        else:
            start, end = (low, high) if low >= nothing else (high, low)
            yield Sought(
                at, str(change.get("kind", "")), name, start, end, _step(change, name, max(-low, high)), nothing
            )


def _step(change: Mapping[str, Any], field: str, largest: float) -> float:
    """Size of a step of a setting.

    Parameters
    ----------
    largest : bound
    """
    lever = LEVERS.get(str(change.get("kind")))
    types = (
        [info.annotation for name, info in lever.model_fields.items() if field in {name, info.alias}] if lever else []
    )
    fine = types and (types[0] is Range or "float" in str(types[0]))
    if fine and largest <= _FINE_TO:
        return FINE
    return WHOLE if largest <= _WHOLE_TO else COARSE
