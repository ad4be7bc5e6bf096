"""Every lever, told apart by its `kind`; a new one is a class and a name in this union."""

from typing import Annotated, Final, get_args

from pydantic import BaseModel, Field

from forecast.scenario.ap_arrivals import ScaleApArrivals
from forecast.scenario.ap_outreach import ApOutreach
from forecast.scenario.ap_returning import ApReturn, ApTransition
from forecast.scenario.ap_stays import ShortenApStays
from forecast.scenario.bases import ExpandBases
from forecast.scenario.building import OpenPlaces
from forecast.scenario.changes import HoldStarts, LowerCeiling, ScaleStarts
from forecast.scenario.expanding import ExpandSchool
from forecast.scenario.families import FamiliesMoveIn, ScaleMovingIn
from forecast.scenario.homes import NewHomes
from forecast.scenario.homeward import BringHome
from forecast.scenario.hub import HubAndSpoke
from forecast.scenario.leaving import ScaleLeaving
from forecast.scenario.placement import Rebalance, ShiftPlacement
from forecast.scenario.pricing import ScalePrice, SetPrice
from forecast.scenario.pupils import ShareOfPupils
from forecast.scenario.reform import ReviewPlans
from forecast.scenario.schools import CloseSchool, DelaySchool

_Lever = (
    ScaleStarts
    | HoldStarts
    | LowerCeiling
    | ReviewPlans
    | ShareOfPupils
    | ScaleMovingIn
    | FamiliesMoveIn
    | NewHomes
    | ScaleLeaving
    | ShiftPlacement
    | Rebalance
    | BringHome
    | ExpandBases
    | OpenPlaces
    | ExpandSchool
    | HubAndSpoke
    | ScalePrice
    | SetPrice
    | CloseSchool
    | DelaySchool
    | ApOutreach
    | ShortenApStays
    | ApTransition
    | ApReturn
    | ScaleApArrivals
)
Change = Annotated[_Lever, Field(discriminator="kind")]
"""Any lever, as a scenario file holds it."""
LEVERS: Final[dict[str, type[BaseModel]]] = {lever.model_fields["kind"].default: lever for lever in get_args(_Lever)}
"""Kind of change -> its class."""
