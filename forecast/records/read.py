"""A person-level SEN2 return, in any form that it is kept in, read into one shape.

Layout and names come from public sources (`data/reference/README.md`); no real return has been seen.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from forecast.errors import Fault, InputFaults
from forecast.records.census import authority_of, census_of
from forecast.records.collect_csv import modules_of, read_csvs
from forecast.records.filed import Filed
from forecast.records.joined import check_one_export, with_zeros
from forecast.records.layout import ALWAYS, CSV, WORKBOOK, XML, layout, version_told
from forecast.records.sources import Part, parts_of
from forecast.records.typed import typed_tables
from forecast.records.workbook import read_workbook
from forecast.records.written import DISTRICT, Written, needed_columns
from forecast.records.xml_return import read_xml

OPTIONAL: Final = ("sen2", "plan_detail")
"""Modules that a return can be counted without: the header, and the settings that plans name."""


def read_return(path: Path, census: int | None = None, district: str | None = None) -> Filed:
    """One return: a folder of CSV modules, an .xml, an .xlsx, or a .zip of CSV modules or one .xml.

    Parameters
    ----------
    census : January that it is of, for a return that does not say it
    district : name of a column (element) of `person` that holds the child's district, beyond those of the
        return; it becomes the field `district`

    Raises
    ------
    InputFaults
        Whatever is wrong with the form of its files: every fault of all of them.
    """
    parts = parts_of(path)
    form = parts[0].form
    written = _written(parts, form, district)
    if faults := _missing(path, parts, written, district):
        raise InputFaults(faults)
    files = {name: table.called for name, table in written.items()}
    tables, unread = typed_tables(written, form)
    tables = with_zeros(tables)
    check_one_export(tables, files)
    names = [part.name for part in parts] if form != CSV else [part.name for part in modules_of(parts)[0].values()]
    year = census_of(path, names, tables["sen2"], files.get("sen2", path.name), census)
    found = [
        (layout()[name].fields[field], called)
        for name, table in written.items()
        for field, called in table.names.items()
        if field != DISTRICT
    ]
    return Filed(year, version_told(found), form, tables, files, unread)


def read_returns(paths: Sequence[Path], district: str | None = None) -> tuple[Filed, ...]:
    """Several returns of one authority, in the order of their censuses.

    Raises
    ------
    InputFaults
        What is wrong with any of them; two are of one census; they are of several authorities.
    """
    returns: list[tuple[Path, Filed]] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            returns.append((path, read_return(path, district=district)))
        except InputFaults as error:
            faults += error.faults
    if faults:
        raise InputFaults(faults)
    check_together([(path.name, filed.census, authority_of(filed.tables["sen2"])) for path, filed in returns])
    return tuple(filed for _, filed in sorted(returns, key=lambda one: one[1].census))


def check_together(returns: Sequence[tuple[str, int, str]]) -> None:
    """Refuse returns that do not belong together.

    Parameters
    ----------
    returns : each one's name, its census, and its authority's number, "" where it does not tell

    Raises
    ------
    InputFaults
        Two are of one census, or they are of several authorities.
    """
    first: dict[int, str] = {}
    faults = []
    for name, census, _ in returns:
        if census in first:
            what = f"is of January {census}, as {first[census]} is"
            faults.append(Fault(name, 0, "", what, "give one return for each census"))
        first.setdefault(census, name)
    known = [(name, authority) for name, _, authority in returns if authority]
    faults += [
        Fault(name, 0, "", f"is of another authority than {known[0][0]}", "give the returns of one authority")
        for name, authority in known
        if authority != known[0][1]
    ]
    if faults:
        raise InputFaults(faults)


def _written(parts: Sequence[Part], form: str, district: str | None) -> dict[str, Written]:
    if form == XML:
        return read_xml(parts[0], district)
    return read_workbook(parts[0], district) if form == WORKBOOK else read_csvs(parts, district)


def _missing(path: Path, parts: Sequence[Part], written: Mapping[str, Written], district: str | None) -> list[Fault]:
    """Modules and fields without which a return cannot be counted."""
    form = parts[0].form
    faults = []
    for name, module in layout().items():
        called = module.names[form][0]
        if name not in written and name not in OPTIONAL:
            what = f"the module {called} is missing"
            faults.append(Fault(path.name, 0, "", what, f"add it; a {_kind(form)} of it ends in or is called {called}"))
        elif name in written:
            faults += _blank(module.names[form], written[name], name, form)
    person = written.get("person")
    if district is not None and person is not None and DISTRICT not in person.cells:
        what = "the column asked for as district is missing"
        faults.append(Fault(person.file, 0, "", what, "name a column of the module person"))
    return faults


def _blank(called: Sequence[str], table: Written, name: str, form: str) -> list[Fault]:
    if name == "person" and table.cells.empty:
        return [Fault(table.file, 0, "", "holds no child", "export it again")]
    always = [field for field in needed_columns(layout()[name], form) if field.needed == ALWAYS]
    return [
        Fault(table.file, 0, field.names[form][0], "is blank in every row", f"export {called[0]} again with it")
        for field in always
        if not table.cells.empty and (field.name not in table.cells or table.cells[field.name].str.strip().eq("").all())
    ]


def _kind(form: str) -> str:
    return {CSV: "file", XML: "record"}.get(form, "sheet")
