"""What every lever shares: from when it acts, what it rests on, and what it may touch.

A lever changes the drivers (`apply`), the register of places (`build`), the prices (`reprice`), or what is spent
(`spends`), and leaves what it does not speak of as it is: each gives back the very object that it was given.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Final, Self

import numpy as np
import pandas as pd
import xarray as xr
from pydantic import BaseModel, Field, model_validator

from forecast.axes import ORDER
from forecast.domain import academic_year
from forecast.errors import UnknownLabel
from forecast.model.raking import Array
from forecast.model.spread import evenly, half_normals
from forecast.scenario.claims import Claim, How
from forecast.scenario.spending import Spending
from forecast.scenario.written import FROZEN, AcademicYear, Evidence, Labels, Range


class Dated(BaseModel):
    """Base of every lever: dated, frozen, nothing unknown."""

    model_config = FROZEN

    kind: str
    """Which lever it is."""
    from_year: AcademicYear = Field(alias="from")
    """First academic year in which it acts, such as 2027/28."""
    evidence: tuple[Evidence, ...] = ()
    """What the settings rest on; none is said to be unsupported."""

    @property
    def first_january(self) -> int:
        """First January at which anything of it can be seen."""
        return self.from_year

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """How children move: the very same drivers unless the lever changes them."""
        return drivers

    def build(self, places: pd.DataFrame) -> pd.DataFrame:
        """The register of places (`schemas_places.Places`): the very same unless the lever changes it."""
        return places

    def reprice(self, prices: pd.DataFrame) -> pd.DataFrame:
        """The prices (`schemas_places.Costs`, with `from_year`): the very same unless the lever changes them."""
        return prices

    def spends(self, drivers: xr.Dataset) -> tuple[Spending, ...]:  # noqa: ARG002 - a lever that spends looks at them
        """What the lever itself costs, besides the places that children fill."""
        return ()

    def claims(self) -> tuple[Claim, ...]:
        """What it acts on, so that two levers that mean the same cell are found out."""
        return ()

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """Axis ("district", "need", "provision", "school") -> labels of the area that it names."""
        return {}


class Ramped(Dated):
    """A lever whose action may be ramped, and may end."""

    until: AcademicYear | None = None
    """Last academic year in which it acts; for good if left out."""
    ramp: tuple[Annotated[float, Field(ge=0, le=1)], ...] = ()
    """Share of its action in its first, second, ... year, such as [0.3, 0.6, 1]; all at once if left out."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until < self.from_year:
            msg = f"it ends in {academic_year(self.until)}, before it begins in {academic_year(self.from_year)}"
            raise ValueError(msg)
        return self

    def strength(self, years: Iterable[int]) -> Array:
        """Share of the lever's action at each January: (year)."""
        steps = self.ramp or (1.0,)
        last = 10**4 if self.until is None else self.until
        return np.array(
            [
                steps[min(year - self.from_year, len(steps) - 1)] if self.from_year <= year <= last else 0.0
                for year in years
            ]
        )

    def claim(self, what: str, how: How, cells: Mapping[str, tuple[str, ...]] | None = None) -> Claim:
        """What the lever acts on, in its own years.

        Parameters
        ----------
        cells : axes -> labels; an axis without labels is meant whole
        """
        meant = {axis: frozenset(labels) for axis, labels in (cells or {}).items() if labels}
        return Claim(what, how, self.from_year, self.until, meant)

    def acts_in(self, drivers: xr.Dataset) -> bool:
        """Whether it does anything in the years of the drivers."""
        return bool(self.strength(drivers["year"].to_numpy().tolist()).any())

    def by_year(self, drivers: xr.Dataset) -> xr.DataArray:
        """`strength` at each January of the drivers: (year)."""
        years = drivers["year"].to_numpy().tolist()
        return xr.DataArray(self.strength(years), coords={"year": years}, dims="year")

    def share(self, setting: Range, drivers: xr.Dataset) -> xr.DataArray:
        """A share in each future, times the strength of the year, 0 to 1: (draw, year)."""
        return drawn(setting, drivers, self.kind).clip(0, 1) * self.by_year(drivers)

    def multiple(self, setting: Range, drivers: xr.Dataset) -> xr.DataArray:
        """A multiple in each future, as far from 1 as the strength of the year says: (draw, year)."""
        return 1 + (drawn(setting, drivers, self.kind).clip(min=0) - 1) * self.by_year(drivers)


class Lever(Ramped):
    """A lever that acts on children with a plan, and may be confined to some of them."""

    district: Labels = ()
    """Only children who live in this district, or these; every district if left out."""
    need: Labels = ()
    """Only this main need, or these; every need if left out."""

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        return {"district": self.district, "need": self.need}

    def claim(self, what: str, how: How, cells: Mapping[str, tuple[str, ...]] | None = None) -> Claim:
        """What the lever acts on, in its own years, districts and needs: as `Ramped.claim`."""
        return super().claim(what, how, {"district": self.district, "need": self.need, **(cells or {})})


def drawn(setting: Range, drivers: xr.Dataset, whose: str) -> xr.DataArray:
    """A setting in each future, no farther from its middle than twice its range: (draw).

    The luck is that of the kind of lever and the future, so that two scenarios that differ in the setting alone meet
    the same luck, and so do all levers of a kind in one scenario: if one helps less than was thought, so do the others.
    Over all futures of a run it is spread evenly, so that chance moves no mean; some of them meet the luck that they
    have among all.

    Parameters
    ----------
    drivers : for its draws, labelled from 0, and for the run's seed and number of draws in its attributes
    whose : kind of lever
    """
    draws = drivers["draw"].to_numpy()
    labels = {"draw": draws}
    if setting.low == setting.high:
        return xr.DataArray(np.full(len(draws), setting.value), coords=labels, dims="draw")
    z = evenly(int(drivers.attrs["draws"]), int(drivers.attrs["seed"]), whose)[draws]
    return xr.DataArray(half_normals(setting.value, setting.low, setting.high, z), coords=labels, dims="draw")


def in_order(array: xr.DataArray) -> xr.DataArray:
    """`array` with its axes as in `axes.ORDER`."""
    return array.transpose(*(axis for axis in ORDER if axis in array.dims))


def where(drivers: xr.Dataset, **chosen: Sequence[str] | Sequence[int]) -> xr.DataArray:
    """Whether a cell is meant: true or false on the axes that are confined, a single true where none is.

    Parameters
    ----------
    chosen : axis -> the labels meant; every label where there are none

    Raises
    ------
    UnknownLabel
        The area has no such label.
    """
    meant = xr.DataArray(data=True)
    for axis, labels in chosen.items():
        known = drivers[axis].to_numpy().tolist()
        for label in labels:
            if label not in known:
                raise UnknownLabel(_CALLED.get(axis, axis), str(label), map(str, known))
        if labels:
            meant = meant & drivers[axis].isin(list(labels)).drop_attrs()
    return meant


_CALLED: Final = {"nc_year": "year group", "provision": "kind of place", "key_stage": "key stage"}
"""Axis -> what its labels are called, where that is another word."""
