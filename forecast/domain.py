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
