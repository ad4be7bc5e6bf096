"""Prices that change: unit costs and fees set anew, or multiplied, from an academic year on.

Levers on the prices of `costs.csv`, in a table with a column more: `from_year`, the January from which a row holds, 0
being always. Of the rows of one item, kind of place and need, the one with the latest `from_year` that has come holds.
"""

from collections.abc import Hashable, Mapping
from itertools import groupby
from typing import Annotated, Any, Final, Literal, Self

import pandas as pd
from pydantic import BeforeValidator, model_validator

from forecast.domain import ALL, FACTOR_HIGH, FACTOR_LOW, Need, Provision, academic_year
from forecast.errors import ForecastError
from forecast.scenario.claims import Claim, How
from forecast.scenario.dated import Dated
from forecast.scenario.place_rows import said_by
from forecast.scenario.written import AcademicYear, Multiple, Pounds, supported

KEY: Final = ["item", "provision", "need"]
"""Columns that together name a price."""
Item = Literal[
    "place",
    "transport",
    "empty",
    "ap_elsewhere",
    "capital",
    "capital_satellite",
    "capital_expansion",
    "fee_growth",
    "discount",
    "life",
]
Row = dict[Hashable, Any]
InPounds = Literal["place", "transport", "empty", "ap_elsewhere", "capital", "capital_satellite", "capital_expansion"]


def all_or_one(written: object) -> object:
    """`all`, as costs.csv writes it, as nothing named."""
    return None if written == ALL else written


class Repricing(Dated):
    """Base of the levers on prices: which price, and for how long."""

    until: AcademicYear | None = None
    """Last academic year in which it holds; for good if left out. After it the price is what it would have been."""
    provision: Annotated[Provision | None, BeforeValidator(all_or_one)] = None
    """Standard kind of place."""
    need: Annotated[Need | None, BeforeValidator(all_or_one)] = None
    """Standard need."""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until is not None and self.until < self.from_year:
            msg = f"it ends in {academic_year(self.until)}, before it begins in {academic_year(self.from_year)}"
            raise ValueError(msg)
        return self

    @property
    def supported(self) -> bool:
        """Whether anything but judgement stands behind it."""
        return supported(self.evidence)

    def cells(self, unnamed: frozenset[str]) -> dict[str, frozenset[str]]:
        """Axis -> labels of the rows that it acts on; an axis without labels is meant whole.

        Parameters
        ----------
        unnamed : what is meant where no kind of place, or no need, is named
        """
        named = {"provision": self.provision, "need": self.need}
        cells = {axis: frozenset({str(label)}) if label else unnamed for axis, label in named.items()}
        return {axis: labels for axis, labels in cells.items() if labels}


class SetPrice(Repricing):
    """A unit cost or a fee is a new one: the row of `costs.csv` for this item, kind of place and need.

    A kind of place or a need that has a row of its own keeps that.
    """

    kind: Literal["set_price"] = "set_price"
    item: Item
    """What it is the price of, as in costs.csv: `place` is a child taught, `transport` a child carried, `empty` a place
    that nobody fills, `capital` a place built."""
    price: Pounds
    """The price in the unit of the item, real pounds for most, with its low and high. It is dear or cheap in the same
    futures as the price in whose place it stands."""

    @model_validator(mode="after")
    def _fits_the_unit(self) -> Self:
        if self.item in {"fee_growth", "discount"} and self.price.high > 1:
            msg = f"{self.item} is a share a year, at most 1; write 0.035 for 3.5%"
            raise ValueError(msg)
        if self.item == "life" and self.price.low < 1:
            msg = "life is in years, 1 or more"
            raise ValueError(msg)
        return self

    def reprice(self, prices: pd.DataFrame) -> pd.DataFrame:
        """The prices with a row more, and another to end it; the very same where it sets what holds anyway.

        Raises
        ------
        NoSuchPrice
            It ends, and nothing says what such a thing costs after that.
        """
        from forecast.inputs.schemas_places import ITEMS  # noqa: PLC0415 - pandera takes a second to import

        named: Row = {"item": self.item, "provision": str(self.provision or ALL), "need": str(self.need or ALL)}
        said: Row = {"value": self.price.value, "low": self.price.low, "high": self.price.high}
        mine = [row for row in prices.to_dict("records") if named.items() <= row.items()]
        if not mine and self.until is not None:
            raise NoSuchPrice(
                named, prices, f"leave `until` out, or set the price from {academic_year(self.until + 1)}"
            )
        held = _in_force(mine, self.from_year, self.until)
        if held and all(said.items() <= row.items() for row in held):
            return prices
        basis: Row = {"unit": ITEMS[self.item], "supported": self.supported, "source": f"scenario: {said_by(self)}"}
        new: Row = {**named, **said, **basis, "from_year": self.from_year}
        return _table(prices, _others(prices, mine), _between(mine, [new], self.from_year, self.until))

    def claims(self) -> tuple[Claim, ...]:
        """The price of that row."""
        cells = self.cells(frozenset({ALL}))
        return (Claim(f"price: {self.item}", How.VALUE, self.from_year, self.until, cells),)


