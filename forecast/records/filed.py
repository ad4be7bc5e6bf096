"""A SEN2 return as an authority files it: nine modules, each a table, each record known by its own row id.

    sen2 -- person -- requests -+- assessment -- named_plan -- plan_detail       the setting *named* in the plan
                                +- active_plans -+- placement_detail             the setting *attended*
                                                 +- sen_need

A table holds children's records: it lives in memory until it is counted, and nothing of it is ever written,
logged or shown. Messages name a file, a row and a field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from forecast.errors import Fault

PARENTS: Final[Mapping[str, str | None]] = {
    "sen2": None,
    "person": "sen2",
    "requests": "person",
    "assessment": "requests",
    "named_plan": "assessment",
    "plan_detail": "named_plan",
    "active_plans": "requests",
    "placement_detail": "active_plans",
    "sen_need": "active_plans",
}
"""Module -> the module that its records belong to."""

SYNTHETIC: Final = "SYNTHETIC"
"""Software code of a return of invented children, whose UPNs have a wrong check letter on purpose."""


@dataclass(frozen=True, eq=False)
class Filed:
    """One return: every module of `PARENTS` a table with the fields of `data/reference/sen2_return.csv`, typed.

    A table is indexed by `row`: the line of a CSV or sheet, the ordinal of an element in XML. It has the
    columns `id`, the record's own row id, and `parent`, its parent's; then every field of the layout, whether
    or not this version of the return has it: dates as datetime64 (NaT where blank or unreadable), true and
    false as boolean, whole numbers as Int64, everything else as text, "" where blank.
    """

    census: int
    """January of the census."""
    version: str
    """Version of the guide whose names it uses, such as "1.2"; "" where that cannot be told."""
    form: str
    """`csv`, `xml` or `workbook`."""
    tables: Mapping[str, pd.DataFrame]
    """Module -> its records."""
    files: Mapping[str, str]
    """Module -> what messages call the file (and sheet) that it came from."""
    unread: tuple[Fault, ...]
    """Cells that could not be read, so that they count as blank: file, row and field, never what the cell says."""


def is_invented(filed: Filed) -> bool:
    """Whether a return says that its children are invented."""
    return SYNTHETIC in set(filed.tables["sen2"]["software_code"].str.strip().str.upper())
