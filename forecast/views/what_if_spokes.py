"""The spokes of a hub on the page "What if?"."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st

from forecast.views import what_if_controls as controls
from forecast.views.what_if_controls import Asked

MOST: Final = 12
"""Spokes that the page lays out; a file may have more."""
CLASSES: Final = 2
"""Classes of a spoke to start from."""


def spokes(key: str, written: Any, districts: Sequence[str]) -> list[Mapping[str, Any]]:  # noqa: ANN401 - as controls
    """How many spokes there are, and the site, district and size of each."""
    before = list(written or [])
    most = max(MOST, len(before))
    number = int(
        controls.chosen(
            f"{key} number", max(len(before), 1), lambda: st.number_input("Spokes", 1, most, key=f"{key} number")
        )
    )
    new = [{"site": f"Spoke {at + 1}", "district": districts[0], "classes": CLASSES} for at in range(number)]
    return [
        _spoke(f"{key} {at}", spoke, at + 1, districts)
        for at, spoke in enumerate([*before, *new[len(before) :]][:number])
    ]


def _spoke(key: str, before: Mapping[str, Any], place: int, districts: Sequence[str]) -> Mapping[str, Any]:
    """One spoke."""
    size = "places" if "places" in before else "classes"
    with st.container(border=True):
        about = "Mainstream school on whose site it is"
        site = controls.words(Asked(f"Spoke {place}: school", about, f"{key} site", before["site"]))
        about = "Where it stands, and where the hub's outreach acts"
        asked = Asked(f"Spoke {place}: district", about, f"{key} district", before["district"])
        district = controls.one(asked, districts)
        about = f"How many {size} it has once it is full"
        held = controls.number(Asked(f"Spoke {place}: {size}", about, f"{key} {size}", before[size]), whole=True)
    return {**before, "site": site, "district": district, size: held or before[size]}
