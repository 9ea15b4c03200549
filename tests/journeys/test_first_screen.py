"""What a guest sees before they scroll: on a small phone what this is, the next event's hour, and how to take part."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from rsvp.languages import LANGUAGES
from tests.demos import Demo

PHONE = {"width": 360, "height": 640}
FIRST = {
    "en": ("13", "3:00 AM", "Phnom Penh", "Sunday for you"),
    "km": ("១៣", "ម៉ោង ៣ ទៀបភ្លឺ", "ភ្នំពេញ", "សម្រាប់អ្នក គឺថ្ងៃអាទិត្យ"),
}
PARTS_OF_THE_DATE = (".leaf-day", ".hour", ".city [data-say=city]", ".change")


def is_seen(spot: Locator) -> bool:
    """Whether the whole of it stands on the first screen."""
    box = spot.bounding_box()
    assert box is not None
    return box["y"] + box["height"] <= PHONE["height"] and 0 <= box["x"] <= PHONE["width"] - box["width"]


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with-javascript", "without-javascript"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_reads_what_this_is_and_asks_for_the_next_event_without_scrolling(
    demo: Demo, browser: Browser, language: str, has_javascript: bool
) -> None:
    phone = browser.new_context(java_script_enabled=has_javascript, timezone_id="Asia/Phnom_Penh", viewport=PHONE)
    page = phone.new_page()
    page.goto(f"{demo.address}/{language}/")
    page.evaluate("document.fonts.ready")
    assert is_seen(page.locator("h1"))
    assert is_seen(page.locator("main .lead"))
    for spot, said in zip(PARTS_OF_THE_DATE, FIRST[language], strict=True):
        first = page.locator(f"main {spot}").first
        expect(first).to_have_text(said)
        assert is_seen(first), spot
    button = page.locator("main a[href*='events=democracy']")
    assert is_seen(button)
    assert (button.bounding_box() or {})["height"] >= 44
    phone.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_chooses_a_city_in_one_line_without_javascript(demo: Demo, browser: Browser, language: str) -> None:
    phone = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = phone.new_page()
    page.goto(f"{demo.address}/{language}/")
    select, button = page.locator("select[name=zone]"), page.locator("form:has(select[name=zone]) button")
    boxes = [box for spot in (select, button) if (box := spot.bounding_box())]
    assert len({box["y"] for box in boxes}) == 1
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    select.select_option("Europe/Paris")
    button.click()
    assert page.locator("select[name=zone]").input_value() == "Europe/Paris"
    assert {"en": "10:00 PM", "km": "ម៉ោង ១០ យប់"}[language] in page.locator("main .hour").first.inner_text()
    phone.close()
