"""Note who was at an event. Once a guest's data is erased, only how many came remains."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.event import Event
from rsvp.models.journal import JournalEntry
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import admissions, journal, locks, tallies

ACT = "attendance"


class TooEarly(Refusal):
    """The event hasn't begun, or never does."""

    message = _("Who attended can be noted once the event has begun.")


class NotedMeanwhile(Refusal):
    """Somebody else noted who attended between the page that was shown and this act."""

    message = _("Somebody else noted who attended while your page was open.")


@dataclass(frozen=True)
class Line:
    """Somebody with a place, or noted before they lost it. `is_checked` says how their box stands at first."""

    rsvp: Rsvp
    name: str
    has_opened: bool
    is_checked: bool


@dataclass(frozen=True)
class Attendance:
    """Who had a place, and when the list was last saved, if ever. `seen` is what a page sends back to `save`."""

    lines: list[Line]
    saved: JournalEntry | None

    @property
    def seen(self) -> int:
        """The number of the newest saving, 0 before the first."""
        return self.saved.id if self.saved else 0


def of(event: Event) -> Attendance:
    """Return the list. Until it is first saved, who opened the meeting from their own page is proposed."""
    saved = _newest(event)
    lines = [
        Line(
            rsvp=rsvp,
            name=rsvp.participant.name,
            has_opened=rsvp.opened_at is not None,
            is_checked=(rsvp.attended_at if saved else rsvp.opened_at) is not None,
        )
        for rsvp in _listed(event)
    ]
    return Attendance(sorted(lines, key=lambda line: admissions.place_of(line.name)), saved)


def save(event: Event, came: set[str], *, seen: int, by: str, at: datetime) -> int:
    """Note that those with these public ids were there and nobody else, and return how many.

    Raises:  TooEarly, NotedMeanwhile.
    """
    locks.hold(event)
    if not can_be_noted(event, at=at):
        raise TooEarly
    if of(event).seen != seen:
        raise NotedMeanwhile
    listed = _listed(event)
    for rsvp in listed:
        rsvp.attended_at = (rsvp.attended_at or at) if rsvp.public_id in came else None
    journal.record(ACT, _subject(event), by=by, at=at)
    return sum(rsvp.attended_at is not None for rsvp in listed)


def can_be_noted(event: Event, *, at: datetime) -> bool:
    """Whether the event has begun."""
    return event.is_public and not event.is_cancelled and event.starts_at is not None and event.starts_at <= at


def attended(event: Event) -> int:
    """Return how many came, those included of whom nothing but the count is left."""
    return _count(event, Rsvp.attended_at.is_not(None)) + erased(event)


def erased(event: Event) -> int:
    """Return how many came who have been erased since."""
    return tallies.of(f"event {event.id} attended")


def opened(event: Event) -> int:
    """Return how many of those with a place opened the meeting from their own page, also those erased since."""
    return _count(event, Rsvp.opened_at.is_not(None), Rsvp.state == State.APPROVED) + tallies.of(
        f"event {event.id} opened"
    )


def had_place(event: Event) -> int:
    """Return how many have a place, and had one at the event before they were erased."""
    return _count(event, Rsvp.state == State.APPROVED) + tallies.of(f"event {event.id} seated")


def _count(event: Event, *conditions: object) -> int:
    chosen = select(func.count()).select_from(Rsvp).where(Rsvp.event_id == event.id, *conditions)  # type: ignore[arg-type]
    return db.session.scalar(chosen) or 0


def _listed(event: Event) -> list[Rsvp]:
    """Return who has a place, and who was noted and lost or gave up theirs since: a wrong note can be mended."""
    is_listed = (Rsvp.state == State.APPROVED) | Rsvp.attended_at.is_not(None)
    chosen = select(Rsvp).where(Rsvp.event_id == event.id, is_listed).order_by(Rsvp.id)
    return list(db.session.scalars(chosen.options(joinedload(Rsvp.participant))))


def _newest(event: Event) -> JournalEntry | None:
    saved = select(JournalEntry).where(JournalEntry.act == ACT, JournalEntry.subject == _subject(event))
    return db.session.scalars(saved.order_by(JournalEntry.id.desc()).limit(1)).one_or_none()


def _subject(event: Event) -> str:
    return f"event:{event.slug}"
