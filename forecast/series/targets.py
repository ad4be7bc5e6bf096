"""What is forecast for every authority, and how fast each kind of growth fades."""

from collections.abc import Mapping
from typing import Final

from forecast.domain import Provision

PLANS: Final = "plans"
PLANS_5_15: Final = "plans_5_15"
SPECIAL_STATE: Final = "special_state"
SPECIAL_ALL: Final = "special_all"
INDEPENDENT: Final = "independent"
BASE: Final = "base"
ALTERNATIVE: Final = "alternative"
NON_MAINTAINED: Final = "special_nonmaintained"
MAINSTREAM: Final = "mainstream"

TARGETS: Final[Mapping[str, str]] = {
    PLANS: "all plans",
    PLANS_5_15: "plans, ages 5 to 15",
    SPECIAL_STATE: "state special schools",
    SPECIAL_ALL: "all special schools",
    INDEPENDENT: "independent special schools",
    BASE: "bases",
    ALTERNATIVE: "alternative provision",
}
"""Series that are forecast, scored and printed -> their plain name, in that order."""
EVERY: Final = (*TARGETS, NON_MAINTAINED)
"""Series with a forecast and a range: those printed, and one that only steers the forecast of an area."""
PARTS: Final = (SPECIAL_STATE, NON_MAINTAINED, INDEPENDENT)
"""Kinds of special school; `special_all` is their sum."""
BY_PROVISION: Final[Mapping[str, tuple[str, ...]]] = {
    SPECIAL_STATE: (Provision.SPECIAL,),
    NON_MAINTAINED: (Provision.SPECIAL_NONMAINTAINED,),
    INDEPENDENT: (Provision.INDEPENDENT,),
    BASE: (Provision.BASE,),
    ALTERNATIVE: (Provision.ALTERNATIVE,),
    MAINSTREAM: (Provision.MAINSTREAM, Provision.BASE, Provision.INDEPENDENT_MAINSTREAM),
    SPECIAL_ALL: (Provision.SPECIAL, Provision.SPECIAL_NONMAINTAINED, Provision.INDEPENDENT),
}
"""Series by placement -> the provisions that they sum."""
HORIZONS: Final = (1, 2, 3, 5)
"""Years ahead that are scored."""
LONGEST: Final = 5
"""Years ahead for which the local term and the errors are learned; both are held, or extended by rule, after that."""
