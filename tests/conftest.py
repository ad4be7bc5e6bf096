"""Tests that need published files too large to ship are skipped, with the reason, where those are absent.

Property tests try the same examples every time, so that a failure is the change's; to explore, run
`pytest --hypothesis-profile=explore`. None is timed: speed belongs to `benchmarks/`.
"""

import os
import sys
from pathlib import Path

import hypothesis
import planted
import pytest

hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", derandomize=False, deadline=None)
hypothesis.settings.load_profile("same")

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


@pytest.hookimpl(wrapper=True, specname="pytest_runtest_makereport")
def nothing_of_a_child_is_said(item):
    """What a test made the program print or log holds no identifier of any child of the tests."""
    report = yield
    if report.passed and any(planted.told(text) for _, text in report.sections):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid}: what was printed or logged tells of a child"
    return report


@pytest.fixture(scope="session", autouse=True)
def nothing_of_a_child_is_left(tmp_path_factory):
    """After the whole run, no file that the program wrote holds an identifier of any child of the tests."""
    yield
    found = planted.leaks(tmp_path_factory.getbasetemp())
    assert not found, f"{len(found)} files tell of a child, the first of them {found[0]}"


@pytest.fixture(scope="session")
def shared():
    """Folder of the published files."""
    return SHARED


@pytest.fixture(autouse=True)
def main_module():
    """Give back the main module: streamlit puts the app in its place, and new processes would start from that."""
    kept = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = kept
