"""A spoke of a hub: classes of it on the site of a mainstream school; and how much room so many classes have."""

from functools import cache
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from forecast.scenario.written import FROZEN

Places = Annotated[int, Field(ge=0)]
Classes = Annotated[int, Field(ge=1)]


class Spoke(BaseModel):
    """Classes of the hub on the site of a mainstream school."""

    model_config = FROZEN

    site: str
    """Mainstream school on whose site it is."""
    district: str
    """Where it stands, and where the hub's outreach acts."""
    places: Places | None = None
    """Children it has room for once it is full; its classes times the places of a classroom if left out."""
    classes: Classes | None = None
    """Classes taught there."""

    @model_validator(mode="after")
    def _has_a_size(self) -> Self:
        sized(self.places, self.classes)
        return self

    @property
    def room(self) -> int:
        """Places once it is full."""
        return room_of(self.places, self.classes)


def sized(places: int | None, classes: int | None) -> None:
    """Refuse a site of which neither places nor classes are said.

    Raises
    ------
    ValueError
        Neither is.
    """
    if places is None and classes is None:
        msg = "neither places nor classes are given; write one of them"
        raise ValueError(msg)


def room_of(places: int | None, classes: int | None) -> int:
    """Places given, or those of so many classrooms of a hub."""
    return places if places is not None else round((classes or 0) * _classroom())


@cache
def _classroom() -> float:
    """Places in a classroom of a hub, from what ships."""
    from forecast.inputs.reference_places import read_sizes  # noqa: PLC0415 - pandera takes a second to import

    return read_sizes()["hub_classroom"].most
