"""Tables of a size as people read them: cells of words and whole numbers, each row and column with a name.

No number of children under five is shown, and none with decimals. `as_written` has the figures for a machine.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide.alternatives import NOTHING
from forecast.decide.case import Case
from forecast.decide.size import Sized
from forecast.domain import academic_year
from forecast.report.money import NOTHING as NOTHING_MORE
from forecast.report.money import pounds_in_brief
from forecast.report.phrases import RANGE, capped, chances_in_brief, count, count_range
from forecast.report.size_ap_words import instead
from forecast.report.size_words import month

FULL: Final = "Chance that all places open by then are taken"
EMPTY: Final = "Chance that more than a tenth of them stand empty"
CHANCES: Final = {"full": FULL, "tenth_empty": EMPTY}
"""Column of `Sized.by_size` -> its words."""
FUND: Final = "general fund"
"""Payer of `Sized.payers` who meets transport."""
MOST_ROWS: Final = 9
"""Sizes that a table shows."""
NOT_OPEN: Final = "not open"
BUILD_UP: Final = (
    "Of the futures in which it is open that January; places and pupils are the middle of these futures (P50)."
)
"""What the table of the build-up is of."""


def by_year(sized: Sized) -> pd.DataFrame:
    """A row a school year from the opening on: children expected, and places that would be enough."""
    case = sized.case
    rows = sized.by_year[sized.by_year["year"] >= case.years[case.opening]].to_dict("records")
    table = pd.DataFrame(
        {
            "Expected": [count(row["mean"]) for row in rows],
            f"Range ({RANGE})": [count_range(row["p10"], row["p90"]) or count(row["p90"]) for row in rows],
            "Enough in 5 futures of 10 (P50)": [count(row["p50"]) for row in rows],
            "in 8 of 10 (P80)": [count(row["p80"]) for row in rows],
            "in 9 of 10 (P90)": [count(row["p90"]) for row in rows],
            "World": [case.projection.world_of(row["year"]) for row in rows],
        }
    )
    return _named(table, [academic_year(row["year"]) for row in rows])


def chances_table(sized: Sized, chance: str) -> pd.DataFrame:
    """A row a size, a column a school year: how likely something is in words.

    Parameters
    ----------
    chance : of `CHANCES`
    """
    years, sizes = shown_years(sized.case), shown_sizes(sized)
    table = sized.by_size.pivot(index="size", columns="year", values=chance).loc[sizes, years]
    cells = table.map(lambda share: NOT_OPEN if np.isnan(share) else chances_in_brief(share))
    named = cells.set_axis([f"{academic_year(year)}{_open_by(sized.case, year)}" for year in years], axis=1)
    return _named(named, [_size(sized, size) for size in sizes])


def _open_by(case: Case, year: int) -> str:
    """How much of the school is open by a January, on average where any of it is: " (30% open)"; empty for all."""
    share = case.open_share[:, case.years.index(year)]
    some = float(share[share > 0].mean()) if (share > 0).any() else 0.0
    return "" if round(some * 100) in {0, 100} else f" ({some:.0%} open)"


def shown_years(case: Case) -> list[int]:
    """Januaries of a table: the opening, the next two but one each, when it is full grown, and the last."""
    first, ready, last = case.opening, case.ready, len(case.years) - 1
    return [case.years[at] for at in sorted({first, min(first + 2, last), ready, (ready + last + 1) // 2, last})]


def shown_sizes(sized: Sized) -> list[int]:
    """Sizes of a table: those of the answer, and others between the smallest and the largest looked at."""
    sizes = sorted(set(sized.by_size["size"]))
    kept = {sized.target, sized.stages.firm, sized.stages.both} & set(sizes)
    step = max(-(-len(sizes) // (MOST_ROWS - len(kept))), 1)
    return sorted(kept | set(sizes[::step]))


def regret_table(sized: Sized) -> pd.DataFrame:
    """A row a size, a column a world: pounds above the size that is best there; no rows without worlds."""
    if sized.regret.empty:
        return pd.DataFrame()
    table = sized.regret.pivot(index="size", columns="world", values="regret")
    sizes = [0, *shown_sizes(sized)]
    order = list(dict.fromkeys(sized.regret["world"]))
    cells = table.loc[sizes, order].assign(worst=table.loc[sizes].max(axis=1)).map(pounds_in_brief)
    named = cells.rename(columns={"worst": "Worst of these"} | {world: capped(world) for world in order})
    return _named(named, ["no school" if size == 0 else _size(sized, size) for size in sizes])


def build_up_table(sized: Sized) -> pd.DataFrame:
    """A row a September: whether it is open, classes and places, pupils."""
    rows = sized.build_up.to_dict("records")
    most = [min(row["p90"], row["places"]) for row in rows]
    table = pd.DataFrame(
        {
            "Chance of being open": [chances_in_brief(row["open"]) for row in rows],
            "Places open": [f"{round(row['places'])}" for row in rows],
            "Classes": [f"{row['classes']}" for row in rows],
            "Pupils": [count(min(row["p50"], high)) for row, high in zip(rows, most, strict=True)],
            f"Range ({RANGE}), at so many places": [
                count_range(min(row["p10"], high), high) or count(high) for row, high in zip(rows, most, strict=True)
            ],
        }
    )
    return _named(table, [f"September {row['year'] - 1}" for row in rows])


def waiting_table(sized: Sized) -> pd.DataFrame:
    """A row a way to build: places, cost in today's money, saved by waiting."""
    if sized.second is None:
        return pd.DataFrame()
    rows = sized.second.waiting.to_dict("records")
    table = pd.DataFrame(
        {
            "Places, on average": [f"{row['places']:.0f}" for row in rows],
            "Cost in today's money": [pounds_in_brief(row["total"]) for row in rows],
            f"Range ({RANGE})": [f"{pounds_in_brief(row['p10'])} to {pounds_in_brief(row['p90'])}" for row in rows],
        }
    )
    return _named(table, [capped(row["plan"]) for row in rows])


