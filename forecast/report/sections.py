"""Parts of an answer that stand under a heading of their own: sentences, a table, or a text as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from forecast.report.terminal import bullets, heading


@dataclass(frozen=True, eq=False)
class Section:
    """What a terminal shows under one heading."""

    heading: str
    body: Table | str | Sequence[str]
    """A table, a text, or sentences one by one."""


def show_sections(sections: Sequence[Section], screen: Console) -> None:
    """Print parts of an answer, in order."""
    for section in sections:
        heading(screen, section.heading)
        if isinstance(section.body, Table):
            screen.print(section.body)
        elif isinstance(section.body, str):
            screen.print(section.body, soft_wrap=True)
        else:
            bullets(screen, list(section.body))
