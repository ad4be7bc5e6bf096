"""What `forecast check` prints: an area's published figures beside those that the forecast starts from."""

import json
from dataclasses import asdict, dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from forecast.domain import ALL, NOT_RECORDED, SPECIALIST, Provision, academic_year
from forecast.fitted import PUBLISHED, fitted_area
from forecast.inputs.about import Source
from forecast.inputs.append import by_provision
from forecast.inputs.area import Area
from forecast.inputs.bundled import bundled
from forecast.inputs.rows import every_age, grand_total, of_whole_area
from forecast.model.lending import lent_to
from forecast.model.lending_counts import counted_of
from forecast.report.checks_ap import ap_counted
from forecast.report.checks_return import ReturnReport, as_plain, return_report
from forecast.report.checks_show import show_return
from forecast.report.phrases import MARKING, area_name
from forecast.store import read_model

EVERY_SPECIAL = (Provision.SPECIAL, Provision.INDEPENDENT, Provision.SPECIAL_NONMAINTAINED)


@dataclass(frozen=True)
class Line:
    """One provision at the latest census."""

    provision: str
    name: str
    published: int | None
    """As published or, in an area that counts its own children, as counted; None where it is neither."""
    hidden: int
    """Counts besides that are suppressed."""
    starts_from: float
    """After *not recorded* is shared out by age: what the forecast starts from."""


@dataclass(frozen=True)
class Check:
    """What an area holds, once it has been read without a fault."""

    area: str
    census: int
    plans: int
    """All plans, as published or, as far as they are known, as counted."""
    hidden: int
    """Counts besides that are suppressed."""
    not_recorded: int
    """Of these, without a recorded placement."""
    lines: tuple[Line, ...]
    sources: tuple[Source, ...]
    special: int
    """In special schools of every kind, as published or counted."""
    special_starts_from: float
    moves: str
    """Whose moves the forecast uses: `England's`, or the area's own and how they are known."""
    lacks: tuple[str, ...]
    """What is England's or missing, in sentences."""
    alternative: tuple[str, ...]
    """What is counted of alternative provision, in sentences."""
    notes: tuple[str, ...]
    published: bool
    """Whether the figures are published statistics, and not the council's own counts."""
    confidential: bool
    """Whether they are counts of real children, for the council only."""
    returned: ReturnReport | None
    """What the named checks found in the returns that were counted; None where none was."""


def check(area: Area) -> Check:
    """Read an area as the forecast would."""
    fitted = fitted_area(area, read_model(bundled("models", "england")))
    now = fitted["stock"].sum(["district", "need", "nc_year"]).to_series()
    published = area.about.kind == PUBLISHED
    latest = area.placements[area.placements["year"].eq(area.about.latest_census)]
    counts, hidden = _published_counts(area, latest) if published else _own_counts(latest)
    by_kind = counts.drop(ALL, errors="ignore")
    labels = [
        *area.about.means(*SPECIALIST),
        *(p for p in area.about.provisions if area.about.provisions[p] not in SPECIALIST),
    ]
    special = area.about.means(*EVERY_SPECIAL)
    return Check(
        area=area_name(area.about),
        census=area.about.latest_census,
        plans=int(counts.sum() if ALL not in counts else counts[ALL]),
        hidden=int(hidden.sum()),
        not_recorded=int(by_kind.get(NOT_RECORDED, 0)),
        lines=tuple(
            Line(
                label,
                area.about.provision_name(label),
                _whole(by_kind.get(label)),
                int(hidden.get(label, 0)),
                float(now[label]),
            )
            for label in labels
        ),
        special=int(by_kind.reindex(special).fillna(0).sum()),
        special_starts_from=float(now[special].sum()),
        sources=area.about.sources,
        moves=str(fitted.attrs["flows"]),
        lacks=lent_to(area, str(fitted.attrs["flows"])) if published else counted_of(area, fitted.attrs["counted"]),
        alternative=ap_counted(area),
        notes=area.about.notes,
        published=published,
        confidential=area.about.confidential,
        returned=return_report(area_name(area.about), area.checks, confidential=area.about.confidential),
    )


