"""Which areas the app offers: those that ship, and the one that it was started with."""

import os
import sys
from pathlib import Path
from typing import Final, TypeAlias

from forecast.inputs.area import FILES, bundled_areas
from forecast.inputs.bundled import bundled

FIRST_AREA: Final = "worcestershire"
"""Where the app opens if it was started with no other."""
Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
"""Name, bytes and time of change of each file of an area: a file that changes makes a new forecast."""


def given_area(app: str) -> str:
    """Area named where the app was started, with `forecast app AREA` or `streamlit run app.py -- AREA`.

    Parameters
    ----------
    app : path of the app's own file
    """
    program, *rest = sys.argv
    ours = Path(program).resolve() == Path(app).resolve()
    return rest[0] if ours and rest else FIRST_AREA


def areas_to_choose(given: str) -> tuple[dict[str, str], str]:
    """Folders of areas with their names, and the folder of the one given: the areas that ship, and it."""
    areas = {str(bundled("data", name)): name.replace("-", " ").title() for name in bundled_areas()}
    if os.path.exists(given):  # noqa: PTH110 - never raises, as Path.exists does where the name is too long
        first = str(Path(given).resolve())
    else:
        first = str(bundled("data", given)) if given in bundled_areas() else given
    return {first: f"{Path(first).name} (your own folder)"} | areas, first


def stamp(folder: str) -> Stamp:
    """Files of an area as they are now."""
    paths = [path for path in (Path(folder) / name for name in FILES) if path.is_file()]
    return tuple((path.name, (now := path.stat()).st_size, now.st_mtime_ns) for path in paths)
