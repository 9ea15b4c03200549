"""Erase what is no longer needed: unproven requests, guests after their last event, old letters and links.

How long each thing is kept is the operator's setting.
"""

from collections.abc import Iterable
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
from rsvp.services import erasures, links

# The worker answers these at once: what is left of them was never answered, and nobody waits for it any more.
LINK_REQUEST_LIFE = timedelta(days=1)


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind are gone."""

    rsvps: int
    participants: int
    tokens: int


def run(*, at: datetime) -> Erased:
    """Erase what has been kept as long as the settings say. What remains of a guest, `erasures.erase` says."""
    before = at - links.lifetime(Purpose.VERIFICATION)
    with transaction():
        rsvps = _delete(delete(Rsvp).where(Rsvp.state == State.UNVERIFIED, Rsvp.requested_at <= before))
        participants = _erase(_done(at), at=at)
        tokens = _delete(delete(Token).where(Token.expires_at <= at))
        _forget_proposals(before)
        _empty_letters(at)
        erasures.forget_refusals(at=at)
        db.session.execute(delete(LinkRequest).where(LinkRequest.asked_at <= at - LINK_REQUEST_LIFE))
    erasures.truncate_log()
    return Erased(rsvps=rsvps, participants=participants, tokens=tokens)


def kept_until(participant: Participant) -> datetime | None:
    """Return when a participant's data is erased; None while they asked for an event whose time isn't known."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id)
    requests = list(db.session.scalars(held))
    asked_at = max([participant.created_at, *(rsvp.requested_at for rsvp in requests)])
    if participant.verified_at is None:
        return asked_at + links.lifetime(Purpose.VERIFICATION)
    ends = [_last(rsvp.event) for rsvp in requests]
    if None in ends:
        return None
    return max([participant.verified_at, asked_at, *(end for end in ends if end)]) + _guest_life()


def _last(event: Event) -> datetime | None:
    """Return when an event was over, or was called off before it had a time; None while its time is open."""
    return event.ends_at or (event.updated_at if event.is_cancelled else None)


def _guest_life() -> timedelta:
    return timedelta(days=config.current().guest_days)


def _done(at: datetime) -> list[Participant]:
    """Return those whose time is over. The database leaves out who waits for an event; `kept_until` decides."""
    open_ids = [event.id for event in db.session.scalars(select(Event)) if _is_open(event, at)]
    waiting = select(Rsvp.participant_id).where(Rsvp.event_id.in_(open_ids))
    old = Participant.created_at <= at - min(_guest_life(), links.lifetime(Purpose.VERIFICATION))
    proven = Participant.verified_at.is_not(None) & Participant.id.not_in(waiting)
    found = db.session.scalars(select(Participant).where(old, Participant.verified_at.is_(None) | proven))
    return [person for person in found if (until := kept_until(person)) is not None and until <= at]


def _is_open(event: Event, at: datetime) -> bool:
    last = _last(event)
    return last is None or last + _guest_life() > at


def _erase(participants: Iterable[Participant], *, at: datetime) -> int:
    count = 0
    for participant in participants:
        erasures.erase(participant, at=at)
        count += 1
    return count


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
