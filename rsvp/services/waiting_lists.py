"""Say who is next when a place frees. It suggests; the coordinator decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import rsvps


@dataclass(frozen=True)
class Suggestion:
    """Free places of one event, and who has waited longest for them."""

    event: Event
    free: int
    next_in_line: Rsvp


def suggestions(*, at: datetime) -> list[Suggestion]:
    """Return, for each event to come that has both free places and people waiting, who is next."""
    limited = select(Event).where(Event.capacity.is_not(None)).order_by(Event.starts_at, Event.id)
    found = []
    for event in db.session.scalars(limited).all():
        free = (event.capacity or 0) - rsvps.places_taken(event)
        first = _first_waiting(event) if free > 0 and not event.is_cancelled and not event.is_past(at) else None
        if first is not None:
            found.append(Suggestion(event, free, first))
    return found


def _first_waiting(event: Event) -> Rsvp | None:
    chosen = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.WAITLISTED)
    longest = chosen.order_by(Rsvp.requested_at, Rsvp.id).limit(1).options(joinedload(Rsvp.participant))
    return db.session.scalars(longest).one_or_none()
