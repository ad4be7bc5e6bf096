"""Faults planted on purpose, by the name of the check that is to find them.

Each strikes another child, whose plan is in force and in order, so that a check finds as many more records as were
planted.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from forecast.errors import ForecastError, UnknownLabel
from forecast.records.census import census_day, nc_year
from forecast.records.filed import PARENTS
from forecast.records.layout import ID, PARENT
from forecast.records.synthetic.plants import BESIDE, OUT, PLANTS, Plant

Tables = dict[str, pd.DataFrame]
PLANTED: Final = ("fault", "census", "module", "id")
"""Columns of the list of what was planted."""
_CHAIN: Final = ("requests", "assessment", "named_plan", "active_plans", "placement_detail", "sen_need")


class TooFewToSpoil(ForecastError):
    """A return with fewer fit children than faults asked for."""

    def __init__(self, fault: str, wanted: int, fit: int) -> None:
        super().__init__(f"{wanted} faults {fault!r} need as many children, and {fit} are fit; ask for more plans.")


def plant(
    tables: Tables, places: pd.DataFrame, census: int, faults: Mapping[str, int], seed: int
) -> tuple[Tables, pd.DataFrame]:
    """Spoil a return on purpose.

    Parameters
    ----------
    tables : module -> id, parent and fields
    places : from `schools.schools`
    census : January of the return
    faults : name of a check -> how many records it is to find
    seed : says whose records

    Returns
    -------
    tables : with the faults
    planted : `PLANTED`: one row for each record that a check is to find

    Raises
    ------
    UnknownLabel
        No fault of that name can be planted.
    TooFewToSpoil
        The return has too few children for so many faults.
    """
    for name in faults:
        if name not in PLANTS:
            raise UnknownLabel("fault to plant", name, PLANTS)
    spoilt, planted = dict(tables), [pd.DataFrame(columns=list(PLANTED))]
    left = sound(tables, places, census).sample(frac=1, random_state=np.random.default_rng([seed, 6, census]))
    for name, count in faults.items():
        way = PLANTS[name]
        fit = left[way.fits(left)] if way.fits else left
        if len(fit) < count:
            raise TooFewToSpoil(name, count, len(fit))
        chosen, left = fit[:count], left.drop(fit.index[:count])
        spoilt, found = _spoilt(spoilt, way, chosen, census)
        planted.append(pd.DataFrame({"fault": name, "census": census, "module": way.found_in, "id": found}))
    return spoilt, pd.concat(planted, ignore_index=True)


def sound(tables: Tables, places: pd.DataFrame, census: int) -> pd.DataFrame:
    """Children whose one plan is in force and placed once: the id of each of their records, by module.

    Returns
    -------
    DataFrame with a column for each module of a chain, its record's id; nc_year, and `kind` and `host` of the
    school: its provision, "" where there is none, and whether it has a base; `based`, whether the child is in it;
    days since the request, `waited`; whether it has a pupil number, `numbered`.
    """
    day = census_day(census)
    chain = _chain(tables)
    plan, placement = tables["named_plan"].set_index(ID), tables["placement_detail"].set_index(ID)
    placed = placement.loc[chain["placement_detail"]]
    person = tables["person"].set_index(ID).loc[chain["person"]]
    request = tables["requests"].set_index(ID).loc[chain["requests"]]
    hosts = places.loc[places["provision"] == "base", "urn"]
    kinds = places[places["provision"] != "base"].set_index("urn")["provision"]
    cases = chain.assign(
        nc_year=nc_year(person["birth_date"], census).to_numpy(),
        kind=placed["urn"].map(kinds).fillna("").to_numpy(),
        based=(placed["unit"] | placed["resourced"]).to_numpy(),
        host=placed["urn"].isin(hosts).to_numpy(),
        waited=(day - request["received_date"]).dt.days.to_numpy(),
        numbered=person["upn"].ne("").to_numpy(),
        first=(chain["person"] == tables["person"][ID].iloc[0]).to_numpy(),
    )
    once = ~chain["requests"].duplicated(keep=False).to_numpy()
    whole = request["received_date"].notna().to_numpy() & plan.loc[chain["named_plan"], "cease_date"].isna().to_numpy()
    return cases[once & whole & ~cases["first"] & placed["leaving_date"].isna().to_numpy() & (cases["waited"] > 0)]


def _chain(tables: Tables) -> pd.DataFrame:
    """Ids of person, request, assessment, plan, active plan, placement and primary need that belong together."""
    rows = tables["person"][[ID]].rename(columns={ID: "person"})
    for module in _CHAIN:
        own = tables[module]
        if module == "sen_need":
            own = own[own["rank"] == 1]
        link = own[[ID, PARENT]].rename(columns={ID: module, PARENT: str(PARENTS[module])})
        rows = rows.merge(link, on=str(PARENTS[module]))
    return rows


def _spoilt(tables: Tables, way: Plant, chosen: pd.DataFrame, census: int) -> tuple[Tables, list[str]]:
    """Tables with some records spoilt, and the ids of those that a check is to find."""
    table = tables[way.module]
    at = table.index[table[ID].isin(chosen[way.module])]
    if way.how == OUT:
        return _without(tables, way.module, set(chosen[way.module])), chosen[way.found_in].tolist()
    rows = table.loc[at].copy()
    for name, values in way.change(rows, table, census_day(census)).items():
        rows[name] = values
    rows = rows.astype({name: dtype for name, dtype in table.dtypes.items() if name not in way.loosens})
    if way.how == BESIDE:
        rows[ID] = [f"{own}-again" for own in rows[ID]]
        return tables | {way.module: pd.concat([table, rows], ignore_index=True)}, rows[ID].tolist()
    spoilt = pd.concat([table.drop(at), rows]).sort_index()
    found = rows[ID] if way.found_in == way.module else chosen[way.found_in]
    return tables | {way.module: spoilt}, found.tolist()


def _without(tables: Tables, module: str, ids: set[str]) -> Tables:
    """Tables without some records and all that belong to them."""
    table = tables[module]
    left = tables | {module: table[~table[ID].isin(ids)].reset_index(drop=True)}
    for below in (name for name, above in PARENTS.items() if above == module):
        inner = left[below]
        left = _without(left, below, set(inner.loc[inner[PARENT].isin(ids), ID]))
    return left
