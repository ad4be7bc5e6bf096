"""A small return of invented children, one record a dict: spoil a record, then make it `Filed`.

Every child is called after the test it serves; no number, name or postcode is anybody's.
"""

import csv
from copy import deepcopy

import pandas as pd

from forecast.records.establishments import Establishments
from forecast.records.filed import PARENTS, Filed
from forecast.records.fixes import COLUMNS, apply_fixes, read_fixes
from forecast.records.layout import layout

CENSUS = 2025
DTYPES = {"date": "datetime64[us]", "flag": "boolean", "whole": "Int64"}
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
MAINSTREAM, WITH_BASE, SPECIAL, COLLEGE, NURSERY = "900001", "900002", "900003", "900004", "900005"


def upn(number):
    """An invented UPN with the right check letter."""
    digits = f"999999920{number:03d}"
    return LETTERS[letter(digits)] + digits


def person(number, born):
    return {
        "id": f"p{number}",
        "parent": "h1",
        "surname": f"Invented{number}",
        "forename": "Child",
        "birth_date": born,
        "postcode": f"ZZ{number} 1ZZ",
        "upn": upn(number),
    }


def placed(number, **where):
    return {"id": f"x{number}", "parent": f"a{number}", "rank": 1, "entry_date": "2022-09-01", **where}


def planned(rows, number, born, where, cease=None, reason=None):
    """A child with a plan made long ago, its placement and its need."""
    rows["person"].append(person(number, born))
    rows["requests"].append({"id": f"r{number}", "parent": f"p{number}", "outcome": "H", "received_date": "2021-03-01"})
    rows["assessment"].append({"id": f"s{number}", "parent": f"r{number}", "outcome": "H"})
    plan = {"id": f"n{number}", "parent": f"s{number}", "start_date": "2021-07-01"}
    rows["named_plan"].append({**plan, "cease_date": cease, "cease_reason": reason})
    rows["plan_detail"].append({"id": f"d{number}", "parent": f"n{number}", "rank": 1, **where})
    rows["active_plans"].append({"id": f"a{number}", "parent": f"r{number}"})
    rows["placement_detail"].append(placed(number, leaving_date=cease, **where))
    rows["sen_need"].append({"id": f"t{number}", "parent": f"a{number}", "need": "ASD", "rank": 1})


def asked(rows, number, **request):
    """A child of whom an assessment was asked in the year."""
    rows["person"].append(person(number, "2016-05-05"))
    rows["requests"].append({"id": f"r{number}", "parent": f"p{number}", "received_date": "2024-11-04", **request})


def at(urn, *, unit=False, resourced=False):
    return {"urn": urn, "unit": unit, "resourced": resourced}


def clean():
    """A return without a fault: module -> records."""
    rows = {module: [] for module in PARENTS}
    rows["sen2"] = [{"id": "h1", "collection": "SEN2", "year": CENSUS, "lea": "999"}]
    planned(rows, 1, "2014-02-03", at(MAINSTREAM))
    planned(rows, 2, "2015-08-31", at(WITH_BASE, unit=True))
    planned(rows, 3, "2015-09-01", at(SPECIAL))
    planned(rows, 4, "2006-10-10", at(COLLEGE))
    planned(rows, 5, "2020-10-10", {"setting": "EYP"})
    planned(rows, 6, "2012-01-31", at(SPECIAL), cease="2024-07-19", reason=2)
    asked(rows, 7, outcome="N", outcome_date="2024-12-02")
    asked(rows, 8)
    asked(rows, 9, outcome="Y", outcome_date="2024-12-06")
    rows["assessment"].append({"id": "s9", "parent": "r9", "outcome": "A"})
    asked(rows, 10, outcome="H", received_date=None)
    rows["active_plans"].append({"id": "a10", "parent": "r10", "transfer_la": "885"})
    rows["placement_detail"].append(placed(10, **at(MAINSTREAM)))
    rows["sen_need"].append({"id": "t10", "parent": "a10", "need": "SEMH", "rank": 1})
    return rows


def spoilt(*spoils):
    """The clean return with every one of `spoils` done to it."""
    rows = deepcopy(clean())
    for spoil in spoils:
        spoil(rows)
    return rows


