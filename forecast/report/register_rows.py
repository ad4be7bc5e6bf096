"""The register of assumptions: everything that a forecast rests on, in one table, to go with every result.

What nothing but judgement stands behind is marked, and so is what should have been looked at again by now: "now" is
the school year that the run counts as today's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pandas as pd

from forecast.decide.supposed_levers import of_levers
from forecast.decide.suppositions import Supposition, of_assumptions, of_prices
from forecast.domain import academic_year
from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import FIGURES
from forecast.inputs.reference_overflow import ASK_AGAIN, WAIT, read_overflow
from forecast.inputs.reference_places import PROJECTS, SIZES, read_projects, read_sizes
from forecast.inputs.reference_travel import FILE as TRAVEL
from forecast.inputs.reference_travel import read_travel
from forecast.projection import Projection
from forecast.report.register_ap import ap_rows
from forecast.scenario.scenario import Scenario

REGISTER: Final = "register"
"""Name of its file, without the ending, in every folder."""
COLUMNS: Final = (
    *("written_in", "name", "says", "value", "low", "high", "unit", "supported", "source", "owner", "review", "due"),
    "used_for",
)
"""Of the register. `value`, `low` and `high` are not numbers where there is no single one."""
OVERDUE, THIS_YEAR, LATER, NO_DATE = "overdue", "this school year", "later", "no date set"
"""Whether an assumption should be looked at again by the school year that counts as today's."""
NO_OWNER: Final = "not named"
_SEPTEMBER: Final = 9
_OVERFLOW: Final = "overflow.csv"
LONG: Final = (PROJECTS, _OVERFLOW, TRAVEL, FIGURES)
"""Files of many rows, which a terminal shows only if asked."""
_LATE: Final = "what a school that opens late means (`forecast late`)"
_SITES: Final = "where to build and journeys (`forecast site`)"
_KINDS: Final = "sizes of schools as councils commission them (`forecast size`), and rooms of a hub"
_PROJECTS: Final = "when new places could be had, how they fill, and schools that a scenario opens"


def register_of(*projections: Projection) -> pd.DataFrame:
    """The register that goes with a forecast, or with several of one area: columns `COLUMNS`.

    Assumptions, and figures on alternative provision, with the values that the forecast was made with. A model of
    constant rates holds neither scenarios nor prices.

    Raises
    ------
    InputFaults
        A file that ships is damaged.
    """
    parts = [registered(each.record, each.prices, each.settings.current_year) for each in projections]
    parts += [_typed([_without_owner(row) for row in ap_rows(each.ap)]) for each in projections if each.ap is not None]
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def registered(record: Mapping[str, Any], prices: pd.DataFrame | None, current_year: int) -> pd.DataFrame:
    """The register of a run, from what it wrote down of itself: columns `COLUMNS`.

    Parameters
    ----------
    record : `Projection.record`
    prices : `Projection.prices`
    current_year : January of the academic year that counts as today's
    """
    fields = {name: record[name] for name in Scenario.model_fields if name in record}
    levers = of_levers(Scenario.model_validate(fields)) if "changes" in fields else ()
    return register_table([*_assumptions(record.get("assumptions", {})), *_prices(prices), *levers], current_year)


def register_table(suppositions: Iterable[Supposition], current_year: int) -> pd.DataFrame:
    """The register of some suppositions, and of the tables that ship besides: columns `COLUMNS`.

    Parameters
    ----------
    current_year : January of the academic year that counts as today's
    """
    rows = [_row(each, current_year) for each in suppositions]
    return _typed([*rows, *_shipped()])


