"""What every authority did in the last years, written beside the England model, with a README that says what it is."""

from pathlib import Path
from typing import Final

import pandas as pd

from forecast.folders import replaced
from forecast.inputs.measures import COMMAND, FILE, FOLDER, Measured
from forecast.series.measured import JANUARIES
from forecast.series.measures import MEASURES
from forecast.series.standing import LEAST

README: Final = "README.md"
EHC: Final = "Department for Education, *Education, health and care plans*"
LICENCE: Final = "Contains public sector information licensed under the Open Government Licence v3.0."
_MADE: Final = f"""\
# What every authority did in the last years

`{FILE}` has a row for each English authority of today and each of the last {JANUARIES} Januaries of the releases that
the model was fitted to, in whole children and residents. It is what a lever's setting is held against: the area's own
years, England, and the area's statistical neighbours. No forecast reads it.

Made again, with the model, by `{COMMAND}`. Blank means not published, and stays missing: never zero.

Sources: {EHC},
the releases that the model was fitted to, and *SEND and alternative provision dashboard* (plans by age in January
2023); Office for National Statistics, mid-year population estimates.
{LICENCE}
"""
_CARE: Final = f"""\
## With care

- Flows (new plans, requests, plans ended or moved) are of the calendar year before the January of their row.
- Residents are the last estimate dated before the January, aged on. Those of January 2024 on rest on an estimate that
  follows the census of 2021, those before it do not: a rate may step there for that reason alone.
- Placements not recorded are shared out by the authority's own mix; where they are more than a tenth, the authority has
  no figure by kind of place that year.
- Returns became person by person in January 2023: a step there may be one of counting. Councils also change how they
  record bases and independent schools, so a jump in one authority and year may be no change in where children are.
- England is the sum of the authorities that have both sides of a measure. Authorities formed by a reorganisation have
  no row before it, nor have those that are no more.
- Changes of an authority are left out where the earlier count is under {LEAST}: luck alone moves so few by a fifth.
"""


def write_measures(table: pd.DataFrame, model: Path) -> None:
    """Write the table and its README into the folder of the model: both or neither.

    Parameters
    ----------
    table : columns of `inputs.measures.Measured`
    """
    numbers = {name: "Int64" for name in table if name != "la_code"}
    with replaced(model / FOLDER) as made:
        table.astype(numbers).to_csv(made / FILE, index=False, lineterminator="\n", encoding="utf-8")
        (made / README).write_text(readme(), encoding="utf-8", newline="\n")


def readme() -> str:
    """What the table holds, how it is made, what is measured of it, and what to beware of."""
    fields = Measured.to_schema().columns
    columns = [f"| `{name}` | {field.description} |" for name, field in fields.items()]
    measures = [f"| {measure.name} | {measure.says} | {measure.unit} |" for measure in MEASURES.values()]
    return "\n".join([
        _MADE,
        *("## Columns", "", "| column | what it counts |", "|---|---|", *columns, ""),
        *("## What is measured", "", "| measure | definition | unit |", "|---|---|---|", *measures, ""),
        _CARE,
    ])  # fmt: skip
