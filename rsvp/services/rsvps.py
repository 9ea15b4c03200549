"""Decide about requests: approve, decline, waitlist, revoke, reopen; and let participants withdraw.

Each act happens once, under the event's lock, with its letter and its journal entry.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from rsvp.db import db
from rsvp.errors import DecidedAlready, EventClosed, EventFull, Refusal
from rsvp.models.event import Event
from rsvp.models.letter import LetterKind
from rsvp.models.rsvp import Mover, Rsvp, State
from rsvp.services import invitations, journal, letters, locks, outbox


@dataclass(frozen=True)
class Decision:
    """One coordinator's decision: about which request, as shown at which version, by whom (public id), when."""

    public_id: str
    version: int
    by: str
    at: datetime


class UnknownRsvp(Refusal):
    """No request has that public id."""


def approve(decision: Decision) -> Rsvp:
    """Give a place and invite.

    Raises:  DecidedAlready, MoveRefused, EventFull, EventClosed, UnknownRsvp.
    """
    rsvp = _claim(decision)
    if rsvp.event.is_cancelled or rsvp.event.is_past(decision.at):
        raise EventClosed
    if is_full(rsvp.event):
        raise EventFull
    _decide(rsvp, State.APPROVED, decision, act="approval")
    rsvp.reason = None
    invitations.invite(rsvp, at=decision.at)
    return rsvp


def decline(decision: Decision, *, reason: str | None = None) -> Rsvp:
    """Refuse a place, with a reason that goes to the participant.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = _claim(decision)
    _decide(rsvp, State.DECLINED, decision, act="decline")
    rsvp.reason = reason
    letters.send(LetterKind.DECLINE, rsvp, at=decision.at)
    return rsvp


def waitlist(decision: Decision) -> Rsvp:
    """Put a request on the waiting list.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = _claim(decision)
    _decide(rsvp, State.WAITLISTED, decision, act="waitlisting")
    letters.send(LetterKind.WAITLISTING, rsvp, at=decision.at)
    return rsvp


def revoke(decision: Decision, *, reason: str | None = None) -> Rsvp:
    """Take a place back; the event leaves the participant's calendar.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = _claim(decision)
    _decide(rsvp, State.REVOKED, decision, act="revocation")
    rsvp.reason = reason
    _take_back(rsvp, at=decision.at)
    return rsvp


def reopen(decision: Decision) -> Rsvp:
    """Put a refused or revoked request back into the queue. Nobody is written to.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = _claim(decision)
    _decide(rsvp, State.PENDING, decision, act="reopening")
    rsvp.reason = None
    return rsvp


def withdraw(participant_id: int, slug: str, *, at: datetime) -> Rsvp:
    """Give up a request or a place on the participant's own word.

    Raises:  MoveRefused, EventClosed, UnknownRsvp.
    """
    held = db.session.scalars(select(Rsvp).where(Rsvp.participant_id == participant_id))
    rsvp = next((rsvp for rsvp in held if rsvp.event.slug == slug), None)
    if rsvp is None:
        raise UnknownRsvp
    _lock(rsvp.public_id)
    if rsvp.event.is_past(at):
        raise EventClosed
    was_approved = rsvp.state == State.APPROVED
    rsvp.move(State.WITHDRAWN, by=Mover.PARTICIPANT)
    outbox.supersede(rsvp.id)
    if was_approved:
        _take_back(rsvp, at=at)
    return rsvp


def is_full(event: Event) -> bool:
    """Whether every place is taken. Call it under the event's lock to rely on it."""
    return event.capacity is not None and places_taken(event) >= event.capacity


def places_taken(event: Event) -> int:
    """Return how many RSVPs of the event are approved."""
    taken = select(func.count()).select_from(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED)
    return db.session.scalar(taken) or 0


def _claim(decision: Decision) -> Rsvp:
    """Return the locked request if it is still as the coordinator saw it."""
    rsvp = _lock(decision.public_id)
    if rsvp.version != decision.version:
        raise DecidedAlready
    return rsvp


def _lock(public_id: str) -> Rsvp:
    """Return the request with its event's row locked first, then its own: always in this order."""
    rsvp = db.session.scalars(select(Rsvp).where(Rsvp.public_id == public_id)).one_or_none()
    if rsvp is None:
        raise UnknownRsvp
    locks.hold(rsvp.event)
    db.session.refresh(rsvp, with_for_update=True)
    return rsvp


def _decide(rsvp: Rsvp, to: State, decision: Decision, *, act: str) -> None:
    rsvp.move(to, by=Mover.COORDINATOR)
    outbox.supersede(rsvp.id)
    rsvp.decided_at = decision.at
    rsvp.decided_by = decision.by
    journal.record(act, f"rsvp:{rsvp.public_id}", by=decision.by, at=decision.at)


def _take_back(rsvp: Rsvp, *, at: datetime) -> None:
    if invitations.cancel(rsvp, at=at) is None:
        letters.send(LetterKind.CANCELLATION, rsvp, at=at)
