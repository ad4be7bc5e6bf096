"""Where the files that ship with the program are: in the checkout, or inside the installed package."""

from pathlib import Path

from forecast.errors import UnknownLabel

_PACKAGE = Path(__file__).resolve().parents[1]


def bundled(*parts: str) -> Path:
    """Path of a file or folder that ships, such as `bundled("data", "worcestershire")`.

    Raises
    ------
    UnknownLabel
        Nothing of that name ships with the program.
    """
    roots = (_PACKAGE.parent, _PACKAGE / "_bundled")
    for root in roots:
        path = root.joinpath(*parts)
        if path.exists() and (root / "app.py").exists():
            return path
    known = [entry.name for root in roots for entry in root.joinpath(*parts[:-1]).glob("*")]
    raise UnknownLabel("bundled file", "/".join(parts), known)
