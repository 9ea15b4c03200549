"""Count where those live who asked for an event: zones and numbers, never who."""

from sqlalchemy import func, select

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State

# A request that may still become a place, or is one.
LIVE = (State.PENDING, State.WAITLISTED, State.APPROVED)


def zones_of(event: Event) -> dict[str, int]:
    """Return how many people with a live request for the event keep the clock of each zone."""
    chosen = select(Participant.zone, func.count()).join(Rsvp, Rsvp.participant_id == Participant.id)
    live = chosen.where(Rsvp.event_id == event.id, Rsvp.state.in_(LIVE)).group_by(Participant.zone)
    return dict(db.session.execute(live).all())
