"""Options that several commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
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
