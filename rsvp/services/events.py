"""Arrange events: make, change, call off and restore them; whoever has a place learns of what matters to them.

An act here and the letters about it are one transaction.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from rsvp.db import db
from rsvp.errors import EventActRefused, EventNameTaken
from rsvp.ics import Method
from rsvp.models.event import Event, Status
from rsvp.models.letter import LetterKind
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Rsvp
from rsvp.services import invitations, journal, letters, locks
from rsvp.services.invitations import NO_NOTE, Note

OPERATOR = "operator"

# What a calendar holds; a change of anything else is nobody's letter.
IN_CALENDARS = frozenset({"starts_at", "minutes", "zone", "title", "link", "passcode", "link_mode", "status"})

Facts = Mapping[str, object]


def create(programme: Programme, slug: str, facts: Facts, *, at: datetime) -> Event:
    """Publish a new event. `facts` are columns of the event."""
    event = Event(programme=programme, slug=slug, created_at=at, updated_at=at, status=Status.PUBLISHED, **facts)
    db.session.add(event)
    return event


def change(event: Event, facts: Facts, *, by: str, at: datetime, note: Note = NO_NOTE) -> int:
    """Change columns of an event and tell every approved guest whose calendar is no longer true.

    `note` is a line of the coordinator's for the letters, by language. Returns how many letters that takes.
    Nothing happens when nothing differs.
    Raises:  EventNameTaken.
    """
    locks.hold(event)
    changes = {name: value for name, value in facts.items() if getattr(event, name) != value}
    if not changes:
        return 0
    if "slug" in changes:
        locks.hold_names()
        if named(str(changes["slug"])) is not None:
            raise EventNameTaken
    for name, value in changes.items():
        setattr(event, name, value)
        journal.record(f"event {name}", f"event:{event.slug}", by=by, at=at)
    event.updated_at = at
    event.sequence += bool(IN_CALENDARS & set(changes))
    return invitations.update(event, at=at, note=note)


def letters_for(event: Event, facts: Facts, *, at: datetime) -> int:
    """Return how many letters a change would send, without making it."""
    tried = db.session.begin_nested()
    try:
        return change(event, facts, by=OPERATOR, at=at)
    finally:
        tried.rollback()


def call_off(event: Event, *, by: str, at: datetime, note: Note = NO_NOTE) -> int:
    """Cancel an event: it leaves every calendar, and who only knew of a place is written to as well.

    Raises:  EventActRefused for a draft: nobody knows of it, and cancelling would show it to everybody.
    """
    locks.hold(event)
    if event.is_draft:
        raise EventActRefused
    if event.is_cancelled:
        return 0
    without_entry = _without_entry(event)
    sent = change(event, {"status": Status.CANCELLED}, by=by, at=at, note=note)
    for rsvp in without_entry:
        letters.send(LetterKind.CANCELLATION, rsvp, at=at, enclosed=letters.Enclosed(note=note))
    return sent + len(without_entry)


def restore(event: Event, *, by: str, at: datetime, note: Note = NO_NOTE) -> int:
    """Let a cancelled event take place after all: it returns to every calendar that it left."""
    locks.hold(event)
    if not event.is_cancelled:
        return 0
    sent = change(event, {"status": Status.PUBLISHED}, by=by, at=at, note=note)
    if event.starts_at is not None:
        return sent
    waiting = invitations.approved(event)
    for rsvp in waiting:
        letters.send(LetterKind.APPROVAL, rsvp, at=at, enclosed=letters.Enclosed(note=note))
    return sent + len(waiting)


def close(event: Event, *, by: str, at: datetime) -> None:
    """Take no more requests for an event; those that there are stay.

    Raises:  EventActRefused unless it is published.
    """
    _open_or_close(event, at, "closing", by=by, at=at)


def reopen(event: Event, *, by: str, at: datetime) -> None:
    """Take requests for an event again.

    Raises:  EventActRefused unless it is published.
    """
    _open_or_close(event, None, "reopening", by=by, at=at)


def published() -> list[Event]:
    """Return the events that the schedule shows, by time, those without one last."""
    return [event for event in known() if event.is_public]


def known() -> list[Event]:
    """Return every event, drafts too, by time, those without one last: only the desk may see all of them."""
    events = db.session.scalars(select(Event))
    return sorted(events, key=lambda event: (event.starts_at is None, event.starts_at or event.created_at, event.id))


def named(slug: str) -> Event | None:
    """Return the event with that slug."""
    return db.session.scalars(select(Event).where(Event.slug == slug)).one_or_none()


def _open_or_close(event: Event, closed_at: datetime | None, act: str, *, by: str, at: datetime) -> None:
    locks.hold(event)
    if event.is_draft or event.is_cancelled:
        raise EventActRefused
    if (event.closed_at is None) == (closed_at is None):
        return
    event.closed_at, event.updated_at = closed_at, at
    journal.record(act, f"event:{event.slug}", by=by, at=at)


def _without_entry(event: Event) -> list[Rsvp]:
    """Return the approved guests in whose calendars the event isn't."""
    return [
        rsvp
        for rsvp in invitations.approved(event)
        if (invitation := invitations.of(rsvp)) is None or invitation.method == Method.CANCEL
    ]
