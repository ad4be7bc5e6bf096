"""The JSON schema of scenario files as text, and as a file that an editor reads."""

import json
from collections.abc import Mapping
from pathlib import Path
from secrets import token_hex

from forecast.errors import ForecastError


class SchemaNotWritten(ForecastError):
    """The file of a schema cannot be written."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written ({why}); name another file with --to.")


def as_text(schema: Mapping[str, object]) -> str:
    """A schema as JSON, line by line."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schema(schema: Mapping[str, object], path: Path) -> None:
    """Write a schema, whole or not at all.

    Raises
    ------
    SchemaNotWritten
        The disk refuses, or `path` is a folder.
    """
    beside = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        beside.write_text(as_text(schema), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise SchemaNotWritten(path, str(error.strerror)) from error
    finally:
        beside.unlink(missing_ok=True)
