"""Tell how letters fare: what waits, what failed, and how the newest letter about each request stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from rsvp.db import db
from rsvp.models.letter import Letter, LetterState


@dataclass(frozen=True)
class Trouble:
    """Letters that haven't left though they should have. `oldest_at` is when the oldest was written."""

    deferred: int
    failed: int
    oldest_at: datetime | None


def trouble() -> Trouble:
    """Return how many letters wait for another try or have failed."""
    rows = db.session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    counts: dict[str, int] = dict(rows.all())
    late = (LetterState.DEFERRED, LetterState.FAILED)
    oldest = select(Letter.created_at).where(Letter.state.in_(late)).order_by(Letter.created_at).limit(1)
    return Trouble(
        deferred=counts.get(LetterState.DEFERRED, 0),
        failed=counts.get(LetterState.FAILED, 0),
        oldest_at=db.session.scalars(oldest).one_or_none(),
    )


def newest(rsvp_ids: Iterable[int]) -> dict[int, Letter]:
    """Return the newest letter about each request, by the request's id."""
    chosen = select(Letter).where(Letter.rsvp_id.in_(list(rsvp_ids))).order_by(Letter.id)
    return {letter.rsvp_id: letter for letter in db.session.scalars(chosen) if letter.rsvp_id is not None}


def latest(most: int) -> list[Letter]:
    """Return the newest letters, newest first."""
    return list(db.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(most)))
