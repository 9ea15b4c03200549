"""Erase a person with all that is theirs: the one way anybody vanishes, on their own word or when their time is over.

What remains names nobody: how many requests of each event ended how, and the keyed digest of an address that was
refused.
"""

import logging
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, select, text, update

import config
from rsvp.db import db
from rsvp.models.letter import WAITING, Letter, LetterState
from rsvp.models.link_request import LinkRequest
from rsvp.models.participant import Participant
from rsvp.models.past_decline import PastDecline
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import addresses, locks, places, tallies

log = logging.getLogger(__name__)

REFUSED = (State.DECLINED, State.REVOKED)


def erase(participant: Participant, *, at: datetime) -> datetime | None:
    """Erase a participant, their requests, questions, answers, links, calendar entries, and what letters say.

    No letter is written, and none that waits leaves any more. Return until when a digest of the address stays: a
    decision that may still be taken back, of which the guest knows nothing, leaves none.
    """
    requests = locks.hold_all_of(participant)
    for name in sorted(name for rsvp in requests for name in _counted(rsvp, at)):
        tallies.count(name)
    until = mark_until(participant, [rsvp for rsvp in requests if places.told(rsvp, at=at) == rsvp.state], at=at)
    if until is not None:
        _remember_refusal(participant.email_index, until - _decline_life())
    _empty_letters(participant)
    _forget_link_requests(participant.email_index)
    # What hangs on a participant goes with the row, in the database itself.
    db.session.execute(delete(Participant).where(Participant.id == participant.id))
    return until


def mark_until(participant: Participant, requests: Collection[Rsvp], *, at: datetime) -> datetime | None:
    """Return until when the digest of the address is kept once its owner, who made these requests, is erased.

    What was erased earlier counts too. None where nothing demands it.
    """
    untils = [(rsvp.decided_at or at) + _decline_life() for rsvp in requests if rsvp.state in REFUSED]
    earlier = past_refusal(participant, at=at)
    untils += [expiry(earlier)] if earlier else []
    return max((until for until in untils if until > at), default=None)


def past_refusal(participant: Participant, *, at: datetime) -> PastDecline | None:
    """Return the mark of the address that is left of what was erased earlier, while it is kept."""
    marked = select(PastDecline).where(PastDecline.email_index == participant.email_index)
    mark = db.session.scalars(marked).one_or_none()
    return mark if mark is not None and expiry(mark) > at else None


def expiry(mark: PastDecline) -> datetime:
    """Return until when a mark is kept."""
    return mark.declined_at + _decline_life()


def forget_refusals(*, at: datetime) -> None:
    """Erase the digests of addresses whose refusal is too long ago."""
    db.session.execute(delete(PastDecline).where(PastDecline.declined_at <= at - _decline_life()))


def truncate_log() -> bool:
    """Let SQLite's log forget what was erased; it would keep old pages until they are overwritten.

    Return whether it did: not while somebody reads for longer than it waits.
    """
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            is_busy = connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
            if is_busy:
                log.warning("log not truncated: somebody reads")
                return False
    return True


def _decline_life() -> timedelta:
    return timedelta(days=config.current().decline_days)


def _counted(rsvp: Rsvp, at: datetime) -> list[str]:
    attended = [f"event {rsvp.event_id} attended"] if rsvp.attended_at is not None else []
    has_opened = rsvp.opened_at is not None and rsvp.state == State.APPROVED
    opened = [f"event {rsvp.event_id} opened"] if has_opened else []
    has_begun = rsvp.event.starts_at is not None and rsvp.event.starts_at <= at
    seated = [f"event {rsvp.event_id} seated"] if has_begun and rsvp.state == State.APPROVED else []
    return [f"event {rsvp.event_id} {rsvp.state}", *attended, *opened, *seated]


def _remember_refusal(email_index: str, refused_at: datetime) -> None:
    known = select(PastDecline).where(PastDecline.email_index == email_index).with_for_update()
    mark = db.session.scalars(known).one_or_none()
    if mark is None:
        db.session.add(PastDecline(email_index=email_index, declined_at=refused_at))
    else:
        mark.declined_at = max(mark.declined_at, refused_at)


def _forget_link_requests(email_index: str) -> None:
    """Erase wishes for a lost link from the address, but for one that the worker is answering and erases itself."""
    waiting = db.session.scalars(select(LinkRequest).with_for_update(skip_locked=True))
    for asked in waiting.all():
        if addresses.index(asked.email) == email_index:
            db.session.delete(asked)


def _empty_letters(participant: Participant) -> None:
    """Take back the letters that wait, also one in a worker's hands, and forget the words and addresses of all."""
    theirs = update(Letter).where(Letter.participant_id == participant.id)
    db.session.execute(theirs.where(Letter.state.in_(WAITING)).values(state=LetterState.SUPERSEDED))
    db.session.execute(theirs.values(recipient=None, content=None, error=None))
