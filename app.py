"""The app: which area, scenario and number of futures; then the pages. Start it with `forecast app`."""

from collections.abc import Callable
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, ParamSpec, TypeVar

import streamlit as st
import xarray as xr

from forecast.decide.ask import Ask
from forecast.decide.futures import Futures, futures_of
from forecast.decide.measures import measures
from forecast.decide.replay import Replay
from forecast.decide.replay_counted import CountedReplay
from forecast.decide.size import Sized
from forecast.domain import january_of
from forecast.errors import ForecastError
from forecast.inputs.about import About
from forecast.inputs.area import Area, read_area
from forecast.inputs.backtest_tables import FOLDER as BACKTEST
from forecast.inputs.backtest_tables import read_backtest
from forecast.inputs.bundled import bundled
from forecast.inputs.reference import read_plans_by_age
from forecast.pipeline import area_drivers, england_and_assumptions, project
from forecast.places.england import england_special_rate
from forecast.projection import Projection
from forecast.report.ap_card_files import read_ap_card
from forecast.report.beside import Beside, beside, standing
from forecast.scenario.scenario import Scenario, read_scenario
from forecast.scenario.worlds import SHIPPED, World
from forecast.series.standing import Standing
from forecast.settings import Settings
from forecast.views import ap, places, size, size_ap, trust, what_if
from forecast.views.ap_try_out import way_to_try
from forecast.views.areas import Stamp, areas_to_choose, given_area, stamp
from forecast.views.plain import say
from forecast.views.what_if_beside import others_of
from forecast.views.what_if_links import links, way_to
from forecast.views.what_if_runs import Measured, Run, supposed

FIRST_SCENARIO: Final = "baseline"
FUTURES: Final = {50: "50, for a quick look", 200: "200, for figures to quote"}
KEPT: Final = 4  # forecasts that a cache holds; one of 200 futures takes 40 MB
TRIED, KINDS = 8, 20  # those of the page of levers, three put aside among them; kinds of lever
Given = ParamSpec("Given")
Made = TypeVar("Made")


def main() -> None:
    """Shared choices, and the page chosen."""
    folder, scenario, draws = choices()
    supposing = st.Page(partial(suppose, folder, scenario, draws), title=what_if.TITLE, url_path="what-if")
    trusting = st.Page(partial(trusted, folder), title=trust.TITLE, url_path="trust")
    on = partial(on_forecast, folder, scenario, draws)
    past = partial(read_ap_card, bundled("models", "england"))
    in_ap = partial(ap.ap_page, try_out=way_to_try(supposing), trusted=way_to(trusting, trust.TITLE), past=past)
    provided = st.Page(partial(on, ap.TITLE, lambda _, made: in_ap(made)), title=ap.TITLE, url_path="ap")
    begin = partial(places.places_page, ways_on=links(supposing), without_plan=way_to(provided, ap.BESIDE))
    page = st.navigation([
        st.Page(partial(on, places.TITLE, begin), title=places.TITLE, url_path="places", default=True),
        provided,
        supposing,
        st.Page(partial(how_big, folder, scenario, draws), title=size.TITLE, url_path="size"),
        trusting,
    ])  # fmt: skip
    st.set_page_config(layout="wide" if page.url_path == supposing.url_path else "centered")
    page.run()


def on_forecast(folder: str, scenario: str, draws: int, title: str, page: Callable[[Area, Projection], None]) -> None:
    """A page on a forecast, which is made for it."""
    settings = Settings(draws=draws, current_year=january_of(date.today()))  # noqa: DTZ011 - knows no time zone
    try:
        with st.spinner(f"Working out {draws} possible futures"):
            area, projection = kept(folder, forecast)(folder, stamp(folder), scenario, settings)
    except ForecastError as error:
        st.title(title, anchor=False)
        say(error, "There is no forecast yet. Mend this, then reload the page:")
        return
    page(area, projection)


def suppose(folder: str, scenario: str, draws: int) -> None:
    """The page of levers: what is laid out, and what it changes."""
    settings = Settings(draws=draws, current_year=january_of(date.today()))  # noqa: DTZ011 - knows no time zone
    try:
        files = stamp(folder)
        area, drivers, _ = kept(folder, begun)(folder, files, settings)
        against = Run(read_scenario(scenario), *kept(folder, set_against)(folder, files, scenario, settings))
        known, told = kept(folder, held_against)(folder, files), kept(folder, told_beside, KINDS)
        others = others_of(against.projection, known, partial(told, folder, files))
        ground = what_if.Ground(area, drivers, settings, against, partial(run, folder, files, settings), others)
        what_if.what_if_page(ground, read_text, worked())
    except ForecastError as error:
        say(error, "Nothing can be worked out yet. Mend this, then reload the page:")


def run(folder: str, files: Stamp, settings: Settings, text: str) -> Run:
    """The scenario of a file's text, and its forecast."""
    return Run(read_text(text.encode()), *kept(folder, under, TRIED)(folder, files, text, settings))


def set_against(folder: str, files: Stamp, scenario: str, settings: Settings) -> tuple[Projection, Measured]:
    """An area's forecast under a scenario that ships, and its measures."""
    _, projection = kept(folder, forecast)(folder, files, scenario, settings)
    return projection, measures(projection)


def under(folder: str, files: Stamp, text: str, settings: Settings) -> tuple[Projection, Measured]:
    """An area's forecast under the scenario of a file's text, and its measures."""
    return supposed(*kept(folder, begun)(folder, files, settings), read_text(text.encode()), settings)


