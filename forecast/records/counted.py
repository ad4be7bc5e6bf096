"""From returns to an area: labels, tables of counts, and what the terminal says of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import replace as changed
from typing import Final

import pandas as pd

from forecast.domain import ALL
from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About, District, Source
from forecast.inputs.area import Area
from forecast.inputs.published import assumed_places
from forecast.records.count import Before, Rules, Year, count_return, of_every_district
from forecast.records.districts import DISTRICT, Lookup
from forecast.records.establishments import Establishments
from forecast.records.filed import Filed, is_invented
from forecast.records.labels import labels_of

SAYS: Final[Mapping[str, str]] = {
    "records": "Children in the return, with a plan or without",
    "children": "Children with a plan at the census",
    "need_not_recorded": "of them, without a known need at rank 1",
    "not_placed": "of them, with no placement at the census",
    "nothing_given": "of them, with a placement that names no school and no setting",
    "school_unknown": "of them, with a school or code that is not known",
    "type_unknown": "of them, with a school whose type of establishment is not known",
    "without_district": "of them, with no postcode or one that the lookup lacks: shared out among districts",
    "outside": "of them, living outside the area: shared out among districts",
    "without_birth_date": "of them, without a birth date: shared out among year groups",
    "several_plans": "of them, with several plans at once: the latest counts",
    "several_first_placements": "of them, with several first placements at once: the latest counts",
    "no_first_placement": "of them, with a second placement only, which counts",
    "odd_base": "of them, said to be in a base of a school that is not mainstream: passed over",
    "start": "Plans made in the year",
    "arrive": "Plans that came from another authority",
    "unexplained": "Children with a plan who had none a year before, though it is said to be older",
    "cease": "Plans that ceased",
    "transfer": "of them, moved to another authority",
    "gone_without_word": "of them, without a date in this return",
    "brief": "Plans made and ceased within the year, in no count",
    "orphans": "Records that belong to no child, not counted",
    "linked_by_upn": "Children found in an earlier return by pupil number",
    "linked_by_uln": "Children found in an earlier return by learner number",
    "linked_by_name": "Children found in an earlier return by name and birth date",
}
"""What each line of a summary means, in the order of the lines."""
RULES: Final = (
    "Children are those with a plan in force on census day, each once, wherever their school is.",
    "The kind of place is that of the school attended on census day, by its type in Get Information about Schools.",
    "Children whose district or year group the return does not tell are shared out in the mix of the others.",
)
"""What every output says of counts from records."""
_WHOLE: Final = "The district is the whole area: no lookup of postcodes was given."


@dataclass(frozen=True, eq=False)
class Counted:
    """What an area's folder says, counted from returns: whole children and no identifier."""

    about: About
    """Kind `records`, labels, notes and sources."""
    tables: Mapping[str, pd.DataFrame]
    """placements, flows, moves and funnel, of the years of the returns."""
    summary: pd.DataFrame
    """year, what (a key of `SAYS`), children: for the terminal, and never for a file that leaves."""


def counted_area(
    returns: Iterable[Filed],
    base: Area,
    establishments: Establishments,
    districts: Lookup | None,
    *,
    out_of_area: bool = False,
) -> Counted:
    """Count returns, the earliest first, one in memory at a time where `returns` is a generator.

    Parameters
    ----------
    returns : at least one
    base : the area's name, authority, districts and labels; without a lookup it must be of one district
        (`one_district` makes it so). Published figures become an invented area if the first return is of invented
        children
    out_of_area : whether special and independent schools of other authorities get labels of their own

    Raises
    ------
    InputFaults
        A return of another authority, of a census that was counted already or of one before; without districts
        where the area has several; of invented children for an area of real ones, or the other way round.
    NoAuthority
        `out_of_area`, and nobody knows which authority the area is.
    """
    labels = labels_of(base.about, out_of_area=out_of_area)
    about = labels.declared(base.about)
    before, years = Before(), dict[int, Year]()
    for filed in returns:
        if not years and about.kind == "published":
            about = about.model_copy(update={"synthetic": about.synthetic or is_invented(filed)})
        told = districts is not None or DISTRICT in filed.tables["person"]
        _belongs(filed, before, about, told=told)
        rules = Rules(about, labels, establishments, districts)
        years[filed.census], before = count_return(filed, before, rules)
    names = ("placements", "flows", "moves", "funnel")
    tables = {name: _together([year.tables[name] for year in years.values()]) for name in names}
    summary = [
        (census, what, year.summary[what]) for census, year in years.items() for what in SAYS if what in year.summary
    ]
    return Counted(
        about=_described(about, list(years), lookup=districts is not None),
        tables=of_every_district(tables, about),
        summary=pd.DataFrame(summary, columns=["year", "what", "children"]),
    )


