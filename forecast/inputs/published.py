"""An area folder made from published statistics, for any English authority."""

from typing import Final

import pandas as pd

from forecast.domain import ALL, NEED_NAMES, SPECIALIST, Need, Provision
from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.about import About, District, Source, Status
from forecast.inputs.ons import ESTIMATE, districts
from forecast.inputs.rows import every_age
from forecast.inputs.sen2 import Release

EHC: Final = "Department for Education, Education, health and care plans"
ONS_ESTIMATES: Final = "Office for National Statistics, mid-year population estimates by single year of age"
ONS_PROJECTION: Final = "Office for National Statistics, subnational population projections"
DASHBOARD: Final = "Department for Education, SEND and alternative provision dashboard"
MOVES: Final = (
    "The least movement that closes the two latest censuses, pooled with England's; England's where they do not."
)
JOINT: Final = "Fitted to the published totals by need and age, need and placement, age and placement."
AGED: Final = "The last estimate aged on, with moves in and out as in earlier estimates, births held."
PUPILS: Final = f"{DASHBOARD}. Pupils follow from those of primary and secondary schools and their published share."
AP_FLOWS: Final = "Worked back from the rolls with the stays and reasons of data/reference/ap.csv: none are published."
LICENCE: Final = "Contains public sector information licensed under the Open Government Licence v3.0."
CELLS: Final = ["year", "district", "need", "nc_from", "nc_to", "provision", "children"]
Row = tuple[str, Status, str]
"""Table, status and source."""
_PUBLISHED_FLOWS: Final = ("start", "cease", "transfer")


def find_authority(release: Release, name: str) -> pd.Series:
    """Row of `release.authorities` with that name or three-digit code, as it stands in the latest census.

    Raises
    ------
    UnknownLabel
        No authority is called so.
    """
    latest = release.placements["year"].max()
    now = set(release.placements.loc[release.placements["year"].eq(latest), "la_code"])
    known = release.authorities[release.authorities["la_code"].isin(now)]
    chosen = known[known["name"].str.casefold().eq(name.casefold()) | known["la_code"].eq(name)]
    if chosen.empty:
        raise UnknownLabel("authority", name, known["name"])
    return chosen.iloc[0]


def published_area(
    release: Release,
    population: pd.DataFrame,
    authority: str,
    special_rates: pd.DataFrame | None = None,
    ap_rolls: pd.DataFrame | None = None,
) -> tuple[About, dict[str, pd.DataFrame]]:
    """What an authority's folder says: `area.toml` and the tables, figures as published.

    Parameters
    ----------
    release : from `sen2.read_releases`
    population : from `ons.read_population`
    authority : name or three-digit code
    special_rates : pupils by type of school, from `dashboard.read_special_rates`
    ap_rolls : children in alternative provision, from `ap_dashboard.rolls_of`; None or no rows where none are known

    Raises
    ------
    UnknownLabel, InputFaults
        No such authority; no population for one of its districts.
    """
    row = find_authority(release, authority)
    code, name = str(row["la_code"]), str(row["name"])
    places = districts().query("la_code == @code")
    people = _people(population, places, name)
    placements, dropped = sound_margins(_mine(release.placements, code))
    flows = _mine(release.flows[release.flows["flow"].isin(_PUBLISHED_FLOWS)], code)
    latest = int(placements["year"].max())
    about = About(
        format=1,
        name=name,
        la_code=code,
        kind="published",
        latest_census=latest,
        needs={need.value: need for need in NEED_NAMES if need is not Need.DS},
        provisions={provision.value: provision for provision in Provision},
        districts=tuple(
            District(name=str(d["district"]), code=str(d["district_code"])) for d in places.to_dict("records")
        ),
        notes=(*_notes(name), *dropped),
        sources=_sources(people, (placements, flows), ap_rolls, rates=special_rates is not None),
    )
    tables = {"placements": placements[CELLS], "flows": flows[["flow", *CELLS]], "population": people}
    tables["places"] = assumed_places(placements, name, latest)
    if special_rates is not None:
        tables["special_rates"] = special_rates
    if ap_rolls is not None:
        tables["ap_rolls"] = ap_rolls
    return about, tables


