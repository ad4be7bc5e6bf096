"""Whether the tables of alternative provision agree with area.toml and with themselves.

Every table here is indexed by the line of each row, and has no fault of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import pandas as pd

from forecast.domain import ALL, Reason
from forecast.errors import Fault
from forecast.inputs.about import About
from forecast.inputs.faults import capped
from forecast.inputs.schemas_ap import PLANS

AHEAD: Final = 2
"""Academic years that may follow the latest census: a council's own records of alternative provision are newer."""
ROUNDED: Final = 0.005
"""By how much shares of one whole, each rounded, may fail to add up to 1."""
_DAY: Final = ["year", "month", "district", "setting"]
_CELL: Final = ("year", "month", "district", "setting", "plan", "reason", "key_stage")
_AMONG: Final = ("reason", "key_stage")
_BAND: Final = ["setting", "reason", "key_stage", "tier", "plan"]
_RECKON: Final = "correct the one that is wrong: a suppressed count is blank, and each child is counted once"


def ap_disagreements(about: About, tables: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Faults between rows of tables of alternative provision; those that could not be read are left out of `tables`."""
    for name in ("ap_rolls", "ap_arrivals", "exclusions"):
        if name in tables:
            yield from _years_too_late(about, f"{name}.csv", tables[name])
    for name in ("ap_arrivals", "exclusions"):
        if name in tables:
            yield from _months_at_odds(f"{name}.csv", tables[name])
    if (rolls := tables.get("ap_rolls")) is not None:
        yield from _margins_at_odds(rolls)
        whole = _added_up(rolls, "children", _AMONG)
        yield from _parts_beyond("ap_rolls.csv", whole, "children", "plan", "with and without a plan")
        yield from _parts_beyond("ap_rolls.csv", whole, "children", "district", "by district")
    if (excluded := tables.get("exclusions")) is not None:
        for count in ("permanent", "suspensions"):
            whole = _added_up(excluded, count, ("key_stage",))
            yield from _parts_beyond("exclusions.csv", whole, count, "district", "by district")
            yield from _parts_beyond(
                "exclusions.csv", _added_up(excluded, count, ()), count, "key_stage", "by key stage"
            )
    if (stays := tables.get("ap_stays")) is not None:
        yield from _bands_that_overlap(stays)
    if (figures := tables.get("ap")) is not None:
        yield from _shares_of_no_whole(figures)


def _years_too_late(about: About, file: str, table: pd.DataFrame) -> Iterator[Fault]:
    """Years long after the latest census, each at its first row."""
    last = about.latest_census + AHEAD
    for line, year in table.loc[table["year"] > last, "year"].drop_duplicates().items():
        what = f"{year} is more than {AHEAD} years after the latest census, {about.latest_census}"
        yield Fault(file, int(str(line)), "year", what, "correct the year, or latest_census in area.toml")


def _months_at_odds(file: str, table: pd.DataFrame) -> Iterator[Fault]:
    """Years that were seen for one number of months by one row, for another by another."""
    first = table.groupby("year")["months"].transform("first")
    remedy = "write the same number of months in every row of a year"

    def worded(line: int) -> Fault:
        what = f"{table['year'][line]} has {first[line]} months in an earlier row"
        return Fault(file, line, "months", what, remedy)

    yield from capped(table.index[table["months"] != first].tolist(), worded)


def _margins_at_odds(rolls: pd.DataFrame) -> Iterator[Fault]:
    """Children of one day and plan who add up to one number by reason and to another by key stage, or in all.

    A margin is the rows that name the same columns; one with a blank cell may be less than the total, which is the
    margin without one that names fewest columns.
    """
    margin = pd.Series("", rolls.index, name="margin")
    for axis in _AMONG:
        margin = margin.where(rolls[axis] == ALL, margin + f" x {axis}")
    by = [*(rolls[name] for name in (*_DAY, "plan")), margin]
    children, hidden = rolls["children"].groupby(by).sum(), rolls["children"].isna().groupby(by).any().rename("hidden")
    lines = rolls.index.to_series(name="line").groupby(by).min()
    sums = pd.concat([children, hidden, lines], axis=1).reset_index()
    sums = sums.sort_values("margin", key=lambda margins: margins.str.count(" x "), kind="stable")
    told = sums.assign(margin=sums["margin"].mask(sums["hidden"]), children=sums["children"].mask(sums["hidden"]))
    total = told.groupby([*_DAY, "plan"])[["children", "margin"]].transform("first")
    less = (sums["children"] < total["children"]) & ~sums["hidden"]
    wrong = sums[less | (sums["children"] > total["children"])].set_index("line")

    def worded(line: int) -> Fault:
        row, whole = wrong.loc[line], total.loc[sums["line"] == line].iloc[0]
        what = f"{_by(row['margin'])} {row['children']:,.0f} children, {_by(whole['margin'])} {whole['children']:,.0f}"
        return Fault("ap_rolls.csv", line, "children", f"{row['year']}, month {row['month']}: {what}", _RECKON)

    yield from capped([int(line) for line in wrong.index], worded)


def _by(margin: object) -> str:
    margin = str(margin)
    return f"by {margin.removeprefix(' x ').replace('_', ' ')}" if margin else "in all"


def _added_up(table: pd.DataFrame, count: str, axes: Iterable[str]) -> pd.DataFrame:
    """Every row of a table and, where a cell is told in parts alone, what they add up to; a sum of blanks is blank.

    Parameters
    ----------
    axes : columns over which parts are added up

    Returns
    -------
    the columns of `_CELL` that the table has, the count, and
    line : of a row, or of the first of those that were added up
    made : whether it was added up
    """
    cell = [name for name in _CELL if name in table]
    found = table[[*cell, count]].reset_index(names="line").assign(made=False)
    for axis in axes:
        parts = found[found[axis] != ALL].groupby([name for name in cell if name != axis])
        sums = pd.concat([parts[count].sum(skipna=False), parts["line"].min()], axis=1).reset_index().assign(made=True)
        sums[axis] = ALL
        found = pd.concat([found, sums[~_keys(sums, cell).isin(_keys(found, cell))]], ignore_index=True)
    return found


def _keys(table: pd.DataFrame, cell: list[str]) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[cell])


def _parts_beyond(file: str, table: pd.DataFrame, count: str, axis: str, words: str) -> Iterator[Fault]:
    """Cells in which the parts are more than the whole; or fewer, where there are both plans, which are everybody.

    Sums that were only added up are named where no row of the same day is, and then the first of them.

    Parameters
    ----------
    table : as `_added_up` gives it
    """
    cell = [name for name in _CELL if name in table and name != axis]
    parts = table[table[axis] != ALL].groupby(cell)
    told = parts.agg(parts=(count, "sum"), known=(count, "count"), parts_made=("made", "any"))
    both = table[table[axis] == ALL].set_index(cell).join(told).dropna()
    every = (axis == "plan") & both["known"].eq(len(PLANS))
    wrong = both[(both["parts"] > both[count]) | (every & (both["parts"] < both[count]))].reset_index()
    made = wrong["made"] | wrong["parts_made"].astype(bool)
    wrong = wrong.assign(made=made).sort_values(["made", "line"], kind="stable")
    again = wrong.duplicated([name for name in cell if name not in _AMONG])

    def worded(row: tuple[int, float, float]) -> Fault:
        line, parts, total = row
        what = f"{words} there are {parts:,.0f} {_counted(count)}, in all {total:,.0f}"
        return Fault(file, line, count, what, _RECKON)

    rows = wrong[~(wrong["made"] & again)].sort_values("line")[["line", "parts", count]]
    yield from capped([(int(line), parts, total) for line, parts, total in rows.itertuples(index=False)], worded)


def _counted(count: str) -> str:
    return "permanent exclusions" if count == "permanent" else count


def _bands_that_overlap(stays: pd.DataFrame) -> Iterator[Fault]:
    """Bands of days that begin before the one below them ends."""
    ordered = stays.sort_values([*_BAND, "days_from"], kind="stable")
    below = ordered.groupby(_BAND)["days_to"].shift(fill_value=0)
    lines = sorted(int(line) for line in ordered.index[below.isna() | (below > ordered["days_from"])])
    what, remedy = (
        "begins before the band below it ends",
        "write bands that follow each other; only the last may be open",
    )
    yield from capped(lines, lambda line: Fault("ap_stays.csv", line, "days_from", what, remedy))


def _shares_of_no_whole(figures: pd.DataFrame) -> Iterator[Fault]:
    """Settings whose shares by reason are not all there, or do not add up to 1."""
    shares = figures[figures["item"] == "reason_share"]
    remedy = f"write a row for each reason ({', '.join(Reason)}), key stage and tier `all`, which add up to 1"
    for setting, rows in shares.groupby("setting"):
        line = int(rows.index[0])
        if set(rows["reason"]) != {reason.value for reason in Reason} or len(rows) != len(Reason):
            yield Fault("ap.csv", line, "reason", f"reason_share of {setting} does not have each reason once", remedy)
        elif abs(rows["value"].sum() - 1) > ROUNDED:
            what = f"reason_share of {setting} adds up to {rows['value'].sum():.3g}"
            yield Fault("ap.csv", line, "value", what, remedy)
