"""An area folder made from a witan.send project: its settings and needs stay the project's own.

Its `calendar-year` is a January. A transition of 2016 lies between January 2016 and January 2017
(`doc/dsdr/0003-transition-definition.md` of witan.send), so here it belongs to `year` 2017. The population of
calendar-year 2016 is that of the same January: there witan.send sets it beside the children of that label.
Year group n of January 2016 is the age n + 4 at mid-2015, so it is written as mid-2015, age n + 4.
"""

from pathlib import Path
from typing import Final

import pandas as pd

from forecast.domain import AGE_AT_RECEPTION, OWN, Need, Provision
from forecast.errors import Fault, InputFaults
from forecast.inputs.about import About, District, Source, Status, reserved
from forecast.inputs.ons import ESTIMATE
from forecast.inputs.witan_project import Project, read_project

PROJECTED: Final = "witan project"
"""Variant of the population after the latest January of the transitions."""
_NOTES: Final = (
    "Codes of settings and needs are a witan.send project's: one spelt as a standard label means that; others are own.",
    "Joiners are counted as new plans, though some moved in with a plan: the project does not tell them apart.",
    "Children have no district: the whole area is one.",
)


def witan_area(folder: Path, name: str, *, synthetic: bool = False) -> tuple[About, dict[str, pd.DataFrame]]:
    """What an area folder made from a witan.send project says: `area.toml` and the tables.

    Parameters
    ----------
    folder : holds `config.edn` and the files that it names
    name : of the area, and of its one district
    synthetic : whether the project's children are invented; then every output says so

    Raises
    ------
    InputFaults
        Every fault of every file of the project.
    """
    if reserved([name]) or not name.strip() or ";" in name:
        raise InputFaults([Fault("--name", 0, "", "cannot be the name of an area", "write its name without `;`")])
    name = " ".join(name.split())
    project = read_project(folder)
    rows, latest = project.transitions, int(project.transitions["year"].max()) + 1
    about = About(
        format=1,
        name=name,
        kind="counts",
        synthetic=synthetic,
        latest_census=latest,
        needs={label: _need(label) for label in project.needs},
        provisions={label: _provision(label) for label in project.settings},
        districts=(District(name=name),),
        notes=(*_NOTES, *_told_twice(rows), *_changed_need(rows), *_left_out(project)),
        sources=_sources(project, synthetic=synthetic),
    )
    tables = {
        "placements": _spanned(_placements(rows, name)),
        "flows": _spanned(_flows(rows, name)),
        "moves": _moves(rows, name),
        "population": _population(project, latest, name),
    }
    return about, tables


def _need(label: str) -> Need | str:
    """The standard need that a code is spelt as, whatever its capitals, or `own`."""
    return {need.value.casefold(): need for need in Need}.get(label.casefold(), OWN)


def _provision(label: str) -> Provision | str:
    """The standard provision that a code is spelt as, whatever its capitals, or `own`."""
    return {kind.value.casefold(): kind for kind in Provision}.get(label.casefold(), OWN)


def _side(rows: pd.DataFrame, side: int, district: str) -> pd.DataFrame:
    """Where children with a plan are at one end of their transitions; `year` is that end's January."""
    held = rows[rows[f"plan_{side}"]]
    return pd.DataFrame(
        {
            "year": held["year"] + side - 1,
            "district": district,
            "need": held[f"need_{side}"],
            "nc_year": held[f"nc_year_{side}"],
            "provision": held[f"setting_{side}"],
        }
    )


def _counted(children: pd.DataFrame) -> pd.DataFrame:
    """One row a cell, with its children."""
    return children.value_counts(sort=False).rename("children").reset_index().sort_values(list(children.columns))


def _placements(rows: pd.DataFrame, district: str) -> pd.DataFrame:
    """Children at each January: where its own transitions begin, or at the last where the others end."""
    before, after = (_side(rows, side, district) for side in (1, 2))
    return _counted(pd.concat([before, after[~after["year"].isin(before["year"])]]))


def _flows(rows: pd.DataFrame, district: str) -> pd.DataFrame:
    """First plans at the year group of the January after, ceased plans at that of the January before."""
    joined = _side(rows[~rows["plan_1"]], 2, district)
    left = _side(rows[~rows["plan_2"]], 1, district)
    flows = {"start": joined, "cease": left.assign(year=left["year"] + 1)}
    return pd.concat([_counted(children).assign(flow=flow) for flow, children in flows.items()], ignore_index=True)


def _moves(rows: pd.DataFrame, district: str) -> pd.DataFrame:
    """Children who kept a plan, by the need after, the year group before, and both settings."""
    kept = rows[rows["plan_1"] & rows["plan_2"]]
    before = _side(kept, 1, district)
    return _counted(before.assign(year=before["year"] + 1, need=kept["need_2"], to=kept["setting_2"]))


def _population(project: Project, latest: int, district: str) -> pd.DataFrame:
    """Residents by mid-year and age."""
    people = project.population
    return pd.DataFrame(
        {
            "mid_year": people["year"] - 1,
            "variant": people["year"].le(latest).map({True: ESTIMATE, False: PROJECTED}),
            "district": district,
            "age": people["nc_year"] + AGE_AT_RECEPTION,
            "people": people["people"],
        }
    ).sort_values(["mid_year", "age"], ignore_index=True)


def _spanned(table: pd.DataFrame) -> pd.DataFrame:
    """One year group as a first and a last."""
    return table.assign(nc_from=table["nc_year"], nc_to=table["nc_year"]).drop(columns="nc_year")


def _told_twice(rows: pd.DataFrame) -> list[str]:
    """How far the ends of transitions and the beginnings of the next ones disagree: a sentence, if they do."""
    before, after = (_side(rows, side, "") for side in (1, 2))
    both = sorted(set(before["year"]) & set(after["year"]))
    begin, end = (children[children["year"].isin(both)].value_counts() for children in (before, after))
    apart = int(begin.sub(end, fill_value=0).abs().sum())
    if not apart:
        return []
    said = (
        f"January {both[0]} to {both[-1]}: where a year's transitions end ({int(end.sum()):,} children) is not where "
        f"the next year's begin ({int(begin.sum()):,}); {apart:,} differ, counting each placement. The beginnings are "
        "used, because moves and ceased plans are counted from them; the latest January has only ends."
    )
    return [said]


def _changed_need(rows: pd.DataFrame) -> list[str]:
    """How many needs changed, which the tables cannot say."""
    kept = rows[rows["plan_1"] & rows["plan_2"]]
    changed = int(kept["need_1"].ne(kept["need_2"]).sum())
    if not changed:
        return []
    return [f"{changed:,} children kept a plan under another need: their moves count under the later one."]


def _left_out(project: Project) -> list[str]:
    """Parts of the project that an area folder has no place for."""
    costs = [name for name in project.files if "cost" in name]
    said = [f"Costs of the project ({costs[0]}) are not taken over."] if costs else []
    if project.unused:
        said.append(f"Scenario settings of config.edn are not taken over: {', '.join(project.unused)}.")
    return said


def _sources(project: Project, *, synthetic: bool) -> tuple[Source, ...]:
    """One a table, with what each file held."""
    status: Status = "synthetic" if synthetic else "counted"
    said = {sentence.partition(":")[0]: sentence for sentence in project.said}
    transitions, population, *others = (said[name] for name in project.files)
    rows = [
        ("placements.csv, flows.csv, moves.csv", transitions),
        ("population.csv", population),
        *(("the project", sentence) for sentence in others),
    ]
    return tuple(Source(table=table, status=status, source=f"witan.send project, {said}") for table, said in rows)
