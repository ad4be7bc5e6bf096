"""The commands that look after a council's own figures: what leaves, what goes."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def purge(
    area: Annotated[Path, typer.Argument(help="Area folder of a council's own counts or records.")],
    runs: Annotated[Path, typer.Option(help="Where its run folders are kept.")] = Path("runs"),
    yes: Annotated[bool, typer.Option("--yes", help="Delete without asking.")] = False,
) -> None:
    """Delete everything confidential of an area: its folder, its runs, and logs of defects."""
    from forecast.report.purge import NOT_ERASED, confidential_paths
    from forecast.report.purge import purge as delete

    paths = confidential_paths(area, runs)
    typer.echo("\n".join(str(path) for path in paths))
    if not yes and not typer.confirm(f"Delete {'these' if len(paths) > 1 else 'this'}?"):
        raise typer.Abort
    delete(paths)
    typer.echo(f"Deleted. {NOT_ERASED}")
