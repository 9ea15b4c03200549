"""Remind approved guests before an event starts: from its row when due, each once, never of an hour that has moved."""

from datetime import datetime, timedelta

from sqlalchemy import exists, select

from rsvp.db import db, transaction
from rsvp.ics import Method
from rsvp.models.event import Event, Status
from rsvp.models.invitation import Invitation
from rsvp.models.letter import LetterKind
from rsvp.models.reminder import Reminder
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import joins, letters, locks


def write_due(*, at: datetime) -> int:
    """Write every reminder that is due by that instant; return how many letters.

    Of two that are due at once, after the worker stood still, only the later one is written.
    """
    coming = select(Event.id).where(Event.status == Status.PUBLISHED, Event.starts_at > at)
    return sum(_remind(event_id, at=at) for event_id in db.session.scalars(coming).all())


def _remind(event_id: int, *, at: datetime) -> int:
    with transaction():
        event = db.session.get_one(Event, event_id)
        locks.hold(event)
        minutes = _due_minutes(event, at)
        if minutes is None or event.is_cancelled or event.starts_at is None:
            return 0
        due_at = event.starts_at - timedelta(minutes=minutes)
        guests = _not_reminded(event, event.starts_at, minutes, due_at)
        for rsvp in guests:
            db.session.add(Reminder(rsvp_id=rsvp.id, starts_at=event.starts_at, minutes=minutes, written_at=at))
            enclosed = letters.Enclosed(door=joins.prepare(rsvp, at=at))
            letters.send(LetterKind.REMINDER, rsvp, at=at, enclosed=enclosed)
        return len(guests)


def _due_minutes(event: Event, at: datetime) -> int | None:
    """Return the latest reminder whose hour has come, or None."""
    if event.starts_at is None or event.starts_at <= at:
        return None
    left = event.starts_at - at
    return min((minutes for minutes in event.reminder_minutes if timedelta(minutes=minutes) >= left), default=None)


def _not_reminded(event: Event, starts_at: datetime, minutes: int, due_at: datetime) -> list[Rsvp]:
    """Return who is to be reminded: not who was, and not who got the invitation after the reminder was due."""
    is_reminded = exists().where(
        Reminder.rsvp_id == Rsvp.id, Reminder.starts_at == starts_at, Reminder.minutes == minutes
    )
    knows_lately = exists().where(
        Invitation.rsvp_id == Rsvp.id, Invitation.method == Method.REQUEST, Invitation.stamped_at <= due_at
    )
    chosen = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED, ~is_reminded, knows_lately)
    return list(db.session.scalars(chosen.order_by(Rsvp.id)))
