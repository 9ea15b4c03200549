"""Tell how letters fare: what waits, what failed, and how the newest letter about each request stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.letter import STANDING, WAITING, Letter, LetterKind, LetterState
from rsvp.models.rsvp import Rsvp, State

LATE = timedelta(minutes=15)
LOST = (LetterState.DEFERRED, LetterState.FAILED, LetterState.BOUNCED)
INVITING = (LetterKind.INVITATION, LetterKind.UPDATE, LetterKind.APPROVAL)


@dataclass(frozen=True)
class Trouble:
    """Letters that haven't left though they should have. `oldest_at` is when the oldest was written."""

    deferred: int
    failed: int
    oldest_at: datetime | None
    held: int  # confirmations that wait for their turn, since there were too many
    is_late: bool  # letters wait though nothing keeps them: no worker is at work


def trouble(*, at: datetime) -> Trouble:
    """Return how many letters wait for another try or have failed.

    One that was written anew is no trouble, nor one about no request in particular once a later letter has arrived or
    its reader is erased.
    """
    newer = aliased(Letter)
    says_the_same = or_(newer.kind.in_(STANDING), newer.kind == Letter.kind)
    is_replaced = exists().where(newer.rsvp_id == Letter.rsvp_id, newer.id > Letter.id, says_the_same)
    has_arrived = and_(newer.participant_id == Letter.participant_id, newer.state == LetterState.SENT)
    is_over = and_(Letter.rsvp_id.is_(None), exists().where(newer.id > Letter.id, has_arrived))
    is_nobodys = Letter.participant_id.is_(None)
    counted = select(Letter.state, func.count(), func.min(Letter.created_at))
    lost = counted.where(Letter.state.in_(LOST), ~is_replaced, ~is_over, ~is_nobodys)
    rows = db.session.execute(lost.group_by(Letter.state)).all()
    return Trouble(
        deferred=sum(count for state, count, _ in rows if state == LetterState.DEFERRED),
        failed=sum(count for state, count, _ in rows if state != LetterState.DEFERRED),
        oldest_at=min((oldest for _, _, oldest in rows), default=None),
        held=_count(Letter.state == LetterState.QUEUED, Letter.kind == LetterKind.VERIFICATION, Letter.due_at > at),
        is_late=_count(Letter.state.in_(WAITING), Letter.due_at < at - LATE) > 0,
    )


def _count(*conditions: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Letter).where(*conditions)) or 0


def newest(rsvp_ids: Iterable[int]) -> dict[int, Letter]:
    """Return the newest letter about each request, by the request's id."""
    chosen = select(Letter).where(Letter.rsvp_id.in_(list(rsvp_ids))).order_by(Letter.id)
    return {letter.rsvp_id: letter for letter in db.session.scalars(chosen) if letter.rsvp_id is not None}


def without_invitation(event: Event) -> list[Rsvp]:
    """Return the approved guests whom the newest invitation, or the letter in its place, has not reached.

    A letter that is on its way counts as having reached them, until it is put off.
    """
    approved = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED).order_by(Rsvp.id)
    rsvps = list(db.session.scalars(approved))
    told = _newest_of(INVITING, [rsvp.id for rsvp in rsvps])
    return [rsvp for rsvp in rsvps if rsvp.id not in told or told[rsvp.id].state in LOST]


def _newest_of(kinds: tuple[LetterKind, ...], rsvp_ids: list[int]) -> dict[int, Letter]:
    chosen = select(Letter).where(Letter.rsvp_id.in_(rsvp_ids), Letter.kind.in_(kinds)).order_by(Letter.id)
    return {letter.rsvp_id: letter for letter in db.session.scalars(chosen) if letter.rsvp_id is not None}


def named(public_id: str) -> Letter | None:
    """Return the letter with that public id."""
    return db.session.scalars(select(Letter).where(Letter.public_id == public_id)).one_or_none()


def latest(most: int) -> list[Letter]:
    """Return letters: those in trouble first, then the newest."""
    trouble_first = case((Letter.state.in_(LOST), 0), else_=1)
    return list(db.session.scalars(select(Letter).order_by(trouble_first, Letter.id.desc()).limit(most)))
