"""The page "What if?" in a real browser: one click from the first page, by keyboard, on a phone."""

import pytest
import yaml
from in_browser import at, browser, hosts, served

from forecast.inputs.bundled import bundled

pytestmark = pytest.mark.browser

DRAWINGS = 4
"""Children with and without, the difference, room, and pounds."""
CHART = "[data-testid=stVegaLiteChart]"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where `forecast app` serves Worcestershire."""
    with served(tmp_path_factory.mktemp("what_if"), bundled("app.py").parent) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(address):  # noqa: ARG001 - without Chromium there is no address, and the reason is said there
    with browser() as found:
        yield found


def width(page):
    """Of the page's text, in pixels."""
    return page.locator("[data-testid=stMainBlockContainer]").bounding_box()["width"]


def told(page):
    """The page once all of it is there."""
    page.get_by_role("heading", name="Which lever does what?").wait_for()
    page.locator("svg.marks").nth(DRAWINGS - 1).wait_for()
    return page


def at_rest(page):
    """The page once nothing on it is being worked out: until then a button may be drawn anew under the pointer."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(state="attached")


@pytest.fixture(scope="module")
def begun(chromium, address):
    """The first page, before any other."""
    page = at(chromium, address, 1280)
    page.get_by_role("heading", name="How many children will need a place?").wait_for()
    return page, width(page)


@pytest.fixture(scope="module")
def desk(begun):
    """From the first page by its link."""
    page, _ = begun
    page.get_by_role("link", name="What if one in five of those who would enter special schools").click()
    return told(page)


@pytest.fixture(scope="module")
def phone(chromium, address):
    return told(at(chromium, f"{address}/what-if?start=hub_and_spoke", 320))


def test_one_click_from_the_first_page_the_lever_stands_there_with_its_answer(desk):
    assert desk.locator("h1").inner_text() == "What if?"
    assert desk.get_by_role("heading", name="1. Keep more children in mainstream").is_visible()
    assert desk.get_by_text('Under "More stay in mainstream at Year 7"').first.is_visible()
    assert "start=" not in desk.url
    assert hosts(desk.asked) == {"127.0.0.1"}


def test_each_drawing_says_in_words_what_it_shows_and_each_control_has_a_name(desk):
    labels = [drawing.get_attribute("aria-label") for drawing in desk.locator(CHART).all()]
    assert len(labels) == DRAWINGS
    assert all("2031/32" in label for label in labels)
    unnamed = """[...document.querySelectorAll('[data-testid=stMain] :is(input, textarea, [role=slider])')]
        .filter(part => part.type !== 'file' && !part.getAttribute('aria-label') && !part.labels?.length).length"""
    assert desk.evaluate(unnamed) == 0


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_the_page_never_scrolls_sideways(request, size):
    page = request.getfixturevalue(size)
    for part in ("html", "[data-testid=stMain]"):
        assert page.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth"), part
    for drawing in page.locator("svg.marks").all():
        box = drawing.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]


def test_the_keyboard_alone_moves_the_lever_and_the_answer_follows(desk):
    before = desk.locator(CHART).first.get_attribute("aria-label")
    slider = desk.get_by_role("slider").first
    slider.focus()
    desk.keyboard.press("End")
    desk.wait_for_function(f"old => document.querySelector('{CHART}')?.getAttribute('aria-label') !== old", arg=before)
    assert slider.input_value() == "100"


def test_the_other_pages_are_as_narrow_as_before_and_what_is_laid_out_is_still_there(desk, begun):
    _, before = begun
    wide = width(desk)
    desk.get_by_role("link", name="Are there enough places?").click()
    desk.get_by_role("heading", name="How many children will need a place?").wait_for()
    assert width(desk) == before < wide
    desk.get_by_role("link", name="What if?", exact=True).click()
    assert told(desk).get_by_role("slider").first.input_value() == "100"


def test_what_is_saved_is_a_small_file_that_a_person_can_read(phone):
    at_rest(phone)
    phone.locator("summary", has_text="Start from a worked scenario, load or save").click()
    save = phone.get_by_role("button", name="Save this scenario")
    save.scroll_into_view_if_needed()
    with phone.expect_download() as found:
        save.click()
    held = found.value.path().read_text(encoding="utf-8")
    assert found.value.suggested_filename == "what-if.yaml"
    written = yaml.safe_load(held)
    assert [change["kind"] for change in written["changes"]] == ["hub_and_spoke"]
    assert len(held) < 1000
