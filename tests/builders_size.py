"""Areas' futures for questions of size: few draws, made once for all tests of a run."""

from functools import cache

from forecast.decide.ask import Ask
from forecast.decide.futures import futures_of
from forecast.decide.size import last_january, sized
from forecast.inputs.area import read_area
from forecast.scenario.scenario import read_scenario
from forecast.settings import Settings

DRAWS, NOW = 24, 2027
SETTINGS = Settings(draws=DRAWS, current_year=NOW)
MALVERN = Ask(needs=("ASD",), districts=("Malvern Hills",), opens="2027-09")
EXAMPLETON = Ask(needs=("ASD",), districts=("Exampleton",), opens="2027-09")
PRIMARY = (0, 6)


@cache
def futures(name, worlds=True):  # noqa: FBT002 - what results are kept by
    return futures_of(read_area(name), read_scenario("baseline"), SETTINGS, [(-1, 14), PRIMARY], worlds=worlds)


def answered(name, ask, worlds=True, **how):  # noqa: FBT002 - as above
    made = futures(name, worlds)
    return sized(made, ask.checked_against(made.area.about, last_january(made.area, SETTINGS)), **how)


@cache
def malvern():
    return answered("worcestershire", MALVERN)


@cache
def exampleton():
    return answered("exampleshire", EXAMPLETON)
