"""What the design promises of every page: room for Khmer, paper without buttons, errors that take the focus."""

import re

import pytest
from playwright.sync_api import Browser

from rsvp.languages import LANGUAGES
from tests.demos import Demo

PAGES = ("/{}/", "/{}/events/democracy", "/{}/rsvps/new", "/{}/nothing", "/styleguide?language={}")
# Khmer words whose lines are too tight for signs above and below, or whose letters are spaced.
TIGHT = """
[...document.querySelectorAll("body *:not(option):not(script)")].filter(element => {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && /[\\u1780-\\u17ff]/.test(node.data));
    const style = getComputedStyle(element);
    const isTight = parseFloat(style.lineHeight) / parseFloat(style.fontSize) < 1.79;
    return own && !element.closest("svg") && (isTight || !["normal", "0px"].includes(style.letterSpacing));
}).map(element => element.outerHTML.slice(0, 120))
"""
# Links and buttons that are smaller than a fingertip, but for links inside of sentences.
SMALL = """
[...document.querySelectorAll("a, button, select, summary, input:not([type=hidden])")].filter(element => {
    const box = element.getBoundingClientRect();
    const isSeen = box.width > 1 && box.height > 1 && !element.closest(".apart, .skip") && element.tabIndex >= 0;
    return isSeen && !element.closest("p, li, h3, dd") && Math.min(box.width, box.height) < 24;
}).map(element => element.outerHTML.slice(0, 120))
"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_khmer_has_room_and_targets_are_large_on_every_page(demo: Demo, browser: Browser, language: str) -> None:
    phone = browser.new_context(viewport={"width": 360, "height": 640})
    page = phone.new_page()
    for address in PAGES:
        page.goto(demo.address + address.format(language))
        assert page.evaluate(TIGHT) == [], address
        assert page.evaluate(SMALL) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") == 360, address
    phone.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_what_is_wrong_takes_the_focus_without_a_script(
    demo: Demo, browser: Browser, language: str
) -> None:
    phone = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = phone.new_page()
    page.goto(f"{demo.address}/{language}/rsvps/new")
    page.locator("form.form button").click()
    page.wait_for_load_state()
    assert page.locator("[role=alert]:focus").count() == 1
    first = page.locator("[role=alert] a").first
    assert page.locator(first.get_attribute("href") or "").count() == 1
    phone.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_event_has_its_hours_and_its_address_and_no_buttons(
    demo: Demo, browser: Browser, language: str
) -> None:
    page = browser.new_page()
    page.goto(f"{demo.address}/{language}/events/democracy")
    page.emulate_media(media="print", color_scheme="dark")
    assert [each.is_visible() for each in page.locator(".button, select, .top-nav").all()].count(True) == 0
    assert page.locator(".strip-drawing, .leaf, table").first.is_visible()
    assert page.get_by_text(f"{demo.address}/{language}/events/democracy").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_is_printed_on_one_sheet_and_the_schedule_on_two(
    demo: Demo, browser: Browser, language: str
) -> None:
    page = browser.new_page()
    page.goto(f"{demo.address}/{language}/")
    events = page.locator("main h3 a").evaluate_all("links => links.map(link => link.href)")
    assert len(events) == 7
    sheets = {}
    for address in (page.url, *events):
        page.goto(address)
        page.evaluate("document.fonts.ready")
        sheets[address] = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert [address for address in events if sheets[address] != 1] == []
    assert sheets[f"{demo.address}/{language}/"] == 2
    page.close()


def test_what_only_a_screen_can_do_stays_off_the_paper(demo: Demo, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{demo.address}/en/events/democracy")
    page.emulate_media(media="print")
    assert not page.get_by_text("Did you lose the link").is_visible()
    assert page.get_by_text("Do you have a question?").is_visible()
    page.close()
