"""What a figure rests on, one number at a time: assumptions, prices and settings of levers, each with its range.

A supposition can be turned to another value, alone, and held there for certain; `premises` says what then follows from
it. What nothing can be turned about, such as where a child who is refused a place goes, is in the register of
assumptions only (`report.register_rows`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import pandas as pd

from forecast.domain import ALL, PROVISION_NAMES, Provision
from forecast.inputs.assumptions import Assumption
from forecast.inputs.schemas_places import LONGEST_DELAY, SHARE_A_YEAR, YEARS
from forecast.places.costs import KEY


class Origin(StrEnum):
    """Where a supposition is written."""

    ASSUMPTIONS = "assumptions.yaml"
    PRICES = "costs.csv"
    SCENARIO = "scenario"


@dataclass(frozen=True)
class Supposition:
    """One number that a figure rests on."""

    origin: Origin
    key: tuple[str, ...]
    """What it is found by: the name of an assumption; item, kind of place and need of a price; the scenario's name, the
    place among its changes counted from 1, or `pass_through`, and the way to the setting."""
    name: str
    """Unlike that of any other of its scenario, or of none."""
    says: str
    """What it means."""
    value: float
    low: float
    """One chance in ten that the truth is below."""
    high: float
    """One chance in ten that the truth is above."""
    unit: str
    source: str
    supported: bool
    """Whether anything but judgement stands behind it."""
    least: float
    """No value below this makes sense, or the model takes none."""
    most: float
    """Nor any above this."""
    used_for: str
    """Which figures rest on it, in words."""
    owner: str = ""
    """Who answers for it; empty where nobody is named."""
    review: date | None = None
    """When to look at it again; None where no day is set."""

    @property
    def certain(self) -> bool:
        """Whether it has no range."""
        return self.low == self.high


DELAY: Final = "delay_months"
USED_FOR: Final[Mapping[str, str]] = {
    "ceiling": "every forecast of children, most of all past the tenth year",
    "start_damping": "every forecast of children past the fifth year",
    "local_decay": "every forecast of children past the fifth year",
    "cohort_weight": "every forecast of children in its first five years",
    "waiting_weight": "next year's new plans, where the council counts its own requests",
    DELAY: "places of planned schools and bases whose register says no delay",
    "theta_independent": "need-based sizes of schools only, on request",
    "theta_mainstream": "need-based sizes of schools only, on request",
}
"""Assumption -> the figures that rest on it."""
ASKED_FOR: Final = ("theta_independent", "theta_mainstream")
"""Assumptions that act only where need-based demand is asked for."""
_LIMITS: Final[Mapping[str, tuple[float, float]]] = {
    "ceiling": (0.02, 0.9),
    "start_damping": (0.0, 0.98),
    DELAY: (1.0, float(LONGEST_DELAY)),
}
"""Assumption -> the least and the most that the model takes; 0 to 1 of every other."""
_ITEMS: Final[Mapping[str, str]] = {
    "place": "A child's year in {}: place and top-up, or fee.",
    "transport": "A child's journeys to {} in a year, if carried.",
    "empty": "A place in {} that nobody fills, in a year.",
    "ap_elsewhere": "A full-time year of a child without a plan, paid for outside AP schools: {}.",
    "capital": "Building one place in {}.",
    "capital_satellite": "Building one place of a satellite: {}.",
    "capital_expansion": "Building one more place on a site that there is: {}.",
    "fee_growth": "Growth of fees above other prices in a year: {}.",
    "discount": "How much less a pound counts a year later.",
    "life": "Years that the cost of a building is spread over.",
}
"""Item of a price -> what it is; {} is the kind of place."""
_PRICED: Final = "every figure in pounds"
_SIZED: Final = "costs of sizes and sites, not bills by year"
OF_BILLS: Final = (
    *("place", "transport", "empty", "ap_elsewhere"),
    *("capital", "capital_satellite", "capital_expansion", "fee_growth"),
)
"""Items that a bill by year is made of."""


def of_assumptions(assumptions: Mapping[str, Assumption]) -> tuple[Supposition, ...]:
    """Assumptions, in the order of the file."""
    return tuple(_of_assumption(name, taken) for name, taken in assumptions.items())


def _of_assumption(name: str, taken: Assumption) -> Supposition:
    least, most = _LIMITS.get(name, (0.0, 1.0))
    return Supposition(
        origin=Origin.ASSUMPTIONS,
        key=(name,),
        name=name,
        says=taken.says,
        value=taken.value,
        low=taken.low,
        high=taken.high,
        unit=taken.unit,
        source=taken.source,
        supported=taken.supported,
        least=least,
        most=most,
        used_for=USED_FOR.get(name, ""),
        owner=taken.owner,
        review=taken.review,
    )


def of_prices(prices: pd.DataFrame) -> tuple[Supposition, ...]:
    """Prices, in the order of the table.

    Parameters
    ----------
    prices : columns of `schemas_places.Costs`
    """
    return tuple(
        Supposition(
            origin=Origin.PRICES,
            key=tuple(str(row[part]) for part in KEY),
            name=price_name(str(row["item"]), str(row["provision"]), str(row["need"])),
            says=_ITEMS[str(row["item"])].format(_kind(str(row["provision"]), str(row["need"]))),
            value=float(row["value"]),
            low=float(row["low"]),
            high=float(row["high"]),
            unit=str(row["unit"]),
            source=str(row["source"]),
            supported=bool(row["supported"]),
            least=1.0 if row["unit"] == YEARS else 0.0,
            most=1.0 if row["unit"] == SHARE_A_YEAR else float("inf"),
            used_for=_PRICED if row["item"] in OF_BILLS else _SIZED,
        )
        for row in prices.to_dict("records")
    )


def price_name(item: str, provision: str, need: str) -> str:
    """What a price is called: "place: special", "place: special, ASD"; `all` needs are not named."""
    return f"{item}: {provision}" + ("" if need == ALL else f", {need}")


def _kind(provision: str, need: str) -> str:
    """A kind of place in words, and the need where one is meant."""
    codes = {kind.value: PROVISION_NAMES[kind] for kind in Provision}
    words = codes.get(provision, "")
    where = words[:1].lower() + words[1:] if words else "any kind of place without a price of its own"
    return where + ("" if need == ALL else f", main need {need}")
