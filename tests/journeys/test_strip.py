"""The picture of an event's hour on a small phone: every word of it fits, in both languages."""

import pytest
from playwright.sync_api import Browser

from rsvp.languages import LANGUAGES
from tests.demos import Demo

# Rectangles of what one city's line shows: its words, its days' names and the event.
LINES = """
[...document.querySelectorAll(".strip-drawing > svg")].map(line => ({
    words: [...line.querySelectorAll("text")].map(text => {
        const box = text.getBoundingClientRect();
        return {said: text.textContent, left: box.left, right: box.right, day: text.matches(".strip-name")};
    }),
    event: (box => [box.left, box.right])(line.querySelector(".strip-event").getBoundingClientRect()),
}))
"""


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_picture_fits_a_phone(demo: Demo, browser: Browser, language: str, width: int) -> None:
    phone = browser.new_context(java_script_enabled=True, viewport={"width": width, "height": 640})
    page = phone.new_page()
    page.goto(f"{demo.address}/{language}/events/democracy")
    page.evaluate("document.fonts.ready")
    lines = page.evaluate(LINES)
    assert len(lines) == 8
    for line in lines:
        (city, hour), days = line["words"][:2], line["words"][2:]
        assert city["right"] + 4 < hour["left"], city["said"]
        assert all(word["left"] > 14 and word["right"] < width - 14 for word in line["words"]), line
        left, right = line["event"]
        assert all(day["right"] < left or right < day["left"] for day in days), city["said"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    phone.close()


def test_khmer_in_the_picture_is_set_in_the_khmer_font(demo: Demo, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{demo.address}/km/events/democracy")
    page.evaluate("document.fonts.ready")
    family = page.locator(".strip-city").first.evaluate("text => getComputedStyle(text).fontFamily")
    assert family.startswith('"Noto Sans Khmer"')
    assert page.evaluate("document.fonts.check('700 14px \"Noto Sans Khmer\"', 'ក')")
    page.close()
