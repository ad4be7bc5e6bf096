"""A planned school of a register, opened on its date for certain, and so many months after it for certain."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.decide.ask_ages import QUESTION
from forecast.domain import academic_year
from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.faults import nearest, shown

_YEAR: Final = 12
_PLACES: Final = "places.csv"


class OpenAlready(ForecastError):
    """A school that is asked about has no opening ahead."""

    def __init__(self, school: str, census: int, planned: Sequence[str]) -> None:
        rest = (
            f"ask of one that is planned: {'; '.join(planned)}" if planned else "no school of the register is planned"
        )
        super().__init__(
            f"{school} is open already, by the census of January {census}, so it cannot open late; {rest}, or write "
            f"its month of opening under `opens` in {_PLACES}."
        )


@dataclass(frozen=True, eq=False)
class Postponed:
    """A register with one school on time, and the same with it late."""

    school: str
    """As the register spells it."""
    kinds: tuple[str, ...]
    """Labels of the provisions whose places it adds."""
    opens: str
    """Month of its first opening after the census."""
    late_opens: str
    """The same, late."""
    on_time: pd.DataFrame
    """Columns of `schemas.Places`, both tables: rows of the school that open after the census open for certain."""
    late: pd.DataFrame


def postponed(places: pd.DataFrame, school: str, months: int, years: Sequence[int]) -> Postponed:
    """Open a planned school for certain, and later by `months` for certain; all other rows keep their chances.

    Parameters
    ----------
    places : columns of `schemas.Places`
    school : its name, whatever its capitals
    months : 1 or more
    years : Januaries, the latest census first

    Raises
    ------
    InputFaults, OpenAlready
        No such school is listed, it is open already, it opens after the last January, or `months` is below 1.
    """
    census, last = years[0], years[-1]
    listed = places[~places["assumed"]]
    faults = [*_unknown(listed, school, census), *_months(months)]
    if faults:
        raise InputFaults(faults)
    ahead = ~places["assumed"] & (places["opens"] > f"{census}-01")
    of_school = ahead & (places["school"].str.casefold() == school.casefold())
    name = str(listed.loc[listed["school"].str.casefold() == school.casefold(), "school"].iloc[0])
    if not of_school.any():
        raise OpenAlready(name, census, list(dict.fromkeys(places.loc[ahead, "school"])))
    opens = str(places.loc[of_school, "opens"].min())
    if opens > f"{last}-01":
        what = f"{name} opens in {opens}, after the forecast ends in {academic_year(last)}"
        raise InputFaults([Fault(QUESTION, 0, "school", what, "forecast further ahead")])
    kinds = tuple(dict.fromkeys(places.loc[of_school, "provision"]))
    on_time = _opened(places, of_school, 0)
    return Postponed(name, kinds, opens, later(opens, months), on_time, _opened(places, of_school, months))


def later(month: str, months: int) -> str:
    """A month such as 2027-09, so many months on."""
    whole = int(month[:4]) * _YEAR + int(month[5:]) - 1 + months
    return f"{whole // _YEAR}-{whole % _YEAR + 1:02d}"


def _opened(places: pd.DataFrame, rows: "pd.Series[bool]", months: int) -> pd.DataFrame:
    """The register with these rows sure to open, `months` after their date."""
    moved = places["opens"].where(~rows, places["opens"].map(lambda month: later(month, months) if month else month))
    delay = places["delay"] if "delay" in places else pd.Series(float("nan"), places.index)
    return places.assign(opens=moved, delay=delay.mask(rows, 0.0), probability=places["probability"].mask(rows, 1.0))


def _unknown(listed: pd.DataFrame, school: str, census: int) -> list[Fault]:
    """Whether the register lists the school; if not, which one may be meant, planned ones before others."""
    if listed.empty:
        what, remedy = "lists no school of its own, so none can be late", f"add the schools to {_PLACES}, not assumed"
        return [Fault(_PLACES, 0, "school", what, remedy)]
    names = list(dict.fromkeys(listed["school"]))
    if school.casefold() in {name.casefold() for name in names}:
        return []
    planned = list(dict.fromkeys(listed.loc[listed["opens"] > f"{census}-01", "school"]))
    what = f"{_PLACES} has no school called {shown(school)}"
    return [Fault(QUESTION, 0, "school", what, _meant(school, names, planned))]


def _meant(school: str, names: Sequence[str], planned: Sequence[str]) -> str:
    """Remedy for an unknown name: planned schools whose names hold it, the nearest name, or all that are planned."""
    part = school.strip().casefold()
    holding = [name for name in planned if part and part in name.casefold()]
    near = nearest(school, names)
    meant = holding or ([near] if near else [])
    if meant:
        return f"did you mean {' or '.join(map(repr, meant))}? Write it so"
    if not planned:
        return f"list the school in {_PLACES}, with its month of opening: none there is planned"
    return f"choose from those that are planned: {'; '.join(planned)}"


def _months(months: int) -> list[Fault]:
    if months >= 1:
        return []
    return [Fault(QUESTION, 0, "months", f"{months} months is not late", "write 1 or more, such as 12")]
