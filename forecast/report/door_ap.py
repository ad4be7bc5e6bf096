"""Alternative provision at the door: of a council's own records, only totals of the whole area leave.

Lines by setting, age, reason, district and tier would each have to be guarded against all others, against the children
with a plan beside them and against the places that both leave over. So they stay, and with them every total from which
a small one could be had.
"""

from collections.abc import Sequence
from typing import Final

import pandas as pd

from forecast.domain import ALL, Provision
from forecast.places.sufficiency import STATISTICS
from forecast.report.ap_tables import AP, ARRIVALS, COUNTED, EVERYONE, HEADCOUNT, PEAK, PLACE_YEARS, SENT, SETTING
from forecast.report.door_read import Kept
from forecast.report.door_rules import Profile

OF_AP: Final = (AP, EVERYONE)
"""Tables whose lines are no sums over the census of children with a plan."""
SHOWN: Final = (HEADCOUNT, PEAK)
"""Measures that leave. The others follow from these by shares that are known, and would undo their rounding."""
ONLY_TOTALS: Final = (
    f"{AP}.csv, but for children on roll and places in the fullest month of the whole area: parts could be had from "
    "each other. Places that children sent by their schools for part of the week fill are among these, each once"
)
NOTHING: Final = f"{AP}.csv: the whole area has so few children in it, or in one setting, that nothing of it is shown"
BESIDE_PLANS: Final = "children with and without a plan side by side give each other away"


def few_in_ap(runs: Sequence[Kept], profile: Profile) -> bool:
    """Whether children without a plan in alternative provision, or in one setting of it, are few in any year or run.

    Nothing is said of them then, nor of what AP schools' places leave over.
    """
    return any(is_few(run.tables[AP], profile) for run in runs if AP in run.tables)


def whole_area(table: pd.DataFrame, profile: Profile) -> pd.DataFrame:
    """The lines that leave: totals of the whole area, rounded.

    Parameters
    ----------
    table : as the run wrote it, of which `few_in_ap` is not so
    """
    rows = table[(table["by"] == ALL) & table["measure"].isin(SHOWN)].reset_index(drop=True)
    return rows.assign(**{name: profile.rounded(rows[name]) for name in STATISTICS})


def filled_by_others(run: Kept) -> frozenset[str]:
    """Kinds of place that children without a plan fill too, so that no shortage of them follows from children shown."""
    if AP not in run.tables:
        return frozenset()
    return frozenset(label for label, means in run.census.means.items() if means is Provision.ALTERNATIVE)


def figures_of(kind: str, table: pd.DataFrame) -> "pd.Series[str]":
    """How the figures of each row came to be, of counts of a council's own.

    Children without a plan in alternative provision are modelled at the census too, as means of its year: their rows
    say what they rest on. All others are `kind`.
    """
    if {SETTING, "basis"} <= set(table):
        return table["basis"].astype("str")
    return pd.Series(kind, index=table.index, dtype="str")


def is_few(table: pd.DataFrame, profile: Profile) -> bool:
    """Whether any number of the whole area, or of one setting in it, is small; of those sent there by schools too.

    A setting of few would follow from the whole and the others, where these are published or known elsewhere.

    Parameters
    ----------
    table : as the run wrote it
    """
    whole = table["by"].isin([ALL, SETTING])
    told = table[whole & table["measure"].isin([ARRIVALS, COUNTED, HEADCOUNT, PLACE_YEARS, PEAK, SENT])]
    return bool(profile.small(told[list(STATISTICS)]).any())
