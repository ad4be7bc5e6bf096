"""A worked case: one child's place in an adapted mainstream school or a base, against a special school's."""

from typing import Final

import pandas as pd

from forecast.decide.size import Sized
from forecast.report.phrases import RANGE, capped
from forecast.report.size_words import SCHOOLS

HEADING: Final = "A worked case: adapt a mainstream school instead"
ADAPTED, SPECIAL, INDEPENDENT = "adapted mainstream school", "state special school", "independent school"
"""Rows of `Sized.one_place` that the sentences set side by side."""


def worked_reasons(sized: Sized) -> list[str]:
    """What one place costs a year each way; nothing where no school or base is asked about."""
    if sized.case.setting.provision not in SCHOOLS:
        return []
    rows = {str(row["way"]): row for row in sized.one_place.to_dict("records")}
    adapted, special, instead = (float(rows[way]["mean"]) for way in (ADAPTED, SPECIAL, INDEPENDENT))
    return [
        (
            "An illustration, at the prices of this answer and of no one site: a child's place in a mainstream school "
            f"that is adapted costs about {_hundreds(adapted)} a year with its building, in a state special school "
            f"{_hundreds(special)}, in an independent school {_hundreds(instead)}."
        ),
        (
            f"Of the adapted school only the child's top-up is counted, about {_hundreds(rows[ADAPTED]['run'])}, not "
            "what the school has for every pupil; its building is priced as a base's, whose sources are adaptations. "
            "Transport is in none of them."
        ),
        "Whether a child's needs can be met there is for those to judge who know the child: no price here says it.",
    ]


def worked_table(sized: Sized) -> pd.DataFrame:
    """A row a way to teach one child: running cost, building, and both with their range, pounds a year."""
    if sized.case.setting.provision not in SCHOOLS:
        return pd.DataFrame()
    rows = sized.one_place.to_dict("records")
    table = pd.DataFrame(
        {
            "Teaching, a year": [_hundreds(row["run"]) for row in rows],
            "Building, a year": [_hundreds(row["building"]) if row["building"] else "-" for row in rows],
            "Together": [_hundreds(row["mean"]) for row in rows],
            f"Range ({RANGE})": [f"{_hundreds(row['p10'])} to {_hundreds(row['p90'])}" for row in rows],
        }
    )
    return table.set_axis([capped(str(row["way"])) for row in rows], axis=0)


def _hundreds(sum_of_money: float) -> str:
    """A sum to the nearest hundred pounds."""
    return f"£{round(sum_of_money, -2):,.0f}"
