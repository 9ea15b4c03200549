"""Erase what is no longer needed, for the least time: requests never proven, links that have expired."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CursorResult, delete, exists, select

from rsvp.db import db, transaction
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Token
from rsvp.services.requests import UNVERIFIED_LIFE


@dataclass(frozen=True)
class Erased:
    """How many rows of each kind are gone."""

    rsvps: int
    participants: int
    tokens: int


def run(*, at: datetime) -> Erased:
    """Erase requests whose address wasn't proven within 48 hours, with the person if nothing else is known of them."""
    before = at - UNVERIFIED_LIFE
    with transaction():
        rsvps = _delete(delete(Rsvp).where(Rsvp.state == State.UNVERIFIED, Rsvp.requested_at <= before))
        is_used = exists(select(Rsvp.id).where(Rsvp.participant_id == Participant.id))
        unproven = (Participant.verified_at.is_(None), Participant.created_at <= before, ~is_used)
        participants = _delete(delete(Participant).where(*unproven))
        tokens = _delete(delete(Token).where(Token.expires_at <= at))
        _forget_proposals(before)
    return Erased(rsvps=rsvps, participants=participants, tokens=tokens)


def _forget_proposals(before: datetime) -> None:
    stale = select(Participant).where(Participant.proposed_at <= before)
    for participant in db.session.scalars(stale):
        participant.proposed = participant.proposed_at = None
    again = select(Rsvp).where(Rsvp.asked_again_at <= before)
    for rsvp in db.session.scalars(again):
        rsvp.asked_again_at = None


def _delete(statement: object) -> int:
    result = db.session.execute(statement)  # type: ignore[call-overload]
    assert isinstance(result, CursorResult)
    return result.rowcount
