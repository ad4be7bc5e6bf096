"""The six invented children of `returns/v1_2` as the pre-submission workbook keeps them: sheet -> rows of cells.

Synthetic, and written by hand after the names in `data/reference/sen2_return.csv`: no ids below the request, dates
as dates, flags as 1 and 0.
"""

import datetime as dt

from builders_files import SHEETS

DAY = dt.datetime
NAMED = ("persontableid", "requeststableid")

PERSON = [
    [
        *("persontableid", "surname", "forename", "personbirthdate", "sex", "ethnicity", "postcode", "upn"),
        *("uniquelearnernumber", "upnunknown"),
    ],
    [1, "Zzyzx-Synthetic", "Ann", DAY(2012, 3, 14), "F", "WBRI", "ZZ1 1AA", "Z999000000001", None, None],
    [2, "Zzyzx-Synthetic", "Ben", DAY(2015, 8, 31), "M", "MWBC", "ZZ1 1AB", "Z999000000002", None, None],
    [3, "Zzyzx-Synthetic", "Cat", DAY(2004, 5, 5), "F", "WBRI", "ZZ2 9AA", None, 9999000003, None],
    [4, "Zzyzx-Synthetic, the second", "Dan", DAY(2017, 11, 2), "M", "REFU", "ZZ2 9AB", "Z999000000004", None, None],
    [5, "Zzyzx-Synthetic", "Eve", DAY(2010, 9, 1), "F", "BCRB", "ZZ1 1AA", "Z999000000005", None, None],
    [6, "Zzyzx-Synthetic", "Fay", DAY(2008, 12, 25), "F", "WBRI", "ZZ3 4ZZ", "Z999000000006", None, None],
]
REQUESTS = [
    [
        *("requeststableid", "persontableid", "receiveddate", "rquestsource", "rya", "requestoutcomedate"),
        *("requestoutcome", "requestmediation", "requesttribunal", "exported"),
    ],
    [1, 1, DAY(2019, 2, 1), None, 0, None, "H", None, None, None],
    [2, 2, DAY(2023, 1, 16), None, 0, DAY(2023, 2, 20), "Y", 0, 0, None],
    [3, 3, DAY(2018, 10, 8), None, 0, None, "H", None, None, None],
    [4, 4, DAY(2023, 5, 3), None, 0, DAY(2023, 6, 10), "N", 1, 0, None],
    [5, 4, DAY(2023, 12, 4), None, 0, None, "A", None, None, None],
    [6, 5, DAY(2019, 6, 11), None, 0, None, "H", None, None, None],
    [7, 6, DAY(2021, 4, 19), None, 1, None, "H", None, None, None],
]
ASSESSMENTS = [
    [
        *(*NAMED, "assessmentoutcome", "assessmentoutcomedate", "assessmentmediation", "assessmenttribunal"),
        *("othermediation", "othertribunal", "week20"),
    ],
    [1, 1, "H", None, None, None, None, None, None],
    [2, 2, "Y", DAY(2023, 6, 1), 0, 0, 0, 1, 0],
    [3, 3, "H", None, None, None, None, None, None],
    [5, 6, "H", None, None, None, None, None, None],
    [6, 7, "H", None, None, None, None, None, None],
]
NAMED_PLAN = [
    [*NAMED, "startdate", "planres", "planwbp", "pb", "oa", "dp", "ceasedate", "ceasereason"],
    [1, 1, DAY(2019, 9, 2), None, None, 0, 0, None, None, None],
    [2, 2, DAY(2023, 6, 1), None, None, 1, 1, None, None, None],
    [3, 3, DAY(2019, 3, 4), None, None, 0, 0, None, DAY(2023, 8, 31), 4],
    [5, 6, DAY(2020, 1, 15), "A", None, 0, 0, None, None, None],
    [6, 7, DAY(2021, 11, 30), None, None, 0, 0, None, None, None],
]
SETTING = ["urn", "ukprn", "sensetting", "sensettingother", "placementrank"]
INDICATORS = ["senunitindicator", "resourcedprovisionindicator"]
PLAN_DETAIL = [
    [*NAMED, *SETTING, *INDICATORS],
    [1, 1, 900001, None, None, None, 1, 0, 0],
    [2, 2, 900002, None, None, None, 1, 0, 1],
    [3, 3, None, 99000001, None, None, 1, 0, 0],
    [5, 6, 900003, None, None, None, 1, 0, 0],
    [5, 6, None, None, "OLA", None, 2, None, None],
    [6, 7, None, None, "OPA", None, 1, None, None],
]
ACTIVE_PLAN = [
    [*NAMED, "transferla", "reviewmeeting", "reviewoutcome", "lastreview"],
    [1, 1, None, DAY(2023, 10, 2), "M", DAY(2023, 10, 20)],
    [2, 2, None, None, None, None],
    [5, 6, 998, DAY(2023, 5, 22), "A", DAY(2023, 6, 15)],
    [6, 7, None, DAY(2023, 11, 13), "M", DAY(2023, 12, 1)],
]
PLACEMENT_DETAIL = [
    [*NAMED, *SETTING, "entrydate", "leavingdate", *INDICATORS, "res", "wbp"],
    [1, 1, 900001, None, None, None, 1, DAY(2019, 9, 4), None, 0, 0, None, None],
    [2, 2, 900002, None, None, None, 1, DAY(2019, 9, 4), None, 0, 1, None, None],
    [5, 6, 900001, None, None, None, 1, DAY(2020, 1, 20), DAY(2023, 4, 14), 0, 0, None, None],
    [5, 6, 900003, None, None, None, 1, DAY(2023, 4, 17), None, 0, 0, "A", None],
    [5, 6, None, None, "OLA", None, 2, DAY(2023, 9, 6), None, None, None, None, None],
    [6, 7, None, None, "EHE", None, 1, DAY(2022, 1, 10), None, None, None, None, None],
]
SEN_NEED = [
    [*NAMED, "sentype", "sentyperank"],
    [1, 1, "ASD", 1],
    [1, 1, "SLCN", 2],
    [2, 2, "SEMH", 1],
    [5, 6, "PMLD", 1],
    [5, 6, "PD", 2],
    [6, 7, "OTH", 1],
]
BOOK = dict(
    zip(
        SHEETS.values(),
        (PERSON, REQUESTS, ASSESSMENTS, NAMED_PLAN, PLAN_DETAIL, ACTIVE_PLAN, PLACEMENT_DETAIL, SEN_NEED),
        strict=True,
    )
)
