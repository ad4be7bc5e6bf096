"""Tables of what authorities did, of a few round figures: change them, and hold an area against them."""

import pandas as pd

from forecast.inputs.measures import COLUMNS

YEARS = (2023, 2024, 2025)
COUNTS = {
    "residents_0_24": 10_000,
    "residents_4_17": 5_000,
    "residents_5_15": 4_000,
    "plans": 500,
    "plans_5_15": 300,
    "plans_16_24": 100,
    "placed": 500,
    "mainstream": 200,
    "base": 50,
    "special": 150,
    "independent": 25,
    "new_plans": 100,
    "new_placed": 100,
    "new_mainstream": 60,
    "new_base": 10,
    "new_special": 20,
    "new_independent": 5,
    "requests": 150,
    "ended": 40,
    "ended_16": 20,
    "moved_out": 10,
    "moved_in": None,
    "moved_to_special": None,
}


def row(code, year, **counts):
    return {"la_code": code, "year": year} | COUNTS | counts


def table(*rows):
    made = pd.DataFrame(rows)[list(COLUMNS)]
    return made.astype(dict.fromkeys(COLUMNS[2:], float))


def county(code="885", years=YEARS, **by_year):
    """Rows of one authority; a list in `by_year` has a count for each year."""
    return [row(code, year, **{name: counts[at] for name, counts in by_year.items()}) for at, year in enumerate(years)]
