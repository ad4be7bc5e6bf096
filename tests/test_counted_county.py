"""Ranges of local rates on the county that `forecast synthetic` invents: four times in five they hold its true rates.

What is compared. The county's lives are counted as a right reading of its returns counts them (`truth.counts`: five
censuses), fitted as an area of records, and each draw's rates are those that drivers carry (`unsure`). Held against
them are the rates that the county lives by, as of the latest census, since its first plans grow with England's from
year to year and the fit says what they are now. Both are read as children in a year, so that the parts of a phase
weigh alike on both sides: leavers and those who change place of the children counted at the latest census, first plans
of its residents. The last year group is left out of leavers, as all of it leaves.

- leaving: by phase and kind of place; starts: by phase; entrants of each planned place: by phase, from other places
  and with first plans. Each in every district, in every district at all ages, and in the whole county.
- Only rates told by more than a few children count: ten who could leave, half a start or entrant a year.

The readings are pooled; by themselves they err either way. The county is easier than the fit takes a county to be: as
a whole it is England, and a district's ages differ from it by one multiple. So first plans of a district and phase are
held too often (nine times in ten). The draws of leaving in a district's phases know nothing of each other, so that its
leavers at all ages are held too seldom. The bounds of each reading by itself are wider for that. Needs are not
compared: draws have no doubt about them.
"""

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from builders_model import england

from forecast.axes import PHASE_OF
from forecast.domain import PHASES
from forecast.fitted import fitted_area
from forecast.inputs.area import Area
from forecast.inputs.schemas import TABLES
from forecast.model.unsure import unsure
from forecast.records.synthetic.base import about
from forecast.records.synthetic.county import made_county
from forecast.records.synthetic.truth import counts

DRAWS = 100
SEEDS = range(1, 7)
SIZES = (2000, 8000)
CENSUSES = range(2021, 2026)
FLOWS = ("leaving", "starts", "entrants")
READINGS = ("district and phase", "district", "county and phase")
ENOUGH = {"leaving": 10.0, "starts": 0.5, "entrants": 0.5}
LEAST, MOST = 0.72, 0.88
BY_ITSELF = (0.6, 0.96)
_NOTHING = pd.DataFrame()
FIRST = np.searchsorted(PHASE_OF, np.arange(len(PHASES)))
CELL = ("district", "need", "nc_year", "provision")


def area_of(county):
    """What an import makes of the county's returns, as far as the fit reads it."""
    read = counts(county.lives, county.past, county.censuses)
    tables = {name: rows.astype({"children": float}) for name, rows in read.items()}
    for name in ("placements", "flows"):
        rows = tables[name]
        tables[name] = rows.assign(nc_from=rows["nc_year"], nc_to=rows["nc_year"]).drop(columns="nc_year")
    none = dict.fromkeys(set(TABLES) - {*tables, "population"}, _NOTHING)
    described = about(CENSUSES[-1], "a test").model_copy(update={"kind": "records"})
    return Area(described, **tables, population=county.people, **none, boundaries=None, digest="", folder=None)


def residents(county):
    """Residents (district, nc_year) of the latest census: at the mid-year before, by age less 4."""
    now = county.people[county.people["mid_year"] == CENSUSES[-1] - 1]
    table = now.pivot(index="district", columns="age", values="people")
    return table.loc[county.rates["district"].to_numpy()].to_numpy()


def by_phase(table, axis):
    return np.add.reduceat(table, FIRST, axis=axis)


def leavers(chance, stock, kinds):
    """(..., district, phase, kind) who leave in a year."""
    gone = by_phase((chance * stock).sum(axis=-3), -2)
    return np.stack([gone[..., kinds == kind].sum(axis=-1) for kind in range(kinds.max() + 1)], axis=-1)


def entrants(kept, move, starts, mix):
    """(district, phase, provision) who change to each place in a year, or begin there."""
    changed = move * (1 - np.eye(move.shape[-1]))
    moved = (kept[..., None] * changed).sum(axis=(1, 3))
    return by_phase(moved + (starts[..., None] * mix).sum(axis=1), 1)


