"""Districts put together into proposed unitaries: every count added up, none lost and none made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault, InputFaults, UnknownLabel
from forecast.inputs.about import About, District, reserved
from forecast.inputs.area import Area
from forecast.inputs.faults import capped, choice, shown
from forecast.inputs.sheet import read_sheet

SUMMED: Final = ("children", "least", "most", "people", "dwellings", "sessions", "permanent", "suspensions")
"""Columns that are added up where districts become one; rows that differ in any other stay apart."""
_CORE: Final = ("placements", "flows", "moves")
"""Tables without which a unit has no forecast of its own."""
SHARED: Final = ("costs", "ap_stays", "ap")
"""Tables that hold for each part of an area as for the whole; stays are counted over all districts together."""
_ONE_SOURCE: Final = ("ap_rolls", "ap_arrivals", "exclusions")
"""Tables with one count a cell, whatever its source: where districts become one, so do the sources of their counts."""
_COLUMNS: Final = ("district", "unit")


@dataclass(frozen=True)
class Regrouped:
    """What an area folder says once its districts are regrouped: for `inputs.write.write_area`."""

    about: About
    tables: Mapping[str, pd.DataFrame]
    """Every table of an area; one without rows has no file."""
    boundaries: dict[str, Any] | None


def regroup(area: Area, units_csv: Path, unit: str = "") -> Regrouped:
    """Put an area's districts together as a file says, or cut out one unit and keep its districts.

    Parameters
    ----------
    units_csv : CSV with the columns district and unit, each of the area's districts once
    unit : the only unit wanted, its districts kept; all units, as the new districts, if empty

    Raises
    ------
    InputFaults
        The file is at fault, or counts of the area as a whole would have to be split.
    UnknownLabel
        The file has no such unit.
    """
    units = read_units(units_csv, area.about.district_names)
    if not unit:
        return all_units(area, units)
    if unit not in units.values():
        raise UnknownLabel("unit", unit, set(units.values()))
    return one_unit(area, units, unit)


def read_units(path: Path, districts: tuple[str, ...]) -> dict[str, str]:
    """District -> unit, in the order of `districts`.

    Raises
    ------
    InputFaults
        The file cannot be read, or does not name each district once with its unit.
    """
    try:
        sheet = read_sheet(path.name, path.read_bytes(), _COLUMNS)
    except OSError as error:
        what = f"cannot be read ({error.strerror})"
        raise InputFaults([Fault(path.name, 0, "", what, "see that it is a file you may read")]) from error
    if sheet.faults:
        raise InputFaults(sheet.faults)
    rows = sheet.cells.apply(lambda column: column.str.strip()).astype("str")
    faults = _map_faults(path.name, rows, districts)
    if faults:
        raise InputFaults(faults)
    found = dict(zip(rows["district"], rows["unit"], strict=True))
    return {district: found[district] for district in districts}


def _map_faults(file: str, rows: pd.DataFrame, districts: tuple[str, ...]) -> list[Fault]:
    names, units = rows["district"], rows["unit"]

    def unknown(line: int) -> Fault:
        name = str(names.loc[line])
        return Fault(file, line, "district", f"no district is called {shown(name)}", choice(name, districts))

    def twice(line: int) -> Fault:
        return Fault(file, line, "district", "the district has a row already", "keep one of the two")

    def unfit(line: int) -> Fault:
        remedy = "write its name, without `;` or double blanks, and not `all` or `not_recorded`"
        return Fault(file, line, "unit", f"{shown(str(units.loc[line]))} cannot be the name of a unit", remedy)

    lacking = [district for district in districts if district not in set(names)]
    bad = [not unit or unit != " ".join(unit.split()) or ";" in unit or bool(reserved([unit])) for unit in units]
    return [
        *capped([int(line) for line in rows.index[~names.isin(districts)]], unknown),
        *capped([int(line) for line in rows.index[names.isin(districts) & names.duplicated()]], twice),
        *capped([int(line) for line in rows.index[bad]], unfit),
        *capped(lacking, lambda name: Fault(file, 0, "district", f"{shown(name)} has no row", "add it, and its unit")),
    ]


def all_units(area: Area, units: Mapping[str, str]) -> Regrouped:
    """The same area with units for districts.

    Raises
    ------
    InputFaults
        Its children are not counted by district, so that they cannot be shared among units.
    """
    names = tuple(dict.fromkeys(units.values()))
    if len(names) not in {1, len(units)}:
        _refuse_whole(area, ("placements",))
    tables = {name: _renamed(_sourced(name, table, units), units) for name, table in area.tables.items()}
    merged = {name: [district for district in units if units[district] == name] for name in names}
    codes = {district.name: district.code for district in area.about.districts}
    districts = tuple(
        District(name=name, code=codes[parts[0]] if len(parts) == 1 else "") for name, parts in merged.items()
    )
    said = "; ".join(f"{name}: {', '.join(parts)}" for name, parts in merged.items() if parts != [name])
    notes = (f"Districts are regrouped into proposed units ({said}); counts of each are added up.",) if said else ()
    about = area.about.model_copy(update={"districts": districts, "notes": (*area.about.notes, *notes)})
    return Regrouped(about, tables, _outlines(area.boundaries, merged))


def one_unit(area: Area, units: Mapping[str, str], unit: str) -> Regrouped:
    """One unit as an area of its own, with its districts; without what is known of the whole area only.

    Raises
    ------
    InputFaults
        Its children are not counted by district.
    """
    kept = [district for district in units if units[district] == unit]
    whole = len(kept) == len(units)
    if not whole:
        _refuse_whole(area, _CORE)
    tables = {name: table if whole or name in SHARED else _cut(table, kept) for name, table in area.tables.items()}
    lost = [] if whole else [name for name, table in tables.items() if table.empty and not area.tables[name].empty]
    said = [f"{unit} is a proposed unit of {area.about.name}, made up of {', '.join(kept)}."]
    if lost:
        files = ", ".join(f"{name}.csv" for name in lost)
        said.append(f"What is known of {area.about.name} as a whole only is left out: {files}.")
    if not whole and not area.ap_stays.empty:
        said.append(f"How long children stay in alternative provision is counted in {area.about.name} as a whole.")
    if area.about.la_code and not whole:
        said.append(
            f"Published figures of {area.about.name} are not this unit's: it has no number at DfE, so no steering."
        )
    if not whole and not tables["places"]["serves"].isin(kept).all():
        said.append("Schools that serve other units too are listed with all their places: see taken_by_others.")
    about = area.about.model_copy(
        update={
            "name": unit,
            "la_code": area.about.la_code if whole else "",
            "districts": tuple(district for district in area.about.districts if district.name in kept),
            "notes": (*area.about.notes, *said),
        }
    )
    return Regrouped(about, tables, _outlines(area.boundaries, {district: [district] for district in kept}))


def _refuse_whole(area: Area, names: tuple[str, ...]) -> None:
    """Stop where a table has children of the whole area only."""
    remedy = "give counts by district, or a map that leaves the area or its districts whole"
    what = "counts children of the whole area only, which no map can share among units"
    tables = {name: area.tables[name] for name in names}
    only = [name for name, table in tables.items() if not table.empty and table["district"].eq(ALL).all()]
    if only:
        raise InputFaults([Fault(f"{name}.csv", 0, "district", what, remedy) for name in only])


def _renamed(table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """A table with units for districts, counts added up."""
    if "district" not in table or table.empty:
        return table
    named = table.assign(district=table["district"].map({**units, ALL: ALL}))
    if "serves" in table:
        return named.assign(serves=table["serves"].map(lambda served: _listed(served, units)))
    return _added_up(named)


def _sourced(name: str, table: pd.DataFrame, units: Mapping[str, str]) -> pd.DataFrame:
    """A table of one count a cell, each with the sources of all the counts that become one with it."""
    if name not in _ONE_SOURCE or table.empty:
        return table
    cell = [column for column in table if column not in {*SUMMED, "district", "source"}]
    by = [*(table[column] for column in cell), table["district"].map({**units, ALL: ALL})]
    sources = table["source"].groupby(by).transform(lambda each: "; ".join(dict.fromkeys(each)))
    return table.assign(source=sources)


def _added_up(table: pd.DataFrame) -> pd.DataFrame:
    """Rows alike in all but counts as one; a sum with an unknown count in it is not known, but for its range."""
    counts = [column for column in table if column in SUMMED]
    keys = [column for column in table if column not in SUMMED]
    if not table.duplicated(keys).any():
        return table
    summed = table.groupby(keys, sort=False, dropna=False)[counts].sum(min_count=1, skipna=False).reset_index()
    if {"least", "most"} <= set(counts):
        summed["children"] = summed["children"].where(summed["least"].ne(summed["most"]), summed["least"])
    silent = summed[counts].isna().all(axis=1) & ("suspensions" in counts)  # a row that the file may not have
    return summed.loc[~silent, list(table)].astype(table.dtypes.to_dict())


def _cut(table: pd.DataFrame, kept: list[str]) -> pd.DataFrame:
    """Rows of some districts; schools that serve any of them, and of those places only that are not assumed."""
    if "district" not in table:
        return table.iloc[:0]
    if "serves" not in table:
        return table[table["district"].isin(kept)].reset_index(drop=True)
    names = {district: district for district in kept}
    listed = table["serves"].map(lambda served: _listed(served, names))
    mine = table.assign(serves=listed, district=table["district"].where(table["district"].isin(kept), ALL))
    return mine[listed.ne("") & ~table["assumed"]].reset_index(drop=True)


def _listed(served: str, units: Mapping[str, str]) -> str:
    """Districts parted by `;` under their new names, each once; those without one are left out."""
    if served == ALL:
        return ALL
    return ";".join(dict.fromkeys(units[district] for district in served.split(";") if district in units))


def _outlines(boundaries: dict[str, Any] | None, merged: Mapping[str, list[str]]) -> dict[str, Any] | None:
    """One feature a unit, of its districts' outlines, which stay drawn inside it."""
    if boundaries is None:
        return None
    shapes = {feature["properties"]["name"]: feature for feature in boundaries["features"]}
    features = [
        shapes[parts[0]] | {"properties": {**shapes[parts[0]]["properties"], "name": name}}
        if len(parts) == 1
        else {"type": "Feature", "properties": {"name": name}, "geometry": _several([shapes[part] for part in parts])}
        for name, parts in merged.items()
    ]
    return {**boundaries, "features": features}


def _several(features: list[dict[str, Any]]) -> dict[str, Any]:
    """Outlines of several districts as one geometry."""
    polygons: list[Any] = []
    for feature in features:
        geometry = feature["geometry"]
        polygons += [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return {"type": "MultiPolygon", "coordinates": polygons}
