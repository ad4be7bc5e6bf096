"""The card in plain words: how far out the forecast was, what falls short, what it cannot tell, what it rests on."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import pandas as pd

from forecast.backtest.cells import OURS
from forecast.backtest.origins import CHOSEN_TO
from forecast.backtest.rivals import SAYS
from forecast.report.card_bars import short_of
from forecast.report.card_tables import CardTables
from forecast.report.card_words import (
    CHILDREN,
    METHODS,
    ahead_words,
    best_other,
    in_100,
    listed,
    markdown,
    mean_of,
    means,
    percent,
    points,
    too_few_or_many,
)
from forecast.report.phrases import capped, census
from forecast.series.targets import HORIZONS, PLANS, SPECIAL_STATE, TARGETS

ROUGH: Final = 0.25
"""Error above which a forecast says little of a single authority."""
_MIDDLE: Final = 3
"""Years ahead at which series are called rough."""
_CARRIED = {"drift": "its own yearly steps carried on", "own growth": "its own growth carried on"}
"""Rule of a council's own -> how a sentence names it."""


def what_it_is(tables: CardTables) -> Iterator[str]:
    """For whom the card is, and what was tested."""
    scores = tables.scores
    first, last = int(scores["origin"].min()), int(scores["origin"].max())
    latest = int((scores["origin"] + scores["ahead"]).max())
    most = int(scores.loc[scores["method"].eq(OURS), "authorities"].max())
    yield (
        "For the planners, analysts and members of a council who use this program's forecasts and want to know how far "
        "to lean on them."
    )
    yield (
        f"The forecast of up to {most} English authorities was made again as it would have been made in each January "
        f"from {first} to {last}, with nothing that was dated later, and set beside the censuses that came, up to "
        f"{census(latest)}. So were the rules that a council would use otherwise, and the methods of the textbooks. "
        "This is a test of the totals of each authority, by kind of place."
    )
    yield (
        "**Error** means this: add up by how many children each authority's forecast was out, too many or too few, and "
        "divide by the number of children that came. An error of 10% is 10 children out for every 100 that came. "
        "Errors are means over all the Januaries that were forecast from, the bad ones too."
    )


def in_plain_words(tables: CardTables) -> Iterator[str]:
    """How far out it was beside simple rules, in sentences and one table."""
    errors = means(tables.scores, "wape")
    held = means(tables.scores, "coverage_80")
    for target in (PLANS, SPECIAL_STATE):
        yield _out_by(errors, held, target, 5)
    yield _out_by(errors, held, PLANS, 1)
    yield markdown(
        ["error, five years ahead", *METHODS.values()],
        [[TARGETS[target], *(percent(mean_of(errors, target, method, 5)) for method in METHODS)] for target in TARGETS],
    )
    yield "A dash: that method was not tried there, or could not be made from every January. What each method does:"
    yield "\n".join(f"- *{METHODS[method]}*: {SAYS[method]}" for method in METHODS if method in SAYS)


def _out_by(errors: pd.DataFrame, held: pd.DataFrame, target: str, ahead: int) -> str:
    """One target at one horizon, against the rules and the best other method."""
    of_target = errors[ahead].xs(target, level="target")
    best = best_other(of_target)
    carried = [
        f"; with {_CARRIED[rule]}, by {percent(of_target[rule])}" for rule in _CARRIED if np.isfinite(of_target[rule])
    ]
    share = mean_of(held, target, OURS, ahead)
    return (
        f"{capped(ahead_words(ahead))} ahead, the number of {CHILDREN[target]} was out by {percent(of_target[OURS])} "
        f"in an authority, on average. The 80% range held what came {in_100(share)}. A council that had assumed no "
        f"change would have been out by {percent(of_target['naive'])}{''.join(carried)}. The best of the other "
        f"methods, {METHODS[best]}, was out by {percent(of_target[best])}."
    )


def falls_short(tables: CardTables) -> Iterator[str]:
    """Bars not passed, and the worst that the means hide."""
    short = short_of(tables.gates)
    yield "\n".join(f"- {line}" for line in [*_worst(tables), *short])
    yield "A bar was set for each of many things; all of them, passed or not, are listed under *Every bar* below."


def _worst(tables: CardTables) -> Iterator[str]:
    """What the means hide, and where the forecast is of little use."""
    yield _bad_start(tables.scores)
    yield _uneven(tables.scores)
    size = tables.by_size.sort_values("coverage_80", kind="stable").to_dict("records")[0]
    yield (
        f"The ranges hold least in the {_THIRD[size['size']]} of authorities for {TARGETS[size['target']]}, "
        f"{ahead_words(size['ahead'])} ahead: {in_100(size['coverage_80'])}, where 80 are meant."
    )
    yield from _little_use(means(tables.scores, "wape"))


