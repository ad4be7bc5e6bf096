"""Young people who leave plans sooner or later: a lever on leaving."""

from typing import Final, Literal

import xarray as xr

from forecast.scenario.claims import KINDS, Claim, How
from forecast.scenario.dated import Lever, in_order, where
from forecast.scenario.ends import sources_of_all
from forecast.scenario.written import Labels, Multiple, YearGroups

LEAVING: Final = "chance that a plan ends"
"""What levers on leaving act on, in words."""
AFTER_16: Final = (12, 13, 14, 15, 16, 17, 18, 19)
"""Year groups after compulsory school age; those of the last one of all leave whatever a lever says."""


class ScaleLeaving(Lever):
    """Young people leave their plans sooner or later, for example by better ways into work or later reviews."""

    kind: Literal["scale_leaving"] = "scale_leaving"
    factor: Multiple
    """Chance that a plan ends within the year as a multiple of the baseline: 1.2 is a fifth more, 0.8 a fifth fewer.
    No chance goes past 1, so that where nearly all leave anyway a large multiple does less."""
    year_groups: YearGroups = AFTER_16
    """Year groups that they leave from, which is the year group of the January before: 11 is Year 11 and the summer
    after it; 12 to 19 if left out."""
    provision: Labels = ()
    """Only children in this kind of place, or these, by the area's label or the standard code; every kind if left
    out."""

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Multiply the chances of leaving.

        Raises
        ------
        UnknownLabel
            The area has no such district, need or kind of place.
        """
        places = sources_of_all(drivers, self.provision)
        mine = where(drivers, district=self.district, need=self.need, nc_year=self.year_groups, provision=places)
        if self.factor.of(1) or not self.acts_in(drivers):
            return drivers
        multiple = xr.where(mine, self.multiple(self.factor, drivers), 1.0)
        return drivers.assign(leave_multiple=in_order(drivers.get("leave_multiple", 1.0) * multiple))

    def labels(self) -> dict[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        return {**super().labels(), "provision": self.provision}

    def claims(self) -> tuple[Claim, ...]:
        """The chance that a plan ends, at these year groups and in these kinds of place."""
        ages = tuple(map(str, self.year_groups))
        return (self.claim(LEAVING, How.MULTIPLE, {"nc_year": ages, KINDS: self.provision}),)
