"""What a change moved in the register of places and in the prices, and what it spends."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pandas as pd

from forecast.domain import ALL
from forecast.scenario.difference import Difference
from forecast.scenario.spending import Spending

_STAGE: Final = ["school", "site", "provision", "nc_from"]
"""Columns of places that name a run of year groups of a school, which may open in stages."""
_PRICE: Final = ["item", "provision", "need"]
_TOLD: Final = {
    "places": ("places", "places"),
    "taken_by_others": ("places filled by other areas' children", "places"),
    "opens": ("month it opens", ""),
    "closes": ("month it closes", ""),
    "probability": ("chance that it opens", "0 to 1"),
    "delay": ("months that opening is expected to be late", "months"),
    "ramp": ("share of places open, year by year", ""),
    "nc_to": ("oldest year group", "year group"),
    "needs": ("needs it is for", ""),
    "serves": ("districts it serves", ""),
    "district": ("district it stands in", ""),
}
"""Column of places -> what it is called, and its unit."""


def places_differ(before: pd.DataFrame, after: pd.DataFrame, year: int) -> Iterator[Difference]:
    """Figures of schools and bases that differ, and those that are new or gone.

    Parameters
    ----------
    before, after : columns of `schemas_places.Places`
    year : January from which the change acts
    """
    if after is before:
        return
    listed, then = (_by_stage(table) for table in (before, after))
    for key in dict.fromkeys([*listed, *then]):
        was, now = listed.get(key), then.get(key)
        row = now or was or {}
        said = _called(row)
        if was is None or now is None:
            old, new = (None if each is None else float(each["places"]) for each in (was, now))
            what = f"places at {said}, {_opening(row)}"
            yield Difference(what, str(row["provision"]), year, old, new, "places")
            continue
        for column, (called, unit) in _TOLD.items():
            one, other = was[column], now[column]
            if one != other and not (pd.isna(one) and pd.isna(other)):
                yield Difference(f"{called}, {said}", str(row["provision"]), year, _figure(one), _figure(other), unit)


def _by_stage(table: pd.DataFrame) -> Mapping[tuple[Any, ...], Mapping[str, Any]]:
    """Row of each stage of each school, the stages in their order."""
    stage = table.groupby(_STAGE, sort=False).cumcount()
    keys = zip(*(table[column] for column in _STAGE), stage, strict=True)
    return {key: dict(row) for key, row in zip(keys, table.to_dict("records"), strict=True)}  # type: ignore[arg-type]


def _called(row: Mapping[str, Any]) -> str:
    """A school, and the site where it is another's."""
    return f"{row['school']} on the site of {row['site']}" if row["site"] else str(row["school"])


def _opening(row: Mapping[str, Any]) -> str:
    return f"opening {row['opens']}" if row["opens"] else "open already"


def _figure(cell: Any) -> float | str | None:  # noqa: ANN401 - a cell is text, a number, or blank
    if isinstance(cell, str):
        return cell
    return None if pd.isna(cell) else float(cell)


def prices_differ(before: pd.DataFrame, after: pd.DataFrame) -> Iterator[Difference]:
    """Prices that differ, each from the January from which the new one holds.

    Parameters
    ----------
    before, after : columns of `schemas_places.Costs`, and `from_year`
    """
    if after is before:
        return
    for row in after.to_dict("records"):
        year = int(row["from_year"])
        same = before[before[_PRICE].eq([row[part] for part in _PRICE]).all(axis=1) & before["from_year"].le(year)]
        was = same.sort_values("from_year").iloc[-1].to_dict() if len(same) else None
        for column, said in {"value": "", "low": ", low end", "high": ", high end"}.items():
            old = None if was is None else float(was[column])
            if old != float(row[column]):
                cells = ", ".join(str(row[part]) for part in _PRICE[1:] if row[part] != ALL)
                what = f"price: {str(row['item']).replace('_', ' ')}{said}"
                yield Difference(what, cells, year or None, old, float(row[column]), str(row["unit"]))


def spent(lines: Sequence[Spending]) -> Iterator[Difference]:
    """What a change itself buys: so many units in each year, or so much for each child whom a shift moves."""
    yield from dict.fromkeys(_for_each_child(line) for line in lines if line.shift)
    for line in lines:
        if line.shift:
            continue
        units = line.units.mean("draw") if "draw" in line.units.dims else line.units
        price = f"£{_pounds(line):,.0f}" if line.pounds is not None else f"the price of {line.item.replace('_', ' ')}"
        for year in units["year"].to_numpy()[units.to_numpy() != 0].tolist():
            figure = float(units.sel(year=year))
            yield Difference(f"spending: {line.what}", line.payer.value, year, 0.0, figure, f"at {price}")


def _for_each_child(line: Spending) -> Difference:
    """A line that pays for each child whom a shift moves: pounds, or so many times the price that it names."""
    units = float(line.units.max())
    for_each = f"a year for each child moved, {line.lasts} {'year' if line.lasts == 1 else 'years'}"
    what = f"spending: {line.what}"
    if line.pounds is not None:
        return Difference(what, line.payer.value, None, 0.0, units * _pounds(line), f"pounds {for_each}")
    named = ", ".join(filter(None, (line.item.replace("_", " "), line.provision)))
    return Difference(what, line.payer.value, None, None, f"{units:g} times the price of {named}", for_each)


def _pounds(line: Spending) -> float:
    """Pounds a unit, the mean of the futures; 0 where the price list says them."""
    return 0.0 if line.pounds is None else float(line.pounds.mean())
