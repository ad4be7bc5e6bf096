"""What the county's records would say of each child: dates of requests and plans, and placements school by school."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.domain import FIRST_POST16_YEAR
from forecast.records.synthetic.children import ARRIVE, START, STOCK, Lives
from forecast.records.synthetic.days import NO_DAY, Array, Days, between, born, census_days, new_year, september
from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.rates import PROVISIONS
from forecast.records.synthetic.schools import attended

PHASE_ENDS: Final = (-1, 6, 11, 13)
"""Year groups after which most placements change, on the first of September."""
LONGEST_WAIT: Final = 330
"""Days from a request to its plan."""
REFUSED: Final = 1 - 0.654
"""Share of requests that are not assessed (England, 2024: DfE, Education, health and care plans, 2025)."""
NO_PLAN: Final = 1 - 0.936
"""Share of assessments that end without a plan (likewise)."""
_DECISION: Final = (14, 56)
"""Days from a request to the decision to assess: most within the six weeks that the law allows."""
_REASONS_UNDER_16: Final = {2: 0.45, 7: 0.25, 8: 0.05, 9: 0.25}
_REASONS_AFTER: Final = {2: 0.35, 3: 0.15, 4: 0.20, 6: 0.20, 7: 0.02, 8: 0.01, 9: 0.07}
"""Reasons that plans cease, transfers apart: judgement."""


@dataclass(frozen=True, eq=False)
class Histories:
    """Every child, plan, placement and request of the years lived."""

    people: pd.DataFrame
    """By child: born, sex, district; children without a plan too."""
    plans: pd.DataFrame
    """By child: need, came, first, start, cease (not a time if it goes on), reason (0 if it goes on)."""
    spells: pd.DataFrame
    """child, provision, school (row of `places`, or a setting: see `schools.attended`), entry, leaving."""
    requests: pd.DataFrame
    """By child: received, decided, agreed (whether to assess), assessed, made (whether a plan); for plans that
    arrived or were there before, only the dates that the county would know."""


def histories(lives: Lives, rates: xr.Dataset, places: pd.DataFrame, seed: int) -> Histories:
    """Give every life its dates and schools.

    Parameters
    ----------
    lives : up to the last year of `rates`, in which no plan is known to cease any more
    rates : transfer (nc_year)
    places : from `schools.schools`
    seed : says when things happen
    """
    rng = np.random.default_rng([seed, 3])
    plans = _plans(rng, lives, rates)
    asked = _requests(rng, plans)
    others = _without_plan(rng, plans, asked)
    people = pd.concat([plans[["born", "district"]], others[["born", "district"]]])
    return Histories(
        people.assign(sex=np.where(rng.random(len(people)) < 0.72, "M", "F")),  # noqa: PLR2004 - England's boys
        plans.drop(columns=["born", "district"]),
        _spells(rng, lives, plans, places),
        pd.concat([asked, others[list(asked)]]),
    )


def _plans(rng: np.random.Generator, lives: Lives, rates: xr.Dataset) -> pd.DataFrame:
    """By child: district, need, came, first, born, start, cease, reason."""
    children = lives.children
    first, last = children["first"].to_numpy(), children["last"].to_numpy()
    nc_first = children["nc_first"].to_numpy()
    birthday = born(nc_first, first, rng.random(len(children)))
    day, luck = census_days(first), rng.random(len(children))
    came = children["came"].to_numpy()
    within = between(census_days(first - 1), day, luck)
    years_before = np.minimum((luck * np.maximum(nc_first + 2, 1)).astype(int), 12)
    before = np.maximum(day - 365 * years_before - (365 * luck).astype(int) - 1, birthday + 200)
    start = np.where(came == START, within, np.minimum(before, census_days(first - 1) - (luck * 60).astype(int)))
    start = np.where(came == STOCK, np.minimum(before, day - 1), start)
    ended = last < int(rates["year"].max())
    nc_last = nc_first + (last - first)
    cease, reason = _ends(rng, nc_last, last, rates["transfer"].sel(nc_year=nc_last).to_numpy())
    return children[["district", "need", "came", "first"]].assign(
        born=birthday, start=start, cease=np.where(ended, cease, NO_DAY), reason=np.where(ended, reason, 0)
    )


def _ends(rng: np.random.Generator, nc_year: Array, last: Array, transfer: Array) -> tuple[Days, Array]:
    """Day and reason of each plan's end, after the census of `last`; most of the older end with the summer term."""
    luck, why = rng.random(len(last)), rng.random(len(last))
    older = nc_year >= FIRST_POST16_YEAR
    cease = between(census_days(last), census_days(last + 1), luck)
    summer = between(september(last) - 50, september(last) - 1, luck)
    cease = np.where(older & (why < 0.8), summer, cease)  # noqa: PLR2004 - judgement
    moved = rng.random(len(last)) < transfer
    reasons = np.where(older, _chosen(rng, _REASONS_AFTER, len(last)), _chosen(rng, _REASONS_UNDER_16, len(last)))
    reasons = np.where(nc_year == 20, 1, reasons)  # noqa: PLR2004 - the last year group
    return cease, np.where(moved & (nc_year < 20), 5, reasons)  # noqa: PLR2004 - transferred


