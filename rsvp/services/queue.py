"""Show the coordinator what there is to decide."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.rsvp import Rsvp, State

PAGE = 50


def of(state: State, *, page: int = 1) -> list[Rsvp]:
    """Return one page of the requests in a state: what waits, the longest first; what is decided, the newest first."""
    is_waiting = state in (State.PENDING, State.WAITLISTED)
    order = (Rsvp.requested_at, Rsvp.id) if is_waiting else (Rsvp.decided_at.desc(), Rsvp.id.desc())
    shown = select(Rsvp).where(Rsvp.state == state).order_by(*order).limit(PAGE).offset((page - 1) * PAGE)
    return list(db.session.scalars(shown.options(joinedload(Rsvp.participant), joinedload(Rsvp.event))))


def counts() -> dict[str, int]:
    """Return how many requests stand in each state; the unproven ones are nobody's work yet."""
    counted = select(Rsvp.state, func.count()).where(Rsvp.state != State.UNVERIFIED).group_by(Rsvp.state)
    return dict(db.session.execute(counted).all())
