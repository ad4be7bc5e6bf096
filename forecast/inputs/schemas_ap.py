"""Tables of alternative provision (AP): who is on its rolls, who comes, how long they stay, and who was excluded.

None need be there. `year` is the January of the academic year: what is seen in September 2025 to August 2026 is of
2026. Children with a plan are on the roll of placements.csv as well, whose figures stand for them.
"""

from typing import ClassVar, Final

import pandas as pd
import pandera.pandas as pa
from pandera.typing import Series

from forecast.domain import ALL, ApSetting, KeyStage, Reason, Tier
from forecast.inputs import cells
from forecast.inputs.cells import NAN, Cell
from forecast.inputs.columns import CENSUS, CHILDREN, COUNT, DISTRICT, DISTRICT_OR_ALL, NAME, column

WITH, WITHOUT = "with", "without"
"""Labels of the column `plan` in a file; `domain.WITHOUT_PLAN` is what these children are called beside needs."""
PLANS: Final = (WITH, WITHOUT)
MONTHS_A_YEAR: Final = 12
FULL_WEEK: Final = 10
"""Half-days in a full-time week."""
AP_LABELS: Final = {
    "setting": [setting.value for setting in ApSetting],
    "reason": [reason.value for reason in Reason],
    "key stage": [stage.value for stage in KeyStage],
    "tier": [tier.value for tier in Tier],
    "plan": list(PLANS),
}
"""Kind of label -> the labels of it, which are every area's."""


def _label(kind: str) -> Cell:
    return Cell(cells.text, f"write {_choice(AP_LABELS[kind])}", labels=kind)


def _label_or_all(kind: str) -> Cell:
    return Cell(cells.text, f"write {', '.join(AP_LABELS[kind])} or `all`", labels=kind, also=(ALL,))


def _choice(labels: list[str]) -> str:
    return f"{', '.join(labels[:-1])} or {labels[-1]}"


SETTING, REASON, STAGE = _label("setting"), _label("reason"), _label("key stage")
TIER, PLAN = _label("tier"), _label("plan")
REASON_OR_ALL, STAGE_OR_ALL, PLAN_OR_ALL = _label_or_all("reason"), _label_or_all("key stage"), _label_or_all("plan")
SETTING_OR_ALL, TIER_OR_ALL = _label_or_all("setting"), _label_or_all("tier")
MONTH: Final = Cell(cells.whole, "write a month from 1 to 12; the January census is 1")
MONTHS: Final = Cell(cells.whole, "write how many months of the academic year were seen, 1 to 12; 12 is all of it")
SESSIONS: Final = Cell(cells.number, "write half-days a week, or leave it blank if they are not known", blank=NAN)
DAYS: Final = Cell(cells.whole, "write whole calendar days, 0 or more")
DAYS_TO: Final = Cell(
    cells.whole, "write the day before which the band ends, or leave it blank if it does not", blank=NAN
)
EVENTS: Final = Cell(cells.whole, "write a whole number, 0 or more, or leave it blank if it is not known", blank=NAN)


class ApRolls(pa.DataFrameModel):
    """ap_rolls.csv: children on roll on one day of a month, as counted or as published margins."""

    year: Series[int] = column("January of the academic year: 2025 is 2024/25", CENSUS, ge=2010, le=2100)
    month: Series[int] = column("Month in which they were counted; the January census is 1", MONTH, ge=1, le=12)
    district: Series[str] = column("District where the children live, or `all`", DISTRICT_OR_ALL)
    setting: Series[str] = column("Who arranges it", SETTING)
    plan: Series[str] = column("Children `with` a plan, `without` one, or `all`", PLAN_OR_ALL)
    reason: Series[str] = column("Why they came, or `all`", REASON_OR_ALL)
    key_stage: Series[str] = column("Key stage, or `all`", STAGE_OR_ALL)
    children: Series[float] = column("Children, each once; not a number where suppressed", CHILDREN, ge=0)
    sessions: Series[float] = column(
        "Half-days a week that these children attend together: 10 are one full-time place", SESSIONS, ge=0
    )
    source: Series[str] = column("Where the count comes from", NAME)

    @pa.dataframe_check(
        title="sessions",
        error="is more than ten half-days a child",
        description="count no child for more than ten half-days a week",
    )
    def _weeks_have_ten(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["sessions"] > FULL_WEEK * table["children"])

    class Config:
        """One count a cell."""

        unique: ClassVar = ["year", "month", "district", "setting", "plan", "reason", "key_stage"]


