"""Made-up counts, the door's way with them, and a reader who attacks what it shows, written apart from it."""

from dataclasses import replace
from itertools import product
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd
from builders_projection import with_places, with_real_places
from scipy.optimize import Bounds, LinearConstraint, milp

from forecast.domain import NC_YEARS, PHASES
from forecast.inputs.about import District
from forecast.report.door_cells import Census, census_frame, forecast_frames
from forecast.report.door_pattern import decide
from forecast.report.run_folder import write_run
from forecast.report.tables import all_tables

AXES = ("district", "need", "provision", "phase")
FORMULAS = ("=2+3", "@Fict", "-Mock", "+Noti")
OLD_NEED, FORMULA_NEED = "SPLD", "=SPLD"
AHEAD = 5
"""Januaries after the census that a run of these tests looks ahead."""
EVERY_MARGIN = tuple(by for by in product((0, 1), repeat=3) if sum(by) < 3)
SMALL = {"publication": range(1, 5), "strict": range(1, 8)}
FROM_RECORD = {
    "inputs": pd.DataFrame([["placements.csv", 1, 2021, 2025, "5ec7e7"]],
                           columns=["file", "rows", "first_year", "last_year", "sha256"]),
    "rates": pd.DataFrame([["new plans a year", "primary", "per 1,000 residents", 3.14159]],
                          columns=["rate", "of", "unit", "value"]),
}  # fmt: skip


def a_census(cube):
    """A census of children by district, need, kind of place and, if there is a fourth axis, phase: whole numbers."""
    phases = [phase.value for phase in PHASES]
    axes = {axis: tuple(f"{axis} {n}" for n in range(size)) for axis, size in zip(AXES, cube.shape, strict=False)}
    axes["phase"] = tuple(phases[: cube.shape[3] if cube.ndim > 3 else 1])
    return Census(axes, cube.astype(float).ravel(), {})


def sums(cube, tables, regrouped=()):
    """Every line of some tables: 0/1 arrays of the shape of `cube`, none of them twice.

    Parameters
    ----------
    tables : each a tuple of 0 and 1, whether it tells the labels of an axis apart
    regrouped : groups of districts, by each of which every table is given once more
    """
    groupings = [[[n] for n in range(cube.shape[0])], *([regrouped] if regrouped else [])]
    found = {}
    for districts, by in product(groupings, tables):
        labels = [districts if axis == 0 else [[n] for n in range(size)] for axis, size in enumerate(cube.shape)]
        for chosen in product(*([*part] if told else [None] for part, told in zip(labels, by, strict=True))):
            line = np.ones(cube.shape, dtype=int)
            for axis, kept in enumerate(chosen):
                if kept is not None:
                    line *= np.isin(np.arange(cube.shape[axis]), kept).reshape(
                        np.roll([-1] + [1] * (cube.ndim - 1), axis)
                    )
            found[line.tobytes()] = line
    return np.array(list(found.values()))


def through_the_door(cube, lines, profile, known=(), later=()):
    """What is shown of each line: a number, or None where it is hidden."""
    census = a_census(cube)
    cells = lines.reshape(len(lines), -1).astype(bool)
    frames = [census_frame(census, cells, known), *forecast_frames(cells, later)]
    nothing = np.zeros(len(lines), dtype=bool)
    hidden, _ = decide(frames, nothing, nothing, [["a table"]] * len(lines), profile)
    shown = profile.rounded(frames[0].values)
    return [None if secret else number for secret, number in zip(hidden, shown, strict=True)]


def could_be(shown, name):
    """Least and most whole children behind a number that is shown, by trying them."""
    counts = [n for n in range(int(shown) + 9) if n not in SMALL[name] and int(n / 5 + 0.5) * 5 == shown]
    return min(counts), max(counts)


def attack(cube, lines, shown, name, totals=()):
    """Least and most that each hidden small line can be, over whole tables: line -> (least, most).

    A bound is not sought past 0 or the threshold.

    Parameters
    ----------
    totals : 0/1 arrays of the shape of `cube` whose sums are published
    """
    told = [(line, could_be(number, name)) for line, number in zip(lines, shown, strict=True) if number is not None]
    told += [(line, ((line * cube).sum(),) * 2) for line in totals]
    rules = np.array([line.ravel() for line, _ in told]), *np.array([ends for _, ends in told]).T
    known = LinearConstraint(*rules) if told else ()
    flat = lines.reshape(len(lines), -1)
    least = most = flat @ cube.ravel()
    small = [n for n, number in enumerate(shown) if number is None and most[n] in SMALL[name]]
    for number, (sign, end) in product(small, ((1, 0), (-1, max(SMALL[name])))):
        if least[number] > end if sign == 1 else most[number] < end:
            whole = np.ones(cube.size)
            best = milp(sign * flat[number], integrality=whole, bounds=Bounds(0, 999), constraints=known)
            seen = flat @ best.x.round().astype(int)
            least, most = np.minimum(least, seen), np.maximum(most, seen)
    return {number: (least[number], most[number]) for number in small}


def a_run(folder, projection, tables=None):
    """A run folder of few years, with all that the program writes but charts, which the door does not read."""
    years = slice(0, AHEAD + 1)
    by_year = ("demand", "expected", "places", "population", "england_special_rate")
    short = replace(projection, **{name: getattr(projection, name).isel(year=years) for name in by_year})
    if short.register is not None:
        short = with_places(short, short.places)
    with patch("forecast.report.run_folder.figures", return_value=[]):
        return write_run(short, {**(tables or all_tables(short)), **FROM_RECORD}, Path(folder))


def by_year_group(projection):
    """The same, its children at the census counted by year group and not only by phase."""
    rng, expected = np.random.default_rng(3), projection.expected.copy()
    years = [list(group) for group in PHASES.values()]
    for cell in np.argwhere(projection.demand[0, 0].to_numpy() > 0):
        district, need, phase, provision = cell
        group = years[phase]
        split = rng.multinomial(int(projection.demand[0, 0][tuple(cell)]), np.ones(len(group)) / len(group))
        expected[0, district, need, [NC_YEARS.index(year) for year in group], provision] = split
    return replace(projection, expected=expected)


def named_like_formulas(projection):
    """The same, its districts and one need named as a spreadsheet would begin a formula."""
    districts = dict(zip(projection.about.district_names, FORMULAS, strict=True))
    labels = {**districts, OLD_NEED: FORMULA_NEED}
    arrays = {}
    for name in ("demand", "expected", "population"):
        array = getattr(projection, name)
        axes = {
            axis: [labels.get(label, label) for label in array[axis].to_numpy()]
            for axis in ("district", "need")
            if axis in array.dims
        }
        arrays[name] = array.assign_coords(axes)
    needs = {labels.get(need, need): meaning for need, meaning in projection.about.needs.items()}
    about = projection.about.model_copy(
        update={
            "districts": [District(name=name) for name in FORMULAS],
            "needs": needs,
        }
    )
    return replace(projection, about=about, **arrays)


def two_scenarios(folder, districts=2):
    """Runs of one area under two scenarios: the second has fewer children in alternative provision."""
    first = by_year_group(with_real_places(districts=districts, draws=20, synthetic=True))
    later = (first.demand["year"] > 2025) & (first.demand["provision"] == "alternative")
    demand = first.demand.where(~later, first.demand // 2).transpose(*first.demand.dims)
    return a_run(folder, first), a_run(folder, replace(first, scenario="=early help", demand=demand))
