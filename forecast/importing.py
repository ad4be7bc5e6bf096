"""The commands that make an area folder, from published statistics or from a council's own figures."""

import os
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.options import DistrictColumn, FaultsFile, FixFile, Population, Sen2, say_faults, see_faults_writable

if TYPE_CHECKING:
    from forecast.inputs.area import Area


class Blank(StrEnum):
    """What a blank cell of a table of counts means."""

    UNKNOWN = "unknown"
    ZERO = "zero"


Base = Annotated[
    str,
    typer.Option(
        help="Area folder, or one that ships, that lends name, districts, residents and outlines: make it with "
        "`forecast import published`. Not needed where the census is added to a folder that is there."
    ),
]
_DATES = ["%Y-%m-%d", "%d/%m/%Y"]
"""How a day may be written."""
Since = Annotated[
    datetime | None, typer.Option(formats=_DATES, help="First day from which the files hold every stay that went on.")
]
Seen = Annotated[
    datetime | None,
    typer.Option(formats=_DATES, help="Day on which they were made; judged by the latest stays if left out."),
]
ApWords = Annotated[
    Path | None,
    typer.Option(help="Your own words (CSV: kind, word, means), above those of data/reference/ap_words.csv."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace a folder or a census that is there already.")]
app = typer.Typer(no_args_is_help=True, help="Make an area folder from published or local data.")


@app.command()
def published(
    authority: Annotated[str, typer.Option(help="Name or three-digit number of an English local authority.")],
    to: Annotated[Path, typer.Option("--to", help="Area folder to write.")],
    sen2: Sen2,
    population: Population,
    boundaries: Annotated[
        Path | None, typer.Option(help="ONS outlines of districts (GeoJSON, WGS84), for the map.")
    ] = None,
    dashboard: Annotated[
        Path | None,
        typer.Option(
            help="Folder of DfE's SEND and AP dashboard data: special school rate by schools, alternative provision."
        ),
    ] = None,
    replace: Replace = False,
) -> None:
    """An area folder for any English local authority, from published statistics."""
    from forecast.inputs.ap_dashboard import COUNTS, has_ap, read_dashboard_rolls, rolls_of
    from forecast.inputs.dashboard import read_special_rates
    from forecast.inputs.ons import read_population
    from forecast.inputs.outlines import read_outlines
    from forecast.inputs.published import find_authority, published_area
    from forecast.inputs.sen2 import read_releases
    from forecast.inputs.write import write_area
    from forecast.report import checks, terminal
    from forecast.report.room import room_for

    room_for(to.parent)
    release = read_releases(sen2)
    row = find_authority(release, authority)
    rates = read_special_rates(dashboard, str(row["name"])) if dashboard else None
    rolls = rolls_of(read_dashboard_rolls(dashboard), str(row["la_code"])) if dashboard and has_ap(dashboard) else None
    about, tables = published_area(release, read_population(population), authority, rates, rolls)
    outlines = read_outlines(boundaries, about) if boundaries else None
    made = write_area(to, about, tables, outlines, replace=replace)
    checks.show(checks.check(made), terminal.console())
    if made.ap_rolls.empty:
        typer.echo(f"\nNo figures on alternative provision: --dashboard gives none ({COUNTS}) for this authority.")
    typer.echo(f"\nWritten to {to}. Next: forecast run {to}")


@app.command()
def sen2(
    returns: Annotated[
        list[Path],
        typer.Argument(help="A return a census: folder of COLLECT CSV files, XML, pre-submission workbook, or a zip."),
    ],
    to: Annotated[Path, typer.Option("--to", help="Area folder to write, or to add the censuses to.")],
    establishments: Annotated[
        Path, typer.Option(help="Extract of all establishments from Get Information about Schools (CSV).")
    ],
    base: Base = "",
    postcodes: Annotated[
        Path | None, typer.Option(help="Lookup from postcodes to districts (CSV), such as the ONS Postcode Directory.")
    ] = None,
    district: DistrictColumn = "",
    out_of_area: Annotated[
        bool, typer.Option("--out-of-area", help="Special and independent schools of other authorities kept apart.")
    ] = False,
    fixes: FixFile = None,
    faults: FaultsFile = None,
    replace: Replace = False,
) -> None:
    """An area folder from person-level SEN2 returns: counted, and the records dropped.

    Names and codes come from public documents and readers of the return, all listed with their source in
    data/reference/sen2_return.csv and sen2_codes.csv. None of it was checked against a real return, extract of
    establishments or postcode directory: compare the counts with what you filed before you use them.
    """
    from forecast.records.importing import Given, import_sen2
    from forecast.report import imported, terminal
    from forecast.report.room import room_for

    room_for(to.parent)
    see_faults_writable(faults)
    given = Given(establishments, postcodes, district or None, fixes)
    lent = "" if (to / "area.toml").is_file() else _base(base)
    made = import_sen2(returns, to, given, base=lent, out_of_area=out_of_area, replace=replace)
    say_faults(made.checked, faults)
    imported.show_records(made, terminal.console())
    _end(made.area, to)


@app.command()
def counts(
    file: Annotated[Path, typer.Argument(help="Workbook (.xlsx) or CSV of counts, with named columns.")],
    to: Annotated[Path, typer.Option("--to", help="Area folder to write, or to add the census to.")],
    base: Base = "",
    sheet: Annotated[str, typer.Option(help="Sheet of the workbook; the first one if left out.")] = "",
    year: Annotated[int, typer.Option(help="January census of a table that names none, such as 2025.")] = 0,
    blank: Annotated[Blank, typer.Option(help="What a blank cell means where a number should be.")] = Blank.UNKNOWN,
    hides_under: Annotated[
        int, typer.Option(help="A mark such as `c` hides fewer than this; by default what the mark usually hides.")
    ] = 0,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="These counts are invented, as those of an invented base must be.")
    ] = False,
    replace: Replace = False,
) -> None:
    """An area folder from a council's own counts by year, district, need, year group and kind of place.

    Hidden counts (`c`, `<5`, `*`) are taken as ranges, never as nothing. Onto a folder that is there, a census is
    added.
    """
    from forecast.inputs.area import read_area
    from forecast.inputs.count_rows import Reading
    from forecast.inputs.counts import import_counts
    from forecast.report import imported, terminal
    from forecast.report.room import room_for

    room_for(to.parent)
    onto = read_area(to) if to.exists() else None
    reading = Reading(year=year or None, blank=blank.value, hides_under=hides_under or None)
    lent = onto or read_area(_base(base))
    made, read, changes = import_counts(
        file, to, lent, onto, sheet or None, reading, replace=replace, synthetic=synthetic
    )
    imported.show_counts(read, changes, terminal.console())
    _end(made, to)


