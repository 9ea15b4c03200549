"""Show a participant what they asked for, and say what they may do with it."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

import config
from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Mover, Rsvp, State, can_move
from rsvp.services import preferences, requests

# These wait for nobody: the guest has no place, and the desk owes no answer.
ENDED = (State.DECLINED, State.REVOKED, State.WITHDRAWN)


def of(participant: Participant) -> list[Rsvp]:
    """Return the participant's proven requests, the next event first and those without a time last."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id, Rsvp.state != State.UNVERIFIED)
    rsvps = list(db.session.scalars(held.options(joinedload(Rsvp.event))))
    return sorted(rsvps, key=lambda rsvp: (rsvp.event.starts_at is None, rsvp.event.starts_at or rsvp.requested_at))


def told(rsvp: Rsvp, *, at: datetime) -> State:
    """Return how the request stands as far as its guest may know: what can be taken back is nobody's news yet."""
    return rsvp.told(at=at)


def may_join(rsvp: Rsvp, *, at: datetime) -> bool:
    """Whether the guest has a place, and knows it, at an event that takes place and isn't over."""
    has_place = rsvp.state == told(rsvp, at=at) == State.APPROVED
    return has_place and not rsvp.event.is_past(at) and not rsvp.event.is_cancelled


def may_withdraw(rsvp: Rsvp, *, at: datetime) -> bool:
    """Whether there is something to give up."""
    is_held = can_move(told(rsvp, at=at), State.WITHDRAWN, by=Mover.PARTICIPANT)
    return is_held and not rsvp.event.is_past(at) and not rsvp.event.is_cancelled


def may_ask_again(rsvp: Rsvp, *, at: datetime) -> bool:
    """Whether the guest gave up what still takes requests."""
    return rsvp.state == State.WITHDRAWN and rsvp.event.takes_requests(at)


def is_late(rsvp: Rsvp, *, at: datetime) -> bool:
    """Whether a request has waited for an answer longer than guests are told that it usually takes.

    It reached the desk once it was made, its address proven, and the newest decision about it taken back.
    """
    decided_at = rsvp.decided_at if rsvp.state == State.PENDING else None
    reached_at = max(filter(None, (rsvp.requested_at, rsvp.participant.verified_at, decided_at)))
    return told(rsvp, at=at) == State.PENDING and at - reached_at > timedelta(days=config.current().answer_days)


def may_rename(participant: Participant, *, at: datetime) -> bool:
    """Whether nobody has decided about the participant under their name, as far as they may know."""
    return {told(rsvp, at=at) for rsvp in of(participant)} <= set(preferences.UNDECIDED)


def still_open(participant: Participant, *, at: datetime) -> list[Event]:
    """Return the events that take requests and that the participant hasn't asked for, the next one first."""
    known = {rsvp.event_id for rsvp in of(participant)}
    return [event for event in requests.open_events(at) if event.id not in known]
