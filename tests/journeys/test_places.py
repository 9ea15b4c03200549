"""All that a guest does behind one link, without scripts and by real letters: from three requests to none, and erased.

The coordinator works at the desk, without scripts too.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import vobject
from playwright.sync_api import Browser, BrowserContext, Page

from rsvp.db import db, transaction
from rsvp.languages import LANGUAGES, digits, local_time
from rsvp.models import Participant
from rsvp.services import outbox, programmes
from rsvp.views.desk.notices import UNDO
from tests import factories
from tests.databases import Databases
from tests.gallery.house import READER, House, open_house
from tests.journeys.test_invitation import link_in, words
from tests.mailserver import Received
from tests.views import pages

GUEST = "sok.dara@example.org"
LINK = "https://zoom.example/j/sovereignty"
REASON = "Every place is for people who know somebody here."
SLUGS = ("sovereignty", "economic-pressure", "transnational-repression")
HOME = "Asia/Phnom_Penh"


def furnish(house: House) -> None:
    """Publish the programme; nobody has asked for anything."""
    with house.app.app_context():
        pages.build_desk(house.app)
        with transaction():
            programmes.load(factories.PROGRAMME_FILE.read_text(encoding="utf-8"), at=factories.NOW)


@pytest.fixture(params=LANGUAGES)
def house(request: pytest.FixtureRequest, tmp_path: Path, databases: Databases) -> Iterator[House]:
    """The service in one language, behind a real server, with a clock that the test sets."""
    with open_house(request.param, tmp_path / "house", databases, furnish) as opened:
        yield opened


@pytest.fixture
def guest(house: House, browser: Browser) -> Iterator[Page]:
    """A guest's small phone without scripts; it never gets a cookie."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    yield context.new_page()
    assert context.cookies() == []
    context.close()


@pytest.fixture
def desk(house: House, browser: Browser) -> Iterator[Page]:
    """The coordinator's browser, signed in, without scripts."""
    context: BrowserContext = browser.new_context(java_script_enabled=False, user_agent=READER)
    context.add_cookies(house.cookies())  # type: ignore[arg-type]
    yield context.new_page()
    context.close()


def test_a_guest_lives_through_everything_behind_one_link(house: House, guest: Page, desk: Page) -> None:
    _ask_for_three(house, guest)
    _prove(house, guest)
    _decide(house, desk)
    _read_the_decisions(house, guest)
    _move(house, guest, desk)
    _take_into_a_calendar(house, guest)
    _give_up_and_ask_again(house, guest, desk)
    _withdraw_from_everything(house, guest)
    _erase(house, guest)


def _ask_for_three(house: House, guest: Page) -> None:
    guest.goto(house.address_of("/{language}/rsvps/new?zone=" + HOME))
    for slug in SLUGS:
        guest.check(f"input[name=events][value={slug}]")
    guest.fill("input[name=name]", "Sok Dara")
    guest.fill("input[name=email]", GUEST)
    guest.check(f"input[name=language][value={house.language}]")
    guest.check("input[name=consent]")
    _press(guest, "Send my request", house)


def _prove(house: House, guest: Page) -> None:
    guest.goto(link_in(_letters(house)[-1].message, "verifications"))
    _press(guest, "Yes, confirm my address", house)
    guest.wait_for_url("**/places/*")
    assert guest.locator("main .badge-pending").count() == len(SLUGS)
    assert digits(2, house.language) in guest.inner_text(f"#{SLUGS[0]} .what")
    assert len(_letters(house)) == 2  # the receipt is the second


def _decide(house: House, desk: Page) -> None:
    """Approve one, decline one, put one on the waiting list, and let the time for taking it back pass."""
    for slug, act in zip(SLUGS, ("approval", "decline", "waitlisting"), strict=True):
        _open_request(house, desk, slug)
        if act == "decline":
            desk.click(".panel details:has(form[action*='/decline']) summary")
            desk.fill(".panel form[action*='/decline'] [name=reason]", REASON)
        with desk.expect_navigation():
            desk.click(f".panel form[action*='/{act}'] button")
    house.clock.at += UNDO
    told = "".join(letter.message.get_body(("plain",)).get_content() for letter in _letters(house)[2:])
    assert len(_letters(house)) == 5
    assert REASON in told


def _read_the_decisions(house: House, guest: Page) -> None:
    guest.reload()
    assert guest.locator(f"#{SLUGS[0]} .badge-approved").count() == 1
    assert REASON in guest.inner_text(f"#{SLUGS[1]}")
    assert guest.locator(f"#{SLUGS[2]} .badge-waitlisted").count() == 1
    assert guest.locator(".entry").first.get_attribute("id") == SLUGS[0]


