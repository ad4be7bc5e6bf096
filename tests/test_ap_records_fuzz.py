"""Whatever a file of placements holds: counts or a sentence with a remedy come out, and nothing of a child.

`FORECAST_FUZZ=20000 pytest tests/test_ap_records_fuzz.py` tries more files.
"""

import os
import random
import re

import numpy as np
import pytest
from builders import put
from builders_ap_records import HEADINGS, PLANTED, SEEN, SINCE, TODAY, as_csv, counts_area, row
from planted import told

from forecast.errors import ForecastError
from forecast.inputs.area import read_area
from forecast.records.ap.counted import Given, read_stays

FILES = int(os.environ.get("FORECAST_FUZZ", "500"))
BATCHES = 5
DAY = re.compile(r"(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]|[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}")
EXAMPLE = "2024-09-28"
"""A date that remedies show, and no file here holds."""
ODD = (
    *("", " ", "Zzyzx-Synthetic", "Z999000000001", "ZZ1 1AA", "=1+1", "-1", "1e9", "nan", "inf", "0", "99", "2022"),
    *("2022-01-10", "10/01/2022", "31/12/9999", "01/31/2022", "44571", "2022-01-10T09:00:00", "\u0663", "\x1f", "'"),
    *("R", "Year 9", "7-8", "N2", "KS4", "sole", "dual", "yes", "no", "North", "all", "#REF!", "5.0", "0,5", "x" * 999),
)
SHIPPED = {"ap_rolls", "ap_arrivals", "ap_stays"}


@pytest.fixture(scope="module")
def about(tmp_path_factory):
    return read_area(put(counts_area(), tmp_path_factory.mktemp("area"))).about


def base(luck):
    """Rows of a file, sound but for what is done to them."""
    rows = []
    for number in range(luck.randint(1, 30)):
        month, year = luck.randint(1, 9), luck.randint(2021, 2024)
        end = luck.choice(["", f"{year}-{month + 2:02d}-20"])
        rows.append(row(luck.randint(1, 20) if luck.random() < 0.2 else number + 30, f"{year}-{month:02d}-10", end))
        rows[-1]["year group"] = str(luck.randint(0, 11))
    return rows


def mutated(luck):
    """Bytes of a file to which a few things were done."""
    rows, headings = base(luck), list(HEADINGS)
    for _ in range(luck.randint(0, 4)):
        rows[luck.randrange(len(rows))][luck.choice(HEADINGS)] = luck.choice(ODD)
    if luck.random() < 0.3:
        headings[luck.randrange(len(headings))] = luck.choice(("dob", "sessions", "key stage", "Zzyzx", "", "child"))
    if luck.random() < 0.2:
        luck.shuffle(headings)
    if luck.random() < 0.2:
        rows.append(luck.choice(rows))
    content = bytearray(as_csv(rows, headings).encode())
    if luck.random() < 0.3:
        for _ in range(luck.randint(1, 5)):
            content[luck.randrange(len(content))] = luck.randrange(256)
    if luck.random() < 0.1:
        content = content[: luck.randrange(1, len(content))]
    return bytes(content)


def given(luck):
    since, seen = np.datetime64(SINCE), np.datetime64(SEEN)
    return Given(TODAY, luck.choice((None, since)), luck.choice((None, seen)), leave_out=luck.random() < 0.5)


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_file_is_counted_or_refused_in_sentences_that_tell_of_nobody(about, tmp_path, batch):
    ended = {"counted": 0, "refused": 0}
    for number in range(batch, FILES, BATCHES):
        luck = random.Random(number)  # noqa: S311 - the same files every time
        path = tmp_path / "placements.csv"
        path.write_bytes(mutated(luck))
        try:
            counts = read_stays([path], about, given(luck))
        except ForecastError as error:
            ended["refused"] += 1
            spoken = str(error)
            assert "; " in spoken
        else:
            ended["counted"] += 1
            spoken = "\n".join((*counts.said, *(table.to_csv() for table in counts.tables.values())))
            assert set(counts.tables) == SHIPPED
            assert all((table[name] >= 0).all() for table in counts.tables.values() for name in {"children"} & {*table})
        assert not told(spoken), number
        assert PLANTED.casefold() not in spoken.casefold(), number
        assert set(DAY.findall(spoken)) <= {EXAMPLE}, number
    assert min(ended.values()) > FILES / BATCHES / 20
