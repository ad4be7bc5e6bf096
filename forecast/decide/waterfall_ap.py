"""Why more, or fewer, children are left without a place in AP schools, with a plan or without, since the latest census.

Told where an area lists places of its own in AP schools: elsewhere nobody can be said to be short of one.
"""

from dataclasses import replace
from typing import Final

import xarray as xr

from forecast.decide.central import central
from forecast.decide.coalitions import between_years
from forecast.decide.waterfall import Outcome
from forecast.decide.waterfall_short import NothingListed, of_short
from forecast.decide.why import Changed
from forecast.decide.without_plan import WITH_PLAN, filled_by_both
from forecast.domain import WITHOUT_PLAN, Provision
from forecast.inputs.area import Area
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings

SHORT_AP: Final = "short-ap"
"""What `forecast waterfall --of` calls children without a place in AP schools."""
NO_PLACE: Final = "who have no AP school place"
"""What all of them lack, for the inside of a sentence."""
PLANS_ALONE: Final = (
    "Children without a plan are not in these figures, because the area has none on them, though they fill places of "
    "AP schools too: add ap_rolls.csv or ap_arrivals.csv to its folder."
)
"""What is left out where an area counts nobody without a plan."""


def ap_changed(area: Area, scenario: Scenario, settings: Settings, year: int) -> Changed:
    """Why the children without a place in AP schools are more or fewer in January `year` under a scenario.

    Raises
    ------
    NothingListed
        The area lists no place of that kind.
    NoSuchJanuary, TooManyCauses
        There is no such figure, or there are too many levers to share it among.
    """
    label = filled_by_both(area.about)
    if label is None or not _listed(area, label):
        raise NothingListed(area.about.name, label or Provision.ALTERNATIVE.value)
    drivers = area_drivers(area, *england_and_assumptions(), settings)
    years = [int(drivers.attrs["year"]), *drivers["year"].to_numpy().tolist()]
    not_asked = xr.DataArray([float("nan")] * len(years), coords={"year": years}, dims="year")
    made = project(area, drivers, scenario, settings, not_asked)
    found = of_short(between_years(drivers, central(drivers), scenario), label, year, [made], area.places, drivers)
    if made.ap is None:
        return Changed(made, replace(found, outcome=Outcome(f"children {WITH_PLAN} {NO_PLACE}", (label,)),
                                     left_out=(*found.left_out, PLANS_ALONE)))  # fmt: skip
    return Changed(made, replace(found, outcome=Outcome(f"children with or {WITHOUT_PLAN} {NO_PLACE}", (label,))))


def _listed(area: Area, label: str) -> bool:
    """Whether the area itself lists places of a kind."""
    rows = area.places
    return bool((rows["provision"].eq(label) & ~rows["assumed"]).any())
