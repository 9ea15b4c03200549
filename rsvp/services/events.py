"""Arrange events: make them, change them, set their link; whoever has a place learns of what matters to them.

An act here and the letters about it are one transaction.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.event import Event, Status
from rsvp.models.programme import Programme
from rsvp.services import invitations, journal

OPERATOR = "operator"


def create(programme: Programme, slug: str, facts: Mapping[str, object], *, at: datetime) -> Event:
    """Publish a new event. `facts` are columns of the event."""
    event = Event(programme=programme, slug=slug, created_at=at, updated_at=at, status=Status.PUBLISHED, **facts)
    db.session.add(event)
    return event


def change(event: Event, facts: Mapping[str, object], *, by: str, at: datetime) -> int:
    """Change columns of an event and tell every approved guest whose calendar is no longer true.

    Returns how many letters that takes. Nothing happens when nothing differs.
    """
    changes = {name: value for name, value in facts.items() if getattr(event, name) != value}
    if not changes:
        return 0
    for name, value in changes.items():
        setattr(event, name, value)
    event.updated_at = at
    for name in sorted(changes):
        journal.record(f"event {name}", f"event:{event.slug}", by=by, at=at)
    return invitations.update(event, at=at)


def published() -> list[Event]:
    """Return the events that the schedule shows, by time, those without one last."""
    events = [event for event in db.session.scalars(select(Event)) if event.is_public]
    return sorted(events, key=lambda event: (event.starts_at is None, event.starts_at or event.created_at, event.id))


def named(slug: str) -> Event | None:
    """Return the event with that slug."""
    return db.session.scalars(select(Event).where(Event.slug == slug)).one_or_none()
