"""What every authority did in the last years, in whole children: `measures/authorities.csv` beside the England model.

`forecast fit` makes it from the releases. What was not published is blank, and stays missing: never zero.
"""

from pathlib import Path
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pandera.typing import Series

from forecast.errors import Fault, ForecastError, InputFaults
from forecast.inputs.bundled import bundled

FOLDER: Final = "measures"
"""Folder beside the model's own tables."""
FILE: Final = "authorities.csv"
COMMAND: Final = "forecast fit --sen2 FOLDER"
"""What makes the table."""
_REMAKE: Final = f"make it again: {COMMAND}"
_NO_NUMBER: Final = "is no number that can stand there"


def _count(says: str) -> Any:  # noqa: ANN401 - stands for a Series, as pa.Field does
    """A column of whole children or residents; blank where not published."""
    return pa.Field(ge=0, nullable=True, description=says)


class Measured(pa.DataFrameModel):
    """authorities.csv: a row an authority and January; flows are of the calendar year that ends just before it."""

    la_code: Series[str] = pa.Field(str_matches=r"^[0-9]{3}$", description="Authority of today: DfE's code")
    year: Series[int] = pa.Field(ge=2010, le=2100, description="January census: 2025 is academic year 2024/25")
    residents_0_24: Series[float] = _count("Residents aged 0 to 24, as of the mid-year before")
    residents_4_17: Series[float] = _count("Those aged 4 to 17")
    residents_5_15: Series[float] = _count("Those aged 5 to 15")
    plans: Series[float] = _count("Children and young people with a plan")
    plans_5_15: Series[float] = _count("Those aged 5 to 15 at 31 August")
    plans_16_24: Series[float] = _count("Those aged 16 and over")
    placed: Series[float] = _count("Those with a plan whose placement is recorded")
    mainstream: Series[float] = _count("Of these in mainstream schools, state or independent, but not in a base")
    base: Series[float] = _count("Of these in a base: SEN unit or resourced provision")
    special: Series[float] = _count("Of these in state or non-maintained special schools")
    independent: Series[float] = _count("Of these in independent special schools")
    new_plans: Series[float] = _count("First plans made in the year")
    new_placed: Series[float] = _count("Those of them whose placement is recorded")
    new_mainstream: Series[float] = _count("Of these in mainstream schools, as above")
    new_base: Series[float] = _count("Of these in a base")
    new_special: Series[float] = _count("Of these in state or non-maintained special schools")
    new_independent: Series[float] = _count("Of these in independent special schools")
    requests: Series[float] = _count("Requests for an assessment in the year")
    ended: Series[float] = _count("Plans that ceased in the year but for those that went to another authority")
    ended_16: Series[float] = _count("Those of them at 16 and over, by the age at the August before the year began")
    moved_out: Series[float] = _count("Plans that went to another authority in the year")
    moved_in: Series[float] = _count("Plans that came from another authority: DfE publishes none")
    moved_to_special: Series[float] = _count("Children with a plan who went from mainstream to special in the year")

    class Config:
        """One row an authority and January."""

        coerce = True
        unique = ["la_code", "year"]  # noqa: RUF012 - pandera's own


COLUMNS: Final = tuple(Measured.to_schema().columns)
"""Columns of the table, in order."""
_PARTS: Final = {
    "plans": ("plans_5_15", "plans_16_24", "placed"),
    "placed": ("mainstream", "base", "special", "independent"),
    "new_plans": ("new_placed",),
    "new_placed": ("new_mainstream", "new_base", "new_special", "new_independent"),
    "ended": ("ended_16",),
    "residents_0_24": ("residents_4_17", "residents_5_15"),
}
"""Column -> columns that count part of it."""


class NoMeasures(ForecastError):
    """The England model has no table of what authorities did."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"There is no {path.name} in {path.parent}: what England and other authorities did in the last years is "
            f"not known. Make it, with the model, from the releases: {COMMAND}"
        )


def read_measures(model: Path | None = None) -> pd.DataFrame:
    """What every authority did: columns of `Measured`, NaN where not published.

    Parameters
    ----------
    model : folder of the England model; the one that ships if left out

    Raises
    ------
    NoMeasures
        The model has no such table.
    InputFaults
        The table is damaged.
    """
    path = (bundled("models", "england") if model is None else model) / FOLDER / FILE
    if not path.is_file():
        raise NoMeasures(path)
    try:
        table = Measured.validate(pd.read_csv(path, dtype={"la_code": "str"}), lazy=True)
    except SchemaErrors as errors:
        raise InputFaults(_broken(errors.failure_cases)) from errors
    except (OSError, ValueError) as error:
        raise InputFaults([Fault(FILE, 0, "", "is damaged, or no CSV file in UTF-8", _REMAKE)]) from error
    if faults := _more_than_whole(table):
        raise InputFaults(faults)
    return table[list(COLUMNS)]


def _broken(cases: pd.DataFrame) -> list[Fault]:
    """The first fault of each column."""
    found: dict[str, Fault] = {}
    for case in cases.sort_values("index", kind="stable").to_dict("records"):
        missing = case["check"] == "column_in_dataframe"
        field = str(case["failure_case" if missing else "column"])
        row = 0 if pd.isna(case["index"]) else int(case["index"]) + 2
        found.setdefault(field, Fault(FILE, row, field, "is missing" if missing else _NO_NUMBER, _REMAKE))
    return list(found.values())


def _more_than_whole(table: pd.DataFrame) -> list[Fault]:
    """The first row of each part that is more than its whole."""
    return [
        Fault(FILE, int(wrong[0]) + 2, part, f"is more than {whole}", _REMAKE)
        for whole, parts in _PARTS.items()
        for part in parts
        if len(wrong := table.index[table[part] > table[whole]])
    ]
