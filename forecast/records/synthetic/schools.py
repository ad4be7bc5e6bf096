"""The invented county's schools and colleges, and which of them a child of a kind of place attends."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import FIRST_POST16_YEAR
from forecast.records.synthetic.geography import DISTRICTS, LA_CODE, NAME, NAMES, OTHER_LA, POSTCODE_AREA, centre
from forecast.records.synthetic.rates import PROVISIONS

Array = np.ndarray
FIRST_URN: Final = 900_001
"""Establishment numbers begin with 1 in England and with 4 in Wales (registers of both); none begins with 9."""
FIRST_UKPRN: Final = 99_000_001
"""Provider numbers of the UK register of learning providers begin with 1."""
LABEL: Final = "Synthetic"
"""Word in the name of every school."""
HOME: Final = 12.0
"""How many times likelier a school of the child's own district is, for its size, than another's: judgement."""
SETTINGS: Final = {
    "elsewhere": (("OLA", 0.35), ("OPA", 0.05), ("EHE", 0.35), ("NEET", 0.15), ("NIEO", 0.10)),
    "early_years": (("EYP", 1.0),),
}
"""Codes of placements that have no establishment, and their shares: judgement; NEET is for those of 16 and over."""


@dataclass(frozen=True)
class Kind:
    """Schools of one kind: how many there are in each district, what they are and whom they take."""

    provision: str
    word: str
    type_code: int
    type_name: str
    counts: tuple[int, ...]
    """In each district; one number is for schools outside the county."""
    nc_from: int
    nc_to: int
    size: float = 1.0
    """Share of children, beside the others of the provision."""


_SMALL: Final = (1, 1, 1, 0, 1, 0)
KINDS: Final = (
    Kind("mainstream", "Primary School", 1, "Community school", (12, 9, 8, 7, 6, 5), -4, 6),
    Kind("mainstream", "Primary Academy", 34, "Academy converter", (10, 7, 7, 5, 5, 3), -4, 6),
    Kind("mainstream", "Secondary Academy", 34, "Academy converter", (4, 3, 3, 2, 2, 2), 7, 20, 5.0),
    Kind("special", "Special School", 7, "Community special school", (2, 1, 1, 1, 1, 1), -4, 20),
    Kind("special", "Special Academy", 44, "Academy special converter", (1, 1, 1, 1, 0, 0), -4, 20, 1.2),
    Kind("special_out_of_area", "Special School", 7, "Community special school", (4,), -4, 20),
    Kind("special_nonmaintained", "Trust School", 8, "Non-maintained special school", (1, 0, 0, 0, 0, 0), -4, 20),
    Kind("independent", "House School", 10, "Other independent special school", (1, 1, 1, 1, 1, 0), -4, 20),
    Kind("independent_out_of_area", "Hall School", 10, "Other independent special school", (9,), -4, 20),
    Kind("independent_mainstream", "Independent School", 11, "Other independent school", _SMALL, -4, 20),
    Kind("alternative", "Pupil Referral Unit", 14, "Pupil referral unit", (1, 1, 0, 0, 0, 0), -4, 20),
    Kind("alternative", "Alternative Academy", 42, "Academy alternative provision converter", _SMALL, -4, 20),
    Kind("post16", "College", 18, "Further education", (1, 1, 1, 0, 0, 0), FIRST_POST16_YEAR, 20, 4.0),
    Kind("post16", "Specialist College", 32, "Special post 16 institution", (0, 0, 1, 1, 0, 0), FIRST_POST16_YEAR, 20),
    Kind("early_years", "Nursery School", 15, "Local authority nursery school", _SMALL, -4, 1),
)
"""Every kind of school; types and their codes are those of Get Information about Schools."""
HOSTS: Final = {"Primary School": 2, "Secondary Academy": 1}
"""Schools of each district that have a base: the first few of a kind."""


def schools() -> pd.DataFrame:
    """Every school: one row for each kind of place that it has.

    Returns
    -------
    DataFrame with urn, ukprn, name, district (-1 outside the county), la_code, type_code, type_name, provision,
    nc_from, nc_to, size, unit and resourced (whether the places are a SEN unit or resourced provision)
    """
    rows: list[dict[str, object]] = []
    for kind in KINDS:
        outside = len(kind.counts) == 1
        for at, count in enumerate(kind.counts):
            for number in range(count):
                rows.append(_row(kind, len(rows), -1 if outside else at, number))
    table = pd.DataFrame(rows).assign(unit=False, resourced=False)
    hosts = table[table.apply(lambda row: row["number"] < HOSTS.get(str(row["word"]), 0), axis=1)]
    units = hosts["number"] % 2 == 0
    bases = hosts.assign(provision="base", size=1.0, unit=units, resourced=~units)
    return pd.concat([table, bases], ignore_index=True)


def attended(places: pd.DataFrame, provision: Array, district: Array, nc_year: Array, luck: Array) -> Array:
    """Which row of `places` each child attends; below 0 a setting: -1 - n is the nth of `SETTINGS`' codes.

    Whoever keeps the kind of place, the district and the stage keeps the school: the choice hangs on the child's
    own luck alone.

    Parameters
    ----------
    places : as `schools` gives them
    provision, district : (children,) positions among the county's labels
    nc_year : (children,)
    luck : (children,) from 0 to 1
    """
    out = np.empty(len(provision), dtype=np.int64)
    stage = np.where(nc_year <= 6, 0, np.where(nc_year < FIRST_POST16_YEAR, 1, 2))  # noqa: PLR2004 - primary
    keys = (provision * len(NAMES) + district) * 3 + stage
    for key in np.unique(keys):
        here = keys == key
        label = list(PROVISIONS)[key // (3 * len(NAMES))]
        at, weights = _choices(places, label, key // 3 % len(NAMES), nc_year[here].max())
        out[here] = at[np.minimum(np.searchsorted(np.cumsum(weights), luck[here] * weights.sum()), len(at) - 1)]
    return out


def setting_codes() -> list[str]:
    """Codes in the order in which `attended` numbers them."""
    return [code for choices in SETTINGS.values() for code, _ in choices]


def _choices(places: pd.DataFrame, label: str, district: int, nc_year: int) -> tuple[Array, Array]:
    """Rows of `places` and settings open to a child, with their weights."""
    fits = places[(places["provision"] == label) & (places["nc_from"] <= nc_year) & (nc_year <= places["nc_to"])]
    weights = fits["size"].to_numpy(dtype=float) * np.where(fits["district"] == district, HOME, 1.0)
    codes = setting_codes()
    out_of_school = [
        (-1 - codes.index(code), share)
        for code, share in SETTINGS.get(label, ())
        if code != "NEET" or nc_year >= FIRST_POST16_YEAR
    ]
    at = np.array([*fits.index, *(code for code, _ in out_of_school)], dtype=np.int64)
    whole = weights.sum() or 1.0
    return at, np.array([*(weights / whole), *(2 * share for _, share in out_of_school)])


def _row(kind: Kind, at: int, district: int, number: int) -> dict[str, object]:
    where = NAMES[district] if district >= 0 else f"Beyond {NAME}"
    latitude, longitude = centre(DISTRICTS[district])
    return {
        "urn": str(FIRST_URN + at),
        "ukprn": str(FIRST_UKPRN + at),
        "name": f"{where} {LABEL} {kind.word} {number + 1}",
        "word": kind.word,
        "number": number,
        "district": district,
        "la_code": LA_CODE if district >= 0 else OTHER_LA,
        "la_name": NAME if district >= 0 else f"Beyond {NAME}",
        "type_code": kind.type_code,
        "type_name": kind.type_name,
        "provision": kind.provision,
        "nc_from": kind.nc_from,
        "nc_to": kind.nc_to,
        "size": kind.size,
        "lat": round(latitude + 0.05 * np.sin(2.0 * at), 4),
        "lon": round(longitude + 0.08 * np.cos(3.0 * at), 4),
    }


def extract(places: pd.DataFrame) -> pd.DataFrame:
    """Every establishment as an extract from Get Information about Schools would have it.

    Parameters
    ----------
    places : as `schools` gives them
    """
    bases = places[places["provision"] == "base"].drop_duplicates("urn").set_index("urn")
    rows = places[places["provision"] != "base"]
    unit = rows["urn"].map(bases["unit"]).fillna(value=False).astype(bool)
    resourced = rows["urn"].map(bases["resourced"]).fillna(value=False).astype(bool)
    return pd.DataFrame(
        {
            "URN": rows["urn"],
            "UKPRN": rows["ukprn"],
            "EstablishmentName": rows["name"],
            "LA (code)": rows["la_code"],
            "LA (name)": rows["la_name"],
            "TypeOfEstablishment (code)": rows["type_code"],
            "TypeOfEstablishment (name)": rows["type_name"],
            "EstablishmentStatus (name)": "Open",
            "TypeOfResourcedProvision (name)": np.select(
                [unit, resourced], ["SEN unit", "Resourced provision"], "Not applicable"
            ),
            "Postcode": f"{POSTCODE_AREA}9 9ZZ",
        }
    )
