"""January rolls of alternative provision, from the data of DfE's SEND and alternative provision dashboard.

Four of its files are read. Counts of all three kinds of alternative provision are in `ap_counts.csv`, and plans and
ages of two of them in `ap_characteristics.csv`, where the children who have no SEN stand twice, as a part of "SEN
status" and of "All SEN": the first is read. Authorities whose code it leaves out go by their names. Ages of placements
that authorities fund are in `ap_placements_ap_census.csv`; reasons for what mainstream schools arrange in
`spc_school_ap_placement.csv`.

Ages are those at 31 August, but for one year of one file. In the AP census of 2022/23 every age is one lower than in
the years before. Until then placements leap from age 10 to 11, the move to secondary school, and drop after age 15,
the end of Year 11 (England, 2021/22: 1,915 and 3,090; 5,263 and 3,871), as plans in independent special schools do by
age at 31 August (January 2025: 1,650 and 3,195; 4,086 and 1,731). In 2022/23 they leap from 9 to 10 (2,053 and 3,524)
and drop after 14 (6,064 and 4,339), and hardly any are 18 (218, not 2,151). `SHIFTED` moves those ages up by one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import ALL, ApSetting, KeyStage, Reason
from forecast.errors import Fault, InputFaults
from forecast.inputs.schemas_ap import WITH, WITHOUT

COUNTS, TRAITS = "ap_counts.csv", "ap_characteristics.csv"
CENSUS, REASONS = "ap_placements_ap_census.csv", "spc_school_ap_placement.csv"
FILES: Final = (COUNTS, TRAITS, CENSUS, REASONS)
"""Each may be compressed: the same name with `.gz` after it."""
SHIFTED: Final = {"202223": 1}
"""Academic year of the AP census -> years to add to its ages, so that they are those at 31 August."""
ENGLAND: Final = "England"
"""In place of an authority's code."""
COLUMNS: Final = ["la_code", "year", "setting", "plan", "reason", "key_stage", "children"]
SETTINGS: Final = {
    "State-funded AP school": ApSetting.AP_SCHOOL,
    "LA funded AP placements": ApSetting.LA_FUNDED,
    "School arranged AP": ApSetting.SCHOOL_ARRANGED,
}
BANDS: Final = {
    "Under 5": KeyStage.KS1,
    "Age 5 to 6": KeyStage.KS1,
    "Age 7 to 10": KeyStage.KS2,
    "Age 11 to 13": KeyStage.KS3,
    "Age 14 to 15": KeyStage.KS4,
    "Age 16 and older": KeyStage.KS5,
}
PLANS: Final = {"EHC plan": WITH, "SEN Support": WITHOUT, "No SEN": WITHOUT}
WHY: Final = {
    "Permanent exclusion (where still going through the review process)": Reason.EXCLUSION,
    "Suspension": Reason.TIME_LIMITED,
    "Off-site placement for behavioural support": Reason.TIME_LIMITED,
    "Medical condition (mental health need)": Reason.MEDICAL,
    "Medical condition (physical health need)": Reason.MEDICAL,
    "Other": Reason.OTHER,
}
_DASHBOARD: Final = "Department for Education, SEND and alternative provision dashboard"
SOURCES: Final = {
    ApSetting.AP_SCHOOL.value: f"{_DASHBOARD}: school census, sole and main registrations",
    ApSetting.LA_FUNDED.value: f"{_DASHBOARD}: alternative provision census",
    ApSetting.SCHOOL_ARRANGED.value: f"{_DASHBOARD}: school census",
}
AGED_ON: Final = "; ages moved up by one, to those at 31 August"
ROLL_COLUMNS: Final = (
    *("year", "month", "district", "setting", "plan", "reason", "key_stage"),
    *("children", "sessions", "source"),
)
"""Columns of an area's `ap_rolls.csv`."""
_OLDEST: Final = {6: KeyStage.KS1, 10: KeyStage.KS2, 13: KeyStage.KS3, 15: KeyStage.KS4, 99: KeyStage.KS5}
"""Oldest age at 31 August of each key stage; those not yet of school age are counted with the first."""
_REMEDY: Final = "download the dashboard's data again, unchanged"
_PLACE: Final = ("time_period", "geographic_level", "old_la_code", "la_name")
_HIDDEN: Final = ("x", "z", "c", "")
"""What stands in the place of a count that is not told: never zero."""


