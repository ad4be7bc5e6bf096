"""From what a return says to the labels of an area: which kind of place a placement is, which need a code is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.domain import AWAY, FIRST_POST16_YEAR, NOT_RECORDED, Need, Provision
from forecast.errors import ForecastError
from forecast.inputs.about import About
from forecast.records.establishments import Establishments, provision_by_setting

OUT_OF_AREA: Final[Mapping[Provision, str]] = {
    Provision.SPECIAL: f"{Provision.SPECIAL}{AWAY}",
    Provision.INDEPENDENT: f"{Provision.INDEPENDENT}{AWAY}",
}
"""Provision -> label of its schools in other authorities, where an area keeps those apart."""


class NoAuthority(ForecastError):
    """Schools out of the area cannot be told where its own authority is not known."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"area.toml of {name} has no la_code, so schools out of the area cannot be told;"
            " add the authority's three-digit number, or leave out --out-of-area."
        )


@dataclass(frozen=True)
class Labels:
    """How an area calls needs and provisions."""

    needs: Mapping[str, str]
    """SEN2 code -> label."""
    provisions: Mapping[str, str]
    """Provision -> label."""
    away: Mapping[str, str]
    """Label -> that of the same provision in another authority; empty where they are not kept apart."""
    la_code: str
    """The area's own authority."""

    def declared(self, about: About) -> About:
        """`about` with every label that a count may use."""
        needs = {label: Need(code) for code, label in self.needs.items()}
        provisions = {label: Provision(means) for means, label in self.provisions.items()}
        away = {self.away[label]: provisions[label] for label in self.away}
        return about.model_copy(
            update={
                "needs": {**about.needs, **{k: v for k, v in needs.items() if k not in about.needs}},
                "provisions": {
                    **about.provisions,
                    **{k: v for k, v in {**provisions, **away}.items() if k not in about.provisions},
                },
            }
        )


def labels_of(about: About, *, out_of_area: bool) -> Labels:
    """The area's first label for each need and provision, or the standard one where it has none.

    Raises
    ------
    NoAuthority
        Schools out of the area are to be kept apart, but `about` has no la_code.
    """
    if out_of_area and not about.la_code:
        raise NoAuthority(about.name)
    needs = {means: label for label, means in reversed(about.needs.items())}
    here = {label: means for label, means in about.provisions.items() if label not in OUT_OF_AREA.values()}
    provisions = {means: label for label, means in reversed(here.items())}
    called = {provision.value: str(provisions.get(provision, provision.value)) for provision in Provision}
    return Labels(
        needs={need.value: str(needs.get(need, need.value)) for need in Need},
        provisions=called,
        away={called[means]: label for means, label in OUT_OF_AREA.items()} if out_of_area else {},
        la_code=about.la_code,
    )


def placed_in(
    placements: pd.DataFrame, establishments: Establishments, nc_years: "pd.Series[float]", labels: Labels
) -> pd.DataFrame:
    """Label of the kind of place of each placement.

    By the establishment where the extract knows its URN or UKPRN; else by the code of the setting; else a base if
    the return says so; else, from Year 12 on, a UKPRN alone is a college or other provider after 16 (such as the
    extract leaves out); else not recorded. A base is one only in a mainstream school: elsewhere the two flags are
    passed over.

    Parameters
    ----------
    placements : urn, ukprn, setting, unit, resourced
    nc_years : year group of the child, indexed as `placements`

    Returns
    -------
    Indexed as `placements`: provision (a label, or `not_recorded`), known (whether the extract has the school),
    given (whether any of URN, UKPRN and setting is), odd_base (whether a flag was passed over)
    """
    school = establishments.at(placements)
    base = placements["unit"] | placements["resourced"]
    setting = placements["setting"].str.strip().str.upper().map(provision_by_setting()).astype("str")
    only_ukprn = placements["urn"].eq("") & placements["ukprn"].ne("") & nc_years.ge(FIRST_POST16_YEAR)
    here = school["provision"].astype("str").fillna(NOT_RECORDED)
    mainstream = here.eq(Provision.MAINSTREAM.value)
    choices: list[tuple[pd.Series[bool], pd.Series[str] | str]] = [
        (school["known"] & mainstream & base, Provision.BASE.value),
        (school["known"], here),
        (setting.notna(), setting.fillna("")),
        (base, Provision.BASE.value),
        (only_ukprn, Provision.POST16.value),
    ]
    kind = pd.Series(NOT_RECORDED, index=placements.index, dtype="str")
    for chosen, value in reversed(choices):
        kind = kind.mask(chosen.astype(bool), value)
    label = kind.map({**labels.provisions, NOT_RECORDED: NOT_RECORDED}).astype("str")
    away = {name: labels.away.get(name, name) for name in label.unique()}
    elsewhere = (
        school["known"] & school["la_code"].astype("str").fillna("").ne("") & school["la_code"].ne(labels.la_code)
    )
    return pd.DataFrame(
        {
            "provision": label.mask(elsewhere, label.map(away).astype("str")),
            "known": school["known"],
            "given": placements["urn"].ne("") | placements["ukprn"].ne("") | placements["setting"].ne(""),
            "odd_base": base & school["known"] & ~mainstream,
        }
    )
