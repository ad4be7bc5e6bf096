"""The page "How big should the school be?": a question, its answer, and a slider of places.

Every sentence and table is the library's. Moving the slider reads futures that are there already.
"""

from html import escape
from math import isnan
from typing import Final

import pandas as pd
import streamlit as st

from forecast.decide.ask import FIRST, LAST, Ask
from forecast.decide.occupancy import by_size
from forecast.decide.replay import Replay
from forecast.decide.replay_counted import CountedReplay
from forecast.decide.size import Sized
from forecast.decide.without_plan import filled_by_both, only_without
from forecast.domain import NC_YEARS, Provision, academic_year
from forecast.inputs.about import About
from forecast.report.both_words import now_words
from forecast.report.phrases import MARKING, capped, census, chances_in_brief, count, provision_words
from forecast.report.size_basis import rests_on
from forecast.report.size_show import parts, prices_part, replay_part
from forecast.report.size_tables import EMPTY, FULL, NOT_OPEN
from forecast.report.size_words import SCHOOLS, answer, chance_words, month, year_group
from forecast.views import size_ap, size_drawings
from forecast.views.places import HEADLINE, TO_QUOTE
from forecast.views.plain import bullets, plain

TITLE: Final = "How big should the school be?"
BUILT_BY_COUNCILS: Final = (Provision.SPECIAL, Provision.BASE)
"""Kinds of place that the page offers in every area; alternative provision too where an area counts who fills it."""
KEY: Final = (
    "Solid line: every place that is open by then is taken. Dashed line: more than a tenth of them stand empty. Each "
    "chance is of the futures in which {what} open that January."
)
_TOLD: Final = frozenset({FULL, EMPTY})
"""Parts of the answer that the slider stands for."""


def question(about: About, years: tuple[int, ...], *, without_plan: bool = False) -> tuple[Ask, bool]:
    """What is asked, and whether to count children in other places who may need one of these.

    Parameters
    ----------
    years : Januaries, the first that may still be awaited, to the last of the forecast
    without_plan : whether the area has figures on children without a plan who fill AP schools
    """
    st.title(TITLE, anchor=False)
    if about.confidential:
        st.error(plain(MARKING))
    both = filled_by_both(about) if without_plan else None
    built = [*about.means(*BUILT_BY_COUNCILS), *([] if both is None else [both])]
    kind = st.selectbox(
        "Kind of place", built or about.planned, format_func=lambda label: _kind_words(about, label, both), key="built"
    )
    of_ap = kind == both
    needs = size_ap.whose() if of_ap else _needs(about)
    districts = st.multiselect(
        "Districts whose children it is for (none chosen: the whole area)", list(about.district_names), key="districts"
    )
    first, last = size_ap.ages() if of_ap else _ages()
    opens = st.selectbox("Opens", [f"{year}-09" for year in years[:-1]], 0, format_func=month, key="opens")
    elsewhere = not of_ap and st.checkbox(
        "Count children in other places too who are taken to need one of these", key="elsewhere"
    )
    freeing = st.checkbox(
        "Count all whom such a school could relieve, with those whose places it would free for others", key="freeing"
    )
    chosen = {"freeing": freeing, "needs": needs, "districts": tuple(districts), "nc_from": first, "nc_to": last}
    return Ask(**chosen, opens=opens, provision=kind), elsewhere


def size_page(sized: Sized, replay: Replay | CountedReplay | None) -> None:
    """The answer, the slider, and what they rest on.

    Parameters
    ----------
    replay : what an earlier January would have advised, where that can be said
    """
    first, *rest = answer(sized)
    st.html(f'<p style="{HEADLINE}">{escape(first)}</p>')
    for sentence in rest:
        st.markdown(plain(sentence))
    st.markdown(plain(_basis(sized)))
    _by_places(sized)
    then = [replay_part(replay, sized)] if replay else []
    for name, sentences, table in [*parts(sized), *then, prices_part(sized)]:
        if name not in _TOLD:
            st.header(plain(name), anchor=False)
            bullets(sentences)
            if not table.empty:
                st.table(table.rename(columns=_plain, index=_plain).map(_plain), alt=name)
    st.header("What do these figures rest on?", anchor=False)
    bullets(rests_on(sized))


def fullness(sized: Sized, places: int) -> pd.DataFrame:
    """Chances by January of a school of so many places, from its opening on; as `occupancy.by_size`."""
    case = sized.case
    ahead = slice(case.opening, None)
    return by_size(case.wanted[:, ahead], [places], case.open_share[:, ahead], case.years[ahead])


def _kind_words(about: About, label: str, both: str | None) -> str:
    """A kind of place as it is offered: of AP schools without whose they are, which is asked next."""
    words = provision_words(about, label)
    return words.split(" (")[0] if label == both else words


def _needs(about: About) -> tuple[str, ...]:
    """Main needs that are asked about."""
    chosen = st.multiselect(
        "Main needs (none chosen: every need)",
        list(about.needs),
        [label for label in about.needs if label == "ASD"],
        format_func=lambda label: capped(about.need_name(label)),
        key="needs",
    )
    return tuple(chosen)


def _ages() -> tuple[int, int]:
    """First and last year group that are asked about."""
    first, last = st.select_slider(
        "Year groups", list(NC_YEARS), (FIRST, LAST), format_func=lambda year: capped(year_group(year)), key="ages"
    )
    return first, last


def _basis(sized: Sized) -> str:
    """What the answer is compared with, and how many futures stand behind it."""
    draws, base = sized.case.setting.draws, sized.case.years[0]
    quick = "" if draws >= TO_QUOTE else f": a quick look; figures to quote need {TO_QUOTE}"
    return f"The latest census is that of {census(base)}. Worked out from {draws} possible futures{quick}."


def _by_places(sized: Sized) -> None:
    """How full a school of any size would be, year by year: a slider, a sentence, a drawing and a table."""
    case = sized.case
    st.header("How full would it be?", anchor=False)
    most = max(int(sized.by_size["size"].max()), sized.target)
    places = st.slider("Places", 1, most, sized.target, key="places")
    rows = fullness(sized, places)
    year = case.years[case.ready]
    [row] = rows[rows["year"] == year].to_dict("records")
    chances = {name: float(row[name]) for name in ("full", "tenth_empty")}
    reading = chance_words(case, chances, places, year)
    st.markdown(plain(reading))
    drawn = rows.assign(academic_year=rows["year"].map(academic_year)).dropna(subset=["full"])
    st.altair_chart(size_drawings.fullness(drawn), theme=None, alt=reading, key="drawing of fullness")
    is_school = case.setting.provision in SCHOOLS
    st.markdown(KEY.format(what="the school is" if is_school else "any of the places are"))
    now = now_words(case.projection, case.ask.provision, alone=only_without(case.ask.needs))
    cells = {
        "Places open, on average": [f"{round(opened)}" for opened in rows["open"]],
        FULL: [_chance(share) for share in rows["full"]],
        EMPTY: [_chance(share) for share in rows["tenth_empty"]],
        "Children still without, expected" if case.short else f"Still more than in {now}": [
            count(short) for short in rows["short"]
        ],
        "World": [case.projection.world_of(year) for year in rows["year"]],
    }
    table = pd.DataFrame(cells, index=[academic_year(year) for year in rows["year"]])
    st.table(table.rename(columns=plain), alt=f"{'A school of ' if is_school else ''}{places} places, by school year")


def _plain(cell: object) -> str:
    return plain(str(cell))


def _chance(share: float) -> str:
    return NOT_OPEN if isnan(share) else chances_in_brief(share)
