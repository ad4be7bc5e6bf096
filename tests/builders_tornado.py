"""A small forecast of Worcestershire under made-up scenarios, to find out what its figures hang on."""

from functools import cache

from forecast.decide.measures import Measure
from forecast.decide.outcomes import Outcome
from forecast.inputs.area import read_area
from forecast.scenario.scenario import Scenario
from forecast.scenario.spending import Payer
from forecast.settings import Settings

SETTINGS = Settings(draws=4, seed=3, current_year=2027, horizon=4)
YEAR = 2031
SPECIAL = Outcome(Measure.CHILDREN, ("special",), YEAR)
POUNDS = Outcome(Measure.POUNDS, tuple(payer.value for payer in Payer), YEAR)
FOUND = {"says": "Six schools tried it.", "source": "A council's own review"}
REBALANCE = {
    "kind": "rebalance", "from": "2027/28", "share": {"value": 0.3, "low": 0.1, "high": 0.5},
    "support": {"value": 9_000, "low": 6_000, "high": 12_000}, "evidence": [FOUND],
}  # fmt: skip
FEWER = {"kind": "scale_starts", "from": "2027/28", "factor": {"value": 0.8, "low": 0.7, "high": 0.95}}


@cache
def area():
    return read_area("worcestershire")


def scenario(*changes, name="Help", **other):
    return Scenario.model_validate({"name": name, "why": "Made up.", "changes": list(changes), **other})


def supposition(found, name):
    """The one of this name."""
    (one,) = [each for each in found.base.suppositions() if each.name == name]
    return one
