"""The hour in our cities while it is being typed, in a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.databases import Databases
from tests.gallery.house import House, open_house
from tests.views import pages


def furnish(house: House) -> None:
    """Let a coordinator come to an empty desk."""
    pages.build_desk(house.app)


@pytest.fixture(params=["en", "km"])
def page(request: pytest.FixtureRequest, browser: Browser, databases: Databases, tmp_path: Path) -> Iterator[Page]:
    """The form of a new event, in one of the languages."""
    with open_house(request.param, tmp_path / "house", databases, furnish) as house:
        context = browser.new_context(base_url=house.address)
        context.add_cookies(house.cookies())  # type: ignore[arg-type]
        opened = context.new_page()
        opened.goto("/desk/events/new")
        yield opened
        context.close()


def test_the_script_says_each_hour_as_the_server_does(page: Page) -> None:
    table, refused = page.locator("table.cities"), page.locator("[data-refused]")
    expect(table).to_be_hidden()
    for day, hour in (("2025-08-23", "16:00"), ("2025-12-06", "00:30"), ("2026-03-28", "21:05")):
        page.fill("#day", day)
        page.fill("#hour", hour)
        expect(table).to_be_visible()
        typed = table.locator("tbody tr").all_inner_texts()
        page.locator("[name=preview]").click()
        page.wait_for_load_state()
        assert table.locator("tbody tr").all_inner_texts() == typed
        assert len(typed) == 8
    for day, hour in (("2026-03-08", "02:30"), ("2026-11-01", "01:30")):
        page.fill("#day", day)
        page.fill("#hour", hour)
        expect(refused).to_be_visible()
        expect(table).to_be_hidden()
        reason = refused.inner_text()
        page.locator("[name=preview]").click()
        page.wait_for_load_state()
        assert reason in page.locator("#hour-error").inner_text()