def record(rows, module, own):
    """The record of a module with that id."""
    return next(row for row in rows[module] if row["id"] == own)


def letter(digits):
    """The check letter of the digits of a UPN, as a number."""
    return sum(place * int(digit) for place, digit in enumerate(digits, start=2)) % 23


def copied(rows, copy):
    """The same records as other children: ids, names and numbers are changed, and what is wrong with them is not."""
    children = {}
    for module, records in rows.items():
        children[module] = [dict(row) for row in records if module != "sen2"]
        for row in children[module]:
            row["id"] = f"{row['id']}-{copy}"
            row["parent"] = row["parent"] if module == "person" else f"{row['parent']}-{copy}"
            if module == "person":
                row["surname"] += f" the {copy}th"
                row["upn"] = other_upn(row["upn"], copy)
    return children


def other_upn(number, copy):
    """A number of another authority, its letter as right or wrong as before; one of the wrong form stays."""
    if len(number) != 13:
        return number
    digits = f"{copy:03d}{number[4:]}"
    return LETTERS[(letter(digits) + LETTERS.index(number[0]) - letter(number[1:])) % 23] + digits


def years_on(rows, years):
    """The same records, all that happened to the same children being so many years later."""
    later = deepcopy(rows)
    for records in later.values():
        for row in records:
            for field in [name for name in row if name.endswith(("_date", "_review")) and name != "birth_date"]:
                row[field] = row[field] and f"{int(row[field][:4]) + years}{row[field][4:]}"
    return later


def county(parts):
    """One return of the children of several."""
    rows = {module: [] for module in PARENTS} | {"sen2": clean()["sen2"]}
    for copy, part in enumerate(parts):
        for module, records in copied(part, copy).items():
            rows[module] += records
    return rows


def filed(rows, census=CENSUS, unread=(), shuffle=None):
    """The return as it is read; `shuffle` is a seed for the order of its rows."""
    tables = {}
    for name, module in layout().items():
        table = pd.DataFrame(rows[name], columns=list(module.fields), dtype=object)
        for field in module.fields.values():
            texts = field.kind not in DTYPES
            values = table[field.name].where(table[field.name].notna(), "" if texts else None)
            table[field.name] = values.astype("str") if texts else pd.Series(values, dtype=DTYPES[field.kind])
        table.index = pd.RangeIndex(2, len(table) + 2, name="row")
        tables[name] = table if shuffle is None else table.sample(frac=1, random_state=shuffle)
    return Filed(census, "1.2", "csv", tables, {name: f"{name}.csv" for name in tables}, tuple(unread))


def fix_file(path, rows, columns=COLUMNS):
    """A fix file with these rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


def establishments():
    """An extract of eight schools, of which 900006 has closed and 900007 is of an odd kind."""
    kinds = {
        MAINSTREAM: ("mainstream", False, False),
        WITH_BASE: ("mainstream", True, False),
        SPECIAL: ("special", False, False),
        COLLEGE: ("post16", False, False),
        NURSERY: ("early_years", False, False),
        "900006": ("mainstream", False, False),
        "900007": ("not_recorded", False, False),
        "900008": ("mainstream", True, True),
    }
    rows = [
        {"urn": urn, "ukprn": f"1{urn}0", "name": "", "la_code": "999", "provision": kind, "open": urn != "900006"}
        for urn, (kind, *_) in kinds.items()
    ]
    schools = pd.DataFrame(rows).assign(
        unit=[unit for _, unit, _ in kinds.values()], resourced=[base for *_, base in kinds.values()]
    )
    flags = dict.fromkeys(("open", "unit", "resourced"), "boolean")
    return Establishments(
        schools.astype(flags).assign(unit_places=float("nan"), resourced_places=float("nan")), "schools.csv"
    )


def fixed(tmp_path, *rows, rows_of=None, **how):
    """The clean return, or another, after the fixes; and what became of them."""
    fixes = read_fixes(fix_file(tmp_path / "fixes.csv", rows))
    return apply_fixes(filed(clean() if rows_of is None else rows_of, **how), fixes)


def cell(return_, module, own, field):
    table = return_.tables[module].set_index("id")
    return table.loc[own, field]
