"""What a reader of the county's returns must find: counts taken from the lives themselves, not from the records."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import xarray as xr

from forecast.records.census import census_day
from forecast.records.synthetic.children import ARRIVE, START, Lives
from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.histories import Histories

TRANSFERRED = 5
"""Reason that a plan ceases: moved to another authority (data/reference/sen2_codes.csv)."""
_CELL = ["district", "need", "nc_year", "provision"]


@dataclass(frozen=True, eq=False)
class Truth:
    """A synthetic county: the rates it lives by, and what its records count to if they are read right."""

    rates: xr.Dataset
    """See `rates.true_rates`."""
    tables: dict[str, pd.DataFrame]
    """placements, flows, moves and funnel with the columns of an area folder, but for one whole `nc_year`;
    population as it is in the base folder."""
    planted: pd.DataFrame
    """fault (name), census, module, id: the records at fault on purpose; without rows where none were asked for."""


def counts(lives: Lives, past: Histories, censuses: Sequence[int]) -> dict[str, pd.DataFrame]:
    """Tables of the truth for the censuses written, moves from the second on."""
    born = lives.children[["district", "need", "came", "first", "last"]]
    states = lives.states.join(born, on="child")
    return {
        "placements": _counted(states[states["year"].isin(list(censuses))], ["year", *_CELL]),
        "flows": _flows(states.assign(reason=past.plans["reason"].loc[states["child"]].to_numpy()), censuses),
        "moves": _moves(states, list(censuses)[1:]),
        "funnel": pd.concat([_funnel(past, census) for census in censuses], ignore_index=True),
    }


def _counted(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    return rows.groupby(by).size().rename("children").reset_index()


def _flows(states: pd.DataFrame, censuses: Sequence[int]) -> pd.DataFrame:
    """Those who start or arrive, at the first January with a plan; those who cease or transfer, at the last."""
    new = states[(states["year"] == states["first"]) & states["came"].isin([START, ARRIVE])]
    last = states[states["year"] == states["last"]]
    last = last.assign(year=last["year"] + 1)
    parts = [
        new.assign(flow=new["came"].map({START: "start", ARRIVE: "arrive"})),
        last.assign(flow="cease"),
        last[last["reason"] == TRANSFERRED].assign(flow="transfer"),
    ]
    rows = pd.concat(parts)
    return _counted(rows[rows["year"].isin(list(censuses))], ["year", "flow", *_CELL])


def _moves(states: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Children with a plan at both Januaries, by where they are at each; year group at the first."""
    later = states[["child", "year", "provision"]].assign(year=states["year"] - 1)
    both = states.merge(later.rename(columns={"provision": "to"}), on=["child", "year"])
    both = both.assign(year=both["year"] + 1)
    return _counted(both[both["year"].isin(years)], ["year", *_CELL, "to"])


def _funnel(past: Histories, census: int) -> pd.DataFrame:
    """Requests of the county at each step in the year that ends on census day."""
    before, day = census_day(census - 1), census_day(census)
    asked = past.requests[past.requests["received"].notna()]
    start = past.plans["start"].reindex(asked.index)

    def within(dates: "pd.Series[pd.Timestamp]") -> "pd.Series[bool]":
        return (dates > before) & (dates <= day)

    open_ = (asked["received"] <= day) & ~(start <= day)
    decided, agreed, made = asked["decided"], asked["agreed"], asked["made"]
    steps = {
        "request": within(asked["received"]),
        "refused": ~agreed & within(decided),
        "assessment": agreed & within(decided),
        "no_plan": agreed & ~made & within(asked["assessed"]),
        "plan": made & within(start),
        "plan_of_backlog": made & within(start) & (asked["received"] <= before),
        "open_request": open_ & (decided > day),
        "open_assessment": open_ & agreed & (decided <= day) & (made | (asked["assessed"] > day)),
    }
    district = past.people["district"].loc[asked.index]
    counted = {step: district[rows].value_counts().reindex(list(NAMES), fill_value=0) for step, rows in steps.items()}
    table = pd.DataFrame(counted).rename_axis("district").reset_index()
    return table.melt("district", var_name="step", value_name="children").assign(year=census)
