"""What the tests of counting share: a base area of two districts, its schools and postcodes, as read from files."""

from pathlib import Path
from tempfile import TemporaryDirectory

from builders import put, small_area
from builders_return import extract, lookup

from forecast.inputs.area import read_area
from forecast.records.counted import counted_area
from forecast.records.districts import read_lookup
from forecast.records.establishments import read_establishments


def _kit():
    with TemporaryDirectory() as folder:
        base = read_area(put(small_area(), Path(folder) / "smallshire"))
        put({"gias.csv": extract(), "postcodes.csv": lookup()}, folder)
        schools = read_establishments(Path(folder) / "gias.csv")
        return base, schools, read_lookup(Path(folder) / "postcodes.csv", base.about)


BASE, SCHOOLS, DISTRICTS = _kit()


def counted(*returns, **kwargs):
    """Counts of returns for the small area."""
    return counted_area(returns, BASE, SCHOOLS, DISTRICTS, **kwargs)


def cells(table, *columns):
    """Cells of a table of counts: labels -> children, without those of none."""
    rows = table[table["children"] > 0]
    keys = zip(*(rows[column] for column in columns), strict=True)
    return dict(zip(keys, rows["children"], strict=True))


def placements(result, year):
    """(district, need, nc_year, provision) -> children."""
    table = result.tables["placements"]
    assert (table["nc_from"] == table["nc_to"]).all()
    return cells(table[table["year"] == year], "district", "need", "nc_from", "provision")


def flows(result, year):
    """(flow, district, need, nc_year, provision) -> children."""
    table = result.tables["flows"]
    return cells(table[table["year"] == year], "flow", "district", "need", "nc_from", "provision")


def moves(result, year):
    """(district, need, nc_year, provision, to) -> children."""
    table = result.tables["moves"]
    return cells(table[table["year"] == year], "district", "need", "nc_year", "provision", "to")


def told(result, year):
    """What the summary says of one January."""
    rows = result.summary[result.summary["year"] == year]
    return dict(zip(rows["what"], rows["children"], strict=True))