def _bad_start(scores: pd.DataFrame) -> str:
    """The January with the largest error of plans."""
    five = scores[scores["method"].eq(OURS) & scores["target"].eq(PLANS) & scores["ahead"].eq(HORIZONS[-1])]
    bad, *others = five.sort_values("wape", ascending=False).to_dict("records")
    usual = sum(row["wape"] for row in others) / len(others)
    return (
        f"The means hide bad starts. The worst: from {census(bad['origin'])} the number of plans "
        f"{ahead_words(HORIZONS[-1])} on was out by {percent(bad['wape'])}; its sum over the authorities was "
        f"{too_few_or_many(bad['bias'])}, and the 80% range held what came {in_100(bad['coverage_80'])}. From the "
        f"other Januaries the error was {percent(usual)}. A change of law changes the trend, and no method here "
        "foresees one."
    )


def _uneven(scores: pd.DataFrame) -> str:
    """Where the share held differs most between the outcomes for choosing and those for the test."""
    ours = scores[scores["method"].eq(OURS)]
    table = ours.pivot_table(index=["target", "ahead"], columns="part", values="coverage_80").dropna().reset_index()
    apart = (table["test"] - table["choosing"]).abs()
    row = table.to_dict("records")[int(apart.to_numpy().argmax())]
    return (
        "The ranges do not hold alike from every start. The difference is largest for "
        f"{TARGETS[row['target']]}, {ahead_words(row['ahead'])} ahead: of outcomes to {census(CHOSEN_TO)} they held "
        f"{in_100(row['choosing'])}, of later ones {in_100(row['test'])}."
    )


def _little_use(errors: pd.DataFrame) -> Iterator[str]:
    """Series that no method forecasts well, and those where another method does better than this one."""
    for target in TARGETS:
        of_target = errors[_MIDDLE].xs(target, level="target")
        best = best_other(of_target)
        if of_target.min() > ROUGH:
            yield (
                f"{capped(TARGETS[target])}: every method is far out. {capped(ahead_words(_MIDDLE))} ahead this model "
                f"was out by {percent(of_target[OURS])}, {METHODS[best]} by {percent(of_target[best])}."
            )
    for target in TARGETS:
        closer: dict[str, list[str]] = {}
        for ahead in HORIZONS:
            of_target = errors[ahead].xs(target, level="target")
            best = best_other(of_target)
            if of_target[best] < of_target[OURS]:
                figures = f"{of_target[best]:.1%} against {of_target[OURS]:.1%}"
                closer.setdefault(METHODS[best], []).append(f"{ahead_words(ahead)} ahead ({figures})")
        for name, where in closer.items():
            yield f"{capped(TARGETS[target])}: {name} was closer than this model {listed(where)}."


_THIRD = {"small": "smallest third", "middle": "middle third", "large": "largest third"}


def cannot_tell(tables: CardTables) -> Iterator[str]:
    """What the test says nothing about."""
    longest = int(tables.scores["ahead"].max())
    said = {
        "By need: not tested.": "No published series follows needs by authority for long enough.",
        "By district: not tested.": "Plans are published by authority only. District figures are the county's rate "
        "applied to the district's children.",
        "By age and kind of place together: hardly tested.": "Such figures exist for two Januaries only. What one year "
        "shows is below; no forecast of them could have been made before.",
        "A reform.": "It cannot know of a law or a policy that no one has written down. The worst start, named above, "
        "shows what a reform may do.",
        f"More than {ahead_words(longest)} ahead: not tested.": "From there on the program names the world that it "
        'supposes, such as "trend", and shows others beside it.',
        "Demand.": "The test is of children placed, not of children who would have needed a place and had none.",
    }
    yield points(said)


def rests_on(tables: CardTables) -> Iterator[str]:
    """Exceptions from the rule that nothing later is seen, and how far the test is a fair one."""
    last = int((tables.scores["origin"] + tables.scores["ahead"]).max())
    said = {
        "How it was chosen.": f"The method's settings were to be chosen by outcomes to {census(CHOSEN_TO)}, and later "
        "outcomes kept for the test. But the plan of the method was written after looking at outcomes of 2019 to "
        f"{last}, and constants in it (how strongly slopes are held back, where growth is cut off, how fast it fades) "
        f"come from that study. Only the release of {census(last + 1)} is untouched. Expect somewhat larger errors "
        "than these.",
        "Residents": "before 2018 are those of mid-2017 with their ages moved back: no earlier estimate ships.",
        "Statistical neighbours": "are those of May 2025, at every January.",
        "Figures": "are as published now, not as first published: later corrections are in them.",
        "The method that moves ages on": "knows bands of age, not single years, and no kinds of place.",
    }
    yield points({**said, **_late(tables.scores)})


def _late(scores: pd.DataFrame) -> dict[str, str]:
    """Methods that could not be made from the first January."""
    first = scores[scores["wape"].notna()].groupby("method")["origin"].min().to_dict()
    late = {str(name): int(year) for name, year in first.items() if year > first[OURS]}
    return {
        capped(METHODS[name]): f"needs a longer past: it starts from {census(year)}." for name, year in late.items()
    }