def _chosen(rng: np.random.Generator, shares: dict[int, float], size: int) -> Array:
    codes = np.array(list(shares))
    bounds = np.cumsum(list(shares.values()))[:-1]
    return codes[np.searchsorted(bounds, rng.random(size))]


def _requests(rng: np.random.Generator, plans: pd.DataFrame) -> pd.DataFrame:
    """The chain behind each plan: received, decided, agreed, assessed, made."""
    start = plans["start"].to_numpy().astype("datetime64[D]")
    wait = np.minimum(90 + rng.gamma(3.0, 25.0, len(plans)).astype(int), LONGEST_WAIT)
    received = start - wait
    decided = received + rng.integers(*_DECISION, len(plans))
    assessed = start - rng.integers(7, 30, len(plans))
    here = plans["came"].to_numpy() != ARRIVE
    blank = np.full(len(plans), NO_DAY)
    return pd.DataFrame(
        {
            "received": np.where(here, received, blank),
            "decided": np.where(here, decided, blank),
            "agreed": True,
            "assessed": np.where(here, assessed, blank),
            "made": True,
        },
        index=plans.index,
    )


def _without_plan(rng: np.random.Generator, plans: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Other children, much like those who got a plan, whose request was refused or whose assessment ended in none."""
    started = plans.index[plans["came"] == START].to_numpy()
    assessments = len(started) / (1 - NO_PLAN)
    refused = rng.poisson(assessments / (1 - REFUSED) * REFUSED)
    ended = rng.poisson(assessments * NO_PLAN)
    like = rng.choice(started, refused + ended) if len(started) else np.empty(0, dtype=int)
    shift = rng.integers(-60, 61, len(like))
    table = asked.loc[like].assign(agreed=np.arange(len(like)) >= refused, made=False)
    for name in ("received", "decided", "assessed"):
        table[name] = table[name].to_numpy() + shift.astype("timedelta64[D]")
    table["assessed"] = table["assessed"].where(table["agreed"], NO_DAY)
    of = plans.loc[like]
    birthday = of["born"].to_numpy().astype("datetime64[D]") + rng.integers(-25, 26, len(like))
    table = table.assign(born=birthday, district=of["district"].to_numpy())
    table.index = pd.RangeIndex(len(plans), len(plans) + len(table), name="child")
    return table


def _spells(rng: np.random.Generator, lives: Lives, plans: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Placements from one school to the next, each child's in order."""
    states = lives.states
    child, year, nc_year = (states[name].to_numpy() for name in ("child", "year", "nc_year"))
    provision = pd.Index(list(PROVISIONS)).get_indexer(pd.Index(states["provision"]))
    district = pd.Index(NAMES).get_indexer(pd.Index(plans["district"].loc[child]))
    luck = rng.random(len(plans))[child]
    school = attended(places, provision, district, nc_year, luck)
    first = np.r_[True, child[1:] != child[:-1]]
    new = first | np.r_[True, (school[1:] != school[:-1]) | (provision[1:] != provision[:-1])]
    term = np.isin(nc_year - 1, PHASE_ENDS) | (provision == 0)
    moved = np.where(
        term, september(year - 1), between(census_days(year - 1), new_year(year) - 1, rng.random(len(states)))
    )
    start = plans["start"].to_numpy().astype("datetime64[D]")[child]
    arrived = between(census_days(year - 1), new_year(year) - 1, luck)
    brought = plans["came"].to_numpy()[child] == ARRIVE
    entry = np.where(first, np.where(brought, arrived, start), moved)
    spells = pd.DataFrame(
        {"child": child, "provision": states["provision"], "school": school, "entry": entry, "new": new}
    )[new]
    follows = np.r_[spells["child"].to_numpy()[1:] == spells["child"].to_numpy()[:-1], False]
    after = np.r_[spells["entry"].to_numpy()[1:].astype("datetime64[D]"), NO_DAY] - 1
    ends = plans["cease"].to_numpy().astype("datetime64[D]")[spells["child"]] - 1
    return spells.drop(columns="new").assign(leaving=np.where(follows, after, ends)).reset_index(drop=True)
