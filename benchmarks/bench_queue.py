"""What a queue costs beside the same children with room for all: compare the two rows of one run."""

import pytest

from forecast import Settings, read_area
from forecast.axes import PHASE_FIRSTS
from forecast.inputs.reference_overflow import read_overflow
from forecast.model.children import simulate
from forecast.model.cohort import roll
from forecast.model.desk import Desk
from forecast.model.enrolled import everyone
from forecast.model.fixed import fixed
from forecast.pipeline import area_drivers, england_and_assumptions
from forecast.places.overflow import queue_of
from forecast.places.register import drawn_register

DRAWS = 25
"""One chunk; a run of 200 has eight of them."""


@pytest.fixture(scope="module")
def made():
    area = read_area("exampleshire")
    settings = Settings(draws=DRAWS, current_year=area.about.latest_census)
    drivers = area_drivers(area, *england_and_assumptions(), settings)
    years = [area.about.latest_census, *drivers["year"].to_numpy().tolist()]
    places = drawn_register(area.places, years, DRAWS, settings.seed, drivers.attrs["late"])
    queue = queue_of(places, drivers.attrs["means"], read_overflow())
    return fixed(drivers), list(roll(drivers)), drivers["draw"].to_numpy(), queue


@pytest.mark.parametrize("who", ["everyone", "queue"])
def test_children_one_by_one(benchmark, made, who):
    given, years, draws, queue = made

    def run():
        return simulate(given, years, 1, draws, PHASE_FIRSTS, Desk(queue, draws) if who == "queue" else everyone)

    assert benchmark.pedantic(run, rounds=5, warmup_rounds=1).shape[1] == len(years) + 1
