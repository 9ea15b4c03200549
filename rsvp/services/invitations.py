"""Keep each approved guest's calendar true: invite, update, cancel, with one UID and a rising SEQUENCE.

Source:  RFC 5546 §3.2.2 (REQUEST), §3.2.5 (CANCEL).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr

from sqlalchemy import bindparam, func, select

import config
from rsvp import ics
from rsvp.db import db
from rsvp.ics import Method
from rsvp.languages import text
from rsvp.models.event import Event
from rsvp.models.invitation import Invitation
from rsvp.models.letter import IN_CALENDAR, Letter, LetterKind
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import joins, letters, outbox
from rsvp.services.joins import Door

Note = Mapping[str, str]
NO_NOTE: Note = {}

_OF = select(Invitation).where(Invitation.rsvp_id == bindparam("wanted"))


def invite(rsvp: Rsvp, *, at: datetime) -> Letter:
    """Write to somebody just approved: the invitation, or a letter that it follows when the time is known."""
    if rsvp.event.starts_at is None or rsvp.event.is_cancelled:
        return letters.send(LetterKind.APPROVAL, rsvp, at=at)
    invitation = of(rsvp)
    if invitation is None:
        return _first(rsvp, LetterKind.INVITATION, at=at)
    return _again(invitation, LetterKind.INVITATION, at=at)


def renew(rsvp: Rsvp, *, at: datetime) -> Letter | None:
    """Send a guest with a place their calendar entry anew, in the language, hour and address that hold now.

    None while there is no hour, and where it is over or called off: nothing in a calendar waits for it.
    """
    event = rsvp.event
    if event.starts_at is None or event.is_cancelled or event.is_past(at):
        return None
    return invite(rsvp, at=at)


def update(event: Event, *, at: datetime, note: Note = NO_NOTE) -> int:
    """Write to every approved guest whose calendar holds something else by now; return how many letters.

    An event that is called off, or has no time any more, leaves every calendar.
    """
    return sum(_update(rsvp, at=at, note=note) is not None for rsvp in approved(event))


def cancel(rsvp: Rsvp, *, at: datetime, note: Note = NO_NOTE) -> Letter | None:
    """Take the event out of a guest's calendar; None when it isn't in it."""
    invitation = of(rsvp)
    if rsvp.state != State.APPROVED:
        joins.end(rsvp, at=at)  # while an event is called off or has no time, its guests' pages say so
    if invitation is None or invitation.method == Method.CANCEL:
        return None
    _advance(invitation, Method.CANCEL, at=at)
    body = ics.build_cancellation(ended(invitation))
    return _send(invitation, LetterKind.CANCELLATION, body, at=at, note=note)


def resend(rsvp: Rsvp, *, at: datetime) -> Letter:
    """Send an approved guest what their calendar should hold, again: the same UID and SEQUENCE, a new letter."""
    invitation = of(rsvp)
    if invitation is None or invitation.method == Method.CANCEL:
        return invite(rsvp, at=at)
    door = joins.prepare(rsvp, at=at)
    invitation.stamped_at = _newer(invitation, at)
    body = ics.build_invitation(_meeting(invitation, door))
    return _send(invitation, LetterKind.INVITATION, body, at=at, door=door)


def resend_cancellation(rsvp: Rsvp, *, at: datetime) -> Letter:
    """Send the end of a place again: the same UID and SEQUENCE, a new letter."""
    invitation = of(rsvp)
    if invitation is None or invitation.method != Method.CANCEL:
        return letters.send(LetterKind.CANCELLATION, rsvp, at=at)
    invitation.stamped_at = _newer(invitation, at)
    body = ics.build_cancellation(ended(invitation))
    return _send(invitation, LetterKind.CANCELLATION, body, at=at)


def settle(rsvp: Rsvp, *, at: datetime, decided_at: datetime | None = None) -> None:
    """Make a guest's calendar true again after a decision of that instant was taken back, whose letter hasn't left."""
    invitation, told = of(rsvp), outbox.newest_left(rsvp.id, (LetterKind.APPROVAL, *IN_CALENDAR))
    is_in_calendar = told is not None and told.kind != LetterKind.CANCELLATION
    if rsvp.state == State.APPROVED:
        has_moved = told is not None and outbox.has_moved(rsvp.participant_id, since=told.created_at)
        if not has_moved:
            joins.revive(rsvp, ended_at=decided_at)
        if not is_in_calendar:
            resend(rsvp, at=at)
        elif invitation is not None:
            invitation.method = Method.REQUEST
            if _update(rsvp, at=at, note=NO_NOTE) is None and has_moved:
                renew(rsvp, at=at)  # what their calendar's mailbox got isn't theirs any more
        return
    joins.forget(rsvp, newer_than=told.created_at if told else None)
    joins.end(rsvp, at=at)
    if is_in_calendar:
        cancel(rsvp, at=at)
    elif invitation is not None and told is None:
        db.session.delete(invitation)  # nobody has seen it
    elif invitation is not None:
        invitation.method = Method.CANCEL


def of(rsvp: Rsvp) -> Invitation | None:
    """Return the RSVP's invitation, or None when none was ever sent."""
    return db.session.scalars(_OF, {"wanted": rsvp.id}).one_or_none()


def approved(event: Event) -> list[Rsvp]:
    """Return the approved RSVPs of an event."""
    chosen = select(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED)
    return list(db.session.scalars(chosen.order_by(Rsvp.id)))


