"""What levers on alternative provision (AP) share: whom they may be confined to, and whom they find there.

They act on children without a plan, of whom there are figures where an area counts its AP. Those with a plan in AP are
sent and kept as any child with a plan is (`placement`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Final

import xarray as xr
from pydantic import BeforeValidator

from forecast.ap.roll import by_key_stage, has_ap
from forecast.domain import ApSetting, KeyStage, Reason
from forecast.errors import ForecastError
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Ramped, in_order
from forecast.scenario.dated import where as meant
from forecast.scenario.written import Labels, one_or_more

COMING: Final = "children who come to alternative provision"
"""What levers on arrivals act on, in words."""
ADD_FILES: Final = "add ap_rolls.csv or ap_arrivals.csv to the area's folder, or leave this out"
"""What is to be done where an area has no figures on AP."""
NO_FIGURES: Final = "the area has no figures on alternative provision"
"""What is wrong there."""
KeyStages = Annotated[
    tuple[KeyStage, ...], BeforeValidator(one_or_more, json_schema_input_type=KeyStage | list[KeyStage])
]
"""One key stage, or a list of them: ks1 is Reception to Year 2, ks2 Years 3 to 6, ks3 7 to 9, ks4 10 and 11, ks5 12 to
14."""
Reasons = Annotated[tuple[Reason, ...], BeforeValidator(one_or_more, json_schema_input_type=Reason | list[Reason])]
"""One reason, or a list of them."""
Settings = Annotated[
    tuple[ApSetting, ...], BeforeValidator(one_or_more, json_schema_input_type=ApSetting | list[ApSetting])
]
"""One kind of setting, or a list of them."""


class ApChange(Ramped):
    """A lever on children without a plan in alternative provision, which may be confined to some key stages.

    Each says whom it may be confined to (`confined`), whether its settings leave all as it is (`idle`), and what it
    makes of the drivers (`changed`).
    """

    key_stage: KeyStages = ()
    """Only this key stage, or these: ks1 (Reception to Year 2), ks2, ks3, ks4, ks5 (Years 12 to 14); every one if left
    out."""

    @property
    def confined(self) -> Mapping[str, tuple[str, ...]]:
        """Every axis that it could be confined by -> labels; one without labels is meant whole."""
        return {"key_stage": self.key_stage}

    @property
    def idle(self) -> bool:
        """Whether it changes nothing, whatever the drivers."""
        return False

    def apply(self, drivers: xr.Dataset) -> xr.Dataset:
        """Drivers as `changed` has them; the very same where the lever is idle, or does not act in their years.

        Raises
        ------
        NoAlternativeProvision, UnknownLabel
            The area has no figures on alternative provision, or no such district.
        """
        mine = self.mine(drivers)
        if self.idle or not self.acts_in(drivers):
            return drivers
        return drivers.assign(self.changed(drivers, mine))

    def changed(self, drivers: xr.Dataset, mine: xr.DataArray) -> Mapping[str, xr.DataArray]:  # noqa: ARG002 - each lever's own
        """Name of each driver that the lever changes -> what it makes of it.

        Parameters
        ----------
        mine : as the method `mine` gives it
        """
        return {}

    def says_one_of(self, *settings: str) -> None:
        """Refuse a lever that leaves out every one of these settings, each of which has a default that does nothing.

        Raises
        ------
        ValueError
            None of them is written; one that is written may still say that nothing changes.
        """
        if not self.model_fields_set.intersection(settings):
            msg = f"neither {' nor '.join(settings)} is written, so it would do nothing; write {' or '.join(settings)}"
            raise ValueError(msg)

    def mine(self, drivers: xr.Dataset) -> xr.DataArray:
        """Whether a cell is meant: as `cells`."""
        return cells(drivers, **self.confined)

    def claim(self, what: str, how: How, cells: Mapping[str, tuple[str, ...]] | None = None) -> Claim:
        """What the lever acts on, in its own years, among those whom it is confined to: as `Ramped.claim`."""
        own = {**self.confined, **(cells or {})}
        return replace(super().claim(what, how, own), by=tuple(own))


class ApLever(ApChange):
    """The same, which may be confined to some reasons for which they come."""

    reason: Reasons = ()
    """Only those who come, or would come, for this reason, or these: exclusion (permanent), time_limited (time-limited
    or preventive), medical, awaiting (a school place or an assessment), other; every reason if left out."""

    @property
    def confined(self) -> Mapping[str, tuple[str, ...]]:
        """As `ApChange.confined`."""
        return {**super().confined, "reason": self.reason}


class ApArrivals(ApLever):
    """A lever on who comes to alternative provision."""

    district: Labels = ()
    """Only children who live in this district, or these; every district if left out."""
    setting: Settings = ()
    """Only AP of this kind, or these: ap_school (state-funded), la_funded (paid for by the authority elsewhere),
    school_arranged (by a mainstream school); every kind if left out."""

    def labels(self) -> Mapping[str, tuple[str, ...]]:
        """As `Dated.labels`."""
        return {"district": self.district}

    @property
    def confined(self) -> Mapping[str, tuple[str, ...]]:
        """As `ApChange.confined`."""
        return {**super().confined, "district": self.district, "setting": self.setting}


def cells(drivers: xr.Dataset, **chosen: Sequence[str]) -> xr.DataArray:
    """Whether a cell is meant, as `dated.where`, in an area that has figures on AP.

    Raises
    ------
    NoAlternativeProvision
        The area has none.
    UnknownLabel
        It has no such label.
    """
    if not has_ap(drivers):
        raise NoAlternativeProvision
    return meant(drivers, **{axis: [str(label) for label in labels] for axis, labels in chosen.items()})


def residents(drivers: xr.Dataset) -> xr.DataArray:
    """Residents by key stage at each January to come: ([draw,] year, district, key_stage)."""
    return by_key_stage(drivers["population"])


def coming(drivers: xr.Dataset) -> xr.DataArray:
    """Children who come in each year, with what levers before this one make of it.

    Returns
    -------
    (draw, year, district, key_stage, reason, setting)
    """
    kept = drivers.get("ap_kept", xr.DataArray(0.0))
    times = drivers.get("ap_multiple", xr.DataArray(1.0)) * (1 - kept)
    return in_order(drivers["ap_rate"] * residents(drivers) * times)


def together(before: xr.DataArray | None, share: xr.DataArray) -> xr.DataArray:
    """A share of what another share leaves: both together."""
    return in_order(share if before is None else 1 - (1 - before) * (1 - share))


class NoAlternativeProvision(ForecastError):
    """A lever on alternative provision in an area of which nothing is known on it."""

    def __init__(self) -> None:
        super().__init__(f"A change acts on alternative provision, and {NO_FIGURES}; {ADD_FILES}.")
