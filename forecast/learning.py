"""The commands that learn from every authority's published figures: fit, backtest, england."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from forecast.options import Cluster, MoreSen2, Neighbours, People, PlansByAge, Reorganised, Sen2, Workers
from forecast.settings import Settings

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from forecast.report.ap_card_numbers import ApCard
    from forecast.series.build import Beside
    from forecast.workers import Opener

app = typer.Typer()


@app.command()
def fit(
    sen2: Sen2,
    more: MoreSen2 = None,
    to: Annotated[Path, typer.Option("--to", help="Folder of the model.")] = Path("models/england"),
    people: People = None,
    neighbours: Neighbours = None,
    plans_by_age: PlansByAge = None,
    reorganised: Reorganised = None,
    workers: Workers = 1,
) -> None:
    """What all authorities' published data teach, as the model that areas lean on."""
    from forecast.inputs.sen2 import read_releases
    from forecast.report.measures_files import write_measures
    from forecast.report.room import room_for
    from forecast.series.fit import fit_model
    from forecast.series.measured import measured
    from forecast.store import write_model

    release, beside = read_releases([*sen2, *(more or [])]), _beside(people, neighbours, plans_by_age, reorganised)
    room_for(to.parent)
    with _shared_out(workers, "") as opener, _progress("Fitting") as done:
        model = fit_model(release, beside, opener, done)
    measures = measured(release, beside)
    write_model(model, to)
    write_measures(measures, to)
    _alternative(people, reorganised, to)
    typer.echo(
        f"Fitted to {model.attrs['authorities']} authorities as of January {model.attrs['year']}; written to {to}."
    )


@app.command()
def backtest(
    sen2: Sen2,
    more: MoreSen2 = None,
    to: Annotated[Path, typer.Option("--to", help="Folder of the model, whose card it makes.")] = Path(
        "models/england"
    ),
    workers: Workers = 1,
    cluster: Cluster = "",
    people: People = None,
    neighbours: Neighbours = None,
    plans_by_age: PlansByAge = None,
    reorganised: Reorganised = None,
) -> None:
    """How far out the forecast has been, beside simple rules and other methods: the model's card and its tables."""
    from forecast.backtest.rivals import need_statsforecast
    from forecast.backtest.run import backtest as run_backtest
    from forecast.inputs.sen2 import read_releases
    from forecast.report import card_bars, card_files
    from forecast.report.ap_card import section
    from forecast.report.card_tables import card_tables
    from forecast.report.room import room_for
    from forecast.series.build import build

    room_for(to)
    need_statsforecast()
    tried = card_files.read_tried()
    release, beside = read_releases([*sen2, *(more or [])]), _beside(people, neighbours, plans_by_age, reorganised)
    with _shared_out(workers, cluster) as opener, _progress("Forecasting from past Januaries") as done:
        found = run_backtest(release, beside, opener, done)
    names = dict(zip(release.authorities["la_code"], release.authorities["name"], strict=True))
    tables = card_tables(found, build(release, beside), names)
    card_files.write_card(tables, tried, to, [*section(_alternative(people, reorganised, to))])
    for line in card_bars.summary(tables.gates):
        typer.echo(line)
    typer.echo(f"Written to {to / card_files.CARD}, with its tables in {to / card_files.TABLES}.")


@app.command()
def england(
    sen2: Sen2,
    out: Annotated[Path, typer.Option(help="CSV file to write, a row an authority, series and year.")],
    more: MoreSen2 = None,
    origin: Annotated[
        int | None, typer.Option(help="January to forecast from, by what was known then; by default the latest census.")
    ] = None,
    to: Annotated[int | None, typer.Option("--to", help="Last January forecast; by default ten years on.")] = None,
    draws: Annotated[int, typer.Option(min=2, max=10_000, help=Settings.says("draws"))] = 200,
    seed: Annotated[int, typer.Option(min=0, help=Settings.says("seed"))] = 1,
    workers: Workers = 1,
    cluster: Cluster = "",
    people: People = None,
    neighbours: Neighbours = None,
    plans_by_age: PlansByAge = None,
    reorganised: Reorganised = None,
) -> None:
    """Every authority's plans and placements from published data, now or as they would have been forecast then."""
    from forecast.inputs.sen2 import read_releases
    from forecast.report import national
    from forecast.report.room import NoRoom, room_for
    from forecast.series.england import Wanted, can_start, forecast_england

    release, beside = read_releases([*sen2, *(more or [])]), _beside(people, neighbours, plans_by_age, reorganised)
    start = origin if origin is not None else int(release.placements["year"].max())
    last = to if to is not None else start + Settings.model_fields["horizon"].default
    if not start < last <= start + _FARTHEST:
        msg = f"--to: {last} is not one to {_FARTHEST} years after the census of January {start}"
        raise typer.BadParameter(msg)
    can_start(release, start)
    room_for(out.parent)
    if out.is_dir():
        raise NoRoom(out)
    with _shared_out(workers, cluster) as opener, _progress("Forecasting every authority") as done:
        found = forecast_england(release, beside, Wanted(start, last, draws, seed), opener, done)
    for line in national.write_england(found, out):
        typer.echo(line)


def _alternative(people: Path | None, units: Path | None, to: Path) -> "ApCard":
    """Write what every authority's rolls of alternative provision teach, and how far out that was, beside the model."""
    from forecast.ap.england import fit_ap
    from forecast.ap.panel import ap_panel
    from forecast.backtest.ap import ap_backtest
    from forecast.domain import ApSetting
    from forecast.inputs import reference, reference_ap
    from forecast.report.ap_card_files import ap_tables_of, write_ap

    panel = ap_panel(reference_ap.read_authority_rolls(), reference.read_people(people), reference.read_units(units))
    figures = reference_ap.read_ap_figures()
    setting = ApSetting.LA_FUNDED
    shares = {setting: reference_ap.figure(figures, "plan_share", setting=setting).value}
    made = ap_tables_of(fit_ap(panel, reference_ap.read_england_rolls(), shares), ap_backtest(panel))
    write_ap(made, to)
    return made.card


_FARTHEST = 20
"""Most years that are forecast."""


def _beside(people: Path | None, neighbours: Path | None, plans_by_age: Path | None, units: Path | None) -> "Beside":
    """The figures that the releases lack, shipped or given."""
    from forecast.inputs import reference
    from forecast.series.build import Beside

    return Beside(
        reference.read_people(people),
        reference.read_neighbours(neighbours),
        reference.read_plans_by_age(plans_by_age),
        reference.read_units(units),
    )


def _shared_out(workers: int, cluster: str) -> "AbstractContextManager[Opener | None]":
    """What the work is shared over: a cluster, several processes, or nothing."""
    from forecast import workers as sharing

    if cluster:
        return sharing.cluster(cluster)
    return nullcontext(sharing.processes(workers) if workers > 1 else None)


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal that is told how many parts are done, of how many; nothing in a pipe."""
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)
