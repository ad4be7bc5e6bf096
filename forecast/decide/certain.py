"""Levers without their ranges, for one path that has no luck."""

from typing import TypeVar

import xarray as xr
from pydantic import BaseModel

from forecast.scenario.dated import drawn
from forecast.scenario.written import Range

_Lever = TypeVar("_Lever", bound=BaseModel)


def certain(lever: _Lever, drivers: xr.Dataset) -> _Lever:
    """A lever without its ranges: each setting that has one at its mean over the futures of `drivers`."""
    held = {name: _certain(getattr(lever, name), lever, drivers) for name in type(lever).model_fields}
    changed = {name: value for name, value in held.items() if value is not getattr(lever, name)}
    return lever.model_copy(update=changed) if changed else lever


def _certain(setting: object, lever: BaseModel, drivers: xr.Dataset) -> object:
    """A setting, or what it holds, without ranges; the very same where there are none."""
    if isinstance(setting, Range):
        if setting.of(setting.value):
            return setting
        mean = float(drawn(setting, drivers, str(getattr(lever, "kind", ""))).mean())
        return setting.model_copy(update={"value": mean, "low": mean, "high": mean})
    if isinstance(setting, tuple):
        held = tuple(_certain(part, lever, drivers) for part in setting)
        return setting if all(new is old for new, old in zip(held, setting, strict=True)) else held
    if isinstance(setting, dict):
        by_key = {key: _certain(part, lever, drivers) for key, part in setting.items()}
        return setting if all(by_key[key] is setting[key] for key in setting) else by_key
    return certain(setting, drivers) if isinstance(setting, BaseModel) else setting