def alternatives_table(sized: Sized) -> pd.DataFrame:
    """A row a way to make as many places: when it could open, what it costs, what it saves."""
    rows = sized.alternatives.to_dict("records")
    none = [row["project"] == NOTHING for row in rows]
    table = pd.DataFrame(
        {
            "Could open": ["-" if no else month(row["opens"]) for row, no in zip(rows, none, strict=True)],
            "Children without, last year": [count(row["short"]) for row in rows],
            "To build": ["-" if no else pounds_in_brief(row["capital"]) for row, no in zip(rows, none, strict=True)],
            "Cost in today's money": [pounds_in_brief(row["present_value"]) for row in rows],
            f"Range ({RANGE})": [f"{pounds_in_brief(row['p10'])} to {pounds_in_brief(row['p90'])}" for row in rows],
            "Saved": [pounds_in_brief(row["saved"]) for row in rows],
        }
    )
    return _named(table, [capped(_project(row["project"], sized.case)) for row in rows])


def payers_table(sized: Sized) -> pd.DataFrame:
    """A row a school year: what the places change for each who pays, pounds a year."""
    years = shown_years(sized.case)
    rows = sized.payers[sized.payers["year"].isin(years)]
    table = rows.pivot(index="year", columns="payer", values="mean").loc[years]
    payers = [payer for payer in dict.fromkeys(rows["payer"]) if payer != FUND or not fund_unchanged(sized)]
    named = table[payers].map(pounds_in_brief).rename(columns=capped)
    return _named(named, [academic_year(year) for year in years])


def fund_unchanged(sized: Sized) -> bool:
    """Whether transport costs as much either way, so that the council's general fund is untouched."""
    return bool(sized.payers.loc[sized.payers["payer"] == FUND, "mean"].abs().max() < NOTHING_MORE)


def prices_table(sized: Sized) -> pd.DataFrame:
    """A row a price: value, range, unit, and where it comes from."""
    rows = sized.prices.to_dict("records")
    table = pd.DataFrame(
        {
            "Value": [_amount(row["value"], row["unit"]) for row in rows],
            f"Range ({RANGE})": [
                f"{_amount(row['low'], row['unit'])} to {_amount(row['high'], row['unit'])}" for row in rows
            ],
            "Source": [row["source"] if row["supported"] else f"Not supported. {row['source']}" for row in rows],
        }
    )
    return _named(table, [f"{capped(row['item'].replace('_', ' '))}, {row['of'].replace('_', ' ')}" for row in rows])


def as_written(sized: Sized) -> Mapping[str, pd.DataFrame]:
    """Every table with its figures, by the name of its file; children of published areas in whole numbers."""
    tables = {
        "by_year": sized.by_year,
        "by_size": sized.by_size,
        "regret": sized.regret,
        "verdicts": sized.verdicts,
        "build_up": sized.build_up,
        "alternatives": sized.alternatives,
        "payers": sized.payers,
        "prices": sized.prices,
        "value": sized.value,
        "one_place": sized.one_place,
        "sizes_as_built": sized.beside,
    }
    if sized.relief is not None:
        tables["relief"] = sized.relief
    if sized.second is not None:
        tables |= {"reviews": sized.second.reviews, "waiting": sized.second.waiting}
    return {name: _rounded(sized, name, table) for name, table in tables.items()}


def _rounded(sized: Sized, name: str, table: pd.DataFrame) -> pd.DataFrame:
    """Estimates from published figures as whole children."""
    columns = {"by_year": _LEVELS, "build_up": ("p10", "p50", "p90"), "by_size": ("short", "empty")}.get(name, ())
    columns = (*columns, *(("short", "child_years") if name == "alternatives" else ()))
    if sized.case.projection.about.kind != "published":
        return table
    return table.assign(**{column: table[column].round() for column in columns})


_LEVELS: Final = ("mean", "p10", "p50", "p80", "p90")


def _size(sized: Sized, size: int) -> str:
    """A size in a table, with what it is in the answer."""
    stages = sized.stages
    roles = {stages.firm: "first stage", stages.both: "both stages" if stages.second else "first stage"}
    said = "asked about" if size == sized.case.ask.places else roles.get(size, "")
    return f"{size} places{f' ({said})' if said else ''}"


def _project(name: str, case: Case) -> str:
    return f"do nothing: {instead(case)}" if name == NOTHING else name


def _amount(value: float, unit: str) -> str:
    if unit.startswith("pounds"):
        return f"£{value:,.0f}{' a year' if unit.endswith('a year') else ''}"
    return f"{value:.1%} a year" if unit.startswith("share") else f"{value:.0f} {unit}"


def _named(table: pd.DataFrame, rows: Sequence[str]) -> pd.DataFrame:
    return table.set_axis(list(rows), axis=0).rename_axis(index=None, columns=None)
