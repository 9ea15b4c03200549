"""What a coordinator does in the queue before its picture is taken."""

from playwright.sync_api import Page

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.models.coordinator import Coordinator
from rsvp.services import rsvps
from tests import factories, stories
from tests.gallery.acts import press, send, unfold_all
from tests.gallery.house import House
from tests.views import pages

LONG = "Too long. " * 400


def approve(house: House, page: Page) -> None:
    """Approve somebody who asks just now."""
    _newcomer(house, page)
    press(page, 'form[action$="/approval"] button')


def ask(house: House, page: Page) -> None:
    """Ask somebody a question."""
    form = 'form[action$="/question"]'
    _newcomer(house, page)
    unfold_all(house, page)
    page.fill(f"{form} textarea", stories.QUESTION[house.language])
    press(page, f"{form} button")


def approve_too_late(house: House, page: Page) -> None:
    """Approve somebody who is declined meanwhile."""
    rsvp = _newcomer(house, page)
    with house.app.app_context(), transaction():
        found = db.session.query(Rsvp).filter_by(public_id=rsvp).one()
        rsvps.decline(factories.decision(found, by=_coordinator()))
    press(page, 'form[action$="/approval"] button')


def approve_beyond_the_last_place(house: House, page: Page) -> None:
    """Approve somebody for whom no place is left."""
    rsvp = _newcomer(house, page)
    with house.app.app_context(), transaction():
        event = db.session.query(Rsvp).filter_by(public_id=rsvp).one().event
        before, event.capacity = event.capacity, 0
    press(page, 'form[action$="/approval"] button')
    with house.app.app_context(), transaction():
        db.session.merge(event).capacity = before


def approve_without_token(house: House, page: Page) -> None:
    """Approve from a page whose session is another by now."""
    _newcomer(house, page)
    page.eval_on_selector_all("[name=csrf_token]", "all => all.forEach(each => { each.value = 'old' })")
    press(page, 'form[action$="/approval"] button')


def decline_at_length(house: House, page: Page) -> None:
    """Decline with more words than a letter takes, from a browser that doesn't count them."""
    form = 'form[action$="/decline"]'
    _newcomer(house, page)
    unfold_all(house, page)
    page.eval_on_selector(f"{form} textarea", "(field, words) => { field.maxLength = 9999; field.value = words }", LONG)
    press(page, f"{form} button")


def undo_too_late(house: House, page: Page) -> None:
    """Take back what was decided long ago."""
    rsvp = _newcomer(house, page)
    token = page.locator("[name=csrf_token]").first.input_value()
    send(page, f"{house.address}/desk/rsvps/{rsvp}/undoing", {"csrf_token": token, "version": "1"})


def search(house: House, page: Page) -> None:
    """Search the queue for whoever has an address at a domain."""
    page.fill("[name=words]", "example.org")
    press(page, 'form[action*="/searches"] button')


def write_note(house: House, page: Page) -> None:
    """Keep a note for the other coordinators."""
    page.fill("[name=note]", stories.REASON[house.language])
    press(page, 'form[action*="/note"] button')


def decide_about_many(house: House, page: Page) -> None:
    """Decide about several at once, one of whom somebody else has declined meanwhile."""
    with house.app.app_context():
        waiting = [factories.pending("officials", name=name) for name in stories.NAMES.values()]
        chosen = [f"{rsvp.public_id}:{rsvp.version}" for rsvp in waiting]
        with transaction():
            rsvps.decline(factories.decision(db.session.merge(waiting[0]), by=_coordinator()))
    page.reload()
    page.eval_on_selector_all(
        "[name=rsvps]",
        "(boxes, chosen) => boxes.slice(0, 2).forEach((box, at) => { box.checked = true; box.value = chosen[at] })",
        chosen,
    )
    press(page, "[name=act][value=waitlisting]")


def _newcomer(house: House, page: Page) -> str:
    """Let somebody ask, open their request, and return its public id."""
    with house.app.app_context():
        rsvp = factories.pending("sovereignty", name=stories.NAMES[house.language]).public_id
    page.goto(f"{house.address}/desk/rsvps/{rsvp}")
    return rsvp


def _coordinator() -> str:
    return db.session.query(Coordinator.public_id).filter_by(email=pages.EMAIL).scalar()
