"""Small worlds of authorities, as releases in memory and as panels: change them, then forecast them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from conftest import SHARED

from forecast.domain import ALL, NC_YEARS, NOT_RECORDED
from forecast.inputs import reference
from forecast.inputs.sen2 import Release, read_releases
from forecast.inputs.sen2_activity import BANDS
from forecast.series.build import Beside, build
from forecast.series.panel import Panel
from forecast.series.targets import BY_PROVISION, PARTS, PLANS, PLANS_5_15, SPECIAL_ALL

FLOWS = ("new_plans", "new_5_15", "new_under_5", "requests", "refused", "issued", "issued_in_20_weeks")
CODES = (*(str(code) for code in range(201, 206)), *(str(code) for code in range(801, 816)))
"""Twenty authorities, five of them in London."""
SHARES = {
    "mainstream": 0.4,
    "base": 0.06,
    "special": 0.36,
    "special_nonmaintained": 0.03,
    "independent": 0.07,
    "independent_mainstream": 0.02,
    "alternative": 0.03,
    "post16": 0.03,
}
BY_AGE = (0.05, 0.3, 0.35, 0.2, 0.1)
"""Shares of plans in each of `BANDS`."""


def panel(years, people=None, flows=None, **children):
    """A panel of the given figures: measure -> {unit: figures by year}; what is not given grows like plans."""
    plans = pd.DataFrame(children[PLANS], index=list(years), dtype=float)
    tables = dict.fromkeys((*BY_PROVISION, PLANS_5_15), plans * 0.1) | {PLANS: plans}
    tables |= {name: pd.DataFrame(table, index=plans.index, dtype=float) for name, table in children.items()}
    tables[SPECIAL_ALL] = sum(tables[part] for part in PARTS)
    moving = dict.fromkeys(FLOWS, plans * 0.1)
    moving |= {name: pd.DataFrame(table, index=plans.index, dtype=float) for name, table in (flows or {}).items()}
    each = pd.DataFrame(1000.0, index=plans.columns, columns=range(25))
    near = pd.DataFrame(1.0, index=plans.columns, columns=plans.columns) - np.eye(len(plans.columns))
    none = pd.DataFrame({"unit": [], "target": [], "year": [], "reason": []})
    return Panel(tables, moving, people or {years[0] - 1: each}, near, none)


def growing(first, rate, years):
    """Children who grow by the same share each year."""
    return first * np.exp(rate * np.arange(len(years)))


def world(codes=CODES, first=2010, last=2025, seed=1):
    """Release of `codes`, whose inflow says how they will grow, and the figures beside it.

    Plans by age of January 2023 are beside the release, as in the published ones.
    """
    rng = np.random.default_rng(seed)
    years = np.arange(first, last + 1)
    level = rng.normal(0, 0.2, len(codes))
    trend = np.where(years < 2015, 0.01, 0.1)
    steps = trend[:, None] + 0.03 * level + rng.normal(0, 0.02, (len(years), len(codes)))
    plans = np.round(np.exp(rng.normal(7, 0.5, len(codes)) + np.cumsum(steps, axis=0)))
    joining = np.round(plans * (0.12 + 0.1 * level + 0.3 * steps))
    stock, started = _by_band("plans", years, codes, plans), _by_band("starts", years, codes, joining)
    late = stock["year"].eq(2023)
    release = Release(
        placements=_placements(years, codes, plans, rng),
        flows=_tidy(years, codes, joining).assign(need=ALL, provision=ALL, flow="start", **_every_age()),
        activity=_activity(years[years >= 2015], codes, joining[years >= 2015]),
        bands=pd.concat([stock[~late], started], ignore_index=True),
        authorities=pd.DataFrame({"la_code": list(codes), "name": [f"Authority {code}" for code in codes]}),
        digest="",
    )
    near = {code: tuple(codes[(at + step) % len(codes)] for step in (1, 2, 3)) for at, code in enumerate(codes)}
    return release, Beside(_people(codes, rng), near, stock[late].reset_index(drop=True), {})


def _tidy(years, codes, figures, column="children"):
    index = pd.MultiIndex.from_product([years.tolist(), list(codes)], names=["year", "la_code"])
    return pd.DataFrame({column: figures.ravel()}, index=index).reset_index()


def _every_age():
    return {"nc_from": NC_YEARS[0], "nc_to": NC_YEARS[-1]}


def _placements(years, codes, plans, rng):
    own = np.array(list(SHARES.values())) * np.exp(rng.normal(0, 0.2, (len(codes), len(SHARES))))
    own = own / own.sum(axis=1, keepdims=True)
    tables = [_tidy(years, codes, plans).assign(provision=ALL)]
    tables += [
        _tidy(years, codes, np.round(0.99 * plans * own[:, at])).assign(provision=name)
        for at, name in enumerate(SHARES)
    ]
    placed = sum(table["children"] for table in tables[1:])
    tables.append(tables[0].assign(provision=NOT_RECORDED, children=tables[0]["children"] - placed))
    return pd.concat(tables, ignore_index=True).assign(need=ALL, **_every_age())


def _by_band(kind, years, codes, figures):
    shares = BY_AGE if kind == "plans" else (0.3, 0.4, 0.25, 0.05, 0.0)
    return pd.concat(
        [
            _tidy(years, codes, np.round(share * figures)).assign(kind=kind, age_from=band[0], age_to=band[1])
            for band, share in zip(BANDS, shares, strict=True)
        ],
        ignore_index=True,
    )


def _activity(years, codes, joining):
    parts = {"requests": 1.6, "refused": 0.4, "issued": 1.0, "issued_in_20_weeks": 0.6}
    return pd.concat(
        [
            _tidy(years, codes, np.round(part * joining), "figure").assign(measure=name)
            for name, part in parts.items()
            if name in {"requests", "refused"} or len(joining)
        ],
        ignore_index=True,
    )


def _people(codes, rng):
    mid_years, ages = np.arange(2017, 2025), np.arange(25)
    size = np.exp(rng.normal(7, 0.5, len(codes)))
    index = pd.MultiIndex.from_product([mid_years, list(codes), ages], names=["mid_year", "la_code", "age"])
    people = size[None, :, None] * (1 + 0.01 * (ages - 12)) * np.ones((len(mid_years), 1, 1))
    return pd.DataFrame({"people": np.round(people).astype(int).ravel()}, index=index).reset_index()


def reorganised(release, beside, codes, year):
    """The same world, but `codes` were one authority, 999, before `year`."""
    unit = "+".join(codes)

    def renamed(table, figure):
        old = table["la_code"].isin(codes) & (table["year"] < year)
        keys = [name for name in table.columns if name != figure]
        merged = table.assign(la_code=table["la_code"].mask(old, "999"))
        return merged.groupby(keys, as_index=False, sort=False)[figure].sum()[list(table.columns)]

    old = pd.DataFrame({"la_code": ["999"], "name": ["The old county"]})
    changed = replace(
        release,
        placements=renamed(release.placements, "children"),
        flows=renamed(release.flows, "children"),
        activity=renamed(release.activity, "figure"),
        bands=renamed(release.bands, "children"),
        authorities=pd.concat([release.authorities, old], ignore_index=True),
    )
    return changed, replace(beside, units=dict.fromkeys((*codes, "999"), unit))


@cache
def published():
    """The releases as published, and the figures that ship beside them."""
    release = read_releases([SHARED / "sen2_2022", SHARED / "sen2_2025"])
    people, near = reference.read_people(), reference.read_neighbours()
    return release, Beside(people, near, reference.read_plans_by_age(), reference.read_units())


@cache
def published_panel():
    """Panel of the releases as published."""
    return build(*published())