def _move(house: House, guest: Page, desk: Page) -> None:
    """The one who waits is let in; the approved event gets its link and another hour: the page and a letter say so."""
    _open_request(house, desk, SLUGS[2], "waitlisted")
    with desk.expect_navigation():
        desk.click(".panel form[action*='/approval'] button")
    desk.goto(house.address_of(f"/desk/events/{SLUGS[0]}"))
    desk.fill("input[name=link]", LINK)
    with desk.expect_navigation():
        desk.click("form[action$='/link'] .button-main")
    desk.click("details.more:has(form[action$='/changes']) summary")
    desk.fill("input[name=hour]", "17:00")
    for _ in ("review", "save"):
        with desk.expect_navigation():
            desk.click("form[action$='/changes'] .button-main")
    house.clock.at += UNDO
    hour = local_time(datetime.fromisoformat("2025-07-19T21:00:00+00:00"), HOME, house.language).hour
    guest.reload()
    assert hour in guest.inner_text(f"#{SLUGS[0]}")
    assert guest.locator(f"#{SLUGS[2]} .badge-approved").count() == 1
    assert guest.locator(f"#{SLUGS[0]} a[href='{LINK}']").count() == 1
    assert any(hour in _text(letter) and LINK in _text(letter) for letter in _letters(house)[5:])


def _take_into_a_calendar(house: House, guest: Page) -> None:
    """The file and the letter sent again hold the invitation's own entry."""
    invited = _newest_entry(house)
    guest.click(f"#{SLUGS[0]} .take summary")
    address = guest.get_attribute(f"#{SLUGS[0]} a[type='text/calendar']", "href") or ""
    file = vobject.readOne(guest.request.get(house.address + address).text()).vevent
    assert file.dtstart.value.isoformat() == "2025-07-19T17:00:00-04:00"
    house.clock.at += timedelta(minutes=10)
    count = len(_letters(house))
    _press(guest, "E-mail it to me again", house, within=f"#{SLUGS[0]}")
    assert guest.locator("[role=status]").count() == 1
    assert len(_letters(house)) == count + 1
    for entry in (file, _newest_entry(house)):
        assert (entry.uid.value, entry.sequence.value) == (invited.uid.value, invited.sequence.value)


def _give_up_and_ask_again(house: House, guest: Page, desk: Page) -> None:
    guest.click(f"#{SLUGS[0]} .give-up summary")
    _press(guest, "Give up my place", house, within=f"#{SLUGS[0]}")
    assert guest.locator(f"#{SLUGS[0]} .badge-withdrawn").count() == 1
    assert guest.locator(f"a[href='{LINK}']").count() == 0
    assert "METHOD:CANCEL" in _calendar(_letters(house)[-1])
    _press(guest, "Ask again", house, within=f"#{SLUGS[0]}")
    assert guest.locator(f"#{SLUGS[0]} .badge-pending").count() == 1
    _open_request(house, desk, SLUGS[0])


def _withdraw_from_everything(house: House, guest: Page) -> None:
    guest.click("main > .give-up summary")
    _press(guest, "Withdraw from everything", house, within="main > .give-up")
    assert guest.locator(".badge-withdrawn").count() == 2
    assert REASON in guest.inner_text(f"#{SLUGS[1]}")


def _erase(house: House, guest: Page) -> None:
    places = guest.url.partition("?")[0]
    guest.get_by_role("link", name=words("My data", house.language)).click()
    guest.click("details:has(form[action$='/erasure']) summary")
    with guest.expect_navigation():
        guest.click("form[action$='/erasure'] button")
    guest.goto(places)
    gone = guest.content()
    guest.goto(house.address_of("/{language}/nothing"))
    assert guest.content() == gone
    with house.app.app_context():
        assert db.session.query(Participant).count() == 0


def _open_request(house: House, desk: Page, slug: str, state: str = "pending") -> None:
    desk.goto(house.address_of(f"/desk/?state={state}&event={slug}"))
    desk.locator(".queue-link").filter(has_text=GUEST).click()
    desk.locator(".panel").wait_for()


def _press(page: Page, button: str, house: House, within: str = "main") -> None:
    with page.expect_navigation():
        page.locator(within).get_by_role("button", name=words(button, house.language)).first.click()


def _letters(house: House) -> list[Received]:
    """Let the worker send what is due, and return the guest's letters."""
    with house.app.app_context():
        outbox.deliver(house.clock.now)
    return [letter for letter in house.mail_server.received if letter.recipient == GUEST]


def _text(letter: Received) -> str:
    text: str = letter.message.get_body(("plain",)).get_content()
    return text


def _calendar(letter: Received) -> str:
    """Return the calendar that a letter brings, or nothing."""
    parts = [part for part in letter.message.walk() if part.get_content_type() == "text/calendar"]
    return parts[0].get_payload(decode=True).decode() if parts else ""


def _newest_entry(house: House) -> vobject.base.Component:
    """Return the entry of the event that was moved, as the newest letter brings it."""
    entries = [vobject.readOne(body).vevent for letter in _letters(house) if (body := _calendar(letter))]
    return next(entry for entry in reversed(entries) if entry.dtstart.value.isoformat().startswith("2025-07-19T17"))
