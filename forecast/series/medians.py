"""The central forecast of every authority and series from one January: level x England's path x local term."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.series.level import level
from forecast.series.local import local_terms
from forecast.series.national import national_path
from forecast.series.panel import Panel
from forecast.series.targets import EVERY, LONGEST, PARTS, SPECIAL_ALL, TARGETS

Medians = dict[str, pd.DataFrame]
"""Target -> children: index unit, a column a year ahead."""


def medians(panel: Panel, longest: int = LONGEST) -> Medians:
    """Central forecasts from the panel's last census, 1 to `longest` years ahead.

    The local term is held after `LONGEST` years. Authorities sum to England's path, but for those whose
    last figure is missing, and are missing where nothing was published for three years.
    """
    ahead = range(1, longest + 1)
    wanted = [target for target in TARGETS if target != SPECIAL_ALL]
    found = {target: _median(panel, target, ahead) for target in (*wanted, *set(PARTS) - set(wanted))}
    found[SPECIAL_ALL] = sum((found[part] for part in PARTS[1:]), found[PARTS[0]])
    return {target: found[target] for target in EVERY}


def england_path(panel: Panel, longest: int = LONGEST) -> pd.DataFrame:
    """Log growth of England's sum (`special_all`: of the sum of its parts): index target, a column a year ahead."""
    ahead = range(1, longest + 1)
    paths = {target: national_path(panel, target, ahead) for target in {*TARGETS, *PARTS} - {SPECIAL_ALL}}
    now = {part: float(panel.at(part, panel.latest).sum()) for part in PARTS}
    grown = sum(now[part] * np.exp(paths[part]) for part in PARTS)
    paths[SPECIAL_ALL] = np.log(grown / sum(now.values()))
    return pd.DataFrame([paths[target] for target in EVERY], index=list(EVERY), columns=list(ahead))


def _median(panel: Panel, target: str, ahead: Sequence[int]) -> pd.DataFrame:
    """Central forecast of one series with a path of its own: index unit, columns `ahead`."""
    start = level(panel, target).children
    path = dict(zip(ahead, national_path(panel, target, ahead), strict=True))
    now = panel.children[target].loc[panel.latest]
    terms, table = local_terms(panel, target), {}
    for step in ahead:
        grown = start * np.exp(terms[min(step, LONGEST)])
        known = grown.notna() & now.notna()
        table[step] = grown * now[known].sum() / grown[known].sum() * np.exp(path[step])
    return pd.DataFrame(table)
