"""Every score of the card in tables: by January, by part, by size, and what else was asked for."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.backtest.ages import AS_BEFORE, ROLLED, SCALED
from forecast.backtest.cells import OURS
from forecast.backtest.decision import RULES as SIZE_RULES
from forecast.backtest.judge import POOLED
from forecast.backtest.origins import CHOSEN_TO
from forecast.backtest.scores import A_FIFTH, FAR, SIZES
from forecast.places.size_rules import CHEAPEST
from forecast.report.card_words import METHODS, UNKNOWN, ahead_words, markdown, mean_of, means, percent
from forecast.report.phrases import Row, capped, census
from forecast.series.targets import HORIZONS, TARGETS

PARTS = ("choosing", "test")
"""Parts of the outcomes: those that choices were made by, and those kept for the test."""


def ranges_section(scores: pd.DataFrame) -> Iterator[str]:
    """How often the ranges held what came, by horizon."""
    yield (
        "The forecast gives a range that is meant to hold what comes 80 times in 100, and a wider one for 95 times. "
        "*Own part*: the same for how far each authority departed from the others, since a change in the whole "
        "country moves all of them at once."
    )
    columns = {"coverage_80": "80% range", "coverage_95": "95% range", "own_coverage_80": "own part of the 80% range"}
    yield _by_target(scores, columns, percent)


def other_scores(scores: pd.DataFrame) -> Iterator[str]:
    """Width, CRPS, pinball loss and MASE."""
    yield (
        "For readers who know them. *Width* of the 80% range, *CRPS* (the error of the whole range of futures) and "
        "*pinball loss* (that of each end of the range) are shares of the children forecast or counted. *MASE* is the "
        "error in units of the usual change from one January to the next."
    )
    columns = {"width_80": "width", "crps": "CRPS", "pinball_10": "pinball, low end", "pinball_90": "pinball, high end"}
    yield _by_target(scores, columns, percent)
    yield _by_target(scores, {"far_out": f"authorities more than {FAR:.0%} out"}, percent)
    yield _by_target(scores, {"mase": "MASE"}, lambda value: f"{value:.2f}")


def _by_target(scores: pd.DataFrame, columns: dict[str, str], say: Callable[[float], str]) -> str:
    """Means of this model's scores, a row a target and horizon."""
    found = {column: means(scores, column) for column in columns}
    rows = [
        [TARGETS[target], ahead_words(ahead), *(say(mean_of(found[column], target, OURS, ahead)) for column in columns)]
        for target in TARGETS
        for ahead in HORIZONS
    ]
    return markdown(["series", "years ahead", *columns.values()], rows)


def parts_section(scores: pd.DataFrame) -> Iterator[str]:
    """Outcomes that choices were made by, apart from those kept for the test."""
    first, last = CHOSEN_TO + 1, int((scores["origin"] + scores["ahead"]).max())
    yield (
        f"*Choosing*: outcomes to {census(CHOSEN_TO)}. *Test*: outcomes of {census(first)} to {last}. In brackets, how "
        "many Januaries were forecast from."
    )
    header = ["series", "years ahead"]
    for part in PARTS:
        header += [f"{part}: error", f"{part}: {METHODS[POOLED]}", f"{part}: 80% range held"]
    rows = []
    for target in TARGETS:
        for ahead in HORIZONS:
            group = scores[scores["target"].eq(target) & scores["ahead"].eq(ahead)]
            said = [cell for part in PARTS for cell in _part(group[group["part"].eq(part)])]
            rows.append([TARGETS[target], ahead_words(ahead), *said])
    yield markdown(header, rows)


def _part(group: pd.DataFrame) -> list[str]:
    """Error of ours and of the benchmark, and coverage, of one part at one horizon."""
    if group.empty:
        return [UNKNOWN] * 3
    ours, pooled = (group[group["method"].eq(method)] for method in (OURS, POOLED))
    error = f"{percent(ours['wape'].mean())} ({len(ours)})"
    return [error, percent(pooled["wape"].mean()), percent(ours["coverage_80"].mean())]


def by_january(scores: pd.DataFrame) -> Iterator[str]:
    """The error from each January, of every method of the same run; the least of a line is in bold."""
    yield "Each line is one January that was forecast from. In bold, the least error of the line."
    for target, name in TARGETS.items():
        yield f"### {capped(name)}"
        for ahead in HORIZONS:
            group = scores[scores["target"].eq(target) & scores["ahead"].eq(ahead)]
            table = group.pivot(index="origin", columns="method", values="wape")
            methods = [method for method in METHODS if method in table]
            part = group.drop_duplicates("origin").set_index("origin")["part"]
            rows = [
                [f"{census(origin)} ({part[origin]})", *_with_least(table.loc[origin, methods])]
                for origin in table.index
            ]
            yield markdown([f"{ahead_words(ahead)} ahead", *(METHODS[method] for method in methods)], rows)


def _with_least(errors: "pd.Series[float]") -> list[str]:
    """Errors in words, the least in bold."""
    least = errors.min()
    return [f"**{percent(error)}**" if error == least else percent(error) for error in errors]


