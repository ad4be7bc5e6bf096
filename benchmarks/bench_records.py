"""A council's own records into an area folder: five returns of 15,000 plans in under 60 seconds and 2 GB, and 100,000
stays in alternative provision in under 20 seconds."""

import resource
import shutil
from itertools import count

import numpy as np
import pandas as pd
import pytest

from forecast.inputs.area import read_area
from forecast.inputs.bundled import bundled
from forecast.records.ap.counted import Given as ApGiven
from forecast.records.ap.importing import import_ap
from forecast.records.importing import Given, import_sen2
from forecast.records.synthetic.write import write_synthetic

PLANS = 15_000
STAYS = 100_000


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("records") / "county"
    write_synthetic(folder, 1, plans=PLANS)
    return folder


def test_five_returns_of_15000_plans_are_imported(benchmark, county):
    given = Given(county / "establishments.csv", county / "postcodes.csv")
    names = count()

    def run():
        returns = sorted(county.glob("SEN2_*"))
        return import_sen2(returns, county / f"made-{next(names)}", given, base=str(county / "area"))

    made = benchmark.pedantic(run, rounds=1)
    rows = made.area.placements
    assert len(set(rows["year"])) == 5
    assert rows.loc[rows["year"].eq(rows["year"].max()), "children"].sum() > 0.9 * PLANS
    benchmark.extra_info["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture(scope="module")
def placements(tmp_path_factory):
    """A file of invented stays in five academic years, one child in ten with two of them at once."""
    luck, path = np.random.default_rng(1), tmp_path_factory.mktemp("placements") / "placements.csv"
    start = np.datetime64("2020-09-01") + luck.integers(0, 1_800, STAYS)
    end = start + luck.gamma(2, 75, STAYS).astype(int)
    ended = end <= np.datetime64("2025-08-31")
    child = np.where(luck.random(STAYS) < 0.1, np.roll(np.arange(STAYS), 1), np.arange(STAYS))
    table = pd.DataFrame({
        "child": np.char.add("zzyzx-", child.astype(str)),
        "start": start.astype(str),
        "end": np.where(ended, end.astype(str), ""),
        "reason": luck.choice(["exclusion", "medical", "off-site direction", "awaiting assessment"], STAYS),
        "key stage": "KS3",
        "registration": "dual main",
        "days": luck.choice(["5", "2.5", ""], STAYS),
        "setting": luck.choice(["PRU", "tuition", "school arranged"], STAYS),
        "plan": luck.choice(["yes", "no"], STAYS),
        "district": luck.choice(read_area("exampleshire").about.district_names, STAYS),
        "tier": luck.choice(["2", "3"], STAYS),
        "returned": np.where(ended, luck.choice(["yes", "no"], STAYS), ""),
    })  # fmt: skip
    table.to_csv(path, index=False)
    return path


def test_100000_stays_in_alternative_provision_are_counted(benchmark, placements, tmp_path):
    onto = read_area(shutil.copytree(bundled("data", "exampleshire"), tmp_path / "area"))
    window = ApGiven(*map(np.datetime64, ("2025-10-01", "2020-09-01", "2025-08-31")))
    made = benchmark.pedantic(lambda: import_ap([placements], onto, window, replace=True, synthetic=True), rounds=1)
    stays = made.area.ap_stays[["ended", "ongoing"]].sum().sum()
    assert 0.9 * STAYS < stays <= STAYS
    benchmark.extra_info["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
