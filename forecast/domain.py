"""The field's codes, and the one word that traps everybody: `year`.

`year` is always the January census: 2026 is the census of January 2026, academic year 2025/26.
A start in `year` 2026 is a first plan made from February 2025 to January 2026.

    census       Jan 2025 ------- starts, leavers, moves of 2026 ------- Jan 2026
    child        Year 5 (nc_year 5)          Sept: moves up              Year 6 (nc_year 6)
    population   mid-2024                                                mid-2025

`nc_year` is the age at 31 August less 4: Reception is 0, Year 11 is 11, and 20 is age 24 (with the
few aged 25). Codes are those of the SEN2 return; the labels an area uses are its own (`area.toml`),
each of which means one of these or is marked `own`.
"""

from datetime import date
from enum import StrEnum
from typing import Final

NC_YEARS: Final = tuple(range(-4, 21))
"""Year groups from age 0 to age 24 at 31 August."""
AGE_AT_RECEPTION: Final = 4
"""Age at 31 August less this is the year group."""
NOT_RECORDED: Final = "not_recorded"
"""Published label for a placement or a need that the return left blank; shared out on reading."""
ALL: Final = "all"
"""In a table of published margins: summed over this column."""
AWAY: Final = "_out_of_area"
"""End of the label of a kind of place for schools of other authorities, where these are told apart."""
OWN: Final = "own"
"""A local label that stands for none of the standard ones."""
FACTOR_LOW: Final = "factor_low"
"""Column of prices that a scenario scales by an uncertain factor: the factor's low end, as a multiple of its middle,
which is in `value`, `low` and `high` already. A table without the column has no such factor."""
FACTOR_HIGH: Final = "factor_high"
"""Its high end likewise."""


class Provision(StrEnum):
    """Where a child is taught. A code is also its label on the `provision` axis."""

    MAINSTREAM = "mainstream"
    BASE = "base"
    SPECIAL = "special"
    SPECIAL_NONMAINTAINED = "special_nonmaintained"
    INDEPENDENT = "independent"
    INDEPENDENT_MAINSTREAM = "independent_mainstream"
    ALTERNATIVE = "alternative"
    POST16 = "post16"
    ELSEWHERE = "elsewhere"
    EARLY_YEARS = "early_years"


class Need(StrEnum):
    """Primary need: SEN2 `SENtype` at rank 1."""

    ASD = "ASD"
    SLCN = "SLCN"
    SPLD = "SPLD"
    MLD = "MLD"
    SLD = "SLD"
    PMLD = "PMLD"
    DS = "DS"
    SEMH = "SEMH"
    HI = "HI"
    VI = "VI"
    MSI = "MSI"
    PD = "PD"
    OTH = "OTH"


class Phase(StrEnum):
    """Stage of education, a band of year groups."""

    EARLY_YEARS = "early years"
    PRIMARY = "primary"
    SECONDARY = "secondary"
    POST_16 = "16-19"
    POST_19 = "19-25"


class ApSetting(StrEnum):
    """Who arranges alternative provision (AP), which is also where it is counted: nobody is in two of these counts."""

    AP_SCHOOL = "ap_school"
    """State-funded: pupil referral unit, AP academy or AP free school; a roll of sole and main registrations."""
    LA_FUNDED = "la_funded"
    """Paid for by the authority elsewhere: independent school, tuition, unregistered provider (the AP census)."""
    SCHOOL_ARRANGED = "school_arranged"
    """Arranged by a mainstream school for a child on its own roll."""


class Reason(StrEnum):
    """Why a child without a plan comes to alternative provision."""

    EXCLUSION = "exclusion"
    TIME_LIMITED = "time_limited"
    MEDICAL = "medical"
    AWAITING = "awaiting"
    OTHER = "other"


class KeyStage(StrEnum):
    """Run of year groups by which alternative provision is counted and organised."""

    KS1 = "ks1"
    KS2 = "ks2"
    KS3 = "ks3"
    KS4 = "ks4"
    KS5 = "ks5"


class Tier(StrEnum):
    """What alternative provision is for (DfE, SEND and alternative provision improvement plan, March 2023)."""

    OUTREACH = "outreach"
    """Tier 1: support in the child's own school; takes no place."""
    SHORT = "short"
    """Tier 2: a time-limited place, from which the child is to return."""
    TRANSITION = "transition"
    """Tier 3: a place until the move to a new school or to post-16."""


