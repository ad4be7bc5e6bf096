"""The decision sheet: one printed page that says the size, the world, the level of caution, and when to look again.

It is one HTML file that asks for nothing else. The tables that it rests on are CSV files beside it.
"""

from collections.abc import Callable, Sequence
from html import escape
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.size import Sized
from forecast.decide.stages import CAUTIOUS, LIKELY
from forecast.domain import academic_year
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.phrases import MARKING, area_name, capped, chances
from forecast.report.size_basis import rests_on
from forecast.report.size_reasons import alternative_reasons, cost_reasons, regret_reasons, stage_reasons
from forecast.report.size_show import Part
from forecast.report.size_tables import FULL, by_year, chances_table, shown_sizes, shown_years
from forecast.report.size_words import answer, in_year, title
from forecast.report.size_worked import worked_reasons

STYLE: Final = """
body{font:1rem/1.45 system-ui,"Segoe UI",Arial,sans-serif;color:#111;background:#fff;max-width:60rem;margin:1.5rem auto;
padding:0 1rem}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.1rem;margin:1.4rem 0 .3rem}
.answer{font-size:1.15rem;font-weight:600}.marking{border:3px solid #b00020;padding:.5rem;font-weight:700}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1rem}dt{font-weight:600}dd{margin:0}
.wide{overflow-x:auto}table{border-collapse:collapse;font-size:.9rem}caption{text-align:left;font-weight:600}
th,td{padding:.2rem .6rem;border-bottom:1px solid #bbb;text-align:right;vertical-align:top}
tbody th,thead th:first-child{text-align:left;font-weight:400}svg{max-width:100%;height:auto}
@media(max-width:40rem){dl{grid-template-columns:1fr}}
@page{size:A4;margin:9mm}
@media print{body{margin:0;font-size:8pt;line-height:1.2;max-width:none;padding:0}h1{font-size:12pt;margin:0}
h2{font-size:9pt;margin:.25rem 0 .05rem}p,ul,dl,figure{margin:.15rem 0}dl{gap:.05rem 1rem}
.answer{font-size:10pt}svg{max-height:34mm}
table{font-size:7.5pt}th,td{padding:0 .5rem}.wide{overflow:visible}}
"""
WIDE, HIGH, LEFT, BOTTOM = 640, 220, 40, 24
"""Pixels of the drawing, and of the room for its labels."""
CAPTION: Final = "Children who want a place: P50, and 8 chances in 10 (shaded). Level lines: places."
YEARS, SIZES, BULLETS = 4, 3, 5
"""Years and sizes of the tables, and points of what it rests on, that there is room for on one page."""
INVENTED: Final = "Synthetic: every child, school and place in it is invented."
MORE: Final = "The rest, and every table behind this page, is in the CSV files and record.json beside it."
BLUE, ORANGE = "#12436d", "#a85100"
"""Of the children and of the places: told apart by their words too."""


def sheet(sized: Sized, replay: Part | None) -> str:
    """The decision sheet as HTML.

    Parameters
    ----------
    replay : of an earlier January, where one was asked for
    """
    projection = sized.case.projection
    about = projection.about
    marking = f'<p class="marking" role="note">{escape(MARKING)}</p>' if about.confidential else ""
    first, *rest = answer(sized)
    return "\n".join(
        [
            '<!doctype html><html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title(sized.case))}: {escape(area_name(about))}</title><style>{STYLE}</style></head>",
            f"<body><main>{marking}<h1>{escape(title(sized.case))}</h1>",
            f'<p class="answer">{escape(first)}</p>',
            f"<p>{escape(' '.join(rest))}</p>",
            _facts(sized),
            drawing(sized),
            _list("Places that would be enough", [], _table("Places that would be enough", _few_years(sized))),
            _list(FULL, [], _table(FULL, _few_sizes(sized))),
            _list("In short", in_short(sized, replay)),
            _list("What these figures rest on", _basis(sized)),
            f"<p>{escape(OPEN_LICENCE)}</p></main></body></html>\n",
        ]
    )


def in_short(sized: Sized, replay: Part | None) -> list[str]:
    """A line each of when to look again, what mistakes cost, regret, other ways, a worked case and the past."""
    ways = [" ".join(alternative_reasons(sized)[:2])]
    said = [stage_reasons(sized), cost_reasons(sized), regret_reasons(sized)[1:], ways, worked_reasons(sized)]
    said += [list(replay[1])] if replay else []
    return [lines[0] for lines in said if lines]


def _basis(sized: Sized) -> list[str]:
    """The first of what it rests on; and that children are invented, where they are."""
    invented = [INVENTED] if sized.case.projection.about.synthetic else []
    return [*invented, *rests_on(sized)[: BULLETS - len(invented) - 1], MORE]


def _few_years(sized: Sized) -> pd.DataFrame:
    """Four of the years of the table of places."""
    return by_year(sized).loc[[academic_year(year) for year in shown_years(sized.case)[-YEARS:]]]


