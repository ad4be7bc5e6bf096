"""The forecast of `forecast run --model constant`: the area's own rates, held for ever, and nothing of England's.

counts of the area -> rates -> expected children, children one by one -> Projection
"""

from typing import Any, Final

import numpy as np
import xarray as xr

from forecast.axes import bands_of
from forecast.domain import NC_YEARS, SPECIALIST
from forecast.inputs.area import Area
from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.backtest_tables import FOLDER, read_backtest
from forecast.inputs.bundled import bundled
from forecast.model.constant import expected, simulate
from forecast.model.constant_counts import Seen, seen
from forecast.model.people import residents
from forecast.places.register import ages_of, drawn_register, places_open, told_of
from forecast.places.shortage import shortage
from forecast.projection import Projection, by_phase
from forecast.scenario.worlds import Held
from forecast.settings import Settings

SCENARIO: Final = Held.CONSTANT.words
"""What takes the place of a scenario's name."""
_METHOD, _TARGET = "constant-rate cohort", "plans_5_15"
"""What `forecast backtest` calls a cohort with constant rates, and the series that it tried it on."""
_TRIED: Final = (1, 3, 5)
"""Years ahead whose errors are told."""


def constant_projection(area: Area, settings: Settings, *, uncertain_rates: bool = True) -> Projection:
    """An area's forecast with rates as they were counted, by the model that users of witan.send know.

    The result holds no rate of England's, no steering and no world: those fields are not a number or empty.

    Parameters
    ----------
    uncertain_rates : whether each future has rates of its own, as far as the counts leave them open

    Raises
    ------
    NotCounted
        The area has no counted moves, ceased plans and starts.
    """
    about, base = area.about, area.about.latest_census
    counted = area_seen(area)
    last = max(settings.current_year, base) + settings.horizon
    people = residents(area.population, about.district_names, range(base, last + 1))
    ahead = people.isel(year=slice(1, None)).to_numpy()
    bands = bands_of(*ages_of(area.places))
    draws = simulate(counted, ahead, settings.draws, settings.seed, bands, uncertain=uncertain_rates)
    years = people["year"].to_numpy().tolist()
    axes: dict[str, Any] = {"year": years, "district": list(about.district_names), "need": list(about.needs)}
    kinds = {"provision": list(about.provisions)}
    parted = _parted(draws, {"draw": np.arange(settings.draws), **axes, **kinds, "band": list(bands)})
    by_band = parted.transpose("draw", *axes, "band", "provision")
    late = read_assumptions(bundled("data", "assumptions.yaml"))["delay_months"]
    mean = _parted(expected(counted, ahead), {**axes, **kinds, "nc_year": list(NC_YEARS)})
    register = drawn_register(area.places, years, settings.draws, settings.seed, late)
    return Projection(
        about=about.model_copy(update={"notes": (*notes(area, counted, last), *about.notes)}),
        scenario=SCENARIO,
        scenario_why=f"The {_rates_of(counted)} stay for ever as they were counted.",
        settings=settings,
        demand=by_phase(by_band),
        expected=mean.transpose(*axes, "nc_year", "provision"),
        places=places_open(told_of(area.places), list(about.provisions), years, late),
        places_assumed=bool(area.places["assumed"].all()),
        population=people,
        england_special_rate=xr.DataArray(np.full(people.sizes["year"], np.nan), coords={"year": years}, dims=["year"]),
        digests={"area": area.digest},
        record={"model": "constant", "uncertain_rates": uncertain_rates, "years_counted": list(counted.years)},
        world=Held.CONSTANT,
        by_band=by_band,
        register=register,
        short=None if register is None else shortage(by_band, register),
    )


def area_seen(area: Area) -> Seen:
    """The counts of an area that its rates are shares of.

    Raises
    ------
    NotCounted
        The area lacks them.
    """
    about = area.about
    labels = {"district": about.district_names, "need": list(about.needs), "provision": list(about.provisions)}
    years = range(int(area.flows["year"].min()), about.latest_census + 1) if len(area.flows) else ()
    people = residents(area.population, about.district_names, [*years] or [about.latest_census])
    return seen(area.tables, labels, about.latest_census, people)


def notes(area: Area, counted: Seen, last: int) -> tuple[str, ...]:
    """What a reader must know of these figures: sentences.

    Parameters
    ----------
    last : January up to which the forecast goes
    """
    held = (
        f"Rates are held for ever: the {_rates_of(counted)} stay as they were counted, so nothing that has changed "
        "since, or will, is in these figures. Ranges hold luck and the smallness of the counts, not a change of rates."
    )
    said = [held, tried()]
    if not area.about.means(*SPECIALIST):
        said.append('No kind of place here stands for a specialist one: "specialist places" are all that the area has.')
    until = int(area.population["mid_year"].max()) + 1
    if until < last:
        said.append(f"Residents are given up to January {until}; later ones are aged on, births held.")
    if counted.guessed:
        said.append(f"{counted.guessed:,} suppressed counts are taken at the middle of what they may be.")
    return tuple(said)


def tried() -> str:
    """How far out constant rates have been, as this program measured it: a sentence.

    A cohort of age bands on published series, simpler than this one: no series by need or by year group is published.
    """
    scores = read_backtest(bundled("models", "england") / FOLDER).scores
    mine = scores[scores["method"].eq(_METHOD) & scores["target"].eq(_TARGET) & scores["ahead"].isin(_TRIED)]
    means = mine.groupby("ahead")[["wape", "bias"]].mean()
    out = ", ".join(f"{share:.0%}" for share in means["wape"])
    low = ", ".join(f"{1 - np.exp(share):.0%}" for share in means["bias"])
    return (
        f"Tried on the published plans of every authority for children aged 5 to 15, a cohort with constant rates was "
        f"out by {out} at {', '.join(map(str, means.index))} years on, and too low by {low} in all."
    )


def _rates_of(counted: Seen) -> str:
    first, last = counted.years[0], counted.years[-1]
    span = f"the year to January {last}" if first == last else f"the years to January {first} to {last}"
    return f"shares of children who joined, left and moved in {span}"


def _parted(children: np.ndarray, axes: dict[str, Any]) -> xr.DataArray:
    """An array whose axis of states is parted into need and provision."""
    sizes = [len(labels) for labels in axes.values()]
    return xr.DataArray(children.reshape(sizes), coords=axes, dims=list(axes))
