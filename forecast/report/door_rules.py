"""What may be shown of a number of children: the profiles of the door, each one frozen set of rules.

A profile is recorded in everything that is released under it.
"""

from typing import Annotated, Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from forecast.errors import UnknownLabel
from forecast.report.phrases import FEW

HIDDEN: Final = "[c]"
"""What stands in place of a confidential number (Analysis Function, shorthand in spreadsheets, 2022)."""
AUDIT: Final = "audit.json"
"""File of a release that says under which profile it was made, and of which area."""
Numbers = NDArray[np.float64]


class Profile(BaseModel):
    """Rules by which numbers of children are released."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    name: str
    threshold: Annotated[int, Field(ge=0)]
    """Counts from 1 to this are hidden; 0 hides none."""
    base: Annotated[int, Field(ge=0)]
    """What is shown is rounded to the nearest multiple of this; 0 rounds nothing."""
    watermark: str = ""
    """What every file must say of itself."""
    few: Annotated[int, Field(ge=0)] = 0
    """Estimates below this are given in words; 0 where the figures are counts of children."""

    @model_validator(mode="after")
    def _unguarded_is_marked(self) -> Self:
        if not self.threshold and not self.watermark and not self.few:
            msg = "a profile that hides nothing must have a watermark"
            raise ValueError(msg)
        return self

    @property
    def rule(self) -> str:
        """The rules in a sentence, with the shorthand explained."""
        if self.few:
            return f"{self.name}: numbers of children are whole, small ones 'fewer than {self.few}'; nothing is hidden"
        if not self.threshold:
            return f"{self.name}: nothing is hidden or rounded"
        return (
            f"{self.name}: {HIDDEN} is confidential, 1 to {self.threshold} children or what would give such a number "
            f"away; others are to the nearest {self.base}; 0 is none"
        )

    def small(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Which `values` are hidden for their own sake: from more than none to the threshold, once whole."""
        numbers = np.asarray(values, dtype=float)
        return (numbers > 0) & (numbers < self._least(whole=False))

    def rounded(self, values: ArrayLike) -> Numbers:
        """Numbers as they are shown; halves go up."""
        numbers = np.asarray(values, dtype=float)
        return np.floor(numbers / self.base + 0.5) * self.base if self.base else numbers

    def bounds(self, values: ArrayLike, *, whole: bool) -> tuple[Numbers, Numbers]:
        """Least and most that a reader can work out of each number shown, knowing these rules.

        Parameters
        ----------
        values : numbers of children that are shown
        whole : whether the reader knows that they are whole, as counts are and means are not
        """
        numbers = np.asarray(values, dtype=float)
        shown, half = self.rounded(numbers), self.base / 2
        low = np.where(shown > 0, np.maximum(shown - half, self._least(whole=whole)), 0.0)
        high = np.where(shown > 0, shown + half, 0.0)
        if not self.base:
            return numbers, numbers
        return (np.ceil(low), np.ceil(high) - (shown > 0)) if whole else (low, high)

    def _least(self, *, whole: bool) -> float:
        """Least number above none that is shown."""
        if not self.threshold:
            return 0.0
        return self.threshold + (1.0 if whole else 0.5)


INTERNAL: Final = Profile(name="internal", threshold=0, base=0, watermark="OFFICIAL-SENSITIVE, not for publication")
"""For the council's own eyes."""
PUBLICATION: Final = Profile(name="publication", threshold=4, base=5)
"""As councils and DfE's own releases of small counts do: 1 to 4 hidden, the rest to the nearest 5."""
STRICT: Final = Profile(name="strict", threshold=7, base=5)
"""As NHS England's hospital statistics do below the country: 1 to 7 hidden, the rest to the nearest 5."""
ESTIMATES: Final = Profile(name="estimates", threshold=0, base=1, few=FEW)
"""For areas of published figures, whichever profile is asked for: what is modelled from them is no count."""
PROFILES: Final = {profile.name: profile for profile in (INTERNAL, PUBLICATION, STRICT)}


def profile_named(name: str) -> Profile:
    """One of `PROFILES`; raises `UnknownLabel`."""
    if name not in PROFILES:
        raise UnknownLabel("profile", name, PROFILES)
    return PROFILES[name]


def applied(profile: Profile, kind: str) -> Profile:
    """Rules under which figures of an area of this `kind` are released when `profile` is asked for."""
    return ESTIMATES if kind == "published" else profile
