"""Let one act at a time change an event, its requests and its places.

People are held first, then events, then requests.
Who only adds a row that names a held one, such as a letter or a request, doesn't wait (PostgreSQL: NO KEY UPDATE).
"""

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Rsvp


def hold(event: Event) -> None:
    """Hold the event's row until the transaction ends, as it stands now: of two acts the later sees the earlier."""
    db.session.refresh(event, with_for_update={"key_share": True})


def hold_events(slugs: Iterable[str]) -> list[Event]:
    """Hold events until the transaction ends, and return them as they stand now, by id: no two acts wait in a ring."""
    named = select(Event).where(Event.slug.in_(list(slugs))).order_by(Event.id).with_for_update(key_share=True)
    return list(db.session.scalars(named, execution_options={"populate_existing": True}))


def hold_names() -> None:
    """Let nobody else name an event until the transaction ends: a name that no event has now is free."""
    db.session.scalars(select(Programme.id).order_by(Programme.id).with_for_update(key_share=True)).all()


def hold_rsvps(public_ids: Iterable[str]) -> dict[str, Rsvp]:
    """Hold requests until the transaction ends, and return them as they stand now, by public id.

    Their events' rows are held first, by id, then their own, by id: no two acts wait for each other.
    """
    named = Rsvp.public_id.in_(list(public_ids))
    events = select(Event).where(Event.id.in_(select(Rsvp.event_id).where(named))).order_by(Event.id)
    fresh = {"populate_existing": True}
    db.session.scalars(events.with_for_update(key_share=True), execution_options=fresh).all()
    chosen = select(Rsvp).where(named).order_by(Rsvp.id).with_for_update(of=Rsvp, key_share=True)
    people = chosen.options(joinedload(Rsvp.participant), joinedload(Rsvp.event))
    return {rsvp.public_id: rsvp for rsvp in db.session.scalars(people, execution_options=fresh)}


def hold_person(id: int) -> Participant | None:
    """Hold a participant, and return them as they stand now; None for who was erased meanwhile."""
    chosen = select(Participant).where(Participant.id == id).with_for_update(key_share=True)
    return db.session.scalars(chosen, execution_options={"populate_existing": True}).one_or_none()


def hold_all_of(participant: Participant) -> list[Rsvp]:
    """Hold a participant, as everybody does first, and every request of theirs."""
    chosen = select(Participant.id).where(Participant.id == participant.id)
    db.session.scalars(chosen.with_for_update(key_share=True)).all()
    theirs = select(Rsvp.public_id).where(Rsvp.participant_id == participant.id)
    return list(hold_rsvps(db.session.scalars(theirs)).values())


def hold_people(ids: Collection[int]) -> list[Participant]:
    """Hold people, in the order of their digests, then all their requests; return those who are still there."""
    chosen = select(Participant).where(Participant.id.in_(ids)).order_by(Participant.email_index)
    fresh = {"populate_existing": True}
    people = list(db.session.scalars(chosen.with_for_update(key_share=True), execution_options=fresh))
    theirs = select(Rsvp.public_id).where(Rsvp.participant_id.in_(ids))
    hold_rsvps(db.session.scalars(theirs).all())
    return people
