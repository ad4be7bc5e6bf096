"""Alternative provision in tidy tables: one line, one year and one measure a row, and numbers only.

Children are counted in three ways, which are kept apart: `HEADCOUNT` is children, each once; `PLACE_YEARS` is the
full-time places that they fill on average over the year; `PEAK` is those that they fill in its fullest month.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from forecast.ap.forecast import ApForecast
from forecast.domain import (
    ALL,
    KEY_STAGE_NAMES,
    REASON_NAMES,
    SETTING_NAMES,
    TIER_NAMES,
    WITHOUT_PLAN,
    ApSetting,
    Tier,
)
from forecast.places.sufficiency import STATISTICS, summarise
from forecast.projection import Projection
from forecast.report.ap_where import SCHOOL, peak_where_they_are, sent_by_schools, with_a_plan
from forecast.report.estimates import estimated
from forecast.report.tables import RATE_APPLIED, frame

AP: Final = "alternative_provision"
"""Name of the table's file, without the ending."""
EVERYONE: Final = "alternative_provision_everyone"
"""Name of the file of `everyone_table`."""
ARRIVALS, HEADCOUNT, PLACE_YEARS, PEAK = "arrivals", "headcount", "place-years", "peak places"
WANTED, RETURNS, SUPPORTED, STAY = "places with headroom", "returns", "supported", "mean stay"
"""Measures: children who come in the year; children on roll on average; full-time places filled on average, and in the
fullest month; that with the headroom; children back to mainstream; children in outreach; calendar days."""
SENT: Final = "peak places, part of the week"
"""Measure: of AP schools' places in the fullest month, those filled by children whom their schools send."""
DAYS: Final = "days"
"""Children who come x their mean stay, from which mean stays of several cells are made; in no table."""
SETTING, KEY_STAGE, REASON, DISTRICT, TIER = "setting", "key_stage", "reason", "district", "tier"
"""What lines tell apart: the column `by`, `ALL` besides."""
WITH_PLAN: Final = "with a plan"
EVERYBODY: Final = "with and without a plan"
"""Who a line of `everyone_table` counts, besides `WITHOUT_PLAN` and `SENT_BY_SCHOOLS`."""
WORKED_BACK: Final = "worked back from rolls, with stays and reasons assumed"
FROM_ROLLS: Final = "modelled from January rolls"
OWN_RECORDS: Final = "modelled from the area's own records"
JANUARY_ROLL: Final = "children with a plan on the January roll, each a full-time place"
SENT_BY_SCHOOLS: Final = "of those without a plan, sent by their schools for part of the week"
SHARE_OF_SENT: Final = "a share of the places that schools arrange: data/reference/ap.csv, item hosted"
COUNTED: Final = "counted in January"
"""Measure: children without a plan on the roll of the last counted January, which may be before every other year."""
LAST_ROLL: Final = "the last January roll; where plans are not told apart, less an assumed share with one"
MIXED: Final = "the lines above it together"
AS_SUPPOSED: Final = "counted in the area's own records, or supposed by the scenario"
EVERY_SETTING: Final = "all settings"
_WORDS: Final = {name.value: words for names in (SETTING_NAMES, REASON_NAMES, KEY_STAGE_NAMES, TIER_NAMES)
                 for name, words in names.items()}  # fmt: skip
_OF_FLOWS: Final = (ARRIVALS, RETURNS, STAY)
_Figures: TypeAlias = Mapping[str, xr.DataArray]
_AXES: Final = ("", KEY_STAGE, REASON, DISTRICT)


def ap_tables(projection: Projection) -> Mapping[str, pd.DataFrame]:
    """Both tables, by the names of their files; none where nothing is known of the area's alternative provision."""
    if projection.ap is None:
        return {}
    return {AP: ap_table(projection, projection.ap), EVERYONE: everyone_table(projection, projection.ap)}


