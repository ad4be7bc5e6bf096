"""The return as it is submitted: one XML file, records nested in the child that they are about.

    Message - Header                   collection, year, reference date, authority
            - Persons - Person - Requests -+- Assessment - NamedPlan - PlanDetail
                                           +- ActivePlans -+- PlacementDetail
                                                           +- SENneed

Records have no ids here: a record's id is its ordinal among those of its module. Elements that are not known
are passed over, and those within them are read as if they were not there, so that a wrapper does no harm.
Nothing outside the file is ever fetched, nothing declared in it is expanded, and a child is dropped from memory
as soon as it is read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError

import pandas as pd
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from forecast.errors import Fault, InputFaults
from forecast.inputs.faults import capped
from forecast.inputs.safe_files import MEGABYTE
from forecast.records.filed import PARENTS
from forecast.records.layout import ID, PARENT, XML, Field, layout, plain
from forecast.records.sources import Part, whole
from forecast.records.written import DISTRICT, MOST_ROWS, Room, Written

MOST_ELEMENTS: Final = 100_000
"""Elements of one child's record, and those of a file that belong to no child."""
MOST_DEEP: Final = 20
"""Records within each other: five in a return."""
MOST_NAMES: Final = 1_000
"""Names of elements: about 60 in a return."""
MOST_QUIET: Final = MEGABYTE
"""Bytes in which no element ends; a longer text or deeper nesting is no return."""
_PERSON: Final = "person"
_SUBMIT: Final = "give the XML file that is submitted to COLLECT, as it was exported"


@dataclass
class _Records:
    """Records of the modules, as they are met."""

    rooms: dict[str, Room]
    rows: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {name: [] for name in layout()})
    names: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in layout()})
    twice: list[tuple[str, int, str]] = field(default_factory=list)

    def begin(self, module: str, within: Sequence[tuple[str, dict[str, str]]] = ()) -> dict[str, str]:
        """Open a record, linked to the nearest record around it that it belongs to."""
        rows = self.rows[module]
        around = [record[ID] for name, record in within if name == PARENTS[module]]
        record = {ID: str(len(rows) + 1), PARENT: around[-1] if around else ""}
        rows.append(record)
        return record

    def put(self, found: Field, name: str, record: dict[str, str], element: Element) -> None:
        """Keep what an element says, if anything."""
        text = (element.text or "").strip()
        if text and found.name in record:
            self.twice.append((found.module, int(record[ID]), name))
        elif text:
            self.rooms[found.module].take(int(record[ID]), [name], [text])
            record[found.name] = text
            self.names[found.module].setdefault(found.name, name)


class _Watched:
    """A file that is read only while elements keep ending, so that no long text and no deep nesting fills memory."""

    def __init__(self, name: str, file: BinaryIO) -> None:
        self.name = name
        self.file = file
        self.quiet = 0

    def read(self, size: int = -1, /) -> bytes:
        """Read the next block."""
        block = self.file.read(size)
        self.quiet += len(block)
        if self.quiet > MOST_QUIET:
            raise _refused(self.name, 0, f"has {MOST_QUIET // MEGABYTE} MB without the end of an element")
        return block


class _Names:
    """What each element's name means, looked up once."""

    def __init__(self, file: str, district: str | None) -> None:
        self.file = file
        self.modules = {plain(name): module.name for module in layout().values() for name in module.names[XML]}
        self.fields = {module.name: dict(module.called(XML)) for module in layout().values()}
        if district is not None:
            postcode = self.fields[_PERSON]["postcode"]
            self.fields[_PERSON][plain(district)] = replace(postcode, name=DISTRICT)
        self.known: dict[str, str] = {}

    def of(self, element: Element) -> str:
        """Name of an element without its namespace, as `plain` writes it."""
        tag = element.tag
        if tag not in self.known:
            if len(self.known) == MOST_NAMES:
                raise _refused(self.file, 0, f"has more than {MOST_NAMES:,} names of elements")
            self.known[tag] = plain(tag.rpartition("}")[2])
        return self.known[tag]


