"""A change and its causes on disk: the answer, its table, its chart; whole, or not there."""

import json
from pathlib import Path
from typing import Final

from forecast.decide.waterfall import Waterfall
from forecast.folders import keep_private, replaced
from forecast.report.answers import TEXT
from forecast.report.charts import save_chart
from forecast.report.glossary import OPEN_LICENCE
from forecast.report.phrases import MARKING, area_name
from forecast.report.run_folder import SENSITIVE, as_text
from forecast.report.size_folder import RECORD, room
from forecast.report.waterfall_chart import waterfall_figure
from forecast.report.waterfall_tables import waterfall_table
from forecast.report.waterfall_words import notes, sentences

NAME: Final = "waterfall"
"""Name of the table and the chart."""


def as_json(found: Waterfall) -> str:
    """The answer and its table as JSON text, null where there is no number."""
    table = json.loads(waterfall_table(found).to_json(orient="records"))
    told = {
        "area": area_name(found.about),
        "kind": found.about.kind,
        "synthetic": found.about.synthetic,
        "marking": SENSITIVE if found.about.confidential else None,
        "scenarios": list(found.scenarios),
        "since": found.since,
        "year": found.year,
        "answer": sentences(found),
        "rests_on": list(notes(found)),
        "table": table,
    }
    return json.dumps(told, ensure_ascii=False, indent=2, allow_nan=False)


def write(found: Waterfall, folder: Path) -> Path:
    """Write the answer to a new folder, for its owner's eyes only if its figures are a council's own.

    Raises
    ------
    FolderThere, NoRoom
        The folder is there already, or cannot be made.
    """
    room(folder)
    marks = {"area": area_name(found.about)} | ({"marking": SENSITIVE} if found.about.confidential else {})
    drawn = waterfall_figure(found, NAME)
    with replaced(folder) as new:
        (new / RECORD).write_text(as_json(found) + "\n", encoding="utf-8")  # first: it tells whose it is
        marked = [MARKING, ""] if found.about.confidential else []
        text = [*marked, *sentences(found), "", "What these figures rest on", *notes(found), OPEN_LICENCE]
        (new / TEXT).write_text("\n".join(text) + "\n", encoding="utf-8")
        table = as_text(waterfall_table(found).assign(**marks))
        table.to_csv(new / f"{NAME}.csv", index=False, float_format="%.10g", encoding="utf-8")
        save_chart(drawn.chart, new, NAME)
        if found.about.confidential:
            keep_private(new)
    return folder
