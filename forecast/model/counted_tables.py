"""Tidy counts of an area's own records as arrays, on the model's fixed axes.

A count of a year stands in a cell: a district (or `all`, where it is not known or not told), a need, a year group and
a kind of place, of which need and place may be *not recorded*. Rows that are sums over need or place are margins, and
are left out here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from forecast.domain import ALL, NC_YEARS, NOT_RECORDED
from forecast.model.accounts import mix
from forecast.model.margins import Labels
from forecast.model.raking import Array, share_out


@dataclass(frozen=True)
class Frame:
    """Labels of the axes of counts."""

    districts: tuple[str, ...]
    labels: Labels

    @property
    def wheres(self) -> list[str]:
        """Districts, and last those of no one district."""
        return [*self.districts, ALL]

    @property
    def needs(self) -> list[str]:
        """Needs, and last *not recorded*."""
        return [*self.labels.needs, NOT_RECORDED]

    @property
    def places(self) -> list[str]:
        """Provisions, and last *not recorded*."""
        return [*self.labels.provisions, NOT_RECORDED]


def cells_of(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that count one cell: of one year group, with a need and a placement, if only *not recorded*.

    Where a year has cells by district, those of `all` districts are their sums and are left out.
    """
    columns = [column for column in ("provision", "to", "need") if column in rows]
    told = np.logical_and.reduce([rows[column].ne(ALL) for column in columns])
    single = rows["nc_from"].eq(rows["nc_to"]) if "nc_from" in rows else True
    kept = rows[told & single]
    whole = kept["district"].eq(ALL)
    return kept[~whole | ~kept["year"].isin(kept.loc[~whole, "year"])]


def counted_years(rows: pd.DataFrame) -> set[int]:
    """Years whose cells are counted in full: none of them is blank."""
    kept = cells_of(rows)
    return set(kept["year"]) - set(kept.loc[kept["children"].isna(), "year"])


def children_by_cell(rows: pd.DataFrame, frame: Frame, *, moves: bool = False) -> Array:
    """Children by (district, need, nc_year, provision) and, for moves, `to`; the last of each label not recorded.

    Parameters
    ----------
    rows : `cells_of` one year
    """
    axes: dict[str, list[str]] = {"district": frame.wheres, "need": frame.needs, "provision": frame.places}
    axes |= {"to": frame.places} if moves else {}
    age = "nc_year" if moves else "nc_from"
    at = {axis: positions(rows[axis], labels) for axis, labels in axes.items()}
    at[age] = rows[age].to_numpy(dtype=int) - NC_YEARS[0]
    order = ("district", "need", age, "provision", "to")[: 5 if moves else 4]
    table = np.zeros([len(axes.get(axis, NC_YEARS)) for axis in order])
    np.add.at(table, tuple(at[axis] for axis in order), rows["children"].to_numpy(dtype=float))
    return table


def positions(column: "pd.Series[str]", labels: Sequence[str]) -> NDArray[np.int64]:
    """Position among `labels` of each cell of a column; -1 for any other."""
    return np.asarray(pd.Index(list(labels)).get_indexer(pd.Index(column)), dtype=np.int64)


def shared_out(table: Array) -> Array:
    """*Not recorded* shared out: placement inside each district, need and age, then need inside each cell.

    A district whose need and age has nothing recorded takes its own mix of places at the age, then the area's.

    Parameters
    ----------
    table : (district, need, nc_year, provision), needs and provisions with *not recorded* last
    """
    known = table[..., :-1].sum(axis=1, keepdims=True)
    placed = share_out(table, 3, pattern=_nearest(known))
    needs = np.moveaxis(placed, 1, -1)
    pattern = _nearest(np.moveaxis(placed[:, :-1].sum(axis=3, keepdims=True), 1, -1))
    return np.moveaxis(share_out(needs, 3, pattern=pattern), -1, 1)


def needs_shared_out(moves: Array) -> Array:
    """Moves between recorded places, *not recorded* needs in the mix of the same district and age.

    Parameters
    ----------
    moves : (district, need, nc_year, provision, to), each label's last *not recorded*
    """
    between = moves[..., :-1, :-1]
    by_need = between[:, :-1].sum(axis=(3, 4), keepdims=True)
    share = np.moveaxis(mix(np.moveaxis(by_need, 1, -1) + 1e-12), -1, 1)
    return np.asarray(between[:, :-1] + share * between[:, -1:])


def _nearest(known: Array) -> Array:
    """Mix of the last axis where any is known, else that of the first axis' sum, else that of everything."""
    whole = known.sum(axis=0, keepdims=True)
    everything = np.broadcast_to(known.sum(axis=tuple(range(known.ndim - 1))), known.shape)
    wider = np.where(whole.sum(axis=-1, keepdims=True) > 0, whole, everything)
    return np.where(known.sum(axis=-1, keepdims=True) > 0, known, wider)
