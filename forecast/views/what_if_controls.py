"""Controls of the page "What if?": each shows a setting as a file writes it, and gives back the one that is chosen.

A control that nobody has moved gives back the very setting that it was given, so that nothing read from a file is
rounded by being looked at.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any, Final

import streamlit as st

from forecast.report.phrases import uncapped
from forecast.views.plain import plain
from forecast.views.what_if_fields import Sort

ALL_PERCENT, TWICE = 100, 200
STEP_OF_POUNDS: Final = 500.0
MOST_WORDS, MOST_SENTENCES = 200, 2000
"""Characters of some words and of some sentences, where a file has no more already."""
AT_ONCE: Final = "All at once"
RAMPS: Final = (1, 2, 3, 4, 5)
"""Years over which a lever may take effect evenly."""


@dataclass(frozen=True)
class Asked:
    """A setting that is asked for."""

    label: str
    about: str
    """What it means, in the lever's own words."""
    key: str
    """Of its control."""
    written: Any
    """The setting now, as a file writes it; None where it is left out."""
    needed: bool = True
    """Whether one must be chosen."""
    most: float | None = None
    """The most that it may be, its range included; None where it has no range."""

    @property
    def shown(self) -> Mapping[str, Any]:
        """What every control is given."""
        return {"label": self.label, "key": self.key, "help": plain(self.about)}


def chosen(key: str, shown: Any, draw: Callable[[], Any]) -> Any:  # noqa: ANN401 - what a control holds
    """What a control holds, which begins at `shown`.

    Parameters
    ----------
    key : of the control
    draw : puts the control on the page
    """
    if key not in st.session_state:
        st.session_state[key] = shown
    return draw()


def central(written: Any) -> float | None:  # noqa: ANN401 - a setting of a file
    """Value of a setting that may have a range; None where it is left out."""
    if isinstance(written, Mapping):
        return float(written["value"])
    return None if written is None else float(written)


def with_value(written: Any, value: float | None, most: float | None) -> Any:  # noqa: ANN401 - a setting of a file
    """A setting moved to another value, its range as wide below and above as it was, as far as there is room."""
    if value is None or not isinstance(written, Mapping):
        return value
    low, high = (written[end] - written["value"] for end in ("low", "high"))
    return with_range(value, -low, high, most)


def with_range(value: float, below: float, above: float, most: float | None) -> Any:  # noqa: ANN401 - as `with_value`
    """A setting with a range so far below and above it; a bare number where it has none.

    Parameters
    ----------
    most : that any part of it may be; None where nothing is too much
    """
    low, high = round(max(value - below, 0.0), 6), round(min(value + above, inf if most is None else most), 6)
    return value if low == value == high else {"value": value, "low": low, "high": high}


def percent(asked: Asked, sort: Sort) -> Any:  # noqa: ANN401 - as `chosen`
    """A slider of percent."""
    shown = round((central(asked.written) or 0.0) * ALL_PERCENT)
    most = ALL_PERCENT if sort is not Sort.MULTIPLE else max(TWICE, shown)
    now = chosen(asked.key, shown, lambda: st.slider(min_value=0, max_value=most, step=1, format="%d%%", **asked.shown))
    return asked.written if now == shown else with_value(asked.written, now / ALL_PERCENT, asked.most)


def pounds(asked: Asked) -> Any:  # noqa: ANN401 - as `chosen`
    """A number of pounds, or nothing."""
    before, step = central(asked.written), STEP_OF_POUNDS
    now = chosen(
        asked.key,
        before,
        lambda: st.number_input(min_value=0.0, value=None, step=step, format="%.0f", **asked.shown),
    )
    return asked.written if now == before else with_value(asked.written, now, asked.most)


def spread(asked: Asked, sort: Sort) -> Any:  # noqa: ANN401 - as `chosen`
    """How far below and above its value a setting may turn out to be."""
    value, written = central(asked.written), asked.written
    if value is None:
        return written
    ends = written if isinstance(written, Mapping) else {"low": value, "high": value}
    gaps = {"lower": value - ends["low"], "higher": ends["high"] - value}
    now = {way: _gap(asked, way, gap, sort) for way, gap in gaps.items()}
    return written if now == gaps else with_range(value, now["lower"], now["higher"], asked.most)


