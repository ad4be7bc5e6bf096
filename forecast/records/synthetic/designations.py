"""Whom each school and base of the invented county is for, and how many of its children fall to each.

Most special schools are for some needs, several for one phase, two for their own part of the county, and one teaches
some of its roll on the site of a primary school. All of it is judgement, made so that schools differ as real ones do:
those for learning difficulties and of primary age have room while secondary places for autism and for social,
emotional and mental health needs are too few, as where needs have changed faster than schools. Schools of alternative
provision differ in whom they take and in which part of the county, and those of the west are too small.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.domain import ALL
from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.schools import HOME

Array = np.ndarray
_MEANT: Final = 3.0
"""How many times likelier places that name the child's need are than places for every need."""
_TALK: Final = "ASD;SLCN"
_LEARN: Final = "MLD;SLD;PMLD;DS;SPLD;PD;MSI;VI;HI;OTH"
_COMPLEX: Final = "SLD;PMLD;PD;MSI;VI;HI;DS"
_WEST: Final = "Fictley;Notionbury;Sampleford"


@dataclass(frozen=True)
class Designation:
    """What one set of places of a school is for."""

    needs: str = ALL
    """As in places.csv."""
    nc_from: int = -1
    nc_to: int = 14
    serves: str = ALL
    """Districts, as in places.csv."""
    site: str = ""
    """School on whose site they are, where that is another."""
    size: float = 1.0
    """Share of children, beside a school of its kind."""
    room: float = 1.0
    """Places over the children who would come, beside other schools."""


SPECIAL: Final[dict[str, tuple[Designation, ...]]] = {
    "Exampleton Synthetic Special School 1": (Designation(_LEARN, -4, 20, room=1.3),),
    "Exampleton Synthetic Special School 2": (Designation(_COMPLEX, room=1.3),),
    "Exampleton Synthetic Special Academy 1": (Designation(_TALK, 7, 20, room=0.9),),
    "Fictley Synthetic Special School 1": (Designation(f"{_TALK};{_LEARN}", -1, 6, room=1.25),),
    "Fictley Synthetic Special Academy 1": (Designation("SEMH;ASD;SLCN", 7, room=0.9),),
    "Mockham Synthetic Special School 1": (
        Designation(_LEARN, room=1.3),
        Designation(_TALK, 0, 6, site="Mockham Synthetic Primary Academy 2", size=0.3, room=1.25),
    ),
    "Mockham Synthetic Special Academy 1": (Designation("SEMH;ASD;SLCN", 0, 6, room=1.25),),
    "Notionbury Synthetic Special School 1": (Designation(nc_to=20, serves=_WEST, room=0.8),),
    "Notionbury Synthetic Special Academy 1": (Designation("SEMH;ASD;SLCN", 7, 20, room=0.9),),
    "Sampleford Synthetic Special School 1": (Designation(_LEARN, room=1.3),),
    "Testwick Synthetic Special School 1": (Designation(nc_to=6, serves="Testwick", room=2.4),),
}
"""Special school -> its places."""
BASES: Final[dict[str, Designation]] = {
    "Primary School 1": Designation(_TALK, -1, 6),
    "Primary School 2": Designation(nc_from=-1, nc_to=6),
    "Secondary Academy 1": Designation(nc_from=7),
}
"""End of the name of a base's school -> what it is for."""
_EAST: Final = "Exampleton;Mockham;Testwick"
ALTERNATIVE: Final = {
    "Exampleton Synthetic Pupil Referral Unit 1": Designation(nc_from=7, serves=_EAST, room=1.1),
    "Exampleton Synthetic Alternative Academy 1": Designation(nc_from=0, nc_to=6, room=1.1),
    "Fictley Synthetic Pupil Referral Unit 1": Designation(nc_from=7, serves=_WEST, room=0.9),
    "Fictley Synthetic Alternative Academy 1": Designation(nc_from=10, nc_to=11, serves=_WEST, room=0.9),
    "Mockham Synthetic Alternative Academy 1": Designation(nc_from=7, nc_to=11, serves=_EAST, room=1.1),
    "Sampleford Synthetic Alternative Academy 1": Designation(nc_from=0, serves=_WEST, size=0.5, room=0.9),
}
"""AP school -> its places, all of them for every need: those of the west are over-full in their fullest month."""
_OTHER: Final = {"special": Designation(), "alternative": Designation(nc_from=0)}


def designated(places: pd.DataFrame) -> pd.DataFrame:
    """Each set of places: the rows of `places` with needs, serves, site, room and the year groups that they are for.

    Parameters
    ----------
    places : rows of `schools.schools` that the council keeps a register of
    """
    rows = [
        {**school, **vars(meant), "size": school["size"] * meant.size}
        for school in places.to_dict("records")
        for meant in _of(school["name"], school["provision"])
    ]
    return pd.DataFrame(rows)


def falling_to(designations: pd.DataFrame, children: pd.DataFrame) -> Array:
    """Children who would come to each set of places if every one filled alike: (designation).

    A child is shared out among all that may take it, those of its district and need before others.

    Parameters
    ----------
    designations : from `designated`
    children : district, need, nc_year, provision and children, of one census
    """
    weights = np.stack([_weight(row, children) for row in designations.to_dict("records")])
    whole = weights.sum(axis=0)
    shares = np.divide(weights, whole, out=np.zeros_like(weights), where=whole > 0)
    return np.asarray(shares @ children["children"].to_numpy(dtype=float))


def _of(name: str, provision: str) -> tuple[Designation, ...]:
    if provision == "base":
        return (next(meant for end, meant in BASES.items() if name.endswith(end)),)
    return SPECIAL.get(name, (ALTERNATIVE.get(name, _OTHER[provision]),))


def _weight(row: dict[Any, Any], children: pd.DataFrame) -> Array:
    """How likely each child is to come, beside other places: 0 where it may not."""
    served, meant = row["serves"].split(";"), row["needs"].split(";")
    named = children["need"].isin(meant)
    may = children["provision"].eq(row["provision"]) & children["nc_year"].between(row["nc_from"], row["nc_to"])
    may &= (named | (row["needs"] == ALL)) & (children["district"].isin(served) | (row["serves"] == ALL))
    near = children["district"].eq(NAMES[int(row["district"])])
    likely = np.where(near, HOME, 1.0) * np.where(named, _MEANT, 1.0) * row["size"]
    return np.asarray(np.where(may, likely, 0.0))
