"""A synthetic county on disk: its returns, what an import needs beside them, and the area as it was before."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex
from typing import Final

import pandas as pd

from forecast.errors import ForecastError, UnknownLabel
from forecast.inputs.bundled import bundled
from forecast.inputs.reference_ap import read_ap_figures, read_england_rolls
from forecast.inputs.write import CannotWrite
from forecast.records.layout import CSV, XML
from forecast.records.synthetic import ap_records
from forecast.records.synthetic.ap_county import ApCounty, claims, made_ap
from forecast.records.synthetic.base import about, write_base
from forecast.records.synthetic.county import County, made_county
from forecast.records.synthetic.faults import PLANTED, plant
from forecast.records.synthetic.geography import NAME, postcodes
from forecast.records.synthetic.plants import PLANTS
from forecast.records.synthetic.register import register
from forecast.records.synthetic.returns import LABEL, kept, return_of
from forecast.records.synthetic.schools import extract
from forecast.records.synthetic.truth import Truth, counts
from forecast.records.synthetic.write_csv import write_csv
from forecast.records.synthetic.write_xml import write_xml
from forecast.store import read_model

PLANS: Final = 8_000
CENSUSES: Final = range(2021, 2026)
FEWEST: Final = 100
"""Plans of the smallest county."""
WRITERS: Final = {CSV: write_csv, XML: write_xml}
"""Form of a return -> what writes it."""
RETURN: Final = "SEN2_{census}"
"""Folder of each return."""
AREA, ESTABLISHMENTS, POSTCODES, FOUND = "area", "establishments.csv", "postcodes.csv", "planted.csv"
EXCLUSIONS = "exclusions.csv"
_README: Final = f"""\
{LABEL}: {NAME} is no real county, and every child, school, place and figure in this folder is invented.

SEN2_*              one return each January, as COLLECT exports it (CSV) or as it is submitted (XML)
{ESTABLISHMENTS}  its schools and colleges, as an extract from Get Information about Schools
{POSTCODES}       district of every postcode; none of them exists
{AREA}/               districts, residents, places and outlines: the base of an import
{ap_records.FILE}  placements in alternative provision, with a plan and without: a row for each stay
{EXCLUSIONS}      exclusions from schools by academic year, as an area folder may have them
{FOUND}         faults planted on purpose, where they were asked for: check, census, module, row id

Import:  forecast import sen2 SEN2_* --base {AREA} --establishments {ESTABLISHMENTS} --postcodes {POSTCODES} --to FOLDER
Then:    forecast import ap {ap_records.FILE} --to FOLDER --synthetic --since {{since}} --seen {{seen}}
Then:    copy {EXCLUSIONS} into FOLDER
"""


class BadCounty(ForecastError):
    """A county that cannot be invented."""

    def __init__(self) -> None:
        super().__init__(
            f"A county is lived year by year by {FEWEST} children or more; give censuses one January after another, "
            "such as 2021 to 2025, and more plans."
        )


def write_synthetic(
    to: str | Path,
    seed: int,
    plans: int = PLANS,
    censuses: range = CENSUSES,
    form: str = CSV,
    faults: Mapping[str, int] | None = None,
) -> Truth:
    """Write an invented county's returns, and what an import needs beside them, all labelled synthetic.

    Parameters
    ----------
    to : folder to make; it must not be there
    seed : the same seed gives the same bytes
    plans : children with a plan to be expected at the last census
    censuses : Januaries, one after another
    form : `csv`, as COLLECT exports a return, or `xml`, as it is submitted
    faults : name of a check -> records that it is to find in each return; see `plants.PLANTS`

    Returns
    -------
    Truth
        Rates and counts of the lives behind the returns, before any fault was planted.

    Raises
    ------
    BadCounty, CannotWrite, TooFewToSpoil, UnknownLabel
        The censuses are not one January after another, or the plans too few; the place is taken or the disk
        refuses; there are too few children for the faults; no such form or fault.
    """
    target = Path(to).resolve()
    if form not in WRITERS:
        raise UnknownLabel("form of a return", form, WRITERS)
    if not censuses or censuses.step != 1 or plans < FEWEST:
        raise BadCounty
    if target.exists():
        raise CannotWrite(target, "is there already", "choose another name")
    if not target.parent.is_dir():
        raise CannotWrite(target.parent, "is not a folder", "make it first")
    staging = target.with_name(f".{target.name}.{token_hex(4)}")
    england = read_model(bundled("models", "england"))
    county = made_county(england, seed, plans, censuses)
    ap = made_ap(county, england["residents"].to_numpy(), read_ap_figures(), read_england_rolls(), seed)
    try:
        staging.mkdir()
        truth = _write(staging, county, seed, form, faults or {})
        _write_ap(staging, county, ap, seed)
        _write_base(staging, county, ap, seed, plans)
        staging.rename(target)
    except OSError as error:
        raise CannotWrite(target, f"cannot be written ({error.strerror})", "choose another place") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return truth


def every_fault(count: int) -> dict[str, int]:
    """As many of every fault that can be planted."""
    return dict.fromkeys(PLANTS, count)


def _write(folder: Path, county: County, seed: int, form: str, faults: Mapping[str, int]) -> Truth:
    planted = [pd.DataFrame(columns=list(PLANTED))]
    for census in county.censuses:
        tables = return_of(county.past, county.places, census, seed)
        tables, found = plant(tables, county.places, census, faults, seed)
        (folder / RETURN.format(census=census)).mkdir()
        WRITERS[form](folder / RETURN.format(census=census), census, tables)
        planted.append(found)
    found = pd.concat(planted, ignore_index=True)
    _beside(folder, county.places, found)
    tables = counts(county.lives, county.past, county.censuses) | {"population": county.people}
    return Truth(county.rates, tables, found)


def _beside(folder: Path, places: pd.DataFrame, planted: pd.DataFrame) -> None:
    """Files of the folder that are not of one return."""
    tables = {ESTABLISHMENTS: extract(places), POSTCODES: postcodes().assign(label=LABEL)}
    if len(planted):
        tables[FOUND] = planted.assign(label=LABEL)
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n", encoding="utf-8")


def _write_ap(folder: Path, county: County, ap: ApCounty, seed: int) -> None:
    """The list of placements, exclusions from schools, and how to import all."""
    ap_records.write_placements(folder, ap, kept(county.past, seed)[1])
    ap.exclusions.to_csv(folder / EXCLUSIONS, index=False, lineterminator="\n", encoding="utf-8")
    text = _README.format(since=ap.since, seen=ap.seen)
    (folder / "README.txt").write_text(text, encoding="utf-8", newline="\n")


def _write_base(folder: Path, county: County, ap: ApCounty, seed: int, plans: int) -> None:
    first, last = county.censuses[0], county.censuses[-1]
    recipe = (
        f"forecast synthetic --seed {seed} --plans {plans} --first {first} --last {last}, then forecast import sen2 "
        "and forecast import ap"
    )
    places = register(county.places, claims(county, ap), last)
    write_base(folder / AREA, county.stock_before, county.people, places, about(first - 1, recipe))
