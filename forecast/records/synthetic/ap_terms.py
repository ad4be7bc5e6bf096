"""When stays in alternative provision begin and end: in term, with the school year, and by the end of Year 11."""

from typing import Final

import numpy as np
from scipy.special import gammaincinv

from forecast.domain import KEY_STAGES, KeyStage
from forecast.records.synthetic.days import Array, Days, september

CAME: Final = (0.08, 0.10, 0.12, 0.08, 0.11, 0.07, 0.11, 0.07, 0.10, 0.10, 0.06, 0.0)
"""Share of those who come in each month from September: 38% in autumn, 29% in spring and 33% in summer, as of England's
permanent exclusions in 2023/24 (4,168 of 10,885 in autumn, a quarter fewer in spring: DfE, by Browne Jacobson and the
Independent); within terms judgement."""
SPREAD: Final = 2.0
"""Shape of the gamma distribution of stays as they are meant to be: judgement."""
SHORTEST: Final = 5
"""Days of the shortest stay that is meant to be."""
HALF_TERM: Final = 42
"""Days, six weeks: short placements are agreed by the half-term. Judgement, after contracts of twelve weeks (Bradford
District PRU, Enfield) and of sixteen (Lincolnshire)."""
WITH_SUMMER: Final = 0.25
"""Share of transition stays that end with the summer term, whenever they were meant to: judgement. With those of Year
11, who all leave in June, rolls of the summer term are then one and a half times those of autumn, as England's were in
2017/18 ("an almost 50% increase in enrolments between autumn and summer", FFT Education Datalab, May 2019)."""
TO_THE_END: Final = 0.8
"""Share of transition stays of Years 10 and 11 that last to the end of Year 11: judgement, after Lincolnshire County
Council's Ladder (such placements are usually for the entire key stage)."""
_LAST: Final = (11, 14)
"""Year groups at whose end school, and education after it, are over."""
_TERM_ENDS: Final = 41
"""Days from the last of the summer term, 22 July, to the first of September."""
_FRIDAY: Final = np.datetime64("1970-01-02", "D")


def begun(year: Array, nc_year: Array, luck: Array) -> Days:
    """First day of each stay: a weekday in term, for the last year groups in the months before they leave.

    Parameters
    ----------
    year : (stays) January of the academic year
    nc_year, luck : (stays)
    """
    first = september(year - 1)
    until = np.cumsum(CAME)
    month = np.minimum(np.searchsorted(until, luck, side="right"), int(np.flatnonzero(CAME)[-1]))
    part = (luck - (until[month] - np.array(CAME)[month])) / np.array(CAME)[month]
    opens = (first.astype("datetime64[M]") + month).astype("datetime64[D]")
    last_day = summer(year) - SHORTEST
    after = np.minimum((opens.astype("datetime64[M]") + 1).astype("datetime64[D]"), last_day)
    days = (opens - first).astype(int) + part * (after - opens).astype(int)
    over = left_school(year, nc_year) - SHORTEST
    sooner = np.where(np.isin(nc_year, _LAST), (over - first).astype(int) / (last_day - first).astype(int), 1.0)
    return np.busday_offset(first + np.floor(days * sooner).astype(int), 0, roll="forward")


def ended(start: Days, year: Array, nc_year: Array, transition: Array, meant: Array, luck: dict[str, Array]) -> Days:
    """Last day on roll of each stay, a weekend before the next one counted.

    Parameters
    ----------
    start, year, nc_year : (stays) as in `begun`
    transition : (stays) whether the place is until the next school
    meant : (stays) mean days of such stays, before the calendar has its say
    luck : `length`, `summer` and `onward`, (stays) each
    """
    days = gammaincinv(SPREAD, luck["length"]) * meant / SPREAD
    agreed = np.maximum(np.rint(days / HALF_TERM), 1) * HALF_TERM
    end = start + np.where(transition, np.maximum(np.rint(days), SHORTEST), agreed).astype(int) - 1
    nearest = summer((end - 20).astype("datetime64[Y]").astype(int) + 1970)  # 22 July lies nearest from 21 January on
    later = summer((end - 20).astype("datetime64[Y]").astype(int) + 1971)
    term = np.where(nearest < start + SHORTEST - 1, later, nearest)
    end = np.where(transition & (luck["summer"] < WITH_SUMMER), term, end)
    this_summer = summer(end.astype("datetime64[Y]").astype(int) + 1970)
    end = np.where((end > this_summer) & (end < this_summer + _TERM_ENDS), this_summer, end)
    last = left_school(year, nc_year)
    stays_on = transition & np.isin(nc_year, list(KEY_STAGES[KeyStage.KS4])) & (luck["onward"] < TO_THE_END)
    return np.maximum(np.where(stays_on, last, np.minimum(end, last)), start)


def left_school(year: Array, nc_year: Array) -> Days:
    """Last Friday of June of Year 11 or, for older ones, of Year 14 (school leaving date: DfE)."""
    until = np.where(nc_year <= _LAST[0], _LAST[0], _LAST[1]) - nc_year
    june = september(year + until) - 63
    return june - (june - _FRIDAY).astype(int) % 7


def summer(year: Array) -> Days:
    """Last day of the summer term of each academic year, by its January: 22 July."""
    return september(year) - _TERM_ENDS
