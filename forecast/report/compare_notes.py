"""What a comparison of scenarios rests on: its luck, its scenarios, its prices, and which of it is judgement."""

from typing import Final

from forecast.decide.compare import Compared
from forecast.decide.kinds import ELSEWHERE
from forecast.report.compare_ap_words import priced_notes
from forecast.report.compare_phrases import where
from forecast.report.compare_tables import Tables
from forecast.report.phrases import capped
from forecast.report.words import notes

_ITEMS: Final = ("place", "transport", "empty", "fee_growth")
"""Prices that every bill is made of."""
_PRICED: Final = (
    "Pounds are real, in the prices that each source in the table of prices names, and not discounted; capital counts "
    "in the year in which it is spent. A child counted in January costs a year of its kind of place{}. Every child in "
    "a specialist place is taken to be carried there at the council's cost, since no figure says how many are: pounds "
    "for transport are a most."
)
_FULL: Final = (
    "Children without a state special school place, but for as many as the schools hold above their places at the "
    "latest census, are priced in an independent school, which is judgement; everybody else in the kind of place that "
    "they need. Places that stand empty are paid for."
)
_ASSUMED: Final = (
    "No school is taken to be full here, so nothing is priced for want of a place. Children beyond the places filled "
    "now are counted kind by kind and future by future: room to spare in one kind is none in another."
)


def comparison_notes(found: Compared, tables: Tables) -> list[str]:
    """What the figures rest on, in sentences; the area's own notes come last."""
    luck = (
        f"Every scenario has the same {found.first.settings.draws} futures and the same luck, and a difference is "
        "taken future by future. So its range leaves out what is uncertain in both alike."
    )
    rest = (
        _ASSUMED if found.first.places_assumed else _FULL,
        "England's special school rate is that of the trend, whatever the scenario.",
    )
    return [
        luck,
        *_scenarios(found),
        _PRICED.format("" if found.first.ap else ", and a child without a plan costs nothing here"),
        *priced_notes(found.first, found.years[-1]),
        *rest,
        *_judged_prices(tables, with_ap=found.first.ap is not None),
        *_judged_changes(tables),
        *notes(found.first),
    ]


def _scenarios(found: Compared) -> list[str]:
    """What each scenario assumes, and in which world it stands."""
    every = zip(found.names, found.scenarios, found.projections, strict=True)
    return [
        f'{capped(where(name))}: {scenario.why.rstrip(".")}. It stands in the world "{projection.world.words}".'
        for name, scenario, projection in every
    ]


def _judged_prices(tables: Tables, *, with_ap: bool) -> list[str]:
    """Prices that nothing but judgement gives."""
    prices = tables.prices
    items = (*_ITEMS, *([ELSEWHERE] if with_ap else []))
    judged = prices[prices["item"].isin(items) & ~prices["supported"].astype(bool)]
    told = dict.fromkeys(f"{row['item'].replace('_', ' ')} ({row['provision']})" for row in judged.to_dict("records"))
    return [f"Prices that rest on judgement alone: {', '.join(told)}."] if told else []


def _judged_changes(tables: Tables) -> list[str]:
    """Changes that rest in whole or in part on judgement, on what was not checked, or on nothing."""
    levers = tables.levers
    which = (levers["change"] + " from " + levers["from"] + " (" + levers["scenario"] + ")").rename("which")
    held = levers["supported"].groupby(which, sort=False).all()
    told = held.index[~held.astype(bool)].to_list()
    said = "Changes that rest, in whole or in part, on judgement, on what was not checked, or on nothing: "
    return [f"{said}{', '.join(told)}."] if told else []
