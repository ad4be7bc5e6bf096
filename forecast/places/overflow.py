"""From a register and an order of preference to the queue: places of each pool, and who goes where when it is full.

A pool is all the places of one kind that the area's register lists: any child may have any of them, whatever its
district, need and age. That is what a council at its most flexible could do, so shortage is at its least. A
satellite's places are in the pool of the school that they belong to.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.domain import ALL, AWAY, FIRST_POST16_YEAR, LAST_EARLY_YEAR, NC_YEARS, OWN, SPECIALIST, Provision
from forecast.errors import Fault, InputFaults
from forecast.inputs.reference_overflow import ASK_AGAIN, FILE, WAIT
from forecast.model.enrolled import NOWHERE
from forecast.model.queue import Queue
from forecast.model.raking import Array
from forecast.model.turns import NO_POOL
from forecast.places.register import Register

_WHOLE: Final = 1e-9
"""Less than this below a whole place is rounding of the computer."""
_AGES: Final = np.array(NC_YEARS)


def queue_of(
    register: Register, means: Mapping[str, str], order: pd.DataFrame, taken: Mapping[str, xr.DataArray] | None = None
) -> Queue:
    """The queue for the places of a register.

    Parameters
    ----------
    means : label of each provision, in the order of the axis -> the standard code that it means, or `own`
    order : columns of `inputs.reference_overflow.COLUMNS`
    taken : label of a provision -> places of it that others fill, who do not queue: (draw, year)

    Raises
    ------
    InputFaults
        The order leaves children of some year group with nowhere to go.
    """
    labels = list(means)
    listed = _left(register.by_provision(labels), taken or {}).to_numpy()
    limited = ~np.isnan(listed[0, 0])
    rows = {label: _rows_of(order, means[label]) for label in labels}
    steps = [_steps(rows[label], label, means) if has else [] for label, has in zip(labels, limited, strict=True)]
    goes, accepts = _laid_out(steps, labels)
    last = np.stack([_last(accepts[at], goes[at], limited) for at in range(len(labels))])
    _refuse_dead_ends(last, limited, labels)
    return Queue(
        years=tuple(int(year) for year in register.open["year"].to_numpy()),
        capacity=np.floor(listed[:, :, limited] + _WHOLE).astype(np.int64),
        pool=np.where(limited, np.cumsum(limited) - 1, NO_POOL),
        goes=goes,
        accepts=accepts,
        last=last,
        waits=np.array([_share(rows[label], WAIT) for label in labels]),
        asks_again=np.array([_share(rows[label], ASK_AGAIN) for label in labels]),
        home=_home(means, limited),
        settled=limited | np.isin(list(means.values()), SPECIALIST),
        outgrown=np.stack([_outgrown(means[label]) for label in labels]),
    )


def _left(places: xr.DataArray, taken: Mapping[str, xr.DataArray]) -> xr.DataArray:
    """Places less those that others fill, never below 0: (draw, year, provision)."""
    left = places.copy()
    for label, filled in taken.items():
        left.loc[{"provision": label}] = (places.sel(provision=label, drop=True) - filled).clip(min=0)
    return left


def _rows_of(order: pd.DataFrame, code: str) -> pd.DataFrame:
    """The rows of one kind of place; those for `all` where it has none."""
    own = order[order["provision"] == code]
    return order[order["provision"] == ALL] if own.empty or code == OWN else own


def _share(rows: pd.DataFrame, word: str) -> float:
    return float(rows.loc[rows["goes_to"] == word, "share"].iloc[0])


def _steps(rows: pd.DataFrame, refused: str, means: Mapping[str, str]) -> list[tuple[str, Array]]:
    """Label of each step and the share who accept it by year group: (nc_year)."""
    found = []
    for row in rows[rows["rank"] > 0].to_dict("records"):
        in_span = np.isin(_AGES, range(row["nc_from"], row["nc_to"] + 1))
        found += [
            (label, np.where(in_span & ~_outgrown(means[label]), float(row["share"]), 0.0))
            for label in _called(str(row["goes_to"]), means)
            if label != refused
        ]
    return found


def _called(code: str, means: Mapping[str, str]) -> list[str]:
    """Labels of the area that a code stands for, those out of the area only where the code says so."""
    kind = code.removesuffix(AWAY)
    return [label for label, meaning in means.items() if meaning == kind and label.endswith(AWAY) == (kind != code)]


def _laid_out(steps: Sequence[Sequence[tuple[str, Array]]], labels: Sequence[str]) -> tuple[NDArray[np.int64], Array]:
    """Steps as arrays: `Queue.goes` and `Queue.accepts`."""
    most = max(1, *(len(of_one) for of_one in steps))
    goes = np.full((len(labels), most), NOWHERE)
    accepts = np.zeros((len(labels), most, len(NC_YEARS)))
    for at, of_one in enumerate(steps):
        for step, (label, shares) in enumerate(of_one):
            goes[at, step], accepts[at, step] = labels.index(label), shares
    return goes, accepts


def _last(accepts: Array, goes: NDArray[np.int64], limited: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The last step without a limit that children of each year group may go to, `NOWHERE` if none: (nc_year)."""
    last = np.full(accepts.shape[1], NOWHERE)
    for to, shares in zip(goes, accepts, strict=True):
        if to != NOWHERE and not limited[to]:
            last[shares > 0] = to
    return last


def _refuse_dead_ends(last: NDArray[np.int64], limited: NDArray[np.bool_], labels: Sequence[str]) -> None:
    """Every child must be somewhere."""
    remedy = "add a last step to a kind of place that places.csv does not list, such as elsewhere, with a share above 0"
    faults = [
        Fault(FILE, 0, "goes_to", f"{label} leaves year group {nc_year} with nowhere to go once all is full", remedy)
        for label, has, of_label in zip(labels, limited, last, strict=True)
        for nc_year in _AGES[of_label == NOWHERE][:1]
        if has
    ]
    if faults:
        raise InputFaults(faults)


def _home(means: Mapping[str, str], limited: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Where a child whose first plan asks for a full pool goes on being taught: (nc_year)."""
    labels, home = list(means), np.full(len(NC_YEARS), NOWHERE)
    for kind, ages in (
        (Provision.MAINSTREAM, _AGES >= 0),
        (Provision.EARLY_YEARS, _AGES < 0),
        (Provision.POST16, _AGES >= FIRST_POST16_YEAR),
    ):
        open_to_all = [label for label in _called(kind, means) if not limited[labels.index(label)]]
        if open_to_all:
            home[ages] = labels.index(open_to_all[0])
    return home


def _outgrown(code: str) -> NDArray[np.bool_]:
    """Year groups of which no child can be in a kind of place: (nc_year)."""
    if code == Provision.EARLY_YEARS:
        return np.asarray(_AGES > LAST_EARLY_YEAR)
    return np.asarray(_AGES < FIRST_POST16_YEAR) if code == Provision.POST16 else np.zeros(len(_AGES), dtype=bool)
