"""Options that several commands share."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.domain import january_of
from forecast.scenario.worlds import SHIPPED
from forecast.settings import Settings

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from forecast.records.checks import Checked

Area = Annotated[
    str, typer.Argument(help="Area folder, or one that ships: worcestershire, lancashire, exampleshire (invented).")
]
Establishments = Annotated[
    Path | None,
    typer.Option(help="Extract of all establishments from Get Information about Schools (CSV)."),
]
DistrictColumn = Annotated[
    str, typer.Option("--district-column", help="Column of the module person that says the district, if it has one.")
]
FixFile = Annotated[
    Path | None,
    typer.Option("--fixes", help="Fix file (CSV: module, census, id, field, old, new): new where old still holds."),
]
FaultsFile = Annotated[
    Path | None,
    typer.Option("--faults", help="CSV to write: module, row and field of each record at fault; no value of a record."),
]
Sen2 = Annotated[
    list[Path],
    typer.Option(
        "--sen2",
        help="Folder of a release of 'Education, health and care plans', as downloaded; repeat for an earlier one.",
    ),
]
MoreSen2 = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[DIR]...", help="More such folders: `--sen2 A B` is `--sen2 A --sen2 B`.", show_default=False
    ),
]
Population = Annotated[
    list[Path],
    typer.Option(
        "--population",
        help="ONS residents by district, year and age (CSV: lad_code, year, age, population); repeat. "
        "A file with 'snpp' or 'projection' in its name is a projection.",
    ),
]
People = Annotated[
    Path | None,
    typer.Option(
        help="Residents by authority, mid-year and age (CSV: la_code, mid_year, age, people), not those shipped."
    ),
]
Neighbours = Annotated[
    Path | None,
    typer.Option(help="Statistical neighbours (CSV: la_code, rank, neighbour), not those shipped."),
]
PlansByAge = Annotated[
    Path | None,
    typer.Option(
        "--plans-by-age",
        help="Plans by band of age where no release has them (CSV: la_code, year, age_from, age_to, children), "
        "not those shipped.",
    ),
]
Reorganised = Annotated[
    Path | None,
    typer.Option(help="Authorities that were reorganised (CSV: la_code, unit, note), not those shipped."),
]
Stack = Annotated[
    list[str] | None,
    typer.Option(
        "-s",
        "--scenario",
        help=f"Scenario file, or one that ships: {', '.join(SHIPPED.values())}, ... (`forecast scenarios` lists them); "
        "repeat to make the changes of several together. By default, baseline.",
    ),
]
Draws = Annotated[int, typer.Option(help=Settings.says("draws"))]
Seed = Annotated[int, typer.Option(help=Settings.says("seed"))]
Now = Annotated[
    str,
    typer.Option("--now", help="Academic year that counts as today's, such as 2026/27; by default the calendar's."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the same figures as JSON.")]
AnswerFolder = Annotated[Path | None, typer.Option("--to", help="Folder for the answer and its tables; not there yet.")]
Candidates = Annotated[
    Path | None,
    typer.Option(
        help="Candidate sites (CSV: name, district, lat, lon, provision, needs, nc_from, nc_to, sizes, capital, opens, "
        "source); by default candidates.csv in the area's folder, as exampleshire has.",
    ),
]
AskedYear = Annotated[
    str, typer.Option("--year", help="School year that is asked about, such as 2031/32; by default five years on.")
]
Workers = Annotated[int, typer.Option(min=1, help="Processes to share the work; the result is the same for any.")]
Cluster = Annotated[
    str, typer.Option(help="Address of a Dask cluster to share the work, such as tcp://host:8786, not --workers.")
]


def see_faults_writable(path: Path | None) -> None:
    """Find out before the work whether the records at fault can be written where they are asked for."""
    from forecast.records.checks_faults import see_writable

    if path is not None:
        see_writable(path)


def say_faults(checked: "Checked", path: Path | None, *, quiet: bool = False) -> None:
    """Write the records at fault where they are asked for, and say so."""
    from forecast.records.checks_faults import write_faults

    if path is None:
        return
    found = write_faults(checked, path)
    if not quiet:
        typer.echo(f"{found:,} records at fault are listed in {path}; fill in `old` and `new` to make it a fix file.")


def settings_of(draws: int, seed: int, current: str = "", variant: str = "") -> Settings:
    """Settings of a run; the current academic year is the calendar's unless it is given."""
    from pydantic import ValidationError

    from forecast.scenario.written import january

    by_calendar = january_of(date.today())  # noqa: DTZ011 - an academic year knows no time zone
    try:
        return Settings(
            draws=draws, seed=seed, current_year=january(current) if current else by_calendar, variant=variant
        )
    except ValidationError as error:
        names = {"current_year": "--now"}
        said = [
            f"{names.get(str(part['loc'][0]), '--' + str(part['loc'][0]))}: {_plainly(part)}" for part in error.errors()
        ]
        raise typer.BadParameter("; ".join(said)) from error
    except ValueError as error:
        raise typer.BadParameter(f"--now: {error}") from error


def _plainly(fault: "ErrorDetails") -> str:
    """A fault of a setting in words."""
    if fault["loc"][0] == "current_year" and isinstance(fault["input"], str):
        return f"{fault['input']!r} is no academic year; write it as 2026/27"
    return fault["msg"].lower()
