"""Show the coordinator what there is to decide."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.rsvp import Rsvp, State

MOST = 200


def of(state: State | None) -> list[Rsvp]:
    """Return the proven requests in a state, or all of them, the longest waiting first."""
    shown = select(Rsvp).where(Rsvp.state == state if state else Rsvp.state != State.UNVERIFIED)
    with_people = shown.options(joinedload(Rsvp.participant), joinedload(Rsvp.event))
    return list(db.session.scalars(with_people.order_by(Rsvp.requested_at, Rsvp.id).limit(MOST)))


def counts() -> dict[str, int]:
    """Return how many requests stand in each state; the unproven ones are nobody's work yet."""
    counted = select(Rsvp.state, func.count()).where(Rsvp.state != State.UNVERIFIED).group_by(Rsvp.state)
    return dict(db.session.execute(counted).all())


def named(public_id: str) -> Rsvp | None:
    """Return the request with that public id, as it stands now."""
    chosen = select(Rsvp).where(Rsvp.public_id == public_id).execution_options(populate_existing=True)
    return db.session.scalars(chosen).one_or_none()
