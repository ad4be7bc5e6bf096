"""Levers: what a policy may change, one small class each, acting on the drivers and on nothing else."""

import re
from typing import Annotated, Literal

import xarray as xr
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from forecast.domain import academic_year
from forecast.errors import UnknownLabel


def january(written: object) -> object:
    """January of an academic year written "2027/28"; anything else is left for the check that follows.

    Raises
    ------
    ValueError
        The two years do not follow one another.
    """
    if not isinstance(written, str) or not (parts := re.fullmatch(r"(\d{4})/(\d{2})", written.strip())):
        return written
    year = int(parts[1]) + 1
    if year % 100 != int(parts[2]):
        msg = f"{written} is no academic year; write it as {academic_year(year)}"
        raise ValueError(msg)
    return year


AcademicYear = Annotated[int, BeforeValidator(january), Field(ge=2010, le=2100)]
"""Written "2027/28"; held as its January, 2028."""


class _Change(BaseModel):
    """Base of every lever: dated, frozen, nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, populate_by_name=True)
    from_year: AcademicYear = Field(alias="from")
    """First academic year in which it acts, such as 2027/28."""


class ScaleStarts(_Change):
    """Fewer or more new plans, for example from earlier help in mainstream schools."""

    kind: Literal["scale_starts"] = "scale_starts"
    factor: Annotated[float, Field(ge=0, le=10)]
    """Chance of a first plan as a multiple of the baseline: 0.9 is ten per cent fewer new plans at first, and a little
    less than that later, as more children are left who could start one."""
    need: str | None = None
    """Only this need; every need if left out."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Scale new plans from `from_year` on.

        Raises
        ------
        UnknownLabel
            The area has no such need.
        """
        rate = drivers["start_rate"]
        acts = rate["year"] >= self.from_year
        if self.need is not None:
            known = rate["need"].to_numpy().tolist()
            if self.need not in known:
                raise UnknownLabel("need", self.need, known)
            acts = acts & (rate["need"] == self.need)
        return drivers.assign(start_rate=rate.where(~acts, rate * self.factor))


Change = Annotated[ScaleStarts, Field()]
"""Every lever; the next one makes this a union discriminated by `kind`."""
LEVERS = (ScaleStarts.model_fields["kind"].default,)
"""Name of every lever."""
