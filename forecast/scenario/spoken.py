"""Cells in words: "North; SEMH; Year 7", as conflicts and the record of a run name them; and places in a file."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from forecast.domain import KEY_STAGE_NAMES, REASON_NAMES, SETTING_NAMES, TIER_NAMES
from forecast.scenario.sending import said_of_ages

MOST: Final = 4
"""Labels of one axis that are named; of more, how many there are."""
_CALLED: Final = {
    "district": "districts",
    "need": "needs",
    "provision": "kinds of place",
    "to": "kinds of place",
    "kinds": "kinds of place",
    "key_stage": "key stages",
    "reason": "reasons",
    "setting": "settings",
    "tier": "tiers",
}
_NAMED: Final[Mapping[str, Mapping[str, str]]] = {
    axis: {str(code): name for code, name in names.items()}
    for axis, names in (
        ("key_stage", KEY_STAGE_NAMES),
        ("reason", REASON_NAMES),
        ("setting", SETTING_NAMES),
        ("tier", TIER_NAMES),
    )
}
"""Axis whose labels are codes -> code -> its words."""


def said_of_cells(cells: Mapping[str, Collection[object]]) -> str:
    """Cells in words, axis by axis; empty where there are no axes.

    Parameters
    ----------
    cells : axis -> labels meant
    """
    return "; ".join(
        said_of_ages(sorted(int(str(label)) for label in labels)) if axis == "nc_year" else _listed(axis, labels)
        for axis, labels in cells.items()
    )


def _listed(axis: str, labels: Collection[object]) -> str:
    if len(labels) > MOST:
        return f"{len(labels)} {_CALLED.get(axis, axis)}"
    named = _NAMED.get(axis, {})
    return " and ".join(named.get(label, label) for label in sorted(map(str, labels)))


def said_of_place(where: Sequence[str | int]) -> str:
    """A place in a file, counted from 1 as people do: "change 1, share.low" of ("changes", 0, "share", "low")."""
    said = ""
    for at, part in enumerate(where):
        if isinstance(part, int):
            said = f"{said.removesuffix('s')} {part + 1}".strip()
        elif at and isinstance(where[at - 1], int):
            said = f"{said}, {part}"
        else:
            said = f"{said}.{part}" if said else part
    return said