def answers(event: Event) -> dict[str, int]:
    """Return how many approved guests' calendars answered what (PARTSTAT), and how many haven't ("")."""
    chosen = select(Invitation.partstat, func.count()).join(Rsvp)
    counted = chosen.where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED).group_by(Invitation.partstat)
    return {partstat or "": count for partstat, count in db.session.execute(counted)}


def replies(rsvp_ids: Iterable[int]) -> dict[int, str]:
    """Return what each guest's calendar answered last (PARTSTAT), by the id of the RSVP."""
    chosen = select(Invitation.rsvp_id, Invitation.partstat)
    answered = chosen.where(Invitation.rsvp_id.in_(list(rsvp_ids)), Invitation.partstat.is_not(None))
    return {rsvp_id: partstat for rsvp_id, partstat in db.session.execute(answered) if partstat}


def meeting(invitation: Invitation) -> ics.Meeting:
    """Return what the guest's calendar is to hold."""
    return _meeting(invitation, joins.door(invitation.rsvp))


def ended(invitation: Invitation) -> ics.Meeting:
    """Return what names the entry that the guest's calendar is to lose: nothing leads to the meeting."""
    return _meeting(invitation, joins.CLOSED)


def _meeting(invitation: Invitation, door: Door) -> ics.Meeting:
    rsvp, event, participant = invitation.rsvp, invitation.rsvp.event, invitation.rsvp.participant
    name, address = parseaddr(config.current().mail_default_sender)
    return ics.Meeting(
        uid=invitation.uid,
        sequence=invitation.sequence,
        stamped_at=invitation.stamped_at,
        created_at=invitation.created_at,
        starts_at=invitation.starts_at,
        minutes=invitation.minutes,
        zone=event.zone,
        title=text(event.title, participant.language),
        description=letters.describe(rsvp, starts_at=invitation.starts_at, door=door),
        location=door.address or letters.PLACE[participant.language],
        link=door.address,
        organizer=ics.Person(name, address),
        attendee=ics.Person(participant.name, participant.email),
        is_cancelled=invitation.method == Method.CANCEL,
    )


def _update(rsvp: Rsvp, *, at: datetime, note: Note) -> Letter | None:
    if rsvp.event.starts_at is None or rsvp.event.is_cancelled:
        return cancel(rsvp, at=at, note=note)
    invitation = of(rsvp)
    if invitation is None:
        return _first(rsvp, LetterKind.INVITATION, at=at, note=note)
    if invitation.told == _told(rsvp) and invitation.method == Method.REQUEST:
        return None
    # To who has had no letter about the place yet, it isn't a change.
    is_known = outbox.has_left(rsvp.id, (LetterKind.INVITATION, LetterKind.UPDATE))
    kind = LetterKind.UPDATE if is_known else LetterKind.INVITATION
    return _again(invitation, kind, at=at, note=note)


def _first(rsvp: Rsvp, kind: LetterKind, *, at: datetime, note: Note = NO_NOTE) -> Letter:
    door = joins.prepare(rsvp, at=at)
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
    body = ics.build_invitation(_meeting(invitation, door))
    letter = _send(invitation, kind, body, at=at, note=note, door=door)
    invitation.first_message_id = outbox.message_id(letter)
    return letter


def _again(invitation: Invitation, kind: LetterKind, *, at: datetime, note: Note = NO_NOTE) -> Letter:
    known = invitation.starts_at if invitation.method == Method.REQUEST else None
    door = joins.prepare(invitation.rsvp, at=at)
    _advance(invitation, Method.REQUEST, at=at)
    moved_from = known if known != invitation.starts_at else None
    body = ics.build_invitation(_meeting(invitation, door))
    return _send(invitation, kind, body, at=at, note=note, door=door, moved_from=moved_from)


def _advance(invitation: Invitation, method: Method, *, at: datetime) -> None:
    invitation.sequence += 1
    invitation.method = method
    # A new message asks anew: what the calendar answered was about the old one (RFC 5546 §2.1.5).
    invitation.partstat = None
    event = invitation.rsvp.event
    if method == Method.REQUEST and event.starts_at:
        invitation.starts_at, invitation.minutes = event.starts_at, event.minutes
        invitation.told = _told(invitation.rsvp)
    invitation.stamped_at = _newer(invitation, at)


def _newer(invitation: Invitation, at: datetime) -> datetime:
    """Return the DTSTAMP of the next message: a calendar ignores one that isn't newer, and counts whole seconds."""
    return max(at, invitation.stamped_at + timedelta(seconds=1))


def _send(
    invitation: Invitation,
    kind: LetterKind,
    body: bytes,
    *,
    at: datetime,
    note: Note = NO_NOTE,
    door: Door = joins.CLOSED,
    moved_from: datetime | None = None,
) -> Letter:
    follows = invitation.first_message_id or None
    enclosed = letters.Enclosed(
        calendar=letters.Calendar(body, invitation.method, invitation.starts_at, follows),
        door=door,
        note=note,
        moved_from=moved_from,
    )
    return letters.send(kind, invitation.rsvp, at=at, enclosed=enclosed)


def _told(rsvp: Rsvp) -> str:
    """Return a digest of what a calendar holds of the event (RFC 5546 §2.1.4: what raises SEQUENCE)."""
    event, person = rsvp.event, rsvp.participant
    starts = event.starts_at.isoformat() if event.starts_at else None
    # A guest of a guarded event is told an address that stays, whatever the meeting's own is.
    door = ["guarded"] if event.is_guarded else [event.link, event.passcode]
    facts = [starts, event.minutes, event.zone, text(event.title, person.language), *door, person.language]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
