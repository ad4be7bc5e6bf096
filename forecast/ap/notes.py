"""What every output says of alternative provision: what was counted, and what is worked back or assumed."""

from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd

from forecast.ap.flows import PANDEMIC
from forecast.ap.rolls import Counted
from forecast.domain import SETTING_NAMES, ApSetting, academic_year

WORKED_BACK: Final = (
    "Who comes to alternative provision, why and for how long is worked back from January rolls with stays and reasons "
    "that are assumed (data/reference/ap.csv): no authority publishes them."
)


def of_published(known: Mapping[ApSetting, Counted], base: int) -> tuple[str, ...]:
    """Sentences on an area of which only January rolls are published."""
    if not known:
        return ()
    last = max(found.year for found in known.values())
    later = f"figures of {academic_year(base)} are themselves a forecast" if last < base else "later ones are forecast"
    found = (
        f"Alternative provision for children without a plan was last counted in January {last}; {later}.",
        WORKED_BACK,
    )
    missing = [SETTING_NAMES[setting] for setting in ApSetting if setting not in known]
    return (*found, *(f"{name}: no count is known, so it is left out." for name in missing))


def of_records(arrivals: pd.DataFrame, used: Sequence[int], spread: float) -> tuple[str, ...]:
    """Sentences on an area that counts arrivals and stays itself."""
    years = sorted(set(arrivals["year"]))
    left_out = [academic_year(year) for year in years if year in PANDEMIC and year not in used]
    span = " to ".join(dict.fromkeys((academic_year(used[0]), academic_year(used[-1]))))
    said = (
        f"Alternative provision for children without a plan rests on the area's own arrivals of {span} and its own "
        "stays; cells with few children are drawn towards the area's rate, and that towards England's."
    )
    of_pandemic = f"Arrivals of {' and '.join(left_out)}, years of the pandemic, are left out of these rates."
    of_spread = f"Years of arrivals vary {spread:.1f} times as much as chance alone would have them; ranges hold that."
    return (said, *([of_pandemic] if left_out else []), *([of_spread] if spread > 1 else []))
