"""Take requests out of the service as a list, for who has a reason to; the journal says that it happened.

Links, notes, questions and reasons stay here: they are the coordinators' own, and a file travels.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import journal

# The first nine are those that an import reads.
COLUMNS = ("name", "email", "events", "language", "zone", "country", "organisation", "referrer", "message") + (
    "state",
    "requested_at",
    "decided_at",
)
# Of an unproven request nobody knows whose it is.
STATES = tuple(state for state in State if state != State.UNVERIFIED)


@dataclass(frozen=True)
class Choice:
    """Which requests: those for one event or all, in some states."""

    states: Collection[str]
    event: Event | None = None

    @property
    def subject(self) -> str:
        """How the journal names it."""
        return f"event:{self.event.slug}" if self.event else "requests"


def export(choice: Choice, *, by: str, at: datetime) -> list[Sequence[str]]:
    """Return the cells of each request chosen, and say so in the journal."""
    journal.record("export", choice.subject, by=by, at=at)
    wanted = select(Rsvp).where(Rsvp.state.in_([state for state in STATES if state in choice.states]))
    if choice.event is not None:
        wanted = wanted.where(Rsvp.event_id == choice.event.id)
    whole = wanted.order_by(Rsvp.event_id, Rsvp.id).options(joinedload(Rsvp.participant), joinedload(Rsvp.event))
    return [_cells(rsvp) for rsvp in db.session.scalars(whole)]


def _cells(rsvp: Rsvp) -> tuple[str, ...]:
    person = rsvp.participant
    return (
        person.name,
        person.email,
        rsvp.event.slug,
        person.language,
        person.zone,
        person.country or "",
        person.organisation or "",
        person.referrer or "",
        person.message or "",
        rsvp.state,
        rsvp.requested_at.isoformat(timespec="seconds"),
        rsvp.decided_at.isoformat(timespec="seconds") if rsvp.decided_at else "",
    )
