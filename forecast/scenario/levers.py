"""Every lever, told apart by its `kind`; a new one is a class and a name in this union."""

from typing import Annotated, Final, get_args

from pydantic import BaseModel, Field

from forecast.scenario.changes import HoldStarts, LowerCeiling, ScaleStarts
from forecast.scenario.pupils import ShareOfPupils
from forecast.scenario.reform import ReviewPlans

_Lever = ScaleStarts | HoldStarts | LowerCeiling | ReviewPlans | ShareOfPupils
Change = Annotated[_Lever, Field(discriminator="kind")]
"""Any lever, as a scenario file holds it."""
LEVERS: Final[dict[str, type[BaseModel]]] = {lever.model_fields["kind"].default: lever for lever in get_args(_Lever)}
"""Kind of change -> its class."""