def _gap(asked: Asked, way: str, gap: float, sort: Sort) -> float:
    """How far a setting may turn out lower, or higher, in its own unit."""
    unit, step, digits, sized = _GAPS.get(sort, _IN_PERCENT)
    key, shown = f"{asked.key} {way}", round(gap * unit, digits)
    label = f"{way.capitalize()} by{sized} ({uncapped(asked.label)})"
    form = f"%.{digits}f"
    now = chosen(key, shown, lambda: st.number_input(label, 0.0, None, step=step, format=form, key=key))
    return gap if now == shown else float(now or 0.0) / unit


_IN_PERCENT: Final = (ALL_PERCENT, 1.0, 0, ", percentage points")
_GAPS: Final[Mapping[Sort, tuple[int, float, int, str]]] = {
    Sort.POUNDS: (1, STEP_OF_POUNDS, 0, ", pounds"),
    Sort.WHOLE: (1, 1.0, 0, ""),
    Sort.NUMBER: (1, 0.1, 2, ""),
}
"""Sort of control -> units in one of its setting, step, digits shown, and the unit in words; others are in percent."""


def number(asked: Asked, *, whole: bool) -> Any:  # noqa: ANN401 - as `chosen`
    """A number, or nothing."""
    before = central(asked.written)
    shown = before if before is None or not whole or before != int(before) else int(before)
    step: Any = 1 if isinstance(shown, int) or (shown is None and whole) else 0.1
    now = chosen(asked.key, shown, lambda: st.number_input(value=None, step=step, **asked.shown))
    return asked.written if now == shown else with_value(asked.written, now, asked.most)


def chance(asked: Asked) -> Any:  # noqa: ANN401 - as `chosen`
    """A chance in percent, or nothing."""
    shown = None if asked.written is None else round(float(asked.written) * ALL_PERCENT)
    now = chosen(
        asked.key,
        shown,
        lambda: st.number_input(min_value=0, max_value=ALL_PERCENT, value=None, step=5, **asked.shown),
    )
    return asked.written if now == shown else None if now is None else now / ALL_PERCENT


def words(asked: Asked) -> Any:  # noqa: ANN401 - as `chosen`
    """Some words."""
    shown, most = str(asked.written or ""), max(MOST_WORDS, len(str(asked.written)))
    now = chosen(asked.key, shown, lambda: st.text_input(max_chars=most, **asked.shown))
    return asked.written if now == shown else now


def sentences(asked: Asked) -> Any:  # noqa: ANN401 - as `chosen`
    """Some sentences."""
    shown, most = str(asked.written or ""), max(MOST_SENTENCES, len(str(asked.written)))
    now = chosen(asked.key, shown, lambda: st.text_area(max_chars=most, **asked.shown))
    return asked.written if now == shown else now


def yes(asked: Asked) -> bool:
    """Yes or no."""
    return bool(chosen(asked.key, bool(asked.written), lambda: st.checkbox(**asked.shown)))


def one(asked: Asked, options: Sequence[Any], said: Callable[[Any], str] = str) -> Any:  # noqa: ANN401 - as `chosen`
    """One of some options, or none; what a file has besides is one of them, so that a fault of it can be told."""
    written = asked.written
    offered = [*options, *([] if written is None or written in options else [written])]
    return chosen(
        asked.key,
        written,
        lambda: st.selectbox(options=offered, index=0 if asked.needed else None, format_func=said, **asked.shown),
    )


def several(asked: Asked, options: Sequence[Any], said: Callable[[Any], str] = str) -> Any:  # noqa: ANN401 - as `chosen`
    """Some of some options; what a file has besides is among them, so that a fault of it can be told."""
    written = asked.written
    shown = [written] if isinstance(written, (str, int)) else list(written or [])
    offered = [*options, *(label for label in shown if label not in options)]
    now = chosen(asked.key, shown, lambda: st.multiselect(options=offered, format_func=said, **asked.shown))
    return written if now == shown else now


def ramp(asked: Asked, usual: str) -> Any:  # noqa: ANN401 - as `chosen`
    """How a lever takes effect: evenly over some years, or as a file says.

    Parameters
    ----------
    usual : what no ramp at all means
    """
    shown = tuple(asked.written or ())
    even = {tuple(round((at + 1) / years, 4) for at in range(years)): years for years in RAMPS}

    def said(steps: tuple[float, ...]) -> str:
        if not steps:
            return usual
        if steps not in even:
            return "; ".join(f"{share:.0%}" for share in steps)
        return AT_ONCE if even[steps] == 1 else f"Evenly over {even[steps]} years"

    offered = [(), *(steps for steps in even if usual != AT_ONCE or len(steps) > 1)]
    now = one(replace(asked, written=shown), offered, said)
    return asked.written if now == shown else list(now or ())
