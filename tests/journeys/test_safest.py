"""The guests' pages in the safest mode of Tor's browser: no scripts, no fonts of ours, no drawings of any kind."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route

from rsvp.languages import LANGUAGES
from tests.demos import Demo

PHONE = {"width": 360, "height": 740}
PAGES = {"schedule": "", "event": "events/democracy", "form": "rsvps/new", "zones": "zones"}
# One that holds no other.
DRAWING = re.compile(r"<svg(?:(?!<svg).)*?</svg>", re.DOTALL)


def open_page(browser: Browser, address: str, *, safest: bool) -> Page:
    """Open a page without scripts, and as the safest mode shows it."""
    guest = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = guest.new_page()
    if safest:
        page.route("**/*", _refuse)
    page.goto(address, wait_until="networkidle")
    return page


def _refuse(route: Route) -> None:
    """Let through words and style; pages lose their drawings, as that browser takes them out."""
    kind = route.request.resource_type
    if kind == "stylesheet":
        route.continue_()
    elif kind == "document":
        answer = route.fetch()
        words = answer.text()
        while DRAWING.search(words):
            words = DRAWING.sub("", words)
        route.fulfill(response=answer, body=words)
    else:
        route.abort()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", PAGES.values(), ids=PAGES)
def test_a_guest_in_the_safest_mode_reads_everything(demo: Demo, browser: Browser, language: str, way: str) -> None:
    address = f"{demo.address}/{language}/{way}"
    usual, careful = (open_page(browser, address, safest=safest) for safest in (False, True))
    assert careful.locator("svg, img").count() == 0
    assert [each for each in careful.locator("a, button").all() if not each.inner_text().strip()] == []
    drawn = [text.strip() for text in usual.locator("main svg text").all_text_contents()]
    assert bool(drawn) == way.startswith("events/")
    # A city, an hour with its weekday, or a day's name: the table beside the drawing has all of them.
    table = careful.locator("table.cities").inner_text() if drawn else ""
    assert [word for text in drawn for word in text.split() if word not in table] == []
    for page in (usual, careful):
        page.context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_in_the_safest_mode_asks_for_a_place(demo: Demo, browser: Browser, language: str) -> None:
    page = open_page(browser, f"{demo.address}/{language}/", safest=True)
    page.locator("main .button-main").first.click()
    page.locator("main form.form button").last.click()
    assert page.locator(".notice-lotus a").count() >= 2
    assert page.locator("p.error").first.is_visible()
    page.context.close()
