"""How quickly the desk answers with ten thousand people and twice as many requests."""

import time
from datetime import timedelta
from itertools import islice

from sqlalchemy import insert

from bench import stage
from rsvp import tokens
from rsvp.db import db, transaction
from rsvp.models import Event, Participant, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import addresses, decisions, searches
from rsvp.services.decisions import Act
from rsvp.services.rsvps import Decision
from tests import factories
from tests.views import pages

PEOPLE, EVENTS, DECIDED = 10_000, ("democracy", "sovereignty"), 1_000
TIMES = 15
PAGE_MS, OPENING_MS, SEARCH_MS, DECISION_SECONDS = 150, 300, 300, 5


def run() -> list[str]:
    """Return what was measured, in lines."""
    with stage.application(port=1) as app:
        fill()
        pages.build_desk(app)
        desk = pages.sign_in(app.test_client())
        page = stage.seconds(lambda: desk.get("/desk/"), TIMES)
        opening = stage.seconds(lambda: desk.get(f"/desk/rsvps/{_newest()}"), TIMES)
        form = stage.seconds(lambda: desk.get("/en/rsvps/new"), TIMES)
        search = stage.seconds(lambda: searches.people("dara 9999"), TIMES)
        began = time.perf_counter()
        approve()
        approving = time.perf_counter() - began
    return [
        f"queue page, {PEOPLE} people, {PEOPLE * len(EVENTS)} requests: {page * 1000:.0f} ms "
        f"(target {PAGE_MS} ms), {page / form:.1f} times the guests' form",
        f"opening a request, its person compared with {PEOPLE} others: {opening * 1000:.0f} ms "
        f"(target {OPENING_MS} ms), {opening / page:.1f} times the queue page",
        f"search among {PEOPLE} encrypted names: {search * 1000:.0f} ms (target {SEARCH_MS} ms), "
        f"{search / page:.1f} times the queue page",
        f"approving {DECIDED} at once, letters queued: {approving:.2f} s (target {DECISION_SECONDS} s), "
        f"{approving / DECIDED / form:.2f} times the guests' form each",
    ]


def fill() -> None:
    """Store the people and their requests."""
    for slug in EVENTS:
        factories.event(slug, link=factories.LINK)
    events = [event.id for event in db.session.query(Event)]
    with transaction():
        db.session.execute(insert(Participant), [_person(number) for number in range(PEOPLE)])
        rows = ([_rsvp(person, event) for event in events] for person in range(1, PEOPLE + 1))
        for chunk in iter(lambda: [row for pair in islice(rows, 1000) for row in pair], []):
            db.session.execute(insert(Rsvp), chunk)


def _person(number: int) -> dict[str, object]:
    email = f"guest{number}@example.org"
    return {
        "public_id": tokens.new_public_id(),
        "name": f"Sok Dara {number}",
        "email": email,
        "email_index": addresses.index(email),
        "language": ("en", "km")[number % 2],
        "zone": ("Asia/Phnom_Penh", "Europe/Paris", "America/Los_Angeles", "Australia/Melbourne")[number % 4],
        "created_at": factories.NOW,
        "verified_at": factories.NOW,
        "referrer": f"Sok Dara {number // 2}",
    }


def _rsvp(person: int, event: int) -> dict[str, object]:
    return {
        "public_id": tokens.new_public_id(),
        "participant_id": person,
        "event_id": event,
        "state": State.PENDING,
        "requested_at": factories.NOW + timedelta(seconds=person),
    }


def _newest() -> str:
    return db.session.query(Rsvp.public_id).order_by(Rsvp.id.desc()).limit(1).scalar() or ""


def approve() -> None:
    """Approve the first thousand in one transaction."""
    waiting = db.session.query(Rsvp.public_id, Rsvp.version).order_by(Rsvp.id).limit(DECIDED).all()
    seen = [Decision(row.public_id, row.version, by="bench", at=factories.NOW) for row in waiting]
    with transaction():
        results = decisions.decide(Act.APPROVAL, seen)
    assert all(result.refusal is None for result in results)
