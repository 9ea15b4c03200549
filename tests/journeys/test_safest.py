"""The guests' pages in the safest mode of Tor's browser: no scripts, no fonts of ours, no drawings of any kind."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route

from rsvp.languages import LANGUAGES
from tests.demos import Demo

PHONE = {"width": 360, "height": 740}
PAGES = {"schedule": "", "event": "events/democracy", "form": "rsvps/new", "zones": "zones"}
# A drawing's own tags: those between <svg> and its end, which may hold others of the kind.
TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z]+)(?P<attributes>[^<>]*?)(?P<is_empty>/?)>")
UNKNOWN = "unknown-svg"


def open_page(browser: Browser, address: str, *, safest: bool) -> Page:
    """Open a page without scripts, and as the safest mode shows it."""
    guest = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = guest.new_page()
    if safest:
        page.route("**/*", _refuse)
    page.goto(address, wait_until="networkidle")
    return page


def _refuse(route: Route) -> None:
    """Let through words and style; nothing in a page is a drawing, as in that browser."""
    kind = route.request.resource_type
    if kind == "stylesheet":
        route.continue_()
    elif kind == "document":
        answer = route.fetch()
        route.fulfill(response=answer, body=_without_drawings(answer.text()))
    else:
        route.abort()


def _without_drawings(words: str) -> str:
    """Name every part of a drawing what no browser knows: its shapes are gone, and its words run on as any others."""
    depth = 0

    def rename(tag: re.Match[str]) -> str:
        nonlocal depth
        is_drawing = tag["name"] == "svg"
        depth += is_drawing and not tag["end"]
        inside = depth > 0
        depth -= is_drawing and bool(tag["end"])
        if not inside:
            return tag[0]
        name = f"unknown-{tag['name'].lower()}"
        ending = f"</{name}>" if tag["is_empty"] else ""
        return f"<{tag['end']}{name}{tag['attributes']}>{ending}"

    return TAG.sub(rename, words)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("way", PAGES.values(), ids=PAGES)
def test_a_guest_in_the_safest_mode_reads_everything(demo: Demo, browser: Browser, language: str, way: str) -> None:
    address = f"{demo.address}/{language}/{way}"
    usual, careful = (open_page(browser, address, safest=safest) for safest in (False, True))
    assert careful.locator("svg, img").count() == 0
    parts = careful.locator(UNKNOWN)
    assert parts.count() == usual.locator("svg").count()
    assert [said for part in parts.all() if (said := part.inner_text().strip())] == [], "a drawing's words run on"
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
