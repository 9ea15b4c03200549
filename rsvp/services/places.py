"""Show a participant what they asked for."""

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State


def of(participant: Participant) -> list[Rsvp]:
    """Return the participant's proven requests, the next event first and those without a time last."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id, Rsvp.state != State.UNVERIFIED)
    rsvps = list(db.session.scalars(held))
    return sorted(rsvps, key=lambda rsvp: (rsvp.event.starts_at is None, rsvp.event.starts_at or rsvp.requested_at))
