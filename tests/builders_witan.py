"""A small witan.send project of invented children, as rows: change them, put them in a folder, read it.

Each child is followed from January to January, so where one year's transitions end the next year's begin.
"""

import random
from pathlib import Path

from builders import as_csv

from forecast.inputs.witan import witan_area
from forecast.inputs.write import write_area

NOBODY = "NONSEND"
SETTINGS = {"MAIN": (0, 14), "UNIT": (0, 11), "special": (-2, 15), "COLL": (12, 20)}
NEEDS = ("SEMH", "Q", "R")
YEARS = (2014, 2015, 2016)
CONFIG = """\
{:file-inputs {:transitions "data/transitions.csv" ; one row a child
               :population "data/population.csv"
               :costs "data/costs.csv"
               :valid-states "data/valid-states.csv"}
 :transition-parameters {:filter-transitions-from nil
                         :modify-transition-by nil}}
"""
HEADER = ["calendar-year", "setting-1", "need-1", "academic-year-1", "setting-2", "need-2", "academic-year-2"]


def open_to(age):
    return [setting for setting, (first, last) in SETTINGS.items() if first <= age <= last]


def transitions(seed=1, children=400):
    """Rows of `transitions.csv`, the header first."""
    luck = random.Random(seed)  # noqa: S311 - invented children, not secrets
    held = [(luck.randrange(0, 15), luck.choice(NEEDS)) for _ in range(children)]
    roll = [(age, need, luck.choice(open_to(age))) for age, need in held]
    rows = []
    for year in YEARS:
        later = []
        for age, need, setting in roll:
            choices = open_to(age + 1)
            if luck.random() < 0.06 or not choices:
                rows.append([year, setting, need, age, NOBODY, NOBODY, age + 1])
                continue
            to = setting if setting in choices and luck.random() < 0.85 else luck.choice(choices)
            rows.append([year, setting, need, age, to, need, age + 1])
            later.append((age + 1, need, to))
        for _ in range(children // 8):
            age, need = luck.randrange(-3, 12), luck.choice(NEEDS)
            to = luck.choice(open_to(age + 1) or ["special"])
            age = max(age, -3)
            rows.append([year, NOBODY, NOBODY, age, to, need, age + 1])
            later.append((age + 1, need, to))
        roll = later
    return [HEADER, *rows]


def population(first=2014, last=2020):
    """Rows of `population.csv`, ages beyond those of plans among them."""
    rows = [[year, age, 900 + 7 * age + 11 * (year % 5)] for year in range(first, last + 1) for age in range(-5, 26)]
    return [["calendar-year", "academic-year", "population"], *rows]


def valid_states():
    header = ["setting", "setting-group", "min-academic-year", "max-academic-year", "needs", "setting->setting"]
    rows = [
        [setting, "group", first, last, ",".join(NEEDS), ",".join(other for other in SETTINGS if other != setting)]
        for setting, (first, last) in SETTINGS.items()
    ]
    return [header, *rows]


def costs():
    return [["need", "setting", "cost"], *([need, setting, 1000.0] for need in NEEDS for setting in SETTINGS)]


def project(**changed):
    """Files of a project: name -> rows; `changed` by name without its ending, None to leave one out."""
    files = {
        "transitions": transitions(),
        "population": population(),
        "costs": costs(),
        "valid_states": valid_states(),
    }
    return {name: rows for name, rows in (files | changed).items() if rows is not None}


def put_project(folder, config=CONFIG, **changed):
    """Write a project, its tables in `data`."""
    folder = Path(folder)
    (folder / "data").mkdir(parents=True)
    if config is not None:
        (folder / "config.edn").write_text(config)
    for name, rows in project(**changed).items():
        (folder / "data" / f"{name.replace('_', '-')}.csv").write_bytes(as_csv(rows))
    return folder


def made(folder, name="Testshire", **changed):
    """The area that a project becomes, as it reads back."""
    about, tables = witan_area(put_project(folder / "project", **changed), name, synthetic=True)
    return write_area(folder / "area", about, tables)
