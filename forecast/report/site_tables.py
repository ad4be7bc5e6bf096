"""Tables of where to build and what to fund: one line and one measure a row, numbers only.

Minutes are one way. Quantiles are over futures, of the sum that a row stands for.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.groups import Array
from forecast.decide.portfolio import Bundle
from forecast.decide.site import Plan
from forecast.decide.site_run import Candidates, Funded, Sited
from forecast.domain import PHASES
from forecast.places.sufficiency import QUANTILES, STATISTICS

ALL_PHASES: Final = "all phases"
MINUTES, LONG, OVER = "minutes", "minutes that 9 in 10 stay within", "share over the limit"
LONGEST, PLACED, WITHOUT = "longest journey", "children with a place", "children without a place"
MORE: Final = "children more than now without one of these places"
"""Measures of `journeys_table`. Shares are 0 to 1; a share, minutes and the longest are of the children placed.
`WITHOUT`: of kinds of place that the area lists; `MORE`: of the others, children more than at the latest census."""
CAPITAL, IN_ALL = "capital, once", "in all, a year"
"""Lines of `costs_table` beside those of `site.Tried.costs`."""


def site_tables(sited: Sited) -> Mapping[str, pd.DataFrame]:
    """Every table of a siting, by the name of its file."""
    return {"sites": sites_table(sited), "journeys": journeys_table(sited), "site_costs": costs_table(sited)}


def sites_table(sited: Sited) -> pd.DataFrame:
    """Where each plan builds, and the children there.

    Returns
    -------
    columns plan, site, district, provision, places, capital, mean, p10, p50, p80, p90
        `mean` and on: children taught there.
    """
    places, options, rows = sited.candidates.places, sited.candidates.options, []
    for name, plan in sited.plans.items():
        for option in plan.built:
            at = options.place[option]
            told = places.loc[at, ["site", "district", "provision"]].tolist()
            children = _whole(sited, _statistics(plan.tried.score.taught[:, at]))
            rows.append([name, *told, int(options.size[option]), options.capital[option], *children])
    columns = ["plan", "site", "district", "provision", "places", "capital", *STATISTICS]
    return pd.DataFrame(rows, columns=columns)


def journeys_table(sited: Sited) -> pd.DataFrame:
    """Journeys and places, plan by plan, with what there is anyway first.

    Returns
    -------
    columns plan, phase, limit, measure, mean, p10, p50, p80, p90
        `limit`: minutes one way that are too long in that phase. No rows of a phase without children.
    """
    rows = []
    for name, plan in sited.plans.items():
        for phase, limit, measure, values in _measures(sited, plan):
            if np.isfinite(values).any():
                told = _statistics(values)
                rows.append([name, phase, limit, measure, *(_whole(sited, told) if measure in _CHILDREN else told)])
    return pd.DataFrame(rows, columns=["plan", "phase", "limit", "measure", *STATISTICS])


def costs_table(sited: Sited) -> pd.DataFrame:
    """Pounds a year, but for capital; costs that every plan has alike are left out.

    Returns
    -------
    columns plan, item, mean, p10, p50, p80, p90
    """
    rows = []
    for name, plan in sited.plans.items():
        once = np.full(len(plan.tried.cost), plan.capital)
        for item, pounds in {CAPITAL: once, **plan.tried.costs, IN_ALL: plan.tried.cost}.items():
            rows.append([name, item, *_statistics(pounds)])
    return pd.DataFrame(rows, columns=["plan", "item", *STATISTICS])


def frontier_table(funded: Funded) -> pd.DataFrame:
    """What each sum of capital can do, from nothing built to all that helps, past the budget too.

    Returns
    -------
    columns step, capital, places, projects, short_p80, short_mean, chosen
        `projects`: "site: places", `;` between. `short`: children without a place, or more than now without one where
    the area lists none. `chosen`: what the budget buys.
    """
    best, rows = funded.best, []
    for step, bundle in enumerate(funded.portfolio.steps):
        left = (bundle.short, bundle.mean)
        if funded.projection.about.kind == "published":
            left = (float(round(bundle.short)), float(round(bundle.mean)))
        size = int(funded.candidates.options.size[bundle.built].sum())
        projects = "; ".join(f"{name}: {places}" for name, places in projects_of(bundle, funded.candidates))
        rows.append([step, bundle.capital, size, projects, *left, bundle is best])
    return pd.DataFrame(rows, columns=["step", "capital", "places", "projects", "short_p80", "short_mean", "chosen"])


def projects_of(built: Bundle | Plan, candidates: Candidates) -> list[tuple[str, int]]:
    """Name and places of each project that is built, the largest first."""
    options, names = candidates.options, candidates.names
    told = [(names[options.place[option]], int(options.size[option])) for option in built.built]
    return sorted(told, key=lambda each: (-each[1], each[0]))


_CHILDREN: Final = (PLACED, WITHOUT, MORE)


def _measures(sited: Sited, plan: Plan) -> list[tuple[str, float, str, Array]]:
    """Phase, its limit, measure, and values by draw."""
    score, found = plan.tried.score, []
    found.append((ALL_PHASES, np.nan, MINUTES, score.minutes))
    found.append((ALL_PHASES, np.nan, LONG, score.long))
    found.append((ALL_PHASES, np.nan, OVER, score.over_in_all))
    found.append((ALL_PHASES, np.nan, PLACED, score.placed.sum(axis=1)))
    more = sited.ground.only_more
    if sited.ground.listed:
        found.append((ALL_PHASES, np.nan, WITHOUT, score.left[:, ~more].sum(axis=1)))
    if sited.ground.assumed:
        found.append((ALL_PHASES, np.nan, MORE, score.left[:, more].sum(axis=1)))
    for at, phase in enumerate(PHASES):
        if not score.placed[:, at].any():
            continue
        limit = float(sited.travel.limits[phase])
        by_phase = {OVER: score.over, LONGEST: score.longest, PLACED: score.placed}
        found += [(phase.value, limit, measure, values[:, at]) for measure, values in by_phase.items()]
    return found


def _statistics(values: Array) -> list[float]:
    """Mean and quantiles over the futures that have a value."""
    known = values[np.isfinite(values)]
    return [float(known.mean()), *(float(quantile) for quantile in np.quantile(known, list(QUANTILES.values())))]


def _whole(sited: Sited, children: list[float]) -> list[float]:
    """Whole children where they are modelled from published figures."""
    return [float(round(each)) for each in children] if sited.projection.about.kind == "published" else children
