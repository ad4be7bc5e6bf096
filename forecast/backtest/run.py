"""The whole backtest: this project's method and every rival, from every origin, on the same cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from forecast.backtest.ages import age_cells, age_scores
from forecast.backtest.cells import OURS, cells, our_cells, summed_cells
from forecast.backtest.decision import decisions
from forecast.backtest.markov import BANDS, cohort
from forecast.backtest.markov import TARGETS as OF_COHORT
from forecast.backtest.origins import FIRST_ORIGIN, Origin, origins
from forecast.backtest.rivals import rivals
from forecast.inputs.sen2 import Release
from forecast.series.build import Beside, build
from forecast.series.medians import Medians
from forecast.series.outlook import Outlook, central_of, origins_needed, outlook
from forecast.series.panel import Panel
from forecast.series.targets import LONGEST, PLANS, SPECIAL_STATE, TARGETS
from forecast.workers import Opener, Progress, in_parallel, quietly

COHORT = "constant-rate cohort"
"""Name of the rival that knows ages."""
_ALL_AGES = 20
"""A band this wide is every age."""
SLOW = ("damped ETS", "damped Holt", "AutoARIMA", "Theta")
"""Rivals that are fitted to each authority's series by search: they take part where a gate asks for them."""
WITH_SLOW = (PLANS, SPECIAL_STATE)


@dataclass(frozen=True)
class Backtest:
    """Every forecast beside its outcome."""

    cells: pd.DataFrame
    """Of authorities, this method's and the rivals': see `cells`."""
    summed: pd.DataFrame
    """Of England and its regions: see `cells.summed_cells`."""
    unfiltered: pd.DataFrame
    """Of this method and pooled growth, with no authority left out for placements not recorded."""
    decisions: pd.DataFrame
    """Regret of school sizes: see `decision.decisions`."""
    ages: pd.DataFrame
    """Cells by age and kind of place, one year on: see `ages.age_scores`."""
    left_out: pd.DataFrame
    """unit, target, year, reason."""


@dataclass(frozen=True)
class _Task:
    """One rival, one target, one origin."""

    origin: Origin
    target: str
    method: str


def backtest(release: Release, beside: Beside, opener: Opener | None = None, done: Progress = quietly) -> Backtest:
    """Forecast from every January since `origins.FIRST_ORIGIN` and set it beside what came."""
    panel = build(release, beside)
    whole = build(release, beside, most_not_recorded=1.0)
    regions = _regions(release, beside)
    januaries = list(origins_needed(panel.latest - 1, panel.first))
    tasks = [
        _Task(at, target, name)
        for at in origins(panel)
        for target in TARGETS
        for name in rivals(target)
        if name not in SLOW or target in WITH_SLOW
    ]
    of = 2 * len(januaries) + len(tasks)
    ours, counted = [], 0
    for figures in (panel, whole):
        work = partial(central_of, figures, panel.latest, LONGEST)
        found = in_parallel(work, januaries, opener, partial(_counted, done, counted, of))
        ours.append(_outlooks(figures, dict(zip(januaries, found, strict=True))))
        counted += len(januaries)
    theirs = in_parallel(_rival, tasks, opener, partial(_counted, done, counted, of))
    made, unfiltered = ours
    mine = [our_cells(at, made[at.year]) for at in origins(panel)]
    return Backtest(
        cells=_same(pd.concat([*mine, *theirs, *_cohort_cells(origins(panel), release, beside)], ignore_index=True)),
        summed=pd.concat([summed_cells(at, made[at.year], regions) for at in origins(panel)], ignore_index=True),
        unfiltered=pd.concat([_unfiltered(at, unfiltered[at.year]) for at in origins(whole)], ignore_index=True),
        decisions=decisions([(at, made[at.year]) for at in origins(panel)]),
        ages=age_scores(age_cells(release, beside)),
        left_out=panel.left_out,
    )


def _counted(done: Progress, before: int, of: int, finished: int, _: int) -> None:
    """Tell `done` how many of all parts are finished, `before` and now."""
    done(before + finished, of)


def _same(cells: pd.DataFrame) -> pd.DataFrame:
    """Every method on the same cells: without methods that an origin did not admit, and then cells that one lacks."""
    made = cells.groupby(["target", "method", "origin"])["forecast"].transform("count") > 0
    kept = cells[made]
    whole = kept.groupby(["target", "origin", "ahead", "unit"])["forecast"].transform(lambda f: f.notna().all())
    return kept[whole].reset_index(drop=True)


def _outlooks(panel: Panel, found: Mapping[int, Medians]) -> dict[int, Outlook]:
    """The forecast from every origin, each with ranges from those before it."""
    return {year: outlook(panel, year, found) for year in found if year >= FIRST_ORIGIN}


def _rival(task: _Task) -> pd.DataFrame:
    """Rows of one rival."""
    past = task.origin.past.children[task.target]
    forecast = rivals(task.target)[task.method](past, task.origin.horizons)
    return cells(task.origin, task.target, task.method, forecast)


def _cohort_cells(every: Sequence[Origin], release: Release, beside: Beside) -> list[pd.DataFrame]:
    """Rows of the cohort with constant rates."""
    known = pd.concat([beside.plans_by_age, release.bands]).drop_duplicates(
        ["la_code", "year", "kind", "age_from"], keep="last"
    )
    stock, starts = (_by_band(known, kind, beside.units) for kind in ("plans", "starts"))
    tables = []
    for origin in every:
        held, new = (table[table.index.get_level_values("year") <= origin.year] for table in (stock, starts))
        for target in OF_COHORT:
            forecast = cohort(held, new, origin.horizons, target)
            tables.append(cells(origin, target, COHORT, forecast))
    return tables


def _by_band(bands: pd.DataFrame, kind: str, units: Mapping[str, str]) -> pd.DataFrame:
    """Children by (year, band) and unit."""
    rows = bands[bands["kind"].eq(kind) & bands["la_code"].str.fullmatch(r"\d{3}")]
    first = {age: band for band, age in zip(BANDS, (0, 5, 11, 16, 20), strict=True)}
    named = rows.assign(unit=rows["la_code"].replace(dict(units)), band=rows["age_from"].map(first))
    whole = named[named["age_to"] - named["age_from"] < _ALL_AGES]
    return whole.pivot_table(index=["year", "band"], columns="unit", values="children", aggfunc="sum")


def _unfiltered(origin: Origin, made: Outlook) -> pd.DataFrame:
    """Rows of this method and of pooled growth where nothing is left out."""
    tables: list[pd.DataFrame] = []
    for target in TARGETS:
        pooled = rivals(target)["pooled growth"](origin.past.children[target], origin.horizons)
        tables += [cells(origin, target, OURS, made.median[target]), cells(origin, target, "pooled growth", pooled)]
    return pd.concat(tables, ignore_index=True)


def _regions(release: Release, beside: Beside) -> "pd.Series[str]":
    """Region of each unit, as last published."""
    table = release.authorities.assign(unit=release.authorities["la_code"].replace(dict(beside.units)))
    return table.drop_duplicates("unit", keep="last").set_index("unit")["region"]