def read_xml(part: Part, district: str | None = None) -> dict[str, Written]:
    """Every module of the return, as written; those without a record are empty.

    Raises
    ------
    InputFaults
        It is no XML, declares a document type or entities, holds no child, or is of absurd size or depth.
    """
    names = _Names(part.name, district)
    records = _Records({module: Room(_called(part.name, module)) for module in layout()})
    with whole(part.name), part.open() as raw:
        _read(_Watched(part.name, raw), names, records)
    if not records.rows[_PERSON]:
        raise _refused(part.name, 0, "holds no child's record")
    if records.twice:
        raise InputFaults(capped(records.twice, lambda it: _twice(part.name, *it)))
    return {module: _written(part.name, module, records, district) for module in layout()}


def _read(file: _Watched, names: _Names, records: _Records) -> None:
    met = outside = 0
    for element in _elements(file):
        met += 1
        name = names.of(element)
        if names.modules.get(name) == _PERSON:
            outside += met - _read_person(element, names, records)
            met = 0
            element.clear()
            if any(len(rows) > MOST_ROWS for rows in records.rows.values()):
                raise _refused(file.name, 0, f"has more than {MOST_ROWS:,} records of one kind")
        elif found := names.fields["sen2"].get(name):
            _put_header(found, name, element, records)
        if met + outside > MOST_ELEMENTS:
            raise _refused(file.name, 0, f"has a record of more than {MOST_ELEMENTS:,} elements")


def _elements(file: _Watched) -> Iterator[Element]:
    """Each element as it ends; what the parser says of a file that is no XML, or unsafe, becomes a fault of it."""
    try:
        for _, element in iterparse(file, events=("end",), forbid_dtd=True):
            file.quiet = 0
            yield element
    except DefusedXmlException:
        what = "declares a document type or entities, which a return never does"
        raise InputFaults([Fault(file.name, 0, "", what, _SUBMIT)]) from None
    except ParseError as error:
        raise _refused(file.name, error.position[0], "is not well-formed XML from here on") from None
    except (LookupError, ValueError):
        raise _refused(file.name, 0, "is in an encoding that cannot be read") from None


def _put_header(found: Field, name: str, element: Element, records: _Records) -> None:
    """Keep what the header says; a field met a second time begins a second header."""
    rows = records.rows["sen2"]
    if len(element) or len(rows) > 1:
        return
    if not rows or found.name in rows[-1]:
        records.begin("sen2")
    records.put(found, name, rows[-1], element)


def _read_person(person: Element, names: _Names, records: _Records) -> int:
    """Take the records of one child out of its element, in the order of the file; how many elements it has."""
    waiting: list[tuple[Element, tuple[tuple[str, dict[str, str]], ...]]] = [(person, ())]
    met = 0
    while waiting:
        element, within = waiting.pop()
        if module := names.modules.get(names.of(element)):
            within = (*within, (module, records.begin(module, within)))
        if len(within) > MOST_DEEP:
            raise _refused(names.file, 0, f"has more than {MOST_DEEP} records within each other")
        module, record = within[-1]
        fields = names.fields[module]
        met += 1
        for child in reversed(element):
            if len(child):
                waiting.append((child, within))
                continue
            met += 1
            name = names.of(child)
            if found := fields.get(name):
                records.put(found, name, record, child)
    return met


def _written(file: str, module: str, records: _Records, district: str | None) -> Written:
    rows, names = records.rows[module], dict(records.names[module])
    if district is not None and module == _PERSON:
        names.setdefault(DISTRICT, plain(district))
    made = (ID,) if PARENTS[module] in {None, "sen2"} else (ID, PARENT)
    columns = {name: [row.get(name, "") for row in rows] for name in (*made, *names)}
    index = pd.RangeIndex(1, len(rows) + 1, name="row")
    return Written(_called(file, module), pd.DataFrame(columns, index=index, dtype="str"), names)


def _twice(file: str, module: str, row: int, name: str) -> Fault:
    return Fault(_called(file, module), row, name, "is there twice", "keep one of the two")


def _called(file: str, module: str) -> str:
    """What messages call the records of a module."""
    return f"{file}, {layout()[module].names[XML][0]}"


def _refused(file: str, row: int, what: str) -> InputFaults:
    return InputFaults([Fault(file, row, "", what, _SUBMIT)])
