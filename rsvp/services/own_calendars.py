"""Give guests the entry of a place once more: as a file to take into a calendar, or by letter.

It is the invitation's own entry, with its UID and SEQUENCE: a calendar that has it keeps one.
"""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from rsvp import ics
from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.ics import Method
from rsvp.models.event import Event
from rsvp.models.invitation import Invitation
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp
from rsvp.services import invitations, locks, places

# How often a guest gets the invitation anew, the letters that weren't asked for counted too.
APART = timedelta(minutes=10)
MOST_A_DAY = 5
DAY = timedelta(days=1)
COUNTED = (LetterKind.INVITATION, LetterKind.UPDATE)


class NoEntry(Refusal):
    """The guest has no place there, or the time isn't known."""

    message = _("There is no invitation for this event now. How it stands is written below.")


class SentJustNow(Refusal):
    """The newest letter may still be on its way."""

    message = _(
        "The invitation was sent less than ten minutes ago. Please wait a little, and look among unwanted mail (spam) "
        "too."
    )


class SentOften(Refusal):
    """More letters would not arrive either."""

    message = _(
        "The invitation was sent several times within a day. Please look among unwanted mail (spam), or write to the "
        "coordinator."
    )


def file_of(participant: Participant, slug: str, *, at: datetime) -> bytes | None:
    """Return the calendar file of a place, or None where there is none."""
    invitation = _invitation(participant, slug, at=at)
    return ics.build_copy(invitations.meeting(invitation)) if invitation else None


def send_again(participant: Participant, slug: str, *, at: datetime) -> Letter:
    """Write the invitation to its guest anew.

    Raises:  NoEntry, SentJustNow, SentOften.
    """
    event = db.session.scalars(select(Event).where(Event.slug == slug)).one_or_none()
    if event is not None:
        locks.hold(event)  # of two presses the later finds the letter of the earlier
    invitation = _invitation(participant, slug, at=at)
    if invitation is None:
        raise NoEntry
    _refuse_flood(invitation.rsvp, at=at)
    return invitations.resend(invitation.rsvp, at=at)


def _invitation(participant: Participant, slug: str, *, at: datetime) -> Invitation | None:
    held = select(Rsvp).join(Event).where(Rsvp.participant_id == participant.id, Event.slug == slug)
    rsvp = db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if rsvp is None or not places.may_join(rsvp, at=at) or rsvp.event.starts_at is None:
        return None
    found = invitations.of(rsvp)
    return found if found is not None and found.method == Method.REQUEST else None


def _refuse_flood(rsvp: Rsvp, *, at: datetime) -> None:
    sent = select(Letter.created_at).where(Letter.rsvp_id == rsvp.id, Letter.kind.in_(COUNTED))
    newest = list(db.session.scalars(sent.where(Letter.created_at > at - DAY).order_by(Letter.created_at.desc())))
    if newest and at - newest[0] < APART:
        raise SentJustNow
    if len(newest) >= MOST_A_DAY:
        raise SentOften
