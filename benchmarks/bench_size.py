"""How long a question of size takes: run with `pytest benchmarks`, compare ratios within one run.

The whole is to take under 5 s on two quiet cores, and a question on futures that are there already under 2 s.
"""

import pytest

from forecast import Settings, read_area, read_scenario
from forecast.decide.ask import Ask
from forecast.decide.futures import futures_of
from forecast.decide.size import size_school, sized

ASKS = {
    "worcestershire": Ask(needs=("ASD",), districts=("Malvern Hills",), opens="2027-09"),
    "exampleshire": Ask(needs=("ASD",), districts=("Exampleton",), opens="2027-09"),
}
SETTINGS = Settings(draws=200, current_year=2027)
BASELINE = read_scenario("baseline")


@pytest.mark.parametrize("name", list(ASKS))
def test_a_whole_question_in_every_world(benchmark, name):
    area = read_area(name)
    found = benchmark.pedantic(size_school, (area, ASKS[name], SETTINGS, BASELINE), rounds=3)
    assert found.compared == 50


@pytest.mark.parametrize("name", list(ASKS))
def test_a_question_on_futures_that_are_there(benchmark, name):
    made = futures_of(read_area(name), BASELINE, SETTINGS, [ASKS[name].span])
    found = benchmark.pedantic(sized, (made, ASKS[name]), rounds=3)
    assert found.stages.both
