"""England's figures in the labels of an area that counts its own children, however many labels mean the same.

What England has of one standard provision or need is divided among the labels that mean it, by how many of the
area's own children each holds at the phase; so the sum over those labels is England's figure again.

    special                     England: 3% of mainstream pupils of an age enter special
      special               90% of the area's own          2.7%
      special_out_of_area   10%                            0.3%

A child who stays in a place stays under its label. A standard provision that no label means takes no children: who
would go there goes to the row's other places, pro rata. A label marked `own` is lent the mean of England's children:
they leave as all do, and of those who change place the share enters it that it has of the area's children.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from forecast.axes import PHASE_OF
from forecast.domain import NC_YEARS, PHASES, Need
from forecast.domain import OWN as LOCAL
from forecast.model.accounts import mix
from forecast.model.raking import Array

HELD_IN: Final = {Need.DS: Need.OTH}
"""Standard need that England's figures do not tell apart -> the one that holds it."""
LEAN: Final = 5.0
"""Children's worth of belief that a label has at every phase the share that it has of all: judgement."""


@dataclass(frozen=True)
class Shares:
    """How England's labels are divided among an area's."""

    columns: Array
    """Of each standard label's children, those under each of the area's: (nc_year, label, standard)."""
    rows: Array
    """England's labels whose rows each of the area's is lent: (nc_year, label, standard); sums to 1."""
    own: Array
    """Of all children, those under a label marked `own`: (nc_year, label); 0 for the others."""


def shared_among(
    needs: Mapping[str, str], provisions: Mapping[str, str], england: xr.Dataset, stock: Array
) -> xr.Dataset:
    """What of England's model a counted area is lent, in the area's labels.

    Parameters
    ----------
    needs, provisions : label -> standard label, or `own`
    stock : (need, nc_year, provision)
        The area's own children, *not recorded* or in a range left out.

    Returns
    -------
    Dataset with stock, start_rate, start_mix, leave (need, nc_year, provision), move, arrive_rate and residents.
    """
    nation = {str(name): england[name].to_numpy() for name in ("stock", "start_rate", "start_mix", "leave", "move")}
    known = england["need"].to_numpy().tolist()
    held = {label: held_as(meaning, known) for label, meaning in needs.items()}
    need = _shares(held, known, stock.sum(axis=2).T, nation["stock"].sum(axis=2).T)
    place = _shares(
        provisions, england["provision"].to_numpy().tolist(), stock.sum(axis=0), nation["stock"].sum(axis=0)
    )
    by_need = _columns(nation["stock"].transpose(2, 1, 0), need).transpose(2, 1, 0)
    mixes = np.einsum("als,sap->lap", need.rows, nation["start_mix"])
    moves = np.einsum("als,sapq->lapq", need.rows, nation["move"])
    leave = np.einsum("als,as->al", place.rows, nation["leave"])
    axes = {"need": list(needs), "nc_year": list(NC_YEARS), "provision": list(provisions), "to": list(provisions)}
    found = {
        "stock": (("need", "nc_year", "provision"), _columns(by_need, place)),
        "start_rate": (("need", "nc_year"), _columns(nation["start_rate"].T, need).T),
        "start_mix": (("need", "nc_year", "provision"), mix(_columns(mixes, place))),
        "leave": (("need", "nc_year", "provision"), np.broadcast_to(leave, (len(needs), *leave.shape))),
        "move": (("need", "nc_year", "provision", "to"), _moves(moves, place)),
        "arrive_rate": (("nc_year",), england["arrive_rate"].to_numpy()),
        "residents": (("nc_year",), england["residents"].to_numpy()),
    }
    return xr.Dataset(found, coords=axes, attrs=england.attrs)


def held_as(meaning: str, known: Sequence[str]) -> str:
    """Need of England's figures, `known`, that holds the children of a standard one; `own` stays `own`."""
    if meaning == LOCAL or meaning in known:
        return meaning
    return str(HELD_IN.get(Need(meaning), meaning))


def _shares(meanings: Mapping[str, str], known: Sequence[str], children: Array, englands: Array) -> Shares:
    """How the `known` labels are divided.

    Parameters
    ----------
    children : (nc_year, label)
        Of the area.
    englands : (nc_year, standard)
    """
    means = np.array([[meaning == standard for standard in known] for meaning in meanings.values()], dtype=float)
    local = np.array([meaning == LOCAL for meaning in meanings.values()])
    held = _by_phase(children)
    lent = mix(_by_phase(englands) + 1e-9)
    alike = mix((means[None] * held[:, :, None]).swapaxes(1, 2)).swapaxes(1, 2)
    even = mix(np.broadcast_to(means, alike.shape).swapaxes(1, 2)).swapaxes(1, 2)
    columns = np.where(alike.sum(axis=1, keepdims=True) > 0, alike, even)
    rows = np.where(local[None, :, None], lent[:, None, :], means[None])
    return Shares(columns, rows, mix(held) * local)


def _by_phase(children: Array) -> Array:
    """Children of each year group's phase, leaning on those of all ages: (nc_year, label)."""
    sums = np.stack([children[phase == PHASE_OF].sum(axis=0) for phase in range(len(PHASES))])
    whole = mix(sums.sum(axis=0))
    return np.asarray((sums + LEAN * whole)[PHASE_OF])


def _columns(table: Array, shares: Shares) -> Array:
    """(..., nc_year, standard) divided among the labels: (..., nc_year, label); those marked `own` have their share."""
    divided = np.einsum("...as,als->...al", table, shares.columns)
    local = shares.own
    total = table.sum(axis=-1, keepdims=True)
    return np.asarray(divided * (1 - local.sum(axis=-1, keepdims=True)) + total * local)


def _moves(move: Array, place: Shares) -> Array:
    """(need, nc_year, standard, standard) in the area's labels; rows sum to 1."""
    stay = np.diagonal(move, axis1=2, axis2=3)
    away = move * (1 - np.eye(move.shape[-1]))
    from_label = np.einsum("als,nast->nalt", place.rows, away)
    go = _columns(from_label.swapaxes(1, 2), place).swapaxes(1, 2)
    labels = np.arange(go.shape[-1])
    go[:, :, labels, labels] += np.einsum("als,nas->nal", place.rows, stay)
    return mix(go)
