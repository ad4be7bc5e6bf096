"""Settings, named and attended, as the return has them: rows by child, before they are given row ids."""

from typing import Final

import numpy as np
import pandas as pd

from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.known import Known
from forecast.records.synthetic.rates import PROVISIONS
from forecast.records.synthetic.schools import attended, setting_codes

SECOND_PLACEMENT: Final = 0.02
"""Share of plans in mainstream schools with a second placement, ranked 2, in alternative provision: judgement."""


def settings(known: Known, spells: pd.DataFrame) -> pd.DataFrame:
    """Rows of plan_detail, by child: where each of `spells` is; a code where there is no establishment."""
    at = spells["school"].to_numpy()
    school = known.places.take(np.maximum(at, 0)).set_index(spells.index)
    somewhere = at >= 0
    codes = np.array(setting_codes())[np.where(somewhere, 0, -1 - at)]
    return pd.DataFrame(
        {
            "urn": np.where(somewhere, school["urn"], ""),
            "ukprn": np.where(somewhere, school["ukprn"], ""),
            "setting": np.where(somewhere, "", codes),
            "setting_other": "",
            "rank": 1,
            "unit": somewhere & school["unit"].to_numpy(bool),
            "resourced": somewhere & school["resourced"].to_numpy(bool),
        },
        index=spells.index,
    )


def placed(known: Known, spells: pd.DataFrame) -> pd.DataFrame:
    """Rows of placement_detail, by child: the first placements."""
    blank = dict.fromkeys(("res", "wbp", "attendance_pattern"), "")
    leaving = known.by(spells["leaving"])
    return settings(known, spells).assign(entry_date=spells["entry"], leaving_date=leaving, **blank)


def second_ones(known: Known, spells: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Second placements of a few, beside the first and as long.

    Parameters
    ----------
    rows : `placed` of `spells`
    """
    also = (known.luck[rows.index] > 1 - SECOND_PLACEMENT) & (spells["provision"] == "mainstream").to_numpy()
    rows = rows[also]
    label = np.full(len(rows), list(PROVISIONS).index("alternative"))
    district = pd.Index(NAMES).get_indexer(pd.Index(known.past.people["district"].loc[rows.index]))
    school = known.places.take(attended(known.places, label, district, np.full(len(rows), 8), known.luck[rows.index]))
    return rows.assign(
        rank=2, urn=school["urn"].to_numpy(), ukprn=school["ukprn"].to_numpy(), unit=False, resourced=False
    )
