"""A house with a guarded meeting at every hour: far, near, open, lacking its link, over, cancelled, of unknown time."""

from datetime import datetime, timedelta

from rsvp.db import db, transaction
from rsvp.models import Participant, Rsvp
from rsvp.models.event import Event, LinkMode
from rsvp.models.token import Purpose
from rsvp.services import events, joins, links, outbox, rsvps
from tests import factories, stories
from tests.factories import NOW
from tests.gallery.house import House
from tests.views import pages

EARLIER = NOW - timedelta(days=14)
SOON, YESTERDAY = NOW + timedelta(minutes=10), NOW - timedelta(days=1)
GUESTS = {
    "en": ("Sample Sokha", "Sample Dara", "Sample Vanna"),
    "km": ("គំរូ សុខា", "គំរូ ដារ៉ា", "គំរូ វណ្ណា"),
}
STARTS = {
    "far": NOW + timedelta(days=9),
    "near": NOW + timedelta(minutes=55),
    "open": SOON,
    "linkless": SOON,
    "over": YESTERDAY,
    "recorded": YESTERDAY - timedelta(days=7),
    "cancelled": SOON,
    "untimed": SOON,
}


def furnish(house: House) -> None:
    """Let three people have places at all of them; two came to the meeting that is open."""
    with house.app.app_context():
        pages.build_desk(house.app)
        for slug, starts_at in STARTS.items():
            _make(slug, starts_at)
        for number, name in enumerate(GUESTS[house.language]):
            _let_in(number, name, house.language)
        _change()
        _make("quiet", YESTERDAY)
        outbox.deliver(lambda: NOW)
        with transaction():
            first = db.session.get(Participant, 1)
            assert first is not None
            house.facts["places"] = links.issue(first, Purpose.PLACES, at=NOW)
        for rsvp in db.session.query(Rsvp).filter_by(participant_id=1):
            address = joins.door(rsvp).address or ""
            house.facts[f"join_{rsvp.event.slug}"] = address.rpartition("/")[2]
            if rsvp.event.slug == "over":
                house.facts["came"] = rsvp.public_id


def _make(slug: str, starts_at: datetime) -> None:
    link = None if slug == "linkless" else factories.LINK
    factories.event(slug, starts_at=starts_at, link=link, passcode="482 913", link_mode=LinkMode.GUARDED)


def _let_in(number: int, name: str, language: str) -> None:
    guest = factories.pending(
        *STARTS, at=EARLIER, email=f"sample{number}@example.org", name=name, language=language, zone="Asia/Phnom_Penh"
    ).participant
    held = db.session.query(Rsvp).filter_by(participant_id=guest.id).join(Event).order_by(Event.id)
    for rsvp in held.all():
        with transaction():
            rsvps.approve(factories.decision(rsvp, at=EARLIER))


def _change() -> None:
    with transaction():
        stories.named("recorded").recording_url = "https://video.example/sample"
        events.call_off(stories.named("cancelled"), by=events.OPERATOR, at=EARLIER)
        events.change(stories.named("untimed"), {"starts_at": None}, by=events.OPERATOR, at=EARLIER)
        came = db.session.query(Rsvp).join(Event).filter(Event.slug.in_(("open", "over")), Rsvp.participant_id < 3)
        for rsvp in came.all():
            rsvp.opened_at = rsvp.event.starts_at
