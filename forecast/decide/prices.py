"""What places cost, and the bill of the children who have one and of those who do not.

Pounds are real. Index 0 of a `year` axis is the latest census: fees grow from it and it is what money is discounted to.
A price is one number, or one a future, so that what is not known of it is carried into every total.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from forecast.decide.occupancy import filled, standing
from forecast.errors import ForecastError
from forecast.model.raking import Array

Price = float | Array
"""One number, or one a future: (draw)."""


class BadPrice(ForecastError):
    """Prices that no cost can be made from."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(f"These prices cannot be used: {'; '.join(faults)}; correct their rows of costs.csv.")


class BadFutures(ForecastError):
    """Children or places of the futures that cannot be counted."""

    def __init__(self, what: str) -> None:
        super().__init__(f"The futures cannot be costed: {what}; give one row a future and one column a January.")


@dataclass(frozen=True)
class Prices:
    """Real pounds a place and year, but where said otherwise."""

    place: Price
    """A child in the new place: place funding and top-up."""
    transport: Price
    """Taking that child to the new place."""
    independent: Price
    """A child placed elsewhere for want of the new place, at the latest census: in an independent or non-maintained
    school or, without a plan, in alternative provision that the council pays for. A fee: it grows."""
    independent_transport: Price
    """Taking that child there."""
    empty: Price
    """Place funding of a place that stands empty."""
    capital: Price
    """Pounds to build one place, once."""
    capital_expansion: Price
    """Pounds to build one place of a second stage, once."""
    fee_growth: Price
    """Real growth of `independent`, a share a year."""
    discount: Price
    """Discount rate, a share a year."""
    life: Price
    """Years over which capital is spread."""

    def __post_init__(self) -> None:
        """Refuse what no cost can be made from.

        Raises
        ------
        BadPrice
            A price is below 0 or not a number, the life is 0, or fees fall by their whole.
        """
        faults = [
            f"{field.name} must be {'above' if field.name in {'life', 'fee_growth'} else 'at least'} {least:g}"
            for field in fields(self)
            for least in [-1.0 if field.name == "fee_growth" else 0.0]
            if not _above(getattr(self, field.name), least, strictly=field.name in {"life", "fee_growth"})
        ]
        if faults:
            raise BadPrice(faults)

    def fee(self, years: int) -> Array:
        """A place elsewhere, `independent`, at each January: (draw or 1, year)."""
        return column(self.independent) * (1 + column(self.fee_growth)) ** np.arange(years)

    def worth(self, years: int) -> Array:
        """What a pound of each January is worth at the latest census: (draw or 1, year)."""
        return (1 + column(self.discount)) ** -np.arange(years, dtype=np.float64)

    def capital_a_year(self, size: float, open_share: Array) -> Array:
        """Capital of `size` places, from the first January that the school is open: (draw, year), pounds."""
        return size * column(annuity(self.capital, self.life, self.discount)) * standing(open_share)

    def expansion_a_year(self, size: float, open_share: Array) -> Array:
        """Capital of `size` places of a second stage, from the first January that it is open: (draw, year), pounds."""
        return size * column(annuity(self.capital_expansion, self.life, self.discount)) * standing(open_share)


def _above(price: Price, least: float, *, strictly: bool) -> bool:
    """Whether every value of a price is a number, and above `least`."""
    values = np.asarray(price, dtype=np.float64)
    return bool(np.isfinite(values).all() and ((values > least) if strictly else (values >= least)).all())


def column(price: Price) -> Array:
    """A price to set against (draw, year): (draw or 1, 1)."""
    return np.asarray(price, dtype=np.float64).reshape(-1, 1)


def annuity(capital: Price, life: Price, discount: Price) -> Price:
    """Equal yearly payments over `life` years that are worth `capital` at its start, the first a year after it.

    Parameters
    ----------
    capital : pounds
    life : years
    discount : share a year; without one, `capital` is shared equally

    Returns
    -------
    Pounds a year, (draw) where any of them is.
    """
    money, years, rate = (np.asarray(x, dtype=np.float64) for x in (capital, life, discount))
    safe = np.where(rate > 0, rate, 1.0)
    share = np.where(rate > 0, safe / (1 - (1 + safe) ** -years), 1 / years)
    paid = np.asarray(money * share)
    return float(paid) if paid.ndim == 0 else paid