def sound_margins(placements: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Placements without the tables that do not add up to their census, and a sentence for each left out.

    Some authorities returned their total but not all of their children.
    """
    tables = {
        "need": placements["need"].ne(ALL),
        "age": ~every_age(placements),
        "kind of place": placements["provision"].ne(ALL),
    }
    kind = pd.Series("", index=placements.index)
    for name, specific in tables.items():
        kind = kind.where(~specific, kind + name + " and ")
    total = placements[kind.eq("")].set_index("year")["children"]
    sums = placements[placements["year"].isin(total.index)].groupby(["year", kind])["children"].sum()
    wrong = sums.index[sums.to_numpy() != total.reindex(sums.index.get_level_values("year")).to_numpy()].tolist()
    said = [
        f"January {year}: the published figures by {by.removesuffix(' and ')} are left out, as they add up to "
        f"{sums[year, by]:,} of {total[year]:,} children."
        for year, by in wrong
    ]
    keys = pd.MultiIndex.from_arrays([placements["year"], kind])
    return placements[~keys.isin(wrong)].reset_index(drop=True), said


def assumed_places(placements: pd.DataFrame, name: str, latest: int) -> pd.DataFrame:
    """One row a provision: the places that the area's children fill, for want of a register."""
    rows = placements[placements["year"].eq(latest) & placements["need"].eq(ALL) & every_age(placements)]
    filled = rows.set_index("provision")["children"]
    return pd.DataFrame([
        {
            "school": f"Places that {name}'s children fill: {provision.value}",
            "district": ALL, "serves": ALL, "lat": None, "lon": None, "provision": provision.value, "needs": ALL,
            "nc_from": -4, "nc_to": 20, "places": int(filled[provision]), "taken_by_others": 0,
            "opens": "", "closes": "", "probability": None, "ramp": "", "assumed": True,
            "source": f"Assumed: children placed there at the census of January {latest}",
        }
        for provision in SPECIALIST if provision in filled.index
    ])  # fmt: skip


def _mine(table: pd.DataFrame, code: str) -> pd.DataFrame:
    """One authority's rows, in whole children."""
    rows = table[table["la_code"] == code].drop(columns="la_code")
    return rows.assign(district=ALL, children=rows["children"].astype(int)).reset_index(drop=True)


def _people(population: pd.DataFrame, places: pd.DataFrame, name: str) -> pd.DataFrame:
    """Residents of the authority's districts, of every mid-year that covers them all."""
    mine = population.merge(places, on="district_code", validate="many_to_one")
    whole = mine.groupby(["mid_year", "variant"])["district"].transform("nunique").eq(len(places))
    if mine[whole].empty:
        remedy = "give ONS mid-year estimates by district and single year of age"
        raise InputFaults([Fault("--population", 0, "", f"no file has every district of {name}", remedy)])
    return mine.loc[whole, ["mid_year", "variant", "district", "age", "people"]].reset_index(drop=True)


def _notes(name: str) -> tuple[str, ...]:
    """What every output must say about published figures, besides what it says of districts and places."""
    return (
        f"Children are those whose plan {name} maintains, wherever their school is.",
        "Children by need, age and kind of place together are estimated from published totals of each.",
        "Moves between kinds of place are worked out from two censuses: none are published.",
        "Placements that the return did not record are shared out in proportion to those that it did.",
    )


def _sources(
    people: pd.DataFrame, tables: tuple[pd.DataFrame, pd.DataFrame], ap_rolls: pd.DataFrame | None, *, rates: bool
) -> tuple[Source, ...]:
    """One a table, with what is published and what is not."""
    (first, latest), (began, ended) = ((table["year"].min(), table["year"].max()) for table in tables)
    projected = people.loc[people["variant"] != ESTIMATE, "mid_year"]
    aged: Row = ("population.csv after the last estimate", "inferred", AGED)
    ahead = f"{ONS_PROJECTION}, mid-{projected.min()} to mid-{projected.max()}"
    onward: Row = ("population.csv projection", "published", ahead)
    pupils: Row = ("special_rates.csv", "inferred", PUPILS)
    rows: list[Row] = [
        ("placements.csv", "published", f"{EHC}, January {first} to {latest}"),
        ("placements.csv by need, age and provision together", "inferred", JOINT),
        ("flows.csv", "published", f"{EHC}, calendar years {began - 1} to {ended - 1}"),
        ("moves between provisions", "inferred", MOVES),
        ("population.csv estimates", "published", ONS_ESTIMATES),
        onward if len(projected) else aged,
        ("places.csv", "assumed", "The places that the area's children fill at the latest census."),
        *([pupils] if rates else []),
        *(_of_ap(ap_rolls) if ap_rolls is not None and len(ap_rolls) else []),
        ("all published figures", "published", LICENCE),
    ]
    return tuple(Source(table=table, status=status, source=source) for table, status, source in rows)


def _of_ap(rolls: pd.DataFrame) -> list[Row]:
    """What is published of alternative provision, and what is not."""
    first, last = rolls["year"].min(), rolls["year"].max()
    return [
        ("ap_rolls.csv", "published", f"{DASHBOARD}, January {first} to {last}, the last that it has"),
        ("arrivals in alternative provision and stays", "assumed", AP_FLOWS),
    ]
