"""One census of the county as the return that a council would file: nine tables, each record with its own row id.

Only what is known on census day is there: an outcome, a move or an end that comes later is not. Plans are those in
force on the day or at any time since the first of January of the year before; requests are those behind them, those
waiting, and those that ended without a plan since then.
"""

from typing import Final

import numpy as np
import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, FIRST_POST16_YEAR
from forecast.records.census import census_day
from forecast.records.filed import SYNTHETIC
from forecast.records.synthetic.days import Array
from forecast.records.synthetic.geography import LA_CODE, NAMES, POSTCODES, postcode
from forecast.records.synthetic.histories import Histories
from forecast.records.synthetic.known import Known
from forecast.records.synthetic.placements import placed, second_ones, settings
from forecast.records.synthetic.plans import active_plans, assessments, named_plans, needs, request_rows

LABEL: Final = SYNTHETIC
"""Surname of every child and officer, and name of the software."""
NO_NUMBER: Final = 0.02
"""Share of children without a pupil number, who are known by a learner number or by name: judgement."""
CHECK_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
"""First letter of a pupil number for the remainders 0 to 22."""
WRONG_BY: Final = 11
"""Letters by which every pupil number's first is wrong."""
Tables = dict[str, pd.DataFrame]


def return_of(past: Histories, places: pd.DataFrame, census: int, seed: int) -> Tables:
    """Tables of the return of one census: module -> `id`, `parent` and its fields by the names of the layout.

    Parameters
    ----------
    past : lived for at least a year beyond the census
    places : from `schools.schools`
    census : January
    seed : says what stays with a child: numbers, second needs
    """
    known = Known(past, places, census, *kept(past, seed))
    children = known.requests.index
    assessed, named, active = assessments(known), named_plans(known), active_plans(known)
    by_child = {"P": known.requests, "R": known.requests, "A": assessed, "N": named, "V": active}
    ids = {letter: pd.Series(_fresh(letter, census, rows), rows.index) for letter, rows in by_child.items()}
    spells = known.spells[known.spells["child"].isin(named.index)].set_index("child")
    last = spells[~spells.index.duplicated(keep="last")].loc[named.index]
    lived = placed(known, spells)
    attended = pd.concat([lived, second_ones(known, spells, lived)]).loc[active.index]
    ranked = needs(known).loc[active.index]
    header = f"SYN-S{census}"
    return {
        "sen2": _header(census, header),
        "person": _linked(_people(known), ids["P"], pd.Series(header, children)),
        "requests": _linked(request_rows(known), ids["R"], ids["P"]),
        "assessment": _linked(assessed, ids["A"], ids["R"]),
        "named_plan": _linked(named, ids["N"], ids["A"]),
        "plan_detail": _linked(settings(known, last), _fresh("D", census, last), ids["N"]),
        "active_plans": _linked(active, ids["V"], ids["R"]),
        "placement_detail": _linked(attended, _fresh("L", census, attended), ids["V"]),
        "sen_need": _linked(ranked, _fresh("E", census, ranked), ids["V"]),
    }


def kept(past: Histories, seed: int) -> tuple[Array, Array]:
    """What stays with each child from return to return: its luck from 0 to 1, and its own number."""
    rng = np.random.default_rng([seed, 4])
    return rng.random(len(past.people)), rng.permutation(len(past.people))


def pupil_number(number: int) -> str:
    """Thirteen characters that no pupil can have: the check letter is wrong, and 999 is no authority.

    Form and check letters: Government Data Standards Catalogue, Unique Pupil Number 2.0.
    """
    digits = f"{LA_CODE}{number:09d}"
    right = sum(place * int(digit) for place, digit in enumerate(digits, start=2)) % len(CHECK_LETTERS)
    return CHECK_LETTERS[(right + WRONG_BY) % len(CHECK_LETTERS)] + digits


def learner_number(number: int) -> str:
    """Ten digits that no learner can have: theirs do not begin with 0."""
    return f"{number:010d}"


def _fresh(letter: str, census: int, table: pd.DataFrame) -> list[str]:
    """Row ids of the records of one module, labelled."""
    return [f"SYN-{letter}{census}-{at}" for at in range(1, len(table) + 1)]


def _linked(table: pd.DataFrame, ids: "pd.Series[str] | list[str]", parents: "pd.Series[str]") -> pd.DataFrame:
    """A table by child with its own ids and those of the records that it belongs to."""
    own = ids if isinstance(ids, list) else ids.loc[table.index].to_numpy()
    table = table.copy()
    table.insert(0, "id", own)
    table.insert(1, "parent", parents.loc[table.index].to_numpy())
    return table.reset_index(drop=True)


def _header(census: int, own: str) -> pd.DataFrame:
    row = {
        "id": own,
        "collection": "SEN2",
        "year": census,
        "reference_date": census_day(census),
        "source_level": "L",
        "software_code": LABEL,
        "release": LABEL,
        "serial_no": 1,
        "lea": LA_CODE,
        "dmo": LABEL,
        "dco": LABEL,
    }
    return pd.DataFrame([row])


def _people(known: Known) -> pd.DataFrame:
    """Rows of person by child: who has no pupil number has a learner number from 16 on, and a reason before."""
    children = known.requests.index
    people, numbers, luck = known.past.people.loc[children], known.number[children], known.luck[children]
    age = known.census - 1 - people["born"].dt.year - (people["born"].dt.month > 8)  # noqa: PLR2004 - 31 August
    numbered, older = luck >= NO_NUMBER, age >= FIRST_POST16_YEAR + AGE_AT_RECEPTION
    homes = zip(
        pd.Index(NAMES).get_indexer(pd.Index(people["district"])).tolist(), (numbers % POSTCODES).tolist(), strict=True
    )
    return pd.DataFrame(
        {
            "surname": LABEL,
            "forename": [f"Child {number}" for number in numbers],
            "birth_date": people["born"],
            "sex": people["sex"],
            "ethnicity": "",
            "postcode": [postcode(*home) for home in homes],
            "upn": np.where(numbered, [pupil_number(number) for number in numbers], ""),
            "uln": np.where(older, [learner_number(number) for number in numbers], ""),
            "upn_unknown": np.where(numbered | older, "", "UN1"),
        },
        index=children,
    )
