"""Who has a plan on a day, and where they are taught: one row a child.

A plan is in force from its start (or for ever before, where it has none) until the day before it ceases, as the checks
have it; a placement from the day of entry to the day of leaving. Rules where the return says more than one thing:

- a child with several plans in force counts once, by the one with the latest start, and the later record of two;
- of several placements in force, the one under that plan's request counts before others of the child, then the one of
  lower rank, then the later entry, then the later record; so a second placement counts only where there is no first;
- a child with none in force, or in a place of unknown kind, is `not_recorded`.
"""

import pandas as pd

from forecast.domain import NC_YEARS, NOT_RECORDED
from forecast.records.census import attending, in_force
from forecast.records.establishments import Establishments
from forecast.records.labels import Labels, placed_in
from forecast.records.linked import Linked


def holders(plans: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The plan of each child who has one on `day`, indexed by child; `several` says whether there were more."""
    open_ = plans[in_force(plans["start"], plans["cease"], day)].reset_index(names="record")
    ranked = open_.sort_values(["start", "record"], ascending=False, na_position="last", kind="stable")
    twice = open_["child"].value_counts().gt(1)
    held = ranked.drop_duplicates("child").set_index("child").sort_index()
    return held.drop(columns="record").assign(several=twice.reindex(held.index))


def attended(placements: pd.DataFrame, held: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The placement that counts for each child of `held` on `day`, indexed by child.

    Returns
    -------
    Columns of `placements`, and `firsts`: how many at rank 1 the child has under the plan on that day.
    """
    open_ = placements[attending(placements["entry"], placements["leaving"], day)]
    open_ = open_[open_["child"].isin(held.index)].reset_index(names="record")
    own = open_["request"].eq(open_["child"].map(held["request"]))
    ranked = open_.assign(other=~own, rank=open_["rank"].astype(float)).sort_values(
        ["other", "rank", "entry", "record"], ascending=[True, True, False, False], na_position="last", kind="stable"
    )
    first = ranked.drop_duplicates("child").set_index("child").sort_index()
    firsts = ranked[ranked["rank"].eq(1) & ~ranked["other"]]["child"].value_counts()
    return first.drop(columns=["other", "record"]).assign(firsts=firsts.reindex(first.index).fillna(0).astype(int))


def stock_on(
    day: pd.Timestamp, linked: Linked, children: pd.DataFrame, establishments: Establishments, labels: Labels
) -> pd.DataFrame:
    """Children with a plan on `day`.

    Parameters
    ----------
    children : as `Linked.children`, nothing missing; year groups on that day, here held within -4 to 20

    Returns
    -------
    Indexed by child: district, need, nc_year, provision (labels); start, transferred, of the plan; several, firsts,
    rank, placed (whether there is a placement), known, given, odd_base: what the summary counts.
    """
    held = holders(linked.plans, day)
    nc_years = children["nc_year"].clip(NC_YEARS[0], NC_YEARS[-1])
    where = attended(linked.placements, held, day)
    kinds = placed_in(where, establishments, nc_years.reindex(where.index), labels)
    kinds = kinds.assign(rank=where["rank"], firsts=where["firsts"])
    flags = kinds[["known", "given", "odd_base"]].reindex(held.index, fill_value=False)
    needs = {**labels.needs, NOT_RECORDED: NOT_RECORDED}
    return pd.DataFrame(
        {
            "district": children["district"].reindex(held.index),
            "need": held["need"].map(needs),
            "nc_year": nc_years.reindex(held.index).astype(int),
            "provision": kinds["provision"].reindex(held.index).fillna(NOT_RECORDED),
            "start": held["start"],
            "transferred": held["transferred"],
            "several": held["several"],
            "placed": held.index.isin(where.index),
            "rank": kinds["rank"].reindex(held.index),
            "firsts": kinds["firsts"].reindex(held.index).fillna(0).astype(int),
            **{name: flags[name] for name in flags},
        }
    )
