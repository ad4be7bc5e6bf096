"""Exclusions from the invented county's schools, as the user of an area gives them: `exclusions.csv`."""

from typing import Any, Final

import numpy as np
import pandas as pd

from forecast.domain import KEY_STAGES, Reason
from forecast.records.synthetic.ap_rates import STAGES, by_key_stage
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.geography import NAMES
from forecast.records.synthetic.people import residents

OTHERS: Final = 0.1
"""Children excluded who come to no alternative provision, beside those who do: judgement, near what England's rolls and
exclusions of 2022/23 imply together."""
SUSPENSIONS: Final = {2021: 352_454, 2022: 578_280, 2023: 786_961, 2024: 954_952}
"""England's by January of the academic year (DfE, Suspensions and permanent exclusions in England, 2020/21 to 2023/24);
held outside the years that are known."""
_STAGES: Final = (0.03, 0.09, 0.54, 0.33, 0.01)
"""Share of them in each key stage: primary schools had 11% in 2023/24 (104,803), secondary schools 87% (829,896: DfE,
by the Independent, July 2025); within phases judgement."""
SWING: Final = 0.08
"""How far districts and years differ, as a share of the mean: judgement."""
SOURCE: Final = "Invented by forecast synthetic"


def excluded(
    stays: pd.DataFrame, people: Array, england: Array, years: range, recorded: range, seed: int
) -> pd.DataFrame:
    """exclusions.csv: year, months, district, key_stage, permanent, suspensions, source.

    Parameters
    ----------
    stays : of children without a plan, `ap_stays.COLUMNS`
    people : (year, district, key_stage)
        Residents of `years`.
    england : (age from 0 to 24)
        England's residents at mid-2024.
    recorded : academic years of the table, some of `years`
    seed : says how many are suspended, or excluded and come to no alternative provision
    """
    labels: dict[str, list[Any]] = {"year": list(recorded), "district": list(NAMES), "key_stage": list(STAGES)}
    cells: pd.MultiIndex = pd.MultiIndex.from_product(list(labels.values()), names=list(labels))
    shape = tuple(len(each) for each in labels.values())
    rng = np.random.default_rng([seed, 8])
    came = stays[stays["reason"].eq(Reason.EXCLUSION) & ~stays["beside"].astype(bool)]
    stage = came["nc_year"].map({nc_year: each.value for each, span in KEY_STAGES.items() for nc_year in span})
    year = came["start"].dt.year + (came["start"].dt.month > 8)  # noqa: PLR2004 - from September
    known = came.groupby([year, came["district"], stage]).size().reindex(cells, fill_value=0).to_numpy()
    permanent = known + rng.poisson(known * OTHERS)
    here = people[[years.index(each) for each in recorded]]
    whole = [SUSPENSIONS[min(max(each, min(SUSPENSIONS)), max(SUSPENSIONS))] for each in recorded]
    base = by_key_stage(residents([2023], england).sum(axis=1))[0]
    mean = here * np.array(whole)[:, None, None] * np.array(_STAGES) / base
    suspended = rng.poisson(mean * rng.gamma(1 / SWING**2, SWING**2, shape))
    table = cells.to_frame(index=False).assign(permanent=permanent, suspensions=suspended.ravel())
    table = table.assign(months=12, source=SOURCE)
    return table[["year", "months", "district", "key_stage", "permanent", "suspensions", "source"]]
