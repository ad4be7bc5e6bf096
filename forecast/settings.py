"""What a run may be told besides its area and scenario; described once, here, for command line, app and manifest."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Choices of one run, frozen and written to its manifest."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    draws: Annotated[int, Field(ge=2, le=10_000)] = Field(
        default=200, description="Futures to simulate; more are smoother and slower."
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(
        default=1, description="Number that fixes the luck; the same seed gives the same figures."
    )
    current_year: Annotated[int, Field(ge=2010, le=2100)] = Field(
        description="January of the academic year that counts as today's: 2027 is 2026/27."
    )
    horizon: Annotated[int, Field(ge=1, le=20)] = Field(
        default=10, description="Years to forecast past the current academic year."
    )

    variant: str = Field(
        default="",
        description="Population projection: its name in population.csv, `average`, or `drawn` for one a future; "
        "the first one if left out.",
    )

    @classmethod
    def says(cls, name: str) -> str:
        """Description of the setting `name`, for a command's help."""
        return cls.model_fields[name].description or ""
