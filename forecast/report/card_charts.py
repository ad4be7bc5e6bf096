"""The plots of the card: error and ranges by years ahead, and England's totals as forecast and as they came."""

from html import escape
from typing import Final

import altair as alt
import numpy as np
import pandas as pd
import vl_convert

from forecast.backtest.cells import OURS
from forecast.report.card_rest import ENGLAND, held
from forecast.report.card_tables import CardTables
from forecast.report.card_words import CHILDREN, METHODS, RULES, ahead_words, best_other, mean_of, means, percent
from forecast.report.charts import BLUE, DARK, ORANGE, SUBTITLE_WIDTH, THEME, TITLE_WIDTH, Chart, Figure
from forecast.report.phrases import capped, census, even_lines
from forecast.series.targets import HORIZONS, PLANS, SPECIAL_STATE, TARGETS

DRAWN: Final = (PLANS, SPECIAL_STATE)
"""Series that are drawn one by one."""
_LONGEST: Final = HORIZONS[-1]
_MEANT: Final = 0.8
"""Share of outcomes that the range is to hold."""
_BESIDE: Final = 0.055
"""How far from its dot a share is written, away from the line of what is meant."""
_HEIGHT: Final = 230
_LABEL: Final = 15
"""Pixels that a label needs."""


def card_figures(tables: CardTables) -> tuple[Figure, ...]:
    """Every plot of the card, in reading order."""
    england = [england_figure(tables.england_and_regions, target) for target in DRAWN]
    return (error_figure(tables.scores), range_figure(tables.scores), *england)


def drawing(figure: Figure) -> str:
    """A chart as SVG, with its text alternative inside."""
    spec = figure.chart.to_dict()
    label = f'<svg role="img" aria-label="{escape(spec["description"])}" '
    return str(vl_convert.vegalite_to_svg(spec)).replace("<svg ", label, 1)


def error_figure(scores: pd.DataFrame) -> Figure:
    """Error by years ahead, of this model, the rules of thumb and the best other method."""
    table = _errors_drawn(scores)
    last = table[table["ahead"].eq(_LONGEST)].set_index(["target", "method"])["error"]
    plans = last[PLANS]
    title = (
        f"{capped(ahead_words(_LONGEST))} ahead, plans in an authority were out by {percent(plans[OURS])}; "
        f"assuming no change, by {percent(plans['naive'])}"
    )
    subtitle = (
        "Error of an authority's forecast, as a share of the children that came, by years ahead. Mean over the "
        "Januaries that were forecast from. Thick line: this model. Orange: the best other method."
    )
    reading = ". ".join(
        f"{capped(TARGETS[target])}, {ahead_words(_LONGEST)} ahead: "
        + ", ".join(f"{METHODS[str(method)]} {percent(error)}" for method, error in last[target].items())
        for target in DRAWN
    )
    return _figure("error_by_years_ahead", (title, subtitle, f"{reading}."), table, _lines(table))


def _errors_drawn(scores: pd.DataFrame) -> pd.DataFrame:
    """Rows of the plot: target, series, method, ahead, error, and how each is drawn."""
    errors = means(scores, "wape")
    tables = []
    for target in DRAWN:
        of_target = errors.xs(target, level="target")
        best = best_other(of_target[_LONGEST])
        methods = [name for name in dict.fromkeys((OURS, *RULES, best)) if np.isfinite(of_target[_LONGEST][name])]
        ends = of_target.loc[methods, _LONGEST]
        label_at = _apart(ends, _LABEL / _HEIGHT * float(ends.max()))
        for method in methods:
            row = {"target": target, "series": capped(TARGETS[target]), "method": method}
            colour = {OURS: BLUE, best: ORANGE}.get(method, DARK)
            label = f"{METHODS[method]} {percent(ends[method])}"
            tables.append(
                pd.DataFrame(
                    {
                        "ahead": list(HORIZONS),
                        "error": of_target.loc[method, list(HORIZONS)].to_numpy(),
                        **row,
                        "colour": colour,
                        "thick": 4 if method == OURS else 1.5,
                        "label": label,
                        "label_at": label_at[method],
                    }
                )
            )
    return pd.concat(tables, ignore_index=True)


def _apart(values: "pd.Series[float]", gap: float) -> "pd.Series[float]":
    """Places for labels, each at least `gap` above the one below, in the order of the values."""
    placed: dict[object, float] = {}
    lowest = -np.inf
    for name, value in values.sort_values().items():
        lowest = placed[name] = max(float(value), lowest + gap)
    return pd.Series(placed)


def _lines(table: pd.DataFrame) -> Chart:
    """A panel for each series; a line a method, named at its end."""
    x = alt.X("ahead:Q", axis=_years_ahead())
    colour = alt.Color("colour:N", scale=None)
    base = alt.Chart().encode(x=x, color=colour, detail="method:N")
    y = alt.Y("error:Q", axis=alt.Axis(format=".0%", tickCount=5))
    lines = base.mark_line().encode(y=y, strokeWidth=alt.StrokeWidth("thick:Q", scale=None))
    dots = base.mark_point(filled=True, size=30, opacity=1).encode(y=y)
    names = base.mark_text(align="left", dx=8).encode(y="label_at:Q", text="label:N")
    layered = alt.layer(lines, dots, names.transform_filter(alt.datum.ahead == _LONGEST), data=table)
    panels = layered.properties(width=300, height=_HEIGHT).facet(
        facet=alt.Facet("series:N", sort=table["series"].unique().tolist()), columns=2, spacing=200, bounds="flush"
    )
    return panels.resolve_scale(y="independent").resolve_axis(x="independent", y="independent")


