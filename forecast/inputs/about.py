"""`area.toml`: what an area is called, which labels it uses, and what its outputs must say about its figures."""

from collections.abc import Iterable
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from forecast.domain import ALL, AWAY, NEED_NAMES, NOT_RECORDED, OWN, PROVISION_NAMES, SPECIALIST, Need, Provision

Kind = Literal["published", "counts", "records"]
Status = Literal["published", "counted", "inferred", "England's", "assumed", "synthetic"]


class _Written(BaseModel):
    """Base of what people may write by hand: frozen, and nothing unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class District(_Written):
    """A part of the area that has a population of its own."""

    name: str
    """Label on the `district` axis and in every table."""
    code: str = ""
    """ONS code of the local authority district."""


class Source(_Written):
    """Where the figures of one table come from, and how far they are modelled."""

    table: str
    """File of the area folder, or a part of it, such as `placements.csv, 2025 by need`."""
    status: Status
    """Published or counted figures; inferred by this program; England's, lent to the area; or assumed."""
    source: str
    """Title, publisher and date."""


class About(_Written):
    """An area: its name, labels and provenance."""

    format: Literal[1]
    """Version of the folder's layout."""
    name: str
    """What every output calls the area."""
    la_code: str = ""
    """Three-digit number of the local authority at the Department for Education."""
    kind: Kind
    """`published` statistics, `counts` given by the council, or counted from its `records`."""
    synthetic: bool = False
    """Whether the children are invented; then every output says so."""
    latest_census: int = Field(ge=2010, le=2100)
    """January of the latest census: 2025 is academic year 2024/25."""
    needs: dict[str, Need | Literal["own"]]
    """Label of the area -> the standard need that it means, or `own`."""
    provisions: dict[str, Provision | Literal["own"]]
    """Label of the area -> the standard provision that it means, or `own`."""
    districts: tuple[District, ...] = Field(min_length=1)
    """In the order that tables show them."""
    notes: tuple[str, ...] = ()
    """Sentences that every output repeats."""
    sources: tuple[Source, ...] = ()
    """One a table."""

    @property
    def confidential(self) -> bool:
        """Whether its counts are of real children and not published: for their owner only, never in a repository."""
        return self.kind != "published" and not self.synthetic

    @property
    def district_names(self) -> tuple[str, ...]:
        """Labels of the `district` axis."""
        return tuple(district.name for district in self.districts)

    def means(self, *provisions: Provision) -> list[str]:
        """Labels of the area that mean any of `provisions`, in that order."""
        return [label for wanted in provisions for label, means in self.provisions.items() if means == wanted]

    @property
    def planned(self) -> list[str]:
        """Labels of the specialist kinds of place; every label, where none stands for any of them."""
        return self.means(*SPECIALIST) or list(self.provisions)

    def provision_name(self, label: str) -> str:
        """Words for a provision label; a local label is its own name."""
        means = self.provisions[label]
        words = label if means == OWN else PROVISION_NAMES[Provision(means)]
        inside = label.removesuffix(AWAY)
        if label != inside:
            return f"{words} out of the area"
        return f"{words} in the area" if f"{inside}{AWAY}" in self.provisions else words

    def need_name(self, label: str) -> str:
        """Words for a need label; a local label is its own name."""
        means = self.needs[label]
        return label if means == OWN else NEED_NAMES[Need(means)]

    @model_validator(mode="after")
    def _labels_are_sound(self) -> Self:
        names = self.district_names
        if twice := {name for name in names if names.count(name) > 1}:
            msg = f"districts named twice: {sorted(twice)}"
            raise ValueError(msg)
        if clash := reserved([*names, *self.needs, *self.provisions]):
            msg = f"labels that the tables keep for themselves: {clash}"
            raise ValueError(msg)
        return self


def reserved(labels: Iterable[str]) -> list[str]:
    """Those of `labels` that mean something else in a table."""
    return sorted({ALL, NOT_RECORDED} & set(labels))
