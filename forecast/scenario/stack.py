"""Several scenario files as one scenario: the changes of all of them, in the one world that they stand in."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.scenario.conflicts import conflicts
from forecast.scenario.promises import Promise, moved_on
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.worlds import World


def read_scenarios(names: Sequence[str | Path]) -> Scenario:
    """Read scenario files, or bundled scenarios, as one; the trend where none is named.

    Raises
    ------
    UnknownLabel
        There is no such file and no such bundled scenario, and nothing else is wrong.
    InputFaults
        Every fault of every file, and every name that is none, where there are several; files given twice; every
        pair of changes that cannot both hold, and worlds.
    """
    if not names:
        return read_scenario("baseline")
    read, faults, unknown = [], list(_repeated(names)), dict[str, UnknownLabel]()
    for name in dict.fromkeys(map(str, names)):
        try:
            read.append(read_scenario(name))
        except InputFaults as error:
            faults += error.faults
        except UnknownLabel as error:
            unknown[name] = error
    if len(unknown) == 1 and not faults:
        raise next(iter(unknown.values()))
    if faults := [*faults, *(_no_scenario(name, error) for name, error in unknown.items())]:
        raise InputFaults(faults)
    made = stacked(read)
    if faults := [*_worlds(read), *conflicts(made.changes, made.origins)]:
        raise InputFaults(faults)
    return made


def stacked(scenarios: Sequence[Scenario]) -> Scenario:
    """One scenario of several, whose changes are made in their order; whether they can all hold is not looked at.

    The trend adds nothing: it gives way to any other world, and to the names of the others.
    """
    named = [each for each in scenarios if each.changes or each.world.defines is not World.TREND] or scenarios[:1]
    if len(named) == 1:
        return named[0]
    one = next((each for each in named if each.world.defines is not World.TREND), named[0])
    made = one.model_copy(
        update={
            "name": " + ".join(each.name for each in named),
            "why": " ".join(f"{each.name}: {_sentence(each.why)}" for each in named),
            "changes": tuple(change for each in named for change in each.changes),
            "claims": tuple(promise for at, each in enumerate(named) for promise in _claims(named[:at], each)),
        }
    )
    made._origins = tuple(origin for each in named for origin in each.origins)  # noqa: SLF001 - as its reader does
    return made


def _no_scenario(name: str, error: UnknownLabel) -> Fault:
    """A name that is no scenario's, among other faults."""
    _, _, remedy = str(error).partition("; ")
    return Fault(name, 0, "", "there is no such file, and no scenario of this name ships", remedy.rstrip("?."))


def _claims(before: Sequence[Scenario], scenario: Scenario) -> tuple[Promise, ...]:
    """Its claims, the changes that they name counted after those of the scenarios before it."""
    return moved_on(scenario.claims, sum(len(other.changes) for other in before))


def _sentence(why: str) -> str:
    """A reason that ends where it ends."""
    said = why.strip()
    return said if said.endswith((".", "!", "?")) else f"{said}."


def _repeated(names: Iterable[str | Path]) -> Iterable[Fault]:
    """Files that are given more than once."""
    given = [Path(name).name for name in names]
    twice = dict.fromkeys(name for at, name in enumerate(given) if name in given[:at])
    return (Fault(name, 0, "", "it is given twice", "give it once") for name in twice)


def _worlds(read: Sequence[Scenario]) -> list[Fault]:
    """A second world besides the trend, or the same one passed through differently."""
    first, *others = [each for each in read if each.world.defines is not World.TREND] or read[:1]
    return [
        Fault(
            _file(each),
            0,
            "world",
            f"it stands in the world {_world(each)}, and {first.name!r} in {_world(first)}, and a forecast has one",
            "leave one out, or name the same world in both",
        )
        for each in others
        if (each.world.defines, each.pass_through) != (first.world.defines, first.pass_through)
    ]


def _world(scenario: Scenario) -> str:
    """The world of a scenario, and how much of it reaches the area."""
    reach = scenario.pass_through
    return f"{scenario.world.defines.value!r}" + ("" if reach.of(1) else f" with pass_through {reach.value:g}")


def _file(scenario: Scenario) -> str:
    """What a scenario was read from, as a fault names it."""
    return scenario.origins[0].file if scenario.origins else scenario.name
