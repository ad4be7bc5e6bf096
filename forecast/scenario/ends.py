"""Kinds of place as people write them, and the labels of an area that they mean."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

import xarray as xr

from forecast.domain import AWAY
from forecast.errors import UnknownLabel
from forecast.scenario.claims import KINDS, Claim

ELSEWHERE: Final = " of other authorities"
"""After a kind of place in a claim: only where its labels say that it is away."""


def labels_meant(means: Mapping[str, str], written: str) -> list[str]:
    """Labels that a kind of place means, as `sources` says; none where it is neither a code of the area nor a label.

    Parameters
    ----------
    means : label of `provision` -> the standard code that it stands for, or `own`
    """
    return [label for label, code in means.items() if code == written] or [label for label in means if label == written]


def on_labels(claim: Claim, means: Mapping[str, str] | None) -> Claim:
    """A claim on the labels of an area, where it was on kinds of place as people write them.

    Parameters
    ----------
    means : as for `labels_meant`; without it the claim stays as it is
    """
    if means is None or KINDS not in claim.cells:
        return claim
    labels: set[str] = set()
    for written in claim.cells[KINDS]:
        code = written.removesuffix(ELSEWHERE)
        labels |= {label for label in labels_meant(means, code) if code == written or label.endswith(AWAY)}
    rest = {axis: cells for axis, cells in claim.cells.items() if axis != KINDS}
    return replace(claim, cells=rest | {"provision": frozenset(labels)})


def sources(drivers: xr.Dataset, written: str) -> list[str]:
    """Labels of `provision` that a kind of place means: all that stand for a standard code, or the label itself.

    A word that is both is the standard code, so that a scenario says the same in every area: "special" means state
    special schools near and far, even where those of the area itself have that label.

    Parameters
    ----------
    drivers : for its labels, and for what they mean
    written : a standard code such as "special", or a label of the area such as "special_out_of_area"

    Raises
    ------
    UnknownLabel
        It is neither.
    """
    means: dict[str, str] = drivers.attrs["means"]
    labels = drivers["provision"].to_numpy().tolist()
    if found := labels_meant({label: means[label] for label in labels}, written):
        return found
    raise UnknownLabel("kind of place", str(written), {*labels, *(str(means[label]) for label in labels)})


def sources_of_all(drivers: xr.Dataset, written: Iterable[str]) -> list[str]:
    """Labels that several kinds of place mean, each once.

    Raises
    ------
    UnknownLabel
        As `sources`.
    """
    return list(dict.fromkeys(label for each in written for label in sources(drivers, each)))


def goal(drivers: xr.Dataset, written: str) -> str:
    """The one label of `provision` where children go: of several of one standard code the first, near before far.

    Parameters
    ----------
    drivers, written : as for `sources`, and what it raises
    """
    return min(sources(drivers, written), key=lambda label: label.endswith(AWAY))
