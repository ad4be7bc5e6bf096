"""Stays in alternative provision as a council's own list has them: a row a stay, in words that councils use."""

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import ApSetting
from forecast.inputs.schemas_ap import WITH
from forecast.records.synthetic.ap_county import ApCounty
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.returns import LABEL, pupil_number

FILE: Final = f"{LABEL}_AP_placements.csv"
"""Name of the list."""
NO_PLAN_FROM: Final = 500_000_000
"""Number of the first child without a plan, beyond those of the returns."""
SETTINGS: Final = {
    ApSetting.AP_SCHOOL: ("Pupil referral unit", "AP academy"),
    ApSetting.LA_FUNDED: ("One to one tuition", "Registered provider with UKPRN", "Other unregistered provider"),
    ApSetting.SCHOOL_ARRANGED: ("School arranged",),
}
"""Words of each setting: those of the AP census, and of Get Information about Schools."""
REASONS: Final = {
    "exclusion": "Permanent exclusion",
    "time_limited": "Off-site direction",
    "medical": "Mental health need",
    "awaiting": "Awaiting a school place",
    "other": "Other",
}
ON_PLAN: Final = "Setting named on EHC plan"
"""Reason of those with a plan, in the words of the AP census."""
REGISTRATIONS: Final = {"sole": "Sole", "dual_main": "Dual main", "dual_subsidiary": "Dual subsidiary", "none": "None"}
TIERS: Final = {"short": "Tier 2", "transition": "Tier 3", "outreach": "Tier 1"}


def placements(ap: ApCounty, numbers: Array) -> pd.DataFrame:
    """The list, by first day: what is known on its last day, every cell a text.

    Parameters
    ----------
    ap : of the county
    numbers : (children with a plan) each one's own, as the returns have it
    """
    stays = ap.stays
    with_plan, going_on = stays["plan"].eq(WITH), ~(stays["end"] <= ap.seen)
    first = int(stays.loc[~with_plan, "child"].min()) if (~with_plan).any() else 0
    child = stays["child"].to_numpy()
    number = NO_PLAN_FROM + child - first
    number[with_plan] = numbers[child[with_plan]]
    words = [SETTINGS[ApSetting(setting)] for setting in stays["setting"]]
    went_back = np.where(stays["returned"], "yes", "no")
    table = pd.DataFrame(
        {
            "child": [pupil_number(int(each)) for each in number],
            "start": stays["start"].dt.strftime("%Y-%m-%d"),
            "end": stays["end"].dt.strftime("%Y-%m-%d").where(~going_on, ""),
            "reason": np.where(with_plan, ON_PLAN, stays["reason"].map(REASONS)),
            "setting": [each[at % len(each)] for each, at in zip(words, child, strict=True)],
            "plan": np.where(with_plan, "yes", "no"),
            "returned": np.where(going_on, "", went_back),
            "nc_year": stays["nc_year"].astype(str),
            "district": stays["district"],
            "registration": stays["registration"].map(REGISTRATIONS),
            "days": [f"{days:g}" for days in stays["days"]],
            "tier": stays["tier"].map(TIERS),
            "label": LABEL,
        }
    )
    return table.sort_values(["start", "child", "setting"], kind="stable", ignore_index=True)


def write_placements(folder: Path, ap: ApCounty, numbers: Array) -> None:
    """Write the list into a folder that exists."""
    placements(ap, numbers).to_csv(folder / FILE, index=False, lineterminator="\n", encoding="utf-8")
