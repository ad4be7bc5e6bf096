"""A filed return written out again as a folder of CSV modules, to be read as a council's own."""

import pandas as pd

from forecast.records.layout import CSV, layout


def write(one, folder):
    """Write the CSV modules of a return; its records are invented."""
    folder.mkdir(parents=True)
    for module, table in one.tables.items():
        named = layout()[module]
        columns = {
            field.names[CSV][0]: [_text(value) for value in table[field.name]]
            if field.name in table
            else [""] * len(table)
            for field in named.fields.values()
            if field.names[CSV]
        }
        pd.DataFrame(columns).to_csv(folder / f"Blade-Export_31-03-{one.census}_{named.names[CSV][0]}.csv", index=False)
    return folder


def _text(value):
    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return {True: "true", False: "false"}.get(value, str(value)) if isinstance(value, bool) else str(value)
