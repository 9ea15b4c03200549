"""Let requests that nobody has proven wait for their proof under whoever the address belongs to by now.

Takes nothing for proven: the same letter's button brings them to the desk, or nobody does and they are erased.
"""

import json

from sqlalchemy import delete, select, update

from rsvp.db import db
from rsvp.models.letter import Letter
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Purpose, Token
from rsvp.services.participants import DETAILS


def hand_over(unproven: Participant, owner: Participant) -> None:
    """Do what would have happened had the public form come in when the address was its owner's already.

    The caller holds both. Of the unproven participant no row is left.
    """
    owner.proposed = json.dumps({name: getattr(unproven, name) for name in DETAILS}, ensure_ascii=False)
    owner.proposed_at = unproven.verification_at or unproven.created_at
    owner.verification_at = unproven.verification_at
    _hand_over_requests(unproven, owner)
    links = update(Token).where(Token.participant_id == unproven.id, Token.purpose == Purpose.VERIFICATION)
    db.session.execute(links.values(participant_id=owner.id))
    db.session.execute(update(Letter).where(Letter.participant_id == unproven.id).values(participant_id=owner.id))
    db.session.execute(delete(Participant).where(Participant.id == unproven.id))
    db.session.expunge(unproven)


def _hand_over_requests(unproven: Participant, owner: Participant) -> None:
    """Give the owner the requests for events that they hold none for; what they withdrew waits to be asked again."""
    held = {rsvp.event_id: rsvp for rsvp in _requests(owner)}
    for asked in _requests(unproven):
        known = held.get(asked.event_id)
        if known is None:
            db.session.execute(update(Rsvp).where(Rsvp.id == asked.id).values(participant_id=owner.id))
        elif known.state == State.WITHDRAWN:
            known.asked_again_at = asked.requested_at


def _requests(participant: Participant) -> list[Rsvp]:
    return list(db.session.scalars(select(Rsvp).where(Rsvp.participant_id == participant.id).order_by(Rsvp.id)))
