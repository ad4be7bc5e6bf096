"""Tables that an area has only where a council counted its own children: who kept a plan, who waits for one."""

from typing import ClassVar

import pandera.pandas as pa
from pandera.typing import Series

from forecast.inputs.columns import CENSUS, COUNT, DISTRICT_OR_ALL, NAME, NEED, PLACED, STEP, YEAR_GROUP, column


class Moves(pa.DataFrameModel):
    """moves.csv: children with a plan at two Januaries running, by where they were taught at each.

    Those who stayed where they were are among them, so that the rows of a placement are all who kept a plan.
    """

    year: Series[int] = column("January that ends the twelve months", CENSUS, ge=2010, le=2100)
    district: Series[str] = column("District where the children live, or `all`", DISTRICT_OR_ALL)
    need: Series[str] = column("Primary need at January `year`, `not_recorded` or `all`", NEED)
    nc_year: Series[int] = column("Year group at the January before", YEAR_GROUP, ge=-4, le=20)
    provision: Series[str] = column("Where they were taught at the January before", PLACED)
    to: Series[str] = column("Where they are taught at January `year`", PLACED)
    children: Series[int] = column("Children who kept their plan", COUNT, ge=0)

    class Config:
        """One count a cell."""

        unique: ClassVar = ["year", "district", "need", "nc_year", "provision", "to"]


class Funnel(pa.DataFrameModel):
    """funnel.csv: requests for an assessment, and what became of them, in the year that ends at a January census."""

    year: Series[int] = column("January that ends the year", CENSUS, ge=2010, le=2100)
    district: Series[str] = column("District where the children live, or `all`", DISTRICT_OR_ALL)
    step: Series[str] = column(
        "`request` received, `refused`, `assessment` agreed, `no_plan` after assessment, `plan` issued,"
        " `plan_of_backlog` those of `plan` whose request was open at the January before, `open_request` and"
        " `open_assessment` waiting at this January",
        STEP,
    )
    children: Series[int] = column("Requests", COUNT, ge=0)

    class Config:
        """One count a step."""

        unique: ClassVar = ["year", "district", "step"]


class Checks(pa.DataFrameModel):
    """checks.csv: how many records of a return each named check found."""

    year: Series[int] = column("January census of the return", CENSUS, ge=2010, le=2100)
    check: Series[str] = column("Name of the check", NAME)
    rows: Series[int] = column("Records that it found", COUNT, ge=0)

    class Config:
        """One count a check."""

        unique: ClassVar = ["year", "check"]
