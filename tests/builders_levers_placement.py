"""An area in which everything happens at once, whose labels mean what they say, and what a lever changes in it."""

import numpy as np
from builders_model import busy, expected, without, worcestershire_drivers

from forecast.domain import NC_YEARS
from forecast.scenario.bases import ExpandBases
from forecast.scenario.homeward import BringHome
from forecast.scenario.placement import Rebalance, ShiftPlacement

PLACES = ("mainstream", "special", "base", "independent")
AGE = {age: at for at, age in enumerate(NC_YEARS)}
"""Position of each year group."""


def meaning(drivers, **others):
    """`drivers` whose labels mean what they say, but for the others named."""
    means = {label: others.get(label, label) for label in drivers["provision"].to_numpy().tolist()}
    return drivers.assign_attrs(means=means, seed=1)


def area(**labels):
    """Three years of two districts."""
    return meaning(busy(**{"provisions": PLACES} | labels))


def settled(drivers):
    """`drivers` in which nobody starts a plan, leaves, comes or moves."""
    still = without(drivers, "start_rate", "arrive", "leave")
    staying = np.eye(drivers.sizes["to"])
    move = still["move"].copy(data=np.broadcast_to(staying, still["move"].shape))
    return still.assign(move=move, entrants=still["entrants"] * 0 + 1)


def unsteered(drivers):
    """`drivers` whose entrants are multiplied by nothing."""
    return drivers.assign(entrants=drivers["entrants"] * 0 + 1)


def county(draws=6, horizon=8):
    """The bundled area: (drivers), for a short run."""
    return worcestershire_drivers(draws=draws, horizon=horizon)


def changed(lever, drivers):
    """Children whom a lever adds or takes away: (draw, year, district, need, nc_year, provision)."""
    return expected(lever.apply(drivers)) - expected(drivers)


def at(drivers, label):
    """Position of a kind of place."""
    return drivers["provision"].to_numpy().tolist().index(label)


def entering(drivers, label, ways=("starts", "movers")):
    """Who comes to a kind of place in the first year, from rates alone: (draw, district, need, nc_year).

    Only where entrants are multiplied by nothing and chances have neither districts nor years.
    """
    one = {name: drivers[name].to_numpy() for name in drivers.data_vars}
    kept = one["stock"] * (1 - one["leave"])
    kept[:, :, -1] = 0
    moving = np.einsum("dnap,napq->dnaq", kept, one["move"])[..., at(drivers, label)]
    same = kept[..., at(drivers, label)] * one["move"][..., at(drivers, label), at(drivers, label)]
    came = {"movers": moving - same, "staying": same}
    older = {way: np.concatenate([0 * who[:, :, :1], who[:, :, :-1]], axis=2) for way, who in came.items()}
    carried = np.concatenate([0 * kept[:, :, :1], kept[:, :, :-1]], axis=2).sum(axis=3) + one["arrive"][0].sum(axis=3)
    limit, least = one["ceiling"][:, None, None] * one["population"][0], 0.02 * one["population"][0]
    room = np.maximum(limit - carried.sum(axis=1), least)
    starts = room[:, :, None] * one["start_rate"][:, 0, None]
    total = starts.sum(axis=2, keepdims=True)
    starts = starts * np.minimum(1, room[:, :, None] / np.where(total > 0, total, 1))
    placed = starts * one["start_mix"][None, None, ..., at(drivers, label)]
    return sum({"starts": placed, **{way: who[None] for way, who in older.items()}}[way] for way in ways)


def shift(**fields):
    given = {"from": 2026, "instead_of": "special", "to": "mainstream", "share": 0.5}
    return ShiftPlacement.model_validate(given | fields)


def rebalance(**fields):
    return Rebalance.model_validate({"from": 2026, "share": 0.4, "support": 6000} | fields)


def home(**fields):
    return BringHome.model_validate({"from": 2026, "share": 0.3} | fields)


def bases(**fields):
    return ExpandBases.model_validate({"from": 2027, "fill": 1, "from_special": 0.3} | fields)
