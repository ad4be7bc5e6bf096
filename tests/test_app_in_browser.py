"""The app in a real browser, started as `forecast app` starts it, in a folder whose settings would open it to all."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from in_browser import at, browser, free_port, hosts, need_chromium, wait_for

from forecast.inputs.bundled import bundled

pytestmark = pytest.mark.browser

ANYONE = "0.0.0.0"  # noqa: S104 - what the app must not listen at, although it is told to
HOSTILE = "![x](http://elsewhere.example/a.png) <img src='http://elsewhere.example/b.png'>"
OPEN_TO_ALL = f"""
[server]
address = "{ANYONE}"
allowedHosts = []
[browser]
gatherUsageStats = true
"""


@pytest.fixture(scope="module")
def area(tmp_path_factory):
    """An area of one's own whose notes would fetch pictures, were they read as markup."""
    folder = tmp_path_factory.mktemp("areas") / "ours"
    shutil.copytree(bundled("data", "worcestershire"), folder)
    about = (folder / "area.toml").read_text(encoding="utf-8")
    before, after = about.split("notes = [\n")
    (folder / "area.toml").write_text(f'{before}notes = [\n    "{HOSTILE}",\n{after}', encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(area, tmp_path_factory):
    """Where `forecast app` serves the area; afterwards it must end well."""
    need_chromium()
    away = tmp_path_factory.mktemp("away")
    (away / ".streamlit").mkdir()
    (away / ".streamlit" / "config.toml").write_text(OPEN_TO_ALL, encoding="utf-8")
    port = free_port()
    no_browser = {"BROWSER": f'"{sys.executable}" -c 0 %s', "STREAMLIT_SERVER_ADDRESS": ANYONE}
    start = [sys.executable, "-m", "forecast", "app", str(area), "--port", str(port)]
    root = str(bundled("app.py").parent)
    log = away / "log.txt"
    with log.open("wb") as said:
        app = subprocess.Popen(
            start, cwd=away, env=os.environ | no_browser | {"PYTHONPATH": root}, stdout=said, stderr=said
        )
    try:
        wait_for(port, app)
        yield f"http://127.0.0.1:{port}"
        app.send_signal(signal.SIGINT)
        assert app.wait(timeout=20) == 0
        told = log.read_text(encoding="utf-8")
        assert told.startswith(f"The app is at http://127.0.0.1:{port}\nTo stop it, press Ctrl-C here.\n")
        assert "Traceback" not in told
    finally:
        app.terminate()
        app.wait(timeout=20)


@pytest.fixture(scope="module")
def chromium(address):  # noqa: ARG001 - without Chromium there is no address, and the reason is said there
    with browser() as found:
        yield found


TABLES = 6
"""By year, by phase, by district, by need, and the two special school rates."""


def opened(chromium, address, width):
    """The page at a width, once all of it is there; what it asked for is on its list `asked`."""
    page = at(chromium, address, width)
    page.get_by_role("heading", name="Words").wait_for()
    page.locator("svg.marks").nth(2).wait_for()
    page.locator("table[aria-label]").nth(TABLES - 1).wait_for()
    return page


@pytest.fixture(scope="module")
def desk(chromium, address):
    return opened(chromium, address, 1280)


@pytest.fixture(scope="module")
def phone(chromium, address):
    return opened(chromium, address, 320)


def test_only_this_machine_is_served(address):
    with socket.socket() as probe:
        probe.settimeout(5)
        assert probe.connect_ex(("127.0.0.2", urlsplit(address).port)) != 0


def test_nothing_is_asked_of_any_other_computer_whatever_a_note_says(desk):
    assert hosts(desk.asked) == {"127.0.0.1"}
    assert desk.get_by_text("![x](http://elsewhere.example/a.png)").is_visible()
    assert desk.locator("img").count() == 0


def test_the_page_opens_in_english_with_its_title(desk):
    assert desk.locator("html").get_attribute("lang") == "en"
    assert desk.title() == "Are there enough places?"
    assert desk.locator("h1").inner_text() == "Are there enough places?"


def test_each_drawing_says_in_words_what_it_shows(desk):
    drawings = desk.locator("[data-testid=stVegaLiteChart][role=graphics-document]")
    labels = [drawing.get_attribute("aria-label") for drawing in drawings.all()]
    assert len(labels) == 3
    assert "State special school: if the trend continues, about" in labels[0]
    assert "rate applied to this district's children" in labels[1]
    assert "Children in specialist places by main need" in labels[2]
    assert desk.locator("table[aria-label]").count() == desk.locator("table").count() == TABLES


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_page_never_scrolls_sideways(request, width):
    page = request.getfixturevalue(width)
    for part in ("html", "[data-testid=stMain]"):
        found = page.locator(part)
        assert found.evaluate("part => part.scrollWidth <= part.clientWidth"), part
    for drawing in page.locator("svg.marks").all():
        box = drawing.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_a_table_that_is_wider_than_a_phone_is_scrolled_within_its_frame(phone):
    overflow = """[...document.querySelectorAll('table')].map(table => table.parentElement)
        .filter(frame => frame.scrollWidth > frame.clientWidth)
        .map(frame => getComputedStyle(frame).overflowX)"""
    assert set(phone.evaluate(overflow)) <= {"auto", "scroll"}


def test_the_keyboard_alone_chooses_another_kind_of_place(desk):
    label = "Kind of place"
    for _ in range(30):
        desk.keyboard.press("Tab")
        if label in (desk.evaluate("document.activeElement.getAttribute('aria-label')") or ""):
            break
    else:
        pytest.fail(f"thirty presses of Tab did not reach {label!r}")
    desk.get_by_role("heading", name="State special school, by phase").wait_for()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="State special school, by phase").wait_for(state="detached")
    desk.get_by_role("heading", name=", by phase").wait_for()
