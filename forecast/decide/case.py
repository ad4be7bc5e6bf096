"""A question on its futures: who wants the places, how much of the school is open, what it costs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from forecast.decide.ask import Ask
from forecast.decide.futures import Futures
from forecast.decide.kinds import Setting, kind_of, prices_of, share_open_of
from forecast.decide.newsvendor import fractile, too_few, too_many
from forecast.decide.priced import standard
from forecast.decide.prices import Prices
from forecast.decide.wanted import THETAS, freed, group, judged, need_based, wanted, without_a_plan
from forecast.decide.without_plan import fill, in_futures
from forecast.inputs.assumptions import Assumption
from forecast.inputs.reference_places import read_projects
from forecast.model.raking import Array
from forecast.places.costs import costs_at, costs_of
from forecast.projection import Projection


@dataclass(frozen=True, eq=False)
class Case:
    """A question on its futures. Places are for the area's own children; pounds are real."""

    ask: Ask
    projection: Projection
    """For words: its labels, notes, years and world; children only of its first future."""
    setting: Setting
    kind: str
    """Kind of project, of `projects.csv`."""
    short: bool
    """Whether the children are short of a place; else they are more than at the latest census."""
    elsewhere: Mapping[str, Assumption]
    """By what shares children in other places are counted too, who are taken to need one of this kind; mostly none."""
    opening: int
    """Position in `years` of the first January that the school is to be open."""
    ready: int
    """Position of the January at which it would be open to the full if it came on time, or of the last there is."""
    now: float
    """Children of the question in places of this kind at the latest census, the mean of the futures."""
    wanted: Array
    """Children of the question who want a place: (draw, year)."""
    open_share: Array
    """Share of its places open: (draw, year)."""
    prices: Prices
    few: Array
    """Pounds a year that a place too few costs, in the January `ready`: (draw)."""
    many: Array
    """Pounds a year that a place too many costs: (draw)."""

    @property
    def years(self) -> tuple[int, ...]:
        """Januaries, the latest census first."""
        return self.setting.years

    @property
    def coming(self) -> int:
        """Position in `years` of the next count: at the latest census itself all futures are alike."""
        return max(self.years.index(self.setting.coming), 1)

    @property
    def filled_by_both(self) -> bool:
        """Whether the places asked about are filled by children without a plan too."""
        return fill(self.projection, self.ask.provision)

    @property
    def fractile(self) -> float:
        """Share of futures that the cheapest size would be enough for, in one year of mean costs."""
        return float(fractile(float(self.few.mean()), float(self.many.mean())))


def case_of(futures: Futures, ask: Ask, *, elsewhere: bool = False) -> Case:
    """Put a question to an area's futures.

    Parameters
    ----------
    ask : checked against the area, its year groups among the spans that the futures were made with
    elsewhere : whether to count children in other places too who are taken to need one of this kind
    """
    projection, setting = futures.projection, _setting(futures, ask)
    kind, years = kind_of(setting.provision), setting.years
    opening = years.index(ask.january)
    ready = min(opening + len(setting.kinds[kind].ramp) - 1, len(years) - 1)
    prices = prices_of(setting, kind)
    return Case(
        ask=ask,
        projection=for_words(projection),
        setting=setting,
        kind=kind,
        short=judged(projection, ask.provision),
        elsewhere={name: futures.assumptions[name] for name in THETAS} if elsewhere else {},
        opening=opening,
        ready=ready,
        now=float(group(projection, ask).isel(year=0).mean()),
        wanted=children_of(futures, projection, ask, elsewhere=elsewhere),
        open_share=share_open_of(setting, kind, ask.opens),
        prices=prices,
        few=np.broadcast_to(too_few(prices, ready), setting.draws),
        many=np.broadcast_to(too_many(prices), setting.draws),
    )


def for_words(projection: Projection) -> Projection:
    """The projection with what words need and no more, so that an answer can be kept without all futures."""
    return replace(
        projection,
        demand=projection.demand.isel(draw=[0]),
        by_band=None,
        register=None,
        district_factors=None,
        short=None,
        ap=in_futures(projection.ap, projection.demand["draw"].to_numpy()[:1].tolist()),
    )


def children_of(futures: Futures, projection: Projection, ask: Ask, *, elsewhere: bool) -> Array:
    """Children of the question who want a place: (draw, year).

    Parameters
    ----------
    projection : that of the futures, or one of its worlds
    """
    children = freed(projection, ask) if ask.freeing else wanted(projection, ask)
    if elsewhere:
        children = children + need_based(projection, ask, futures.assumptions)
    return children.transpose("draw", "year").to_numpy()


def _setting(futures: Futures, ask: Ask) -> Setting:
    """Years, futures, costs and day that the question is set in."""
    projection, area = futures.projection, futures.area
    provision, need = standard(area.about, ask.provision, ask.needs)
    return Setting(
        ask=ask,
        years=tuple(projection.demand["year"].to_numpy().tolist()),
        draws=projection.demand.sizes["draw"],
        seed=projection.settings.seed,
        without_plan=float(without_a_plan(projection, ask).sel(year=ask.january)),
        late=futures.assumptions["delay_months"],
        costs=costs_of(area) if projection.prices is None else costs_at(projection.prices, ask.january),
        provision=provision,
        need=need,
        kinds=dict(read_projects()),
        coming=max(projection.settings.current_year, projection.base),
    )