def bias_section(scores: pd.DataFrame) -> Iterator[str]:
    """How much the sum over authorities was too high or too low, from each January."""
    yield (
        "The sum of all authorities' forecasts against what came: minus is too few. It is one number for the country, "
        "so there are only as many as there are Januaries."
    )
    ours = scores[scores["method"].eq(OURS)]
    table = ours.pivot(index=["target", "ahead"], columns="origin", values="bias")
    said = dict(zip(table.index, table.to_numpy().tolist(), strict=True))
    rows = [
        [TARGETS[target], ahead_words(ahead), *map(_signed, said[(target, ahead)])]
        for target in TARGETS
        for ahead in HORIZONS
    ]
    yield markdown(["series", "years ahead", *(f"from {year}" for year in table.columns)], rows)


def _signed(bias: float) -> str:
    """A log bias as a share with its sign."""
    return f"{np.expm1(bias):+.1%}" if np.isfinite(bias) else UNKNOWN


def size_section(by_size: pd.DataFrame) -> Iterator[str]:
    """Error and ranges of small, middling and large authorities."""
    yield "Thirds of the authorities by the children counted when the forecast was made."
    rows = {(row["target"], row["ahead"], row["size"]): row for row in by_size.to_dict("records")}
    header = ["series", "years ahead"]
    columns = {"wape": "error", "coverage_80": "80% range held", "coverage_95": "95% range held"}
    header += [f"{size}: {words}" for size in SIZES for words in columns.values()]
    yield markdown(
        header,
        [
            [TARGETS[target], ahead_words(ahead), *_sizes(rows, target, ahead, list(columns))]
            for target in TARGETS
            for ahead in HORIZONS
        ],
    )


def _sizes(rows: Mapping[tuple[Any, Any, Any], Row], target: str, ahead: int, columns: list[str]) -> list[str]:
    """Cells of one line."""
    return [percent(rows[(target, ahead, size)][column]) for size in SIZES for column in columns]


def shelf_section(shelf_life: pd.DataFrame) -> Iterator[str]:
    """Years until a forecast should be made again."""
    yield (
        f"Years until {A_FIFTH:.0%} of authorities are more than {FAR:.0%} out, on a straight line between the "
        "horizons tried."
    )
    table = shelf_life.pivot(index="target", columns="method", values="years")
    methods = [method for method in METHODS if method in table]
    rows = [[name, *map(_years, table.loc[target, methods])] for target, name in TARGETS.items()]
    yield markdown(["series", *(METHODS[method] for method in methods)], rows)


def _years(years: float) -> str:
    """Years in words."""
    if np.isnan(years):
        return UNKNOWN
    return f"{years:.1f}" if np.isfinite(years) else f"over {max(HORIZONS)}"


_IN_ORDER = [CHEAPEST, *(rule for rule in SIZE_RULES if rule != CHEAPEST)]


def decisions_section(decisions: pd.DataFrame) -> Iterator[str]:
    """What a wrong size of school would have cost, by rule."""
    yield (
        "Had each council settled in January how many state special places it would have five years later: what that "
        "cost a year more than the right number would have, in thousands of pounds an authority. A child too many goes "
        "to an independent school; a place too many stands empty. The costs are public averages and in part judgement, "
        "so read the order of the rules, not the pounds."
    )
    table = decisions.pivot(index="rule", columns="origin", values="regret").loc[_IN_ORDER]
    times = decisions.groupby("rule")["of_cheapest"].mean()
    rows = [
        [capped(SIZE_RULES[str(rule)]), *(f"£{value / 1000:,.0f}k" for value in table.loc[rule]), f"{times[rule]:.1f}"]
        for rule in table.index
    ]
    yield markdown(["rule", *(f"from {year}" for year in table.columns), "times the first line"], rows)


def ages_section(ages: pd.DataFrame) -> Iterator[str]:
    """Error of cells by age and kind of place, which no forecast could have been made of at the time."""
    yield (
        "Each authority's plans by year group and kind of place at the census before the last, carried to the last and "
        f"set beside what came, cell by cell, in {ages['authorities'].max()} authorities. Moves between kinds of place "
        "by age can only be learned from these same two censuses. So each authority is moved on by the rates of the "
        "others, in five parts: a check of the method, and no bar was set."
    )
    errors = {(kind, way): percent(value) for way, kind, value in _cells(ages)}
    rows = [[capped(name), *(errors[kind, way] for way in _WAYS)] for kind, name in _KIND.items()]
    yield markdown(["error", *_WAYS], rows)


def _cells(ages: pd.DataFrame) -> Iterator[tuple[str, str, float]]:
    """Method, kind of place and error of each row."""
    yield from zip(ages["method"], ages["provision"], ages["wape"].to_numpy(dtype=float).tolist(), strict=True)


_WAYS: Final = (ROLLED, SCALED, AS_BEFORE)
_KIND: Final = {
    "every placement": "every kind of place",
    "mainstream": "mainstream schools",
    "special": "state special schools",
    "independent": "independent special schools",
    "base": "bases",
    "alternative": "alternative provision",
}
