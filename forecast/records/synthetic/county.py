"""A whole invented county in memory: its rates, residents, schools, and the lives of its children."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from forecast.records.synthetic.children import Array, Lives, expected, live
from forecast.records.synthetic.histories import Histories, histories
from forecast.records.synthetic.people import FIRST_YEAR, LAST_YEAR, population, residents
from forecast.records.synthetic.rates import true_rates
from forecast.records.synthetic.schools import schools


@dataclass(frozen=True, eq=False)
class County:
    """Everything there is to know of the county."""

    censuses: range
    rates: xr.Dataset
    """See `rates.true_rates`; of a year beyond the last census too, whose requests are waiting at it."""
    people: pd.DataFrame
    """population.csv."""
    places: pd.DataFrame
    """See `schools.schools`."""
    lives: Lives
    """From the January before the first census to the one after the last."""
    past: Histories

    @property
    def stock_before(self) -> "pd.Series[int]":
        """Children with a plan in the January before the first census, by provision."""
        states = self.lives.states
        return states[states["year"] == self.censuses[0] - 1].groupby("provision").size()

    @property
    def children_now(self) -> pd.DataFrame:
        """Children with a plan at the latest census: district, need, nc_year, provision, children."""
        states = self.lives.states
        here = states[states["year"] == self.censuses[-1]].join(self.lives.children[["district", "need"]], on="child")
        return here.groupby(["district", "need", "nc_year", "provision"]).size().rename("children").reset_index()


def made_county(england: xr.Dataset, seed: int, plans: int, censuses: range) -> County:
    """Invent a county.

    Parameters
    ----------
    england : the model that ships, whose rates are the starting shape
    seed : the same seed gives the same county
    plans : children with a plan to be expected at the last census
    censuses : Januaries, one after another
    """
    rates = true_rates(seed, england, range(censuses[0], censuses[-1] + 2))
    years, people = _people(england, rates, plans, censuses)
    lives = live(rates, _at_januaries(years, people, censuses), seed)
    places = schools()
    return County(
        censuses=censuses,
        rates=rates,
        people=population(years, people, censuses[-1] - 1),
        places=places,
        lives=lives,
        past=histories(lives, rates, places, seed),
    )


def _people(england: xr.Dataset, rates: xr.Dataset, plans: int, censuses: range) -> tuple[list[int], Array]:
    """Mid-years and whole residents (mid_year, district, age), so many that `plans` are to be expected at the last."""
    first, last = censuses[0], censuses[-1]
    years = list(range(min(FIRST_YEAR, first - 2), max(LAST_YEAR, last) + 1))
    shape = residents(years, england["residents"].to_numpy())
    unscaled = expected(rates, _at_januaries(years, shape, censuses))[len(censuses)]
    return years, np.rint(shape * (plans / unscaled.sum())).astype(int)


def _at_januaries(years: list[int], people: Array, censuses: range) -> Array:
    """Residents (year, district, nc_year) from the January before the first census to the one after the last.

    The population of a January is that of the mid-year before; year group is age less 4.
    """
    return np.asarray(people[[years.index(year - 1) for year in range(censuses[0] - 1, censuses[-1] + 2)]])
