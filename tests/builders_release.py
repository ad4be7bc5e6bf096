"""Releases of *Education, health and care plans*: of a few rows, written here, and as published, read once."""

from functools import cache
from pathlib import Path

from builders_model import england
from conftest import SHARED

from forecast.fitted import fitted_area
from forecast.inputs.area import Area
from forecast.inputs.ons import read_population
from forecast.inputs.published import find_authority, published_area
from forecast.inputs.reference import read_people
from forecast.inputs.rows import grand_total
from forecast.inputs.schemas import TABLES, file_columns
from forecast.inputs.sen2 import read_releases
from forecast.inputs.tables import read_table

KEYS = (
    "time_period,time_identifier,geographic_level,old_la_code,la_name,region_name,new_la_code,breakdown_topic,breakdown"
)
NOW, STARTED, CEASED = "Child or young persons age", "Age when plan started", "Age plan ceased"
NEEDS = ("asd", "hi", "mld", "msi", "oth", "pd", "pmld", "semh", "slcn", "sld", "spld", "vi")
PLACES = (
    "mainstream_la_maintained,mainstream_la_maintained_senunit,mainstream_total,special_academy_free,placement_unknown"
)
BY_NEED = ",".join(["ehc_plans", *(f"number_{need}" for need in NEEDS), "number_need_unknown"])


def la(period, topic, breakdown, *figures, code="885", name="Worcestershire", kind="Academic year"):
    place = f"{period},{kind},Local authority,{code},{name},West Midlands,E10000034"
    return ",".join([place, topic, breakdown, *map(str, figures)])


def of_needs(total, **known):
    return total, *(known.get(need, 0) for need in NEEDS), known.get("unknown", 0)


def wide(year=2025, plans=100):
    """The five files that are read, of one authority, for January `year`: name -> lines, header first."""
    january, before = f"{year - 1}{year % 100}", year - 1

    def flow(*args):
        return la(before, *args, kind="Calendar year")

    return {
        "caseload": [
            f"{KEYS},ehcplans,{PLACES}",
            la(january, "All EHC plans", "All EHC plans", plans, 50, 10, 60, 30, 5),
            la(january, NOW, "under 3", 4, 4, 0, 4, 0, 0),
            la(january, NOW, "age 10", 90, 40, 10, 50, 30, 5),
            la(january, NOW, "aged 17 and over", 6, 6, 0, 6, "x", "z"),
            la(january, STARTED, "age 4", 100, 50, 10, 60, 30, 5),
        ],
        "newplans": [
            f"{KEYS},new_ehc_plans,{PLACES}",
            flow("New EHC plans", "New EHC plans", 20, 15, 1, 16, 2, 1),
            flow(STARTED, "age 4", 20, 15, 1, 16, 2, 1),
        ],
        "sen_need_newplans": [
            f"{KEYS},{BY_NEED}",
            flow("All EHC plans", "All EHC plans", *of_needs(20, asd=12, semh=7, unknown=1)),
            flow(NOW, "age 4", *of_needs(20, asd=12, semh=7, unknown=1)),
        ],
        "ceased_plans": [
            f"{KEYS},transfer,total_ceased",
            flow("All ceased EHC plans", "All ceased EHC plans", 3, 9),
            flow(CEASED, "age 19 and over", "x", 9),
        ],
        "sen_needs_all_plans": [
            f"{KEYS},{BY_NEED}",
            la(january, "All EHC plans", "All EHC plans", *of_needs(plans, asd=60, semh=30, unknown=10)),
            la(january, NOW, "age 10", *of_needs(90, asd=55, semh=30, unknown=5)),
            la(january, "Type of placement", "Special - academy/free", *of_needs(30, asd=30)),
        ],
    }  # fmt: skip


def put(folder, files, **changed):
    """Write a release; a file changed to None is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in (files | changed).items():
        if lines is not None:
            (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return folder


def figure(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    return table["children"].tolist()


def plans(release):
    rows = release.placements[grand_total(release.placements)]
    return rows.set_index("year")["children"].to_dict()


LONG = f"{KEYS.rpartition(',breakdown_topic')[0]},establishment_type,establishment_group"


def long(year=2020):
    """The two files of the earlier layout, of one authority."""
    place = f"{year},Calendar year,Local authority,885,Worcestershire,West Midlands,E10000034"
    kinds = [("Total", "Total", 90), ("Special LA maintained", "Special", 40), ("Total", "Special", 40)]
    before = place.replace(str(year), str(year - 1), 1)
    kinds[1:2] = [("special_la_maintained", "Special", 40), ("mainstream_academy", "Mainstream", 50)]
    return {
        "sen2_estab_caseload": [f"{LONG},Total_all", *(f"{place},{kind},{group},{n}" for kind, group, n in kinds)],
        "sen2_estab_new_plans": [f"{LONG},Total_new_all", f"{before},Total,Total,12"],
    }


@cache
def release():
    return read_releases([SHARED / "sen2_2022", SHARED / "sen2_2025"])


@cache
def population():
    return read_population(sorted((SHARED / "population").glob("*.csv")))


@cache
def people():
    """Residents of every authority, as they ship."""
    return read_people()


@cache
def area(name):
    """An authority's area, in memory."""
    about, tables = published_area(release(), population(), name)
    none = {other: without_rows(other) for other in set(TABLES) - set(tables)}
    return Area(about, **tables, **none, boundaries=None, digest="", folder=Path(name))


def without_rows(name):
    """A table as it reads where an area's folder has no such file."""
    return read_table(name, (",".join(file_columns(TABLES[name])) + "\n").encode(), None)[0]


@cache
def fitted(name):
    return fitted_area(area(name), england())


def totals(name_or_code):
    rows = release().placements
    code = name_or_code if name_or_code == "ENG" else find_authority(release(), name_or_code)["la_code"]
    return rows[grand_total(rows) & rows["la_code"].eq(code)].set_index("year")["children"]
