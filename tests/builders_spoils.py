"""What may be wrong with the return of `builders_checks`: a spoil for each named check, which trips it and no other."""

from builders_checks import COLLEGE, LETTERS, MAINSTREAM, SPECIAL, at, person, placed, planned, record, upn


def put(module, own, **fields):
    """A spoil that changes fields of one record."""
    return lambda rows: record(rows, module, own).update(fields)


def add(module, **fields):
    """A spoil that adds a record."""
    return lambda rows: rows[module].append(fields)


def drop(module, own):
    """A spoil that takes a record out, and leaves what is below it."""
    return lambda rows: rows[module].remove(record(rows, module, own))


def second_plan(rows):
    """Child 1 has a second plan in force, with nothing wrong but that."""
    planned(rows, 11, "2014-02-03", at(MAINSTREAM))
    rows["person"].pop()
    record(rows, "requests", "r11")["parent"] = "p1"


def twin(rows):
    """Child 1 is there again, under another number."""
    planned(rows, 11, "2014-02-03", at(MAINSTREAM))
    record(rows, "person", "p11").update(surname=" INVENTED1 ")


def unschooled(rows):
    """A child of six years whose record has nothing below it."""
    rows["person"].append(person(11, "2018-04-04"))


def unnamed(rows):
    """Child 1's plan has no named plan."""
    drop("named_plan", "n1")(rows)
    drop("plan_detail", "d1")(rows)


def inactive(rows):
    """Child 1's plan has no active plan."""
    for module, own in (("active_plans", "a1"), ("placement_detail", "x1"), ("sen_need", "t1")):
        drop(module, own)(rows)


def waiting(rows):
    """Child 9's assessment was agreed and should have ended long ago."""
    put("requests", "r9", received_date="2024-07-01", outcome_date="2024-08-01")(rows)


def agreed(rows):
    """Child 9's plan was agreed and should have been made long ago."""
    waiting(rows)
    put("assessment", "s9", outcome="Y", outcome_date="2024-11-01")(rows)


def wrong_letter(rows):
    """Child 1's number has another letter than its digits give."""
    right = upn(1)
    record(rows, "person", "p1")["upn"] = LETTERS[LETTERS.index(right[0]) - 1] + right[1:]


SPOILS = {
    "same_upn": put("person", "p2", upn=upn(1)),
    "same_name_and_birth": twin,
    "no_upn_no_reason": put("person", "p1", upn=""),
    "upn_form": put("person", "p1", upn="A12345"),
    "upn_letter": wrong_letter,
    "no_birth_date": put("person", "p1", birth_date=None),
    "born_after_census": put("person", "p8", birth_date="2025-02-01"),
    "age_25_or_over": put("person", "p4", birth_date="1999-08-31"),
    "no_postcode": put("person", "p1", postcode=""),
    "postcode_form": put("person", "p1", postcode="not known"),
    "no_request": unschooled,
    "two_open_plans": second_plan,
    "plan_not_active": inactive,
    "plan_never_named": unnamed,
    "plan_without_start": put("named_plan", "n1", start_date=None),
    "ceased_before_start": put("named_plan", "n6", start_date="2024-07-20"),
    "ceased_without_reason": put("named_plan", "n6", cease_reason=None),
    "reason_without_date": put("named_plan", "n1", cease_reason=2),
    "unknown_cease_reason": put("named_plan", "n6", cease_reason=77),
    "no_primary_need": put("sen_need", "t1", rank=2),
    "unknown_need": put("sen_need", "t1", need="NSA"),
    "two_primary_needs": add("sen_need", id="t11", parent="a1", need="SEMH", rank=1),
    "unknown_transfer_authority": put("active_plans", "a10", transfer_la="ABC"),
    "no_placement": drop("placement_detail", "x1"),
    "no_first_placement": put("placement_detail", "x1", rank=2),
    "two_first_placements": add("placement_detail", **(placed(1, **at(SPECIAL)) | {"id": "x11"})),
    "entry_after_leaving": add(
        "placement_detail", **(placed(1, leaving_date="2022-08-31", **at(SPECIAL)) | {"id": "x11"})
    ),
    "placement_outlasts_plan": put("placement_detail", "x6", leaving_date=None),
    "placement_without_entry": put("placement_detail", "x1", entry_date=None),
    "no_setting": put("placement_detail", "x1", urn="", unit=None),
    "unknown_setting": put("placement_detail", "x5", setting="XYZ"),
    "school_and_setting": put("placement_detail", "x1", setting="OTH"),
    "unknown_school": put("placement_detail", "x1", urn="123456"),
    "unknown_kind_of_school": put("placement_detail", "x1", urn="900007"),
    "closed_school": put("placement_detail", "x1", urn="900006"),
    "unit_where_none": put("placement_detail", "x1", unit=True),
    "resourced_where_none": put("placement_detail", "x1", resourced=True),
    "base_not_in_mainstream": put("placement_detail", "x3", resourced=True),
    "both_flags": put("placement_detail", "x2", urn="900008", resourced=True),
    "flags_not_set": put("placement_detail", "x1", unit=None),
    "early_years_too_old": put("placement_detail", "x1", urn="", setting="EYP"),
    "college_too_young": put("placement_detail", "x1", urn=COLLEGE),
    "neet_too_young": put("placement_detail", "x1", urn="", setting="NEET"),
    "request_overdue": put("requests", "r8", received_date="2024-08-01"),
    "assessment_overdue": waiting,
    "plan_overdue": agreed,
    "unknown_outcome": put("requests", "r7", outcome="Q"),
    "date_without_outcome": put("requests", "r8", outcome_date="2024-12-01"),
    "outcome_before_receipt": put("requests", "r7", outcome_date="2024-11-03"),
    "assessed_before_agreed": put("assessment", "s9", outcome="N", outcome_date="2024-12-05"),
    "plan_before_request": put("named_plan", "n1", start_date="2021-02-01"),
    "id_twice": add("sen_need", id="t1", parent="a1", need="SEMH", rank=2),
    "orphan": add("requests", id="r11", parent="p11", received_date="2024-11-04"),
    "date_after_census": put("requests", "r8", received_date="2025-01-17"),
    "date_long_ago": put("active_plans", "a1", last_review="1900-01-01"),
}
"""Check -> a spoil that trips it and nothing else."""
