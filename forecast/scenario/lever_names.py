"""The plain name of every lever, with a verb, as it stands on a page, in a sentence and on a chart."""

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "rebalance": "Keep more children in mainstream",
    "hub_and_spoke": "Open a hub and spokes",
    "expand_bases": "Open more bases",
    "bring_home": "Bring children home",
    "shift_placement": "Send children to another kind of place",
    "scale_starts": "More or fewer new plans",
    "hold_starts": "Hold new plans at the year before",
    "share_of_pupils": "The share of pupils with a plan follows a path",
    "review_plans": "Review plans when children change school",
    "lower_ceiling": "Lower the most children who ever hold a plan",
    "scale_leaving": "Plans end sooner or later",
    "scale_moving_in": "More or fewer children move in",
    "families_move_in": "Families from elsewhere move in",
    "new_homes": "New homes",
    "open_places": "Open a school, a satellite or a base",
    "expand_school": "Give a school more places, or fewer",
    "delay_school": "Open a planned school later",
    "close_school": "Close a school",
    "ap_outreach": "Support children in their own schools",
    "ap_shorten_stays": "Shorter or longer stays in AP",
    "ap_transition": "Time-limited places in AP instead of transition",
    "ap_return": "More who leave AP return to a mainstream school",
    "ap_scale_arrivals": "More or fewer children come to AP",
    "scale_price": "Costs or fees change by a share",
    "set_price": "Costs or fees are set anew",
}
"""Kind of lever -> its plain name."""


def name_of(kind: str) -> str:
    """Plain name of a kind of lever, with a capital."""
    return NAMES[kind]


def quoted(kind: str) -> str:
    """Plain name of a kind of lever, for the inside of a sentence: in quotation marks, as it begins with a verb."""
    return f'"{NAMES[kind]}"'


def said_of_shift(name: str) -> str:
    """Name of a shift in plain words: that of a lever, which begins with its kind, begins with its plain name.

    Parameters
    ----------
    name : as `sending.sendings` gives it: "rebalance: special to mainstream, from 2027/28"
    """
    kind, colon, rest = name.partition(": ")
    known = kind.replace(" ", "_")
    return f"{quoted(known)}: {rest}" if colon and known in NAMES else name
