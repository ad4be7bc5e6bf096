"""Fitted models on disk: `model.json` for labels and numbers, one tidy CSV an array; readable without this program."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Final

import pandas as pd
import xarray as xr

from forecast.errors import ModelError
from forecast.folders import replaced

FORMAT: Final = 2
_DIGITS: Final = 7
KEPT: Final = ("card.md", "card", "backtest")
"""What stands beside a model and is not made by fitting it."""


def write_model(model: xr.Dataset, folder: Path) -> None:
    """Write every variable of `model` as `<name>.csv` (cells that are zero left out) and the rest as `model.json`.

    The folder is replaced whole, but for what is `KEPT`.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with replaced(folder) as made:
        _write(model, made)
        if folder.exists():
            _keep(folder, made)


def _keep(old: Path, new: Path) -> None:
    """Copy what is `KEPT`, so that the old folder is whole until the new one is."""
    for path in (old / name for name in KEPT):
        if path.is_dir():
            shutil.copytree(path, new / path.name)
        elif path.exists():
            shutil.copy2(path, new / path.name)


def _write(model: xr.Dataset, folder: Path) -> None:
    """Write `model` to a new, empty folder."""
    coords = {str(axis): model[axis].values.tolist() for axis in model.dims}
    variables = {str(name): list(map(str, model[name].dims)) for name in model.data_vars}
    digests = {}
    for name in variables:
        table = model[name].to_series().rename("value").reset_index()
        path = folder / f"{name}.csv"
        table = table[table["value"] != 0]
        table.to_csv(path, index=False, float_format=f"%.{_DIGITS}g", lineterminator="\n")
        digests[name] = _sha(path)
    head = {"format": FORMAT, "axes": coords, "variables": variables, "files_sha256": digests, **model.attrs}
    (folder / "model.json").write_text(json.dumps(head, indent=1) + "\n", encoding="utf-8", newline="\n")


def read_model(folder: Path) -> xr.Dataset:
    """The model that `write_model` wrote.

    Raises
    ------
    ModelError
        The folder holds no model, or one of another format, or a table of it is missing.
    """
    remake = f"Make it again from the releases: forecast fit --sen2 ... --population ... --to {folder}"
    try:
        head = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        if head.pop("format") != FORMAT:
            msg = f"{folder} holds a model of another format. {remake}"
            raise ModelError(msg)
        axes, variables, digests = head.pop("axes"), head.pop("variables"), head.pop("files_sha256")
        if changed := [name for name in variables if _sha(folder / f"{name}.csv") != digests.get(name)]:
            msg = f"{changed[0]}.csv in {folder} is not as it was fitted. {remake}"
            raise ModelError(msg)
        arrays = {name: _array(folder / f"{name}.csv", dims, axes) for name, dims in variables.items()}
    except FileNotFoundError as error:
        msg = f"No fitted model in {folder}: {Path(str(error.filename)).name} is missing. {remake}"
        raise ModelError(msg) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        msg = f"The fitted model in {folder} is damaged. {remake}"
        raise ModelError(msg) from error
    return xr.Dataset(arrays, coords=axes, attrs=head)


def _sha(path: Path) -> str:
    """SHA-256 of a file, the same whatever its line ends."""
    return hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def digest(folder: Path) -> str:
    """SHA-256 over a model's files in name order, the same whatever their line ends."""
    paths = sorted([*folder.glob("*.csv"), folder / "model.json"])
    return hashlib.sha256("".join(_sha(path) for path in paths).encode()).hexdigest()


def _array(path: Path, dims: list[str], axes: dict[str, list[object]]) -> xr.DataArray:
    """One CSV as an array on the whole axes; cells not in the file are zero."""
    kinds = {axis: type(axes[axis][0]) for axis in dims}
    table = pd.read_csv(path, dtype=kinds)
    whole = pd.MultiIndex.from_product([axes[axis] for axis in dims], names=dims)
    index = pd.MultiIndex.from_frame(table[dims]) if len(dims) > 1 else pd.Index(table[dims[0]], name=dims[0])
    series = pd.Series(table["value"].to_numpy(), index=index)
    filled = series.reindex(whole if len(dims) > 1 else whole.get_level_values(0), fill_value=0.0)
    shape = [len(axes[axis]) for axis in dims]
    return xr.DataArray(filled.to_numpy().reshape(shape), dims=dims, coords={axis: axes[axis] for axis in dims})
