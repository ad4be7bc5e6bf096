"""The levers that the page "What if?" offers, in groups, and where each begins.

A lever begins at a setting to start from, which nobody proposes: the page says so until somebody says what it rests on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Any, Final

from forecast.scenario.levers import LEVERS

Setting = Mapping[str, Any]
"""Settings of a lever as a scenario file holds them, field by field."""


@dataclass(frozen=True)
class Offered:
    """A lever as the page offers it."""

    main: tuple[str, ...]
    """Fields that are shown at once, in order; the rest are a click away."""
    start: Setting = field(default_factory=dict)
    """Settings to start from."""


GROUPS: Final[Mapping[str, Mapping[str, Offered]]] = {
    "Where children are placed": {
        "rebalance": Offered(
            ("share", "year_groups", "support"),
            {"share": 0.2, "support": 6000, "year_groups": [7]},
        ),
        "hub_and_spoke": Offered(
            ("hub", "district", "places", "classes", "spokes", "outreach", "outreach_cost"),
            {"hub": "New hub", "classes": 6},
        ),
        "expand_bases": Offered(("places", "fill", "from_special"), {"places": 30}),
        "bring_home": Offered(("share", "year_groups", "reinvest"), {"share": 0.2}),
        "shift_placement": Offered(
            ("share", "instead_of", "to", "who"),
            {"share": 0.2, "instead_of": ["special"], "to": "mainstream"},
        ),
    },
    "How many plans": {
        "scale_starts": Offered(("factor", "year_groups"), {"factor": 0.9}),
        "hold_starts": Offered(("pass_through",)),
        "review_plans": Offered(("share", "year_groups", "keeps"), {"share": 0.05}),
        "lower_ceiling": Offered(("share",), {"share": 0.08}),
        "scale_leaving": Offered(("factor", "year_groups"), {"factor": 1.1}),
        "scale_moving_in": Offered(("factor",), {"factor": 1.2}),
        "families_move_in": Offered(
            ("who", "people", "age_from", "age_to", "plan_factor"),
            {"people": 100, "age_from": 0, "age_to": 17},
        ),
        "new_homes": Offered(
            ("site", "district", "dwellings", "type", "share_in_projection"),
            {"dwellings": 100, "type": "house", "share_in_projection": 0},
        ),
    },
    "Places": {
        "open_places": Offered(
            ("school", "district", "provision", "places"),
            {"school": "New school", "places": 60},
        ),
        "expand_school": Offered(("school", "provision", "places"), {"places": 20}),
        "delay_school": Offered(("school", "months"), {"months": 12}),
        "close_school": Offered(("school",)),
    },
    "Alternative provision (AP) without a plan": {
        "ap_outreach": Offered(
            ("children", "would_come", "stays", "cost"),
            {"children": 100, "would_come": 0.3, "stays": 0.3, "cost": 3000},
        ),
        "ap_shorten_stays": Offered(("factor", "weeks", "tier"), {"factor": 0.9}),
        "ap_transition": Offered(("share",), {"share": 0.2}),
        "ap_return": Offered(("share", "tier"), {"share": 0.2}),
        "ap_scale_arrivals": Offered(("factor", "reason"), {"factor": 0.9}),
    },
    "Money and fees": {
        "scale_price": Offered(
            ("item", "provision", "factor"),
            {"item": "place", "provision": "independent", "factor": 0.9},
        ),
        "set_price": Offered(
            ("item", "provision", "price"),
            {"item": "place", "provision": "special", "price": 24500},
        ),
    },
}
"""Group -> kind of lever -> how it is offered."""
FROM_A_FILE: Final[dict[str, Offered]] = {"share_of_pupils": Offered(("pass_through",))}
"""Levers that are shown where a file has them, but not offered: a path of years is written, not slid."""
OFFERED: Final = {kind: offered for group in GROUPS.values() for kind, offered in group.items()}
"""Kind of lever -> how it is offered."""


@dataclass(frozen=True)
class Quick:
    """A lever that is one click from the first page."""

    words: str
    """The question that it asks."""
    worked: str
    """The scenario that ships with it, to start from where that fits the area."""


QUICK: Final = {
    "rebalance": Quick(
        "What if one in five of those who would enter special schools at Year 7 stayed in mainstream?",
        "rebalance-at-year-7",
    ),
    "hub_and_spoke": Quick("What if a hub with spokes at mainstream schools opened?", "exampleshire-hub-and-spoke"),
}
"""Kind of lever -> how it is asked about on the first page."""


def main_of(kind: str) -> tuple[str, ...]:
    """Fields of a lever that are shown at once."""
    known = OFFERED | FROM_A_FILE
    return known[kind].main if kind in known else ()


def does(kind: str) -> str:
    """What a lever does, in its own words."""
    return cleandoc(LEVERS[kind].__doc__ or "").split("\n\n")[0].replace("\n", " ")


def helps(kind: str, name: str) -> str:
    """What a field of a lever means, in its own words.

    Parameters
    ----------
    name : of the field, as a scenario file writes it
    """
    fields = {info.alias or name: info for name, info in LEVERS[kind].model_fields.items()}
    return (fields[name].description or "").replace("\n", " ")


def fields_of(kind: str) -> tuple[str, ...]:
    """Fields of a lever, as a scenario file writes them."""
    return tuple(info.alias or name for name, info in LEVERS[kind].model_fields.items())


def is_needed(kind: str, name: str) -> bool:
    """Whether a field always holds something."""
    info = next(info for own, info in LEVERS[kind].model_fields.items() if (info.alias or own) == name)
    return info.is_required() or info.get_default(call_default_factory=True) is not None


def default_of(kind: str, name: str) -> Any:  # noqa: ANN401 - whatever the field holds
    """What a field holds where a file leaves it out; None where it must be written."""
    for own, info in LEVERS[kind].model_fields.items():
        if (info.alias or own) == name:
            return None if info.is_required() else info.get_default(call_default_factory=True)
    return None