def _few_sizes(sized: Sized) -> pd.DataFrame:
    """Chances of three sizes: those of the answer, and the ones nearest to the larger."""
    table = chances_table(sized, "full")
    sizes = shown_sizes(sized)
    near = sorted(sizes, key=lambda size: (size not in {sized.built, sized.target}, abs(size - sized.target)))[:SIZES]
    return table.iloc[sorted(sizes.index(size) for size in near)]


def facts(sized: Sized) -> dict[str, str]:
    """The size, the world, the level of caution and the year that a decision is to record."""
    case, stages = sized.case, sized.stages
    year = case.years[case.ready]
    projection = case.projection
    share = float((case.wanted[:, case.ready] <= stages.both).mean())
    return {
        "Area": area_name(projection.about),
        "First stage": f"{stages.firm} places",
        "Second stage": f"{stages.second} places more" if stages.second else "none",
        "World": f'"{projection.world.words}" (scenario: {projection.scenario})',
        "Level of caution": (
            f"first stage at most P{LIKELY * 100:.0f}, both stages at least P{CAUTIOUS * 100:.0f}, of the children of "
            f"{academic_year(year)}; both stages are enough then with {chances(share)}"
        ),
        "Look again": (
            f"each January; decide on the second stage with the count of January {sized.second.look}"
            if sized.second
            else f"January {case.years[case.coming]}"
        ),
        "Rests on": f"the census of January {case.years[0]}, and {case.setting.draws} possible futures",
    }


def drawing(sized: Sized) -> str:
    """Children who want a place, with their range, and the places of both stages: an inline drawing."""
    case = sized.case
    rows = sized.by_year
    years, top = list(case.years), max(float(rows["p90"].max()), sized.stages.both, 1.0) * 1.1

    def at(year: float, value: float) -> str:
        x = LEFT + (year - years[0]) / (years[-1] - years[0]) * (WIDE - LEFT - 130)
        return f"{x:.1f},{HIGH - BOTTOM - value / top * (HIGH - BOTTOM - 10):.1f}"

    band = [at(year, high) for year, high in zip(years, rows["p90"], strict=True)]
    band += [at(year, low) for year, low in zip(years[::-1], rows["p10"][::-1], strict=True)]
    line = [at(year, middle) for year, middle in zip(years, rows["p50"], strict=True)]
    said = (
        f"{capped(in_year(case, years[case.ready]))} the line stands at P50 and the shaded part is 8 chances in 10; "
        "the places of each stage are level lines."
    )
    levels = {sized.stages.firm: "first stage", sized.stages.both: "both stages"}
    return "\n".join(
        [
            f'<figure><svg viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{escape(said)}">',
            f'<polygon points="{" ".join(band)}" fill="{BLUE}" fill-opacity="0.18"/>',
            f'<polyline points="{" ".join(line)}" fill="none" stroke="{BLUE}" stroke-width="2.5"/>',
            *(_level(at, years, places, words) for places, words in levels.items() if places),
            *(_tick(at, year) for year in years[:: max(len(years) // 6, 1)]),
            *(f'<text x="4" y="{at(years[0], v).split(",")[1]}" font-size="11">{v:.0f}</text>' for v in _marks(top)),
            f"</svg><figcaption>{CAPTION}</figcaption></figure>",
        ]
    )


def _level(at: "At", years: Sequence[int], places: int, words: str) -> str:
    start, end = at(years[0], places).split(","), at(years[-1], places).split(",")
    return (
        f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" stroke="{ORANGE}" stroke-dasharray="6 4" '
        f'stroke-width="2"/><text x="{float(end[0]) + 6:.1f}" y="{float(end[1]) + 4:.1f}" font-size="12" '
        f'fill="{ORANGE}">{places}: {words}</text>'
    )


def _tick(at: "At", year: int) -> str:
    x = at(year, 0).split(",")[0]
    return f'<text x="{x}" y="{HIGH - 6}" font-size="11" text-anchor="middle">{academic_year(year)}</text>'


def _marks(top: float) -> list[float]:
    """Round numbers for the side of the drawing, no more than six."""
    tens = 10.0 ** np.floor(np.log10(top))
    step = next(each for each in (tens / 5, tens / 2, tens, tens * 2) if top / each < _MOST_MARKS)
    return np.arange(0, top, max(step, 1)).tolist()


def _facts(sized: Sized) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd>{escape(said)}</dd>" for name, said in facts(sized).items())
    return f"<dl>{items}</dl>"


def _list(name: str, sentences: Sequence[str], table: str | None = None) -> str:
    """A heading and its sentences; nothing where there is nothing to say."""
    if not sentences and table is None:
        return ""
    points = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
    return f"<h2>{escape(name)}</h2>{f'<ul>{points}</ul>' if points else ''}{table or ''}"


def _table(name: str, table: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{escape(str(column))}</th>' for column in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(str(label))}</th>{_cells(cells)}</tr>'
        for label, cells in zip(table.index, table.to_numpy().tolist(), strict=True)
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(name)}"><table><thead><tr><td></td>{head}'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cells(cells: Sequence[object]) -> str:
    return "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)


_MOST_MARKS: Final = 6
At = Callable[[float, float], str]
"""Position on the drawing of a year and a number."""
