"""Whether enough is known of the children of a census for its counts by district and by kind of place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About
from forecast.records.census import authority_of, census_day
from forecast.records.districts import DISTRICT, Lookup
from forecast.records.filed import Filed

REFUSED: Final = 0.2
"""Share of a census's children with no known district or kind of place above which it is refused: with one of five
supplied in the mix of the others, a district's figures say more of the others than of its own. A judgement."""
TOLD: Final = 0.05
"""Share above which the import says so: a twentieth is as much as a year's growth, so a trend may be made of it. A
judgement."""
_PLACES: Final = "give an extract of establishments of that time with their types, closed ones too, or correct the URNs"


@dataclass(frozen=True)
class Noted:
    """What is noted of a return before it is dropped: names of files and whole numbers."""

    name: str
    """What the user calls it."""
    census: int
    authority: str
    """DfE's number; "" where it does not tell."""
    persons: str
    """File of the children; likewise of the plans and the placements."""
    plans: str
    placements: str
    where: str
    """Field that the district is found by; "" where everyone lives in one."""
    blank: int
    """Children without it."""
    late: int
    """Plans that start after census day."""
    begun: int
    """Plans named that do not."""


def noted(name: str, filed: Filed, lookup: Lookup | None) -> Noted:
    """Note what the sentences about a return need."""
    person, start = filed.tables["person"], filed.tables["named_plan"]["start_date"]
    where = DISTRICT if DISTRICT in person else lookup.by if lookup else ""
    late = int((start > census_day(filed.census)).sum())
    return Noted(
        name=name,
        census=filed.census,
        authority=authority_of(filed.tables["sen2"]),
        persons=filed.files.get("person", name),
        plans=filed.files.get("named_plan", name),
        placements=filed.files.get("placement_detail", name),
        where=where,
        blank=int(person[where].str.strip().eq("").sum()) if where else 0,
        late=late,
        begun=len(start) - late,
    )


def check_enough(summary: pd.DataFrame, returns: Sequence[Noted], lookup: str) -> tuple[str, ...]:
    """What has to be said of censuses of which little is known.

    Parameters
    ----------
    summary : as `Counted.summary`
    lookup : file of postcodes or numbers; "" without one

    Raises
    ------
    InputFaults
        Censuses without a plan in force, or in which more than `REFUSED` of the children have no known district or
        kind of place.
    """
    faults, said = [], []
    for one in returns:
        rows = summary[summary["year"].eq(one.census)]
        counts = dict(zip(rows["what"], rows["children"], strict=True))
        children = counts["children"]
        if not children:
            faults.append(_no_plan(one))
            continue
        for short, fault in ((_no_district(counts), _district), (_no_kind(counts), _kind)):
            found = fault(one, short, children, lookup)
            if short > REFUSED * children:
                faults.append(found)
            elif short > TOLD * children:
                said.append(f"January {one.census}: {found}")
    if faults:
        raise InputFaults(faults)
    return tuple(said)


def granted(base: About, *, whole: bool, apart: bool) -> list[str]:
    """What follows from the base where the user says nothing else.

    Parameters
    ----------
    whole : whether its districts become one
    apart : whether schools of other authorities are told apart because it does so
    """
    said = []
    if whole:
        said.append(
            f"{base.name} becomes one district, as neither --postcodes nor --district-column tells which of its "
            f"{len(base.districts)} districts a child lives in."
        )
    if apart:
        said.append(f"Schools of other authorities are told apart, because area.toml of {base.name} does so.")
    return said


def unchecked(returns: Sequence[Noted], area: About) -> list[str]:
    """What has to be said of returns that do not tell whose they are."""
    rest = f"does not say its authority (module sen2), so whether it is {area.name}'s could not be checked."
    return [f"{one.name} {rest}" for one in returns if not one.authority]


def _no_district(counts: Mapping[str, int]) -> int:
    return counts["without_district"] + counts["outside"]


def _no_kind(counts: Mapping[str, int]) -> int:
    return counts["school_unknown"] + counts["type_unknown"]


def _no_plan(one: Noted) -> Fault:
    what = (
        f"no child has a plan in force at the census of January {one.census}: {one.late:,} plans start after census"
        f" day, {one.begun:,} began before and have ceased or belong to no child"
    )
    return Fault(one.plans, 0, "start_date", what, "see that the return is of that January and whole")


def _district(one: Noted, short: int, children: int, lookup: str) -> Fault:
    what = f"{short:,} of {children:,} children with a plan have no known district of the area"
    if one.where == DISTRICT:
        what += (
            f": the column that is to tell it is blank for {one.blank:,} children, and names other places for others"
        )
        remedy = "name a column of districts by --district-column, called as area.toml does or by ONS code"
        return Fault(one.persons, 0, one.where, what, remedy)
    what += f": {one.blank:,} children have no {one.where}; of the others {lookup} lacks them or puts them elsewhere"
    remedy = (
        f"give the {one.where} of every child and a lookup that has them, or leave out --postcodes to count the area "
        "as one district"
    )
    return Fault(one.persons, 0, one.where, what, remedy)


def _kind(one: Noted, short: int, children: int, _: str) -> Fault:
    what = (
        f"{short:,} of {children:,} children with a plan have no known kind of place: the extract lacks their school, "
        "or its type of establishment is not known"
    )
    return Fault(one.placements, 0, "urn", what, _PLACES)
