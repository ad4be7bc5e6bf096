"""What a figure hangs on, in sentences: which supposition moves it most, and which one turns a decision."""

from collections.abc import Iterator, Sequence
from typing import Final

from forecast.decide.flips import BEYOND, Decision, Flip
from forecast.decide.outcomes import Outcome
from forecast.decide.tornado import Bar
from forecast.inputs.about import About
from forecast.report.phrases import capped
from forecast.report.tornado_phrases import (
    change_words,
    figure_words,
    is_nothing,
    named,
    number_words,
    reach_words,
    setting,
    short_name,
    value_words,
    when,
)

MOST: Final = 8
"""Suppositions of which a sentence is said; the table has them all."""
_ONE_AT_A_TIME: Final = (
    "One supposition is moved at a time, to the low and to the high end of the range that it lies in with 8 chances in "
    "10, and held there in every future; only the delay of planned schools keeps a range, in proportion. All others "
    "keep their values and their ranges. What several of them would do together is not in these figures."
)
_SAME_LUCK: Final = (
    "Every run has the same futures and the same luck, so that what differs comes of the supposition alone."
)
_NOT_MOVED: Final = (
    "The errors that past forecasts of published totals had are not moved here: they are in the range of every figure "
    "of the forecast itself."
)
RESTS_ON: Final = (_ONE_AT_A_TIME, _SAME_LUCK, _NOT_MOVED)
"""What every tornado rests on, in sentences."""


def tornado_sentences(about: About, outcome: Outcome, names: Sequence[str], bars: Sequence[Bar]) -> list[str]:
    """The answer in reading order: the figure, what moves it, and what does not.

    Parameters
    ----------
    names : of the scenario, and of the one that it is set against
    bars : the widest first
    """
    difference = len(names) > 1
    middle = number_words(bars[0].middle, outcome, difference=difference)
    first = f"{capped(figure_words(about, outcome))} {when(outcome)}, {setting(names)}: {middle}."
    moving = [bar for bar in bars if bar.tried and not is_nothing(bar.width, outcome)]
    if not moving:
        return [f"{first} No supposition, moved to an end of its own range, moves this.", *_still(bars, outcome)]
    most = f" {_named_first(moving[0])} moves it most."
    return [first + most, *(_of(bar, outcome) for bar in moving[:MOST]), *_rest(moving), *_still(bars, outcome)]


def _named_first(bar: Bar) -> str:
    return capped(short_name(bar.supposition))


def _of(bar: Bar, outcome: Outcome) -> str:
    """What both ends of one range bring."""
    one = bar.supposition
    ends = [
        f"at {value_words(end, one.unit)}, {change_words(number - bar.middle, outcome)}"
        for end, number in ((one.low, bar.low), (one.high, bar.high))
    ]
    return f"{named(one)}, taken as {value_words(one.value, one.unit)}: {'; '.join(ends)}."


def _rest(moving: Sequence[Bar]) -> Iterator[str]:
    rest = [short_name(bar.supposition) for bar in moving[MOST:]]
    if rest:
        yield f"Less than these, {', '.join(rest)}."


def _still(bars: Sequence[Bar], outcome: Outcome) -> Iterator[str]:
    """What was tried and moves nothing, and what has no range."""
    still = [short_name(bar.supposition) for bar in bars if bar.tried and is_nothing(bar.width, outcome)]
    if still:
        yield f"Tried, and next to nothing comes of it: {', '.join(still)}."
    fixed = [short_name(bar.supposition) for bar in bars if bar.supposition.certain]
    if fixed:
        yield f"Taken as certain, so not tried: {', '.join(fixed)}."


def flip_sentences(
    about: About, outcome: Outcome, names: Sequence[str], decision: Decision, flips: Sequence[Flip]
) -> list[str]:
    """The decision, and what would turn it.

    Parameters
    ----------
    flips : the nearest first
    """
    said = f'"{figure_words(about, outcome)} {when(outcome)}: {_limit(outcome, decision.limit, names)}"'
    number = number_words(decision.number, outcome, difference=len(names) > 1)
    first = f"As forecast, {said} {'holds' if decision.stands else 'does not hold'}: {number}."
    turning = [flip for flip in flips if flip.at is not None]
    told = [_turn(flip, decision) for flip in turning]
    if not turning:
        told = [f"No supposition turns that, moved alone within its range or {BEYOND:g} times as far."]
    elif not any(flip.within for flip in turning):
        told.insert(0, "No supposition turns that, moved alone within its own range.")
    return [first, *told]


def _turn(flip: Flip, decision: Decision) -> str:
    one = flip.supposition
    at = value_words(flip.at or 0.0, one.unit)
    place = "inside its range" if flip.within else "outside its range"
    ends = reach_words(one.low, one.high, one.unit)
    below = flip.at is not None and flip.at < one.value
    turned = "no longer holds" if decision.stands else "holds"
    return f"{named(one)}: {turned} {'below' if below else 'above'} about {at}, {place} ({ends})."


def _limit(outcome: Outcome, limit: float, names: Sequence[str]) -> str:
    """A limit in words: "at most 300 in the trend", "no more under A than in the trend"."""
    if len(names) == 1:
        return f"at most {number_words(limit, outcome, difference=False)} {setting(names)}"
    more = "no more" if limit == 0 else f"at most {change_words(limit, outcome)}"
    return f"{more} {setting(names[:1])} than {setting(names[1:])}"
