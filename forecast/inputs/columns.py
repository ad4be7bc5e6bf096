"""What a column of an area's tables means and how its cells are written; the schemas are made of these."""

from typing import Any

import pandera.pandas as pa

from forecast.domain import ALL, NOT_RECORDED
from forecast.inputs import cells
from forecast.inputs.cells import NAN, Cell


def column(says: str, cell: Cell, **checks: float) -> Any:  # noqa: ANN401 - stands for a Series, as pa.Field does
    """Describe one column: what it means, how its cells are written, which numbers it may hold."""
    return pa.Field(description=says, metadata={"cell": cell}, nullable=cell.blank is NAN, **checks)  # type: ignore[arg-type]


CENSUS = Cell(cells.whole, "write a January from 2010 to 2100")
DISTRICT = Cell(cells.text, "write a district of area.toml", labels="district")
DISTRICT_OR_ALL = Cell(cells.text, "write a district of area.toml or `all`", labels="district", also=(ALL,))
NEED = Cell(cells.text, "write a need of area.toml, `not_recorded` or `all`", labels="need", also=(NOT_RECORDED, ALL))
PLACED = Cell(
    cells.text,
    "write a provision of area.toml, `not_recorded` or `all`",
    labels="provision",
    also=(NOT_RECORDED, ALL),
)
YEAR_GROUPS = "write a year group from -4 to 20, a range such as `-4..-2`, or `all`"
FIRST = Cell(cells.first_year_group, YEAR_GROUPS, column="nc_year")
LAST = Cell(cells.last_year_group, YEAR_GROUPS, column="nc_year")
CHILDREN = Cell(cells.whole, "write a whole number, 0 or more, or leave it blank if suppressed", blank=NAN)
COUNTED = "write a whole number, 0 or more, or leave it blank if suppressed, or write a range such as `1..4`"
SUPPRESSIBLE = Cell(cells.count, COUNTED, blank=NAN)
LEAST = Cell(cells.least_count, COUNTED, blank=NAN, column="children")
MOST = Cell(cells.most_count, COUNTED, blank=NAN, column="children")
COUNT = Cell(cells.whole, "write a whole number, 0 or more")
YEAR_GROUP = Cell(cells.whole, "write a year group from -4 to 20")
MONTH = Cell(cells.month, "write it as 2027-09 (spreadsheets may turn that into Sep-27), or leave it blank", blank="")
TEXT = Cell(cells.text, "write a text", blank="")
NAME = Cell(cells.text, "write a name")
YES_NO = Cell(cells.yes_no, "write yes or no")
TAKEN = Cell(cells.whole, "write a whole number, 0 or more", blank=0)
SHARE = Cell(cells.number, "write a number from 0 to 1, or leave it blank", blank=NAN)
RAMP = Cell(cells.shares, "write shares from 0 to 1 such as 0.5;0.85;1, or leave it blank", blank="")
LATITUDE = Cell(cells.number, "write degrees from 49 to 61, or leave it blank", blank=NAN)
LONGITUDE = Cell(cells.number, "write degrees from -9 to 3, or leave it blank", blank=NAN)
STEPS = "request, refused, assessment, no_plan, plan, plan_of_backlog, open_request or open_assessment"
STEP = Cell(cells.text, f"write {STEPS}", labels="step")
PROVISION = Cell(cells.text, "write a provision of area.toml", labels="provision")
SERVES = Cell(cells.listed, "write `all`, or districts with `;` between", labels="district")
NEEDS = Cell(cells.listed, "write `all`, or needs with `;` between", labels="need")
