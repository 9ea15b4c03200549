"""Keep each approved guest's calendar true: invite, update, cancel, with one UID and a rising SEQUENCE.

Source:  RFC 5546 §3.2.2 (REQUEST), §3.2.5 (CANCEL).
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import select

import config
from rsvp import ics
from rsvp.db import db
from rsvp.ics import Method
from rsvp.languages import text
from rsvp.models.event import Event
from rsvp.models.invitation import Invitation
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import letters, outbox


def invite(rsvp: Rsvp, *, at: datetime) -> Letter:
    """Write to somebody just approved: the invitation, or a letter that it follows when the time is known."""
    if rsvp.event.starts_at is None or rsvp.event.is_cancelled:
        return letters.send(LetterKind.APPROVAL, rsvp, at=at)
    invitation = of(rsvp)
    if invitation is None:
        return _first(rsvp, at=at)
    return _again(invitation, LetterKind.INVITATION, at=at)


def update(event: Event, *, at: datetime) -> int:
    """Write to every approved guest whose calendar holds something else by now; return how many letters."""
    return sum(_update(rsvp, at=at) for rsvp in approved(event))


def cancel(rsvp: Rsvp, *, at: datetime) -> Letter | None:
    """Take the event out of a guest's calendar; None when it was never in it."""
    invitation = of(rsvp)
    if invitation is None or invitation.method == Method.CANCEL:
        return None
    _advance(invitation, Method.CANCEL, at=at)
    body = ics.build_cancellation(_meeting(invitation, LetterKind.CANCELLATION))
    return _send(invitation, LetterKind.CANCELLATION, body, at=at)


def of(rsvp: Rsvp) -> Invitation | None:
    """Return the RSVP's invitation, or None when none was ever sent."""
    return db.session.scalars(select(Invitation).where(Invitation.rsvp_id == rsvp.id)).one_or_none()


def approved(event: Event) -> list[Rsvp]:
    """Return the approved RSVPs of an event."""
    chosen = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED)
    return list(db.session.scalars(chosen.order_by(Rsvp.id)))


def _update(rsvp: Rsvp, *, at: datetime) -> int:
    invitation = of(rsvp)
    if rsvp.event.starts_at is None:
        return 0
    if invitation is None:
        _first(rsvp, at=at)
        return 1
    if invitation.told == _told(rsvp) and invitation.method == Method.REQUEST:
        return 0
    _again(invitation, LetterKind.UPDATE, at=at)
    return 1


def _first(rsvp: Rsvp, *, at: datetime) -> Letter:
    invitation = Invitation(
        rsvp=rsvp,
        starts_at=rsvp.event.starts_at,
        minutes=rsvp.event.minutes,
        uid=f"{secrets.token_hex(16)}@{config.current().host}",
        sequence=0,
        method=Method.REQUEST,
        told=_told(rsvp),
        created_at=at,
        stamped_at=at,
        first_message_id="",
    )
    db.session.add(invitation)
    body = ics.build_invitation(_meeting(invitation, LetterKind.INVITATION))
    letter = _send(invitation, LetterKind.INVITATION, body, at=at)
    invitation.first_message_id = outbox.message_id(letter)
    return letter


def _again(invitation: Invitation, kind: LetterKind, *, at: datetime) -> Letter:
    _advance(invitation, Method.REQUEST, at=at)
    return _send(invitation, kind, ics.build_invitation(_meeting(invitation, kind)), at=at)


def _advance(invitation: Invitation, method: Method, *, at: datetime) -> None:
    invitation.sequence += 1
    invitation.method = method
    event = invitation.rsvp.event
    if method == Method.REQUEST and event.starts_at:
        invitation.starts_at, invitation.minutes = event.starts_at, event.minutes
        invitation.told = _told(invitation.rsvp)
    # A calendar ignores a message that isn't newer than the last, and DTSTAMP counts whole seconds.
    invitation.stamped_at = max(at, invitation.stamped_at + timedelta(seconds=1))


def _send(invitation: Invitation, kind: LetterKind, body: bytes, *, at: datetime) -> Letter:
    calendar = letters.Calendar(body, invitation.method, invitation.starts_at, invitation.first_message_id or None)
    shows_link = invitation.method == Method.REQUEST
    return letters.send(kind, invitation.rsvp, at=at, calendar=calendar, shows_link=shows_link)


def _meeting(invitation: Invitation, kind: LetterKind) -> ics.Meeting:
    rsvp, event, participant = invitation.rsvp, invitation.rsvp.event, invitation.rsvp.participant
    name, address = parseaddr(config.current().mail_default_sender)
    shows_link = kind != LetterKind.CANCELLATION
    return ics.Meeting(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamped_at=invitation.stamped_at,
        created_at=invitation.created_at,
        starts_at=invitation.starts_at,
        minutes=invitation.minutes,
        zone=event.zone,
        title=text(event.title, participant.language),
        description=letters.describe(rsvp, shows_link=shows_link),
        location=event.link if event.link and shows_link else letters.PLACE[participant.language],
        link=event.link if shows_link else None,
        organizer=ics.Person(name, address),
        attendee=ics.Person(participant.name, participant.email),
    )


def _told(rsvp: Rsvp) -> str:
    """Return a digest of what a calendar holds of the event (RFC 5546 §2.1.4: what raises SEQUENCE)."""
    event, person = rsvp.event, rsvp.participant
    starts = event.starts_at.isoformat() if event.starts_at else None
    facts = [starts, event.minutes, event.zone, event.title, event.link, event.passcode, event.status]
    return hashlib.sha256(json.dumps([*facts, person.language], sort_keys=True).encode()).hexdigest()
