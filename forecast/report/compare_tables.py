"""The tables of a comparison: every figure of every scenario, every difference, and what they rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from forecast.decide.bill import gaps
from forecast.decide.compare import DIFFERENCES, Compared, changes, levels, totals
from forecast.decide.measures import Measure
from forecast.domain import academic_year
from forecast.places.sufficiency import STATISTICS
from forecast.report.estimates import COUNTED, estimated, estimated_changes
from forecast.report.phrases import Row
from forecast.scenario.levers import Change
from forecast.scenario.recorded import changes_table
from forecast.scenario.scenario import Scenario

Rows = Mapping[tuple[Measure, str], Row]
"""Measure and what it is of -> the row of a table."""
LEVERS: Final = ["scenario", "world", "change", "from", "settings", "evidence", "source", "supported"]
_OWN_FIELDS: Final = {"kind", "from", "evidence"}
"""Fields of a change that have a column each."""


@dataclass(frozen=True, eq=False)
class Tables:
    """Tables of a comparison; where figures are modelled from published ones, children are rounded to whole ones."""

    levels: pd.DataFrame
    """As `compare.levels`, with the `world` of each scenario."""
    differences: pd.DataFrame
    """As `compare.changes`, with the `world` of each scenario."""
    totals: pd.DataFrame
    """As `compare.totals`."""
    gaps: pd.DataFrame
    """What each bill leaves out: scenario, line, kind, provision, year, academic_year, units."""
    prices: pd.DataFrame
    """The prices of each scenario; one that holds in all of them stands once, `scenario` being empty."""
    levers: pd.DataFrame
    """Every change of every scenario and what it rests on, a row a piece of evidence."""
    recorded: pd.DataFrame
    """What each change of each scenario did, old and new, as `scenario.recorded.changes_table`."""
    also: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    """Name of a file -> a further table, such as a waterfall."""

    def of(self, name: str, year: int) -> Rows:
        """Figures of a scenario in January `year`."""
        return _by_key(self.levels, name, year)

    def changed(self, name: str, year: int) -> Rows:
        """Differences of a scenario from the first in January `year`."""
        return _by_key(self.differences, name, year)

    def total(self, name: str, of: str) -> Row:
        """Pounds more or less than under the first scenario over all years, of one who pays, or of all."""
        rows = self.totals[self.totals["scenario"].eq(name) & self.totals["of"].eq(of)].to_dict("records")
        return rows[0]

    def unpriced(self, name: str, year: int) -> Mapping[str, float]:
        """Kind of place -> children of a scenario there in January `year` whom nothing prices."""
        rows = self.gaps[self.gaps["scenario"].eq(name) & self.gaps["year"].eq(year) & self.gaps["provision"].ne("")]
        most = rows.groupby("provision", sort=False)["units"].max()
        return {str(label): float(children) for label, children in most.items()}

    @property
    def written(self) -> Mapping[str, pd.DataFrame]:
        """Name of a file -> its table."""
        every = {
            "scenarios": self.levels,
            "differences": self.differences,
            "over_all_years": self.totals,
            "levers": self.levers,
            "changes": self.recorded,
            "prices": self.prices,
            "not_priced": self.gaps,
            **self.also,
        }
        return {name: table for name, table in every.items() if not table.empty}


def tables_of(found: Compared, also: Mapping[str, pd.DataFrame] | None = None) -> Tables:
    """Every table of a comparison.

    Parameters
    ----------
    also : as in `Tables`
    """
    worlds = dict(zip(found.names, (projection.world.words for projection in found.projections), strict=True))

    def told(table: pd.DataFrame, statistics: Sequence[str]) -> pd.DataFrame:
        table.insert(1, "world", table["scenario"].map(worlds))
        return estimated(found.about, table, statistics, table["unit"].isin(COUNTED))

    return Tables(
        levels=told(levels(found), STATISTICS),
        differences=told(changes(found), DIFFERENCES),
        totals=totals(found),
        gaps=_gaps(found),
        prices=_prices(found),
        levers=_levers(found, worlds),
        recorded=_recorded(found),
        also=also or {},
    )


def _gaps(found: Compared) -> pd.DataFrame:
    parts = [
        gaps(projection).assign(scenario=name) for name, projection in zip(found.names, found.projections, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    table["academic_year"] = [academic_year(year) for year in table["year"]]
    told = estimated(found.about, table, ["units"])
    return told[["scenario", "line", "kind", "provision", "year", "academic_year", "units"]]


def _prices(found: Compared) -> pd.DataFrame:
    """Rows of every price list, those that all scenarios have first."""
    lists = [
        projection.prices.assign(scenario=name)
        for name, projection in zip(found.names, found.projections, strict=True)
        if projection.prices is not None
    ]
    table = pd.concat(lists, ignore_index=True)
    columns = [column for column in table.columns if column != "scenario"]
    shared = table.groupby(columns, dropna=False)["scenario"].transform("nunique") == len(found.names)
    common = table[shared].drop_duplicates(columns).assign(scenario="")
    return pd.concat([common, table[~shared]], ignore_index=True)[["scenario", *columns]]


def _levers(found: Compared, worlds: Mapping[str, str]) -> pd.DataFrame:
    """Changes as they are written, with their evidence; one without evidence says so."""
    rows = [
        {
            "scenario": name,
            "world": worlds[name],
            **_as_written(change),
            "evidence": says,
            "source": source,
            "supported": held,
        }
        for name, scenario in zip(found.names, found.scenarios, strict=True)
        for number, change in enumerate(scenario.every_change)
        for says, source, held in _evidence(scenario, number)
    ]
    return pd.DataFrame(rows, columns=LEVERS)


def _as_written(change: Change) -> dict[str, str]:
    """A change, from when, and its settings in words."""
    held = change.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    settings = "; ".join(f"{field}: {_plainly(value)}" for field, value in held.items() if field not in _OWN_FIELDS)
    return {"change": change.kind, "from": academic_year(change.from_year), "settings": settings}


def _plainly(setting: object) -> str:
    """A setting as text: "0.9", "0.9 (0.8 to 0.95)", "North, South"."""
    match setting:
        case {"value": value, "low": low, "high": high}:
            return f"{value}" if low == high else f"{value} ({low} to {high})"
        case dict():
            return ", ".join(f"{name} {_plainly(value)}" for name, value in setting.items())
        case list():
            return ", ".join(map(_plainly, setting))
        case _:
            return f"{setting}"


def _evidence(scenario: Scenario, number: int) -> list[tuple[str, str, bool]]:
    """What a change rests on, who says so, and whether more than judgement does; of a world's, the world's figures."""
    change = scenario.every_change[number]
    given = [(proof.says, proof.source, proof.supported) for proof in change.evidence]
    if not given and number < len(scenario.ground):
        given = [(figure.says, figure.source, figure.verified) for figure in scenario.world.figures]
    return given or [("none given", "", False)]


def _recorded(found: Compared) -> pd.DataFrame:
    """What each change did, scenario by scenario."""
    parts = []
    for name, projection in zip(found.names, found.projections, strict=True):
        table = estimated_changes(found.about, changes_table(projection.recorded))
        table.insert(0, "scenario", name)
        parts.append(table)
    return pd.concat(parts, ignore_index=True)


def _by_key(table: pd.DataFrame, name: str, year: int) -> Rows:
    rows = table[table["scenario"].eq(name) & table["year"].eq(year)].to_dict("records")
    return {(Measure(row["measure"]), row["of"]): row for row in rows}