def _typed(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Rows as a table: numbers, texts, and whether supported."""
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers = dict.fromkeys(("value", "low", "high"), float)
    return table.astype(dict.fromkeys(COLUMNS, "str") | numbers | {"supported": bool})


def due(review: date | None, current_year: int) -> str:
    """When an assumption is to be looked at again, as seen from a school year."""
    if review is None:
        return NO_DATE
    if review < date(current_year - 1, _SEPTEMBER, 1):
        return OVERDUE
    return THIS_YEAR if review < date(current_year, _SEPTEMBER, 1) else LATER


def _row(each: Supposition, current_year: int) -> dict[str, object]:
    return {
        "written_in": each.origin.value,
        "name": each.name,
        "says": each.says,
        "value": each.value,
        "low": each.low,
        "high": each.high,
        "unit": each.unit,
        "supported": each.supported,
        "source": each.source,
        "owner": each.owner or NO_OWNER,
        "review": each.review.isoformat() if each.review else "",
        "due": due(each.review, current_year),
        "used_for": each.used_for,
    }


def _assumptions(taken: dict[str, Sequence[float]]) -> list[Supposition]:
    """Assumptions with the values that a run took; as they ship where the run does not say."""
    return [
        each if each.name not in taken else _taken(each, *taken[each.name])
        for each in of_assumptions(read_assumptions(bundled("data", "assumptions.yaml")))
    ]


def _taken(each: Supposition, value: float, low: float, high: float) -> Supposition:
    return replace(each, value=value, low=low, high=high)


def _prices(prices: pd.DataFrame | None) -> list[Supposition]:
    """Prices of a run, those that begin later named by when; none where the run holds none."""
    if prices is None:
        return []
    return [
        replace(each, name=f"{each.name}, from {academic_year(int(first))}") if first else each
        for each, first in zip(of_prices(prices), prices["from_year"], strict=True)
    ]


def _shipped() -> list[dict[str, object]]:
    """Rows of the tables that ship whose figures are not turned one by one."""
    steps = [
        {
            "written_in": _OVERFLOW,
            "name": f"refused {row['provision']}: {_step(row)}",
            "says": _meant(row),
            "value": row["share"],
            "unit": "share",
            "supported": row["supported"],
            "source": row["source"],
            "used_for": _LATE,
        }
        for row in read_overflow().to_dict("records")
    ]
    journeys = [
        {
            "written_in": TRAVEL,
            "name": f"{row['item']}: {row['phase']}",
            "says": f"Journeys: {row['item']} ({row['phase']}).",
            **{name: row[name] for name in ("value", "low", "high", "unit", "supported", "source")},
            "used_for": _SITES,
        }
        for row in read_travel().rows.to_dict("records")
    ]
    return [_without_owner(row) for row in (*_projects(), *_sizes(), *steps, *journeys)]


def _projects() -> list[dict[str, object]]:
    """How soon projects open, and how they fill."""
    rows: list[dict[str, object]] = []
    for kind, project in read_projects().items():
        named = {"written_in": PROJECTS, "used_for": _PROJECTS}
        ends = {"value": project.months, "low": project.months_low, "high": project.months_high, "unit": "months"}
        said = {"supported": project.months_supported, "source": project.months_source}
        says = "Months from decision to opening, as planned."
        rows.append({**named, "name": f"months: {kind}", "says": says, **ends, **said})
        shares = ", ".join(f"{share:g}" for share in project.ramp)
        filled = {"says": f"Share of places open in its first, second, ... year: {shares}.", "unit": "shares"}
        said = {"supported": project.ramp_supported, "source": project.ramp_source}
        rows.append({**named, "name": f"ramp: {kind}", **filled, **said})
    return rows


def _sizes() -> list[dict[str, object]]:
    """Sizes as commissioned: `low` the least and `high` the most."""
    return [
        {
            "written_in": SIZES,
            "name": f"size: {kind}",
            "says": "Smallest and largest as councils commission them.",
            "low": size.least,
            "high": size.most,
            "unit": size.unit,
            "supported": size.supported,
            "source": size.source,
            "used_for": _KINDS,
        }
        for kind, size in read_sizes().items()
    ]


def _without_owner(row: dict[str, object]) -> dict[str, object]:
    """A row of a table that ships, of which nobody is named as its owner and no day set."""
    numbers = dict.fromkeys(("value", "low", "high"), float("nan"))
    return {**numbers, "owner": NO_OWNER, "review": "", "due": NO_DATE, **row}


def _step(row: dict[Any, Any]) -> str:
    """Which step of overflow a row is."""
    ages = f" (year groups {row['nc_from']} to {row['nc_to']})"
    return f"{row['goes_to']}{ages if row['rank'] else ''}"


def _meant(row: dict[Any, Any]) -> str:
    """What a step of overflow says."""
    match row["goes_to"]:
        case word if word == WAIT:
            return "Share of those refused who stay where they are until a place is free."
        case word if word == ASK_AGAIN:
            return "Share of those who wait who ask again when they next change school."
        case _:
            return f"Share who go there at step {row['rank']}, if there is room."
