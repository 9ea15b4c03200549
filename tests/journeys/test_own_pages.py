"""A guest's own pages, walked on a telephone that runs no scripts: link again, details, address, data, erasure."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from rsvp.db import db
from rsvp.models import Participant
from rsvp.services import link_requests, outbox
from tests import factories
from tests.databases import Databases
from tests.factories import NOW
from tests.gallery.house import House, open_house
from tests.mailserver import Received

OLD, NEW = "sok.dara@example.org", "dara.sok@example.org"


def furnish(house: House) -> None:
    """Let somebody have a place, and get the invitation by SMTP."""
    with house.app.app_context():
        factories.event(link=factories.LINK)
        factories.approved(email=OLD)
        outbox.deliver(lambda: NOW)


@pytest.fixture
def house(tmp_path: Path, databases: Databases) -> Iterator[House]:
    """The service behind a real server."""
    with open_house("en", tmp_path / "house", databases, furnish) as opened:
        yield opened


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A guest's phone that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    context.close()


def work(house: House) -> list[Received]:
    """Do what the worker does, a minute later, and return the letters that left."""
    before = len(house.mail_server.received)
    house.clock.at += timedelta(minutes=1)
    with house.app.app_context():
        link_requests.answer_all(at=house.clock.now())
        outbox.deliver(house.clock.now)
    return house.mail_server.received[before:]


def link_in(letter: Received) -> str:
    """Return the address that the letter asks to open."""
    found = re.search(
        r"http\S+/(?:places|addresses|verifications)/[\w-]{43}", letter.message.get_body(("plain",)).get_content()
    )
    assert found
    return found[0]


def entry_in(letter: Received) -> str:
    """Return the calendar object of a letter, without its folds."""
    found = next(part for part in letter.message.walk() if part.get_content_type() == "text/calendar")
    return str(found.get_content()).replace("\r\n ", "").replace("\n ", "")


def is_nonsense(phone: Page, address: str) -> bool:
    """Whether an address opens nothing."""
    answer = phone.goto(address)
    return answer is not None and answer.status == 404


def test_a_guest_finds_the_page_again_changes_it_takes_it_along_and_leaves(house: House, phone: Page) -> None:
    first = link_in(house.mail_server.received[-1])
    phone.goto(first)
    page = find_the_link_again(house, phone)
    assert is_nonsense(phone, first)
    read_in_khmer_in_paris(house, phone, page)
    moved = move(house, phone, page)
    assert is_nonsense(phone, page)
    take_along(phone, moved)
    erase(house, phone, moved)
    come_back(house, phone)


def find_the_link_again(house: House, phone: Page) -> str:
    phone.click("footer a[href$='/links/new']")
    phone.fill("[name=email]", OLD)
    phone.click("main form button")
    assert "Look at your mail" in phone.inner_text("h1")
    (letter,) = work(house)
    assert letter.recipient == OLD
    return link_in(letter)


def read_in_khmer_in_paris(house: House, phone: Page, page: str) -> None:
    phone.goto(page)
    phone.click("a[href$='/preferences']")
    phone.check("[name=language][value=km]")
    phone.fill("[name=city]", "Paris")
    phone.click("main form button")
    assert phone.get_attribute("html", "lang") == "km"
    (letter,) = work(house)
    assert "ម៉ោង ១០ យប់" in letter.message.get_body(("plain",)).get_content()
    assert "SEQUENCE:1\n" in entry_in(letter).replace("\r", "")
    assert "ម៉ោង ១០ យប់" in entry_in(letter)
    phone.click("main a[href*='/km/places/']")
    assert "ម៉ោង ១០ យប់" in phone.inner_text("main")


def move(house: House, phone: Page, page: str) -> str:
    phone.goto(f"{page}/preferences")
    phone.fill("[name=email]", NEW)
    phone.click("main form button")
    assert NEW in phone.inner_text(".notice")
    letters = {received.recipient: received for received in work(house)}
    assert set(letters) == {OLD, NEW}
    assert NEW not in letters[OLD].message.get_body(("plain",)).get_content()
    phone.goto(link_in(letters[NEW]))
    phone.click("main form button")
    assert "/places/" in phone.url
    notice, invitation = sorted(work(house), key=lambda received: received.recipient, reverse=True)
    assert (notice.recipient, invitation.recipient) == (OLD, NEW)
    assert "SEQUENCE:2\n" in entry_in(invitation).replace("\r", "")
    return phone.url.partition("?")[0]


def take_along(phone: Page, page: str) -> None:
    phone.goto(page)
    phone.click("a[href$='/data']")
    assert NEW in phone.inner_text("main")
    with phone.expect_download() as taken:
        phone.click("a[href$='/export.json']")
    assert taken.value.suggested_filename == "my-data.json"
    data = json.loads(Path(taken.value.path()).read_text(encoding="utf-8"))
    assert (data["details"]["email"], data["details"]["zone"]) == (NEW, "Europe/Paris")


def erase(house: House, phone: Page, page: str) -> None:
    phone.click("#erase ~ details summary")
    phone.click("form[action$='/erasure'] button")
    assert phone.locator("main form").count() == 0
    assert work(house) == []
    for path in ("", "/data", "/export.json", "/preferences"):
        assert is_nonsense(phone, page + path)


def come_back(house: House, phone: Page) -> None:
    phone.goto(house.address_of("/{language}/rsvps/new"))
    phone.check("[name=events] >> nth=0")
    phone.fill("[name=name]", "Sok Dara")
    phone.fill("[name=email]", NEW)
    phone.check("[name=consent]")
    phone.click("main form button")
    (letter,) = work(house)
    phone.goto(link_in(letter))
    phone.click("main form button")
    assert "waiting for a decision" in phone.inner_text("main").lower()
    with house.app.app_context():
        assert db.session.query(Participant).one().created_at > NOW
