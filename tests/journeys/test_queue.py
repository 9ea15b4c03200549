"""A coordinator's work in the queue: by keys, by touch on a small phone, and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.demos import Demo


def sign_in(page: Page, demo: Demo) -> None:
    """Open the desk as the coordinator."""
    said = demo.read_lines()
    page.goto(said["desk"])
    page.fill("input[name=email]", said["email"])
    page.fill("input[name=password]", said["password"])
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_url("**/desk/")


def notice(page: Page, words: str) -> None:
    """Wait for the page that says so."""
    expect(page.locator(".notice-jade").filter(has_text=words)).to_be_visible()
    page.wait_for_load_state()  # the keys have their script


def opened(page: Page, name: str) -> None:
    """Wait for the page with this person's request."""
    expect(page.locator("#who")).to_have_text(name)
    page.wait_for_load_state()


@pytest.fixture
def page(demo: Demo, browser: Browser) -> Iterator[Page]:
    """The desk on a wide screen, with a clock that the test moves."""
    desk = browser.new_page(viewport={"width": 1280, "height": 900})
    desk.clock.install()
    sign_in(desk, demo)
    yield desk
    desk.close()


def test_keys_walk_the_queue_and_do_nothing_while_words_are_typed(page: Page) -> None:
    waiting = page.locator(".queue-link strong").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    opened(page, waiting[0])
    page.keyboard.press("j")
    opened(page, waiting[1])
    page.keyboard.press("k")
    opened(page, waiting[0])

    page.keyboard.press("?")
    expect(page.locator(".keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".keys")).to_be_hidden()

    page.keyboard.press("/")
    page.keyboard.type("away")
    expect(page.locator("#words")).to_have_value("away")
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    page.keyboard.type("wait?")
    expect(page.locator("[name=reason]:focus")).to_have_value("wait?")
    page.keyboard.press("Escape")
    opened(page, waiting[0])


def test_keys_decide_take_back_and_ask(page: Page) -> None:
    waiting = page.locator(".queue-link strong").all_inner_texts()
    page.locator(".queue-link").first.click()
    opened(page, waiting[0])
    page.keyboard.press("w")
    notice(page, "Put on the waiting list.")
    assert waiting[0] in page.inner_text(".notice-jade")
    page.keyboard.press("u")
    notice(page, "Taken back.")

    page.keyboard.press("q")
    page.keyboard.type("Who are you?")
    page.keyboard.press("Control+Enter")
    notice(page, "Your question is on its way.")

    page.keyboard.press("w")
    notice(page, "Put on the waiting list.")
    undo = page.locator(".notice-jade").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    page.clock.fast_forward(11_000)
    expect(undo).to_have_count(0)


@pytest.mark.parametrize("has_javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_coordinator_decides_by_touch_on_a_small_phone(demo: Demo, browser: Browser, has_javascript: bool) -> None:
    phone = browser.new_context(
        java_script_enabled=has_javascript, has_touch=True, viewport={"width": 360, "height": 740}
    )
    page = phone.new_page()
    sign_in(page, demo)
    fits = "document.documentElement.scrollWidth <= 360"
    assert not has_javascript or page.evaluate(fits)
    name = page.locator(".queue-link strong").first.inner_text()
    page.locator(".queue-link").first.tap()
    expect(page.locator("#who")).to_have_text(name)
    expect(page.locator(".queue-rows")).to_be_hidden()
    assert not has_javascript or page.evaluate(fits)
    page.locator("summary[data-key=d]").tap()
    page.locator("form[action*='/decline'] textarea").fill("Only members this time.")
    page.locator("form[action*='/decline'] button").tap()
    notice(page, "Declined.")
    page.locator(".notice-jade").get_by_role("button", name="Undo").tap()
    notice(page, "Taken back.")
    page.get_by_role("link", name="Back to the list").tap()
    expect(page.locator("#help")).to_be_hidden()  # a phone has no keys

    boxes = page.locator("[name=rsvps]")
    for at in range(2):
        boxes.nth(at).tap()
    page.locator("button[name=act][value=waitlisting]").tap()
    expect(page.locator(".outcomes li")).to_have_count(2)
    page.get_by_role("button", name="Undo all of them").tap()
    expect(page.locator(".outcomes li")).to_have_count(2)
    expect(page.locator(".outcomes").first).to_contain_text("waiting for a decision")
    phone.close()