class ApArrivals(pa.DataFrameModel):
    """ap_arrivals.csv: stays that began in an academic year."""

    year: Series[int] = column("January of the academic year: 2025 is 2024/25", CENSUS, ge=2010, le=2100)
    months: Series[int] = column("Months of that academic year that were seen; 12 is all of it", MONTHS, ge=1, le=12)
    district: Series[str] = column("District where the children live", DISTRICT)
    setting: Series[str] = column("Who arranges it", SETTING)
    reason: Series[str] = column("Why they came", REASON)
    key_stage: Series[str] = column("Key stage on the day they came", STAGE)
    tier: Series[str] = column("What the placement is for; `outreach` takes no place", TIER)
    plan: Series[str] = column("Children `with` a plan or `without` one", PLAN)
    children: Series[int] = column("Children who came", COUNT, ge=0)
    source: Series[str] = column("Where the count comes from", NAME)

    class Config:
        """One count a cell."""

        unique: ClassVar = ["year", "district", "setting", "reason", "key_stage", "tier", "plan"]


class ApStays(pa.DataFrameModel):
    """ap_stays.csv: stays by how long they lasted, over all years and districts; those that go on among them."""

    setting: Series[str] = column("Who arranges it", SETTING)
    reason: Series[str] = column("Why they came", REASON)
    key_stage: Series[str] = column("Key stage on the day they came", STAGE)
    tier: Series[str] = column("What the placement is for", TIER)
    plan: Series[str] = column("Children `with` a plan or `without` one", PLAN)
    days_from: Series[int] = column("Calendar days from which the band counts a stay", DAYS, ge=0)
    days_to: Series[float] = column("Calendar days before which it ends; blank where it has no end", DAYS_TO, ge=0)
    ended: Series[int] = column("Stays that ended in the band", COUNT, ge=0)
    returned: Series[int] = column("Of these, children who went back to a mainstream school", COUNT, ge=0)
    ongoing: Series[int] = column("Stays that went on when last seen, in the band they had reached", COUNT, ge=0)

    @pa.dataframe_check(title="days_to", error="is not after days_from", description="write a later day, or none")
    def _bands_run_on(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["days_to"] <= table["days_from"])

    @pa.dataframe_check(title="returned", error="is more than ended", description="count them among those that ended")
    def _returned_ended(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["returned"] > table["ended"])

    class Config:
        """One row a band."""

        unique: ClassVar = ["setting", "reason", "key_stage", "tier", "plan", "days_from"]


class Exclusions(pa.DataFrameModel):
    """exclusions.csv: exclusions from schools in an academic year."""

    year: Series[int] = column("January of the academic year: 2025 is 2024/25", CENSUS, ge=2010, le=2100)
    months: Series[int] = column("Months of that academic year that were seen; 12 is all of it", MONTHS, ge=1, le=12)
    district: Series[str] = column("District where the children live, or `all`", DISTRICT_OR_ALL)
    key_stage: Series[str] = column("Key stage, or `all`", STAGE_OR_ALL)
    permanent: Series[float] = column("Permanent exclusions; blank where not known", EVENTS, ge=0)
    suspensions: Series[float] = column("Suspensions, each once; blank where not known", EVENTS, ge=0)
    source: Series[str] = column("Where the count comes from", NAME)

    @pa.dataframe_check(
        title="permanent",
        error="is blank, and so is suspensions",
        description="write one of the two, or take out the row",
    )
    def _says_something(cls, table: pd.DataFrame) -> "pd.Series[bool]":  # noqa: N805 - pandera's classmethod
        return ~(table["permanent"].isna() & table["suspensions"].isna())

    class Config:
        """One row a cell."""

        unique: ClassVar = ["year", "district", "key_stage"]


AP_TABLES: Final[dict[str, type[pa.DataFrameModel]]] = {
    "ap_rolls": ApRolls,
    "ap_arrivals": ApArrivals,
    "ap_stays": ApStays,
    "exclusions": Exclusions,
}
"""Name of each table of counts, which is its file without `.csv`."""
