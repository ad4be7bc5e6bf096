"""Cells in words: "North; SEMH; Year 7", as conflicts and the record of a run name them."""

from collections.abc import Collection, Mapping
from typing import Final

from forecast.scenario.sending import said_of_ages

MOST: Final = 4
"""Labels of one axis that are named; of more, how many there are."""
_CALLED: Final = {
    "district": "districts",
    "need": "needs",
    "provision": "kinds of place",
    "to": "kinds of place",
    "kinds": "kinds of place",
}


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
    return " and ".join(sorted(map(str, labels)))
