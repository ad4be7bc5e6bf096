"""The page on alternative provision in a real browser: from the first page, on a phone, by keyboard to its levers."""

import pytest
from in_browser import PATIENCE, at, browser, hosts, served
from test_trust_in_browser import BOXES, over

from forecast.inputs.bundled import bundled

pytestmark = pytest.mark.browser

TITLE = "Alternative provision"
LAST = "What do these figures rest on?"
DRAWINGS, TABLES = 4, 6
"""Children, places, reasons and the sum; by school year twice, by key stage, by reason, the sum, and past forecasts."""
CHART = "[data-testid=stVegaLiteChart]"
SUM = f"[...document.querySelectorAll('{CHART}')].at(-1)?.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where `forecast app` serves Worcestershire."""
    with served(tmp_path_factory.mktemp("ap"), bundled("app.py").parent) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address):  # noqa: ARG001 - without Chromium there is no address, and the reason is said there
    with browser() as found:
        yield found


def whole(page):
    """The page once all of it is there."""
    page.get_by_role("heading", name=LAST).wait_for()
    page.locator("svg.marks").nth(DRAWINGS - 1).wait_for()
    page.locator("table[aria-label]").nth(TABLES - 1).wait_for()
    return page


@pytest.fixture(scope="module")
def desk(chromium, address):
    """From the first page, by the way that stands beside children with a plan."""
    page = at(chromium, address, 1280)
    page.get_by_role("combobox", name="Kind of place").click()
    page.get_by_role("option", name=TITLE).click()
    page.get_by_role("link", name="Children without a plan fill these too").click()
    return whole(page)


@pytest.fixture(scope="module")
def phone(chromium, address):
    return whole(at(chromium, f"{address}/ap", 320))


def test_the_page_is_one_click_from_children_with_a_plan_and_asks_no_other_computer(desk):
    assert desk.title() == desk.locator("h1").inner_text() == TITLE
    assert desk.url.endswith("/ap")
    assert desk.get_by_text("are themselves a forecast").first.is_visible()
    assert hosts(desk.asked) == {"127.0.0.1"}


def test_each_drawing_and_table_says_in_words_what_it_shows_and_each_control_has_a_name(desk):
    labels = [drawing.get_attribute("aria-label") for drawing in desk.locator(CHART).all()]
    assert len(labels) == DRAWINGS
    assert all(labels)
    assert desk.locator("table[aria-label]").count() == desk.locator("table").count() == TABLES
    unnamed = """[...document.querySelectorAll('[data-testid=stMain] :is(input, textarea, [role=slider])')]
        .filter(part => !part.getAttribute('aria-label') && !part.labels?.length).length"""
    assert desk.evaluate(unnamed) == 0


@pytest.mark.parametrize("width", ["desk", "phone"])
def test_the_page_never_scrolls_sideways_and_no_word_in_a_drawing_is_cut_off_or_covered(request, width):
    page = request.getfixturevalue(width)
    for part in ("html", "[data-testid=stMain]"):
        assert page.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth"), part
    page.wait_for_function(f"({BOXES})().filter(boxes => boxes.length > 1).length === {DRAWINGS}")
    for edge, *words in page.evaluate(BOXES):
        assert edge["x"] >= 0
        assert edge["x"] + edge["width"] <= page.viewport_size["width"]
        for box in words:
            assert box["x"] >= edge["x"] - 1
            assert box["x"] + box["width"] <= edge["x"] + edge["width"] + 1
        assert not any(over(one, other) for at, one in enumerate(words) for other in words[:at])


def test_the_keyboard_alone_moves_the_sum_at_once_and_leads_to_its_levers(desk):
    before = desk.evaluate(SUM)
    desk.get_by_role("slider", name="Arrivals").focus()
    desk.keyboard.press("ArrowLeft")
    desk.wait_for_function(f"old => {SUM} !== old", arg=before)
    assert desk.evaluate(SUM).startswith("With 5% fewer arrivals, ")
    on = desk.get_by_role("button", name="See this with its range in What if?")
    on.wait_for()
    on.focus()
    desk.keyboard.press("Enter")
    desk.get_by_role("heading", name="1. More or fewer children come to AP").wait_for()
    assert desk.locator("h1").inner_text() == "What if?"
    assert desk.get_by_role("slider", name="Children who come").input_value() == "95"
    desk.get_by_text("places filled by children without a plan").first.wait_for(timeout=PATIENCE * 1000)
