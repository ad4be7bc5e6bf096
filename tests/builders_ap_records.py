"""Invented records of alternative provision, as rows that a council's file may have; and an area to count them into.

Keys of children are `PLANTED`: none of them may be found in anything that the program says or writes.
"""

import csv
import io
from datetime import date, timedelta
from itertools import count

import numpy as np
from builders import small_area

HEADINGS = (
    *("child", "start", "end", "reason", "year group", "registration", "days", "setting", "plan", "district"),
    *("tier", "returned"),
)
SINCE, SEEN, TODAY = date(2020, 9, 1), date(2025, 8, 31), np.datetime64("2025-10-01")
PLANTED = "Zzyzx"
DISTRICTS = ("North", "South")
REASONS = ("exclusion", "time_limited", "medical", "awaiting", "other")
SETTINGS = ("ap_school", "la_funded", "school_arranged")


def key(number):
    """Key of an invented child."""
    return f"{PLANTED}-{number:06d}"


def row(number=1, start="2022-01-10", end="2022-06-30", **cells):
    """Cells of one stay by heading, those not given as an ordinary stay has them."""
    ordinary = {
        "child": key(number),
        "start": start,
        "end": end,
        "reason": "exclusion",
        "year group": "9",
        "registration": "sole",
        "days": "5",
        "setting": "PRU",
        "plan": "no",
        "district": "North",
        "tier": "transition",
        "returned": "no" if end else "",
    }
    return {**ordinary, **{name.replace("_", " "): cell for name, cell in cells.items()}}


def as_csv(rows, headings=HEADINGS):
    """A CSV file of rows by heading."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(headings)
    writer.writerows([[each.get(heading, "") for heading in headings] for each in rows])
    return text.getvalue()


def put_csv(folder, rows, headings=HEADINGS, name="placements.csv"):
    """Write a file of rows, and return its path."""
    (folder / name).write_text(as_csv(rows, headings), encoding="utf-8")
    return folder / name


def counts_area():
    """Files of the small area, of counts, so that records may be added to it."""
    files = small_area()
    about = files["area.toml"].replace(b'kind = "published"', b'kind = "counts"')
    return {**files, "area.toml": about}


def simulated(seed=1, a_year=2_000, since=SINCE, seen=SEEN, both=0.1):
    """Stays that come evenly over the years, from long before `since`, as rows and as numbers.

    Parameters
    ----------
    a_year : children who come in a year
    both : share of whose stays another runs beside, as dual registrations do

    Returns
    -------
    rows : of every stay that went on at any time from `since` to `seen`
    stays : (child, first, last or None, labels, main, days) of each, dates as dates
    """
    luck, children, stays = np.random.default_rng(seed), count(1), []
    begun = since - timedelta(days=6 * 365)
    days = (seen - begun).days
    for at in np.sort(luck.uniform(0, days, luck.poisson(a_year * days / 365.25))):
        child, start = next(children), begun + timedelta(days=int(at))
        labels = _labels(luck)
        mean = 240 if labels["tier"] == "transition" else 90
        stays += _stays(luck, child, start, int(luck.gamma(2, mean / 2)), labels, beside=luck.random() < both)
    live = [each for each in stays if each[2] >= since and each[1] <= seen]
    stays = [(child, start, None if end > seen else end, *rest) for child, start, end, *rest in live]
    return [_row(luck, *each) for each in stays], stays


def _labels(luck):
    return {
        "reason": str(luck.choice(REASONS, p=(0.3, 0.3, 0.2, 0.1, 0.1))),
        "setting": str(luck.choice(SETTINGS, p=(0.6, 0.3, 0.1))),
        "plan": str(luck.choice(("yes", "no"), p=(0.2, 0.8))),
        "district": str(luck.choice(DISTRICTS, p=(0.6, 0.4))),
        "tier": str(luck.choice(("short", "transition"))),
        "year group": int(luck.integers(0, 12)),
    }


def _stays(luck, child, start, length, labels, *, beside):
    end = start + timedelta(days=length)
    main = (child, start, end, labels, "dual main" if beside else "sole", 3 if beside else 5)
    if not beside:
        return [main]
    later = start + timedelta(days=int(luck.integers(0, length + 1)))
    other = {**labels, "setting": "la_funded", "year group": labels["year group"] + autumns(later) - autumns(start)}
    return [main, (child, later, later + timedelta(days=int(luck.gamma(2, 40))), other, "dual subsidiary", 4)]


def autumns(day):
    """Academic years begun since some beginning."""
    return day.year + (day.month >= 9)


def _row(luck, child, start, end, labels, registration, days):
    went_back = "" if end is None else ("yes" if luck.random() < 0.3 else "no")
    cells = {**labels, "registration": registration, "days": str(days), "returned": went_back}
    return row(child, start.isoformat(), "" if end is None else end.isoformat(), **cells)
