"""What every output says of alternative provision: what was counted, and what is worked back or assumed."""

from collections.abc import Mapping, Sequence
from typing import Final

from forecast.ap.excluded import MOST, Excluded
from forecast.ap.flows import PANDEMIC_YEARS
from forecast.ap.rolls import Counted
from forecast.ap.seasons import monthly
from forecast.domain import SETTING_NAMES, ApSetting, academic_year
from forecast.inputs.area import Area

WORKED_BACK: Final = (
    "Who comes to alternative provision, why and for how long is worked back from January rolls with stays and reasons "
    "that are assumed (data/reference/ap.csv): no authority publishes them."
)


def of_published(known: Mapping[ApSetting, Counted], base: int, excluded: Excluded | None) -> tuple[str, ...]:
    """Sentences on an area of which only January rolls are published.

    Parameters
    ----------
    excluded : what its own exclusions say of its AP schools; None where it has none
    """
    if not known:
        return ()
    last = max(found.year for found in known.values())
    later = f"figures of {academic_year(base)} are themselves a forecast" if last < base else "later ones are forecast"
    found = (
        f"Alternative provision for children without a plan was last counted in January {last}; {later}.",
        WORKED_BACK,
    )
    missing = [SETTING_NAMES[setting] for setting in ApSetting if setting not in known]
    left_out = (f"{name}: no count is known, so it is left out." for name in missing)
    return (*found, *(() if excluded is None else of_excluded(excluded)), *left_out)


def of_excluded(found: Excluded) -> tuple[str, ...]:
    """What permanent exclusions that the area counts itself were used for, and whether they fit its rolls."""
    said = (
        f"Of the children in AP schools, {found.share:.0%} are taken to have come because of a permanent exclusion, "
        f"from the {found.yearly:,.0f} a year up to {academic_year(found.year)} of exclusions.csv."
    )
    too_many = (
        f"So many exclusions would fill more than {MOST:.0%} of the roll with the stays that are assumed; see whether "
        "exclusions.csv, or stay_days and excluded_to_ap of ap.csv, suit this area."
    )
    return (said, too_many) if found.share >= MOST else (said,)


def of_records(area: Area, used: Sequence[int], spread: float) -> tuple[str, ...]:
    """Sentences on an area that counts arrivals itself.

    Parameters
    ----------
    used : years whose arrivals make the rates
    spread : as `flows.overdispersion`
    """
    years = sorted(set(area.ap_arrivals["year"]))
    left_out = [academic_year(year) for year in years if year in PANDEMIC_YEARS and year not in used]
    span = " to ".join(dict.fromkeys((academic_year(used[0]), academic_year(used[-1]))))
    own = (
        "and its own stays"
        if not area.ap_stays.empty
        else "; how long children stay is assumed (data/reference/ap.csv)"
    )
    said = (
        f"Alternative provision for children without a plan rests on the area's own arrivals of {span} {own}; cells "
        "with few children are drawn towards the area's rate, and that towards England's."
    ).replace(" ;", ";")
    of_pandemic = f"Arrivals of {' and '.join(left_out)}, years of the pandemic, are left out of these rates."
    of_spread = f"Years of arrivals vary {spread:.1f} times as much as chance alone would have them; ranges hold that."
    of_months = "Its fullest month and the hours that children attend are assumed: no roll was counted month by month."
    return (
        said,
        *([of_pandemic] if left_out else []),
        *([of_spread] if spread > 1 else []),
        *([of_months] if monthly(area.ap_rolls).empty else []),
    )
