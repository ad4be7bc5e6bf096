"""Sentences of the page on trust: what past forecasts scored, in words that a councillor knows."""

from collections.abc import Mapping
from math import exp, inf, isnan, nan
from typing import Final

import pandas as pd

from forecast.inputs.about import About
from forecast.inputs.backtest_tables import OURS, SIZES, BacktestTables
from forecast.report.phrases import capped, census, count
from forecast.series import targets
from forecast.views import trust_figures as figures
from forecast.views.trust_figures import NO_CHANGE, RULES, Standing, at

KINDS: Final[Mapping[str, str]] = {
    targets.PLANS: "children with a plan",
    targets.PLANS_5_15: "children aged 5 to 15 with a plan",
    targets.SPECIAL_STATE: "children with a plan in state special schools",
    targets.SPECIAL_ALL: "children with a plan in special schools of every kind",
    targets.INDEPENDENT: "children with a plan in independent special schools",
    targets.BASE: "children with a plan in bases (SEN units and resourced provision)",
    targets.ALTERNATIVE: "children with a plan in alternative provision",
}
"""Target -> whose number is forecast."""
METHODS: Final[Mapping[str, str]] = {
    OURS: "This forecast",
    "pooled growth": "England's growth",
    "own growth": "Own growth",
    "drift": "Straight line",
    NO_CHANGE: "No change",
    "constant-rate cohort": "Children moved up by age",
}
"""Method -> its plain name; the programs of statistics keep the name that they are known by."""
THIRDS: Final = dict(
    zip(SIZES, ("the third with the fewest", "the middle third", "the third with the most"), strict=True)
)
"""Size -> which authorities they are."""
YEARS: Final = {1: "One year", 2: "Two years", 3: "Three years", 4: "Four years", 5: "Five years"}
LITTLE: Final = 0.9
"""An error that is more than this share of another is little better. Judgement."""
AS_MEANT: Final = (0.76, 0.86)
"""Shares of outcomes within the 80% range that count as what it should be: the bar in METHOD section 5."""


def years_ahead(ahead: int) -> str:
    """How far ahead, for the start of a sentence: "Five years ahead"."""
    return f"{YEARS.get(ahead, f'{ahead} years')} ahead"


def method_name(method: str) -> str:
    """Plain name of a method."""
    return METHODS.get(method, capped(method))


def percent(share: float) -> str:
    """A share as whole per cent."""
    return f"{share:.0%}"


def in_100(share: float) -> str:
    """A share as a number of each hundred."""
    return f"{share * 100:.0f}"


def headline(tables: BacktestTables, target: str) -> str:
    """How far out this forecast was at the longest reach, against assuming no change."""
    errors = figures.errors(tables.scores, target)
    far = int(errors.columns.max())
    ours = at(errors, OURS, far)
    said = f"{years_ahead(far)}, the number of {KINDS[target]} in an authority was out by {percent(ours)} on average."
    still = at(errors, NO_CHANGE, far) if NO_CHANGE in errors.index else nan
    if isnan(still):
        return said
    if ours >= still:
        return f"{said} That is no better than assuming no change, which would have been out by {percent(still)}."
    if ours > LITTLE * still:
        return f"{said} That is little better than assuming no change, which would have been out by {percent(still)}."
    return f"{said} A council that had assumed no change would have been out by {percent(still)}."


def error_reading(tables: BacktestTables, target: str) -> list[str]:
    """How far out, by years ahead, against the simple rules, and how soon."""
    errors = figures.errors(tables.scores, target)
    parts = [f"{percent(at(errors, OURS, ahead))} {years_ahead(ahead).lower()}" for ahead in map(int, errors.columns)]
    return [
        f"It was out by {', '.join(parts)}.",
        _against_rules(errors),
        _keeps(tables, target),
        _by_january(tables.scores, target),
        _to_one_side(tables.scores, target),
        _unseen(tables.scores, target),
    ]


def _against_rules(errors: pd.DataFrame) -> str:
    far = int(errors.columns.max())
    rules = errors.loc[[rule for rule in RULES if rule in errors.index], far].dropna()
    if rules.empty:
        return "No simple rule has been tried on the same Januaries."
    best = str(rules.idxmin())
    beaten = "was out by" if rules[best] > at(errors, OURS, far) else "did no worse: it was out by"
    return f'The best simple rule {years_ahead(far).lower()}, "{METHODS[best]}", {beaten} {percent(rules[best])}.'


def _keeps(tables: BacktestTables, target: str) -> str:
    """How soon a fifth of authorities are far out, and how many are at the longest reach."""
    lives = tables.shelf_life
    years = float(lives.loc[lives["target"].eq(target) & lives["method"].eq(OURS), "years"].iloc[0])
    far_out = figures.mean_by_years(tables.scores, target, "far_out")
    last = max(far_out)
    many = f"{years_ahead(last).lower()}, {in_100(far_out[last])} in 100 were"
    if years == inf:
        return f"One authority in five was never more than a tenth out in the years tried; {many}."
    soon = "Within a year" if years < 1 else f"After about {years:.0f} year{'' if round(years) == 1 else 's'}"
    return f"{soon}, one authority in five was more than a tenth out; {many}."


def _by_january(scores: pd.DataFrame, target: str) -> str:
    rows = figures.of_ours(scores, target)
    last = int(rows["ahead"].max())
    out = rows[rows["ahead"].eq(last)].set_index("origin")["wape"]
    most, least = int(str(out.idxmax())), int(str(out.idxmin()))
    return (
        f"It depends on the time: {years_ahead(last).lower()}, forecasts made in {census(most)} were out by "
        f"{percent(out[most])}, those made in {census(least)} by {percent(out[least])}."
    )


