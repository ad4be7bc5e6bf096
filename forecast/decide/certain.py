"""Levers without their ranges, for one path that has no luck."""

from typing import Final, TypeVar, get_args

import xarray as xr
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from forecast.scenario.dated import drawn
from forecast.scenario.written import Range, Share, said_of_type

_Lever = TypeVar("_Lever", bound=BaseModel)
_SHARE: Final = get_args(Share)[1]


def certain(lever: _Lever, drivers: xr.Dataset) -> _Lever:
    """A lever without its ranges: each setting that has one at the mean of what the lever makes of it in all futures.

    Whatever a lever calls the luck of a setting: that is spread alike under every name.

    Parameters
    ----------
    drivers : every future of the run
    """
    fields = type(lever).model_fields
    held = {name: _certain(getattr(lever, name), drivers, _most(info)) for name, info in fields.items()}
    changed = {name: value for name, value in held.items() if value is not getattr(lever, name)}
    return lever.model_copy(update=changed) if changed else lever


def _most(info: FieldInfo) -> float | None:
    """The most that a future takes of a setting: 1 of a share."""
    return 1.0 if any(said == _SHARE for said in said_of_type(info)) else None


def _certain(setting: object, drivers: xr.Dataset, most: float | None) -> object:
    """A setting, or what it holds, without ranges; the very same where there are none."""
    if isinstance(setting, Range):
        if setting.of(setting.value):
            return setting
        mean = float(drawn(setting, drivers, "any").clip(0, most).mean())
        return setting.model_copy(update={"value": mean, "low": mean, "high": mean})
    if isinstance(setting, tuple):
        held = tuple(_certain(part, drivers, most) for part in setting)
        return setting if all(new is old for new, old in zip(held, setting, strict=True)) else held
    if isinstance(setting, dict):
        by_key = {key: _certain(part, drivers, most) for key, part in setting.items()}
        return setting if all(by_key[key] is setting[key] for key in setting) else by_key
    return certain(setting, drivers) if isinstance(setting, BaseModel) else setting
