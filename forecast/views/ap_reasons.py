"""Why children come to alternative provision, as its page shows that: a table and a drawing of arrivals x stays."""

from typing import Final

import pandas as pd

from forecast.domain import ALL, REASON_NAMES, Reason
from forecast.projection import Projection
from forecast.report.ap_middle import MIDDLE
from forecast.report.ap_tables import ARRIVALS, HEADCOUNT, REASON, STAY
from forecast.report.phrases import FEW, capped, count
from forecast.views.ap_tables import this_year
from forecast.views.plain import plain

TIMES: Final = "\N{MULTIPLICATION SIGN}"


def by_reason(rows: pd.DataFrame) -> pd.DataFrame:
    """A row a reason: who come this year, for how long, and how many are there at a time, the most first.

    Parameters
    ----------
    rows : as `reasons`
    """
    cells = {
        "Children who come in a year": rows[ARRIVALS].map(count),
        "Days that each stays, on average": [f"{round(days):,}" for days in rows[STAY]],
        "Children on an average day": rows[HEADCOUNT].map(count),
    }
    named = {label: plain(reason_words(str(label))) for label in rows.index}
    return pd.DataFrame(cells).rename(index=named).rename_axis(None)


def reasons(projection: Projection, table: pd.DataFrame, setting: str) -> pd.DataFrame:
    """Reason -> its measures in the middle of the futures this school year, the most children first.

    Parameters
    ----------
    table : as `report.ap_tables.ap_table`
    """
    own = table[(table["by"] == REASON) & (table["setting"] == setting) & (table["year"] == this_year(projection))]
    wide = own.pivot_table(index="line", columns="measure", values=MIDDLE, sort=False)
    return wide.dropna(subset=[STAY]).sort_values(HEADCOUNT, ascending=False, kind="stable")


def multiplied(found: pd.DataFrame) -> pd.DataFrame:
    """Reasons as a drawing needs them, each with its sum.

    Parameters
    ----------
    found : as `reasons`

    Returns
    -------
    columns line, said, bar
    """
    rows = [
        {
            "line": reason_words(str(reason)),
            "said": _said(row[ARRIVALS], row[STAY], row[HEADCOUNT]),
            "bar": row[HEADCOUNT],
        }
        for reason, row in found.iterrows()
    ]
    return pd.DataFrame(rows)


def reason_words(label: str) -> str:
    """Words for a reason, or for all of them."""
    return "All reasons" if label == ALL else capped(REASON_NAMES[Reason(label)])


def _said(come: float, days: float, on_roll: float) -> str:
    """The sum in figures; where one of them is small, only what it comes to."""
    if min(come, on_roll) < FEW:
        return f"{count(on_roll)} on an average day"
    return f"{count(come)} come for {round(days):,} days each: {count(on_roll)} on an average day"
