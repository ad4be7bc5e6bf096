"""The scenarios that ship, as a list to choose from: name, the world each stands in, its levers and its reason."""

import json
from typing import Final

from rich.console import Console
from rich.padding import Padding

from forecast.inputs.bundled import bundled
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.worlds import SHIPPED

WORLD, WORKED = "Worlds, in which any scenario may stand", "Worked scenarios, to use or to copy"


def shipped() -> dict[str, Scenario]:
    """Name of each scenario that ships -> the scenario: worlds first, then the others by name."""
    names = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))
    worlds = list(SHIPPED.values())
    return {name: read_scenario(name) for name in [*worlds, *(name for name in names if name not in worlds)]}


def as_json(scenarios: dict[str, Scenario]) -> str:
    """The list for another program."""
    rows = [
        {"name": name, "title": each.name, "world": each.world.defines.value, "levers": _levers(each), "why": each.why}
        for name, each in scenarios.items()
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def show(scenarios: dict[str, Scenario], console: Console) -> None:
    """Print the list under its two headings."""
    for heading, worlds in ((WORLD, True), (WORKED, False)):
        console.print(f"{heading}:")
        for name, each in scenarios.items():
            if (name in SHIPPED.values()) is worlds:
                console.print(f"  {name}")
                console.print(Padding(f"{each.name}. {_first_sentence(each.why)}", (0, 0, 0, 4)))
        console.print()
    console.print(NEXT)


NEXT: Final = (
    "Next: forecast run -s NAME, or forecast compare NAME; repeat -s to make the changes of several together.\n"
    "To write your own, copy one of these files; forecast schema lists every lever and field."
)


def _first_sentence(text: str) -> str:
    """The question that a scenario asks, or its first statement."""
    said = " ".join(text.split())
    ends = [at for at, letter in enumerate(said) if letter in ".?" and (said[at + 1 : at + 2] in {"", " "})]
    return said[: ends[0] + 1] if ends else said


def _levers(scenario: Scenario) -> list[str]:
    """Kinds of its changes, the world's first, each once."""
    return list(dict.fromkeys(change.kind for change in scenario.every_change))
