"""Hold letters while they are being sent: a lease each, so that no two workers send the same one.

A worker that dies lets its leases end, and another takes the letters up. The instant at which a lease ends tells whose
it is: each later lease of a letter ends later, and what its former holder has to say about it isn't written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Table, Text, and_, bindparam, exists, or_, select, type_coerce, update

from rsvp.db import Instant, db, transaction
from rsvp.models.event import Event
from rsvp.models.letter import IN_CALENDAR, STANDING, Letter, LetterKind, LetterState
from rsvp.models.rsvp import Rsvp

LEASE = timedelta(minutes=10)
BATCH = 64


@dataclass(frozen=True)
class Claim:
    """A letter that is ours to send until its lease ends, or somebody else claims it after that."""

    letter_id: int
    leased_until: datetime


@dataclass(frozen=True)
class Taken:
    """A letter in our hands. `recipient` and `content` are as stored: one may be impossible to decrypt."""

    claim: Claim
    public_id: str
    language: str
    recipient: str | None
    content: str | None
    created_at: datetime
    attempts: int


def claim(at: datetime) -> list[Claim]:
    """Mark the letters that are due as `sending` with a lease, and return the claims.

    Only ids are read: a row that can't be decrypted must not keep the others here.
    """
    is_due = and_(Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)), Letter.due_at <= at)
    is_left = and_(Letter.state == LetterState.SENDING, Letter.leased_until <= at)
    due = select(Letter.id).where(or_(is_due, is_left)).order_by(Letter.id).limit(BATCH)
    until = at + LEASE
    with transaction():
        ids = list(db.session.scalars(due.with_for_update(skip_locked=True)))
        claimed = update(Letter).where(Letter.id.in_(ids))
        db.session.execute(claimed.values(state=LetterState.SENDING, leased_until=until))
    return [Claim(letter_id, until) for letter_id in ids]


def take(held: Sequence[Claim], *, at: datetime) -> list[Taken]:
    """Take up claimed letters just before they are sent; those that are another's by now, or untrue, are left out.

    A lease is renewed when less than half of it is left.
    """
    claimed = {claim.letter_id: claim for claim in held}
    rows = [
        row
        for row in db.session.execute(_HELD, {"held": list(claimed), "at": at})
        if row.leased_until == claimed[row.id].leased_until
    ]
    for row in rows:
        if row.is_untrue:
            finish(claimed[row.id], state=LetterState.SUPERSEDED, recipient=None, content=None, error=None)
    return [_taken(claimed[row.id], row, at) for row in rows if not row.is_untrue]


def _taken(claim: Claim, row: Row[Any], at: datetime) -> Taken:
    return Taken(
        claim=_renewed(claim, at) if claim.leased_until - at < LEASE / 2 else claim,
        public_id=row.public_id,
        language=row.language,
        recipient=row.recipient,
        content=row.content,
        created_at=row.created_at,
        attempts=row.attempts + 1,
    )


def _renewed(claim: Claim, at: datetime) -> Claim:
    until = at + LEASE
    db.session.execute(update(Letter).where(Letter.id == claim.letter_id).values(leased_until=until), **_UNSEEN)
    return Claim(claim.letter_id, until)


def finish(claim: Claim, **values: object) -> None:
    """Write what became of a claimed letter that hasn't left; nothing if it is another's by now."""
    held = (Letter.id == claim.letter_id, Letter.state == LetterState.SENDING)
    written = update(Letter).where(*held, Letter.leased_until == claim.leased_until)
    db.session.execute(written.values(leased_until=None, **values), **_UNSEEN)


def finish_sent(sent: Sequence[Claim], *, at: datetime) -> None:
    """Write that letters have left, whoever holds them by now: what the server took can't be taken back."""
    if sent:
        db.session.execute(_SENT, [{"held": claim.letter_id, "left_at": at} for claim in sent])


# A worker says these for every letter, so they are written once. Nothing in the session looks at the rows.
_UNSEEN: dict[str, Any] = {"execution_options": {"synchronize_session": False}}
assert isinstance(Letter.__table__, Table)
_row = Letter.__table__.c
_newer = Letter.__table__.alias("newer")
_is_untrue = exists().where(
    _newer.c.rsvp_id == _row.rsvp_id,
    _newer.c.id > _row.id,
    _newer.c.kind.in_(STANDING),
    or_(_row.kind != LetterKind.CANCELLATION, _newer.c.kind.in_(IN_CALENDAR)),
)
_is_late = and_(
    _row.kind == LetterKind.REMINDER,
    exists().where(
        Rsvp.id == _row.rsvp_id, Event.id == Rsvp.event_id, Event.starts_at <= bindparam("at", type_=Instant)
    ),
)
_HELD = select(
    _row.id,
    _row.leased_until,
    _row.public_id,
    _row.language,
    type_coerce(_row.recipient, Text).label("recipient"),
    type_coerce(_row.content, Text).label("content"),
    _row.created_at,
    _row.attempts,
    or_(_is_untrue, _is_late).label("is_untrue"),
).where(_row.id.in_(bindparam("held", expanding=True)), _row.state == LetterState.SENDING)
# PostgreSQL keeps the rows for us until the transaction ends; SQLite's writer is alone anyway.
_HELD = _HELD.order_by(_row.id).with_for_update(of=Letter.__table__)
_SENT = (
    Letter.__table__.update()
    .where(_row.id == bindparam("held"), _row.state != LetterState.BOUNCED)
    .values(
        state=LetterState.SENT,
        attempts=_row.attempts + 1,
        sent_at=bindparam("left_at"),
        leased_until=None,
        recipient=None,
        content=None,
        error=None,
    )
)
