"""The control of each field of a lever on the page "What if?", by its sort."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final, get_args

import streamlit as st

from forecast.domain import (
    KEY_STAGE_NAMES,
    NC_YEARS,
    NEED_NAMES,
    PROVISION_NAMES,
    REASON_NAMES,
    SETTING_NAMES,
    TIER_NAMES,
    Need,
    Provision,
    academic_year,
)
from forecast.report.phrases import capped
from forecast.report.size_words import year_group
from forecast.scenario.ap_stays import TAKES_A_PLACE
from forecast.scenario.levers import LEVERS
from forecast.scenario.place_rows import Opening
from forecast.views import what_if_controls as controls
from forecast.views.plain import plain
from forecast.views.what_if_controls import Asked
from forecast.views.what_if_fields import Sort, control_of, most_of
from forecast.views.what_if_levers import helps, is_needed
from forecast.views.what_if_reach import Reach
from forecast.views.what_if_spokes import spokes
from forecast.views.what_if_state import Draft

Words = tuple[Sequence[Any], Callable[[Any], str]]
"""Options, and how each is said."""


def setting(draft: Draft, name: str, before: Any, reach: Reach) -> Any:  # noqa: ANN401 - whatever the field holds
    """The setting of one field that is chosen, as a file writes it; None where it is left out.

    Parameters
    ----------
    before : the setting now
    """
    control = control_of(draft.kind, name)
    needed = is_needed(draft.kind, name)
    asked = Asked(
        control.label,
        helps(draft.kind, name),
        f"lever {draft.number} {name}",
        before,
        needed,
        most_of(draft.kind, name),
    )
    if control.sort is Sort.NONE or (control.sort is Sort.KIND and isinstance(before, Mapping)):
        st.markdown(plain(f"{control.label}, as in the file: {before}"))
        return before
    if control.sort in _PLAIN:
        return _PLAIN[control.sort](asked)
    if control.sort is Sort.RAMP:
        usual = "As such projects usually do" if issubclass(LEVERS[draft.kind], Opening) and name == "ramp" else None
        return controls.ramp(asked, usual or controls.AT_ONCE)
    if control.sort is Sort.SPOKES:
        return spokes(asked.key, before, reach.known["district"])
    options, said = _options(draft.kind, name, reach)
    choose = controls.several if control.sort in _SEVERAL else controls.one
    return choose(asked, options, said)


_PLAIN: Final[Mapping[Sort, Callable[[Asked], Any]]] = {
    **{sort: partial(controls.percent, sort=sort) for sort in (Sort.SHARE, Sort.MULTIPLE)},
    Sort.POUNDS: controls.pounds,
    Sort.CHANCE: controls.chance,
    Sort.WHOLE: partial(controls.number, whole=True),
    Sort.NUMBER: partial(controls.number, whole=False),
    Sort.WORDS: controls.words,
    Sort.YES: controls.yes,
}
"""Sort of control -> the control, where that needs nothing of the area."""


def _named(names: Mapping[str, str], code: str) -> str:
    """Words of a code; the code itself where it is none."""
    return names.get(code, str(code))


_OF_AP: Final[Mapping[Sort, Mapping[str, str]]] = {
    Sort.KEY_STAGES: {str(code): name for code, name in KEY_STAGE_NAMES.items()},
    Sort.REASONS: {str(code): capped(name) for code, name in REASON_NAMES.items()},
    Sort.SETTINGS: {str(code): name for code, name in SETTING_NAMES.items()},
    Sort.TIERS: {str(code): capped(TIER_NAMES[code]) for code in TAKES_A_PLACE},
}
"""Sort of control -> code of alternative provision -> its words."""
_SEVERAL: Final = frozenset({Sort.DISTRICTS, Sort.NEEDS, Sort.KINDS, Sort.CODES, Sort.AGES, *_OF_AP})
_AXES: Final = {Sort.DISTRICT: "district", Sort.DISTRICTS: "district", Sort.SCHOOL: "school"}
_CODES: Final[Mapping[Sort, Words]] = {
    **{
        sort: ([code.value for code in Provision], lambda code: PROVISION_NAMES.get(code, str(code)))
        for sort in (Sort.CODE, Sort.CODES)
    },
    Sort.NEED_CODE: ([code.value for code in Need], lambda code: capped(NEED_NAMES.get(code, str(code)))),
    **{sort: (NC_YEARS, lambda nc_year: capped(year_group(nc_year))) for sort in (Sort.AGE, Sort.AGES)},
    **{sort: ([*names], partial(_named, names)) for sort, names in _OF_AP.items()},
}
"""Sort of control -> its options, where these are the same in every area."""


def _options(kind: str, name: str, reach: Reach) -> Words:
    """What may be chosen of the area's labels and years, or of a lever's own words."""
    sort = control_of(kind, name).sort
    if sort in _CODES:
        return _CODES[sort]
    if sort in _AXES:
        return reach.known[_AXES[sort]], str
    if sort in {Sort.KIND, Sort.KINDS}:
        return reach.known["provision"], reach.kind_words
    if sort is Sort.NEEDS:
        return reach.known["need"], reach.need_words
    if sort is Sort.YEAR:
        return [academic_year(year) for year in reach.years], str
    return _words_of(kind, name), lambda word: capped(str(word).replace("_", " "))


def _words_of(kind: str, name: str) -> list[str]:
    """Words that the type of a field allows: those of a `Literal`, or of an enum."""
    fields = {info.alias or own: info for own, info in LEVERS[kind].model_fields.items()}
    return _words_in(fields[name].annotation)


def _words_in(annotation: Any) -> list[str]:  # noqa: ANN401 - any type
    """Words in a type, found through its unions."""
    if isinstance(annotation, type):
        return [str(member.value) for member in getattr(annotation, "__members__", {}).values()]
    found: list[str] = []
    for part in get_args(annotation):
        found += [part] if isinstance(part, str) else _words_in(part)
    return found
