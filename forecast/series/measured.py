"""What every authority did in the last years, counted from the releases: the table of `inputs.measures`.

Authorities are those of today; before they were formed they have no row, nor have those that are no more.
"""

from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, ALL, FIRST_POST16_YEAR, NOT_RECORDED, Provision
from forecast.inputs.measures import COLUMNS
from forecast.inputs.rows import every_age
from forecast.inputs.sen2 import Release
from forecast.model.people import authorities_residents
from forecast.series.build import Beside

JANUARIES: Final = 7
"""Censuses that are kept, the latest last: six years of change."""
KINDS: Final[Mapping[str, tuple[Provision, ...]]] = {
    "mainstream": (Provision.MAINSTREAM, Provision.INDEPENDENT_MAINSTREAM),
    "base": (Provision.BASE,),
    "special": (Provision.SPECIAL, Provision.SPECIAL_NONMAINTAINED),
    "independent": (Provision.INDEPENDENT,),
}
"""Column -> kinds of place that it counts; `special` as in `places.rates.SPECIAL_SCHOOLS`."""
AGES: Final[Mapping[str, range]] = {
    "residents_0_24": range(25),
    "residents_4_17": range(4, 18),
    "residents_5_15": range(5, 16),
}
"""Column -> ages that it counts."""
HERE: Final = "here"
"""Stands in `la_code` of an area's own counts, where an authority has its number."""
_ACTIVITY: Final = ("requests", "moved_to_special")
_KEY: Final = ["la_code", "year"]


def measured(release: Release, beside: Beside) -> pd.DataFrame:
    """Columns of `inputs.measures.Measured`: whole numbers as published, missing where they were not.

    Parameters
    ----------
    beside : for residents, and for plans by age where no release has them
    """
    last = int(release.placements["year"].max())
    years = range(last - JANUARIES + 1, last + 1)
    residents = _residents(beside.people, years)
    rows = release.placements
    stock = _by_kind(rows[rows["need"].eq(ALL) & every_age(rows)], "plans", "placed", "")
    flows = release.flows
    started = flows[flows["flow"].eq("start") & flows["need"].eq(ALL) & every_age(flows)]
    columns = [
        residents,
        stock,
        _plans_by_age(pd.concat([beside.plans_by_age, release.bands])),
        _by_kind(started, "new_plans", "new_placed", "new_"),
        _ceased(flows[flows["need"].eq(ALL) & flows["provision"].eq(ALL)]),
        release.activity.pivot_table(index=_KEY, columns="measure", values="figure").reindex(columns=list(_ACTIVITY)),
    ]
    table = pd.concat([part.reindex(residents.index) for part in columns], axis=1).dropna(subset=["plans"])
    return table.sort_index().reset_index().reindex(columns=list(COLUMNS))


def _residents(people: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """Residents at each January, the last estimate dated before it aged on: index la_code and year.

    Of a January before every estimate there are none.
    """
    first = int(people["mid_year"].min())
    found = []
    for year in years:
        if year > first:
            table = authorities_residents(people, year)
            by_age = {
                column: table[[age - AGE_AT_RECEPTION for age in ages]].sum(axis=1) for column, ages in AGES.items()
            }
            found.append(pd.DataFrame(by_age).round().assign(year=year).set_index("year", append=True))
    return pd.concat(found).rename_axis(_KEY)


def _by_kind(rows: pd.DataFrame, total: str, placed: str, prefix: str) -> pd.DataFrame:
    """Children in all, with a recorded placement, and in each of `KINDS`: index la_code and year.

    A sum of placements beyond the total is no authority's own, and no figure.
    """
    table = rows.pivot_table(index=_KEY, columns="provision", values="children", aggfunc="sum")
    recorded = table.drop(columns=[ALL, NOT_RECORDED], errors="ignore")
    known = recorded.sum(axis=1, min_count=1)
    sound = known <= table[ALL]
    kinds = {
        prefix + column: recorded.reindex(columns=list(kinds)).sum(axis=1, min_count=1).where(sound)
        for column, kinds in KINDS.items()
    }
    return pd.DataFrame({total: table[ALL], placed: known.where(sound), **kinds})


def _plans_by_age(bands: pd.DataFrame) -> pd.DataFrame:
    """Plans at school age and after it: index la_code and year."""
    rows = bands[bands["kind"].eq("plans")].drop_duplicates([*_KEY, "age_from"], keep="last")
    table = rows.pivot_table(index=_KEY, columns="age_from", values="children")
    return pd.DataFrame(
        {
            "plans_5_15": table[[5, 11]].sum(axis=1, min_count=2),
            "plans_16_24": table[[16, 20]].sum(axis=1, min_count=2),
        }
    )


def _ceased(rows: pd.DataFrame) -> pd.DataFrame:
    """Plans that ended, at every age and from 16 on, and those that went elsewhere: index la_code and year."""
    whole, old = every_age(rows), rows["nc_from"].ge(FIRST_POST16_YEAR)
    ceased, moved, ceased_16, moved_16 = (
        rows[rows["flow"].eq(flow) & ages].groupby(_KEY)["children"].sum()
        for ages in (whole, old & ~whole)
        for flow in ("cease", "transfer")
    )
    moved_16 = moved_16.reindex(moved.index).where(moved.ne(0), 0.0)
    ended_16 = ceased_16 - moved_16.reindex(ceased_16.index)
    return pd.DataFrame({"ended": ceased - moved, "ended_16": ended_16, "moved_out": moved})