KEY_STAGES: Final = {
    KeyStage.KS1: range(3),
    KeyStage.KS2: range(3, 7),
    KeyStage.KS3: range(7, 10),
    KeyStage.KS4: range(10, 12),
    KeyStage.KS5: range(12, 15),
}
"""Year groups of each key stage; Reception is counted with the first, as published age bands have it."""
KEY_STAGE_SPANS: Final = tuple((years[0], years[-1]) for years in KEY_STAGES.values())
"""First and last year group of each key stage."""
SETTING_NAMES: Final = {
    ApSetting.AP_SCHOOL: "State-funded AP school (pupil referral unit, AP academy or free school)",
    ApSetting.LA_FUNDED: "AP elsewhere that the authority pays for",
    ApSetting.SCHOOL_ARRANGED: "AP that a mainstream school arranges",
}
REASON_NAMES: Final = {
    Reason.EXCLUSION: "permanent exclusion",
    Reason.TIME_LIMITED: "time-limited or preventive",
    Reason.MEDICAL: "physical or mental health",
    Reason.AWAITING: "awaiting a school place or an assessment",
    Reason.OTHER: "other, or not recorded",
}
KEY_STAGE_NAMES: Final = {
    KeyStage.KS1: "Reception to Year 2",
    KeyStage.KS2: "Years 3 to 6",
    KeyStage.KS3: "Years 7 to 9",
    KeyStage.KS4: "Years 10 and 11",
    KeyStage.KS5: "Years 12 to 14",
}
TIER_NAMES: Final = {
    Tier.OUTREACH: "tier 1: outreach to the child's own school",
    Tier.SHORT: "tier 2: time-limited place",
    Tier.TRANSITION: "tier 3: transition to a new school or post-16",
}
WITHOUT_PLAN: Final = "without a plan"
"""Label, where needs are told apart, of children in alternative provision who have no plan, and so no recorded need."""
NEED_NAMES: Final = {
    Need.ASD: "autistic spectrum disorder",
    Need.SLCN: "speech, language and communication needs",
    Need.SPLD: "specific learning difficulty",
    Need.MLD: "moderate learning difficulty",
    Need.SLD: "severe learning difficulty",
    Need.PMLD: "profound and multiple learning difficulty",
    Need.DS: "Down syndrome",
    Need.SEMH: "social, emotional and mental health",
    Need.HI: "hearing impairment",
    Need.VI: "vision impairment",
    Need.MSI: "multi-sensory impairment",
    Need.PD: "physical disability",
    Need.OTH: "other difficulty or disability",
}
NEED_GROUPS: Final = {
    "communication and interaction": (Need.ASD, Need.SLCN),
    "cognition and learning": (Need.SPLD, Need.MLD, Need.SLD, Need.PMLD, Need.DS),
    "social, emotional and mental health": (Need.SEMH,),
    "sensory and physical": (Need.HI, Need.VI, Need.MSI, Need.PD),
    "other needs": (Need.OTH,),
}
"""Broad areas of need (SEND code of practice, 2015, chapter 6), and the primary needs of each."""
PROVISION_NAMES: Final = {
    Provision.MAINSTREAM: "Mainstream school",
    Provision.BASE: "Base (SEN unit or resourced provision)",
    Provision.SPECIAL: "State special school",
    Provision.SPECIAL_NONMAINTAINED: "Non-maintained special school",
    Provision.INDEPENDENT: "Independent special school",
    Provision.INDEPENDENT_MAINSTREAM: "Independent mainstream school",
    Provision.ALTERNATIVE: "Alternative provision (children with a plan)",
    Provision.POST16: "College or other post-16",
    Provision.ELSEWHERE: "Educated elsewhere, or not in education",
    Provision.EARLY_YEARS: "Early years setting",
}
BASE_VOCABULARIES: Final = {
    "specialist base": "SEN unit or resourced provision, funded by the local authority",
    "support base": "a base inside a mainstream school that the school itself funds; its children count as mainstream",
    "inclusion base": "either of the two",
}
"""The words that are replacing "SEN unit" and "resourced provision" (DfE, February 2026): show both."""
SPECIALIST: Final = (
    Provision.SPECIAL,
    Provision.BASE,
    Provision.ALTERNATIVE,
    Provision.INDEPENDENT,
    Provision.SPECIAL_NONMAINTAINED,
)
"""Kinds of place that a council plans, buys or commissions one by one, in the order that tables show them."""
PHASES: Final = {
    Phase.EARLY_YEARS: range(-4, 0),
    Phase.PRIMARY: range(7),
    Phase.SECONDARY: range(7, 12),
    Phase.POST_16: range(12, 15),
    Phase.POST_19: range(15, 21),
}
FIRST_POST16_YEAR: Final = 12
"""No child is in a college before this year group."""
LAST_EARLY_YEAR: Final = 1
"""No child is in an early years setting after this year group."""


def phase_of(nc_year: int) -> Phase:
    """Phase of a year group; raises `ValueError` outside -4 to 20."""
    for phase, years in PHASES.items():
        if nc_year in years:
            return phase
    msg = f"{nc_year} is no year group: choose from {NC_YEARS[0]} to {NC_YEARS[-1]}."
    raise ValueError(msg)


def academic_year(year: int) -> str:
    """Academic year that holds the January census `year`: 2026 is "2025/26"."""
    return f"{year - 1}/{year % 100:02d}"


def january_of(today: date) -> int:
    """January of the academic year, from September, that holds `today`."""
    return today.year + (1 if today.month >= _SEPTEMBER else 0)


_SEPTEMBER: Final = 9
