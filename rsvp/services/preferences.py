"""Change what a guest said about themselves: how they are called, and in which language and hour they are written to.

Another address isn't changed here: it must be proven first (services/moves.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import delete, select

from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.letter import Letter, LetterKind, LetterState
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import invitations, locks, questions

# Nobody has decided about the name yet, or need not any more.
UNDECIDED = (State.UNVERIFIED, State.PENDING, State.WITHDRAWN)

# How often an invitation is sent again because its guest reads it otherwise; less often than guests may ask for it.
RENEWED = (LetterKind.INVITATION, LetterKind.UPDATE)
MOST_A_DAY = 3
DAY = timedelta(days=1)


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
        renew_in_turn(rsvps, at=at)
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
        _renew(rsvp, due_at=at, at=at)


def renew_in_turn(rsvps: list[Rsvp], *, at: datetime) -> None:
    """Do what `renew` does, three letters a day about a place: a further one waits, instead of one that waited."""
    for rsvp in rsvps:
        turn, starts_at = _turn(rsvp, at), rsvp.event.starts_at
        if turn > at:
            theirs = (Letter.rsvp_id == rsvp.id, Letter.kind.in_(RENEWED), Letter.state == LetterState.QUEUED)
            db.session.execute(delete(Letter).where(*theirs, Letter.attempts == 0, Letter.due_at > at))
        if turn == at or (starts_at is not None and turn < starts_at):
            _renew(rsvp, due_at=turn, at=at)


def outdate(rsvps: list[Rsvp]) -> None:
    """Make stale what the desk shows of requests that wait: nobody approves somebody else than they saw."""
    for rsvp in rsvps:
        if rsvp.state in questions.ASKABLE:
            rsvp.version += 1


def _renew(rsvp: Rsvp, *, due_at: datetime, at: datetime) -> None:
    letter = invitations.renew(rsvp, at=at) if rsvp.state == State.APPROVED else None
    if letter is not None:
        # Until then the coordinator may still take the decision back.
        letter.due_at = max(letter.due_at, due_at, rsvp.undo_until or at)


def _turn(rsvp: Rsvp, at: datetime) -> datetime:
    """Return when a renewed invitation may leave: at once, or a day after the one that fills the day."""
    left = (LetterState.SENDING, LetterState.SENT, LetterState.BOUNCED)
    chosen = select(Letter.due_at).where(
        Letter.rsvp_id == rsvp.id, Letter.kind.in_(RENEWED), Letter.state.in_(left), Letter.due_at > at - DAY
    )
    filling = db.session.scalars(chosen.order_by(Letter.due_at.desc()).offset(MOST_A_DAY - 1).limit(1)).one_or_none()
    is_undoable = rsvp.undo_until is not None and rsvp.undo_until > at
    return filling + DAY if filling is not None and not is_undoable else at


def _rename(participant: Participant, name: str, rsvps: list[Rsvp]) -> None:
    if not may_rename(participant):
        raise NameFixed
    participant.name = name
    outdate(rsvps)
