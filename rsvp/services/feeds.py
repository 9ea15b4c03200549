"""Publish calendars: the schedule for everybody, and each participant's own, which alone holds links."""

from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr

from sqlalchemy import select

import config
from rsvp import ics
from rsvp.db import db
from rsvp.ics import Method
from rsvp.languages import text
from rsvp.models.event import Event
from rsvp.models.invitation import Invitation
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import events, invitations, letters, places

OWN_NAME = {"en": "My places", "km": "កម្មវិធីរបស់ខ្ញុំ"}


def schedule(language: str) -> bytes:
    """Return the whole schedule as a calendar, without links. Events without a time aren't in it."""
    programme = Programme.current()
    name = text(programme.title, language) if programme else ""
    return ics.build_schedule(name, [_meeting(event, language) for event in events.published() if event.starts_at])


def event(event: Event, language: str) -> bytes:
    """Return one event as a calendar, without its link.

    Raises:  ValueError when its time isn't known.
    """
    return ics.build_schedule(text(event.title, language), [_meeting(event, language)])


def own(participant: Participant, *, at: datetime) -> bytes:
    """Return what a participant has or had a place at, and knows it: approved with the link, ended as cancelled."""
    held = select(Invitation).join(Rsvp).where(Rsvp.participant_id == participant.id).order_by(Invitation.id)
    found = [invitation for invitation in db.session.scalars(held) if _is_true(invitation, at)]
    return ics.build_feed(OWN_NAME[participant.language], [_entry(invitation) for invitation in found])


def _is_true(invitation: Invitation, at: datetime) -> bool:
    state, told = invitation.rsvp.state, places.told(invitation.rsvp, at=at)
    if state != told and State.APPROVED in (state, told):
        return False  # the entry may be made or ended by mistake: until that is settled nobody gets it
    return invitation.method == Method.CANCEL or state == State.APPROVED


def _entry(invitation: Invitation) -> ics.Meeting:
    if invitation.method == Method.REQUEST:
        return invitations.meeting(invitation)
    # The usual words name the hour of today's event, which may not be the one that was taken out.
    page = _page(invitation.rsvp.event, invitation.rsvp.participant.language)
    return replace(invitations.ended(invitation), description=page)


def _meeting(event: Event, language: str) -> ics.Meeting:
    if event.starts_at is None:
        raise ValueError("an event without a time has no calendar object")
    settings = config.current()
    name, address = parseaddr(settings.mail_default_sender)
    return ics.Meeting(
        uid=f"{event.slug}@{settings.host}",
        sequence=event.sequence,
        stamped_at=event.updated_at,
        created_at=event.created_at,
        starts_at=event.starts_at,
        minutes=event.minutes,
        zone=event.zone,
        title=text(event.title, language),
        description=f"{text(event.summary, language)}\n\n{_page(event, language)}",
        location=letters.PLACE[language],
        link=None,
        organizer=ics.Person(name, address),
        attendee=None,
        is_cancelled=event.is_cancelled,
    )


def _page(event: Event, language: str) -> str:
    return f"{config.current().base_url}/{language}/events/{event.slug}"
