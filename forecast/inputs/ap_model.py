"""England's model of alternative provision: tables in `ap/` beside the rest of the England model.

`forecast fit` makes them from `data/reference/ap_rolls.csv` and `ap_england.csv`.

    settings.csv   setting, series, counted, england_counted, yearly, lean, rate, scale
    growth.csv     setting, ahead, log_growth                    of England, since the January `counted`
    spread.csv     setting, ahead, common_sd, steady_sd, luck, januaries
    rates.csv      setting, key_stage, children, residents       England's last January; children without a plan
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.domain import ApSetting, KeyStage
from forecast.errors import ModelError
from forecast.inputs.bundled import bundled

FOLDER: Final = "ap"
"""Folder beside the England model's own tables."""
COMMAND: Final = "forecast fit --sen2 FOLDER"
"""What makes the tables."""
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "settings": ("setting", "series", "counted", "england_counted", "yearly", "lean", "rate", "scale"),
    "growth": ("setting", "ahead", "log_growth"),
    "spread": ("setting", "ahead", "common_sd", "steady_sd", "luck", "januaries"),
    "rates": ("setting", "key_stage", "children", "residents"),
}
"""Table -> its columns."""
LEAST: Final = 0.5
"""Children that a count of none is taken for where its logarithm is."""


@dataclass(frozen=True, eq=False)
class ApModel:
    """What every authority's rolls teach; `ap.england.ApFitted` says what the columns mean."""

    settings: pd.DataFrame
    """Index setting."""
    growth: pd.DataFrame
    """Log growth of England: index setting, columns years ahead of its last counted January."""
    common: pd.DataFrame
    """Standard deviation of the error that all authorities share: index setting, columns years ahead."""
    steady: pd.DataFrame
    """The same of an authority's own error, however large it is."""
    luck: pd.DataFrame
    """What fewness adds to the own variance, times the children."""
    rates: pd.DataFrame
    """setting, key_stage, children, residents."""

    def path(self, setting: ApSetting, years: Sequence[int], since: int | None = None) -> npt.NDArray[np.float64]:
        """Log growth of England from the January `since` to each of `years`; 0 up to `since`: as `years`.

        Parameters
        ----------
        since : by default the last January that authorities' rolls are published for
        """
        counted = int(self._of(setting, "counted"))
        start = counted if since is None else since
        grown = [self._grown(setting, max(year, start) - counted) for year in years]
        return np.array(grown) - self._grown(setting, start - counted)

    def spread(self, setting: ApSetting, ahead: int, size: float, since: int | None = None) -> tuple[float, float]:
        """Standard deviations of the log error, shared and own, of an area `ahead` years after its last figure.

        Up to the last January of which England's total is known nothing is shared.

        Parameters
        ----------
        size : children of the area at its last figure
        since : January of that figure; by default the last that authorities' rolls are published for
        """
        start = int(self._of(setting, "counted")) if since is None else since
        untold = start + ahead - max(start, int(self._of(setting, "england_counted")))
        common = self._at(self.common, setting, untold) if untold > 0 else 0.0
        steady, luck = self._at(self.steady, setting, ahead), self._at(self.luck, setting, ahead)
        return common, float(np.sqrt(steady**2 + luck / max(size, 1.0)))

    def luck_in_a_year(self, setting: ApSetting) -> float:
        """What fewness adds to the own variance of the first year, times the children."""
        return self._at(self.luck, setting, 1)

    def lean(self, setting: ApSetting, children: float, residents: float) -> float:
        """Log by which the level that a forecast starts from lies above the area's own last figure.

        Parameters
        ----------
        children : all children of the setting, with a plan and without
        residents : aged 5 to 15
        """
        lean = self._of(setting, "lean")
        if not lean:
            return 0.0
        of_england = self._of(setting, "rate") * residents
        return float(lean * np.log(of_england / max(children, LEAST)) + np.log(self._of(setting, "scale")))

    def _grown(self, setting: ApSetting, ahead: int) -> float:
        """Growth since the last counted January; none before it, and held after the last year there is."""
        return self._at(self.growth, setting, ahead) if ahead > 0 else 0.0

    def _of(self, setting: ApSetting, column: str) -> float:
        """A cell of `settings`."""
        return float(self.settings[column].to_dict()[setting.value])

    @staticmethod
    def _at(table: pd.DataFrame, setting: ApSetting, ahead: int) -> float:
        """A cell; that of the last year where `ahead` is later."""
        return float(table[min(ahead, table.shape[1])].to_dict()[setting.value])


def read_ap_model(model: Path | None = None) -> ApModel:
    """England's model of alternative provision.

    Parameters
    ----------
    model : folder of the England model; the one that ships if left out

    Raises
    ------
    ModelError
        A table is missing, or is not as it was written.
    """
    folder = (bundled("models", "england") if model is None else model) / FOLDER
    tables = {name: _read(folder / f"{name}.csv", columns) for name, columns in COLUMNS.items()}
    settings = [setting.value for setting in ApSetting]
    spread = tables["spread"]
    made = ApModel(
        settings=tables["settings"].set_index("setting"),
        growth=_by_year(tables["growth"], "log_growth"),
        common=_by_year(spread, "common_sd"),
        steady=_by_year(spread, "steady_sd"),
        luck=_by_year(spread, "luck"),
        rates=tables["rates"],
    )
    by_setting = (made.settings, made.growth, made.common)
    stages = tables["rates"].groupby("setting")["key_stage"].agg(set).to_dict()
    if any(sorted(table.index) != sorted(settings) for table in by_setting) or stages != {
        setting: {stage.value for stage in KeyStage} for setting in settings
    }:
        raise _damaged(folder, "a table has not every setting and key stage")
    return made


def _by_year(table: pd.DataFrame, value: str) -> pd.DataFrame:
    """Index setting, columns years ahead from 1 on."""
    return table.pivot_table(index="setting", columns="ahead", values=value)


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """One table, its numbers all there."""
    try:
        table = pd.read_csv(path)[list(columns)]
    except FileNotFoundError as error:
        msg = f"No model of alternative provision in {path.parent}: {path.name} is missing. Make it with: {COMMAND}"
        raise ModelError(msg) from error
    except (KeyError, ValueError) as error:
        raise _damaged(path.parent, f"{path.name} is not as it was written") from error
    numbers = table.drop(columns=["setting", "series", "key_stage"], errors="ignore")
    if table.isna().any(axis=None) or not all(map(pd.api.types.is_numeric_dtype, numbers.dtypes)):
        raise _damaged(path.parent, f"{path.name} has a cell that is blank or no number")
    return table


def _damaged(folder: Path, what: str) -> ModelError:
    return ModelError(f"The model of alternative provision in {folder} is damaged: {what}. Make it again: {COMMAND}")
