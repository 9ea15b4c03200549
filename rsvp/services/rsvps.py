"""Decide about requests: approve, decline, waitlist, revoke, reopen; and let participants withdraw.

Each act happens once, under the event's lock, with its letter and its journal entry.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select

from rsvp.db import db
from rsvp.errors import DecidedAlready, EventClosed, EventFull, EventOver, MoveRefused, Refusal
from rsvp.models.event import Event
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.rsvp import Mover, Rsvp, State
from rsvp.services import invitations, journal, letters, links, locks, outbox


@dataclass(frozen=True)
class Decision:
    """One coordinator's decision: about which request, as shown at which version, by whom (public id), when.

    For as long as `undo` it can be taken back, and its letter waits.
    """

    public_id: str
    version: int
    by: str
    at: datetime
    undo: timedelta = timedelta(0)


# What tells a guest of the states that a decision can be taken back to.
_TOLD_BY = {State.WAITLISTED: LetterKind.WAITLISTING, State.DECLINED: LetterKind.DECLINE}


class UnknownRsvp(Refusal):
    """No request has that public id."""


class Held:
    """Requests that are held with their events until the transaction ends, as they stand now.

    An event's places are counted once, and then what is given here: nobody else gives any meanwhile.
    """

    def __init__(self, public_ids: Iterable[str]):
        self.rsvps = locks.hold_rsvps(public_ids)
        self._taken: dict[int, int] = {}

    def is_full(self, event: Event) -> bool:
        """Whether every place of the event is taken."""
        if event.capacity is None:
            return False
        if event.id not in self._taken:
            self._taken[event.id] = places_taken(event)
        return self._taken[event.id] >= event.capacity

    def give(self, event: Event) -> None:
        """Reckon with one place less, where they are counted."""
        if event.id in self._taken:
            self._taken[event.id] += 1


def approve(decision: Decision, held: Held | None = None) -> Rsvp:
    """Give a place and invite.

    Raises:  DecidedAlready, MoveRefused, EventFull, EventClosed, UnknownRsvp.
    """
    held = held or Held([decision.public_id])
    rsvp = claim(decision, held)
    if rsvp.event.is_cancelled or rsvp.event.is_past(decision.at):
        raise EventClosed
    if held.is_full(rsvp.event):
        raise EventFull
    # Nothing below asks for what it writes: it goes to the database at once, not in six parts.
    with db.session.no_autoflush:
        _decide(rsvp, State.APPROVED, decision, act="approval")
        held.give(rsvp.event)
        rsvp.reason = None
        _hold(invitations.invite(rsvp, at=decision.at), decision)
    return rsvp


def decline(decision: Decision, held: Held | None = None, *, reason: str | None = None) -> Rsvp:
    """Refuse a place, with a reason that goes to the participant.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = claim(decision, held)
    _decide(rsvp, State.DECLINED, decision, act="decline")
    rsvp.reason = reason
    _hold(letters.send(LetterKind.DECLINE, rsvp, at=decision.at), decision)
    return rsvp


def waitlist(decision: Decision, held: Held | None = None) -> Rsvp:
    """Put a request on the waiting list.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = claim(decision, held)
    _decide(rsvp, State.WAITLISTED, decision, act="waitlisting")
    _hold(letters.send(LetterKind.WAITLISTING, rsvp, at=decision.at), decision)
    return rsvp


def revoke(decision: Decision, *, reason: str | None = None) -> Rsvp:
    """Take a place back; the event leaves the participant's calendar.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = claim(decision)
    _decide(rsvp, State.REVOKED, decision, act="revocation")
    rsvp.reason = reason
    _hold(_take_back(rsvp, at=decision.at), decision)
    return rsvp


def reopen(decision: Decision) -> Rsvp:
    """Put a refused or revoked request back into the queue. Nobody is written to.

    Raises:  DecidedAlready, MoveRefused, UnknownRsvp.
    """
    rsvp = claim(decision)
    _decide(rsvp, State.PENDING, replace(decision, undo=timedelta(0)), act="reopening")
    outbox.supersede(rsvp.id)
    rsvp.reason = None
    return rsvp


