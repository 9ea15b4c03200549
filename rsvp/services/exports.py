"""Take requests out of the service as a list, for who has a reason to; the journal says that it happened.

Links, notes, questions and reasons stay here: they are the coordinators' own, and a file travels.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import journal

# The first nine are those that an import reads.
COLUMNS = ("name", "email", "events", "language", "zone", "country", "organisation", "referrer", "message") + (
    "state",
    "requested_at",
    "decided_at",
)
# What stands in them, in the same order.
_CELLS = (
    Participant.name,
    Participant.email,
    Event.slug,
    Participant.language,
    Participant.zone,
    Participant.country,
    Participant.organisation,
    Participant.referrer,
    Participant.message,
    Rsvp.state,
    Rsvp.requested_at,
    Rsvp.decided_at,
)
READ_TOGETHER = 500
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


def export(choice: Choice, *, by: str, at: datetime) -> Iterator[Sequence[str]]:
    """Return the cells of each request chosen, read while they are written, and say so in the journal."""
    journal.record("export", choice.subject, by=by, at=at)
    wanted = select(*_CELLS).join_from(Rsvp, Participant).join(Event)
    wanted = wanted.where(Rsvp.state.in_([state for state in STATES if state in choice.states]))
    if choice.event is not None:
        wanted = wanted.where(Rsvp.event_id == choice.event.id)
    # Plain values, some at a time: as objects the whole programme takes more memory than all else together.
    found = db.session.execute(wanted.order_by(Rsvp.event_id, Rsvp.id), execution_options={"yield_per": READ_TOGETHER})
    return ([_words(value) for value in row] for row in found)


def _words(value: object) -> str:
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value or "")
