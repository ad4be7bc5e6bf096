"""An area's stock and rates as of its latest census: fitted to published margins, or to its own counts."""

from typing import Final

import xarray as xr

from forecast.inputs.area import Area
from forecast.model.counted import fit_counted
from forecast.model.counted_flows import Counted
from forecast.model.counted_tables import Frame
from forecast.model.lending import change_of_cohorts, in_labels_of, labels_of
from forecast.model.lending_counts import not_before, standard_needs
from forecast.model.local import Published, fit_area
from forecast.model.people import residents

PUBLISHED: Final = "published"
"""Kind of area that has margins of published statistics, and not its own counts."""


def fitted_area(area: Area, england: xr.Dataset) -> xr.Dataset:
    """Stock and rates of an area as of its latest census: see `model.local.fit_area` and `model.counted.fit_counted`.

    Attributes besides: `la_code` says whose the published series are, or else the area's name; `needs` which of
    England's needs each label stands for.
    """
    fitted = _fitted_margins(area, england) if area.about.kind == PUBLISHED else _fitted_counts(area, england)
    return fitted.assign_attrs(la_code=area.about.la_code or area.about.name, needs=standard_needs(area.about, england))


def _fitted_margins(area: Area, england: xr.Dataset) -> xr.Dataset:
    """Fitted to published margins."""
    census = area.about.latest_census
    people = residents(area.population, area.about.district_names, [census], change_of_cohorts(england))
    seen = Published(area.placements, area.flows, people, labels_of(area.about), census)
    return fit_area(seen, in_labels_of(area.about, england))


def _fitted_counts(area: Area, england: xr.Dataset) -> xr.Dataset:
    """Fitted to the area's own counts."""
    about = area.about
    not_before(about.latest_census, england)
    years = {about.latest_census, *area.flows["year"], *area.moves["year"]}
    januaries = sorted(int(year) for year in years if year <= about.latest_census)
    people = residents(area.population, about.district_names, januaries, change_of_cohorts(england))
    frame = Frame(about.district_names, labels_of(about))
    seen = Counted(area.placements, area.flows, area.moves, people, frame, about.latest_census)
    needs, provisions = (
        {label: str(means) for label, means in part.items()} for part in (about.needs, about.provisions)
    )
    return fit_counted(seen, england, needs, provisions)
