"""What a run of constant rates was given: its input files, and the rates that its counts are."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.axes import PHASE_OF
from forecast.domain import PHASES
from forecast.inputs.area import Area
from forecast.model.constant_counts import Seen
from forecast.model.people import residents
from forecast.model.raking import Array
from forecast.pipeline_constant import area_seen
from forecast.report.run_record import BEGUN, CEASED, CEASED_BY_KIND, HELD, MOVED, PLACED, RATES, inputs_table
from forecast.report.tables import TOTALS

_PHASES: Final = [*(phase.value for phase in PHASES), TOTALS["phase"]]


def constant_record_tables(area: Area) -> Mapping[str, pd.DataFrame]:
    """Tables `inputs` and `rates` of a run, as `run_record.record_tables` has them, for constant rates.

    Raises
    ------
    AreaChanged, NotCounted
        A file was changed since it was read; the area lacks the counts.
    """
    people = residents(area.population, area.about.district_names, [area.about.latest_census])
    at_age = people.sum(["year", "district"]).to_numpy()
    return {
        "inputs": inputs_table(area),
        "rates": constant_rates_table(area_seen(area), at_age, list(area.about.provisions)),
    }


def constant_rates_table(counted: Seen, people: Array, provisions: Sequence[str]) -> pd.DataFrame:
    """Rates that were counted: columns rate, of, unit, value, as in `run_record.rates_table`.

    Parameters
    ----------
    people : (nc_year)
        Residents at the latest census.
    """
    kinds = list(provisions)
    stock, kept = counted.stock.sum(axis=0), counted.moved.sum(axis=2)
    seen = kept + counted.ceased
    own = np.arange(len(kept))
    same = own[:, None] % len(kinds) == own % len(kinds)
    moved = (counted.moved * ~same[:, None, :]).sum(axis=2)
    joined = counted.joined
    parts = [
        _rate(HELD, _PHASES, _phases(stock), _phases(people[None]), 1000),
        _rate(BEGUN, _PHASES, _phases(joined), _phases(counted.residents[None]), 1000),
        _rate(CEASED, _PHASES, _phases(counted.ceased), _phases(seen), 100),
        _rate(CEASED_BY_KIND, kinds, _kinds(counted.ceased, kinds), _kinds(seen, kinds), 100),
        _rate(PLACED, kinds, _kinds(joined, kinds), np.full(len(kinds), joined.sum()), 100),
        _rate(MOVED, kinds, _kinds(moved, kinds), _kinds(kept, kinds), 100),
    ]
    return pd.concat(parts, ignore_index=True)


def _phases(children: Array) -> Array:
    """Of each phase, and of all: (state, nc_year) added up."""
    sums = np.bincount(PHASE_OF, weights=children.sum(axis=0), minlength=len(PHASES))
    return np.append(sums, sums.sum())


def _kinds(children: Array, provisions: Sequence[str]) -> Array:
    """Of each kind of place: (state, nc_year) added up."""
    return np.asarray(children.sum(axis=1).reshape(-1, len(provisions)).sum(axis=0))


def _rate(rate: str, of: Sequence[str], part: Array, whole: Array, per: int) -> pd.DataFrame:
    """Rows of one rate; a rate of nobody has none."""
    known = whole > 0
    value = per * part[known] / whole[known]
    return pd.DataFrame({"rate": rate, "of": np.array(of)[known], "unit": RATES[rate], "value": value})
