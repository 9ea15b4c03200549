"""Change what a guest said about themselves: how they are called, and in which language and hour they are written to.

Another address isn't changed here: it must be proven first (services/moves.py).
"""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import invitations, locks, questions

# Nobody has decided about the name yet, or need not any more.
UNDECIDED = (State.UNVERIFIED, State.PENDING, State.WITHDRAWN)


class NameFixed(Refusal):
    """A coordinator has decided about somebody under this name."""

    message = _("Your name can't be changed here any more: a request was decided under it.")


@dataclass(frozen=True)
class Preferences:
    """How a guest is called, and in which language and zone they are written to."""

    name: str
    language: str
    zone: str


def change(participant: Participant, wanted: Preferences, *, at: datetime) -> bool:
    """Keep what is wanted, and send the invitations to events to come again as they read now; return whether so.

    Raises:  NameFixed.
    """
    rsvps = locks.hold_all_of(participant)
    db.session.refresh(participant, with_for_update={"key_share": True})
    if wanted == of(participant):
        return False
    if wanted.name != participant.name:
        _rename(participant, wanted.name, rsvps)
    is_read_otherwise = (wanted.language, wanted.zone) != (participant.language, participant.zone)
    participant.language, participant.zone = wanted.language, wanted.zone
    if is_read_otherwise:
        renew(rsvps, at=at)
    return True


def of(participant: Participant) -> Preferences:
    """Return what holds now."""
    return Preferences(participant.name, participant.language, participant.zone)


def may_rename(participant: Participant) -> bool:
    """Whether nobody has decided about the participant under their name."""
    held = select(Rsvp.state).where(Rsvp.participant_id == participant.id)
    return set(db.session.scalars(held)) <= set(UNDECIDED)


def renew(rsvps: list[Rsvp], *, at: datetime) -> None:
    """Send the invitation of each place at an event to come again, as its guest is to read it now."""
    for rsvp in rsvps:
        letter = invitations.renew(rsvp, at=at) if rsvp.state == State.APPROVED else None
        if letter is not None and rsvp.undo_until is not None:
            letter.due_at = max(letter.due_at, rsvp.undo_until)  # the coordinator may still take the decision back


def outdate(rsvps: list[Rsvp]) -> None:
    """Make stale what the desk shows of requests that wait: nobody approves somebody else than they saw."""
    for rsvp in rsvps:
        if rsvp.state in questions.ASKABLE:
            rsvp.version += 1


def _rename(participant: Participant, name: str, rsvps: list[Rsvp]) -> None:
    if not may_rename(participant):
        raise NameFixed
    participant.name = name
    outdate(rsvps)
