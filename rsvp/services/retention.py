"""Erase what is no longer needed: unproven requests, guests after their last event, old letters and links.

How long each thing is kept is the operator's setting.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Executable, delete, select, update

import config
from rsvp.db import db, transaction
from rsvp.models.event import Event
from rsvp.models.letter import Letter, LetterState
from rsvp.models.link_request import LinkRequest
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Purpose, Token
from rsvp.services import erasures, links, locks, places

log = logging.getLogger(__name__)

# The worker answers these at once: what is left of them was never answered, and nobody waits for it any more.
LINK_REQUEST_LIFE = timedelta(days=1)
# Who may yet come to an event whose time isn't known.
EXPECTANT = (State.PENDING, State.WAITLISTED, State.APPROVED)
# After a series' last event all its guests fall due in one hour: nobody who writes waits for more of them than this.
BATCH = 10


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind are gone."""

    rsvps: int
    participants: int
    tokens: int


def run(*, at: datetime) -> Erased:
    """Erase what has been kept as long as the settings say. What remains of a guest, `erasures.erase` says.

    People go some at a time, so that others write in between; who can't be erased keeps nobody else.
    """
    before = at - links.lifetime(Purpose.VERIFICATION)
    with transaction():
        rsvps = _delete(delete(Rsvp).where(Rsvp.state == State.UNVERIFIED, Rsvp.requested_at <= before))
        _forget_proposals(before)
        ids = _maybe_done(at)
    participants = sum(_erase(ids[start : start + BATCH], at=at) for start in range(0, len(ids), BATCH))
    with transaction():
        tokens = _delete(delete(Token).where(Token.expires_at <= at))
        _empty_letters(at)
        erasures.forget_refusals(at=at)
        db.session.execute(delete(LinkRequest).where(LinkRequest.asked_at <= at - LINK_REQUEST_LIFE))
    erasures.truncate_log()
    return Erased(rsvps=rsvps, participants=participants, tokens=tokens)


def kept_until(participant: Participant, *, at: datetime) -> datetime:
    """Return when a participant's data is erased: some time after their last event, also if it never gets a time.

    It tells nothing of a decision that may still be taken back.
    """
    held = select(Rsvp).where(Rsvp.participant_id == participant.id)
    requests = list(db.session.scalars(held))
    asked_at = max([participant.created_at, *(rsvp.requested_at for rsvp in requests)])
    if participant.verified_at is None:
        return asked_at + links.lifetime(Purpose.VERIFICATION)
    ends = [_last_of(rsvp, at) for rsvp in requests]
    known = max([participant.verified_at, asked_at, *(end for end in ends if end)]) + _guest_life()
    return max(known, asked_at + _waiting_life()) if None in ends else known


def is_waiting(participant: Participant, *, at: datetime) -> bool:
    """Whether a participant may yet come to an event whose time isn't known, as far as they may know."""
    held = db.session.scalars(select(Rsvp).where(Rsvp.participant_id == participant.id))
    return any(_last_of(rsvp, at) is None for rsvp in held)


def _last_of(rsvp: Rsvp, at: datetime) -> datetime | None:
    """Return when a request was over; None while its event has no time and the guest may yet come."""
    last = _last(rsvp.event)
    if last is None and places.told(rsvp, at=at) not in EXPECTANT:
        return max(rsvp.requested_at, rsvp.decided_at or rsvp.requested_at)
    return last


def _last(event: Event) -> datetime | None:
    """Return when an event was over, or was called off before it had a time; None while its time is open."""
    return event.ends_at or (event.updated_at if event.is_cancelled else None)


def _guest_life() -> timedelta:
    return timedelta(days=config.current().guest_days)


def _waiting_life() -> timedelta:
    return timedelta(days=config.current().waiting_days)


def _maybe_done(at: datetime) -> list[int]:
    """Return the ids of those whose time may be over: who waits for an event isn't among them, but for too long."""
    events = db.session.scalars(select(Event)).all()
    open_ids = [event.id for event in events if _is_open(event, at)]
    timeless_ids = [event.id for event in events if _last(event) is None]
    may_come = Rsvp.event_id.in_(timeless_ids) & Rsvp.state.in_(EXPECTANT)
    hopes = may_come & (Rsvp.requested_at > at - _waiting_life())
    waiting = select(Rsvp.participant_id).where(Rsvp.event_id.in_(open_ids) | hopes)
    old = Participant.created_at <= at - min(_guest_life(), links.lifetime(Purpose.VERIFICATION))
    proven = Participant.verified_at.is_not(None) & Participant.id.not_in(waiting)
    chosen = select(Participant.id).where(old, Participant.verified_at.is_(None) | proven)
    return list(db.session.scalars(chosen.order_by(Participant.id)))


def _is_open(event: Event, at: datetime) -> bool:
    last = _last(event)
    return last is not None and last + _guest_life() > at


def _erase(ids: Sequence[int], *, at: datetime) -> int:
    """Erase those of them whose time is over, together, or each alone where that fails; return how many are gone."""
    try:
        with transaction():
            due = [person for person in locks.hold_people(ids) if _is_done(person, at)]
            for person in due:
                erasures.erase(person, at=at)
        return len(due)
    except Exception as error:  # what stands in one row must keep nobody else
        if len(ids) == 1:
            log.warning("participant not erased id=%s error=%s", ids[0], type(error).__name__)
            return 0
    return sum(_erase([id], at=at) for id in ids)


def _is_done(participant: Participant, at: datetime) -> bool:
    return kept_until(participant, at=at) <= at


def _empty_letters(at: datetime) -> None:
    """Forget the address and the words of letters that couldn't be sent, some time after."""
    life = timedelta(days=config.current().failed_letter_days)
    old = (Letter.state.in_((LetterState.FAILED, LetterState.BOUNCED)), Letter.created_at <= at - life)
    db.session.execute(update(Letter).where(*old).values(recipient=None, content=None, error=None))


def _forget_proposals(before: datetime) -> None:
    stale = update(Participant).where(Participant.proposed_at <= before)
    db.session.execute(stale.values(proposed=None, proposed_at=None))
    db.session.execute(update(Rsvp).where(Rsvp.asked_again_at <= before).values(asked_again_at=None))


def _delete(statement: Executable) -> int:
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