@dataclass(frozen=True)
class Bill:
    """What all `wanted` children cost, in or out of the new school: arrays alike, (draw, year) or (draw), pounds."""

    run: Array
    """Children in the new places."""
    empty: Array
    """New places that stand empty."""
    capital: Array
    """The building, as yearly payments."""
    independent: Array
    """Children in independent schools for want of a place."""
    transport: Array
    """Of both."""

    @property
    def total(self) -> Array:
        """All five."""
        return self.revenue + self.capital

    @property
    def revenue(self) -> Array:
        """All but capital."""
        return self.run + self.empty + self.independent + self.transport

    @property
    def mean(self) -> dict[str, float]:
        """Each component and the total, the mean of all numbers held: for a present value, the expected one."""
        return {field.name: float(getattr(self, field.name).mean()) for field in fields(self)} | {
            "total": float(self.total.mean())
        }

    @property
    def parts(self) -> tuple[Array, ...]:
        """The five, in the order above."""
        return (self.run, self.empty, self.capital, self.independent, self.transport)

    def each(self, change: Callable[[Array], Array]) -> "Bill":
        """The bill with `change` done to each component."""
        return Bill(*(change(part) for part in self.parts))

    def less(self, other: "Bill") -> "Bill":
        """What this bill is above another, component by component, future by future."""
        return Bill(*(mine - theirs for mine, theirs in zip(self.parts, other.parts, strict=True)))

    def present(self, prices: Prices) -> "Bill":
        """(draw, year) to (draw): the sum over the years, each at its worth at the latest census."""
        return self.each(lambda part: (part * prices.worth(part.shape[1])).sum(axis=1))


def bill(wanted: Array, taken: Array, places: Array, capital: Array, prices: Prices) -> Bill:
    """What each year costs: (draw, year).

    Parameters
    ----------
    wanted : (draw, year)
        Children who want a place.
    taken : (draw, year)
        Children who have one, no more than `wanted` or `places`.
    places : (draw, year)
        Open.
    capital : (draw, year)
        Pounds a year.
    """
    short = wanted - taken
    parts = (
        taken * column(prices.place),
        (places - taken) * column(prices.empty),
        capital,
        short * prices.fee(wanted.shape[1]),
        taken * column(prices.transport) + short * column(prices.independent_transport),
    )
    return Bill(*(np.broadcast_to(part, wanted.shape).astype(np.float64) for part in parts))


def yearly(size: float, wanted: Array, open_share: Array, prices: Prices) -> Bill:
    """What each year costs with a school of `size` places: (draw, year).

    Raises
    ------
    BadFutures
        The two arrays differ in shape, hold what is below 0 or not a number, or have other draws than the prices.
    """
    checked(wanted, open_share, prices)
    taken = filled(wanted, size, open_share)
    return bill(wanted, taken, size * open_share, prices.capital_a_year(size, open_share), prices)


def checked(wanted: Array, open_share: Array, prices: Prices) -> None:
    """Refuse futures that would give a wrong answer without a word.

    Raises
    ------
    BadFutures
        The two arrays differ in shape, hold what is below 0 or not a number, or have other draws than the prices.
    """
    if wanted.shape != open_share.shape:
        raise BadFutures(f"children are {wanted.shape} and places {open_share.shape}")
    for what, values in (("children", wanted), ("shares of places", open_share)):
        if not (np.isfinite(values).all() and (values >= 0).all()):
            raise BadFutures(f"some {what} are below 0 or not a number")
    if not {np.size(getattr(prices, field.name)) for field in fields(prices)} <= {1, len(wanted)}:
        raise BadFutures(f"prices are not of the same {len(wanted)} futures")
