"""Prepare events out of everybody's sight: begin a draft, publish it, or delete it.

No page, feed or letter knows of a draft; what is published is changed by services/events.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import count

from sqlalchemy import exists, select

from rsvp.db import db
from rsvp.errors import EventActRefused, EventAskedFor, EventIncomplete, EventNameTaken
from rsvp.models.event import Event, Status
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Rsvp
from rsvp.services import events, journal, locks
from rsvp.services.events import Facts
from rsvp.slugs import slug_of

# What a draft's address is called when its title has no Latin letter.
NAMELESS = "event"


def begin(programme: Programme, facts: Facts, *, by: str, at: datetime) -> Event:
    """Store a draft. `facts` are columns of the event; without a slug among them one is made of the title.

    Raises:  EventNameTaken.
    """
    columns = dict(facts)
    locks.hold_names()
    slug = columns.pop("slug", None) or free_slug(columns["title"])  # type: ignore[arg-type]
    if events.named(str(slug)) is not None:
        raise EventNameTaken
    event = Event(programme=programme, slug=slug, created_at=at, updated_at=at, status=Status.DRAFT, **columns)
    db.session.add(event)
    db.session.flush()
    journal.record("draft", f"event:{event.slug}", by=by, at=at)
    return event


def free_slug(title: Mapping[str, str]) -> str:
    """Return a name for the address that no event has, made of the English title."""
    made = slug_of(title.get("en") or "") or NAMELESS
    names = (made if number == 1 else f"{made}-{number}" for number in count(1))
    return next(name for name in names if events.named(name) is None)


def publish(event: Event, *, by: str, at: datetime) -> None:
    """Show a draft to everybody, and let people ask for a place.

    Raises:  EventIncomplete while a text is missing in one of the languages; EventActRefused for a cancelled event.
    """
    locks.hold(event)
    if event.is_cancelled:
        raise EventActRefused
    if not event.is_draft:
        return
    if event.missing:
        raise EventIncomplete
    event.status, event.updated_at = Status.PUBLISHED, at
    journal.record("publication", f"event:{event.slug}", by=by, at=at)


def discard(event: Event, *, by: str, at: datetime) -> None:
    """Delete a draft that nobody asked for.

    Raises:  EventActRefused for what was published; EventAskedFor when somebody asked.
    """
    locks.hold(event)
    if db.session.scalar(select(exists().where(Rsvp.event_id == event.id))):
        raise EventAskedFor
    if not event.is_draft:
        raise EventActRefused
    journal.record("deletion", f"event:{event.slug}", by=by, at=at)
    db.session.delete(event)