def _to_one_side(scores: pd.DataFrame, target: str) -> str:
    bias = figures.mean_by_years(scores, target, "bias")
    last = max(bias)
    share = exp(bias[last]) - 1
    side = f"{percent(abs(share))} {'fewer' if share < 0 else 'more'}" if percent(abs(share)) != "0%" else "as many"
    than = "as" if side == "as many" else "than"
    return f"{years_ahead(last)}, all authorities together were forecast {side} children {than} there turned out to be."


def _unseen(scores: pd.DataFrame, target: str) -> str:
    """The error on outcomes that no setting was chosen by."""
    rows = figures.of_ours(scores, target)
    chosen, last = rows[rows["part"].eq("choosing")], int(rows["ahead"].max())
    later = rows[rows["part"].eq("test") & rows["ahead"].eq(last)]
    if chosen.empty or later.empty:
        return "Every outcome was looked at while the method was chosen, or none was."
    seen = int((chosen["origin"] + chosen["ahead"]).max())
    return (
        f"Settings were chosen by outcomes to {census(seen)}, though the plan of the method had seen later ones; on "
        "those it was out by "
        f"{percent(later['wape'].mean())} {years_ahead(last).lower()}."
    )


def range_reading(tables: BacktestTables, target: str) -> list[str]:
    """What share of outcomes fell in the range, whether that is as it should be, and how wide ranges were."""
    held = figures.mean_by_years(tables.scores, target, "coverage_80")
    overall = figures.of_ours(tables.scores, target)["coverage_80"].mean()
    wide = figures.mean_by_years(tables.scores, target, "width_80")
    last = max(wide)
    parts = [f"{in_100(share)} {years_ahead(int(ahead)).lower()}" for ahead, share in held.items()]
    return [
        f"Of 100 outcomes, 80 should lie in the range that was given. {in_100(overall)} did: {', '.join(parts)}.",
        _as_meant(held),
        f"{years_ahead(last)}, from its lower to its upper end, the range was {percent(wide[last])} of the forecast.",
    ]


def _as_meant(held: Mapping[int, float]) -> str:
    low, high = AS_MEANT
    shares = {ahead: round(share, 2) for ahead, share in held.items()}
    narrow = [ahead for ahead, share in shares.items() if share < low]
    broad = [ahead for ahead, share in shares.items() if share > high]
    if not narrow and not broad:
        return "That is about what it should be, however many years ahead."
    said = [f"{_listed(narrow)} ranges were too narrow: plan for more than they show."] if narrow else []
    return " ".join([*said, f"{_listed(broad)} ranges were wider than they need be."] if broad else said)


def _listed(aheads: list[int]) -> str:
    """Several numbers of years for the start of a sentence: "Two, three and five years ahead"."""
    *first, last = (years_ahead(ahead) for ahead in aheads)
    return capped(" and ".join([", ".join(words.split()[0] for words in first), last] if first else [last]).lower())


def example_reading(rows: pd.DataFrame, region: str, ahead: int) -> str:
    """How often the range of a sum held what came, and how far out the nearest and farthest were.

    Parameters
    ----------
    rows : columns origin, forecast, p10, p90, actual; of one target, region and `ahead`
    """
    held, out = figures.in_range(rows), figures.share_out(rows).set_axis(rows["origin"] + ahead)
    nearest, farthest = int(str(out.abs().idxmin())), int(str(out.abs().idxmax()))
    return (
        f"{years_ahead(ahead)}, {held.sum()} of {len(rows)} forecasts for {region} had in their range what came. "
        f"The nearest was {too_high_or_low(out[nearest])} ({census(nearest)}), the farthest "
        f"{too_high_or_low(out[farthest])} ({census(farthest)})."
    )


def too_high_or_low(out: float) -> str:
    """How far out a forecast was, and to which side: "5% too low".

    Parameters
    ----------
    out : as a share of what came, below 0 where the forecast was too low
    """
    share = percent(abs(out))
    return "right to within 1%" if share == "0%" else f"{share} too {'low' if out < 0 else 'high'}"


def size_reading(tables: BacktestTables, target: str) -> str:
    """How the error differs by size of authority at the longest reach."""
    errors = figures.by_size(tables.by_size, target, "wape")
    last = int(errors.columns.max())
    parts = [f"{percent(at(errors, size, last))} in {THIRDS[size]}" for size in SIZES]
    return f"{years_ahead(last)}, the number of {KINDS[target]} was out by {', '.join(parts)}."


def own_reading(about: About, stands: Standing | None, tables: BacktestTables, target: str) -> str:
    """How large this area is, and how far out forecasts for authorities of its size were."""
    if stands is None:
        return f"{about.name} is not among the authorities counted, so which third it is in is not known."
    errors = figures.by_size(tables.by_size, target, "wape")
    last = int(errors.columns.max())
    who = KINDS[target if target == targets.PLANS_5_15 else targets.PLANS]
    alike = "" if target in {targets.PLANS, targets.PLANS_5_15} else ", if it is so for this kind of place too,"
    return (
        f"{about.name} had {count(stands.plans)} {who} in {census(stands.year)}, more than {stands.fewer} of "
        f"{stands.authorities} authorities: it is in {THIRDS[stands.third]}. For that third{alike} "
        f"forecasts were out by {percent(at(errors, stands.third, last))} {years_ahead(last).lower()}."
    )
