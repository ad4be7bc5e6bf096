"""How big a school should be: the question put to an area's futures, and everything that answers it.

Quantiles are of the sum that the question is about. Costs run over every January of the forecast; the firm stage is
measured at the January at which the school would be open to the full if it came on time.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from forecast.decide import occupancy
from forecast.decide.alternatives import Project, compare
from forecast.decide.ask import Ask
from forecast.decide.build_up import beside_others, build_up
from forecast.decide.case import Case, case_of, children_of
from forecast.decide.futures import Futures, futures_of
from forecast.decide.kinds import NAMES, earliest, in_futures, kinds_for, prices_asked, projects_of
from forecast.decide.newsvendor import best_size
from forecast.decide.priced import prices_table, standard
from forecast.decide.regret import LEAST_WORST, regret_table, verdicts
from forecast.decide.second import Second, second_of
from forecast.decide.stages import Stages, stages_of
from forecast.decide.value import (
    WAYS_ASKED,
    break_even_occupancy,
    break_even_year,
    by_payer,
    net_present_value,
    one_place,
)
from forecast.decide.wanted import relief
from forecast.decide.without_plan import counted
from forecast.inputs.area import Area
from forecast.inputs.reference_places import read_sizes
from forecast.places.costs import Costs, costs_of
from forecast.projection import Projection
from forecast.scenario.scenario import Scenario
from forecast.settings import Settings

MOST: Final = 60
"""Classes of the largest size that is looked at."""
VALUE: Final = ("saved", "occupancy", "year")
"""Measures of `Sized.value`: pounds saved against independent placements; share filled and January at which it pays."""


@dataclass(frozen=True, eq=False)
class Sized:
    """A size, and what it rests on."""

    case: Case
    by_year: pd.DataFrame
    """year, mean, p10, p50, p80, p90: children who want a place, from the latest census on."""
    relief: pd.DataFrame | None
    """The same of the most that a school for them could relieve; None where nobody is known to be short."""
    by_size: pd.DataFrame
    """size, year, open, full, tenth_empty, short, empty, from the opening on."""
    cheapest: int
    """Places with the least expected present value."""
    stages: Stages
    second: Second | None
    """When to decide on the second stage; None where there is none, or the forecast ends before it could open."""
    regret: pd.DataFrame
    """As `regret_table`, in whole classes; no rows where worlds were not asked for."""
    verdicts: pd.DataFrame
    """As `regret.verdicts`."""
    compared: int
    """Futures in which worlds were compared."""
    build_up: pd.DataFrame
    """As `build_up.build_up`, of the size `built`."""
    beside: pd.DataFrame
    """As `build_up.beside_others`, of the size `target`."""
    alternatives: pd.DataFrame
    """As `alternatives.compare`, of the size `target`; and opens (month), months (from decision to opening)."""
    prices: pd.DataFrame
    """As `prices_of_all`."""
    value: pd.DataFrame
    """measure, p10, p50, p90, share (of futures that have one), of the size `target`."""
    payers: pd.DataFrame
    """As `value.by_payer`, of the size `target`."""
    one_place: pd.DataFrame
    """As `value.one_place`."""

    @property
    def target(self) -> int:
        """Places that tables of one size are about: those asked about, or else both stages; one class at the least."""
        return target_of(self.case.ask, self.stages)

    @property
    def built(self) -> int:
        """Places built at once: those asked about, or else the firm stage; one class at the least."""
        return self.case.ask.places or self.stages.firm or self.target

    def children(self, year: int) -> dict[str, float]:
        """mean, p10, p50, p80, p90 of January `year`: children who want a place."""
        return _only(self.by_year[self.by_year["year"] == year])

    def fullness(self, size: int, year: int) -> dict[str, float]:
        """open, full, tenth_empty, short, empty of one of the sizes looked at, in January `year`."""
        return _only(self.by_size[(self.by_size["size"] == size) & (self.by_size["year"] == year)])

    @property
    def least_regret(self) -> int | None:
        """Size whose largest regret over the worlds is least; None where worlds were not compared."""
        rows = self.verdicts[self.verdicts["choice"] == LEAST_WORST] if len(self.verdicts) else self.verdicts
        return int(rows["size"].iloc[0]) if len(rows) else None


def size_school(
    area: Area, ask: Ask, settings: Settings, scenario: Scenario, *, worlds: bool = True, need_based: bool = False
) -> Sized:
    """How big a school for these children should be.

    Parameters
    ----------
    worlds : whether to set the policy worlds side by side, in fewer futures
    need_based : whether to count children in other places too who are taken to need one of this kind

    Raises
    ------
    InputFaults
        Everything that is wrong with the question.
    NoCost
        Nothing says what such a place costs.
    """
    last = last_january(area, settings)
    checked = ask.checked_against(area.about, last, settings.current_year, without_plan=counted(area))
    prices_of_all(costs_of(area), *standard(area.about, checked.provision, checked.needs))
    futures = futures_of(area, scenario, settings, [checked.span], worlds=worlds)
    return sized(futures, checked, need_based=need_based)


def last_january(area: Area, settings: Settings) -> int:
    """January that the forecast of an area ends with."""
    return max(settings.current_year, area.about.latest_census) + settings.horizon


def sized(futures: Futures, ask: Ask, *, need_based: bool = False) -> Sized:
    """As `size_school`, from futures that are there already.

    Parameters
    ----------
    ask : checked against the area, its year groups among the spans that the futures were made with
    """
    case = case_of(futures, ask, elsewhere=need_based)
    children, share, years, of = case.wanted, case.open_share, case.years, case.setting
    cheapest = best_size(children, share, case.prices)
    stages = stages_of(children[:, case.ready], cheapest, ask.class_size)
    target = target_of(ask, stages)
    project = Project(NAMES[case.kind], target, share, case.prices)
    sizes, ahead = sizes_of(case, {stages.firm, stages.both, target}), slice(case.opening, None)
    regret = _regret(futures, case, sizes)
    return Sized(
        case=case,
        by_year=occupancy.places_by_year(children, years),
        relief=_relief(futures.projection, case),
        by_size=occupancy.by_size(children[:, ahead], sizes, share[:, ahead], years[ahead]),
        cheapest=cheapest,
        stages=stages,
        second=second_of(case, stages, cheapest),
        regret=regret,
        verdicts=verdicts(regret) if len(regret) else pd.DataFrame(columns=["choice", "size"]),
        compared=min((each.demand.sizes["draw"] for each in futures.worlds.values()), default=0),
        build_up=build_up(children, ask.places or stages.firm or target, share, years, ask.class_size),
        beside=beside_others(target, _sizes_as_built()),
        alternatives=_alternatives(case, target),
        prices=prices_of_all(of.costs, of.provision, of.need, without_plan=of.without_plan > 0),
        one_place=one_place(of.costs, of.need, of.draws, of.seed),
        value=_value(project, case),
        payers=by_payer(project, children, years),
    )


def prices_of_all(costs: Costs, provision: str, need: str, *, without_plan: bool = False) -> pd.DataFrame:
    """As `priced.prices_table`, of every price that a question draws; raises what that does.

    Parameters
    ----------
    provision, need : standard codes
    without_plan : whether children without a plan are among those asked about
    """
    return prices_table(costs, need, [*prices_asked(provision, without_plan=without_plan), *WAYS_ASKED])


def target_of(ask: Ask, stages: Stages) -> int:
    """Places asked about, or else those of both stages; one class at the least."""
    return ask.places or stages.both or ask.class_size


def sizes_of(case: Case, also: set[int]) -> list[int]:
    """Sizes to look at: whole classes up to beyond what 9 futures in 10 need, and the sizes `also` but 0."""
    most = float(np.quantile(case.wanted[:, case.opening :], 0.9, axis=0).max())
    classes = min(max(int(most // case.ask.class_size) + 2, 3), MOST)
    step = case.ask.class_size
    return sorted({*range(step, step * (classes + 1), step), *also} - {0})


def _relief(projection: Projection, case: Case) -> pd.DataFrame | None:
    most = relief(projection, case.ask)
    return None if most is None else occupancy.places_by_year(most.to_numpy(), case.years)


def _regret(futures: Futures, case: Case, sizes: list[int]) -> pd.DataFrame:
    """Regret in the same few futures of every world, no school among the sizes."""
    if not futures.worlds:
        return pd.DataFrame(columns=["size", "world", "cost", "regret"])
    at = next(iter(futures.worlds.values())).demand["draw"].to_numpy()
    children = {
        world.words: children_of(futures, projection, case.ask, elsewhere=bool(case.elsewhere))
        for world, projection in futures.worlds.items()
    }
    return regret_table(children, case.open_share[at], in_futures(case.prices, at), [0, *sizes])


def _alternatives(case: Case, places: int) -> pd.DataFrame:
    """Every kind of project of the same size, decided now; and doing nothing."""
    setting = case.setting
    table = compare(list(projects_of(setting, places).values()), case.wanted, case.years)
    opens = {NAMES[kind]: earliest(setting, kind) for kind in kinds_for(setting.provision)}
    months = {NAMES[kind]: setting.kinds[kind].months for kind in kinds_for(setting.provision)}
    return table.assign(opens=table["project"].map(opens), months=table["project"].map(months))


def _value(project: Project, case: Case) -> pd.DataFrame:
    """What a project saves, and when it pays: quantiles of the futures in which it does at all."""
    found = {
        "saved": net_present_value(project, case.wanted),
        "occupancy": break_even_occupancy(project, case.wanted),
        "year": break_even_year(project, case.wanted, case.years),
    }
    rows = []
    for measure in VALUE:
        known = found[measure][np.isfinite(found[measure])]
        middle = np.quantile(known, [0.1, 0.5, 0.9]) if known.size else np.full(3, np.nan)
        rows.append((measure, *middle.tolist(), known.size / len(case.wanted)))
    return pd.DataFrame(rows, columns=["measure", "p10", "p50", "p90", "share"])


def _only(rows: pd.DataFrame) -> dict[str, float]:
    """The one row there is, by column."""
    [row] = rows.to_dict("records")
    return {str(name): float(value) for name, value in row.items()}


def _sizes_as_built() -> pd.DataFrame:
    """Sizes as commissioned, as a table."""
    fields = ("least", "most", "unit", "supported", "source")
    rows = [{"kind": kind, **{field: getattr(size, field) for field in fields}} for kind, size in read_sizes().items()]
    return pd.DataFrame(rows)
