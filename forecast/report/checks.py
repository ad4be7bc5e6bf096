"""What `forecast check` prints: an area's published figures beside those that the forecast starts from."""

import json
from dataclasses import asdict, dataclass

from rich.console import Console
from rich.table import Table

from forecast.domain import ALL, NOT_RECORDED, SPECIALIST, Provision, academic_year
from forecast.inputs.about import Source
from forecast.inputs.area import Area
from forecast.inputs.bundled import bundled
from forecast.inputs.rows import every_age, of_whole_area
from forecast.model.lending import lent_to
from forecast.pipeline import fitted_area
from forecast.store import read_model

EVERY_SPECIAL = (Provision.SPECIAL, Provision.INDEPENDENT, Provision.SPECIAL_NONMAINTAINED)


@dataclass(frozen=True)
class Line:
    """One provision at the latest census."""

    provision: str
    name: str
    published: int | None
    """As published; None where it is not."""
    starts_from: float
    """After *not recorded* is shared out by age: what the forecast starts from."""


@dataclass(frozen=True)
class Check:
    """What an area holds, once it has been read without a fault."""

    area: str
    census: int
    plans: int
    """All plans, as published."""
    not_recorded: int
    """Of these, without a recorded placement."""
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    special: int
    """In special schools of every kind, as published."""
    special_starts_from: float
    moves: str
    """`inferred` from the area's own two censuses, or `England's`."""
    lacks: tuple[str, ...]
    """What is England's or missing, in sentences."""
    notes: tuple[str, ...]


def check(area: Area) -> Check:
    """Read an area as the forecast would."""
    fitted = fitted_area(area, read_model(bundled("models", "england")))
    now = fitted["stock"].sum(["district", "need", "nc_year"]).to_series()
    placements = of_whole_area(area.placements)
    rows = placements[placements["year"].eq(area.about.latest_census) & placements["need"].eq(ALL)]
    counts = rows[every_age(rows)].set_index("provision")["children"]
    labels = [
        *area.about.means(*SPECIALIST),
        *(p for p in area.about.provisions if area.about.provisions[p] not in SPECIALIST),
    ]
    special = area.about.means(*EVERY_SPECIAL)
    return Check(
        area=area.about.name,
        census=area.about.latest_census,
        plans=int(counts[ALL]),
        not_recorded=int(counts.get(NOT_RECORDED, 0)),
        lines=tuple(
            Line(label, area.about.provision_name(label), _whole(counts.get(label)), float(now[label]))
            for label in labels
        ),
        special=int(counts.reindex(special).fillna(0).sum()),
        special_starts_from=float(now[special].sum()),
        sources=area.about.sources,
        moves=str(fitted.attrs["flows"]),
        lacks=lent_to(area, str(fitted.attrs["flows"])),
        notes=area.about.notes,
    )


def show(found: Check, screen: Console) -> None:
    """Print a check, in words and one table."""
    recorded = sum(line.published or 0 for line in found.lines)
    screen.print(f"{found.area}: no faults found.", style="bold")
    screen.print(
        f"At the census of January {found.census} (academic year {academic_year(found.census)}) it maintained "
        f"{found.plans:,} education, health and care plans: {recorded:,} with a recorded placement and "
        f"{found.not_recorded:,} without one, which are shared out."
    )
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("Children with a plan")
    for heading in ("published", "forecast starts from"):
        table.add_column(heading, justify="right")
    for line in found.lines:
        table.add_row(
            line.name,
            "not published" if line.published is None else f"{line.published:,}",
            f"{line.starts_from:,.1f}",
        )
    table.add_row("Placement not recorded", f"{found.not_recorded:,}", "shared out")
    table.add_row("All plans", f"{found.plans:,}", f"{sum(line.starts_from for line in found.lines):,.1f}")
    screen.print()
    screen.print(table)
    shared = f"{found.special_starts_from:,.1f} after sharing out"
    screen.print(f"\nIn special schools of every kind: {found.special:,} published, {shared}.")
    screen.print("\nWhere the figures come from", style="bold")
    for source in found.sources:
        screen.print(f"- {source.table}: {source.status}. {source.source}", soft_wrap=True)
    if found.lacks:
        screen.print("\nWhat is lent or missing", style="bold")
        for sentence in found.lacks:
            screen.print(f"- {sentence}", soft_wrap=True)
    screen.print("\nNotes", style="bold")
    for note in found.notes:
        screen.print(f"- {note}", soft_wrap=True)


def as_json(found: Check) -> str:
    """The same figures for a script."""
    plain = asdict(found) | {"sources": [source.model_dump() for source in found.sources]}
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _whole(count: object) -> int | None:
    return None if count is None else int(float(str(count)))
