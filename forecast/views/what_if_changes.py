"""What is laid out on the page "What if?", worked out and told: its faults, or what it changes."""

from collections.abc import Callable

import streamlit as st
import xarray as xr

from forecast.decide.compare import Compared
from forecast.decide.measures import Measure
from forecast.errors import ForecastError, InputFaults
from forecast.inputs.area import Area
from forecast.report.compare_tables import Tables, tables_of
from forecast.report.compare_words import kind_words, sentences, special_label
from forecast.views.plain import bullets, plain, say
from forecast.views.what_if_question import named_faults
from forecast.views.what_if_result import answer, lines_part, rests_on, table_part, year_part
from forecast.views.what_if_runs import Run, beside_each_other, reasons
from forecast.views.what_if_state import Sheet, kept
from forecast.views.what_if_why import why_part


def changes_part(laid: Sheet, area: Area, drivers: xr.Dataset, against: Run, run: Callable[[str], Run]) -> None:
    """What is laid out changes this much, or cannot hold; then those put aside to compare.

    Parameters
    ----------
    drivers : of the area, before any change
    against : what it is set against
    run : makes the forecast of a scenario file
    """
    st.header("What does it change?", anchor=False)
    if not laid.drafts and laid.world == against.scenario.world.defines:
        st.info("Nothing is changed yet: add a lever, start from a worked scenario, or load one.")
    else:
        _changed(laid, area, drivers, against, run)
    if kept():
        _side_by_side(laid, drivers, against, run)


def _changed(laid: Sheet, area: Area, drivers: xr.Dataset, against: Run, run: Callable[[str], Run]) -> None:
    """What it changes, or why it cannot be worked out."""
    try:
        with st.spinner("Working out what it changes"):
            mine = run(laid.text)
    except InputFaults as error:
        st.error("Nothing is worked out until this is mended:\n\n" + _bulleted(named_faults(error, laid)))
        return
    except ForecastError as error:
        say(error, "Nothing is worked out until this is mended:")
        return
    found = beside_each_other(drivers, [against, mine])
    year = year_part(found)
    tables = answer(found, year)
    why_part(lambda: reasons(area, drivers, [against, mine], year))
    rests_on(found, tables)


def _side_by_side(laid: Sheet, drivers: xr.Dataset, against: Run, run: Callable[[str], Run]) -> None:
    """The scenarios put aside, and the one laid out, beside each other."""
    st.header("Scenarios side by side", anchor=False)
    every = {each.name: each.text for each in kept()} | ({laid.name: laid.text} if laid.drafts else {})
    runs = [against]
    for name, text in every.items():
        try:
            runs.append(run(text))
        except ForecastError as error:
            say(error, f"{name} is left out of the comparison. Mend this, and keep it anew:")
    if len(runs) == 1:
        return
    found = beside_each_other(drivers, runs)
    tables = tables_of(found)
    _compared(found, tables)


def _compared(found: Compared, tables: Tables) -> None:
    """A drawing, sentences and a table of scenarios in the year that is chosen."""
    year, label = int(st.session_state.get("what if year") or found.years[-1]), special_label(found)
    lines_part(found, year, Measure.CHILDREN, label, f"children in {kind_words(found, label)}")
    table_part(found, tables, year)
    with st.expander("In words", key="what if compared in words"):
        bullets(sentences(found, tables, year))


def _bulleted(told: list[str]) -> str:
    return "\n".join(f"- {plain(sentence)}" for sentence in told)