def show(found: Check, screen: Console) -> None:
    """Print a check, in words and one table."""
    recorded = sum(line.published or 0 for line in found.lines)
    given = "published" if found.published else "counted"
    screen.print(f"{found.area}: no faults found.", style="bold")
    if found.confidential:
        screen.print(MARKING, soft_wrap=True)
    besides = f", besides counts of which a range at most is known: {found.hidden:,}" if found.hidden else ""
    screen.print(
        f"At the census of January {found.census} (academic year {academic_year(found.census)}) it maintained "
        f"{'at least ' if found.hidden else ''}{found.plans:,} education, health and care plans: {recorded:,} with a "
        f"recorded placement and {found.not_recorded:,} without one, which are shared out{besides}."
    )
    screen.print()
    screen.print(_table(found, given))
    shared = f"{found.special_starts_from:,.1f} after sharing out"
    screen.print(f"\nIn special schools of every kind: {found.special:,} {given}, {shared}.")
    screen.print("\nWhere the figures come from", style="bold")
    for source in found.sources:
        screen.print(f"- {source.table}: {source.status}. {source.source}", soft_wrap=True)
    if found.lacks:
        screen.print("\nWhat is lent or missing", style="bold")
        for sentence in found.lacks:
            screen.print(f"- {sentence}", soft_wrap=True)
    screen.print("\nAlternative provision", style="bold")
    for sentence in found.alternative:
        screen.print(f"- {sentence}", soft_wrap=True)
    screen.print("\nNotes", style="bold")
    for note in found.notes:
        screen.print(f"- {note}", soft_wrap=True)
    if found.returned is not None:
        screen.print()
        show_return(found.returned, screen)


def as_json(found: Check) -> str:
    """The same figures for a script."""
    plain = asdict(found) | {
        "sources": [source.model_dump() for source in found.sources],
        "returned": as_plain(found.returned) if found.returned else None,
    }
    return json.dumps(plain, ensure_ascii=False, indent=1)


def _table(found: Check, given: str) -> Table:
    """Children by provision, as `given` and as the forecast starts."""
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    table.add_column("Children with a plan")
    for heading in (given, "forecast starts from"):
        table.add_column(heading, justify="right")
    for line in found.lines:
        table.add_row(
            line.name,
            _said(line, given),
            f"{line.starts_from:,.1f}",
        )
    table.add_row("Placement not recorded", f"{found.not_recorded:,}", "shared out")
    table.add_row("All plans", f"{found.plans:,}", f"{sum(line.starts_from for line in found.lines):,.1f}")
    return table


def _said(line: Line, given: str) -> str:
    """What is known of a kind of place."""
    known = f"not {given}" if line.published is None else f"{line.published:,}"
    return f"{known}, {line.hidden:,} hidden" if line.hidden else known


def _published_counts(area: Area, latest: pd.DataFrame) -> tuple["pd.Series[float]", "pd.Series[int]"]:
    """Children by provision as published, with the published total as `all`; nothing is hidden."""
    rows = of_whole_area(latest)
    totals = rows.loc[grand_total(rows), "children"]
    counts = by_provision(latest).droplevel("year")
    counts.loc[ALL] = counts.sum() if totals.empty else totals.iloc[0]
    return counts, pd.Series(0, index=list(area.about.provisions))


def _own_counts(latest: pd.DataFrame) -> tuple["pd.Series[float]", "pd.Series[int]"]:
    """Children by provision (`all` where the counts do not say it) in the margin that tells most, and counts hidden."""
    named = [latest[axis].ne(ALL) for axis in ("district", "need", "provision")]
    pattern = named[0] * 8 + named[1] * 4 + named[2] * 2 + ~every_age(latest) * 1
    rows = latest[pattern.eq((latest.groupby(pattern)["year"].transform("size") * 16 + pattern).max() % 16)]
    by_kind = rows.groupby("provision")["children"]
    return by_kind.sum(min_count=1), rows["children"].isna().astype(int).groupby(rows["provision"]).sum()


def _whole(count: float | None) -> int | None:
    return None if count is None or pd.isna(count) else int(count)
