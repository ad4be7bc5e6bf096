"""The replay that fits a question: of a council's own counts where it has them, else of its published figures."""

from typing import Final

from forecast.decide.case import Case
from forecast.decide.newsvendor import too_few
from forecast.decide.replay import NoReplay, Replay, published_replays, replay_published
from forecast.decide.replay_counted import CountedReplay, replay_counted, replayable
from forecast.domain import Provision
from forecast.fitted import PUBLISHED
from forecast.inputs.area import Area
from forecast.inputs.backtest_tables import FOLDER
from forecast.inputs.bundled import bundled
from forecast.inputs.replay_table import read_replay

LONG: Final = 5
"""Years ahead that a replay of published figures looks, or as many fewer as have come."""


def too_small_in_past() -> tuple[float, int]:
    """Share of past forecasts `LONG` years ahead whose P80 was too small, and of how many forecasts of authorities.

    Of state special schools, from `models/england/backtest/replay.csv`.

    Raises
    ------
    NoBacktest, InputFaults
        No table ships, or it is damaged.
    """
    table = read_replay(bundled("models", "england") / FOLDER)
    rows = table[table["ahead"].eq(LONG)]
    return float((rows["actual"] > rows["p80"]).mean()), len(rows)


def longest_replay(area: Area, case: Case) -> Replay | CountedReplay | None:
    """The replay that looks farthest ahead, from the latest January that allows it; None where there is none."""
    try:
        if area.about.kind == PUBLISHED:
            known = published_replays(area.about.la_code)
            origins = known.loc[known["ahead"].eq(LONG), "origin"].sort_values(ascending=False).tolist()
        else:
            origins = replayable(area)
        return replayed(area, case, origins[0]) if origins else None
    except NoReplay:
        return None


def replayed(area: Area, case: Case, origin: int) -> Replay | CountedReplay:
    """What would have been advised at January `origin`, and what came.

    Published figures are replayed at prices of the latest census: fees do not grow.

    Raises
    ------
    NoReplay
        There is nothing to replay from that January, or a place too few or too many costs nothing.
    """
    if area.about.kind != PUBLISHED:
        ask = case.ask
        return replay_counted(
            area,
            origin,
            case.projection.settings,
            provision=ask.provision,
            nc_from=ask.nc_from,
            nc_to=ask.nc_to,
            needs=ask.needs,
            districts=ask.districts,
        )
    if case.setting.provision != Provision.SPECIAL:
        why = "Published figures are replayed for state special schools only"
        raise NoReplay(why, "ask about state special schools, or import the council's own counts")
    known = published_replays(area.about.la_code)
    there = known.loc[known["origin"].eq(origin) & known["ahead"].le(LONG), "ahead"]
    ahead = LONG if there.empty else int(there.max())
    few, many = float(too_few(case.prices).mean()), float(case.many.mean())
    if few <= 0 or many <= 0:
        none = "few" if few <= 0 else "many"
        raise NoReplay(
            f"By the prices that hold here a place too {none} costs nothing, so no size would have been cheapest",
            "leave the replay out, or correct `place`, `transport`, `empty` and `capital` in the area's costs.csv",
        )
    return replay_published(area.about.la_code, origin, ahead, few, many)
