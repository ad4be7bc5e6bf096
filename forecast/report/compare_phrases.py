"""Parts of sentences on a difference between two scenarios: children, pounds and shares, with direction and range.

A difference on the same luck is surer than either figure: children are told to the child, and not to the nearest ten.
"""

from typing import Final

from forecast.decide.measures import Measure
from forecast.report.money import NOTHING, pounds
from forecast.report.phrases import BASELINE, FEW, RANGE, Row, count

LEAST: Final = 0.5
"""Fewer children than this, on average, are none in a sentence."""
BEYOND: Final = "beyond the places filled now and opened since"
"""Children for whom there is no room, where places are only assumed."""


def where(name: str) -> str:
    """For the inside of a sentence, in which scenario: 'in the trend', 'under "Fewer plans"'."""
    return "in the trend" if name == BASELINE else f'under "{name}"'


def more_or_fewer(children: float) -> str:
    """A difference before a noun: "37 more", "no more", "12 fewer"."""
    if abs(children) < LEAST:
        return "no more"
    return f"{_few(children)} {'more' if children > 0 else 'fewer'}"


def as_many_or(children: float) -> str:
    """A difference that stands alone: "37 more", "as many", "12 fewer"."""
    return "as many" if abs(children) < LEAST else more_or_fewer(children)


def span(low: float, high: float) -> str:
    """The 80% range of a difference in children: "28 to 41 fewer", "3 fewer to 9 more"."""
    if low > -LEAST and high < LEAST:
        return "none"
    if low > -LEAST:
        return f"{_from_to(max(low, 0.0), high)} more"
    if high < LEAST:
        return f"{_from_to(max(-high, 0.0), -low)} fewer"
    return f"{_few(low)} fewer to {_few(high)} more"


def in_brackets(row: Row) -> str:
    """The range of a difference in children, to follow it: " (8 chances in 10: 28 to 41 fewer)"; empty without one.

    Where a few futures differ greatly, the mean may lie outside of the range, and is then said to be an average.

    Parameters
    ----------
    row : mean, p10, p90
    """
    if row["p10"] == row["p90"] == row["mean"]:
        return ""
    reach = span(row["p10"], row["p90"])
    told = "the same" if reach == more_or_fewer(row["mean"]) else reach
    return f" ({'on average; ' if _outside(row) else ''}{RANGE}: {told})"


def with_span(row: Row) -> str:
    """A difference in children with its range: "34 fewer (8 chances in 10: 28 to 41 fewer)"."""
    return f"{as_many_or(row['mean'])}{in_brackets(row)}"


def dearer_or_cheaper(money: float) -> str:
    """A difference in pounds: "£1.2 million more", "£46,000 less", "much the same"."""
    if abs(money) < NOTHING:
        return "much the same"
    return f"{pounds(money)} {'more' if money > 0 else 'less'}"


def money_span(low: float, high: float) -> str:
    """The 80% range of a difference in pounds: "£0.9 million to £1.5 million less"."""
    if low >= -NOTHING and high <= NOTHING:
        return "much the same"
    if low >= -NOTHING:
        return f"{pounds(max(low, 0.0))} to {pounds(high)} more"
    if high <= NOTHING:
        return f"{pounds(max(-high, 0.0))} to {pounds(low)} less"
    return f"{pounds(low)} less to {pounds(high)} more"


def money_with_span(row: Row) -> str:
    """A difference in pounds with its range.

    Parameters
    ----------
    row : mean, p10, p90
    """
    told = dearer_or_cheaper(row["mean"])
    return told if row["p10"] == row["p90"] else f"{told} ({RANGE}: {money_span(row['p10'], row['p90'])})"


def in_a_hundred(share: float) -> str:
    """A share as a number in each hundred, to two decimals: one would hide what a change does."""
    return f"{share * 100:.2f}"


def shown(row: Row) -> str:
    """A figure of a table by its unit: children, places, pounds or a share; a gap to England with its direction."""
    if row["measure"] == Measure.ABOVE_ENGLAND:
        return as_many_or(row["mean"])
    match row["unit"]:
        case "places":
            return f"{round(row['mean']) + 0:,}"
        case "pounds":
            return f"{'-' if row['mean'] <= -NOTHING else ''}{pounds(row['mean'])}"
        case "share":
            return f"{in_a_hundred(row['mean'])} in 100"
        case _:
            return f"{'-' if row['mean'] <= -FEW else ''}{count(abs(row['mean']))}"


def shown_change(row: Row) -> str:
    """A difference of a table by its unit, its range in brackets."""
    same = row["p10"] == row["p90"]
    match row["unit"]:
        case "pounds":
            told, reach = dearer_or_cheaper(row["mean"]), money_span(row["p10"], row["p90"])
        case "share":
            mean, low, high = (_signed(row[part]) for part in ("mean", "p10", "p90"))
            told, reach = f"{mean} in 100", f"{low} to {high}"
        case _:
            told, reach = as_many_or(row["mean"]), span(row["p10"], row["p90"])
            same = (same and not _outside(row)) or told == reach
            told = f"{told} on average" if _outside(row) else told
    return told if same else f"{told}\n({reach})"


def _outside(row: Row) -> bool:
    """Whether a mean of children is, in whole ones, outside of its own range."""
    low, mean, high = (round(row[part]) for part in ("p10", "mean", "p90"))
    return not low <= mean <= high


def _signed(share: float) -> str:
    """A difference in each hundred with its sign: "+0.12"; what shows as nothing has none."""
    hundredths = round(share * 100, 2)
    return f"{hundredths:+.2f}" if hundredths else "0.00"


def _few(children: float) -> str:
    """A number of children without its sign, a small one as "under 5": "fewer than 5 fewer" cannot be read aloud."""
    return f"under {FEW}" if LEAST <= abs(children) < FEW else f"{round(abs(children)):,}"


def _from_to(low: float, high: float) -> str:
    if high < FEW:
        return f"under {FEW}"
    least, most = _few(low), _few(high)
    return least if least == most else f"{least} to {most}"
