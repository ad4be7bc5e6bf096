"""The app: which area, scenario and number of futures; then the pages. Start it with `forecast app`."""

import os
import sys
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final, ParamSpec, TypeAlias, TypeVar

import streamlit as st
import xarray as xr

from forecast.decide.ask import Ask
from forecast.decide.futures import Futures, futures_of
from forecast.decide.replay import Replay
from forecast.decide.replay_counted import CountedReplay
from forecast.decide.replayed import longest_replay
from forecast.decide.size import Sized, last_january, sized
from forecast.domain import january_of
from forecast.errors import ForecastError
from forecast.inputs.about import About
from forecast.inputs.area import FILES, Area, bundled_areas, read_area
from forecast.inputs.assumptions import read_assumptions
from forecast.inputs.backtest_tables import FOLDER as BACKTEST
from forecast.inputs.backtest_tables import read_backtest
from forecast.inputs.bundled import bundled
from forecast.inputs.reference import read_plans_by_age
from forecast.pipeline import area_drivers, project
from forecast.places.england import england_special_rate
from forecast.projection import Projection
from forecast.scenario.scenario import read_scenario
from forecast.scenario.worlds import SHIPPED, World
from forecast.settings import Settings
from forecast.store import read_model
from forecast.views import places, size, trust
from forecast.views.plain import say

FIRST_AREA, FIRST_SCENARIO = "worcestershire", "baseline"
FUTURES: Final = {50: "50, for a quick look", 200: "200, for figures to quote"}
KEPT: Final = 4  # forecasts that a cache holds; one of 200 futures takes 40 MB
# Name, bytes and time of change of each file of an area: a file that changes makes a new forecast. (A string
# here, as elsewhere, would be shown: streamlit writes what stands alone in this file on the page.)
Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
Given = ParamSpec("Given")
Made = TypeVar("Made")


def main() -> None:
    """Shared choices, and the page chosen."""
    folder, scenario, draws = choices()
    st.navigation([
        st.Page(partial(enough, folder, scenario, draws), title=places.TITLE, url_path="places", default=True),
        st.Page(partial(how_big, folder, scenario, draws), title=size.TITLE, url_path="size"),
        st.Page(partial(trusted, folder), title=trust.TITLE, url_path="trust"),
    ]).run()  # fmt: skip


def enough(folder: str, scenario: str, draws: int) -> None:
    """The first page, on a forecast that is made for it."""
    settings = Settings(draws=draws, current_year=january_of(date.today()))  # noqa: DTZ011 - knows no time zone
    try:
        with st.spinner(f"Working out {draws} possible futures"):
            area, projection = kept(folder, forecast)(folder, stamp(folder), scenario, settings)
    except ForecastError as error:
        st.title(places.TITLE, anchor=False)
        say(error, "There is no forecast yet. Mend this, then reload the page:")
        return
    places.places_page(projection, area.boundaries, area.special_rates)


def how_big(folder: str, scenario: str, draws: int) -> None:
    """The page on size: a question, and the futures that answer it."""
    settings = Settings(draws=draws, current_year=january_of(date.today()))  # noqa: DTZ011 - knows no time zone
    try:
        files = stamp(folder)
        about = kept(folder, about_area)(folder, files)
        coming = max(settings.current_year, about.latest_census)
        ask, elsewhere = size.question(about, tuple(range(coming, coming + settings.horizon + 1)))
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
    checked = ask.checked_against(futures.area.about, last_january(futures.area, settings))
    found = sized(futures, checked, need_based=elsewhere)
    return found, longest_replay(futures.area, found.case)


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
    areas, first = areas_to_choose(given_area())
    scenarios = sorted(path.stem for path in bundled("data", "scenarios").glob("*.yaml"))
    with st.sidebar:
        folder = st.selectbox("Area", list(areas), list(areas).index(first), format_func=areas.__getitem__, key="area")
        first_scenario = scenarios.index(FIRST_SCENARIO)
        scenario = st.selectbox("Scenario", scenarios, first_scenario, format_func=scenario_words, key="scenario")
        draws = st.radio("Possible futures", list(FUTURES), format_func=FUTURES.__getitem__, key="futures")
    return folder, scenario, draws


def scenario_words(name: str) -> str:
    """How a scenario that ships is offered: a world by its own name."""
    worlds = {SHIPPED[world]: f"World: {world.words}" for world in World}
    return worlds.get(name, name)


def given_area() -> str:
    """Area named where the app was started, with `forecast app AREA` or `streamlit run app.py -- AREA`."""
    program, *rest = sys.argv
    ours = Path(program).resolve() == Path(__file__).resolve()
    return rest[0] if ours and rest else FIRST_AREA


def areas_to_choose(given: str) -> tuple[dict[str, str], str]:
    """Folders of areas with their names, and the folder of the one given: the areas that ship, and it."""
    areas = {str(bundled("data", name)): name.replace("-", " ").title() for name in bundled_areas()}
    if os.path.exists(given):  # noqa: PTH110 - never raises, as Path.exists does where the name is too long
        first = str(Path(given).resolve())
    else:
        first = str(bundled("data", given)) if given in bundled_areas() else given
    return {first: f"{Path(first).name} (your own folder)"} | areas, first


def stamp(folder: str) -> Stamp:
    """Files of an area as they are now."""
    paths = [path for path in (Path(folder) / name for name in FILES) if path.is_file()]
    return tuple((path.name, (now := path.stat()).st_size, now.st_mtime_ns) for path in paths)


def kept(folder: str, work: Callable[Given, Made]) -> Callable[Given, Made]:
    """`work`, its results kept: for everybody if the area ships, else for this browser's session only."""
    ships = Path(folder).parent == bundled("data")
    return st.cache_data(
        scope="global" if ships else "session",
        max_entries=KEPT,
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
    area, england = read_area(folder), read_model(bundled("models", "england"))
    assumptions = read_assumptions(bundled("data", "assumptions.yaml"))
    drivers = area_drivers(area, england, assumptions, settings)
    return area, drivers, england_special_rate(england, assumptions, settings, drivers)


if __name__ == "__main__":
    main()
