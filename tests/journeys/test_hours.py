"""From the map of hours to the invitations, in a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from rsvp.db import db
from rsvp.models import Letter
from rsvp.models.letter import LetterKind
from tests import factories
from tests.databases import Databases
from tests.gallery.house import House, open_house
from tests.views import pages


def furnish(house: House) -> None:
    """Let two people have a place at a session without a time: in Paris and in Phnom Penh."""
    pages.build_desk(house.app)
    with house.app.app_context():
        factories.event("officials", kind="officials", starts_at=None, link=factories.LINK)
        factories.approved("officials", zone="Europe/Paris")
        factories.approved("officials", zone="Asia/Phnom_Penh")


@pytest.fixture
def house(databases: Databases, tmp_path: Path) -> Iterator[House]:
    """A service that runs, at noon UTC on 1 July 2025."""
    with open_house("en", tmp_path / "house", databases, furnish) as opened:
        yield opened


def test_a_coordinator_finds_an_hour_on_the_map_and_everybody_is_invited(browser: Browser, house: House) -> None:
    context = browser.new_context(base_url=house.address, locale="en-US")
    context.add_cookies(house.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/desk/events/officials")
    page.get_by_role("link", name="Find a time").click()
    page.get_by_role("link", name="Next week").click()
    page.get_by_role("link", name="Sat 19, 4:00 PM: 0 awake, 2 at night").click()
    expect(page.get_by_role("heading", name="Saturday, 19 July 2025, 4:00 PM EDT")).to_be_visible()
    page.get_by_role("link", name="Sat 19, 9:00 AM: 2 awake, 0 at night").click()
    expect(page.get_by_role("row", name="Paris 1 Saturday, 3:00 PM")).to_be_visible()
    page.get_by_role("button", name="Set this time").click()
    expect(page.get_by_text("This change sends 2 letters.")).to_be_visible()
    page.get_by_role("button", name="Save and send the letters").click()
    expect(page.get_by_text("Saved. 2 letters are on their way.")).to_be_visible()
    context.close()
    with house.app.app_context():
        invitations = db.session.query(Letter).filter_by(kind=LetterKind.INVITATION).all()
        assert [letter.state for letter in invitations] == ["queued", "queued"]
