"""Whether a table given as counts may be a list of children instead, so that no message may quote its cells."""

import re
from typing import Final

import pandas as pd

FEW: Final = 5
"""Cells of one column that cannot be read and may be quoted: more of them may be the names of children."""
_OF_A_CHILD: Final = re.compile(
    r"[a-z][0-9]{11}[0-9a-z]"  # a unique pupil number
    r"|[0-9]{10}"  # a unique learner number
    r"|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}"  # a postcode
    r"|[0-9]{4}[-/. ](?:[0-9]{1,2}|[a-z]{3,9})[-/. ][0-9]{1,2}(?:[t ].*)?"  # a day
    r"|[0-9]{1,2}[-/. ](?:[0-9]{1,2}|[a-z]{3,9})[-/. ](?:[0-9]{2}){1,2}(?:[t ].*)?",
    re.IGNORECASE,
)


def looks_private(cells: pd.DataFrame) -> bool:
    """Whether any cell has the form of a pupil's number, a postcode or a day."""
    texts = {cell for column in cells for cell in cells[column].unique() if isinstance(cell, str)}
    return any(_OF_A_CHILD.fullmatch(text.strip()) for text in texts)
