"""What goes out with released tables: `about.txt`, and the columns that every table ends in."""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Final

import pandas as pd

from forecast.report.ap_tables import AP, EVERYONE
from forecast.report.ap_words import THREE_COUNTS
from forecast.report.door_ap import BESIDE_PLANS, NOTHING, ONLY_TOTALS, figures_of
from forecast.report.door_read import Kept
from forecast.report.door_rules import Profile
from forecast.report.phrases import MARKING, census

MODELLED: Final = "modelled from published figures"
COUNTED: Final = "counted at the census, modelled after it"
_TRIED: Final = (
    "Every hidden small number was tried against all that is shown here and the totals that the Department for "
    "Education publishes of the authority, as far as those do not tell it by themselves."
)
_WHY: Final = {
    "inputs": "digests of the council's own files",
    "rates": "rates are worked out from counts that are not rounded",
    EVERYONE: BESIDE_PLANS,
}
"""Table -> why it is kept back."""
_WHY_ESTIMATES: Final = {
    "inputs": "digests of the files of the area",
    "rates": "rates are worked out from numbers that are not rounded",
}
"""The same for an area of published figures."""


def marks(run: Kept, profile: Profile) -> dict[str, str | Callable[[pd.DataFrame], "pd.Series[str]"]]:
    """Columns that say whose figures a table holds, on what supposition, and under which rules: for `assign`."""
    kind = MODELLED if run.run.manifest.kind == "published" else COUNTED
    whose = {"area": run.run.manifest.area, "scenario": run.scenario, "world": run.world}
    figures = kind if kind == MODELLED else partial(figures_of, kind)
    return {
        **whose,
        "figures": figures,
        "profile": profile.rule,
        **({"marking": profile.watermark} if profile.watermark else {}),
    }


def about_text(runs: Sequence[Kept], profile: Profile, released: Collection[str], *, guarded: bool) -> str:
    """What was released, under which rules, what was kept back, and what the figures rest on."""
    first, first_tables = runs[0].run, runs[0].tables
    kept_back = sorted({name for run in runs for name in run.tables} - set(released))
    why, other = (_WHY_ESTIMATES, "not a table of children") if profile.few else (_WHY, "it cannot be proved safe")
    said = dict.fromkeys(note for run in runs for note in run.said["notes"])
    of_ap = [ONLY_TOTALS if AP in released else NOTHING] if guarded and AP in first_tables else []
    notes = [note for note in said if profile.watermark or note != MARKING]
    sources = dict.fromkeys(source for run in runs for source in run.said["sources"])
    title = f"{profile.watermark}\n\n" if profile.watermark else ""
    parts = {
        f"{first.manifest.area}: children who will need a specialist place, from {census(first.base)}": [
            f"Scenario {run.scenario!r}, in the world {run.world!r}" for run in runs
        ],
        "What is hidden, and how": _rules(profile, guarded=guarded),
        "What is left out": [
            *(f"{name}.csv: {why.get(name, other)}" for name in kept_back if name != AP),
            *of_ap,
            "Cubes, charts and the summary of the run: they show single cells, or numbers that are not rounded.",
        ],
        **({"Words of alternative_provision.csv": THREE_COUNTS} if AP in released else {}),
        "What these figures rest on": notes,
        "Sources": list(sources),
    }
    body = "\n\n".join("\n".join([head, *(f"- {line}" for line in lines)]) for head, lines in parts.items())
    return f"{title}{body}\n"


def _rules(profile: Profile, *, guarded: bool) -> list[str]:
    if profile.few:
        return [
            f"Profile {profile.rule}.",
            f"Figures are {MODELLED}: they hold no child's record, and are the same whichever profile is asked for.",
        ]
    if not guarded:
        return [f"Profile {profile.rule}."]
    return [
        f"Profile {profile.rule}.",
        "The same cells are hidden in every table, year and scenario of this folder.",
        "Scenarios to be compared are published at once: two folders may hide other cells, and together tell more.",
        "So may a folder of the same children in other groups of districts: publish one of them.",
        _TRIED,
        "'more than now', rates and shortages at the census are worked out from the numbers that are shown.",
        "Means, ranges and shortages of forecasts are each rounded by themselves, so parts may not add up.",
    ]
