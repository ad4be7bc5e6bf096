"""The page on trust, opened; and what is on it and in its tables."""

import csv
import html
from statistics import fmean

import pyarrow as pa
from streamlit.testing.v1 import AppTest

WORCESTERSHIRE = "885"


def page(tables, la_code):
    """What a script does: read the tables, and show the page."""
    from pathlib import Path  # noqa: PLC0415 - streamlit runs the function by itself

    from forecast.inputs.area import read_area  # noqa: PLC0415
    from forecast.inputs.backtest_tables import read_backtest  # noqa: PLC0415
    from forecast.inputs.reference import read_plans_by_age  # noqa: PLC0415
    from forecast.views.trust import trust_page  # noqa: PLC0415

    about = read_area("worcestershire").about.model_copy(update={"la_code": la_code})
    trust_page(read_backtest(Path(tables)), about, read_plans_by_age())


def opened(folder, la_code=WORCESTERSHIRE):
    return AppTest.from_function(page, default_timeout=60, kwargs={"tables": str(folder), "la_code": la_code}).run()


def said(app):
    """Everything a reader could read on the page."""
    assert not app.exception
    texts = [element.value for kind in ("title", "header", "markdown") for element in app.get(kind)]
    texts += [html.unescape(element.proto.body) for element in app.get("html")]
    texts += [table.value.to_csv() for table in app.table]
    texts += [element.proto.alt for element in app.get("vega_lite_chart")]
    return "\n".join(texts).replace("\\", "")


def drawn(app, at, data=0):
    """Rows of a drawing."""
    found = app.get("vega_lite_chart")[at].proto.datasets[data]
    return pa.ipc.open_stream(found.data.data).read_all().to_pylist()


def lines(folder, file, **wanted):
    """Rows of a file that have these cells, as texts."""
    with (folder / file).open(newline="", encoding="utf-8") as text:
        return [row for row in csv.DictReader(text) if {**row, **wanted} == row]


def mean(rows, field):
    return fmean(float(row[field]) for row in rows)
