"""The page on trust: how far out the forecast was when it was made from past Januaries, and what that cannot tell.

Each part shows a sentence, a drawing and a table of the same figures, all from the tables of `forecast backtest`.
"""

from html import escape
from typing import Final

import pandas as pd
import streamlit as st

from forecast.inputs.about import About
from forecast.inputs.backtest_tables import ENGLAND, OURS, SIZES, BacktestTables
from forecast.report.phrases import RANGE, capped, count
from forecast.series.targets import TARGETS
from forecast.views import drawings, trust_limits
from forecast.views import trust_figures as figures
from forecast.views import trust_words as words
from forecast.views.places import HEADLINE
from forecast.views.plain import LINE_BREAK, bullets, plain

TITLE: Final = "Can I trust it?"
DRAWN: Final = (OURS, *figures.RULES)
"""Methods in the drawing; the table has them all."""
MEANT: Final = 0.8
"""Share of outcomes that a range is meant to hold."""


def trust_page(tables: BacktestTables, about: About, plans_by_age: pd.DataFrame) -> None:
    """Errors of past forecasts, by years ahead and size of authority, their ranges, an example, and the limits.

    Parameters
    ----------
    about : the area that is looked at
    plans_by_age : plans of every authority, as from `read_plans_by_age`
    """
    st.title(TITLE, anchor=False)
    st.markdown(
        "The forecast was made again from past Januaries, as if nothing later were known, and set beside what came."
    )
    tried = set(figures.of_all(tables.scores))
    kinds = [target for target in TARGETS if target in tried]
    target = st.selectbox("Kind of place", kinds, format_func=lambda kind: capped(TARGETS[kind]), key="tried kind")
    st.html(f'<p style="{HEADLINE}">{escape(words.headline(tables, target))}</p>')
    _errors(tables, target)
    _ranges(tables, target)
    _example(tables.summed[tables.summed["target"].eq(target)], target)
    _sizes(tables, target)
    stands = figures.standing(plans_by_age, about.la_code, target)
    st.markdown(plain(words.own_reading(about, stands, tables, target)))
    st.header("What can this not tell?", anchor=False)
    bullets(trust_limits.limits(about))
    st.header("Where do these figures come from?", anchor=False)
    bullets([*trust_limits.how_counted(tables, target), *trust_limits.sources(tables)])


def _errors(tables: BacktestTables, target: str) -> None:
    """How far out, against what anybody could have assumed."""
    st.header("How far out was it?", anchor=False)
    reading = words.error_reading(tables, target)
    bullets(reading)
    errors = figures.errors(tables.scores, target)
    drawn = errors.loc[[method for method in DRAWN if method in errors.index]].dropna().rename(index=words.METHODS)
    rows = drawn.rename_axis("line").reset_index().melt("line", var_name="ahead", value_name="error")
    rows["ahead"] = rows["ahead"].astype(int)
    alt = f"How far out, by years ahead. {words.headline(tables, target)} {reading[0]}"
    drawing = drawings.error_by_years(rows, words.METHODS[OURS])
    st.altair_chart(drawing, theme=None, alt=alt, key="drawing of errors")
    st.markdown(
        "Heavy line: this forecast. Broken lines: simple rules. Across: years ahead. Up: how far out, as a share of "
        "the children who came. The lower, the better."
    )
    shown = errors.rename(columns=_heading).map(lambda out: "no figure" if pd.isna(out) else words.percent(out))
    shown.index = pd.Index([plain(words.method_name(method)) for method in errors.index])
    st.table(shown, alt="How far out on average, by method and years ahead")
    if errors.isna().any(axis=None):
        st.markdown("No figure: not tried, or not possible, from every January.")
    bullets(f"{name}: {says}" for name, says in trust_limits.meanings(tables, target).items())


def _heading(ahead: int) -> str:
    return f"{ahead} year{'' if ahead == 1 else 's'} ahead"


