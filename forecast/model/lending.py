"""England's figures in an area's own labels, so that the two may be pooled."""

from collections import Counter
from typing import Final

import numpy as np
import xarray as xr

from forecast.axes import conform
from forecast.domain import ALL, NOT_RECORDED, Provision
from forecast.domain import OWN as LOCAL
from forecast.errors import ForecastError
from forecast.inputs.about import About
from forecast.inputs.area import Area
from forecast.inputs.ons import ESTIMATE
from forecast.inputs.rows import every_age, of_whole_area
from forecast.model.local import OWN
from forecast.model.margins import UNTRUSTED, Labels
from forecast.model.raking import Array


class LabelsDiffer(ForecastError):
    """An area whose labels do not stand one for one for those of England's figures."""

    def __init__(self, kind: str, labels: list[str], why: str) -> None:
        named = ", ".join(repr(label) for label in labels)
        super().__init__(
            f"area.toml, {kind}s: {named} {why}; published figures need each label to mean one standard {kind} of "
            "England's, and no two the same."
        )


def labels_of(about: About) -> Labels:
    """The area's labels, and which of them age rules out."""
    return Labels(
        needs=tuple(about.needs),
        provisions=tuple(about.provisions),
        post16=tuple(about.means(Provision.POST16)),
        early=tuple(about.means(Provision.EARLY_YEARS)),
        untrusted=tuple(about.means(*UNTRUSTED)),
    )


def in_labels_of(about: About, england: xr.Dataset) -> xr.Dataset:
    """England's model with the labels of an area, in its order.

    Raises
    ------
    LabelsDiffer
        A label is the area's own, two mean the same, or England's figures lack it.
    """
    needs = _standard("need", dict(about.needs), england["need"].to_numpy().tolist())
    provisions = _standard("provision", dict(about.provisions), england["provision"].to_numpy().tolist())
    chosen = england.sel(need=list(needs.values()), provision=list(provisions.values()), to=list(provisions.values()))
    own = {"need": list(needs), "provision": list(provisions), "to": list(provisions)}
    named = chosen.assign_coords(own)
    wanted = {**own, "nc_year": england["nc_year"].to_numpy().tolist()}
    shared = {name: conform(array, wanted) for name, array in named.data_vars.items() if set(array.dims) <= set(wanted)}
    return named.assign(shared)


def lent_to(area: Area, flows: str) -> tuple[str, ...]:
    """What the forecast of an area takes from England, or ages on itself, for want of published figures: sentences.

    Parameters
    ----------
    flows : attribute of the fitted area
    """
    said, base = [], area.about.latest_census
    rows = of_whole_area(area.placements)
    now = rows[rows["year"].eq(base) & ~rows["provision"].isin([ALL, NOT_RECORDED])]
    if now.loc[now["need"].eq(ALL) & ~every_age(now), "children"].sum() == 0:
        said.append(f"Kinds of place by age are not published for January {base}: England's pattern is used.")
    if now.loc[now["need"].ne(ALL), "children"].sum() == 0:
        said.append(f"Needs by kind of place are not published for January {base}: England's pattern is used.")
    if flows != OWN:
        said.append(
            "Moves, starts by age and leaving are England's: two whole censuses and their flows are not published."
        )
    if area.population[area.population["variant"] != ESTIMATE].empty:
        latest = area.population["mid_year"].max()
        aged = "are aged on, with moves in and out as before and births held"
        said.append(f"No population projection was given: the estimates of mid-{latest} {aged}.")
    return tuple(said)


def not_believed(area: Area, england: xr.Dataset) -> tuple[str, ...]:
    """What the latest census says that the forecast does not start from: sentences.

    So great a fall is taken for a change of recording: the forecast returns, in a year or more, to where the
    authority would stand without it.
    """
    known = england["disbelieved"]
    if area.about.la_code not in known["la_code"].to_numpy() or area.about.latest_census != england.attrs["year"]:
        return ()
    lifted = known.sel(la_code=area.about.la_code).to_series()
    return tuple(
        f"{_SERIES[str(target)].capitalize()} fell so far by January {area.about.latest_census} that the figure is not "
        f"believed: the forecast returns to the median of three years, {np.expm1(lift):.0%} higher. Check the census "
        "before using the first years."
        for target, lift in lifted.items()
        if lift > 0
    )


_SERIES: Final = {"plans": "the number of plans", "special_state": "the number in state special schools"}
"""Series whose falls may not be believed, in words."""


def change_of_cohorts(england: xr.Dataset) -> Array:
    """England's `people.cohort_change`, for districts without their own: (age from 0 to 23)."""
    return np.asarray(england["cohort_change"].to_numpy()[:-1])


def _standard(kind: str, meanings: dict[str, str], known: list[str]) -> dict[str, str]:
    """Label -> the standard label that it means."""
    twice = [meaning for meaning, times in Counter(meanings.values()).items() if times > 1 and meaning != LOCAL]
    lacking = sorted(set(known) - set(meanings.values())) if kind == "provision" else []
    for labels, why in (
        (lacking, "are missing: each standard one needs a label, though no child be there"),
        ([label for label, meaning in meanings.items() if meaning == LOCAL], "stand for none of the standard ones"),
        ([label for label, meaning in meanings.items() if meaning in twice], "mean the same"),
        (
            [label for label, meaning in meanings.items() if meaning not in {*known, LOCAL}],
            "are not in England's figures",
        ),
    ):
        if labels:
            raise LabelsDiffer(kind, labels, why)
    return {label: str(meaning) for label, meaning in meanings.items()}
