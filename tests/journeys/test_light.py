"""What a first visit costs over the network, measured by Chromium itself."""

from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from rsvp.languages import LANGUAGES
from tests.demos import Demo

PHONE = {"width": 360, "height": 740}
BYTES = {"en": 30_000, "km": 60_000}
REQUESTS = 6
YEAR = "public, max-age=31536000, immutable"


@dataclass
class Line:
    """What went over the network: whom was asked, what they answered, how many bytes came."""

    asked: list[str] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    received: int = 0


def watch(page: Page) -> tuple[CDPSession, Line]:
    """Start to note what the page loads."""
    session, line = page.context.new_cdp_session(page), Line()
    session.on("Network.requestWillBeSent", lambda event: line.asked.append(event["request"]["url"]))
    session.on("Network.responseReceived", lambda event: line.answers.append(event["response"]))
    session.on("Network.loadingFinished", lambda event: _add(line, event["encodedDataLength"]))
    session.send("Network.enable")
    return session, line


def _add(line: Line, length: float) -> None:
    line.received += int(length)


def phone(browser: Browser, **more: Any) -> BrowserContext:
    return browser.new_context(viewport=PHONE, timezone_id="Asia/Phnom_Penh", **more)


def header(answer: dict[str, Any], name: str) -> str:
    """Return one of an answer's headers, however its name is written."""
    return next((value for key, value in answer["headers"].items() if key.lower() == name), "")


def fonts_of(session: CDPSession, spot: str) -> list[bool]:
    """Return for each font in which an element's signs are drawn whether it is ours."""
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    node = session.send("DOM.querySelector", {"nodeId": root, "selector": spot})["nodeId"]
    return [font["isCustomFont"] for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_is_light_and_asks_nobody_else(demo: Demo, browser: Browser, language: str) -> None:
    guest = phone(browser)
    page = guest.new_page()
    _, line = watch(page)
    page.goto(f"{demo.address}/{language}/", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    assert line.received <= BYTES[language], line.received
    assert len(line.asked) <= REQUESTS, line.asked
    assert all(url.startswith(f"{demo.address}/") for url in line.asked)
    assert guest.cookies() == []
    files = [answer for answer in line.answers if "/static/" in answer["url"]]
    assert len(files) >= 2
    assert {header(answer, "cache-control") for answer in files} == {YEAR}
    texts = [answer for answer in line.answers if answer["mimeType"] in ("text/html", "text/css", "text/javascript")]
    assert len(texts) == 3
    assert {header(answer, "content-encoding") for answer in texts} == {"br"}
    guest.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visit_with_gzip_only_is_light_too(demo: Demo, browser: Browser, language: str) -> None:
    guest = phone(browser, extra_http_headers={"Accept-Encoding": "gzip"})
    page = guest.new_page()
    _, line = watch(page)
    page.goto(f"{demo.address}/{language}/", wait_until="networkidle")
    assert {header(answer, "content-encoding") for answer in line.answers if "text" in answer["mimeType"]} == {"gzip"}
    assert line.received <= BYTES[language], line.received
    guest.close()


def test_the_next_page_loads_nothing_but_itself(demo: Demo, browser: Browser) -> None:
    guest = phone(browser)
    page = guest.new_page()
    page.goto(f"{demo.address}/km/", wait_until="networkidle")
    _, line = watch(page)
    page.locator("main h3 a").first.click()
    page.wait_for_load_state("networkidle")
    assert "/events/" in page.url
    assert line.received <= 12_000, (line.received, line.asked)
    guest.close()


def test_khmer_is_written_in_our_font_whole_and_asked_for_early(demo: Demo, browser: Browser) -> None:
    """Every sign of the Khmer block, in both weights."""
    guest = phone(browser)
    page = guest.new_page()
    session, line = watch(page)
    page.goto(f"{demo.address}/km/", wait_until="networkidle")
    order = [url.rpartition("/")[2].partition(".")[0] for url in line.asked]
    assert {order.count(f"noto-sans-khmer-{weight}") for weight in (400, 700)} == {1}
    assert max(order.index(f"noto-sans-khmer-{weight}") for weight in (400, 700)) < order.index("local-times")
    assert "noto-sans-khmer-signs" not in order
    # Apart, for they make no words: ZERO WIDTH SPACE.
    signs = "\u200b".join(
        chr(code) for code in (*range(0x1780, 0x17DE), *range(0x17E0, 0x17EA), *range(0x17F0, 0x17FA))
    )
    page.evaluate(
        """signs => { document.body.innerHTML = "<p id='thin'></p><p id='fat'></p>";
        for (const each of document.querySelectorAll("p")) each.textContent = signs;
        document.querySelector("#fat").style.fontWeight = 700;
        return document.body.offsetHeight && document.fonts.ready.then(() => 1); }""",
        signs,
    )
    assert [fonts_of(session, spot) for spot in ("#thin", "#fat")] == [[True], [True]]
    guest.close()


@pytest.mark.parametrize("way", ["", "events/democracy", "rsvps/new"])
def test_the_english_pages_load_no_font_for_one_word(demo: Demo, browser: Browser, way: str) -> None:
    guest = phone(browser)
    page = guest.new_page()
    session, line = watch(page)
    page.goto(f"{demo.address}/en/{way}", wait_until="networkidle")
    fonts = [url.rpartition("/")[2].partition(".")[0] for url in line.asked if "/fonts/" in url]
    assert fonts == ["noto-sans-khmer-name"]
    assert fonts_of(session, "a.language") == [True]
    assert page.locator("a.language").inner_text() == LANGUAGES["km"]
    guest.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_guest_without_javascript_finds_a_far_city_and_comes_back_with_its_hours(
    demo: Demo, browser: Browser, language: str
) -> None:
    guest = phone(browser, java_script_enabled=False)
    page = guest.new_page()
    for way in ("", "events/democracy"):
        page.goto(f"{demo.address}/{language}/{way}")
        page.locator("form.picker a").click()
        page.fill("input[name=city]", "nepal")
        page.locator("form:has(input[name=city]) button").click()
        page.locator("main a[href*='Asia/Kathmandu']").click()
        assert page.url == f"{demo.address}/{language}/{way}?zone=Asia/Kathmandu"
        assert page.locator("select[name=zone]").input_value() == "Asia/Kathmandu"
        assert {"en": "1:45 AM", "km": "ម៉ោង ១:៤៥"}[language] in page.locator("main .hour").first.inner_text()
    guest.close()


@pytest.mark.parametrize(
    ("language", "zone"),
    [*product(LANGUAGES, ["Asia/Saigon", "America/Chicago"]), ("en", "America/Sao_Paulo"), ("km", "Europe/Berlin")],
)
def test_a_device_outside_the_short_list_names_its_city_as_the_server_does(
    demo: Demo, browser: Browser, language: str, zone: str
) -> None:
    guest = browser.new_context(viewport=PHONE, timezone_id=zone)
    page = guest.new_page()
    page.goto(f"{demo.address}/{language}/", wait_until="networkidle")
    by_script = page.locator("main .city").first.inner_text()
    page.goto(f"{demo.address}/{language}/?zone={page.locator('select[name=zone]').input_value()}")
    assert page.locator("main .city").first.inner_text() == by_script
    guest.close()
