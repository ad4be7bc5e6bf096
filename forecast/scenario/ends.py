"""Kinds of place as people write them, and the labels of an area that they mean."""

from collections.abc import Iterable

import xarray as xr

from forecast.domain import AWAY
from forecast.errors import UnknownLabel


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
    found = [label for label in labels if means[label] == written]
    if found or written in labels:
        return found or [written]
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