def read_dashboard_rolls(folder: Path) -> pd.DataFrame:
    """Children on each AP roll of each authority, and of England, in January: totals, by plan, key stage and reason.

    A count that the dashboard does not tell has no row. Nor has an authority without an AP school.

    Parameters
    ----------
    folder : holds `FILES`

    Returns
    -------
    DataFrame: la_code (three digits or `ENGLAND`), year, setting, plan, reason, key_stage, children; `all` where a
    row is summed over a column

    Raises
    ------
    InputFaults
        A file is missing or not the dashboard's, or has a word that is not known here.
    """
    totals = _told(_read(folder, COUNTS, ("prov_type", "setting_type", "total")), COUNTS, "total")
    totals = totals[totals["setting_type"] == "Total"]
    traits = _read(folder, TRAITS, ("prov_type", "pupil_characteristic", "char_dv", "pupils_dv"))
    traits = _told(_coded(traits, totals), TRAITS, "pupils_dv")
    aged = traits[traits["pupil_characteristic"] == "Age breakdown"]
    planned = traits[traits["pupil_characteristic"] == "SEN status"]
    parts = [
        totals.assign(setting=_named(totals, COUNTS, "prov_type", SETTINGS)),
        planned.assign(
            setting=_named(planned, TRAITS, "prov_type", SETTINGS), plan=_named(planned, TRAITS, "char_dv", PLANS)
        ),
        aged.assign(
            setting=_named(aged, TRAITS, "prov_type", SETTINGS), key_stage=_named(aged, TRAITS, "char_dv", BANDS)
        ),
        _funded_by_age(folder),
        _arranged_by_reason(folder),
    ]
    rows = pd.concat(parts).reindex(columns=COLUMNS)
    by = [name for name in COLUMNS if name != "children"]
    rows[by] = rows[by].fillna(ALL)
    rows = rows.groupby(by, sort=True)["children"].sum().astype(int).reset_index()
    return rows.sort_values(by, kind="stable", ignore_index=True)


def has_ap(folder: Path) -> bool:
    """Whether a folder of the dashboard holds any file on alternative provision."""
    return any((folder / f"{name}{end}").exists() for name in FILES for end in ("", ".gz"))


def rolls_of(rolls: pd.DataFrame, la_code: str) -> pd.DataFrame:
    """One authority's rows as `ap_rolls.csv` has them; no rows where it has no alternative provision.

    Parameters
    ----------
    rolls : as `read_dashboard_rolls` gives them
    """
    own = rolls[rolls["la_code"] == la_code].reset_index(drop=True)
    moved = own["setting"].eq(ApSetting.LA_FUNDED) & own["key_stage"].ne(ALL)
    moved &= own["year"].isin([int(year[:4]) + 1 for year in SHIFTED])
    source = own["setting"].map(SOURCES) + moved.map({True: AGED_ON, False: ""})
    return own.assign(month=1, district=ALL, sessions=float("nan"), source=source)[list(ROLL_COLUMNS)]


