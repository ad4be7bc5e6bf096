"""The true rates of the invented county: England's shape by age, need and placement, with districts that differ.

What the rates are is known, so that what a forecast makes of the county's records can be held against them.
"""

from typing import Final

import numpy as np
import xarray as xr

from forecast.domain import FIRST_POST16_YEAR, LAST_EARLY_YEAR, NC_YEARS, Need, Provision
from forecast.records.synthetic.geography import NAMES

Array = np.ndarray
PROVISIONS: Final = {
    "mainstream": Provision.MAINSTREAM,
    "base": Provision.BASE,
    "special": Provision.SPECIAL,
    "special_out_of_area": Provision.SPECIAL,
    "special_nonmaintained": Provision.SPECIAL_NONMAINTAINED,
    "independent": Provision.INDEPENDENT,
    "independent_out_of_area": Provision.INDEPENDENT,
    "independent_mainstream": Provision.INDEPENDENT_MAINSTREAM,
    "alternative": Provision.ALTERNATIVE,
    "post16": Provision.POST16,
    "elsewhere": Provision.ELSEWHERE,
    "early_years": Provision.EARLY_YEARS,
}
"""Labels of the county -> what each means: schools outside the county are told apart."""
NEEDS: Final = tuple(need.value for need in Need)
ENGLAND_PLANS: Final = {
    2019: 353_995,
    2020: 390_109,
    2021: 430_697,
    2022: 473_255,
    2023: 517_048,
    2024: 576_474,
    2025: 638_745,
}
"""Plans at January (DfE, Education, health and care plans, 2025): how fast the county's grow."""
ENGLAND_STARTS: Final = {2020: 53_899, 2021: 60_097, 2022: 62_180, 2023: 66_706, 2024: 84_428, 2025: 97_747}
"""New plans in the calendar year before each January (the same release)."""
OUT_OF_AREA: Final = {Provision.SPECIAL: 0.05, Provision.INDEPENDENT: 0.55}
"""Share of new placements outside the county: judgement."""
_DOWN: Final = 0.45
"""Share of England's `OTH` made into Down syndrome, which it still holds: judgement."""
_SD: Final = {"level": 0.12, "need": 0.18, "special": 0.25, "leave": 0.12}
"""How far districts differ, as the standard deviation of a logarithm (of odds, for the last two): judgement."""
_ARRIVE_OF_TRANSFERS: Final = 0.8
"""Arrivals over transfers out, as England's model takes them."""


def true_rates(seed: int, england: xr.Dataset, years: range) -> xr.Dataset:
    """Rates by which the county's children live.

    Parameters
    ----------
    seed : says how the districts differ
    england : the model that ships: stock, residents, start_rate, start_mix, leave, move, arrive_rate
    years : Januaries that end the twelve months to be lived

    Returns
    -------
    start : (year, district, need, nc_year) first plans made in the year for each resident
    start_mix : (district, need, nc_year, provision) where those with a first plan are placed; sums to 1
    leave : (district, nc_year, provision) chance that a plan ceases within the year
    move : (district, need, nc_year, provision, to) next January's place, given staying; sums to 1 over `to`
    arrive : (nc_year) plans brought from other authorities in the year for each resident
    arrive_mix : (nc_year, need, provision) sums to 1
    transfer : (nc_year) share of those leaving who move to another authority
    stock : (district, need, nc_year, provision) plans for each resident in the January before the first year
    """
    rng = np.random.default_rng([seed, 1])
    level = np.exp(rng.normal(0, _SD["level"], len(NAMES)))
    lean = np.exp(rng.normal(0, _SD["need"], (len(NAMES), len(NEEDS)))) * level[:, None]
    special = np.exp(rng.normal(0, _SD["special"], len(NAMES)))
    leaving = np.exp(rng.normal(0, _SD["leave"], len(NAMES)))
    base = _with_down_syndrome(england)
    stock, mix, move = (_split(base[name]) for name in ("stock", "start_mix", "move"))
    held = stock / base["residents"][:, None] * _indexed(ENGLAND_PLANS, years[0] - 1)
    growth = np.array([_indexed(ENGLAND_STARTS, year) for year in years])
    dims = ("district", "need", "nc_year", "provision")
    here = stock.sum(axis=-1).sum(axis=0)
    return xr.Dataset(
        {
            "start": (("year", *dims[:3]), growth[:, None, None, None] * (lean[:, :, None] * base["start_rate"])),
            "start_mix": (dims, _tilted(mix, special)),
            "leave": (("district", "nc_year", "provision"), _leaving(base["leave"], leaving)),
            "move": ((*dims, "to"), _tilted(move, special, onward=True)),
            "arrive": ("nc_year", base["arrive_rate"]),
            "arrive_mix": (
                ("nc_year", "need", "provision"),
                stock.transpose(1, 0, 2) / np.where(here > 0, here, 1)[:, None, None],
            ),
            "transfer": ("nc_year", _transfer(base)),
            "stock": (dims, lean[:, :, None, None] * _tilted(held, special, whole=False)),
        },
        coords={
            "year": list(years),
            "district": list(NAMES),
            "need": list(NEEDS),
            "nc_year": list(NC_YEARS),
            "provision": list(PROVISIONS),
            "to": list(PROVISIONS),
        },
        attrs={"seed": seed},
    )


