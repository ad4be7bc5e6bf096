"""What past forecasts scored, as `forecast backtest` wrote it beside the England model: tables that pages read.

Nothing here is worked out again. A table that is missing, cut short or at odds with another is not read at all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors
from pandera.typing import Series

from forecast.errors import Fault, ForecastError, InputFaults

FOLDER: Final = "backtest"
"""Folder beside the model's own tables."""
OURS: Final = "this model"
"""Method of the forecasts that this program makes."""
ENGLAND: Final = "England"
"""Region that is the sum of every authority."""
SIZES: Final = ("small", "middle", "large")
"""Thirds of the authorities, by the children that each had when the forecast was made."""
COMMAND: Final = "forecast backtest --sen2 FOLDER"
"""What makes the tables."""
REMAKE: Final = f"make the tables again: {COMMAND}"
"""Remedy for a table that cannot be used."""
_SAYS: Final[Mapping[str, str]] = {
    "column_in_dataframe": "is missing",
    "not_nullable": "is blank",
    "multiple_fields_uniqueness": "says the same thing as another row",
}
"""Rule of pandera -> what is wrong; any other is about a number that does not read or cannot be."""


def _share(**more: Any) -> Any:  # noqa: ANN401 - stands for a Series, as pa.Field does
    return pa.Field(ge=0, le=1, **more)


class Scores(pa.DataFrameModel):
    """scores.csv: a row a target, method, origin and horizon; ranges only of this program's own method."""

    target: Series[str]
    method: Series[str]
    origin: Series[int] = pa.Field(ge=2010, le=2100)
    ahead: Series[int] = pa.Field(ge=1)
    part: Series[str] = pa.Field(isin=["choosing", "test"])
    authorities: Series[int] = pa.Field(ge=1)
    wape: Series[float] = pa.Field(ge=0, nullable=True)
    bias: Series[float] = pa.Field(nullable=True)
    far_out: Series[float] = _share(nullable=True)
    coverage_80: Series[float] = _share(nullable=True)
    width_80: Series[float] = pa.Field(ge=0, nullable=True)

    class Config:
        """One score a cell."""

        coerce = True
        unique = ["target", "method", "origin", "ahead"]  # noqa: RUF012 - pandera's own


class BySize(pa.DataFrameModel):
    """by_size.csv: this program's method, for small, middle and large authorities."""

    target: Series[str]
    ahead: Series[int] = pa.Field(ge=1)
    size: Series[str] = pa.Field(isin=SIZES)
    cells: Series[int] = pa.Field(ge=1)
    wape: Series[float] = pa.Field(ge=0)
    coverage_80: Series[float] = _share()

    class Config:
        """One score a cell."""

        coerce = True
        unique = ["target", "ahead", "size"]  # noqa: RUF012 - pandera's own


class Summed(pa.DataFrameModel):
    """england_and_regions.csv: children forecast and counted in England and its regions."""

    target: Series[str]
    region: Series[str]
    origin: Series[int] = pa.Field(ge=2010, le=2100)
    ahead: Series[int] = pa.Field(ge=1)
    forecast: Series[float] = pa.Field(ge=0)
    p10: Series[float] = pa.Field(ge=0)
    p90: Series[float] = pa.Field(ge=0)
    actual: Series[float] = pa.Field(gt=0)

    class Config:
        """One sum a cell."""

        coerce = True
        unique = ["target", "region", "origin", "ahead"]  # noqa: RUF012 - pandera's own


class ShelfLife(pa.DataFrameModel):
    """shelf_life.csv: years until a fifth of authorities are more than a tenth out; `inf` if later than was tried."""

    target: Series[str]
    method: Series[str]
    years: Series[float] = pa.Field(ge=0, nullable=True)

    class Config:
        """One number a cell."""

        coerce = True
        unique = ["target", "method"]  # noqa: RUF012 - pandera's own


_TABLES: Final[Mapping[str, type[pa.DataFrameModel]]] = {
    "scores.csv": Scores,
    "by_size.csv": BySize,
    "england_and_regions.csv": Summed,
    "shelf_life.csv": ShelfLife,
}


@dataclass(frozen=True, eq=False)
class BacktestTables:
    """Scores of past forecasts; the schemas say what each column means."""

    scores: pd.DataFrame
    by_size: pd.DataFrame
    summed: pd.DataFrame
    shelf_life: pd.DataFrame


