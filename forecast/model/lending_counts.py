"""What an area that counts its own children is lent by England, and what it is not, in sentences."""

from collections.abc import Mapping, Sequence
from typing import Final

import xarray as xr

from forecast.domain import OWN as LOCAL
from forecast.domain import Need, Provision, academic_year
from forecast.errors import ForecastError
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.ons import ESTIMATE
from forecast.model.lending_shared import held_as

UNSPREAD: Final = Need.OTH
"""Need whose spread from year to year a need marked `own` is lent."""
_COUNTED: Final = {
    "stayed": "Whose plan ceases and who moves is counted",
    "started": "First plans are counted",
    "came": "Children who come with a plan are counted",
}
_LENT: Final = {
    "stayed": "Leaving and moves are England's: moves.csv and flows.csv do not count both in full.",
    "started": "First plans are England's, at the area's own level: flows.csv does not count them in full.",
    "came": "Children who come with a plan are England's rate per resident: flows.csv has no `arrive`.",
}


class CensusBeforeEngland(ForecastError):
    """A latest census from which England's model says nothing, because it begins later."""

    def __init__(self, census: int, england: int) -> None:
        super().__init__(
            f"The area's latest census is January {census}, but the England model begins in January {england}: add the "
            f"counts of a later census, or fit an England model to the releases up to {census} with forecast fit."
        )


def not_before(census: int, england: xr.Dataset) -> None:
    """Refuse a latest census that is older than the England model.

    Raises
    ------
    CensusBeforeEngland
        It is.
    """
    begins = int(england.attrs["year"])
    if census < begins:
        raise CensusBeforeEngland(census, begins)


def standard_needs(about: About, england: xr.Dataset) -> dict[str, str]:
    """Label -> the need of England's figures whose spread it is lent."""
    known = england["need"].to_numpy().tolist()
    return {
        label: str(UNSPREAD) if means == LOCAL else held_as(str(means), known) for label, means in about.needs.items()
    }


def counted_of(area: Area, counted: Mapping[str, Sequence[int]]) -> tuple[str, ...]:
    """What the forecast of a counted area counts, pools and takes from England.

    Parameters
    ----------
    counted : attribute of the fitted area
    """
    said = [_stock(area)]
    for flow, words in _COUNTED.items():
        if flow in counted:
            first, last = (academic_year(int(year)) for year in counted[flow])
            said.append(f"{words}, {f'{first} to {last}' if first != last else first}.")
        else:
            said.append(_LENT[flow])
    if counted:
        said.append(
            "Of what is counted, recent years count for more, and small numbers lean on broader ages, then on the "
            "whole area, then on England."
        )
    said += [*_labels("provision", area.about.provisions), *_labels("need", area.about.needs)]
    if not area.about.la_code:
        said.append("No authority is named, so totals are steered by England's growth from the area's own level.")
    if area.population[area.population["variant"] != ESTIMATE].empty:
        latest = area.population["mid_year"].max()
        aged = "are aged on, with moves in and out as before and births held"
        said.append(f"No population projection was given: the estimates of mid-{latest} {aged}.")
    return tuple(said)


def _stock(area: Area) -> str:
    """Whether children were counted by district, and how many counts are hidden."""
    base = area.about.latest_census
    rows = area.placements[area.placements["year"].eq(base)]
    hidden = int(rows["children"].isna().sum())
    by_district = rows["district"].isin(area.about.district_names).any() or len(area.about.districts) == 1
    who = "by district" if by_district else "for the whole area; a district's children are its share of residents"
    filled = f"; {hidden} suppressed counts are put in their ranges by England's pattern" if hidden else ""
    return f"Children with a plan in January {base} are counted {who}{filled}."


def _labels(kind: str, meanings: Mapping[str, str]) -> list[str]:
    """Which labels England's figures are divided among, and which it has none for."""
    by_meaning: dict[str, list[str]] = {}
    for label, means in meanings.items():
        by_meaning.setdefault(str(means), []).append(label)
    own = by_meaning.pop(LOCAL, [])
    shared = [", ".join(labels) for labels in by_meaning.values() if len(labels) > 1]
    said = [f"Where England's figures are lent to {labels}, they are shared as the area's own." for labels in shared]
    if own:
        said.append(f"England has no {kind} {', '.join(own)}: it is lent the figures of all children together.")
    lacking = sorted({str(each) for each in Provision} - set(by_meaning)) if kind == "provision" else []
    if lacking:
        said.append(f"No label means {', '.join(lacking)}: whom England has there, it has in the other kinds of place.")
    return said
