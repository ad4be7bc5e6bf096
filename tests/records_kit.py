"""What the tests of counting share: a base area of two districts, its schools and postcodes, as read from files."""

from pathlib import Path
from tempfile import TemporaryDirectory

from builders import put, small_area
from builders_return import at, child, extract, lookup, plan

from forecast.inputs.area import read_area
from forecast.records.counted import counted_area
from forecast.records.districts import read_lookup
from forecast.records.establishments import read_establishments
from forecast.records.importing import Given

MARKS = {"upn": "Z999666123456", "uln": "9996661234", "surname": "Zzyzxmark", "forename": "Qwxmark"}
BORN, HOME = "2013-06-17", "ZZ1 1AB"
CONFIDENTIAL = (*MARKS.values(), BORN, "17/06/2013", HOME, "ZZ11AB", "20130617")


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


def given_in(folder):
    """A base area, an extract and a lookup in a folder; and what the user gives of them."""
    put(small_area(), folder / "base")
    put({"gias.csv": extract(), "postcodes.csv": lookup()}, folder)
    return folder, Given(folder / "gias.csv", folder / "postcodes.csv")


def marked(name="m", **fields):
    return child(name, BORN, [plan(placed=[at("100003")])], **{**MARKS, "postcode": HOME, **fields})


def everyone(folder):
    """Names and contents of all files below `folder`."""
    return " ".join(f"{path.name} {path.read_text('utf-8')}" for path in sorted(folder.rglob("*")) if path.is_file())
