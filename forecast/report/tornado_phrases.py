"""Parts of sentences on what a figure hangs on: the figure, a supposition's value, and what it is called."""

from collections.abc import Mapping, Sequence
from typing import Final

from forecast.decide.measures import ALL_PLANS, Measure
from forecast.decide.outcomes import Outcome
from forecast.decide.suppositions import Origin, Supposition
from forecast.domain import academic_year
from forecast.inputs.about import About
from forecast.report.compare_phrases import dearer_or_cheaper, in_a_hundred, more_or_fewer, where
from forecast.report.money import pounds
from forecast.report.phrases import count, provision_words, uncapped
from forecast.scenario.spending import Payer

AS_MUCH: Final = "no more and no less"
_PERCENT: Final = 0.005
"""Of 100: a smaller difference of two rates is none."""
_UNITS: Final[Mapping[str, tuple[float, str]]] = {
    "share": (100, "{:.3g} in 100"),
    "share a year": (100, "{:.3g}% a year"),
    "pounds a year": (1, "£{:,.0f} a year"),
    "pounds": (1, "£{:,.0f}"),
    "multiple": (1, "{:.3g} times"),
    "number": (1, "{:,.3g}"),
}
"""Unit -> by what a value is multiplied, and how it is then written; others follow their number."""


def figure_words(about: About, outcome: Outcome) -> str:
    """What the figure is, without its year: "children in state special schools"."""
    kinds = " and ".join(uncapped(provision_words(about, label)) for label in outcome.of if label in about.provisions)
    match outcome.measure:
        case Measure.CHILDREN:
            return "children with a plan" if outcome.of == (ALL_PLANS,) else f"children in {kinds} places"
        case Measure.RATE:
            return "plans in state or non-maintained special schools for each 100 residents aged 4 to 17"
        case Measure.SHORT:
            return f"children short of {kinds} places"
        case _:
            everybody = len(outcome.of) == len(Payer)
            return "pounds a year, all payers together" if everybody else f"pounds a year from the {outcome.of[0]}"


def when(outcome: Outcome) -> str:
    """The year, and the share of futures where the figure is not the mean."""
    level = "" if outcome.futures is None else f", a number that {outcome.futures:.0%} of futures do not exceed"
    return f"in {academic_year(outcome.year)}{level}"


def setting(names: Sequence[str]) -> str:
    """Under which scenario, or which against which: "in the trend", 'under "Fewer plans" against the trend'."""
    return " against ".join(
        [where(names[0]), *(where(name).removeprefix("in ").removeprefix("under ") for name in names[1:])]
    )


def number_words(number: float, outcome: Outcome, *, difference: bool) -> str:
    """A figure in words: "2,310", "£1.2 million", "1.41 in 100"; of a difference "37 fewer", "£46,000 more"."""
    match outcome.measure:
        case Measure.RATE:
            return change_words(number, outcome) if difference else f"{in_a_hundred(number)} in 100"
        case Measure.POUNDS:
            return dearer_or_cheaper(number) if difference else pounds(number)
        case _:
            return more_or_fewer(number) if difference else count(number)


def change_words(change: float, outcome: Outcome) -> str:
    """How far a figure moves: "85 fewer", "£1.2 million more", "0.05 in 100 less"."""
    match outcome.measure:
        case Measure.RATE:
            if abs(change) * 100 < _PERCENT:
                return AS_MUCH
            return f"{in_a_hundred(abs(change))} in 100 {'more' if change > 0 else 'less'}"
        case Measure.POUNDS:
            return dearer_or_cheaper(change)
        case _:
            return more_or_fewer(change)


def is_nothing(change: float, outcome: Outcome) -> bool:
    """Whether a change is too small to be told."""
    return change_words(change, outcome) in {"no more", "much the same", AS_MUCH}


def value_words(value: float, unit: str) -> str:
    """A supposition's value with its unit: "13 in 100", "9 months", "£24,500 a year", "0.9 times"."""
    if unit in _UNITS:
        times, form = _UNITS[unit]
        return form.format(value * times)
    return f"{value:.3g} {unit}"


def reach_words(low: float, high: float, unit: str) -> str:
    """A range with its unit said once: "13 to 25 in 100", "£54,000 to £70,000 a year"."""
    one, other = value_words(low, unit), value_words(high, unit)
    form = _UNITS[unit][1] if unit in _UNITS else f"{{}} {unit}"
    return f"{one.removesuffix(form[form.index('}') + 1 :])} to {other}"


def named(supposition: Supposition) -> str:
    """A supposition for the start of a sentence: what it says, and what it is called."""
    said = supposition.says.rstrip(".")
    judged = "" if supposition.supported else "; judgement"
    return f"{said} ({short_name(supposition)}{judged})"


def short_name(supposition: Supposition) -> str:
    """A supposition's name for a label: without underscores."""
    name = supposition.name if supposition.origin is not Origin.PRICES else f"price ({supposition.name})"
    return name.replace("_", " ")
