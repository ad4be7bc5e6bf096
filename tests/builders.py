"""A small area of published margins, as files in memory: change them, then put them in a folder and read it.

Two districts, two needs, four kinds of place; every margin is a sum over one joint table, `children`.
"""

import csv
import io
import json
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from forecast.errors import InputFaults
from forecast.inputs.area import FILES, read_area

DISTRICTS = ("North", "South")
NEEDS = ("ASD", "SEMH", "not_recorded")
BANDS = ("-4..-1", "0", "1..6", "7..11", "12..14", "15..20")
PROVISIONS = ("mainstream", "base", "special", "college", "not_recorded")
AXES = ("need", "nc_year", "provision")

AREA_TOML = """\
format = 1
name = "Smallshire"
la_code = "999"
kind = "published"
synthetic = true
latest_census = 2025
notes = [
    "Smallshire is invented.",
]

[needs]
ASD = "ASD"
SEMH = "SEMH"

[provisions]
mainstream = "mainstream"
base = "base"
special = "special"
college = "post16"

[[districts]]
name = "North"
code = "E07000001"

[[districts]]
name = "South"

[[sources]]
table = "placements.csv"
status = "synthetic"
source = "Invented, 2025"
"""


def children(year, need, nc_year, provision):
    """Children with a plan in one cell of the joint table."""
    cell = NEEDS.index(need), BANDS.index(nc_year), PROVISIONS.index(provision)
    return (7 * cell[0] + 3 * cell[1] + 5 * cell[2] + year) % 13


def margin(year, *named):
    """Rows of `children` summed over every axis but those named."""
    labels = {"need": NEEDS, "nc_year": BANDS, "provision": PROVISIONS}
    for kept in product(*(labels[axis] if axis in named else ("all",) for axis in AXES)):
        summed = product(
            *(labels[axis] if label == "all" else (label,) for axis, label in zip(AXES, kept, strict=True))
        )
        need, nc_year, provision = kept
        yield year, "all", need, nc_year, provision, sum(children(year, *cell) for cell in summed)


def placements():
    """Margins of 2024 and 2025; what is known by need is known for 2025 only."""
    for named in ((), ("provision",), ("nc_year", "provision")):
        yield from margin(2024, *named)
    for named in ((), ("provision",), ("need", "provision"), ("need", "nc_year"), ("nc_year", "provision")):
        yield from margin(2025, *named)


def flows():
    """Plans made and ceased in the year to January 2025, and those that moved away."""
    yield 2025, "start", "all", "all", "all", "all", 90
    yield from ((2025, "start", "all", need, "all", "all", 45) for need in ("ASD", "SEMH"))
    yield 2025, "cease", "all", "all", "all", "all", 40
    yield 2025, "transfer", "all", "all", "all", "all", 8
    yield 2025, "cease", "all", "all", "7..11", "special", ""


def population():
    """Estimates to mid-2024 and one projection."""
    for (mid_year, variant), district, age in product(
        ((2023, "estimate"), (2024, "estimate"), (2025, "migration"), (2026, "migration")),
        DISTRICTS,
        range(25),
    ):
        yield mid_year, variant, district, age, 900 + 10 * age + mid_year % 7


PLACES = tuple(
    tuple(line.split(","))
    for line in (
        "Moor Lane School,North,all,52.2,-2.25,special,all,-1,14,120,6,,,,,no,Council 2025",
        "Hill School,South,North;South,,,base,ASD;SEMH,0,11,24,,2027-09,2040-07,0.8,0.5;0.85;1,no,",
        "College,all,all,,,college,all,12,20,70,0,,,,,yes,",
    )
)
HEADERS = {
    "placements": "year,district,need,nc_year,provision,children",
    "flows": "year,flow,district,need,nc_year,provision,children",
    "population": "mid_year,variant,district,age,people",
    "places": "school,district,serves,lat,lon,provision,needs,nc_from,nc_to,places,taken_by_others,"
    "opens,closes,probability,ramp,assumed,source",
    "special_rates": "year,pupils,special,england_pupils,england_special",
}


def boundaries():
    """Two squares."""
    squares = {"North": 1.0, "South": 0.0}
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[0, y], [1, y], [1, y + 1], [0, y + 1], [0, y]]],
            },
        }
        for name, y in squares.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def small_area():
    """Files of the area: name -> bytes."""
    rates = [(year, 1000 + year, 20 + year % 10, 9_000_000, 150_000) for year in (2023, 2024, 2025)]
    rows = {
        "placements": placements(),
        "flows": flows(),
        "population": population(),
        "places": PLACES,
        "special_rates": rates,
    }
    files = {f"{name}.csv": as_csv([HEADERS[name].split(","), *rows[name]]) for name in rows}
    return {
        "area.toml": AREA_TOML.encode(),
        **files,
        "districts.geojson": json.dumps(boundaries(), indent=1).encode(),
    }


def as_csv(rows):
    """Rows as a file's bytes."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def as_rows(content):
    """A file's bytes as rows, the header first; row n of a file is item n - 1."""
    return [list(row) for row in csv.reader(io.StringIO(content.decode(), newline=""))]


def put(files, folder):
    """Write `files` into `folder`."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def with_cell(files, file, row, column, cell):
    """`files` with one cell changed."""
    rows = as_rows(files[file])
    rows[row - 1][rows[0].index(column)] = cell
    return {**files, file: as_csv(rows)}


def with_text(files, file, old, new):
    """`files` with a piece of text changed, which must be there."""
    text = files[file].decode()
    assert old in text, f"{old!r} is not in {file}"
    return {**files, file: text.replace(old, new).encode()}


def same(one, other):
    """Whether two areas say the same, wherever they were read from."""
    tables = all(one.tables[name].equals(other.tables[name]) for name in one.tables)
    return tables and one.about == other.about and one.boundaries == other.boundaries


def read(files):
    """What a folder of `files` reads as: an area, or its faults; nothing else may happen, nor be written."""
    with TemporaryDirectory() as folder:
        put(files, folder)
        try:
            return read_area(folder)
        except InputFaults as error:
            for fault in error.faults:
                assert fault.file in FILES
                assert fault.what.strip()
                assert fault.remedy.strip()
                assert fault.row >= 0
            return error.faults
        finally:
            found = {path.name: path.read_bytes() for path in put({}, folder).iterdir()}
            assert found == files


def faults(files):
    """Faults of a folder that must have some."""
    found = read(files)
    assert isinstance(found, tuple)
    return found


def says(files, *parts):
    """Whether one of the faults has all of `parts` in its sentence."""
    found = [str(fault) for fault in faults(files)]
    return any(all(part in sentence for part in parts) for sentence in found) or found
