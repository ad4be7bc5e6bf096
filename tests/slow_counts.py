"""Counting children one by one in plain Python: the second route to what `forecast.records` counts.

It knows the children as `builders_return` describes them, never the tables made of them; every child has a pupil
number of its own, a birth date and a known postcode.
"""

from collections import Counter
from datetime import date, timedelta

from builders_return import KINDS, POSTCODES

SETTINGS = {"EYP": "early_years"}
BASES = ("mainstream",)


def census_day(census):
    """The third Thursday of January, found by walking."""
    thursdays = [day for day in (date(census, 1, 1) + timedelta(n) for n in range(31)) if day.weekday() == 3]
    return thursdays[2].isoformat()


def year_group(born, census):
    """Birthdays had by 31 August, less 4; the oldest and youngest held at the ends."""
    last = date(census - 1, 8, 31)
    age = sum(f"{year:04d}{born[4:]}" <= last.isoformat() for year in range(int(born[:4]) + 1, last.year + 1))
    return max(-4, min(20, age - 4))


def open_plan(child, day):
    """The plan in force with the latest start, the later of two; None without one."""
    held = [
        (plan["start"] if plan["start"] not in {None, "unnamed"} else "", place, plan)
        for place, plan in enumerate(child["plans"])
        if (plan["start"] in {None, "unnamed"} or plan["start"] <= day) and not (plan["cease"] and plan["cease"] <= day)
    ]
    named = [one for one in held if one[2]["start"] != "unnamed"]
    return max(named or held, key=lambda one: one[:2])[2] if held else None


def placement(child, plan, day):
    """The placement that counts."""
    found = []
    for other, where in ((held is not plan, held["placed"]) for held in child["plans"]):
        for place, one in enumerate(where):
            if not (one["entry_date"] and one["entry_date"] > day) and not (
                one["leaving_date"] and one["leaving_date"] < day
            ):
                rank = 9 if one["rank"] is None else one["rank"]
                found.append((other, rank, one["entry_date"] is None, _backwards(one["entry_date"]), -place, one))
    return min(found, key=lambda one: one[:5])[5] if found else None


def _backwards(day):
    return -int(day.replace("-", "")) if day else 0


def provision(one, nc_year):
    """Kind of place, by DOMAIN's table."""
    if one is None:
        return "not_recorded"
    by_ukprn = {f"1{urn[1:].rjust(7, '0')}": kind for urn, kind in KINDS.items()}
    kind = KINDS.get(one["urn"]) or by_ukprn.get(one["ukprn"])
    flagged = one["unit"] or one["resourced"]
    if kind:
        return "base" if flagged and kind in BASES else kind
    if one["setting"]:
        return SETTINGS.get(one["setting"], "elsewhere")
    if flagged:
        return "base"
    return "post16" if one["ukprn"] and not one["urn"] and nc_year >= 12 else "not_recorded"


def stock(census, children):
    """Name -> (district, need, nc_year, provision, plan) of each child with a plan."""
    day, found = census_day(census), {}
    for child in children:
        plan = open_plan(child, day)
        if plan:
            nc_year = year_group(child["person"]["birth_date"], census)
            where = POSTCODES[child["person"]["postcode"]]
            need = plan["needs"][0] if plan["needs"] else "not_recorded"
            kind = provision(placement(child, plan, day), nc_year)
            found[child["person"]["upn"]] = (where, need, nc_year, kind, plan)
    return found


def year(census, children, before):
    """Counters of placements, flows and moves, given the stock of the January before."""
    last, day = census_day(census - 1), census_day(census)
    now = stock(census, children)
    moves = Counter((*cell[:2], *before[name][2:4], cell[3]) for name, cell in now.items() if name in before)
    flows = Counter(_entered(cell, last) for name, cell in now.items() if name not in before)
    ended = dict(sorted(_ended(children, last, day)))
    gone = {name: cell[:4] for name, cell in before.items() if name not in now}
    flows += Counter(("cease", *cell) for cell in gone.values())
    flows += Counter(("transfer", *cell) for name, cell in gone.items() if ended.get(name, ("", 0))[1] == 5)
    return Counter(cell[:4] for cell in now.values()), flows, moves, now


def _entered(cell, last):
    """What brought a child into the stock."""
    start = cell[4]["start"]
    if cell[4]["came_from"]:
        return ("arrive", *cell[:4])
    return ("start" if start not in {None, "unnamed"} and start > last else "unexplained", *cell[:4])


def _ended(children, last, day):
    """Name, and the date and reason of each plan of the child that ceased in the year."""
    for child in children:
        for plan in child["plans"]:
            if plan["cease"] and last < plan["cease"] <= day and plan["start"] != "unnamed":
                yield child["person"]["upn"], (plan["cease"], plan["reason"])