class ScalePrice(Repricing):
    """Unit costs or fees become a multiple of what they would have been."""

    kind: Literal["scale_price"] = "scale_price"
    item: InPounds
    """What it is the price of, as in costs.csv; every row of it, for the kind of place and need given or for all."""
    factor: Multiple
    """New price as a multiple of the old: 0.9 is ten per cent cheaper. Its luck is its own, not that of the price."""

    @model_validator(mode="after")
    def _has_a_middle(self) -> Self:
        if self.factor.value == 0 < self.factor.high:
            msg = "a factor of 0 has no range; write 0 alone, or a middle above it"
            raise ValueError(msg)
        return self

    def reprice(self, prices: pd.DataFrame) -> pd.DataFrame:
        """The prices with a row more for each that changes; the very same where the factor is 1.

        Raises
        ------
        NoSuchPrice
            No row has this item, kind of place and need.
        """
        if self.factor.of(1):
            return prices
        named = {"item": self.item, "provision": self.provision, "need": self.need}
        meant = {field: str(label) for field, label in named.items() if label}
        mine = [row for row in prices.to_dict("records") if meant.items() <= row.items()]
        if not mine:
            raise NoSuchPrice(meant, prices, "name one of these, or add a row to the area's costs.csv")
        rows: list[Row] = []
        for _, steps in groupby(sorted(mine, key=_named), _named):
            of_one = list(steps)
            held = _in_force(of_one, self.from_year, self.until)
            rows += _between(of_one, [self._scaled(row) for row in held], self.from_year, self.until)
        return _table(prices, _others(prices, mine), rows)

    def claims(self) -> tuple[Claim, ...]:
        """The prices of those rows."""
        return (Claim(f"price: {self.item}", How.MULTIPLE, self.from_year, self.until, self.cells(frozenset())),)

    def _scaled(self, row: Row) -> Row:
        """A row times the middle of the factor, and how far the factor itself may be from that."""
        factor, what = self.factor, f"{row['source']}; scenario: times {self.factor.value:g}, {said_by(self)}"
        ends: Row = {end: row[end] * factor.value for end in ("value", "low", "high")}
        if factor.low < factor.high:
            ends[FACTOR_LOW] = row.get(FACTOR_LOW, 1.0) * factor.low / factor.value
            ends[FACTOR_HIGH] = row.get(FACTOR_HIGH, 1.0) * factor.high / factor.value
        return {**row, **ends, "supported": bool(row["supported"]) and self.supported, "source": what}


def _in_force(mine: list[Row], first: int, last: int | None) -> list[Row]:
    """Rows of one price that hold in some January from `first` to `last`, each from the first of these that it does."""
    by_year = {max(row["from_year"], first): row for row in sorted(mine, key=_from)}
    return [row | {"from_year": year} for year, row in by_year.items() if last is None or year <= last]


def _between(mine: list[Row], new: list[Row], first: int, last: int | None) -> list[Row]:
    """Rows of one price with `new` ones in force from `first` to `last`, and after that what held before."""
    kept = [row for row in mine if row["from_year"] < first or (last is not None and row["from_year"] > last)]
    after = (
        [] if last is None or any(row["from_year"] == last + 1 for row in kept) else _in_force(mine, last + 1, last + 1)
    )
    return sorted([*kept, *new, *after], key=_from)


def _others(prices: pd.DataFrame, mine: list[Row]) -> list[Row]:
    """Rows of every other price."""
    names = {_named(row) for row in mine}
    return [row for row in prices.to_dict("records") if _named(row) not in names]


def _table(prices: pd.DataFrame, others: list[Row], rows: list[Row]) -> pd.DataFrame:
    """Rows as a table with the columns of `prices`, and those of factors where one has a range."""
    every, more = [*others, *rows], (FACTOR_LOW, FACTOR_HIGH)
    types = prices.dtypes.to_dict()
    if FACTOR_LOW not in types and any(FACTOR_LOW in row for row in rows):
        types |= dict.fromkeys(more, prices["value"].dtype)
    table = pd.DataFrame(every).reindex(columns=list(types))
    certain = {column: table[column].fillna(1.0) for column in more if column in types}
    return table.assign(**certain).astype(types)


def _named(row: Row) -> tuple[str, ...]:
    return tuple(str(row[field]) for field in KEY)


def _from(row: Row) -> int:
    return int(row["from_year"])


class NoSuchPrice(ForecastError):
    """A price that a lever changes and no row gives."""

    def __init__(self, named: Mapping[Any, str], prices: pd.DataFrame, remedy: str) -> None:
        said = " and ".join(f"{field} {label!r}" for field, label in named.items())
        rows = prices[prices["item"] == named["item"]]
        known = ", ".join(
            dict.fromkeys(f"{kind} {need}" for kind, need in zip(rows["provision"], rows["need"], strict=True))
        )
        super().__init__(f"No price has {said}, only {known or 'other items'}; {remedy}.")