def _funded_by_age(folder: Path) -> pd.DataFrame:
    """Placements that authorities fund, by key stage."""
    rows = _read(folder, CENSUS, ("gender", "age", "ethnicity_minor", "fsm", "number_of_pupils"))
    rows = rows[(rows[["gender", "ethnicity_minor", "fsm"]] == "Total").all(axis=1) & rows["age"].ne("Total")]
    rows = _told(rows, CENSUS, "number_of_pupils")
    ages = rows["age"].str.extract(r"^Age (\d+)(?: plus)?$")[0]
    if ages.isna().any():
        raise InputFaults([Fault(CENSUS, 0, "age", "an age is written in a way that is not known here", _REMEDY)])
    ages = ages.astype(int) + rows["time_period"].map(SHIFTED).fillna(0).astype(int)
    stages = pd.cut(ages, [-1, *_OLDEST], labels=list(_OLDEST.values()), ordered=False).astype(str)
    return rows.assign(setting=ApSetting.LA_FUNDED.value, key_stage=stages)


def _arranged_by_reason(folder: Path) -> pd.DataFrame:
    """What mainstream schools arrange, by reason."""
    rows = _read(folder, REASONS, ("characteristic_grouping", "pupil_characteristic", "setting_type", "pupils"))
    rows = rows[(rows["characteristic_grouping"] == "Placement Reason") & (rows["setting_type"] == "Total")]
    rows = _told(rows, REASONS, "pupils")
    reasons = _named(rows, REASONS, "pupil_characteristic", WHY)
    return rows.assign(setting=ApSetting.SCHOOL_ARRANGED.value, reason=reasons)


def _told(table: pd.DataFrame, file: str, count: str) -> pd.DataFrame:
    """Rows of authorities and of England whose count is told, with la_code, year and children."""
    rows = table[table["geographic_level"].isin(["Local authority", "National"])]
    rows = rows[~rows[count].str.strip().isin(_HIDDEN)]
    children = pd.to_numeric(rows[count], errors="coerce")
    if children.isna().any():
        raise InputFaults([Fault(file, int(children.index[children.isna()][0]) + 2, count, "is no count", _REMEDY)])
    codes = rows["old_la_code"].str.removesuffix(".0").where(rows["geographic_level"] != "National", ENGLAND)
    return rows.assign(la_code=codes, year=rows["time_period"].str[:4].astype(int) + 1, children=children)


def _coded(traits: pd.DataFrame, totals: pd.DataFrame) -> pd.DataFrame:
    """Characteristics with the codes of authorities, which those of school-arranged provision lack, by their names."""
    codes = totals[totals["la_code"] != ENGLAND].sort_values("year").groupby("la_name")["la_code"].last()
    lacking = traits["geographic_level"].eq("Local authority") & traits["old_la_code"].eq("")
    found = traits["la_name"].map(codes)
    if (strange := traits.index[lacking & found.isna()]).size:
        what = f"{traits['la_name'][strange[0]]!r} is not in {COUNTS}"
        raise InputFaults([Fault(TRAITS, int(strange[0]) + 2, "la_name", what, _REMEDY)])
    return traits.assign(old_la_code=traits["old_la_code"].where(~lacking, found))


def _named(rows: pd.DataFrame, file: str, column: str, names: Mapping[str, str]) -> "pd.Series[str]":
    """Labels of this program for the words of a column."""
    labels = rows[column].map(names)
    if (strange := rows.index[labels.isna()]).size:
        what = f"{rows[column][strange[0]]!r} is not known here"
        raise InputFaults([Fault(file, int(strange[0]) + 2, column, what, _REMEDY)])
    return labels.astype(str)


def _read(folder: Path, name: str, needed: tuple[str, ...]) -> pd.DataFrame:
    """A file of the dashboard as text, each cell as it is written."""
    path = next((each for each in (folder / name, folder / f"{name}.gz") if each.exists()), folder / name)
    try:
        table = pd.read_csv(path, dtype=str, encoding="utf-8-sig", keep_default_na=False)
    except (OSError, EOFError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise InputFaults([Fault(path.name, 0, "", "it cannot be read as CSV in UTF-8", _REMEDY)]) from error
    if lacking := [column for column in (*_PLACE, *needed) if column not in table]:
        raise InputFaults([Fault(path.name, 1, column, "the column is missing", _REMEDY) for column in lacking])
    return table
