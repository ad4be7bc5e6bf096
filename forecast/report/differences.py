"""Two runs of one area set side by side: what they were given, their rates, their results, and what came.

Everything is taken from the tables and manifests as written, so every number here stands in one of them. "Old" and
"new" are the first and the second run. Nothing is re-simulated: a change in a mean is called possible luck only by the
spread of the two runs' own draws.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, TypeAlias

import numpy as np
import pandas as pd

from forecast.domain import academic_year
from forecast.places.sufficiency import STATISTICS
from forecast.report.phrases import Row, census
from forecast.report.run_read import Run
from forecast.report.tables import CHILDREN, TOTALS

CENTRAL_80: Final = 2 * 1.2816
"""Standard deviations between the 10th and the 90th percentile of a normal distribution."""
LUCK: Final = 3.0
"""Standard errors within which two means may differ by luck: 1 normal difference in 370 is larger."""
ROUNDING: Final = 1.0
"""Children that luck is always allowed: means may be rounded, and quantiles of few children hide their spread."""
SAME: Final = 1e-9
"""Relative difference below which two rates are the same: tables keep ten digits."""
ASSUMPTION: Final = "assumption"
"""Start of the name of a rate that is an assumption."""
BELOW, LOWER, UPPER, ABOVE = "below the range", "lower half", "upper half", "above the range"
"""Where an outcome lies between the 10th and 90th percentile of its forecast, halved at the 50th."""
GIVEN, RATES, RESULTS, CENSUS = "given", "rates", "results", "census against forecast"
"""Parts of the comparison."""
AREA, TABLE, SCENARIO, SETTING, MODEL, VERSION = "area", "table", "scenario", "setting", "model", "version"
"""Parts of what a run was given."""
WORLD: Final = "world"
"""Fact of a scenario that is told by its name, and told from another by all that it holds."""
THERE: Final = "there"
"""What is said of a file that has no rows."""
SHOWN: Final = 12
"""Characters of a digest that are shown."""
ABSENT: Final = ("", "")
"""Words and digest of what a run lacks."""
Facts: TypeAlias = Mapping[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True, eq=False)
class Differences:
    """What moved from an older run to a newer one."""

    old: Run
    new: Run
    given: pd.DataFrame
    """part, what, old, new, old_digest, new_digest: all that they were given that is not alike, in words, and SHA-256
    of what is a file; "" where a run lacks it."""
    rates: pd.DataFrame
    """rate, of, unit, old, new, change, change_share: rates and assumptions that are not alike."""
    results: pd.DataFrame
    """See `results`."""
    outcomes: pd.DataFrame
    """See `outcomes`; no rows where the newer run has no later census that the older one forecast."""


def differences(old: Run, new: Run) -> Differences:
    """Set two runs of one area side by side."""
    return Differences(old, new, given(old, new), rates(old, new), results(old, new), outcomes(old, new))


def given(old: Run, new: Run) -> pd.DataFrame:
    """Inputs, scenario, settings and versions that are not alike: see `Differences.given`."""
    before, after = _facts(old), _facts(new)
    keys = [key for key in dict.fromkeys([*before, *after]) if before.get(key) != after.get(key)]
    rows = [(*key, *(side.get(key, ABSENT)[at] for at in (0, 1) for side in (before, after))) for key in keys]
    return pd.DataFrame(rows, columns=["part", "what", "old", "new", "old_digest", "new_digest"], dtype="str")


def rates(old: Run, new: Run) -> pd.DataFrame:
    """Rates and assumptions that are not alike: see `Differences.rates`."""
    before, after = (_rates(run).rename(columns={"value": side}) for side, run in (("old", old), ("new", new)))
    both = _side_by_side(before, after, ["rate", "of", "unit"])
    moved = ~np.isclose(both["old"], both["new"], rtol=SAME, atol=0, equal_nan=True)
    return _with_change(both[moved]).reset_index(drop=True)


def results(old: Run, new: Run) -> pd.DataFrame:
    """Children in each kind of place, in every year that both runs have.

    Returns
    -------
    columns provision, year, academic_year, old, old_p10, old_p90, new, new_p10, new_p90, change, change_share,
    inside_old_range, may_be_luck
        Means and ends of the 80% range. `inside_old_range` says whether the new mean lies in the old range;
        `may_be_luck`, whether the change of the mean is within `LUCK` standard errors of runs whose seed or number of
        draws differs. Both are unknown where one of the runs lacks the kind of place.
    """
    sides = (("old", _kinds(old)), ("new", _kinds(new)))
    shared = set(sides[0][1]["year"]) & set(sides[1][1]["year"])
    parts = [
        table[table["year"].isin(shared)].rename(columns={"mean": side, "p10": f"{side}_p10", "p90": f"{side}_p90"})
        for side, table in sides
    ]
    both = _with_change(_side_by_side(parts[0], parts[1], ["provision", "year"]))
    both.insert(2, "academic_year", both["year"].map(academic_year))
    unknown = both["change"].isna()
    inside = both["new"].between(both["old_p10"], both["old_p90"]).astype("boolean")
    return both.assign(
        inside_old_range=inside.mask(unknown), may_be_luck=_may_be_luck(both, old, new).astype("boolean").mask(unknown)
    )


def outcomes(old: Run, new: Run) -> pd.DataFrame:
    """The newer run's census beside what the older run forecast for that January.

    Returns
    -------
    columns provision, phase, year, academic_year, census, mean, p10, p50, p80, p90, difference, inside, where, position
        `difference` is the census less the mean; `position` is 0 at the 10th percentile and 1 at the 90th, and
        unknown where they are the same.
    """
    forecast, came = _kinds_and_phases(old), _kinds_and_phases(new)
    if new.base <= old.base:
        forecast = forecast.iloc[:0]
    then = came.loc[came["year"] == new.base, ["provision", "phase", "year", "mean"]].rename(columns={"mean": "census"})
    both = then.merge(forecast, on=["provision", "phase", "year"], how="inner", validate="one_to_one")
    both.insert(3, "academic_year", both["year"].map(academic_year))
    below, above = both["census"] < both["p10"], both["census"] > both["p90"]
    half = np.where(both["census"] < both["p50"], LOWER, UPPER)
    width = both["p90"] - both["p10"]
    return both.assign(
        difference=both["census"] - both["mean"],
        inside=~(below | above),
        where=pd.Series(half, index=both.index, dtype="str").mask(below, BELOW).mask(above, ABOVE),
        position=(both["census"] - both["p10"]) / width.where(width > 0),
    )


def _facts(run: Run) -> Facts:
    """What a run was given: (part, what) -> words for it, and the digest of what is a file."""
    said = run.manifest
    files = run.tables["inputs"].to_dict("records")
    tables = {(TABLE, str(row["file"])): (_size(row), str(row["sha256"])) for row in files}
    models = {(MODEL, name): (sha[:SHOWN], sha) for name, sha in said.inputs_sha256.items() if name != "area"}
    world = sha256(_text(said.scenario.get(WORLD)).encode()).hexdigest()
    plain = {
        (AREA, "latest census"): census(run.base),
        (AREA, "kind"): said.kind,
        (AREA, "places"): "assumed" if said.places_assumed else "listed",
        **{(SCENARIO, name): _text(value) for name, value in said.scenario.items() if name != WORLD},
        **{(SETTING, name): _text(value) for name, value in said.settings.items()},
        **{(VERSION, name): version for name, version in {**said.program, **said.libraries}.items()},
        (VERSION, "Python"): said.python,
        (VERSION, "system"): said.platform,
    }
    return {**tables, **models, (SCENARIO, WORLD): (said.world.name, world)} | {
        key: (words, "") for key, words in plain.items()
    }


def _size(row: Row) -> str:
    """Rows and years of an input file, in words; `THERE` where it has neither."""
    if pd.isna(row["rows"]):
        return THERE
    years = "" if pd.isna(row["first_year"]) else f", {row['first_year']:.0f} to {row['last_year']:.0f}"
    return f"{row['rows']:,.0f} rows{years}"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _rates(run: Run) -> pd.DataFrame:
    """Rates and assumptions of a run: rate, of, unit, value."""
    taken = [
        (f"{ASSUMPTION}: {name.replace('_', ' ')}", of, "", value)
        for name, values in run.manifest.assumptions.items()
        for of, value in zip(("central", "low", "high"), values, strict=True)
    ]
    columns = ["rate", "of", "unit", "value"]
    return pd.concat([run.tables["rates"][columns].fillna({"unit": ""}), pd.DataFrame(taken, columns=columns)])


def _kinds_and_phases(run: Run) -> pd.DataFrame:
    """Children by kind of place and phase: provision, phase, year and statistics; of other kinds, all phases only."""
    places, plans = (table[table["measure"] == CHILDREN] for table in (run.tables["places"], run.tables["plans"]))
    others = plans[~plans["provision"].isin(places["provision"])].assign(phase=TOTALS["phase"])
    return pd.concat([places, others], ignore_index=True)[["provision", "phase", "year", *STATISTICS]]


def _kinds(run: Run) -> pd.DataFrame:
    """Children by kind of place, all phases: provision, year, mean, p10, p90."""
    table = _kinds_and_phases(run)
    return table.loc[table["phase"] == TOTALS["phase"], ["provision", "year", "mean", "p10", "p90"]]


def _side_by_side(old: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Rows of both by `keys`, which no two rows of one share: those of `old` in its order, then what only `new` has."""
    before, after = old.set_index(keys), new.set_index(keys)
    order = before.index.append(after.index.difference(before.index, sort=False))
    return pd.concat([before.reindex(order), after.reindex(order)], axis="columns").reset_index()


def _with_change(both: pd.DataFrame) -> pd.DataFrame:
    """`both` with the change from `old` to `new`, and its share of `old`; unknown where `old` is none."""
    change = both["new"] - both["old"]
    return both.assign(change=change, change_share=change / both["old"].where(both["old"] != 0))


def _may_be_luck(both: pd.DataFrame, old: Run, new: Run) -> pd.Series:
    """Whether each change of a mean may be the luck of the draws; never where both runs drew the same futures."""
    variances = [
        ((both[f"{side}_p90"] - both[f"{side}_p10"]) / CENTRAL_80) ** 2 / run.luck[1]
        for side, run in (("old", old), ("new", new))
    ]
    most = LUCK * np.sqrt(variances[0] + variances[1]) + ROUNDING
    return (both["change"].abs() <= most) & (old.luck != new.luck)
