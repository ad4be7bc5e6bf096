"""Invented children as a filed return: say what matters of each child, the rest is ordinary.

filed(2025, [child("a", born="2014-09-01", plans=[plan(start="2020-03-01", placed=[at("100001")])])])
"""

from itertools import count

import pandas as pd

from forecast.records.filed import PARENTS, Filed

FIELDS = {
    "sen2": {"year": "whole", "lea": "text", "reference_date": "date", "software_code": "text"},
    "person": dict.fromkeys(
        ("surname", "forename", "sex", "ethnicity", "postcode", "upn", "uln", "upn_unknown"), "text"
    )
    | {"birth_date": "date"},
    "requests": {
        **dict.fromkeys(("received_date", "outcome_date"), "date"),
        **dict.fromkeys(("rya", "mediation", "tribunal"), "flag"),
        "outcome": "text",
        "exported": "text",
    },
    "assessment": {
        "outcome": "text",
        "outcome_date": "date",
        **dict.fromkeys(("mediation", "tribunal", "other_mediation", "other_tribunal", "week20"), "flag"),
    },
    "named_plan": {
        "start_date": "date",
        "cease_date": "date",
        "cease_reason": "whole",
        **dict.fromkeys(("plan_res", "plan_wbp", "dp"), "text"),
        **dict.fromkeys(("pb", "oa"), "flag"),
    },
    "plan_detail": {
        **dict.fromkeys(("urn", "ukprn", "setting", "setting_other"), "text"),
        "rank": "whole",
        **dict.fromkeys(("unit", "resourced"), "flag"),
    },
    "active_plans": {
        **dict.fromkeys(("transfer_la", "review_outcome", "res", "wbp"), "text"),
        **dict.fromkeys(("review_meeting", "last_review"), "date"),
    },
    "placement_detail": {
        **dict.fromkeys(("urn", "ukprn", "setting", "setting_other", "res", "wbp", "attendance_pattern"), "text"),
        "rank": "whole",
        **dict.fromkeys(("entry_date", "leaving_date"), "date"),
        **dict.fromkeys(("unit", "resourced"), "flag"),
    },
    "sen_need": {"need": "text", "rank": "whole"},
}


def at(urn="", *, ukprn="", setting="", rank=1, entry="2019-09-01", leaving=None, unit=False, resourced=False):
    """A placement."""
    return {
        "urn": urn, "ukprn": ukprn, "setting": setting, "rank": rank, "entry_date": entry, "leaving_date": leaving,
        "unit": unit, "resourced": resourced,
    }  # fmt: skip


def plan(start="2020-03-01", cease=None, reason=None, *, needs=("ASD",), placed=(), came_from="", **asked):
    """A plan with the request that led to it; `asked` changes fields of the request, `assessed` of the assessment."""
    return {
        "start": start, "cease": cease, "reason": reason, "needs": needs, "placed": placed, "came_from": came_from,
        "asked": asked,
    }  # fmt: skip


def request(received, outcome="", decided=None, *, assessed=None, concluded=None, exported=""):
    """A request without a plan."""
    return {
        "received_date": received, "outcome": outcome, "outcome_date": decided, "assessed": assessed,
        "concluded": concluded, "exported": exported,
    }  # fmt: skip


def child(name, born="2012-05-01", plans=(), requests=(), **fields):
    """A child; its pupil number and name follow from `name` unless `fields` says otherwise."""
    person = {"upn": f"Z{name}", "uln": "", "surname": f"Sur{name}", "forename": f"Fore{name}", "birth_date": born}
    return {"person": {**person, **fields}, "plans": plans, "requests": requests}


def filed(census, children, lea="999", strays=(), software="SYNTHETIC"):
    """The return of a January; `strays` are (module, fields) of records whose parent is not there."""
    rows = {module: [] for module in PARENTS}
    numbers = count(1)

    def add(module, parent, **fields):
        row_id = f"{module[0]}{next(numbers):07d}"
        rows[module].append({"id": row_id, "parent": parent, **fields})
        return row_id

    top = add("sen2", "", year=census, lea=lea, software_code=software)
    for one in children:
        who = add("person", top, **one["person"])
        for asked in one["requests"]:
            _add_request(add, who, asked)
        for held in one["plans"]:
            _add_plan(add, who, held)
    for module, fields in strays:
        add(module, "nobody", **fields)
    tables = {module: typed(module, records) for module, records in rows.items()}
    return Filed(census, "1.2", "csv", tables, {module: f"{module}.csv" for module in PARENTS}, ())


