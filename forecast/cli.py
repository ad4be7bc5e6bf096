"""The commands: each is one call and its output. Heavy imports wait until a command needs them."""

import signal
import sys
import tempfile
import traceback
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast import building, comparing, deciding, defending, importing, keeping, learning, seeking
from forecast.domain import academic_year
from forecast.errors import ForecastError
from forecast.options import Area, Stack, settings_of
from forecast.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pandas import DataFrame

    from forecast.inputs.area import Area as Folder
    from forecast.projection import Projection

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Will there be enough specialist places? Forecasts special school, base and alternative provision places.",
)
app.add_typer(importing.app, name="import")
app.add_typer(learning.app)
app.add_typer(deciding.app)
app.add_typer(building.app)
app.add_typer(comparing.app)
app.add_typer(seeking.app)
app.add_typer(defending.app)
app.add_typer(keeping.app)


class Model(StrEnum):
    """What carries an area's children forward."""

    CHILDREN = "children"
    CONSTANT = "constant"


@app.command()
def run(
    area: Area = "worcestershire",
    scenario: Stack = None,
    out: Annotated[Path, typer.Option(help="Where run folders are kept.")] = Path("runs"),
    draws: Annotated[int, typer.Option(help=Settings.says("draws"))] = 200,
    seed: Annotated[int, typer.Option(help=Settings.says("seed"))] = 1,
    current: Annotated[
        str,
        typer.Option("--now", help="Academic year that counts as today's, such as 2026/27; by default the calendar's."),
    ] = "",
    model: Annotated[
        Model,
        typer.Option(help="`children`, or `constant`: the area's own counted rates, held for ever, without England's."),
    ] = Model.CHILDREN,
    variant: Annotated[str, typer.Option(help=Settings.says("variant"))] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the same figures as JSON.")] = False,
) -> None:
    """Places needed in an area, by year, kind of place, phase, need and district."""
    from forecast.inputs.area import read_area
    from forecast.report import run_folder, terminal
    from forecast.report.room import room_for

    settings = settings_of(draws, seed, current, variant)
    read = read_area(area)
    if settings.current_year < read.about.latest_census:
        msg = f"--now: {current} is before the latest census, of {academic_year(read.about.latest_census)}"
        raise typer.BadParameter(msg)
    room_for(out)
    projection, record = _forecast(read, scenario or [], settings, model)
    every = {**_tables(projection, read), **record}
    folder = run_folder.write_run(projection, every, out)
    if as_json:
        typer.echo(terminal.as_json(projection, every))
    else:
        terminal.show(projection, every, folder, terminal.console(), area)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Run folder of the older run.")],
    new: Annotated[Path, typer.Argument(help="Run folder of the newer run of the same area.")],
    out: Annotated[Path | None, typer.Option(help="CSV file for every difference; replaced if there.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the same figures as JSON.")] = False,
) -> None:
    """What moved between two runs of an area, and what came against what the older one forecast."""
    from forecast.report import diff_files, diff_show, terminal
    from forecast.report.differences import differences
    from forecast.report.room import room_for
    from forecast.report.run_read import read_runs

    found = differences(*read_runs(old, new))
    if out is not None:
        room_for(out.parent)
        diff_files.write_tidy(found, out)
    if as_json:
        typer.echo(diff_files.as_json(found))
    else:
        diff_show.show(found, terminal.console())


@app.command("app")
def open_app(
    area: Area = "worcestershire",
    port: Annotated[int, typer.Option(help="Port on this machine.")] = 8501,
) -> None:
    """The forecast in a web browser, on this machine only."""
    from forecast.serve import serve

    raise typer.Exit(serve(area, port))


def main() -> None:
    """Run a command: exit status 0 done, 1 the input is at fault, 2 wrong usage, 3 a defect of this program."""
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `forecast run | head` is no fault of anybody's
    try:
        app()
    except ForecastError as error:
        typer.echo(str(error), err=True)
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 - whatever it is, a user is told in a sentence where the log is
        opened, log = tempfile.mkstemp(
            prefix="forecast-defect-", suffix=".log"
        )  # a name that nobody can lay in wait at
        with open(opened, "w", encoding="utf-8") as text:  # noqa: PTH123 - a file that is open already
            text.write(_where(error))
        typer.echo(f"Something went wrong that is not your fault. Please report it with the log in {log}", err=True)
        sys.exit(3)


def _where(error: BaseException | None) -> str:
    """Kinds of errors and the lines they passed through, the first cause first.

    Without their messages, which may repeat what a record says.
    """
    said = []
    while error is not None:
        said.append("".join(traceback.format_tb(error.__traceback__)) + type(error).__qualname__)
        error = error.__cause__ or error.__context__
    return "\n\n".join(reversed(said)) + "\n"


def _tables(projection: "Projection", area: "Folder") -> "Mapping[str, DataFrame]":
    """Every table of a run, by the name of its file."""
    from forecast.report.ap_tables import ap_tables
    from forecast.report.estimates import estimated_changes
    from forecast.report.register_rows import register_of
    from forecast.report.sufficiency_tables import sufficiency_tables
    from forecast.report.tables import all_tables
    from forecast.report.waiting import waiting_tables
    from forecast.scenario.recorded import changes_table

    every = all_tables(projection, area.special_rates)
    if projection.recorded:
        every = {**every, "changes": estimated_changes(projection.about, changes_table(projection.recorded))}
    every = {**every, "register": register_of(projection)}
    return {**every, **sufficiency_tables(projection), **waiting_tables(projection), **ap_tables(projection)}


def _forecast(
    area: "Folder", scenario: "Sequence[str]", settings: Settings, model: Model
) -> "tuple[Projection, Mapping[str, DataFrame]]":
    """The forecast, and the tables that say what it was given."""
    from forecast.pipeline import forecast_area
    from forecast.pipeline_constant import constant_projection
    from forecast.report import constant_record, run_record
    from forecast.scenario.stack import read_scenarios

    if model is Model.CHILDREN:
        return forecast_area(area, read_scenarios(scenario), settings), run_record.record_tables(area)
    if scenario:
        raise typer.BadParameter("--model constant has no scenarios: leave out -s, or --model")
    return constant_projection(area, settings), constant_record.constant_record_tables(area)
