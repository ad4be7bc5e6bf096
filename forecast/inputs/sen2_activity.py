"""What else the *Education, health and care plans* releases say of each authority: its work, and bands of age.

Requests, refusals, plans issued and moves between schools are counts of a calendar year, labelled by the
January that ends it. Ages are those of the release: of the stock at 31 August, of starts about the birthday.
A file that a folder lacks gives no rows; marks that mean no figure (`x`, `z`, blank) give none either.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, ALL
from forecast.errors import Fault, InputFaults
from forecast.inputs.rows import every_age
from forecast.inputs.sen2_tables import TOPIC, figures, has_table, read_table

ACTIVITY: Final = ["la_code", "year", "measure"]
"""Key of a row of activity."""
BAND: Final = ["la_code", "year", "kind", "age_from", "age_to"]
"""Key of a row of bands."""
BANDS: Final = ((0, 4), (5, 10), (11, 15), (16, 19), (20, 25))
"""First and last age of each published band."""
_EVERY: Final = (BANDS[0][0], BANDS[-1][1])
_LABELS: Final = {
    "Total": _EVERY,
    "Under 5": BANDS[0],
    "Age 5 to 10": BANDS[1],
    "Age 11 to 15": BANDS[2],
    "Age 16 to 19": BANDS[3],
    "Age 20 to 25": BANDS[4],
}
_BY_AGE: Final = {"sen2_age_caseload": ("plans", "Total_all"), "sen2_age_new_plans": ("starts", "Total_new_all")}
"""Files of bands of age: kind, and column of the figures."""
_ALL_IN_ONE: Final = "sen2_mi"
"""Of the files of activity, the one without rows by topic."""
_MEASURES: Final[Mapping[str, Mapping[str, str]]] = {
    _ALL_IN_ONE: {
        "InreqEHC": "requests",
        "AssRefusedEHC": "refused",
        "TotNoExcEHC": "issued",
        "NoExc20weekEHC": "issued_in_20_weeks",
        "MtosiEHC": "moved_to_special",
        "SitomEHC": "moved_to_mainstream",
    },
    "requests": {"requests_received_in_year": "requests", "requests_decided_not_to_assess": "refused"},
    "timeliness_20_week": {"plans_issued_den_ex": "issued", "plans_issued_20_weeks_ex": "issued_in_20_weeks"},
}
"""Files of activity: column -> measure. The columns of the last are from the release's `data-guidance.txt`."""


def read_activity(folder: Path, digests: list[str]) -> pd.DataFrame:
    """Requests, decisions and moves of one release: la_code, year, measure, figure.

    Raises
    ------
    InputFaults
        A file lacks a column, is cut off or has no row about every child.
    """
    found = [_measures(folder, name, digests) for name in _MEASURES if has_table(folder, name)]
    return pd.concat([_no_rows(ACTIVITY, "figure"), *found], ignore_index=True)


def read_bands(folder: Path, digests: list[str]) -> pd.DataFrame:
    """Plans and starts by the bands of one release's own, and in all (`whole`): `BAND` and children.

    Raises
    ------
    InputFaults
        A file lacks a column, is cut off or has a band that is not known.
    """
    found = [_bands(folder, name, digests) for name in _BY_AGE if has_table(folder, name)]
    return pd.concat([_no_rows(BAND, "children"), *found], ignore_index=True)


def whole(bands: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows are about children of every age."""
    return bands["age_from"].eq(_EVERY[0]) & bands["age_to"].eq(_EVERY[1])


def band_sums(placements: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """Plans and starts that are published by single age, summed to the bands: `BAND` and children.

    Only of an authority and year whose ages add up to its total, so that an age without a row is one without
    children. England's do not in January 2024, nor its starts of 2022, as some authorities' ages are not there.

    Parameters
    ----------
    placements, flows : as in `sen2.Release`
    """
    starts = flows[flows["flow"].eq("start") & every_age(flows) | flows["flow"].eq("start_at_birthday")]
    return pd.concat([_summed(placements).assign(kind="plans"), _summed(starts).assign(kind="starts")])


def _measures(folder: Path, name: str, digests: list[str]) -> pd.DataFrame:
    measures = _MEASURES[name]
    topic = () if name == _ALL_IN_ONE else TOPIC
    table = read_table(folder, name, [*topic, *measures], digests)
    if topic:
        table = table[table["breakdown"].eq(table["breakdown_topic"])]
    if table.empty:
        what = "no row is about every child: none has the same breakdown_topic and breakdown"
        remedy = "use the release's own file, unchanged"
        raise InputFaults([Fault(f"{folder.name}/{name}.csv", 0, "breakdown", what, remedy)])
    long = table.melt(ACTIVITY[:2], list(measures), "measure", "figure")
    return long.assign(measure=long["measure"].map(measures), figure=figures(long["figure"])).dropna()


def _bands(folder: Path, name: str, digests: list[str]) -> pd.DataFrame:
    kind, column = _BY_AGE[name]
    table = read_table(folder, name, ["characteristic_age", column], digests)
    labels = table["characteristic_age"]
    if unknown := [label for label in labels.unique() if label not in _LABELS]:
        where, remedy = f"{folder.name}/{name}.csv", f"the bands are {', '.join(_LABELS)}"
        raise InputFaults(
            [Fault(where, 0, "characteristic_age", f"the band {label!r} is not known", remedy) for label in unknown]
        )
    ages = pd.DataFrame([_LABELS[label] for label in labels], columns=["age_from", "age_to"], index=table.index)
    found = table[["la_code", "year"]].join(ages).assign(kind=kind, children=figures(table[column]))
    return found[[*BAND, "children"]].dropna()


def _summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Children of each band: la_code, year, age_from, age_to, children."""
    keys = ["la_code", "year"]
    rows = rows[rows["need"].eq(ALL) & rows["provision"].eq(ALL)]
    of_ages = ~every_age(rows)
    total = rows[~of_ages & rows["year"].isin(rows.loc[of_ages, "year"])].set_index(keys)["children"]
    found = []
    for first, last in BANDS:
        above = rows["nc_from"].ge(first - AGE_AT_RECEPTION)
        inside = rows[of_ages & above & rows["nc_to"].le(last - AGE_AT_RECEPTION)]
        children = inside.groupby(keys)["children"].sum().reindex(total.index, fill_value=0.0)
        found.append(children.reset_index().assign(age_from=first, age_to=last))
    bands = pd.concat(found, ignore_index=True).join(total.rename("total"), on=keys)
    in_all = bands.groupby(keys)["children"].transform("sum")
    return bands[in_all.eq(bands["total"])].drop(columns="total")


def _no_rows(keys: list[str], figure: str) -> pd.DataFrame:
    """A table without rows, its columns of the right types."""
    kinds = {"year": "int64", "age_from": "int64", "age_to": "int64"}
    types = {key: kinds.get(key, "str") for key in keys} | {figure: "float64"}
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})