def _add_request(add, who, asked):
    fields = {name: asked[name] for name in ("received_date", "outcome", "outcome_date", "exported")}
    under = add("requests", who, **fields)
    if asked["assessed"] is not None:
        add("assessment", under, outcome=asked["assessed"], outcome_date=asked["concluded"])


def _add_plan(add, who, held):
    asked = {"outcome": "Y", "received_date": "2015-01-01", "outcome_date": "2015-02-01", **held["asked"]}
    under = add("requests", who, **asked)
    assessment = add("assessment", under, outcome="Y")
    if held["start"] != "unnamed":
        dates = {"start_date": held["start"], "cease_date": held["cease"], "cease_reason": held["reason"]}
        add("named_plan", assessment, **dates)
    active = add("active_plans", under, transfer_la=held["came_from"])
    for placement in held["placed"]:
        add("placement_detail", active, **placement)
    for place, need in enumerate(held["needs"], 1):
        code, rank = need if isinstance(need, tuple) else (need, place)
        add("sen_need", active, need=code, rank=rank)


def typed(module, records):
    """Records as `Filed` has them: every field, typed, indexed by row."""
    kinds = {"id": "text", "parent": "text", **FIELDS[module]}
    columns = {}
    for name, kind in kinds.items():
        values = [record.get(name) for record in records]
        if kind == "date":
            columns[name] = pd.to_datetime(pd.Series(values, dtype="object"))
        elif kind == "flag":
            columns[name] = pd.Series(values, dtype="boolean")
        elif kind == "whole":
            columns[name] = pd.Series(values, dtype="Int64")
        else:
            columns[name] = pd.Series(["" if value is None else str(value) for value in values], dtype="str")
    table = pd.DataFrame(columns)
    return table.set_axis(pd.RangeIndex(2, len(table) + 2, name="row"))


SCHOOLS = (
    # urn, ukprn, name, la, type, status, bases
    ("100001", "10000001", "Oak Primary", "999", "1", "Open", "SEN unit"),
    ("100002", "10000002", "Elm Academy", "999", "34", "Open", "Not applicable"),
    ("100003", "10000003", "Moor Lane Special", "999", "7", "Open", ""),
    ("100004", "10000004", "Far Special", "888", "44", "Open", ""),
    ("100005", "10000005", "Private Special", "999", "10", "Open", ""),
    ("100006", "10000006", "Far Private Special", "888", "10", "Open", ""),
    ("100007", "10000007", "Private School", "999", "11", "Open", ""),
    ("100008", "10000008", "Pupil Unit", "999", "14", "Open", ""),
    ("100009", "10000009", "College", "999", "18", "Open", ""),
    ("100010", "10000010", "Nursery", "999", "15", "Open", ""),
    ("100011", "10000011", "Charity Special", "999", "8", "Closed", ""),
)
KINDS = {
    "100001": "mainstream", "100002": "mainstream", "100003": "special", "100004": "special", "100005": "independent",
    "100006": "independent", "100007": "independent_mainstream", "100008": "alternative", "100009": "post16",
    "100010": "early_years", "100011": "special_nonmaintained",
}  # fmt: skip
"""By URN, written by hand from DOMAIN's table of provisions."""
HEADER = (
    "URN,UKPRN,EstablishmentName,LA (code),TypeOfEstablishment (code),EstablishmentStatus (name),"
    "TypeOfResourcedProvision (name),SenUnitCapacity,ResourcedProvisionCapacity"
)


def extract():
    """An extract of establishments as a file's bytes, in the encoding that the service uses."""
    lines = [",".join((*school, "12" if school[0] == "100001" else "", "")) for school in SCHOOLS]
    return "\n".join([HEADER, *lines, ""]).encode("cp1252")


POSTCODES = {"ZZ1 1AA": "North", "ZZ1 1AB": "North", "ZZ2 2AA": "South", "ZZ9 9ZZ": "Elsewhere"}


def lookup():
    """A lookup of postcodes as a file's bytes."""
    return ("pcds,ladnm\n" + "".join(f"{postcode},{district}\n" for postcode, district in POSTCODES.items())).encode()