class NoBacktest(ForecastError):
    """The England model has no tables of past forecasts."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no folder {folder.name!r} in {folder.parent}: past forecasts have not been tried out with this "
            f"model. Do so, which takes some minutes, with: {COMMAND}"
        )


def read_backtest(folder: Path) -> BacktestTables:
    """The tables of past forecasts that `forecast backtest` wrote.

    Parameters
    ----------
    folder : `FOLDER` of a model

    Raises
    ------
    NoBacktest
        There is no such folder.
    InputFaults
        Every table that is missing or damaged, or lacks what another has.
    """
    if not folder.is_dir():
        raise NoBacktest(folder)
    tables: list[pd.DataFrame] = []
    faults: list[Fault] = []
    for name, schema in _TABLES.items():
        table, wrong = read_checked(folder / name, schema)
        tables.append(table)
        faults += wrong
    made = None if faults else BacktestTables(*tables)
    if made is None or (faults := list(_disagreements(made))):
        raise InputFaults(faults)
    return made


def read_checked(path: Path, schema: type[pa.DataFrameModel]) -> tuple[pd.DataFrame, list[Fault]]:
    """One table of past forecasts, and the first fault of each column; without rows where it has any."""
    texts = {name: "str" for name, field in schema.to_schema().columns.items() if str(field.dtype).startswith("str")}
    try:
        return schema.validate(pd.read_csv(path, dtype=texts), lazy=True), []
    except OSError as error:
        faults = [Fault(path.name, 0, "", f"cannot be read ({error.strerror})", REMAKE)]
    except SchemaErrors as errors:
        faults = list(_broken(path.name, errors.failure_cases))
    except ValueError:
        faults = [Fault(path.name, 0, "", "is damaged, or no CSV file in UTF-8", REMAKE)]
    return pd.DataFrame(), faults


def _broken(name: str, cases: pd.DataFrame) -> Iterator[Fault]:
    """A fault for each column that breaks a rule, at the first row that does."""
    seen = set()
    for case in cases.sort_values("index", kind="stable").to_dict("records"):
        rule = str(case["check"])
        field = str(case["failure_case" if rule == "column_in_dataframe" else "column"])
        field = "" if rule == "multiple_fields_uniqueness" else field
        if field not in seen:
            row = 0 if pd.isna(case["index"]) else int(case["index"]) + 2
            yield Fault(name, row, field, _SAYS.get(rule, "is no number that can stand there"), REMAKE)
        seen.add(field)


def _disagreements(tables: BacktestTables) -> Iterator[Fault]:
    """What a target and horizon of this program's method has in one table and lacks in another."""
    scores = tables.scores[tables.scores["method"].eq(OURS)]
    if scores.empty:
        yield Fault("scores.csv", 0, "", f"has no rows of {OURS!r}", REMAKE)
    unscored = scores[["wape", "bias", "far_out", "coverage_80", "width_80"]].isna().any(axis=1)
    for index in scores.index[unscored][:1]:
        yield Fault("scores.csv", int(index) + 2, "", f"lacks a score of {OURS!r}", REMAKE)
    summed = tables.summed[tables.summed["region"].eq(ENGLAND)]
    for target, rows in scores.groupby("target"):
        horizons = set(rows["ahead"])
        sizes = tables.by_size[tables.by_size["target"].eq(target)]
        if set(zip(sizes["ahead"], sizes["size"], strict=True)) != {(at, size) for at in horizons for size in SIZES}:
            yield _lacks("by_size.csv", target)
        of_england = summed[summed["target"].eq(target)]
        if set(zip(of_england["origin"], of_england["ahead"], strict=True)) != set(
            zip(rows["origin"], rows["ahead"], strict=True)
        ):
            yield _lacks("england_and_regions.csv", target)
        lives = tables.shelf_life
        if not (lives["target"].eq(target) & lives["method"].eq(OURS) & lives["years"].notna()).any():
            yield _lacks("shelf_life.csv", target)


def _lacks(name: str, target: object) -> Fault:
    return Fault(name, 0, "", f"has not the forecasts of {target!r} that scores.csv has", REMAKE)
