"""What `forecast check` says of an area's alternative provision: what was counted, and when last."""

from collections.abc import Iterator

import pandas as pd

from forecast.ap.excluded import yearly_exclusions
from forecast.domain import ALL, SETTING_NAMES, ApSetting, Reason, academic_year
from forecast.inputs.area import Area
from forecast.inputs.schemas_ap import MONTHS_A_YEAR, WITHOUT

NOTHING = (
    "Nothing is known here of children in alternative provision without a plan, so they are not forecast: add "
    "ap_rolls.csv, which `forecast import published --dashboard` makes, or your own records by `forecast import ap`."
)
_AXES = ("district", "plan", "reason", "key_stage")


def ap_counted(area: Area) -> tuple[str, ...]:
    """A sentence for each count of alternative provision that the area has; what to add where it has none."""
    rolls, stays = area.ap_rolls, area.ap_stays
    said = [_roll(rolls[rolls["setting"] == setting], setting) for setting in ApSetting]
    found = [*filter(None, said), *_arrivals(area.ap_arrivals), *_exclusions(area.exclusions, area.ap_arrivals)]
    if not stays.empty:
        found.append(f"Stays by length: {stays['ended'].sum():,} ended, {stays['ongoing'].sum():,} going on.")
    return tuple(found) if found else (NOTHING,)


def in_all(rows: pd.DataFrame) -> tuple[float, int]:
    """Children of rows of one day, each once, as the margin that names fewest columns has them; and counts hidden.

    Parameters
    ----------
    rows : columns of `schemas_ap.ApRolls`, of one day and setting
    """
    named = pd.Series(0, rows.index)
    for place, axis in enumerate(_AXES):
        named = named + (rows[axis] != ALL) * (10 + place)
    fewest = rows[named == named.min()]["children"]
    return float(fewest.sum()), int(fewest.isna().sum())


def _roll(own: pd.DataFrame, setting: ApSetting) -> str:
    """A setting's last January, or its last month where it has no January; empty where it has no rows."""
    januaries = own[own["month"] == 1]
    rows = januaries if len(januaries) else own
    if rows.empty:
        return ""
    year = int(rows["year"].max())
    day = rows[rows["year"] == year]
    day = day[day["month"] == day["month"].max()]
    when = f"January {year}" if len(januaries) else f"month {day['month'].iloc[0]} of {academic_year(year)}"
    everyone, without = day[day["plan"] == ALL], day[day["plan"] == WITHOUT]
    whole = in_all(everyone if len(everyone) else day)
    part = f"{_children(*in_all(without))} without a plan" if len(without) else "whether with a plan is not told"
    return f"{SETTING_NAMES[setting]}: last counted in {when}, {_children(*whole)}; {part}."


def _children(children: float, hidden: int) -> str:
    return f"{'at least ' if hidden else ''}{children:,.0f} children"


def _arrivals(arrivals: pd.DataFrame) -> Iterator[str]:
    if not arrivals.empty:
        own = arrivals.loc[arrivals["plan"] == WITHOUT, "children"].sum()
        yield f"Arrivals: {_span(arrivals)}, {arrivals['children'].sum():,} children; {own:,} without a plan."


def _exclusions(table: pd.DataFrame, arrivals: pd.DataFrame) -> Iterator[str]:
    """Permanent exclusions, and beside them the children who came for that reason in the last whole year of both."""
    if table.empty:
        return
    yield f"Exclusions: {_span(table)}."
    whole = arrivals[arrivals["months"] == MONTHS_A_YEAR]
    yearly, came = yearly_exclusions(table), whole[whole["reason"] == Reason.EXCLUSION]
    if both := sorted(set(yearly.index) & set(came["year"])):
        coming = came.loc[came["year"] == both[-1], "children"].sum()
        yield (
            f"In {academic_year(both[-1])}, {yearly[both[-1]]:,.0f} permanent exclusions were counted, and {coming:,} "
            "children came to alternative provision because of one: those who do not come, or come later, are between."
        )


def _span(table: pd.DataFrame) -> str:
    """First and last academic year, and those of which only a part was seen."""
    years = sorted(int(year) for year in table["year"].unique())
    part = sorted({int(year) for year in table.loc[table["months"] < MONTHS_A_YEAR, "year"]})
    span = " to ".join(dict.fromkeys((academic_year(years[0]), academic_year(years[-1]))))
    return span + (f" (only a part of {', '.join(map(academic_year, part))})" if part else "")
