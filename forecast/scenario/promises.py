"""What a scenario promises: a sentence, and which of its changes is to bring it about."""

from typing import Annotated

from pydantic import BaseModel, Field

from forecast.scenario.written import FROZEN


class Promise(BaseModel):
    """A claim that a plan makes of itself, such as "40 fewer children in independent schools by 2030/31"."""

    model_config = FROZEN

    says: str
    """What is claimed, in a sentence."""
    change: Annotated[int, Field(ge=1)] | None = None
    """Which of `changes` is to bring it about, counted from 1; left out where none does, which is then challenged."""


def moved_on(promises: tuple[Promise, ...], by: int) -> tuple[Promise, ...]:
    """Promises of a scenario whose changes come after `by` others."""
    return tuple(
        promise if promise.change is None else promise.model_copy(update={"change": promise.change + by})
        for promise in promises
    )
