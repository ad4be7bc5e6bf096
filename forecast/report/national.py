"""Files and words of a forecast of every authority."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from forecast.domain import academic_year
from forecast.series.england import EnglandForecast

DIGITS = 3
"""Decimals of children in the file: enough to add up, too few to hide a difference of arithmetic."""


def write_england(found: EnglandForecast, out: Path) -> list[str]:
    """Write the forecast, and what was left out beside it as `<name>_left_out.csv`; what to say of it, a line each.

    Both files are written beside their names first, so that a run that is stopped leaves the last good ones.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    beside = out.with_name(f"{out.stem}_left_out.csv")
    table = found.table.round(dict.fromkeys(("mean", "p10", "p50", "p90"), DIGITS))
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.stem}.") as scratch:
        for name, rows in ((out, table), (beside, found.left_out)):
            rows.to_csv(Path(scratch) / name.name, index=False, lineterminator="\n", encoding="utf-8")
        for name in (out, beside):
            (Path(scratch) / name.name).replace(name)
    return [*_said(found.table, out), *_not_used(found.left_out, beside)]


def _said(table: pd.DataFrame, out: Path) -> list[str]:
    """How many authorities and years there are, and England's plans."""
    first, last = int(table["year"].min()), int(table["year"].max())
    plans = table[table["target"].eq("plans")].groupby("year")["mean"].sum()
    england = [f"{plans.loc[year]:,.0f} in {academic_year(year)}" for year in (first, last)]
    lines = [
        f"{table['la_code'].nunique()} authorities, January {first} to {last}, written to {out}.",
        f"England, plans: {', '.join(england)}.",
    ]
    if last - first >= _TOLD_BY_DATA:
        lines.append(
            f'From {academic_year(first + _TOLD_BY_DATA)} these figures stand in the world "trend": growth goes on as '
            "it has, fading; past figures say nothing about so far ahead."
        )
    return lines


_TOLD_BY_DATA = 5
"""Years ahead that past figures have something to say about."""


def _not_used(left_out: pd.DataFrame, beside: Path) -> list[str]:
    """How many figures were not used, with the reasons."""
    if left_out.empty:
        return ["Every published figure was used."]
    counts = left_out.groupby("reason")["la_code"].nunique().sort_values(ascending=False)
    said = "; ".join(
        f"{reason} ({number} {'authority' if number == 1 else 'authorities'})" for reason, number in counts.items()
    )
    return [f"Not used as published, named in {beside}: {said}."]
