"""Tables of the page on alternative provision: cells of words and whole numbers, and no number of children under five.

Each takes rows of `report.ap_tables`, whose measures it keeps apart: children, average places, fullest month, headroom.
"""

from collections.abc import Mapping
from typing import Final

import pandas as pd

from forecast.domain import (
    ALL,
    KEY_STAGE_NAMES,
    WITHOUT_PLAN,
    ApSetting,
    KeyStage,
    Provision,
    academic_year,
)
from forecast.projection import Projection
from forecast.report.ap_middle import MIDDLE, shown
from forecast.report.ap_middle import NAMES as BY_SETTING
from forecast.report.ap_tables import (
    EVERYBODY,
    HEADCOUNT,
    KEY_STAGE,
    PEAK,
    PLACE_YEARS,
    SETTING,
    WANTED,
    WITH_PLAN,
)
from forecast.report.phrases import FEW, Row, count, count_range
from forecast.report.tables import year_ahead
from forecast.views.plain import LINE_BREAK, plain

SCHOOL: Final = ApSetting.AP_SCHOOL.value
NAMES: Final[Mapping[str, str]] = BY_SETTING | {ALL: "All of them"}
"""Who arranges it, or all of them -> a name for a narrow column."""
_WHO: Final = {WITH_PLAN: "with a plan", WITHOUT_PLAN: "without a plan", EVERYBODY: "both together"}


def years_shown(projection: Projection) -> dict[int, str]:
    """January -> heading: this school year, and those ahead that tables show."""
    now = max(projection.settings.current_year, projection.base)
    ahead = {year: heading.replace("now", "this year") for heading, year in projection.table_years.items()}
    return {year: f"{academic_year(year)}{LINE_BREAK}{heading}" for year, heading in ahead.items() if year >= now}


def this_year(projection: Projection) -> int:
    """January of the school year that stands for "now"."""
    return min(years_shown(projection))


def who_is_where(projection: Projection, everyone: pd.DataFrame) -> pd.DataFrame:
    """Children by who arranges their place, with a plan and without, a column a school year.

    Parameters
    ----------
    everyone : as `report.ap_tables.everyone_table`
    """
    rows = everyone[everyone["measure"] == HEADCOUNT]
    return _by_year(projection, {name: rows[mask] for name, mask in _lines(rows).items()})


def compared(projection: Projection, everyone: pd.DataFrame) -> pd.DataFrame:
    """The same, but for sums, this year and in the year that headlines speak of, as a drawing needs it.

    Returns
    -------
    columns line, said, bar, mark
    """
    rows = everyone[(everyone["measure"] == HEADCOUNT) & (everyone["who"] != EVERYBODY) & (everyone["setting"] != ALL)]
    return bars(projection, {name: rows[mask] for name, mask in _lines(rows).items()})


