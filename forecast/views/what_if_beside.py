"""What stands beside a lever on the page "What if?": what the area, England and its neighbours have done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from forecast.domain import Provision
from forecast.inputs.about import About
from forecast.projection import Projection
from forecast.report.beside import Beside, Told
from forecast.report.beside_words import figure_words
from forecast.report.heroic import MOST_YEARS, Heroic, heroic
from forecast.report.phrases import census
from forecast.series.standing import Standing
from forecast.views.plain import plain
from forecast.views.what_if_controls import central
from forecast.views.what_if_fields import default_in
from forecast.views.what_if_levers import Setting
from forecast.views.what_if_state import Draft

MISSING: Final = "not known"
"""Where there is no figure."""
SETTINGS: Final = ("factor", "share", "outreach")
"""Fields that hold the setting which others may have tried, the first that a lever has."""
RAMPS: Final[Mapping[str, str]] = {"outreach": "outreach_ramp"}
"""Field of such a setting -> the field that says how fast it takes effect, where that is not `ramp`."""
CONFINED: Final = "It is confined to some children here, so it moves the area's own figure by less than that."
_CONFINES: Final = ("district", "need", "year_groups")


@dataclass(frozen=True)
class Others:
    """Tells what others have done."""

    beside: Callable[[str], Beside]
    """Kind of lever -> what the area, England and other authorities have done of what it moves."""
    heroic: Callable[[str, float, int, Provision | None], Heroic]
    """Kind of lever, setting, years that it takes, and kind of place -> how many authorities did as much."""
    in_bases: float
    """Children in bases at the latest census."""


def others_of(projection: Projection, against: Standing, told: Callable[[str], Beside]) -> Others:
    """What tells what others have done, beside an area's levers.

    Parameters
    ----------
    projection : any of the area: its first January is the latest census
    against : what England and other authorities have done
    told : kind of lever -> what stands beside it
    """
    now = projection.expected.isel(year=0).sel(provision=projection.about.means(Provision.BASE))
    return Others(
        beside=told,
        heroic=lambda kind, setting, years, place: heroic(kind, setting, against.authorities, years, place),
        in_bases=float(now.sum()),
    )


def beside_part(draft: Draft, others: Others, about: About) -> None:
    """How many others did as much; and a click away what was done here, in England and nearby."""
    found = others.heroic(draft.kind, *tried(draft.written, about, others.in_bases))
    first, stop, rest = found.reading.partition(". ")
    confined = any(draft.written.get(name) for name in _CONFINES) and found.change is not None
    st.markdown(f"**Has anybody done it?** {plain(first + stop.strip())} {CONFINED if confined else ''}")
    told = others.beside(draft.kind)
    with st.expander("What has been done so far: here, in England, nearby", key=f"lever {draft.number} beside"):
        if rest:
            st.markdown(plain(rest))
        st.markdown(plain(told.reading))
        for each in told.told:
            st.markdown(f"**{plain(each.measure.name)}** ({plain(each.measure.unit)})")
            st.table(beside_table(each), alt=f"{each.measure.name}, by January")
        if told.told:
            st.markdown(plain(f"Source: {told.source}"))


def beside_table(told: Told) -> pd.DataFrame:
    """A row a January, a column each: the area, England and its neighbours."""
    years = list(told.lines[0].figures)
    cells = {
        plain(line.who): [
            MISSING if (figure := line.figures[year]) is None else plain(figure_words(figure, told.measure))
            for year in years
        ]
        for line in told.lines
    }
    return pd.DataFrame(cells, index=[census(year) for year in years])


def tried(written: Setting, about: About, in_bases: float) -> tuple[float, int, Provision | None]:
    """A lever's central setting, the years that it takes to act in full, and where it takes children from.

    Parameters
    ----------
    in_bases : children there at the latest census, of which more places make a multiple
    """
    kind = str(written["kind"])
    if kind == "expand_bases" and written.get("places") is not None:
        return 1 + float(written["places"]) / max(in_bases, 1.0), _years_of(written, "ramp"), None
    held = {name: central(written.get(name, default_in(kind, name))) for name in SETTINGS}
    name, setting = next(((name, value) for name, value in held.items() if value is not None), ("", 1.0))
    return setting, _years_of(written, RAMPS.get(name, "ramp")), _taken_from(written, about)


def _years_of(written: Setting, ramp: str) -> int:
    """Years after which a lever acts in full, no more than are looked at.

    Parameters
    ----------
    ramp : field that says how fast it takes effect
    """
    return min(max(len(written.get(ramp) or ()), 1), MOST_YEARS)


def _taken_from(written: Mapping[str, object], about: About) -> Provision | None:
    """Standard kind of place that a lever takes children from, where it says so."""
    from_where = written.get("instead_of")
    first = from_where[0] if isinstance(from_where, list) and from_where else from_where
    code = str(about.provisions.get(str(first), first))
    return Provision(code) if code in set(Provision) else None
