"""The answer of `forecast diff` in one to three sentences: what was given otherwise, what moved, what came."""

from typing import Final

import pandas as pd

from forecast.domain import academic_year
from forecast.places.sufficiency import QUANTILES
from forecast.report.diff_words import figure, heading, no_outcome
from forecast.report.differences import ABOVE, ASSUMPTION, BELOW, LOWER, UPPER, Differences
from forecast.report.phrases import FEW, about_more, census, count, count_range, rounded
from forecast.report.tables import TOTALS

ALL_PLANS: Final = "all plans"
"""Label of the line of all plans, as `forecast.report.tables.plans_table` writes it."""
ALL_KINDS: Final = (TOTALS["provision"], ALL_PLANS)
"""Labels that stand for several kinds of place."""
SHARE_INSIDE: Final = QUANTILES["p90"] - QUANTILES["p10"]
"""Share of outcomes that lie within a range that is right."""
WHERE: Final = {
    BELOW: "below its range",
    LOWER: "inside its range, in the lower half",
    UPPER: "inside its range, in the upper half",
    ABOVE: "above its range",
}
"""Where an outcome lies, for the end of a sentence."""


def summary(found: Differences) -> list[str]:
    """One to three sentences: what was given otherwise, what moved, what came."""
    if nothing_moved(found):
        return ["Nothing moved: both runs were given the same, and give the same figures."]
    given = listed(_headings(found))
    first = f"Not the same in the two runs: {given}." if given else "Both runs were given the same."
    return [first, _results_sentence(found), *_outcome_sentences(found)]


def nothing_moved(found: Differences) -> bool:
    """Whether the runs are alike in all that is compared; a change that is unknown is one."""
    return found.given.empty and found.rates.empty and bool((found.results["change"] == 0).all())


def score(outcomes: pd.DataFrame) -> str:
    """How many kinds of place came within their range, of those large enough to tell."""
    kinds = outcomes[
        (outcomes["phase"] == TOTALS["phase"])
        & ~outcomes["provision"].isin(ALL_KINDS)
        & (outcomes[["census", "p90"]].max(axis="columns") >= FEW)
    ]
    came, due = int(kinds["inside"].sum()), round(len(kinds) * SHARE_INSIDE)
    return f"Of {len(kinds)} kinds of place, {came} came within their range; about {due} were to be expected"


def listed(parts: list[str]) -> str:
    """A list as a sentence has it, "a, b and c"; empty where there are none."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def year_ahead(found: Differences) -> int:
    """January that sentences speak of: five years from the newer run's current one, or the last that both runs have."""
    shared = set(found.results["year"])
    year = found.new.manifest.table_years.get("5 years on")
    return year if year is not None and year in shared else int(max(shared))


def _headings(found: Differences) -> list[str]:
    """What was given otherwise, each thing once, briefly."""
    heads = [heading(str(row["part"]), str(row["what"])) for row in found.given.to_dict("records")]
    assumed = bool(found.rates["rate"].str.startswith(ASSUMPTION).any())
    return list(dict.fromkeys([*heads, *(["assumptions"] if assumed else [])]))


def _results_sentence(found: Differences) -> str:
    """The main change in a sentence: specialist places a few years on."""
    table = found.results
    if table.empty:
        return "The two runs have no year in common, so no figure can be compared."
    moved = table[table["change"].fillna(0) != 0]
    if moved.empty:
        return "No figure of children moved."
    if moved["may_be_luck"].all():
        return "No figure of children moved by more than the luck of the draws explains."
    year, total = year_ahead(found), TOTALS["provision"]
    row = table[(table["year"] == year) & (table["provision"] == total)].to_dict("records")[0]
    few = abs(row["change"]) < FEW
    share = "" if few or pd.isna(row["change_share"]) else f" ({abs(row['change_share']):.1%})"
    old, new = (f'in the world "{run.world_of(year)}"' if run.world_of(year) else "" for run in (found.old, found.new))
    return (
        f"In {academic_year(year)}{', ' if new else ''}{new}, {found.new.manifest.area} is now expected to need about "
        f"{rounded(row['new'])} specialist places, {about_more(row['change'])}{share} {'as' if few else 'than'} the "
        f"older run said{' ' if old != new and old else ''}{old if old != new else ''}: "
        f"{'inside' if row['inside_old_range'] else 'outside'} its range, {count_range(row['old_p10'], row['old_p90'])}"
        f"{', and it may be luck' if row['may_be_luck'] else ''}."
    )


def _outcome_sentences(found: Differences) -> list[str]:
    """What the newer census showed; nothing where both runs start from the same one."""
    if found.new.base == found.old.base:
        return []
    if found.outcomes.empty:
        return [no_outcome(found)]
    of_all = found.outcomes[found.outcomes["phase"] == TOTALS["phase"]].set_index("provision")
    row = of_all.loc[TOTALS["provision"]].to_dict()
    forecast = figure(row["mean"], row["p10"], row["p90"])
    came = f"In {census(found.new.base)}, {count(row['census'])} children needed specialist places"
    return [f"{came}; the older run expected {forecast}: {WHERE[row['where']]}. {score(found.outcomes)}."]