def read_text(held: bytes) -> Scenario:
    """The scenario of a file that was given, read as any other."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_bytes(held)
        return read_scenario(path)


@cache
def worked() -> dict[str, Scenario]:
    """Name of a file -> the scenario in it, of those that ship, but for the worlds."""
    stems = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))
    return {stem: read_scenario(stem) for stem in stems if stem not in SHIPPED.values()}


def told_beside(folder: str, files: Stamp, kind: str) -> Beside:
    """What the area, England and its neighbours have done of what a kind of lever moves."""
    return beside(kind, kept(folder, about_area)(folder, files), kept(folder, held_against)(folder, files))


def held_against(folder: str, files: Stamp) -> Standing:  # noqa: ARG001 - as about_area
    """What England and other authorities have done, and the area itself."""
    return standing(read_area(folder))


def how_big(folder: str, scenario: str, draws: int) -> None:
    """The page on size: a question, and the futures that answer it."""
    settings = Settings(draws=draws, current_year=january_of(date.today()))  # noqa: DTZ011 - knows no time zone
    try:
        files = stamp(folder)
        about = kept(folder, about_area)(folder, files)
        coming = max(settings.current_year, about.latest_census)
        years, with_ap = (
            tuple(range(coming, coming + settings.horizon + 1)),
            size_ap.told_in(name for name, *_ in files),
        )
        ask, elsewhere = size.question(about, years, without_plan=with_ap)
        with st.spinner(f"Working out {draws} possible futures, and the other worlds"):
            found = kept(folder, answered)(folder, files, scenario, settings, ask.model_dump_json(), elsewhere)
    except ForecastError as error:
        say(error, "There is no answer yet. Mend this, or ask otherwise:")
        return
    size.size_page(*found)


def answered(
    folder: str,
    files: Stamp,
    scenario: str,
    settings: Settings,
    question: str,
    elsewhere: bool,  # noqa: FBT001 - as kept
) -> tuple[Sized, Replay | CountedReplay | None]:
    """How big a school should be, and a replay, from futures that are made once for all questions on a span of ages."""
    ask = Ask.model_validate_json(question)
    futures = kept(folder, all_futures)(folder, files, scenario, settings, ask.span)
    return size_ap.answered(futures, ask, settings, elsewhere=elsewhere)


def all_futures(
    folder: str,
    files: Stamp,  # noqa: ARG001 - part of what results are kept by
    scenario: str,
    settings: Settings,
    span: tuple[int, int],
) -> Futures:
    """An area's futures in every world, its year groups cut where a question cuts them."""
    return futures_of(read_area(folder), read_scenario(scenario), settings, [span])


def trusted(folder: str) -> None:
    """The page on trust, which needs no forecast."""
    try:
        tables = read_backtest(bundled("models", "england") / BACKTEST)
        about, plans = kept(folder, about_area)(folder, stamp(folder)), read_plans_by_age()
    except ForecastError as error:
        st.title(trust.TITLE, anchor=False)
        say(error, "Nothing can be said about past forecasts yet. Mend this, then reload the page:")
        return
    trust.trust_page(tables, about, plans)


def about_area(folder: str, files: Stamp) -> About:  # noqa: ARG001 - `files` is part of what results are kept by
    """What an area is called and how it is numbered."""
    return read_area(folder).about


def choices() -> tuple[str, str, int]:
    """Area folder, scenario and number of futures, as chosen beside every page."""
    areas, first = areas_to_choose(given_area(__file__))
    names = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))
    with st.sidebar:
        folder = st.selectbox("Area", list(areas), list(areas).index(first), format_func=areas.__getitem__, key="area")
        scenario = st.selectbox("Scenario", names, names.index(FIRST_SCENARIO), scenario_words, key="scenario")
        draws = st.radio("Possible futures", list(FUTURES), format_func=FUTURES.__getitem__, key="futures")
    return folder, scenario, draws


def scenario_words(name: str) -> str:
    """How a scenario that ships is offered: by its name, a world as one."""
    worlds = {SHIPPED[world]: f"World: {world.words}" for world in World}
    return worlds[name] if name in worlds else worked()[name].name


def kept(folder: str, work: Callable[Given, Made], entries: int = KEPT) -> Callable[Given, Made]:
    """`work`, its results kept: for everybody if the area ships, else for this browser's session only."""
    ships = Path(folder).parent == bundled("data")
    return st.cache_data(
        scope="global" if ships else "session",
        max_entries=entries,
        show_spinner=False,
        hash_funcs={Settings: Settings.model_dump_json},
    )(work)


def forecast(folder: str, files: Stamp, scenario: str, settings: Settings) -> tuple[Area, Projection]:
    """An area and its forecast."""
    area, drivers, england = kept(folder, begun)(folder, files, settings)
    return area, project(area, drivers, read_scenario(scenario), settings, england)


def begun(
    folder: str,
    files: Stamp,  # noqa: ARG001 - part of what results are kept by
    settings: Settings,
) -> tuple[Area, xr.Dataset, xr.DataArray]:
    """What every scenario of an area starts from: the area, its drivers, and England's special school rate."""
    area, (england, assumptions) = read_area(folder), england_and_assumptions()
    drivers = area_drivers(area, england, assumptions, settings)
    return area, drivers, england_special_rate(england, assumptions, settings, drivers)


if __name__ == "__main__":
    main()
