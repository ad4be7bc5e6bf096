"""Rows of the register of assumptions on alternative provision: the figures that a forecast of it was made with."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

from forecast.ap.forecast import ApForecast
from forecast.domain import ALL, KEY_STAGE_NAMES, REASON_NAMES, SETTING_NAMES, TIER_NAMES
from forecast.inputs.reference_ap import FIGURES
from forecast.inputs.schemas_ap_figures import AP_WHERE

_SAYS: Final = {
    "plan_share": "Share of the children in a setting who have a plan.",
    "reason_share": "Share of children without a plan on roll who came for this reason.",
    "stay_days": "Mean length of a stay in calendar days.",
    "transition_share": "Share of those who come who take a place until they move on, not a time-limited one.",
    "return_share": "Share of those who leave who go back to a mainstream school.",
    "week": "Share of a full-time week that a child attends.",
    "january": "January's roll as a multiple of the year's mean.",
    "peak": "The fullest month as a multiple of the year's mean.",
    "excluded_to_ap": "Share of children permanently excluded who come to an AP school.",
    "hosted": "Share of the places filled by children whom schools send elsewhere that are AP schools' own.",
    "headroom": "Places to be kept free, as a share of those that the fullest month fills.",
}
"""Item -> what it means."""
_WORDS: Final = {name.value: words for names in (SETTING_NAMES, REASON_NAMES, KEY_STAGE_NAMES, TIER_NAMES)
                 for name, words in names.items()}  # fmt: skip
USED_FOR: Final = {
    "published": "children without a plan in alternative provision, who come from January rolls and these figures",
    "records": "children without a plan in alternative provision, where the area's own records say little or nothing",
}
"""Basis of a forecast -> the figures that rest on these."""


def ap_rows(ap: ApForecast) -> list[dict[str, Any]]:
    """A row of the register for each figure, but for owner and day of review, which the file does not name."""
    return [_row(figure, USED_FOR[ap.basis]) for figure in ap.figures]


def _row(figure: Mapping[Hashable, Any], used_for: str) -> dict[str, Any]:
    labels = [str(figure[axis]) for axis in AP_WHERE if figure[axis] != ALL]
    about = f" {'; '.join(_WORDS[label] for label in labels)}." if labels else ""
    item = str(figure["item"])
    return {
        "written_in": FIGURES,
        "name": f"{item}: {', '.join(labels)}" if labels else item,
        "says": f"{_SAYS[item]}{about}",
        **{name: figure[name] for name in ("value", "low", "high", "unit", "supported", "source")},
        "used_for": used_for,
    }
