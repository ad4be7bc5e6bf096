"""Run the named checks on returns: counts for the area folder, and the records found, which stay in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from secrets import token_hex
from typing import Final

import numpy as np
import pandas as pd

from forecast.inputs.reference import read_people, read_units
from forecast.records.checks_children import CHILDREN
from forecast.records.checks_named import Check
from forecast.records.checks_placements import PLACEMENTS
from forecast.records.checks_plans import PLANS
from forecast.records.checks_requests import REQUESTS
from forecast.records.checks_rows import ROWS
from forecast.records.checks_schools import SCHOOLS
from forecast.records.checks_score import CHILDREN_OF, GRAVEST_OF, TOTAL
from forecast.records.checks_seen import COUNTED, Rows, Seen
from forecast.records.establishments import Establishments
from forecast.records.filed import PARENTS, Filed
from forecast.records.layout import code_list
from forecast.records.row_names import numbers_of, row_names

CHECKS: Final[tuple[Check, ...]] = (*CHILDREN, *PLANS, *PLACEMENTS, *SCHOOLS, *REQUESTS, *ROWS)
"""Every named check."""
FOUND: Final = ("module", "census", "id", "row", "field", "check")
"""Columns of the records found."""
_NOTHING: Final = pd.DataFrame(
    {name: pd.Series(dtype="int64" if name in {"census", "row"} else "str") for name in FOUND}
)
_LISTS: Final = ("need", "setting", "cease_reason", "request_outcome", "assessment_outcome")


@dataclass(frozen=True, eq=False)
class Born:
    """Birth dates that earlier returns gave, by a hash of the UPN under a key of this process; never written."""

    dates: Rows
    """Hash -> birth date of the last return that had it."""
    key: str
    """Key of the hashes: 16 characters."""


@dataclass(frozen=True, eq=False)
class Checked:
    """What the checks found."""

    counts: pd.DataFrame
    """year, check, rows, as checks.csv has them: for each check that was run the records it found and, under names
    made by `checks_score`, how many children they are of, and of how many it is the gravest fault."""
    found: pd.DataFrame
    """`FOUND`: one row a record and check, without any value of a field. Ids are of records, or `row:N` where a
    record's id is a child's number; keep it in memory or in a file for its owner only."""


def run_checks(returns: Iterable[Filed], establishments: Establishments | None) -> Checked:
    """Run every check on returns of one authority, one in memory at a time if `returns` makes them as it goes.

    Parameters
    ----------
    returns : in order of census; a child is compared with the returns before
    establishments : the extract; None leaves out the checks that need it
    """
    parts, born = [], no_births()
    for filed in returns:
        part, born = check_return(filed, establishments, born)
        parts.append(part)
    return together(parts)


def no_births() -> Born:
    """What is known before the first return."""
    return Born(pd.Series(dtype="datetime64[us]", index=pd.Index([], dtype="uint64")), token_hex(8))


def check_return(filed: Filed, establishments: Establishments | None, born: Born) -> tuple[Checked, Born]:
    """Run every check on one return.

    Parameters
    ----------
    born : what the returns before gave, from the last call, or `no_births`
    """
    schools = None if establishments is None else establishments.at(filed.tables["placement_detail"])
    before, now = _compared(filed.tables["person"], born)
    seen = Seen(filed, codes(), schools, before)
    checks = [check for check in CHECKS if establishments is not None or not check.needs_schools]
    asked = [(check, module) for check in checks for module in check.modules]
    rows = {(check.name, module): check.find(seen, module).to_numpy(bool) for check, module in asked}
    hit = [(check, module) for check, module in asked if rows[check.name, module].any()]
    numbers = numbers_of(filed.tables["person"])
    found = [_found(seen, check, module, rows[check.name, module], numbers) for check, module in hit]
    return Checked(_counts(seen, checks, rows), pd.concat([_NOTHING, *found], ignore_index=True)), now


def together(parts: Sequence[Checked]) -> Checked:
    """Several returns' checks as one."""
    return Checked(
        pd.concat([part.counts for part in parts], ignore_index=True),
        pd.concat([part.found for part in parts], ignore_index=True),
    )


@cache
def codes() -> Mapping[str, frozenset[str]]:
    """Lists of codes that the checks know: those of the guide, and `authority`, every authority there is or was."""
    lists = {name: frozenset(code.upper() for code in code_list(name)) for name in _LISTS}
    return lists | {"authority": frozenset(read_people()["la_code"]) | frozenset(read_units())}


def _compared(person: pd.DataFrame, born: Born) -> tuple[Rows, Born]:
    """Birth date that the returns before gave each child, and what is known after this one.

    A number that is blank, or there twice so that it may be two children's, tells nothing.
    """
    number = person["upn"].str.upper().str.strip()
    hashes = pd.util.hash_array(number.to_numpy(dtype=object), hash_key=born.key, categorize=False)
    sure = (number.ne("") & ~number.duplicated(keep=False)).to_numpy(bool)
    found = np.where(sure, born.dates.index.get_indexer(pd.Index(hashes)), -1)
    before = born.dates.reset_index(drop=True).reindex(found).set_axis(person.index)
    told = sure & person["birth_date"].notna().to_numpy(bool)
    both = pd.concat([pd.Series(person["birth_date"].array[told], index=hashes[told]), born.dates])
    return before, Born(both[~both.index.duplicated()], born.key)


def _found(seen: Seen, check: Check, module: str, rows: np.ndarray, numbers: frozenset[str]) -> pd.DataFrame:
    table = seen.table(module)
    fields = ";".join(field for field in check.fields if field in table)
    return pd.DataFrame(
        {
            "module": module,
            "census": seen.filed.census,
            "id": row_names(table["id"][rows], numbers).array,
            "row": table.index[rows],
            "field": fields,
            "check": check.name,
        },
        columns=list(FOUND),
    )


def _counts(seen: Seen, checks: Sequence[Check], rows: Mapping[tuple[str, str], np.ndarray]) -> pd.DataFrame:
    """Records, children and gravest faults by check, the gravest check first taking a child that has several."""
    units, total = children(seen)
    free = np.ones(total, dtype=bool)
    counts = {TOTAL: total}
    for check in sorted(checks, key=lambda check: -check.harm.weight):
        of = [units[module][rows[check.name, module]] for module in check.modules]
        theirs = np.unique(np.concatenate(of))
        counts[check.name] = sum(map(len, of))
        counts[CHILDREN_OF.format(check.name)] = len(theirs)
        counts[GRAVEST_OF.format(check.name)] = int(free[theirs].sum())
        free[theirs] = False
    return pd.DataFrame({"year": seen.filed.census, "check": list(counts), "rows": list(counts.values())})


def children(seen: Seen) -> tuple[dict[str, np.ndarray], int]:
    """Number of the child that each record belongs to, by module, and how many there are.

    A record that belongs to nobody stands for a child of its own, and so do those below it for the same one.
    """
    units = {"person": np.arange(len(seen.table("person")))}
    total = len(units["person"])
    for module in COUNTED[1:]:
        above = str(PARENTS[module])
        at = seen.up(module, above)
        alone = at < 0
        own = np.full(len(at), -1)
        own[~alone] = units[above][at[~alone]]
        own[alone] = np.arange(alone.sum()) + total
        units[module] = own
        total += int(alone.sum())
    return units, total