def _indexed(figures: dict[int, int], year: int) -> float:
    """England's figure of `year` over the last known; held outside the years that are known."""
    known = min(max(year, min(figures)), max(figures))
    return figures[known] / figures[max(figures)]


def _with_down_syndrome(england: xr.Dataset) -> dict[str, Array]:
    """England's arrays on the thirteen needs: Down syndrome is lent the ways of MLD and SLD."""
    others = england["need"].to_numpy().tolist()
    wanted = [need for need in NEEDS if need in others]
    arrays = {}
    for name in ("stock", "start_rate", "start_mix", "move"):
        array = england[name].sel(need=wanted).to_numpy()
        alike = array[[wanted.index("MLD"), wanted.index("SLD")]].mean(axis=0)
        other = array[wanted.index("OTH")]
        counted = name in {"stock", "start_rate"}
        down = other * _DOWN if counted else alike
        if name == "stock":
            down = down.sum() * alike / alike.sum()
        arrays[name] = np.insert(array, NEEDS.index("DS"), down, axis=0)
        if counted:
            arrays[name][NEEDS.index("OTH")] = other * (1 - _DOWN)
    return arrays | {name: england[name].to_numpy() for name in ("residents", "leave", "arrive_rate")}


def _split(array: Array) -> Array:
    """Standard provisions to the county's labels, on the last axis (and the one before, of moves)."""
    standard = list(Provision)
    from_to = np.zeros((len(standard), len(PROVISIONS)))
    for at, (label, means) in enumerate(PROVISIONS.items()):
        outside = OUT_OF_AREA.get(means, 0.0)
        from_to[standard.index(means), at] = outside if label.endswith("_out_of_area") else 1 - outside
    places = np.nan_to_num(array) @ from_to
    if array.ndim < 4 or array.shape[-2] != len(standard):  # noqa: PLR2004 - (need, nc_year, provision, to)
        return np.asarray(places)
    places = places[..., [standard.index(means) for means in PROVISIONS.values()], :]
    for at, means in enumerate(PROVISIONS.values()):
        alike = [other for other, meaning in enumerate(PROVISIONS.values()) if meaning == means]
        kept = places[..., at, alike].sum(axis=-1)
        places[..., at, alike] = 0.0
        places[..., at, at] = kept
    return np.asarray(places)


def _tilted(rows: Array, special: Array, *, onward: bool = False, whole: bool = True) -> Array:
    """Rows over placements for each district, first axis: more or fewer in special schools, none that age rules out.

    Parameters
    ----------
    rows : (need, nc_year, ..., provision)
    special : (district)
        Multiple of the odds.
    onward : whether the last axis is where they are a year later
    whole : whether a row is to sum to 1; else to what it sums to now
    """
    ages = np.array(NC_YEARS) + (1 if onward else 0)
    meanings = list(PROVISIONS.values())
    allowed = np.ones((len(NC_YEARS), len(meanings)))
    allowed[ages < FIRST_POST16_YEAR, meanings.index(Provision.POST16)] = 0
    allowed[ages > LAST_EARLY_YEAR, meanings.index(Provision.EARLY_YEARS)] = 0
    shape = (1, len(NC_YEARS), *(1,) * (rows.ndim - 3), len(meanings))
    sums = np.ones(rows.shape[:-1])[..., None] if whole else rows.sum(axis=-1, keepdims=True)
    out = []
    for odds in special:
        factor = np.where([means == Provision.SPECIAL for means in meanings], odds, 1.0)
        if onward:
            factor = np.where(np.eye(len(meanings), dtype=bool), 1.0, factor)
        weighed = rows * allowed.reshape(shape) * factor
        total = weighed.sum(axis=-1, keepdims=True)
        out.append(np.divide(weighed * sums, total, out=_mainstream(rows, sums), where=total > 0))
    return np.stack(out)


def _mainstream(rows: Array, sums: Array) -> Array:
    """Rows that put all in mainstream schools: what stands where age rules everything else out."""
    out = np.zeros(rows.shape)
    out[..., 0] = sums[..., 0]
    return out


def _leaving(leave: Array, odds: Array) -> Array:
    """(district, nc_year, provision): England's chances with each district's odds; none stays past the last year."""
    standard = list(Provision)
    own = leave[:, [standard.index(means) for means in PROVISIONS.values()]]
    tilted = odds[:, None, None] * own / (1 - own + odds[:, None, None] * own)
    tilted[:, -1] = 1.0
    return np.asarray(tilted)


def _transfer(base: dict[str, Array]) -> Array:
    """(nc_year) transfers out over all that cease, as England's arrivals imply; at most nine in ten."""
    ceased = (base["stock"].sum(axis=0) * base["leave"]).sum(axis=-1)
    transfers = base["arrive_rate"] * base["residents"] / _ARRIVE_OF_TRANSFERS
    return np.minimum(np.divide(transfers, ceased, out=np.zeros(len(NC_YEARS)), where=ceased > 0), 0.9)
