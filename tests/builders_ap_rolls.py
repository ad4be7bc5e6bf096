"""Small worlds of authorities with alternative provision, and what is published of them: change them, then forecast."""

import numpy as np
import pandas as pd

from forecast.ap.national import AP_SCHOOL, LA_FUNDED, WITHOUT
from forecast.ap.panel import ROWS, ap_panel
from forecast.domain import ALL, ApSetting, KeyStage

JANUARIES = range(2018, 2024)
CODES = tuple(str(code) for code in range(201, 213))


def rolls(children, series=(AP_SCHOOL, WITHOUT, LA_FUNDED)):
    """Published rolls: `children` (index year, a column an authority) in every one of `series`."""
    rows = [
        (code, int(year), ROWS[name][0].value, ROWS[name][1], ALL, int(count))
        for name in series
        for code in children
        for year, count in children[code].dropna().items()
    ]
    return pd.DataFrame(rows, columns=["la_code", "year", "setting", "plan", "key_stage", "children"])


def growing(rate=0.1, first=100, codes=CODES, years=JANUARIES):
    """Children of authorities of different sizes who all grow by `rate` a year, on the log scale."""
    times = np.exp(rate * np.arange(len(years)))
    return pd.DataFrame({code: first * (1 + place) * times for place, code in enumerate(codes)}, index=list(years))


def people(codes=CODES, mid_years=(2017, 2019, 2020, 2023)):
    """A thousand residents of every age and mid-year, for each authority as many times as its place in line."""
    rows = [
        (code, year, age, 1000 * (1 + place))
        for place, code in enumerate(codes)
        for year in mid_years
        for age in range(25)
    ]
    return pd.DataFrame(rows, columns=["la_code", "mid_year", "age", "people"])


def panel(children, residents=None, units=None):
    """The panel of one world."""
    return ap_panel(rolls(children), people(tuple(children)) if residents is None else residents, units or {})


def england(later=(), children=1000):
    """England's rolls of January 2023, and totals `later`: (year, setting, children, verified)."""
    rows = []
    for setting in ApSetting:
        rows += [
            (2023, setting.value, ALL, ALL, ALL, children, True),
            (2023, setting.value, "without", ALL, ALL, 600, True),
        ]
        rows += [(2023, setting.value, ALL, ALL, stage.value, children // 5, True) for stage in KeyStage]
    rows += [(year, setting, ALL, ALL, ALL, count, verified) for year, setting, count, verified in later]
    names = ["year", "setting", "plan", "reason", "key_stage", "children", "verified"]
    return pd.DataFrame(rows, columns=names).assign(source=lambda table: "release " + table["verified"].astype(str))


def random_walks(seed=1, steady=0.04, luck=1.0, authorities=60, years=JANUARIES):
    """Children whose logs walk at random: a year's variance is steady + luck / children; England's sum stands still."""
    rng = np.random.default_rng(seed)
    now = rng.uniform(30, 600, authorities)
    found = [now]
    for _ in years[1:]:
        sd = np.sqrt(steady + luck / now)
        now = np.maximum(now * np.exp(rng.standard_t(5, authorities) * sd / np.sqrt(5 / 3)), 5)
        found.append(now := now * found[0].sum() / now.sum())
    codes = [str(code) for code in range(300, 300 + authorities)]
    return pd.DataFrame(np.rint(found), index=list(years), columns=codes)


def uneven(seed=3):
    """Twelve authorities whose rolls go up and down."""
    noise = np.random.default_rng(seed).normal(0, 0.2, (6, len(CODES)))
    return (growing(0.05) * np.exp(noise)).round()