def one_district(base: Area) -> Area:
    """The area as one district, called as it is: its people summed, its schools serving all, without boundaries."""
    about = base.about
    if len(about.districts) == 1:
        return base
    name = about.name
    people = base.population.groupby(["mid_year", "variant", "age"], as_index=False, sort=False)["people"].sum()
    return changed(
        base,
        about=about.model_copy(update={"districts": (District(name=name),), "notes": (*about.notes, _WHOLE)}),
        population=people.assign(district=name)[list(base.population.columns)],
        places=base.places.assign(district=ALL, serves=ALL),
        boundaries=None,
    )


def places_of(base: Area, placements: pd.DataFrame, latest: int, labels: Mapping[str, str]) -> pd.DataFrame:
    """The base's places, those that were only assumed counted anew: as many as children fill at January `latest`.

    Parameters
    ----------
    placements : counted, by provision
    labels : label -> what it means
    """
    assumed = base.places["assumed"].astype(bool)
    if not assumed.any():
        return base.places
    rows = placements[placements["year"].eq(latest)]
    filled = rows.groupby("provision")["children"].sum().reset_index()
    margins = filled.assign(year=latest, need=ALL, nc_from=-4, nc_to=20)
    fresh = [
        assumed_places(
            margins[margins["provision"].eq(label)].assign(provision=str(means)), base.about.name, latest
        ).assign(provision=label, school=f"Places that {base.about.name}'s children fill: {label}")
        for label, means in labels.items()
    ]
    return pd.concat([base.places[~assumed], *[part for part in fresh if len(part)]], ignore_index=True)


def said(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary as the terminal shows it: a line for each of `SAYS` that is not nought, a column a January."""
    wide = summary.pivot_table(index="what", columns="year", values="children", aggfunc="sum", fill_value=0)
    wide = wide.reindex([what for what in SAYS if what in wide.index])
    return wide[wide.gt(0).any(axis=1)].rename(index=dict(SAYS))


def _belongs(filed: Filed, before: Before, about: About, *, told: bool) -> None:
    """Whether a return is the area's, and later than those counted so far."""
    file, header = filed.files.get("sen2") or filed.files.get("person", ""), filed.tables["sen2"]
    faults = []
    if is_invented(filed) != about.synthetic:
        what = "is of invented children, and the area is not" if not about.synthetic else "is not of invented children"
        remedy = "do not mix the two: give another base, or another folder to write to"
        faults.append(Fault(file, 0, "software_code", what, remedy))
    if len(about.districts) > 1 and not told:
        remedy = "give a lookup of postcodes, or the column of the return that says the district"
        faults.append(Fault(filed.files.get("person", ""), 0, "", "tells no district", remedy))
    if filed.census <= before.census:
        remedy = "give each census once, the earliest first"
        faults.append(Fault(file, 0, "census", f"January {filed.census} comes after January {before.census}", remedy))
    codes = set(header["lea"].str.strip()) - {""}
    if about.la_code and codes and codes != {about.la_code}:
        remedy = f"give returns of {about.name}, or the area that they are of as base"
        faults.append(Fault(file, 0, "lea", f"is not of authority {about.la_code}", remedy))
    if faults:
        raise InputFaults(faults)


def _together(tables: list[pd.DataFrame]) -> pd.DataFrame:
    whole = [table for table in tables if len(table)]
    return pd.concat(whole, ignore_index=True) if whole else tables[0]


def _described(about: About, censuses: list[int], *, lookup: bool) -> About:
    """Words for an area of counts, in the place of those that a base of published figures had."""
    kept = about.notes if about.kind != "published" else tuple(note for note in about.notes if note == _WHOLE)
    counted = "Counted from the person-level SEN2 return of that January"
    where = "; districts by a lookup of postcodes" if lookup else ""
    mine = [Source(table=f"January {census}", status="counted", source=counted + where) for census in censuses]
    stale = ("placements", "flows", "moves", "places")
    others = [source for source in about.sources if about.kind != "published" or not source.table.startswith(stale)]
    places = Source(table="places.csv, assumed", status="assumed", source="The places that the area's children fill.")
    return about.model_copy(
        update={
            "kind": "records",
            "latest_census": max(censuses),
            "notes": tuple(dict.fromkeys((*kept, *RULES))),
            "sources": (*others, *mine, places) if about.kind == "published" else (*others, *mine),
        }
    )