def ap_table(projection: Projection, ap: ApForecast, axes: Sequence[str] = _AXES) -> pd.DataFrame:
    """Children without a plan in alternative provision, and the places that this takes: the whole ("") and by `axes`.

    Returns
    -------
    columns by, line, meaning, setting, year, academic_year, measure, mean, p10, p50, p80, p90, basis
        Every line of all settings, then of each that was counted: `setting` says which. `basis` is what it rests on.
        Places are where they are: those of AP schools hold `SENT`, and those that schools arrange do not.
    """
    known = counted_settings(ap)
    every = without_a_plan(ap)
    scopes = {ALL: known, **{setting: [setting] for setting in known}}
    parts = [_rows(ap, every, scope, settings, axes) for scope, settings in scopes.items()]
    table = pd.concat(parts, ignore_index=True).dropna(subset="mean")
    table["basis"] = _basis(ap, table)
    return estimated(projection.about, table, STATISTICS).reset_index(drop=True)


def everyone_table(projection: Projection, ap: ApForecast) -> pd.DataFrame:
    """Children with a plan in AP schools beside those without one, and their sum: nobody is counted twice.

    Those with a plan whom an independent school, a tutor or a mainstream school teaches are among the other kinds of
    place of the forecast, and not here.

    Children whom their schools send to AP schools for part of the week are among those that schools arrange; the places
    that they fill in AP schools are AP schools', and a line of their own tells how many of those are theirs.

    Returns
    -------
    columns who, setting, meaning, year, academic_year, measure (HEADCOUNT, PEAK, WANTED), mean, p10, p50, p80, p90,
    basis
    """
    rows = []
    for who, setting, basis, figures in _everyone(projection, ap):
        for measure, children in figures.items():
            named = {"who": who, "setting": setting, "meaning": _WORDS.get(setting, EVERY_SETTING)}
            rows.append(_framed(named, children, measure).assign(basis=basis))
    return estimated(projection.about, pd.concat(rows, ignore_index=True), STATISTICS)


def counted_settings(ap: ApForecast) -> list[str]:
    """Settings of which a count is known, in their order; of the others nothing is said."""
    return [setting.value for setting in ApSetting if setting in ap.counted]


def without_a_plan(ap: ApForecast) -> _Figures:
    """Measure -> children without a plan, or the places that they fill: (draw, year, setting, and what it tells apart).

    Places are by the setting that they are in.
    """
    peak = peak_where_they_are(ap)
    return {
        ARRIVALS: ap.arrivals,
        HEADCOUNT: ap.headcount,
        PLACE_YEARS: ap.filled_where_they_are,
        PEAK: peak,
        WANTED: peak * (1 + ap.headroom),
        DAYS: ap.arrivals * ap.stay,
    }


def of_settings(figures: _Figures, settings: Sequence[str]) -> dict[str, xr.DataArray]:
    """Measure -> its sum over some settings.

    Parameters
    ----------
    figures : as from `without_a_plan`
    """
    return {name: children.sel(setting=list(settings)).sum("setting") for name, children in figures.items()}


def _everyone(projection: Projection, ap: ApForecast) -> Iterator[tuple[str, str, str, _Figures]]:
    """Who, where, on what it rests, and measure -> (draw, year)."""
    known, own, figures = counted_settings(ap), _basis_of(ap), without_a_plan(ap)
    each = {setting: _whole(figures, [setting]) for setting in known}
    plans, sent = with_a_plan(projection), sent_by_schools(ap)
    placed = {} if plans is None else dict.fromkeys((HEADCOUNT, PEAK, WANTED), plans)
    if placed:
        placed |= {WANTED: placed[WANTED] * (1 + ap.headroom)}
        yield WITH_PLAN, SCHOOL, JANUARY_ROLL, placed
    if SCHOOL in each:
        yield WITHOUT_PLAN, SCHOOL, own, each[SCHOOL]
    if sent is not None:
        some = _summed(sent)
        yield SENT_BY_SCHOOLS, SCHOOL, SHARE_OF_SENT, {PEAK: some, WANTED: some * (1 + ap.headroom)}
    if placed and SCHOOL in each:
        yield EVERYBODY, SCHOOL, MIXED, {name: part + placed[name] for name, part in each[SCHOOL].items()}
    for setting in known:
        if setting != SCHOOL:
            yield WITHOUT_PLAN, setting, own, each[setting]
    every = _whole(figures, known)
    yield WITHOUT_PLAN, ALL, own, every
    if placed:
        yield EVERYBODY, ALL, MIXED, {name: part + placed[name] for name, part in every.items()}


def _whole(figures: _Figures, settings: Sequence[str]) -> dict[str, xr.DataArray]:
    chosen = of_settings({name: figures[name] for name in (HEADCOUNT, PEAK, WANTED)}, settings)
    return {name: _summed(children) for name, children in chosen.items()}