def bars(projection: Projection, lines: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Lines of a drawing with bars for the year that headlines speak of and marks for this one.

    Parameters
    ----------
    lines : name -> its rows, a year each
    """
    now, ahead = this_year(projection), year_ahead(projection)
    found = []
    for name, rows in lines.items():
        at = yearly(rows)
        then, today = at[ahead], at[now]
        span = count_range(then["p10"], then["p90"])
        said = f"{shown(then)}{f' ({span})' if span else ''}; {academic_year(now)}: {shown(today)}"
        found.append({"line": name, "said": said, "bar": then[MIDDLE], "mark": today[MIDDLE]})
    return pd.DataFrame(found)


def places_by_year(
    projection: Projection, table: pd.DataFrame, everyone: pd.DataFrame, setting: str, listed: Mapping[int, float]
) -> pd.DataFrame:
    """From children without a plan to places, a column a school year; AP schools with those who have a plan.

    Parameters
    ----------
    table : as `report.ap_tables.ap_table`
    setting : who arranges them
    listed : January -> places that the area lists; empty where it lists none of its own
    """
    own = table[(table["by"] == SETTING) & (table["line"] == setting)]
    lines = {
        "Without a plan: on average": own[own["measure"] == PLACE_YEARS],
        "Without a plan: fullest month": own[own["measure"] == PEAK],
        "Without a plan: some kept free": own[own["measure"] == WANTED],
    }
    for who, measure, name in (
        (WITH_PLAN, PEAK, "With a plan: one each"),
        (EVERYBODY, PEAK, "Both: fullest month"),
        (EVERYBODY, WANTED, "Both: some kept free"),
    ):
        rows = everyone[(everyone["who"] == who) & (everyone["setting"] == setting) & (everyone["measure"] == measure)]
        if not rows.empty:
            lines[name] = rows
    shown = _by_year(projection, lines)
    if listed:
        shown.loc["Places that there are"] = [count(listed[year]) for year in years_shown(projection)]
    return shown


def wanted_by_year(everyone: pd.DataFrame, setting: str) -> pd.DataFrame:
    """Places with headroom, of everybody who fills them: rows of `everyone`, a year each."""
    rows = everyone[(everyone["setting"] == setting) & (everyone["measure"] == WANTED)]
    both = rows[rows["who"] == EVERYBODY]
    return both if not both.empty else rows[rows["who"] == WITHOUT_PLAN]


def by_key_stage(projection: Projection, table: pd.DataFrame, setting: str) -> pd.DataFrame:
    """A row a key stage: average places, and those of the fullest month with headroom; none that stay small.

    Parameters
    ----------
    table : as `report.ap_tables.ap_table`
    """
    own = table[(table["by"] == KEY_STAGE) & (table["setting"] == setting)]
    measures = {PLACE_YEARS: "on average", WANTED: "fullest month, some kept free"}
    found = {}
    for stage in KeyStage:
        of_stage = own[own["line"] == stage]
        rows = {measure: yearly(of_stage[of_stage["measure"] == measure]) for measure in measures}
        if all(rows[WANTED][year]["p90"] < FEW for year in (this_year(projection), year_ahead(projection))):
            continue
        found[plain(stage_words(stage))] = {
            f"{academic_year(year)}{LINE_BREAK}{words}": _cell(rows[measure][year], ranged=measure == WANTED)
            for year in (this_year(projection), year_ahead(projection))
            for measure, words in measures.items()
        }
    return pd.DataFrame.from_dict(found, orient="index")


def listed(projection: Projection, setting: str) -> dict[int, float]:
    """January -> places of AP schools that the area lists; empty where those listed are only assumed, or none are."""
    labels = projection.about.means(Provision.ALTERNATIVE)
    if setting != SCHOOL or projection.places_assumed or not labels:
        return {}
    places = projection.places.sel(provision=labels).sum("provision", min_count=1).dropna("year")
    return {int(year): float(open_) for year, open_ in zip(places["year"].values, places.values, strict=True)}


def stage_words(label: str) -> str:
    """Words for a key stage, or for all of them."""
    return "All key stages" if label == ALL else f"Key stage {label[-1]} ({KEY_STAGE_NAMES[KeyStage(label)]})"


def yearly(rows: pd.DataFrame) -> dict[int, Row]:
    """January -> its row."""
    return {int(row["year"]): row for row in rows.to_dict("records")}


def _lines(rows: pd.DataFrame) -> dict[str, "pd.Series[bool]"]:
    """Name of a line -> which rows are its own, in the order of the table."""
    pairs = rows[["who", "setting"]].drop_duplicates().itertuples(index=False)
    return {
        f"{NAMES[str(setting)]}, {_WHO[str(who)]}": (rows["who"] == who) & (rows["setting"] == setting)
        for who, setting in pairs
    }


def _by_year(projection: Projection, lines: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    years = years_shown(projection)
    cells = {}
    for name, rows in lines.items():
        at = yearly(rows)
        cells[plain(name)] = {words: _cell(at[year], ranged=True) for year, words in years.items()}
    return pd.DataFrame.from_dict(cells, orient="index")


def _cell(row: Row, *, ranged: bool) -> str:
    """The number, and its range on a second line."""
    span = count_range(row["p10"], row["p90"]) if ranged and row["p10"] != row["p90"] else ""
    return f"{shown(row)}{LINE_BREAK}{span}" if span else shown(row)