def drawn(found, seed):
    """Rates of each draw: leaving, first plans, multiples of entrants."""
    places = found["provision"].to_numpy()
    alike = xr.DataArray(np.ones(len(places)), dims="to", coords={"to": places})
    given = found[["leave", "start_rate"]].assign(entrants=alike, draw=np.arange(DRAWS))
    return unsure(given, found, f"county {seed}", 1)


def flows(seed, plans):
    """Flow -> children in a year by each draw, by the truth, and who could be: (..., district, phase, group)."""
    county = made_county(england(), seed, plans, CENSUSES)
    found, true = fitted_area(area_of(county), england()), county.rates.sel(year=CENSUSES[-1])
    draws, people = drawn(found, seed), residents(county)[:, None]
    stock, kinds = found["stock"].to_numpy().copy(), found["kind_of"].to_numpy()
    stock[:, :, -1] = 0
    kept = stock * (1 - found["leave"].to_numpy())
    begun, fitted = (start.to_numpy() * people for start in (true["start"], found["start_rate"]))
    entered = entrants(kept, true["move"].to_numpy(), begun, true["start_mix"].to_numpy())
    expected = entrants(kept, found["move"].to_numpy(), fitted, found["start_mix"].to_numpy())
    factors = draws["entrants"].transpose("draw", "district", "nc_year", "to").to_numpy()[:, :, FIRST]
    planned = factors.std(axis=(0, 1, 2)) > 0
    starts = by_phase((draws["start_rate"].transpose("draw", *CELL[:3]).to_numpy() * people).sum(axis=2), 2)[..., None]
    at_risk = leavers(np.ones(stock.shape), stock, kinds)
    true_starts = by_phase(begun.sum(axis=1), 1)[..., None]
    leave = leavers(draws["leave"].transpose("draw", *CELL).to_numpy(), stock, kinds)
    return {
        "leaving": (leave, leavers(true["leave"].to_numpy()[:, None], stock, kinds), at_risk),
        "starts": (starts, true_starts, true_starts),
        "entrants": ((expected * factors)[..., planned], entered[..., planned], entered[..., planned]),
    }


def held(draws, truth, size, enough, width=1.0):
    """Whether the 80% range, or `width` of it either side of the median, holds the truth where there is `enough`."""
    low, middle, high = np.quantile(draws, [0.1, 0.5, 0.9], axis=0)
    inside = (middle - width * (middle - low) <= truth) & (truth <= middle + width * (high - middle))
    return inside[size >= enough]


def shares(counties, width=1.0):
    """(flow, reading) -> whether each rate of every county is in its range."""
    sums = {"district and phase": None, "district": -2, "county and phase": -3}
    found = {(flow, reading): [] for flow in FLOWS for reading in READINGS}
    for county in counties:
        for flow, parts in county.items():
            for reading, axis in sums.items():
                summed = parts if axis is None else [part.sum(axis=axis) for part in parts]
                found[flow, reading].append(held(*summed, ENOUGH[flow], width))
    return {key: np.concatenate(each) for key, each in found.items()}


@pytest.fixture(scope="module")
def counties():
    return [flows(seed, plans) for plans in SIZES for seed in SEEDS]


@pytest.fixture(scope="module")
def found(counties):
    return shares(counties)


def pooled(found, flow):
    return np.concatenate([found[flow, reading] for reading in READINGS])


@pytest.mark.parametrize("flow", FLOWS)
def test_ranges_hold_the_rates_that_the_county_lives_by_four_times_in_five(found, flow):
    inside = pooled(found, flow)
    assert inside.size > 300
    assert LEAST <= inside.mean() <= MOST, inside.mean()


@pytest.mark.parametrize("flow", FLOWS)
def test_no_reading_of_the_rates_is_far_off_by_itself(found, flow):
    for reading in READINGS:
        assert BY_ITSELF[0] <= found[flow, reading].mean() <= BY_ITSELF[1], (reading, found[flow, reading].mean())


@pytest.mark.parametrize("flow", FLOWS)
def test_ranges_half_as_wide_hold_too_few(counties, flow):
    assert pooled(shares(counties, width=0.5), flow).mean() < LEAST
