"""The commands that make an area folder, from published statistics or from a council's own figures."""

from pathlib import Path
from typing import Annotated

import typer

from forecast.options import Population, Sen2

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
        typer.Option(help="Folder of DfE's SEND and AP dashboard data, for the special school rate by schools."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace an area that is there already.")] = False,
) -> None:
    """An area folder for any English local authority, from published statistics."""
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
    about, tables = published_area(release, read_population(population), authority, rates)
    outlines = read_outlines(boundaries, about) if boundaries else None
    made = write_area(to, about, tables, outlines, replace=replace)
    checks.show(checks.check(made), terminal.console())
    typer.echo(f"\nWritten to {to}. Next: forecast run {to}")
