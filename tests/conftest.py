"""Published files that are too large to ship: tests that need them are skipped, with the reason, where they are absent."""

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
"""Releases of the Department for Education and the Office for National Statistics, beside the checkout."""


def pytest_collection_modifyitems(items):
    if not SHARED.is_dir():
        absent = pytest.mark.skip(reason="the published releases are not in ../shared/data")
        for item in items:
            if item.get_closest_marker("needs_shared_data"):
                item.add_marker(absent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Where the files are and nobody is watching, a test that needs them must not be skipped."""
    report = yield
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if skipped and item.get_closest_marker("needs_shared_data") and SHARED.is_dir() and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, though the files that it needs are in {SHARED.name}"
    return report


@pytest.fixture(scope="session")
def shared():
    """Folder of the published files."""
    return SHARED
