"""What a guest does on their own pages before a picture is taken, each time as somebody made for it."""

from playwright.sync_api import Page

from rsvp.db import db, transaction
from rsvp.models.token import Purpose
from rsvp.services import links, rsvps
from tests import factories
from tests.gallery import acts
from tests.gallery.furniture import EARLIER, NAMES, ZONES
from tests.gallery.house import House


def send_nothing(house: House, page: Page) -> None:
    """Ask for a link without an address."""
    acts.press(page, "main form button")


def ask_for_link(house: House, page: Page) -> None:
    """Ask for a link."""
    page.fill("[name=email]", "new@example.org")
    acts.press(page, "main form button")


def erase(house: House, page: Page) -> None:
    """Erase somebody who was declined."""
    _open(house, page, "/data")
    acts.unfold_all(house, page)
    acts.press(page, 'form[action$="/erasure"] button')


def erase_nothing(house: House, page: Page) -> None:
    """Erase everything once more, as who presses twice does."""
    acts.send(page, house.address_of("/{language}/places/nobody/erasure"), {})


def ask_too_often(house: House, page: Page) -> None:
    """Ask once more than one page may within an hour."""
    for _ in range(2):
        acts.send(page, house.address_of("/{language}/places/nobody/rsvps"), {})


def ask_for_more(house: House, page: Page) -> None:
    """Ask for one event more."""
    _open(house, page)
    page.check("#more [name=events] >> nth=0")
    acts.press(page, "#more .button-main")


def ask_all_day(house: House, page: Page) -> None:
    """Ask and withdraw until no letter lists it any more."""
    _open(house, page)
    own = page.url
    for _ in range(6):
        acts.send(page, f"{own}/withdrawals", {"event": "officials"})
        acts.send(page, f"{own}/rsvps", {"events": "officials"})


def choose_nothing(house: House, page: Page) -> None:
    """Ask for more places without saying which."""
    acts.press(page, "#more .button-main")


def send_again_too_soon(house: House, page: Page) -> None:
    """Ask for an invitation that has just been sent."""
    acts.unfold_all(house, page)
    acts.press(page, 'form[action$="/invitations"] button')


def withdraw_in_part(house: House, page: Page) -> None:
    """Withdraw from two events; the coordinator has declined one of them meanwhile."""
    _open(house, page)
    acts.send(page, f"{page.url}/withdrawals", (("event", "democracy"), ("event", "officials")))


def answer_nothing(house: House, page: Page) -> None:
    """Send an empty answer to the coordinator's question."""
    acts.press(page, 'form[action$="/answers"] button')


def _open(house: House, page: Page, path: str = "") -> None:
    """Open a page of somebody new who was declined, and waits for another decision."""
    language = house.language
    with house.app.app_context():
        details = {"name": NAMES[language][0], "language": language, "zone": ZONES[language]}
        rsvp = factories.pending("democracy", "officials", at=EARLIER, **details)
        with transaction():
            rsvps.decline(factories.decision(rsvp, at=EARLIER))
            token = links.issue(db.session.merge(rsvp.participant), Purpose.PLACES, at=EARLIER)
    page.goto(house.address_of(f"/{{language}}/places/{token}{path}"))
