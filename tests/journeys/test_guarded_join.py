"""A guarded meeting from letter to door: the guest's page counts, opens, and is nonsense once the place ends."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from rsvp.languages import LANGUAGES
from rsvp.models.event import LinkMode
from rsvp.services import outbox
from rsvp.views import joins
from tests import factories
from tests.databases import Databases
from tests.factories import FIRST, NOW
from tests.gallery.house import READER, House, open_house
from tests.journeys.test_invitation import words
from tests.views import pages

CANARY, PASSCODE, GUEST = "kanarizoom.example/j/1", "kanaricode", "sok.dara@example.org"
LINK = f"https://{CANARY}"


def furnish(house: House) -> None:
    """Let somebody have a place at a guarded event, and get the invitation by SMTP."""
    with house.app.app_context():
        pages.build_desk(house.app)
        factories.event(link=LINK, passcode=PASSCODE, link_mode=LinkMode.GUARDED)
        rsvp = factories.approved(email=GUEST, language=house.language)
        house.facts["rsvp"] = rsvp.public_id
        outbox.deliver(lambda: NOW)


@pytest.fixture(params=LANGUAGES)
def house(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[House]:
    """The service in one language, behind a real server, with a clock that the test sets."""
    with open_house(request.param, tmp_path / "house", databases, furnish) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A guest's phone that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context
    context.close()


def parts(house: House) -> list[str]:
    """Return every part of every letter to the guest, decoded, calendars without their folds."""
    found = [received.message for received in house.mail_server.received if received.recipient == GUEST]
    leaves = [part for message in found for part in message.walk() if not part.is_multipart()]
    return [part.get_payload(decode=True).decode().replace("\r\n ", "") for part in leaves]


def is_held(text: str) -> bool:
    """Whether a text holds anything of the meeting's own address."""
    return "kanari" in text.lower()


def revoke(browser: Browser, house: House) -> None:
    """Take the place back, as the coordinator."""
    context = browser.new_context(user_agent=READER)
    context.add_cookies(house.cookies())  # type: ignore[arg-type]
    desk = context.new_page()
    desk.goto(house.address_of("/desk/rsvps/{rsvp}?state=approved"))
    assert words("Opened the meeting", house.language) in desk.inner_text(".panel")
    desk.click(f"summary:has-text('{words('Take the place back', house.language)}')")
    with desk.expect_navigation():
        desk.click("form[action*='/revocation'] button")
    context.close()


def open_at(page: Page, house: House, address: str, at: timedelta) -> str:
    """Open the guest's page so long after the start, and return its HTML."""
    house.clock.at = FIRST + at
    page.goto(address)
    return page.content()


def test_a_guest_gets_in_by_their_own_page_in_time_and_while_they_have_the_place(
    house: House, browser: Browser, phone: BrowserContext
) -> None:
    letters = parts(house)
    assert len(letters) >= 4
    assert not [part for part in letters if is_held(part)]
    (address,) = {found for part in letters for found in re.findall(r"http[^\s\"<>]+/join/[\w-]{43}", part)}

    page = phone.new_page()
    early = open_at(page, house, address, -timedelta(minutes=55))
    assert not is_held(early)
    assert page.locator("main form").count() == 0
    assert page.locator("main strong").first.inner_text() == words(
        "The meeting opens here in %(span)s.", house.language
    ) % {"span": {"en": "25 minutes", "km": "២៥ នាទី"}[house.language]}

    assert not is_held(open_at(page, house, address, -timedelta(minutes=30)))
    page.get_by_role("button", name=words("Open the meeting", house.language)).click()
    join = page.get_by_role("link", name=words("Join on Zoom", house.language))
    assert (join.get_attribute("href"), join.get_attribute("rel")) == (LINK, "noreferrer")
    assert PASSCODE in page.inner_text("main")
    assert phone.cookies() == []

    revoke(browser, house)
    gone = open_at(page, house, address, timedelta(minutes=1))
    page.goto(house.address_of("/{language}/nothing"))
    assert gone == page.content()


@pytest.mark.parametrize("house", ["en"], indirect=True)
def test_a_page_that_waits_opens_by_itself(
    house: House, phone: BrowserContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joins, "SOONEST", 1)  # a visitor's page waits for twenty seconds at least
    (address,) = {found for part in parts(house) for found in re.findall(r"http[^\s\"<>]+/join/[\w-]{43}", part)}
    page = phone.new_page()
    open_at(page, house, address, -timedelta(minutes=30, seconds=1))
    assert page.locator("main form").count() == 0
    house.clock.at = FIRST - timedelta(minutes=30)
    page.locator("main form button").wait_for(timeout=10_000)
