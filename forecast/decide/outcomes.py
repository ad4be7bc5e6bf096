"""One figure that a decision hangs on: children, a rate, children short or pounds, at a January, as one number.

Of two scenarios it is the difference, taken future by future.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import xarray as xr

from forecast.decide.bill import bill, by_payer
from forecast.decide.measures import ALL_PAYERS, ALL_PLANS, RESIDENTS, Measure, measures
from forecast.domain import OWN, academic_year
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.about import About
from forecast.inputs.faults import choice, shown
from forecast.places.rates import SPECIAL_SCHOOLS
from forecast.projection import Projection
from forecast.scenario.spending import Payer
from forecast.scenario.written import january
from forecast.settings import Settings

LABEL: Final = "--of"
"""Where a fault of an outcome is said to be."""
FORMS: Final = ("children in special", "all plans", "special rate", "short of special", "short", "pounds")
"""An example of each kind of outcome, as help and faults show them."""
AHEAD: Final = 5
"""Years ahead that are asked about where no other is named."""
_WORDS: Final = re.compile(
    r"(?P<children>children in (?P<kind>.+))|(?P<plans>all plans|plans|children)|(?P<rate>special( school)? rate)"
    r"|(?P<short>short(age)?( of (?P<listed>.+))?)|(?P<pounds>pounds|costs?)(: ?| of )?(?P<payer>.*)"
)


@dataclass(frozen=True)
class Outcome:
    """A figure of a forecast, as one number."""

    measure: Measure
    of: tuple[str, ...]
    """Labels of the measure that are added up."""
    year: int
    """January."""
    futures: float | None = None
    """Share of futures that the number is not exceeded in; None for the mean of all."""

    def number(self, figure: xr.DataArray) -> float:
        """One number for all futures: (draw)."""
        values = figure.to_numpy()
        return float(values.mean() if self.futures is None else np.quantile(values, self.futures))


class NotKnown(ForecastError):
    """A figure that a scenario says nothing of."""

    def __init__(self, scenario: str, figure: str, kinds: Sequence[str]) -> None:
        of = f" ({', '.join(kinds)})" if kinds else ""
        super().__init__(
            f"The scenario {scenario!r} has no figure of this: {figure}{of}; ask for children in a kind of place "
            "instead, or for a kind of which every scenario that is asked about lists places."
        )


def figure_of(projection: Projection, outcome: Outcome) -> xr.DataArray:
    """The figure in every future: (draw).

    Who pays nothing pays 0; but who is short of a kind of place of which no school is listed is not known.

    Raises
    ------
    NoPrices
        Pounds are asked of a forecast that holds no prices.
    NotKnown
        The forecast has no such figure.
    """
    if outcome.measure is Measure.POUNDS:
        found = by_payer(bill(projection)).rename(payer="of")
    else:
        every = measures(projection)
        missing = _missing(every, outcome)
        if missing is not None:
            raise NotKnown(projection.scenario, outcome.measure.value, missing)
        found = every[outcome.measure]
    labels = [label for label in outcome.of if label in found["of"].to_numpy()]
    return found.sel(of=labels, year=outcome.year, drop=True).sum("of").astype(float)


def _missing(every: Mapping[Measure, xr.DataArray], outcome: Outcome) -> list[str] | None:
    """Labels of an outcome that a forecast has not, none of which is 0 for that; None where it has them all."""
    if outcome.measure not in every:
        return []
    has = set(every[outcome.measure]["of"].to_numpy().tolist())
    return [label for label in outcome.of if label not in has] or None


def read_outcome(written: str, about: About, listed: Sequence[str], year: int, futures: float | None = None) -> Outcome:
    """An outcome as a person writes it, such as "children in special".

    Parameters
    ----------
    written : as in `FORMS`
    about : of the area, for its kinds of place
    listed : labels of the kinds of place of which the area lists its own places
    year : January
    futures : share of futures, see `Outcome`

    Raises
    ------
    InputFaults
        What is wrong with it.
    """
    match = _WORDS.fullmatch(" ".join(written.split()).casefold())
    if match is None:
        raise _fault(f"{shown(written)} is no outcome", f"write one like these: {'; '.join(FORMS)}")
    if match["plans"]:
        return Outcome(Measure.CHILDREN, (ALL_PLANS,), year, futures)
    if match["rate"]:
        if not about.means(*SPECIAL_SCHOOLS):
            raise _fault("no kind of place of the area is a special school", "ask for children in a kind of place")
        return Outcome(Measure.RATE, (RESIDENTS,), year, futures)
    if match["children"]:
        return Outcome(Measure.CHILDREN, _kinds(about, match["kind"], list(about.provisions)), year, futures)
    if match["short"]:
        if not listed:
            remedy = 'ask for children instead ("children in special"), or add its schools to places.csv'
            raise _fault("the area lists no places of its own, so nobody can be called short", remedy)
        return Outcome(Measure.SHORT, _kinds(about, match["listed"], listed), year, futures)
    return Outcome(Measure.POUNDS, _payers(match["payer"]), year, futures)


def asked_january(written: str, census: int, settings: Settings) -> int:
    """The January that a command is asked about; see `read_january`.

    Parameters
    ----------
    census : the area's latest
    """
    now, first = settings.current_year, census + 1
    return read_january(written, range(first, max(now, census) + settings.horizon + 1), now)


def read_january(written: str, years: Sequence[int], now: int) -> int:
    """The January of a school year that is asked about; five years on, or the last one, where none is named.

    Parameters
    ----------
    written : such as "2031/32"; may be empty
    years : Januaries that are forecast, the latest census not among them
    now : January of the school year that counts as today's

    Raises
    ------
    InputFaults
        It is no school year, or not forecast.
    """
    if not written:
        return min(max(now, years[0]) + AHEAD, years[-1])
    reach = f"choose from {academic_year(years[0])} to {academic_year(years[-1])}"
    try:
        year = january(written)
    except ValueError as error:
        what, _, remedy = str(error).partition("; ")
        raise InputFaults([Fault("--year", 0, "", what, remedy)]) from error
    if year not in years:
        what = f"{shown(written)} is not forecast" if isinstance(year, int) else f"{shown(written)} is no school year"
        raise InputFaults([Fault("--year", 0, "", what, reach)])
    return int(str(year))


def listed_by(about: About, places: pd.DataFrame) -> tuple[str, ...]:
    """Kinds of place of which an area lists its own places, in the order of its labels.

    Parameters
    ----------
    places : columns of `schemas_places.Places`
    """
    own = set(places.loc[~places["assumed"].astype(bool), "provision"])
    return tuple(label for label in about.provisions if label in own)


def _kinds(about: About, name: str | None, among: Sequence[str]) -> tuple[str, ...]:
    """Labels of a kind of place, by a standard code or a label; all of them where none is named."""
    if name is None:
        return tuple(among)
    codes = {str(code) for code in about.provisions.values() if code != OWN}
    labels = [label for label in among if str(about.provisions[label]).casefold() == name]
    labels = labels or [label for label in among if label.casefold() == name]
    if not labels:
        raise _fault(f"no such kind of place is counted: {shown(name)}", choice(name, [*among, *codes]))
    return tuple(labels)


def _payers(name: str) -> tuple[str, ...]:
    every = [payer.value for payer in Payer]
    if not name or name == ALL_PAYERS:
        return tuple(every)
    if name not in every:
        raise _fault(f"nobody who pays is called {shown(name)}", choice(name, every))
    return (name,)


def _fault(what: str, remedy: str) -> InputFaults:
    return InputFaults([Fault(LABEL, 0, "", what, remedy)])
