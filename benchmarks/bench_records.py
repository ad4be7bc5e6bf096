"""A council's own records: five returns of 15,000 plans into an area folder, in under 60 seconds and 2 GB."""

import resource
from itertools import count

import pytest

from forecast.records.importing import Given, import_sen2
from forecast.records.synthetic.write import write_synthetic

PLANS = 15_000


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
