"""What a guest sees before they scroll: on a small phone the first date and hour stand on the first screen."""

import pytest
from playwright.sync_api import Browser

from rsvp.languages import LANGUAGES
from tests.demos import Demo

PHONE = {"width": 360, "height": 740}
FIRST = {"en": ("13", "3:00 AM"), "km": ("១៣", "ម៉ោង ៣ ទៀបភ្លឺ")}


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with-javascript", "without-javascript"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_reads_the_first_date_and_hour_without_scrolling(
    demo: Demo, browser: Browser, language: str, has_javascript: bool
) -> None:
    phone = browser.new_context(java_script_enabled=has_javascript, timezone_id="Asia/Phnom_Penh", viewport=PHONE)
    page = phone.new_page()
    page.goto(f"{demo.address}/{language}/")
    for spot, said in zip((".leaf-day", ".hour"), FIRST[language], strict=True):
        first = page.locator(f"main {spot}").first
        box = first.bounding_box()
        assert first.inner_text() == said
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
        assert box["x"] + box["width"] <= PHONE["width"]
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