def _ranges(tables: BacktestTables, target: str) -> None:
    """What share of outcomes lay in their ranges."""
    st.header("Did the outcome fall in the range?", anchor=False)
    reading = words.range_reading(tables, target)
    bullets(reading)
    held = figures.mean_by_years(tables.scores, target, "coverage_80")
    wide = figures.mean_by_years(tables.scores, target, "width_80")
    lines = [f"{_heading(ahead)}: {words.in_100(share)} of 100" for ahead, share in held.items()]
    drawn = pd.DataFrame({"line": lines, "share": list(held.values())})
    st.altair_chart(drawings.bars_to_a_mark(drawn, MEANT), theme=None, alt=reading[0], key="drawing of ranges")
    st.markdown(f"Bar: share of outcomes in the range. Upright line: where each bar should end, {RANGE}.")
    shown = {
        _heading(ahead): {
            "Outcomes in the range, of 100": words.in_100(share),
            "Should be": words.in_100(MEANT),
            "Width of the range, as a share of the forecast": words.percent(wide[ahead]),
        }
        for ahead, share in held.items()
    }
    st.table(pd.DataFrame.from_dict(shown, orient="index"), alt="Outcomes in the range, by years ahead")


def _example(rows: pd.DataFrame, target: str) -> None:
    """What was forecast for England, or a region of it, and what came."""
    st.header("What was forecast, and what came?", anchor=False)
    regions = [ENGLAND, *sorted(set(rows["region"]) - {ENGLAND})]
    region = st.selectbox("England or region", regions, key="tried region")
    years = sorted(rows["ahead"].unique().tolist(), reverse=True)
    ahead = st.radio("Forecast made", years, format_func=_before, horizontal=True, key="tried years")
    rows = rows[rows["region"].eq(region) & rows["ahead"].eq(ahead)].sort_values("origin")
    reading = words.example_reading(rows, region, ahead)
    st.markdown(plain(reading))
    drawn = rows.assign(january=rows["origin"] + ahead)
    alt = f"{capped(words.KINDS[target])}, {region}, by January. {reading}"
    st.altair_chart(drawings.forecast_and_outcome(drawn), theme=None, alt=alt, key="drawing of the example")
    st.markdown(
        f"{capped(words.KINDS[target])}, by January. Dot: what was forecast. Bar: its range ({RANGE}). Diamond: what "
        "came. Sums of the authorities that have figures at both Januaries."
    )
    columns = {
        "Forecast": drawn["forecast"].map(count),
        "Range": [f"{count(low)} to {count(high)}" for low, high in zip(drawn["p10"], drawn["p90"], strict=True)],
        "What came": drawn["actual"].map(count),
        "The forecast was": [words.too_high_or_low(out) for out in figures.share_out(drawn)],
        "In the range": ["yes" if inside else "no" for inside in figures.in_range(drawn)],
    }
    named = [
        f"January {came}{LINE_BREAK}from {made}" for came, made in zip(drawn["january"], drawn["origin"], strict=True)
    ]
    st.table(pd.DataFrame(columns).set_axis(named), alt=f"Forecast and outcome, {region}")


def _before(ahead: int) -> str:
    return f"{ahead} year{'' if ahead == 1 else 's'} before"


def _sizes(tables: BacktestTables, target: str) -> None:
    """How the error differs by size of authority, and how large this area is."""
    st.header("Is it the same for small and large authorities?", anchor=False)
    st.markdown(plain(words.size_reading(tables, target)))
    out, held = (figures.by_size(tables.by_size, target, score) for score in ("wape", "coverage_80"))
    cells = {
        capped(words.THIRDS[size].removeprefix("the ")): {
            _heading(ahead): f"{words.percent(figures.at(out, size, ahead))}{LINE_BREAK}"
            f"{words.in_100(figures.at(held, size, ahead))} of 100"
            for ahead in map(int, out.columns)
        }
        for size in SIZES
    }
    st.table(pd.DataFrame.from_dict(cells, orient="index"), alt="How far out, by size of authority and years ahead")
    st.markdown(
        "Under each error: how many of 100 outcomes lay in the range. Thirds are by the number of children of that "
        "kind when the forecast was made."
    )
