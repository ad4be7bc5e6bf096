"""The named futures that a forecast may stand in, once the years run past what data can say.

A world is one of the scenarios that ship. Every scenario stands in one, and every output names it.
"""

from enum import StrEnum
from typing import Final


class World(StrEnum):
    """A named future; its label is what a scenario file writes after `world:`."""

    TREND = "trend"
    STARTS_HELD_FLAT = "starts-held-flat"
    SATURATING = "saturating"
    WHITE_PAPER = "white-paper"

    @property
    def words(self) -> str:
        """Its name as tables and charts give it."""
        return self.replace("-", " ")


class Held(StrEnum):
    """What the figures of `--model constant` stand in, which is no scenario's world: rates as they were counted."""

    CONSTANT = "constant-rates"

    @property
    def words(self) -> str:
        """Its name as tables and charts give it."""
        return self.replace("-", " ")


SHIPPED: Final = {
    World.TREND: "baseline",
    World.STARTS_HELD_FLAT: "starts-held-flat",
    World.SATURATING: "saturating",
    World.WHITE_PAPER: "white-paper",
}
"""World -> name of the scenario that ships and is that world, with nothing added."""
IF: Final[dict[World | Held, str]] = {
    World.TREND: "if the trend continues",
    World.STARTS_HELD_FLAT: "if starts of plans are held flat",
    World.SATURATING: "if plans saturate near a ceiling",
    World.WHITE_PAPER: "if the white paper's figures come true",
    Held.CONSTANT: "if rates stay as they were counted",
}
"""World -> what a figure of it rests on, for the inside of a sentence."""
