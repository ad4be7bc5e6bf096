"""Words for two runs: what they were given, what their labels mean, and what the comparison rests on."""

from typing import Final

import pandas as pd

from forecast.inputs import area_toml, boundaries
from forecast.report.differences import (
    AREA,
    MODEL,
    SCENARIO,
    SETTING,
    TABLE,
    THERE,
    VERSION,
    Differences,
)
from forecast.report.phrases import (
    RANGE,
    Row,
    capped,
    census,
    count,
    count_range,
    phase_words,
)
from forecast.report.tables import TOTALS

FILE_WORDS: Final = {
    area_toml.FILE: "names, labels and notes",
    "placements.csv": "children with a plan",
    "flows.csv": "plans made, ceased and transferred",
    "population.csv": "residents",
    "places.csv": "places in schools and bases",
    "costs.csv": "costs",
    "special_rates.csv": "special school rates",
    "ap_rolls.csv": "children in alternative provision",
    "ap_arrivals.csv": "children who came to alternative provision",
    "ap_stays.csv": "how long children stay in alternative provision",
    "exclusions.csv": "exclusions",
    "ap.csv": "the area's own assumptions on alternative provision",
    boundaries.FILE: "outlines for the map",
}
"""Input file -> what is in it."""
SETTING_WORDS: Final = {
    "draws": "the number of futures",
    "seed": "the seed",
    "current_year": "the January that counts as today's",
    "horizon": "the number of years ahead",
}
"""Setting -> what a sentence calls it."""
AREA_WORDS: Final = {
    "latest census": "the latest census",
    "kind": "the kind of figures",
    "places": "whether places are listed or assumed",
}
"""Fact of an area -> what a sentence calls it."""
PART_WORDS: Final = {SCENARIO: "the scenario", MODEL: "the England model", VERSION: "versions of programs"}
"""Part of what a run was given -> what a list of the differences calls it."""


def names(found: Differences) -> dict[str, str]:
    """Label of a kind of place -> its words; where two labels have the same words, the label tells them apart."""
    both = pd.concat([found.new.tables["labels"], found.old.tables["labels"]])
    kinds = both[both["column"] == "provision"].drop_duplicates("label")
    alike = kinds["meaning"].duplicated(keep=False)
    words = kinds["meaning"].mask(alike, kinds["meaning"] + " (" + kinds["label"] + ")")
    return dict(zip(kinds["label"], words, strict=True))


def phase_name(label: str) -> str:
    """Words for a phase, or for all of them."""
    return label if label == TOTALS["phase"] else phase_words(label)


def figure(mean: float, low: float, high: float) -> str:
    """A number of children with its range, as tables show it: "2,480 (2,107 to 2,924)"; "none" where it is unknown."""
    if pd.isna(mean):
        return "none"
    span = "" if low == high else count_range(low, high)
    return f"{count(mean)} ({span})" if span else count(mean)


def given_lines(found: Differences) -> list[str]:
    """A line for each thing that was given otherwise."""
    return [_given_line(row) for row in found.given.to_dict("records")]


def no_outcome(found: Differences) -> str:
    """Why no census can be set against the older run's forecast."""
    old, new = found.old, found.new
    if new.base == old.base:
        return (
            f"Both runs start from the census of {census(old.base)}: no later one has come to judge the older run by."
        )
    if new.base < old.base:
        return (
            f"The second run starts from an earlier census ({census(new.base)}) than the first: name the older first."
        )
    return f"The older run does not reach the census of {census(new.base)}."


def notes(found: Differences) -> list[str]:
    """What the comparison rests on."""
    said = ["The children are invented: no figure describes a real place."] if found.new.manifest.synthetic else []
    if marking := found.new.manifest.marking or found.old.manifest.marking:
        said.append(f"{marking}: these figures are a council's own.")
    said.append(f"A range holds {RANGE}: of 10 possible futures, 8 lie within it, 1 below and 1 above.")
    if found.old.luck != found.new.luck:
        said.append(
            "The runs drew different futures. A change that may be luck is within three standard errors, "
            "as two seeds alone would give; more futures make luck smaller."
        )
    if not found.outcomes.empty:
        said.append(
            "Census figures are those that the newer run starts from: "
            "placements that the return did not record are shared out."
        )
    said.append(
        "Rates are those fitted to the area, before they are steered to the forecast of its published totals and "
        "before a scenario."
    )
    return said


def heading(part: str, what: str) -> str:
    """What a list of the differences calls one."""
    words = {TABLE: what, SETTING: SETTING_WORDS.get(what, what), AREA: AREA_WORDS.get(what, what)}
    return words.get(part) or PART_WORDS[part]


def _given_line(row: Row) -> str:
    """One difference: what, what it is now, and what it was."""
    part, what, old, new = str(row["part"]), str(row["what"]), str(row["old"]), str(row["new"])
    words = {
        TABLE: f"{what} ({FILE_WORDS.get(what, 'another input')})",
        SCENARIO: f"the scenario's {what}",
        MODEL: f"the model of {capped(what)}",
        VERSION: f"the version of {what}",
    }
    name = capped(words[part]) if part in words and part != TABLE else words.get(part, capped(heading(part, what)))
    if not old or not new:
        return f"{name}: only in the {'newer' if new else 'older'} run ({new or old})."
    if old == new:
        return f"{name}: changed." if new == THERE else f"{name}: other figures ({new}, as before)."
    now, was = (f'"{said.rstrip(".")}"' if part == SCENARIO else said for said in (new, old))
    return f"{name}: now {now}, was {was}."


def worlds(found: Differences) -> list[str]:
    """Which world the later figures of each run stand in: a sentence, or two where the runs differ."""
    old, new = found.old.manifest.world, found.new.manifest.world
    if old == new:
        return [f'Figures from {new.since} on stand in the world "{new.name}".']
    said = (("older", old), ("newer", new))
    return [
        f'In the {which} run, figures from {world.since} on stand in the world "{world.name}".' for which, world in said
    ]