def _rows(ap: ApForecast, every: _Figures, scope: str, settings: Sequence[str], axes: Sequence[str]) -> pd.DataFrame:
    """Every line of some settings together; `scope` is what the column `setting` calls them."""
    figures = of_settings(every, settings)
    days, sent = figures.pop(DAYS), sent_by_schools(ap)
    if scope == ALL:
        figures |= {RETURNS: ap.returns} | ({SUPPORTED: ap.supported} if ap.supported.any() else {})
    if scope == SCHOOL and sent is not None:
        figures[SENT] = sent
    parts = [_last(ap, scope, settings)]
    for by in axes:
        told = {name: children for name, children in figures.items() if not by or by in children.dims}
        parts += [_line(scope, by, measure, _summed(children, by)) for measure, children in told.items()]
        whole = _summed(figures[ARRIVALS], by)
        parts.append(_line(scope, by, STAY, _summed(days, by) / whole.where(whole > 0)))
    long = ap.transition.sel(setting=list(settings)).sum(["setting", "key_stage"])
    tiers = {Tier.SHORT: (HEADCOUNT, _summed(figures[HEADCOUNT]) - long), Tier.TRANSITION: (HEADCOUNT, long)}
    if SUPPORTED in figures:
        tiers[Tier.OUTREACH] = (SUPPORTED, ap.supported)
    for tier, (measure, children) in tiers.items():
        parts.append(_line(scope, TIER, measure, children.expand_dims(tier=[tier.value])))
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _last(ap: ApForecast, scope: str, settings: Sequence[str]) -> pd.DataFrame:
    """The last counted January roll; no rows where a setting has none, or where they are of different years."""
    years = {ap.counted[setting] for setting in settings}
    if len(years) > 1 or not set(settings) <= set(ap.last):
        return pd.DataFrame()
    found = sum(ap.last[setting] for setting in settings)
    counted = xr.DataArray([[found]], coords={"draw": [0], "year": list(years)}, dims=("draw", "year"))
    return _line(scope, "", COUNTED, counted)


def _line(scope: str, by: str, measure: str, children: xr.DataArray) -> pd.DataFrame:
    """Rows of one measure: of each label of `by`, or of all of `scope` where it is empty."""
    if not by:
        named = {"by": ALL if scope == ALL else SETTING, "line": scope, "meaning": _WORDS.get(scope, EVERY_SETTING)}
        return _framed({**named, "setting": scope}, children, measure)
    table = frame(summarise(children), measure).rename(columns={by: "line"})
    table.insert(0, "by", by)
    table.insert(2, "meaning", [_WORDS.get(str(line), str(line)) for line in table["line"]])
    table.insert(3, "setting", scope)
    return table


def _framed(named: Mapping[str, str], children: xr.DataArray, measure: str) -> pd.DataFrame:
    """Rows of (draw, year), with what names them in front."""
    table = frame(summarise(children), measure)
    for place, (column, label) in enumerate(named.items()):
        table.insert(place, column, label)
    return table


def _summed(children: xr.DataArray, by: str = "") -> xr.DataArray:
    """Summed over all but draws, years and `by`, in this order: quantiles are of the sum."""
    kept = ["draw", "year", *([by] if by else [])]
    return children.sum([axis for axis in children.dims if axis not in kept]).transpose(*kept)


def _basis_of(ap: ApForecast) -> str:
    return OWN_RECORDS if ap.basis == "records" else FROM_ROLLS


def _basis(ap: ApForecast, table: pd.DataFrame) -> NDArray[np.str_]:
    """What each row rests on."""
    supposed = table["measure"] == SUPPORTED
    last, sent = table["measure"] == COUNTED, table["measure"] == SENT
    if ap.basis == "records":
        return np.select([supposed, last, sent], [AS_SUPPOSED, LAST_ROLL, SHARE_OF_SENT], OWN_RECORDS)
    back = table["by"].isin([REASON, TIER]) | table["measure"].isin(_OF_FLOWS)
    kinds = [supposed, last, sent, back, table["by"] == DISTRICT]
    return np.select(kinds, [AS_SUPPOSED, LAST_ROLL, SHARE_OF_SENT, WORKED_BACK, RATE_APPLIED], FROM_ROLLS)
