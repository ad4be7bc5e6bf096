"""What past forecasts cannot tell, what each simple rule assumes, and where the figures come from, in sentences."""

from collections.abc import Iterator, Mapping
from typing import Final

from forecast.domain import academic_year
from forecast.inputs.about import About
from forecast.inputs.backtest_tables import COMMAND, FOLDER, BacktestTables
from forecast.projection import TOLD_BY_DATA
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.phrases import census
from forecast.scenario.worlds import World
from forecast.views import trust_figures as figures
from forecast.views.trust_words import method_name, years_ahead

MEANINGS: Final[Mapping[str, str]] = {
    "pooled growth": "the latest census, grown as all England grew in the last three years, a little less each year.",
    "own growth": "the authority's own growth of the last three years, in per cent, goes on.",
    "drift": "each year as many more children as on average in the last five.",
    "naive": "as many as at the latest census.",
    "constant-rate cohort": "children grow older; plans start and end as they did in the last year.",
    "AutoARIMA": "a program of statistics that picks the best of many ways to continue a row of numbers.",
    "Theta": "a program of statistics that averages a straight line and a smoothed level.",
    "damped ETS": "a program of statistics that smooths level and trend, the trend dying away.",
    "damped Holt": "the same kind of smoothing by another program.",
}
"""What each method but this program's assumes: `backtest.rivals.SAYS`, in plainer words."""
KNOWN_TO: Final = 2025
"""Last January whose figures were known to those who planned the method: METHOD section 5."""
FIRST_RESIDENTS: Final = 2017
"""Mid-year of the first estimate of residents by authority that ships."""


def meanings(tables: BacktestTables, target: str) -> dict[str, str]:
    """Plain name of each method that was tried beside this one -> what it assumes."""
    tried = figures.errors(tables.scores, target).index
    return {method_name(method): says for method, says in MEANINGS.items() if method in tried}


def how_counted(tables: BacktestTables, target: str) -> Iterator[str]:
    """How a past forecast was made and how its error is counted."""
    rows = figures.of_ours(tables.scores, target)
    far = int(rows["ahead"].max())
    yield (
        f"Forecasts were made again as if in each January from {rows['origin'].min()} to {rows['origin'].max()}, with "
        f"what was known then, and set beside what came: {rows['authorities'].sum():,} comparisons, each of one "
        "authority, one January and one number of years ahead."
    )
    yield (
        f"Three exceptions: residents before {FIRST_RESIDENTS + 1} are those of mid-{FIRST_RESIDENTS}, the first "
        "estimate that this program has; an authority's statistical neighbours are those of 2025; and figures are as "
        "they are published now, with later corrections."
    )
    yield (
        '"Out by" is the errors of all authorities added up, too high or too low alike, as a share of the children '
        "who came; then the average over the Januaries forecast from."
    )
    yield (
        f"Authorities err together, so what counts is the number of Januaries: {years_ahead(far).lower()} there are "
        f"only {rows['ahead'].eq(far).sum()}, and luck plays a part in what they show."
    )


def limits(about: About) -> Iterator[str]:
    """What no figure on the page says anything about."""
    worlds = ", ".join(f'"{world.words}"' for world in World)
    yield (
        "What was tried out are an authority's totals: all plans, and each kind of place. Not tested: needs and "
        "districts. Hardly tested: ages by kind of place, published for two Januaries only. No published figures go "
        "back far enough to test these, so trust them less than the totals."
    )
    yield (
        f"{about.name}'s own forecast is led by these totals for the first {TOLD_BY_DATA} years after "
        f"{census(about.latest_census)}. What it makes of other figures that a council may add was not tested."
    )
    yield "What a scenario or a new school would change was not tested: nobody sees what would have come without it."
    yield (
        "A change of law, or of how plans are counted, that has not come yet is in no past figure. A range from past "
        "errors does not cover it."
    )
    yield (
        f"After {academic_year(about.latest_census + TOLD_BY_DATA)} no forecast was tested. Figures for later years "
        f"stand in a named world ({worlds}): they say what would follow, and not how likely it is."
    )
    yield (
        f"The method was planned with the figures to {census(KNOWN_TO)} in view. Only a census published since is a "
        "test that it could not have been made to fit."
    )


def sources(tables: BacktestTables) -> Iterator[str]:
    """Where every figure on the page comes from."""
    last = int((tables.scores["origin"] + tables.scores["ahead"]).max())
    yield (
        f"Children: DfE, Education, health and care plans, censuses to {census(last)}. Authorities whose boundaries "
        "changed are followed as one; one with more than a tenth of its placements not recorded is left out of kinds "
        "of place for that January."
    )
    yield "Residents: ONS, Mid-year population estimates."
    yield "How large each authority is: DfE, SEND and alternative provision dashboard."
    yield (
        f"Every error and share on this page is in the files of models/england/{FOLDER}. To make them again: "
        f'"{COMMAND}", FOLDER being where the releases of DfE are.'
    )
    yield OPEN_LICENCE
