"""What the head of a page says to machines is nothing that the browser objects to, runs or fetches."""

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from rsvp.languages import LANGUAGES
from tests.demos import Demo

LISTEN = "addEventListener('securitypolicyviolation', event => console.error('refused ' + event.violatedDirective))"


def complaints(page: Page) -> list[str]:
    """Return a list that grows with each complaint of the browser."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            heard.append(message.text)

    page.add_init_script(LISTEN)
    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_browser_refuses_nothing_of_a_page_and_fetches_no_picture_for_others(
    demo: Demo, browser: Browser, language: str
) -> None:
    visitor = browser.new_context()
    page = visitor.new_page()
    heard, fetched = complaints(page), []
    page.on("request", lambda request: fetched.append(request.url))
    for address in ("", "events/democracy", "rsvps/new"):
        page.goto(f"{demo.address}/{language}/{address}", wait_until="networkidle")
    page.goto(f"{demo.address}/{language}/events/democracy", wait_until="networkidle")
    data = page.evaluate("JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)")
    assert data["startDate"] == "2025-07-12T16:00:00-04:00"
    assert heard == []
    assert not [url for url in fetched if not url.startswith(demo.address) or "/previews/" in url]
    # Had there been a violation, it would have been heard:
    with page.expect_console_message(lambda message: "refused script-src" in message.text):
        page.evaluate("document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))")
    assert heard
    visitor.close()
