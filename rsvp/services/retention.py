"""Erase what is no longer needed: unproven requests, guests after their last event, old letters and links."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CursorResult, Executable, delete, exists, select, text, update

from rsvp.db import db, transaction
from rsvp.models.event import Event
from rsvp.models.letter import Letter, LetterState
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Token
from rsvp.services import tallies
from rsvp.services.requests import UNVERIFIED_LIFE

GUEST_LIFE = timedelta(days=30)
FAILED_LETTER_LIFE = timedelta(days=7)


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind are gone."""

    rsvps: int
    participants: int
    tokens: int


def run(*, at: datetime) -> Erased:
    """Erase requests that nobody proved within 48 hours, and guests 30 days after the last event they asked for.

    Counts of how each event's requests ended are kept.
    """
    before = at - UNVERIFIED_LIFE
    with transaction():
        rsvps = _delete(delete(Rsvp).where(Rsvp.state == State.UNVERIFIED, Rsvp.requested_at <= before))
        is_used = exists(select(Rsvp.id).where(Rsvp.participant_id == Participant.id))
        unproven = (Participant.verified_at.is_(None), Participant.created_at <= before, ~is_used)
        participants = _erase(db.session.scalars(select(Participant).where(*unproven)).all())
        participants += _erase(_done(at))
        tokens = _delete(delete(Token).where(Token.expires_at <= at))
        _forget_proposals(before)
        _empty_letters(at)
    _truncate_log()
    return Erased(rsvps=rsvps, participants=participants, tokens=tokens)


def _done(at: datetime) -> list[Participant]:
    """Return the proven guests for whom nothing comes any more, for 30 days."""
    is_open = exists().where(
        Rsvp.participant_id == Participant.id,
        Rsvp.event_id == Event.id,
        (Event.starts_at.is_(None)) | (Event.starts_at > at - GUEST_LIFE - timedelta(days=1)),
    )
    asked = exists().where(Rsvp.participant_id == Participant.id)
    old = Participant.created_at <= at - GUEST_LIFE
    found = db.session.scalars(select(Participant).where(Participant.verified_at.is_not(None), asked, ~is_open, old))
    return list(found)


def _erase(participants: Iterable[Participant]) -> int:
    """Erase people with all that is theirs; what remains of their requests is a count."""
    count = 0
    for participant in participants:
        held = select(Rsvp.state, Rsvp.event_id).where(Rsvp.participant_id == participant.id)
        for state, event_id in db.session.execute(held).all():
            tallies.count(f"event {event_id} {state}")
        letters = update(Letter).where(Letter.participant_id == participant.id)
        waiting = letters.where(Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)))
        db.session.execute(waiting.values(state=LetterState.SUPERSEDED))
        db.session.execute(letters.values(recipient=None, content=None, error=None))
        db.session.execute(delete(Participant).where(Participant.id == participant.id))
        count += 1
    return count


def _empty_letters(at: datetime) -> None:
    """Forget the address and the words of letters that failed a week ago."""
    old = (Letter.state == LetterState.FAILED, Letter.created_at <= at - FAILED_LETTER_LIFE)
    db.session.execute(update(Letter).where(*old).values(recipient=None, content=None, error=None))


def _forget_proposals(before: datetime) -> None:
    stale = update(Participant).where(Participant.proposed_at <= before)
    db.session.execute(stale.values(proposed=None, proposed_at=None))
    db.session.execute(update(Rsvp).where(Rsvp.asked_again_at <= before).values(asked_again_at=None))


def _truncate_log() -> None:
    """Let SQLite's log forget what was erased; it would keep old pages until they are overwritten."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))


def _delete(statement: Executable) -> int:
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
