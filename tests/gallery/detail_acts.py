"""What a guest changes about themselves before a picture is taken, each time as somebody made for it."""

from itertools import count

from playwright.sync_api import Page

from rsvp.db import db, transaction
from rsvp.models.rsvp import Rsvp
from rsvp.models.token import Purpose
from rsvp.services import erasures, links, moves, rsvps
from tests import factories
from tests.gallery import acts
from tests.gallery.furniture import EARLIER, NAMES, NOW, ZONES
from tests.gallery.house import House

NEW, TAKEN = "new.sample@example.org", "lim@example.org"

_numbers = count(1)


def open_preferences(house: House, page: Page) -> None:
    """Open the details of somebody about whom nobody has decided."""
    with house.app.app_context():
        person = _somebody(house).participant
        with transaction():
            token = links.issue(db.session.merge(person), Purpose.PLACES, at=EARLIER)
    page.goto(house.address_of(f"/{{language}}/places/{token}/preferences"))


def move_to_paris(house: House, page: Page) -> None:
    """Change the place whose hours stand in the letters."""
    open_preferences(house, page)
    page.fill("[name=city]", "Paris")
    _save(page)


def name_address(house: House, page: Page) -> None:
    """Name another address."""
    open_preferences(house, page)
    page.fill("[name=email]", NEW)
    _save(page)


def send_wrong(house: House, page: Page) -> None:
    """Send details that can't be used."""
    open_preferences(house, page)
    page.fill("[name=name]", "")
    page.fill("[name=email]", "sample@")
    page.fill("[name=city]", "Atlantis")
    _save(page)


def open_address(house: House, page: Page) -> None:
    """Open the page that proves a new address."""
    page.goto(house.address_of(f"/{{language}}/addresses/{_address(house, NEW)}"))


def move_to_taken_address(house: House, page: Page) -> None:
    """Move to an address with requests of its own."""
    page.goto(house.address_of(f"/{{language}}/addresses/{_address(house, TAKEN)}"))
    acts.press(page, "main form button")


def move_twice(house: House, page: Page) -> None:
    """Open the link of a new address again after the move."""
    token = _address(house, f"sample{next(_numbers)}@example.org")
    with house.app.app_context(), transaction():
        moves.adopt(token, at=NOW)
    page.goto(house.address_of(f"/{{language}}/addresses/{token}"))


def open_request_after_a_move(house: House, page: Page) -> None:
    """Look at the desk at somebody who moved to another address after they were given a place."""
    with house.app.app_context():
        rsvp = _somebody(house)
        with transaction():
            rsvps.approve(factories.decision(rsvp, at=EARLIER))
        with transaction():
            letter = factories.ask_to_move(rsvp.participant, f"sample{next(_numbers)}@example.org", at=NOW)
            moves.adopt(factories.token_in(letter), at=NOW)
        public_id = rsvp.public_id
    page.goto(house.address_of(f"/desk/rsvps/{public_id}?state=approved"))


def open_data(house: House, page: Page) -> None:
    """Open the data of somebody who was refused, erased everything and came back, and who wants to move."""
    email = f"sample{next(_numbers)}@example.org"
    with house.app.app_context():
        first = _somebody(house, email)
        with transaction():
            rsvps.decline(factories.decision(first, at=EARLIER))
            erasures.erase(first.participant, at=EARLIER)
        again = _somebody(house, email)
        factories.ask("sovereignty", at=NOW, email=email, name=NAMES[house.language][1], language=house.language)
        with transaction():
            person = db.session.merge(again).participant
            factories.ask_to_move(person, NEW, at=NOW)
            token = links.issue(person, Purpose.PLACES, at=NOW)
    page.goto(house.address_of(f"/{{language}}/places/{token}/data"))


def _save(page: Page) -> None:
    acts.press(page, 'form[action*="/preferences"] button')


def _somebody(house: House, email: str | None = None) -> Rsvp:
    language = house.language
    details = {"name": NAMES[language][0], "language": language, "zone": ZONES[language]}
    return factories.pending("democracy", at=EARLIER, email=email, **details)


def _address(house: House, email: str) -> str:
    """Return the link that would move somebody new to an address."""
    with house.app.app_context():
        person = _somebody(house).participant
        with transaction():
            return factories.token_in(factories.ask_to_move(db.session.merge(person), email, at=NOW))
