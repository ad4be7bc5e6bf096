"""What the card of alternative provision says whatever its numbers: how weak the evidence is, what it cannot tell."""

from collections.abc import Iterator
from typing import Final

import pandas as pd

from forecast.ap.national import LA_FUNDED, RULES
from forecast.backtest.cells import OURS
from forecast.report.card_words import points
from forecast.report.phrases import census

ERROR: Final = (
    "**Error** means this: add up by how many children each authority's forecast was out, too many or too few, and "
    "divide by the number of children that came."
)
"""What an error is, in a sentence."""


def how_weak(scores: pd.DataFrame, settings: pd.DataFrame) -> Iterator[str]:
    """Everything that makes less of the test than its tables look like."""
    ours = scores[scores["method"].eq(OURS)]
    starts, ends = ours["origin"].nunique(), ours.drop_duplicates(["origin", "ahead"])
    choosing = int((ends["part"] == "choosing").sum())
    counted, later = int(settings["counted"].max()), int(settings["england_counted"].max())
    yield "Very weak. Read every figure below with this in mind."
    yield points({
        "Six Januaries.": f"Rolls of every authority are published for January 2018 to {counted}. That makes {starts} "
        f"Januaries to forecast from and {len(ends)} pairs of a start and an outcome for each series, which overlap.",
        "Two of them in the pandemic.": "From January 2020 to January 2022 rolls of AP schools fell by a quarter."
        " What is tested is in large part how methods met the pandemic.",
        "Boundaries changed.": "Dorset, Bournemouth, Christchurch and Poole in 2019, and Northamptonshire in 2021, are "
        "followed as one authority each. An authority whose roll is no longer published drops out.",
        "Hardly anything to choose by.": f"Choices were made on outcomes up to January 2021: {choosing} pairs from two "
        "Januaries. The rule for the pandemic could not be chosen so: it was made after looking at January 2022 and "
        "2023, so the test of AP schools from 2021 and 2022 is no test of that rule.",
        "AP that schools arrange was never tested.": "One January is published. It takes the growth of AP schools, and "
        "a wider range by judgement.",
        "Children without a plan are told apart in AP schools only.": "Placements that authorities pay for are tested "
        "with all their children, most of whom have a plan; the forecast takes it that those without one go the same "
        "way. In January 2024 the share that was not placed because a plan names the place was 19.1%, after 16.6% a "
        "year before (Schools Week, June 2024, quoting DfE): they may well grow faster.",
        "Today's figure is a forecast.": f"Authorities' rolls were last published for {census(counted)}; England's "
        f"totals of {census(later)} are as the press quotes them, not seen at the publisher's. What the program calls "
        "now is itself some years ahead.",
    })  # fmt: skip


def how_made() -> Iterator[str]:
    """The method, and what was tried."""
    lean = RULES[LA_FUNDED].lean
    yield points({
        "Path.": "The sum of all authorities goes on at its mean yearly growth over every January published, which "
        "fades as said above. From the January that ships, England's later total is taken as it was counted.",
        "Level.": "AP schools: each authority's last roll. Placements that authorities pay for: the geometric mean of "
        f"the authority's last figure, with weight {1 - lean:.1f}, and England's rate times its residents aged 5 to "
        f"15, with weight {lean:.1f}.",
        "Tried on outcomes up to January 2021.": "Weights of 0, .05, .1, .15 and .2 on England's rate; fading of .8 "
        "and .9 from the first year, or none; a mean of the last Januaries in the level, "
        "which made each series worse. For children without a plan in AP schools their own growth was closer on those "
        "outcomes than that of all children there, so they have their own.",
        "What a January may see.": "Rolls up to it and residents estimated before it. Figures are as published now, "
        "not as first published.",
    })  # fmt: skip


def cannot_tell() -> Iterator[str]:
    """What the test says nothing about."""
    yield points({
        "Who comes, why, and for how long.": "No authority publishes arrivals, reasons or lengths of stay. In areas "
        "without records of their own they are worked back from the roll with figures that are assumed "
        "(data/reference/ap.csv).",
        "Key stages and districts.": "Not tested.",
        "The fullest month.": "Rolls are of January; how much fuller the summer is, is assumed.",
        "A council's own records.": "With arrivals and stays of its own the program uses those, and this test says "
        "little of it.",
        "More than three years ahead.": "Not tested; the middle and the range are held in by judgement.",
        "Demand.": "The test is of children placed, not of those who waited or were sent home.",
    })  # fmt: skip