def _years_ahead() -> alt.Axis:
    """The axis of years ahead, with its name."""
    look = {"titleFontSize": 13, "titleFontWeight": "normal", "titleColor": DARK, "labelFlush": False}
    return alt.Axis.from_dict({"values": list(HORIZONS), "grid": False, "title": "years ahead", "format": "d", **look})


def range_figure(scores: pd.DataFrame) -> Figure:
    """Share of outcomes inside the 80% range, by years ahead, for every series."""
    found = means(scores, "coverage_80")
    rows = [
        (target, capped(name), ahead, mean_of(found, target, OURS, ahead))
        for target, name in TARGETS.items()
        for ahead in HORIZONS
    ]
    table = pd.DataFrame(rows, columns=["target", "series", "ahead", "held"])
    beside = np.where(table["held"] >= _MEANT, _BESIDE, -_BESIDE)
    table = table.assign(number=[f"{share * 100:.0f}" for share in table["held"]], number_at=table["held"] + beside)
    least, most = table["held"].min(), table["held"].max()
    title = f"Ranges meant to hold 80 of 100 outcomes held {least * 100:.0f} to {most * 100:.0f}"
    subtitle = (
        "Of 100 outcomes, how many lay within the 80% range, by years ahead. Mean over the Januaries that were "
        "forecast from. Orange line: the 80 that are meant."
    )
    parts = [f"{series}: {', '.join(group['number'])}" for series, group in table.groupby("series", sort=False)]
    reading = f"Of 100 outcomes {', '.join(map(str, HORIZONS))} years ahead, the range held: {'; '.join(parts)}."
    return _figure("outcomes_in_range", (title, subtitle, reading), table, _shares(table))


def _shares(table: pd.DataFrame) -> Chart:
    """A panel for each series: dots with their numbers, and the share that is meant."""
    x = alt.X("ahead:O", axis=_years_ahead(), scale=alt.Scale(padding=0.6))
    ticks = [share / 10 for share in range(min(6, int(table["held"].min() * 10)), 11)]
    scale = alt.Scale(domain=[ticks[0], 1])
    y = alt.Y("held:Q", axis=alt.Axis(format=".0%", values=ticks), scale=scale)
    base = alt.Chart().encode(x=x, y=y)
    meant = alt.Chart().mark_rule(color=ORANGE, strokeWidth=2).encode(y=alt.YDatum(_MEANT, scale=scale))
    dots = base.mark_point(color=BLUE, filled=True, size=70, opacity=1)
    numbers = base.mark_text().encode(y=alt.Y("number_at:Q", scale=scale), text="number:N")
    return (
        alt.layer(meant, base.mark_line(color=BLUE), dots, numbers, data=table)
        .properties(width=150, height=110)
        .facet(facet=alt.Facet("series:N", sort=table["series"].unique().tolist()), columns=4, spacing=45)
        .resolve_axis(x="independent")
    )


def england_figure(summed: pd.DataFrame, target: str) -> Figure:
    """England's total from each January: what came, and what was forecast, with its range."""
    rows = held(summed[summed["region"].eq(ENGLAND) & summed["target"].eq(target)])
    table = rows.assign(panel="From " + rows["origin"].map(census), january=rows["origin"] + rows["ahead"])
    table = table[["panel", "origin", "ahead", "january", "forecast", "p10", "p90", "actual", "held"]]
    hits = int(table["held"].sum())
    title = f"England, {CHILDREN[target]}: what came lay in the 80% range {hits} times of {len(table)}"
    subtitle = (
        "A panel for each January that was forecast from. Orange: what came. Blue: what was forecast, with its 80% "
        "range. Only authorities with sound figures at both ends."
    )
    out = np.abs(np.log((table["forecast"] / table["actual"]).to_numpy()))
    far = table.to_dict("records")[int(out.argmax())]
    reading = (
        f"Furthest out from {census(far['origin'])}, {ahead_words(far['ahead'])} ahead: "
        f"{far['forecast']:,.0f} forecast, {far['actual']:,.0f} came."
    )
    return _figure(f"england_{target}", (title, subtitle, reading), table, _fans(table))


def _fans(table: pd.DataFrame) -> Chart:
    """A panel for each January forecast from."""
    years = sorted(table["january"].unique().tolist())
    x = alt.X("january:O", scale=alt.Scale(domain=years), axis=alt.Axis(grid=False, values=[years[0], 2021, years[-1]]))
    scale = alt.Scale(zero=False, nice=True)
    y = alt.Y("p10:Q", scale=scale, axis=alt.Axis(format=",d", tickCount=4))
    base = alt.Chart().encode(x=x)
    ranges = base.mark_rule(color=BLUE, opacity=0.3, strokeWidth=9).encode(y=y, y2="p90:Q")
    lines = [
        base.mark_line(color=colour, strokeWidth=2, point={"filled": True, "size": 40, "color": colour}).encode(
            y=alt.Y(f"{column}:Q", scale=scale)
        )
        for colour, column in ((BLUE, "forecast"), (ORANGE, "actual"))
    ]
    return (
        alt.layer(ranges, *lines, data=table)
        .properties(width=210, height=120)
        .facet(facet=alt.Facet("panel:N", sort=table["panel"].unique().tolist()), columns=3, spacing=35)
        .resolve_axis(x="independent")
    )


def _figure(name: str, words: tuple[str, str, str], table: pd.DataFrame, chart: Chart) -> Figure:
    """A chart with its title, subtitle, text alternative and theme.

    Parameters
    ----------
    words : title, subtitle, reading
    """
    title, subtitle, reading = words
    heading = alt.TitleParams(text=even_lines(title, TITLE_WIDTH), subtitle=even_lines(subtitle, SUBTITLE_WIDTH))
    finished = chart.properties(title=heading, description=f"{title}. {reading}").configure(**THEME)
    return Figure(name, title, reading, table, finished)
