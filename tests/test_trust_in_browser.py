"""The page on trust in a real browser, from a copy of the program whose model has known past forecasts."""

import shutil

import pytest
from in_browser import PATIENCE, at, browser, hosts, served
from test_trust_tables import backtest

from forecast.inputs.bundled import bundled

pytestmark = pytest.mark.browser

TITLE = "Can I trust it?"
LAST = "Where do these figures come from?"
PARTS = ("app.py", ".streamlit", "forecast", "data", "models/england")
DRAWINGS, TABLES = 3, 4
BOXES = """() => [...document.querySelectorAll('svg.marks')].map(drawing =>
    [drawing, ...[...drawing.querySelectorAll('text')].filter(text => text.textContent.trim())]
        .map(part => part.getBoundingClientRect().toJSON()))"""
"""Where each drawing is, and then each of its words."""


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """A copy of the program, its past forecasts those of the tests."""
    root = tmp_path_factory.mktemp("program")
    for part in PARTS:
        source, to = bundled(*part.split("/")), root / part
        if source.is_dir():
            shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, to)
    shutil.rmtree(root / "models" / "england" / "backtest", ignore_errors=True)
    backtest(root / "models" / "england" / "backtest")
    return root


@pytest.fixture(scope="module")
def address(program):
    """Where `forecast app` serves the copy."""
    with served(program, program) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address):  # noqa: ARG001 - without Chromium there is no address, and the reason is said there
    with browser() as found:
        yield found


def opened(chromium, address, width):
    """The page at a width, once all of it is there; what it asked for is on its list `asked`."""
    page = at(chromium, address, width)
    whole(page)
    return page


def whole(page):
    """Wait until the page on trust is all there."""
    page.get_by_role("heading", name=LAST).wait_for()
    page.locator("svg.marks").nth(DRAWINGS - 1).wait_for()
    page.locator("table[aria-label]").nth(TABLES - 1).wait_for()


@pytest.fixture(scope="module")
def desk(chromium, address):
    return opened(chromium, f"{address}/trust", 1280)


@pytest.fixture(scope="module")
def phone(chromium, address):
    return opened(chromium, f"{address}/trust", 320)


def test_the_page_opens_at_its_own_address_with_its_title_and_headline(desk):
    assert desk.title() == TITLE
    assert desk.locator("h1").inner_text() == TITLE
    assert desk.get_by_text("out by 9% on average. A council that had assumed no change").is_visible()


def test_nothing_is_asked_of_any_other_computer(desk):
    assert hosts(desk.asked) == {"127.0.0.1"}


def test_each_drawing_says_in_words_what_it_shows(desk):
    drawings = desk.locator("[data-testid=stVegaLiteChart][role=graphics-document]")
    errors, ranges, example = (drawing.get_attribute("aria-label") for drawing in drawings.all())
    assert "out by 9% on average" in errors
    assert "Of 100 outcomes, 80 should lie in the range" in ranges
    assert "1 of 3 forecasts for England had in their range what came" in example
    assert desk.locator("table[aria-label]").count() == desk.locator("table").count() == TABLES


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_page_never_scrolls_sideways(request, width):
    page = request.getfixturevalue(width)
    for part in ("html", "[data-testid=stMain]"):
        assert page.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth"), part
    for drawing in page.locator("svg.marks").all():
        box = drawing.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]


@pytest.mark.parametrize(("kind", "out"), [("Alternative provision", "60%"), ("All plans", "9%")])
@pytest.mark.parametrize("width", ["desk", "phone"])
def test_no_word_in_a_drawing_is_cut_off_or_lies_over_another(request, width, kind, out):
    page = request.getfixturevalue(width)
    page.get_by_role("combobox", name="Kind of place").click()
    page.get_by_role("option", name=kind).click()
    page.locator("svg.marks text", has_text=f"{out} This forecast").wait_for()
    page.wait_for_function(f"({BOXES})().filter(boxes => boxes.length > 1).length === {DRAWINGS}")
    for edge, *words in page.evaluate(BOXES):
        for box in words:
            assert box["x"] >= edge["x"] - 1
            assert box["x"] + box["width"] <= edge["x"] + edge["width"] + 1
        assert not any(over(one, other) for at, one in enumerate(words) for other in words[:at])


def over(one, other):
    """Whether two boxes overlap by more than a hair."""
    return all(
        one[corner] + one[side] - 2 > other[corner] and other[corner] + other[side] - 2 > one[corner]
        for corner, side in (("x", "width"), ("y", "height"))
    )


def test_the_keyboard_alone_chooses_another_kind_of_place(desk):
    label = "Kind of place"
    for _ in range(30):
        desk.keyboard.press("Tab")
        if label in (desk.evaluate("document.activeElement.getAttribute('aria-label')") or ""):
            break
    else:
        pytest.fail(f"thirty presses of Tab did not reach {label!r}")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    desk.get_by_text("That is no better than assuming no change, which would have been out by 50%.").first.wait_for()


def test_the_page_is_reached_from_the_first_one_and_back(chromium, address):
    page = chromium.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(address)
    page.get_by_role("link", name=TITLE).click()
    whole(page)
    page.get_by_role("link", name="Are there enough places?").click()
    page.get_by_role("heading", name="How many children will need a place?").wait_for()
    assert page.title() == "Are there enough places?"


def test_without_past_forecasts_the_page_says_so_and_how_to_make_them(chromium, address, program):
    tables = program / "models" / "england" / "backtest"
    away = tables.rename(program / "away")
    try:
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{address}/trust")
        fault = page.get_by_role("alert")
        fault.wait_for()
        assert page.locator("h1").inner_text() == TITLE
        assert "past forecasts have not been tried out with this model" in fault.inner_text()
        assert "forecast backtest --sen2 FOLDER" in fault.inner_text()
    finally:
        away.rename(tables)


def test_a_damaged_table_is_named_on_the_page(chromium, address, program):
    path = program / "models" / "england" / "backtest" / "scores.csv"
    sound = path.read_text(encoding="utf-8")
    try:
        path.write_text(sound.replace("wape", "error"), encoding="utf-8")
        page = chromium.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{address}/trust")
        page.get_by_role("alert").wait_for()
        assert "scores.csv, wape: is missing; make the tables again" in page.get_by_role("alert").inner_text()
    finally:
        path.write_text(sound, encoding="utf-8")