@app.command()
def ap(
    files: Annotated[
        list[Path], typer.Argument(help="Workbooks (.xlsx) or CSV files of placements, a row for each child's stay.")
    ],
    to: Annotated[Path, typer.Option("--to", help="Area folder of counts or records that is there, to add them to.")],
    since: Since = None,
    seen: Seen = None,
    words: ApWords = None,
    sheet: Annotated[
        str, typer.Option(help="Sheet of each workbook; left out, the first, unless others have its headings too.")
    ] = "",
    set_aside: Annotated[
        bool, typer.Option("--set-aside", help="Leave out rows that cannot be mended, if they are at most 1 in 20.")
    ] = False,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="These children are invented, as those of the area must be.")
    ] = False,
    replace: Replace = False,
) -> None:
    """A council's own records of alternative provision: arrivals, stays and rolls counted, and the records dropped.

    Columns: child (any key), start, end (blank while there), reason, setting, plan, returned, district, and year
    group, key stage or date of birth; where known registration (sole, dual main, dual subsidiary), days a week, tier.
    """
    import numpy as np

    from forecast.inputs.area import read_area
    from forecast.records.ap.counted import Given
    from forecast.records.ap.importing import import_ap
    from forecast.report.room import room_for

    room_for(to.parent)
    today = np.datetime64(date.today())  # noqa: DTZ011 - the day on this machine
    first, last = [None if day is None else np.datetime64(day.date()) for day in (since, seen)]
    given = Given(today, first, last, words, sheet, leave_out=set_aside)
    made = import_ap(files, read_area(to), given, replace=replace, synthetic=synthetic)
    typer.echo("\n".join(made.said))
    _end(made.area, to)


@app.command()
def witan(
    folder: Annotated[Path, typer.Argument(help="Project folder of witan.send, which holds transitions.csv.")],
    to: Annotated[Path, typer.Option("--to", help="Area folder to write.")],
    name: Annotated[str, typer.Option(help="What outputs call the area.")],
    synthetic: Annotated[bool, typer.Option("--synthetic", help="Its children are invented; outputs say so.")] = False,
    replace: Replace = False,
) -> None:
    """An area folder from a witan.send project, with its own labels; see `forecast run --model constant`."""
    from forecast.inputs.witan import witan_area
    from forecast.inputs.write import write_area
    from forecast.report.room import room_for

    room_for(to.parent)
    about, tables = witan_area(folder, name, synthetic=synthetic)
    made = write_area(to, about, tables, replace=replace)
    typer.echo("\n".join(f"- {note}" for note in made.about.notes))
    typer.echo(f"\nWritten to {to}. Next: forecast run {to} --model constant")


def _base(name: str) -> str:
    """Area that lends what counts lack."""
    if not name:
        raise typer.BadParameter("--base: name the area that lends name, districts, residents and outlines")
    return name


def _end(made: "Area", to: Path) -> None:
    """What was made, and what comes next."""
    if made.about.confidential:
        typer.echo(_whose(os.name))
    typer.echo(f"Written to {to}. Next: forecast check {to}, then forecast run {to}")


def _whose(system: str) -> str:
    """Who can open a folder of counts; only where the system has owners was it closed to others."""
    for_you = (
        "for you alone on this machine, and" if system == "posix" else "keep it in a folder that only you can open;"
    )
    return f"OFFICIAL-SENSITIVE: {for_you} kept out of git. Delete: forecast purge"
