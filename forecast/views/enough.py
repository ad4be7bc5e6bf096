"""The part of the first page that says whether there are enough places, for areas that list their own."""

from typing import Final

import pandas as pd
import streamlit as st

from forecast.domain import academic_year
from forecast.places.rating import Colour
from forecast.projection import Projection
from forecast.report.phrases import FEW, capped, chances_in_brief, count, count_range, phase_words, provision_words
from forecast.report.sufficiency_tables import ANYWHERE, NO_SCHOOL, PHASE, WHOLE, sufficiency_tables
from forecast.report.sufficiency_words import enough_reading, rules
from forecast.report.tables import year_ahead
from forecast.views.plain import bullets, plain

HALF: Final = 0.5
"""Children: less than this is none."""
SHAPES: Final = {Colour.RED: "■ red", Colour.AMBER: "▲ amber", Colour.GREEN: "● green"}
"""Colour -> its shape and word, so that colour is never the only sign."""


def enough_part(projection: Projection, kind: str) -> None:
    """Ratings of one kind of place, with when to decide; nothing where places are only assumed.

    Parameters
    ----------
    kind : a label of `provision`
    """
    tables = sufficiency_tables(projection)
    if "ratings" not in tables or kind not in set(tables["ratings"]["provision"]):
        return
    st.header("Where will places fall short, and when?", anchor=False)
    of_kind = {name: table[table["provision"] == kind] for name, table in tables.items()}
    bullets(enough_reading(projection, of_kind))
    name, year = provision_words(projection.about, kind), year_ahead(projection)
    st.table(
        rated(of_kind, year), alt=f"{capped(name)}: ratings, and children short of a place in {academic_year(year)}"
    )
    st.markdown("The rules:")
    bullets(rules(projection))


def rated(tables: dict[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """A row a line: its rating, when a shortage is likely and when to decide, and how many are short in January `year`.

    Parameters
    ----------
    tables : `sufficiency` and `ratings` of one kind of place
    """
    then = tables["sufficiency"][tables["sufficiency"]["year"] == year]
    both = tables["ratings"].merge(then[then["by"] != NO_SCHOOL], on=["by", "line"])
    names = [plain(_named(by, line)) for by, line in zip(both["by"], both["line"], strict=True)]
    ends = zip(both["p10"], both["p90"], strict=True)
    return pd.DataFrame(
        {
            "Rating": both["colour"].map(SHAPES).to_list(),
            "Likely short from": both["first_likely"].replace("", "not in this forecast").to_list(),
            "Decide by": both["decide_by"].replace("", "none needed").to_list(),
            "Chance that 5 or more are short": both["chance"].map(chances_in_brief).to_list(),
            "Children short": both["mean"].map(_short).to_list(),
            "Range": [count_range(low, high) for low, high in ends],
            "Enough in 8 futures of 10": [_places(places) for places in both["p80"]],
        },
        index=pd.Index(names, name=f"In {academic_year(year)}"),
    )


def _named(by: str, line: str) -> str:
    """What a line is called on the page."""
    if by in {WHOLE, ANYWHERE}:
        return capped(by)
    return capped(phase_words(line) if by == PHASE else line)


def _short(children: float) -> str:
    return count(children) if children >= HALF else "none"


def _places(places: float) -> str:
    return f"{count(places)} more" if places >= FEW else "no more"
