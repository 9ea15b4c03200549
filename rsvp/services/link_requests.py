"""Send somebody the link to their own page again. Taking the wish tells nothing: the worker answers, by letter only."""

import logging
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select

from rsvp.db import db, transaction
from rsvp.models.letter import WAITING, Letter, LetterKind, LetterState
from rsvp.models.link_request import LinkRequest
from rsvp.models.participant import Participant
from rsvp.models.token import Purpose
from rsvp.services import letters, links, moves, participants, requests

log = logging.getLogger(__name__)

LETTER_EVERY = timedelta(hours=1)


def receive(email: str, *, at: datetime) -> None:
    """Keep the wish: the same for every address."""
    db.session.add(LinkRequest(email=email, asked_at=at))


def answer_all(*, at: datetime) -> None:
    """Answer every wish that waits, each in a transaction of its own. One that can't be answered stops no other."""
    waiting = list(db.session.scalars(select(LinkRequest.id).order_by(LinkRequest.id)))
    db.session.rollback()
    for request_id in waiting:
        try:
            with transaction():
                _answer(request_id, at=at)
        except Exception as error:  # what stands in a row must not keep letters from leaving
            log.warning("link request not answered id=%s error=%s", request_id, type(error).__name__)


def _answer(request_id: int, *, at: datetime) -> None:
    asked = db.session.get(LinkRequest, request_id, with_for_update=True)
    if asked is None:
        return
    participant = participants.find(asked.email)
    db.session.delete(asked)
    if participant is None:
        return
    if participant.verified_at is None:
        requests.ask_for_proof(participant, at=at)
        return
    moves.end(participant, at=at)  # who held an older link may have asked for it
    if not _is_answered(participant, at):
        links.revoke(participant, Purpose.PLACES, at=at)
        letters.send_link(participant, at=at)


def _is_answered(participant: Participant, at: datetime) -> bool:
    """Whether such a letter went to the address a short time ago, or is to: no mailbox is filled by who knows it."""
    lately = (Letter.participant_id == participant.id, Letter.created_at > at - LETTER_EVERY)
    moved = select(func.max(Letter.id)).where(*lately, Letter.kind == LetterKind.MOVED).scalar_subquery()
    written = (Letter.kind == LetterKind.LINK, Letter.state.in_((*WAITING, LetterState.SENT)))
    return bool(db.session.scalar(select(exists().where(*lately, *written, Letter.id > func.coalesce(moved, 0)))))