def undo(decision: Decision, held: Held | None = None) -> Rsvp:
    """Take back the newest decision while its letter waits: nobody hears of it.

    Raises:  DecidedAlready, MoveRefused when its moment is over, UnknownRsvp.
    """
    rsvp = claim(decision, held)
    if rsvp.is_unmoved:
        raise MoveRefused
    rsvp.go_back(at=decision.at)
    outbox.supersede(rsvp.id, by=LetterKind.UPDATE)
    _unsay(rsvp)
    rsvp.reason, decided_at = None, rsvp.decided_at
    rsvp.decided_at, rsvp.decided_by = (None, None) if rsvp.state == State.PENDING else (decision.at, decision.by)
    journal.record("undoing", f"rsvp:{rsvp.public_id}", by=decision.by, at=decision.at)
    # The decision may have taken back a letter that hadn't left and is true again.
    told_by = _TOLD_BY.get(State(rsvp.state))
    if told_by and not outbox.has_left(rsvp.id, (told_by,)):
        letters.send(told_by, rsvp, at=decision.at)
    invitations.settle(rsvp, at=decision.at, decided_at=decided_at)
    return rsvp


def annotate(public_id: str, note: str, *, by: str, at: datetime) -> Rsvp:
    """Keep a note for the coordinators; it never goes to the guest.

    Raises:  UnknownRsvp.
    """
    rsvp = locks.hold_rsvps([public_id]).get(public_id)
    if rsvp is None:
        raise UnknownRsvp
    rsvp.note = note or None
    journal.record("note", f"rsvp:{rsvp.public_id}", by=by, at=at)
    return rsvp


def withdraw(participant_id: int, slug: str, *, at: datetime) -> Rsvp:
    """Give up a request or a place on the participant's own word.

    Who doesn't know yet that they were given a place gives up a request: nothing is written of the place.

    Raises:  MoveRefused, EventOver, UnknownRsvp.
    """
    held = db.session.scalars(select(Rsvp).where(Rsvp.participant_id == participant_id))
    rsvp = next((rsvp for rsvp in held if rsvp.event.slug == slug), None)
    if rsvp is None or not locks.hold_rsvps([rsvp.public_id]):
        raise UnknownRsvp
    if rsvp.event.is_past(at):
        raise EventOver
    was_approved, told = rsvp.state == State.APPROVED, rsvp.told(at=at)
    rsvp.move(State.WITHDRAWN, by=Mover.PARTICIPANT)
    outbox.supersede(rsvp.id)
    if was_approved and told == State.APPROVED:
        _take_back(rsvp, at=at)
    elif was_approved:
        _unsay(rsvp)
        rsvp.decided_at = rsvp.decided_by = None
        invitations.settle(rsvp, at=at)
    return rsvp


def named(public_id: str) -> Rsvp | None:
    """Return the request with that public id, as it stands now."""
    chosen = select(Rsvp).where(Rsvp.public_id == public_id).execution_options(populate_existing=True)
    return db.session.scalars(chosen).one_or_none()


def places_taken(event: Event) -> int:
    """Return how many RSVPs of the event are approved."""
    taken = select(func.count()).select_from(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED)
    return db.session.scalar(taken) or 0


def claim(decision: Decision, held: Held | None = None) -> Rsvp:
    """Return the request, held, if it is still as the coordinator saw it.

    Raises:  DecidedAlready, UnknownRsvp.
    """
    rsvp = (held or Held([decision.public_id])).rsvps.get(decision.public_id)
    if rsvp is None:
        raise UnknownRsvp
    if rsvp.version != decision.version:
        raise DecidedAlready
    return rsvp


def _decide(rsvp: Rsvp, to: State, decision: Decision, *, act: str) -> None:
    before = rsvp.state
    rsvp.move(to, by=Mover.COORDINATOR)
    if decision.undo:
        rsvp.undo_state, rsvp.undo_until = before, decision.at + decision.undo
    rsvp.decided_at = decision.at
    rsvp.decided_by = decision.by
    journal.record(act, f"rsvp:{rsvp.public_id}", by=decision.by, at=decision.at)


def _take_back(rsvp: Rsvp, *, at: datetime) -> Letter:
    return invitations.cancel(rsvp, at=at) or letters.send(LetterKind.CANCELLATION, rsvp, at=at)


def _unsay(rsvp: Rsvp) -> None:
    """Forget the way to the guest's page that stood in the letter of the newest decision, which is void."""
    if rsvp.decided_at is not None:
        links.forget(rsvp.participant_id, made_at=rsvp.decided_at)


def _hold(letter: Letter, decision: Decision) -> None:
    letter.due_at = decision.at + decision.undo
