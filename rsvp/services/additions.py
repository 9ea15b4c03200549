"""Add people by hand who asked a coordinator by mail or telephone: their word stands for the proof of the address.

It never gives a place: every request goes to the queue, and what was decided before stays as it is.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from rsvp import tokens
from rsvp.db import db
from rsvp.models.event import Event, Status
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Mover, Rsvp, State
from rsvp.services import addresses, journal, letters, participants
from rsvp.services.requests import PlacesRequest

# Requests in these states go to the queue; in every other state a request stands as it is.
ASKED_ANEW = (State.UNVERIFIED, State.WITHDRAWN)


@dataclass(frozen=True)
class Addition:
    """What adding somebody does, or did. Events are named by their slugs.

    `differing` are the details in which a proven person's row says something else; it keeps what it says.
    """

    is_new: bool
    requested: tuple[str, ...]
    again: tuple[str, ...]  # of those requested, the ones that the person had withdrawn
    standing: dict[str, str]  # the state of those that stay as they are
    differing: tuple[str, ...]


def events(*, at: datetime) -> list[Event]:
    """Return the events to which people can be added, the next one first: closed to requests or not."""
    found = db.session.scalars(select(Event).where(Event.status == Status.PUBLISHED))
    open_still = [event for event in found if not event.is_past(at)]
    return sorted(open_still, key=lambda event: (event.starts_at is None, event.starts_at or at, event.id))


def foresee(wanted: Collection[PlacesRequest]) -> list[Addition]:
    """Return what adding each of them would do, without doing it."""
    known = participants.by_index([asked.email for asked in wanted])
    held = select(Rsvp).where(Rsvp.participant_id.in_([person.id for person in known.values()]))
    states: dict[int, dict[str, str]] = {}
    for rsvp in db.session.scalars(held):
        states.setdefault(rsvp.participant_id, {})[rsvp.event.slug] = rsvp.state
    found = ((asked, known.get(addresses.index(asked.email))) for asked in wanted)
    return [_addition(asked, person, states.get(person.id, {}) if person else {}) for asked, person in found]


def add(asked: PlacesRequest, *, by: str, at: datetime) -> Addition:
    """Bring somebody's requests to the queue on a coordinator's word, and write to them that they arrived.

    An event that nobody can be added to is left out.
    """
    [done] = add_all([asked], by=by, at=at)
    return done


def add_all(wanted: Sequence[PlacesRequest], *, by: str, at: datetime) -> list[Addition]:
    """Add many people, each address once; return what it did in the order given.

    All rows of people are held before anything else, in the order of their digests, so that two lists with the same
    people never wait for each other.
    """
    in_order = sorted(wanted, key=lambda asked: addresses.index(asked.email))
    participants.hold([asked.email for asked in in_order])
    foreseen, open_events = foresee(in_order), events(at=at)
    people = [
        participants.find_or_make(asked.email, asked.details, at=at) if _events(addition, open_events) else None
        for asked, addition in zip(in_order, foreseen, strict=True)
    ]
    done = [_seen_again(*both) for both in zip(foreseen, foresee(in_order), strict=True)]
    for asked, person, addition in zip(in_order, people, done, strict=True):
        if person is not None:
            _add(person, asked, _events(addition, open_events), by=by, at=at)
    by_email = {asked.email: addition for asked, addition in zip(in_order, done, strict=True)}
    return [by_email[asked.email] for asked in wanted]


def replace_details(asked: PlacesRequest, *, by: str, at: datetime) -> None:
    """Let what the coordinator wrote take the place of what is stored; what was left empty stays."""
    participant = participants.find(asked.email)
    if participant is not None and _differing(asked, participant):
        _set(participant, {name: value for name, value in asked.details.items() if value})
        journal.record("details", f"participant:{participant.public_id}", by=by, at=at)


def _events(addition: Addition, open_events: Sequence[Event]) -> list[Event]:
    return [event for event in open_events if event.slug in addition.requested]


def _seen_again(before: Addition, now: Addition) -> Addition:
    """Return what it does, once everybody is held: somebody new may have been made by another just then."""
    return before if now == replace(before, is_new=False) else now


def _add(participant: Participant, asked: PlacesRequest, wanted: list[Event], *, by: str, at: datetime) -> None:
    if not wanted:
        return
    if participant.verified_at is None:
        _vouch(participant, asked, by=by, at=at)
    letters.send_receipt(participant, [_request(participant, event, by=by, at=at) for event in wanted], at=at)


def _addition(asked: PlacesRequest, person: Participant | None, states: dict[str, str]) -> Addition:
    is_asked = {slug: states.get(slug, State.UNVERIFIED) in ASKED_ANEW for slug in asked.events}
    return Addition(
        is_new=person is None,
        requested=tuple(slug for slug, is_anew in is_asked.items() if is_anew),
        again=tuple(slug for slug in asked.events if states.get(slug) == State.WITHDRAWN),
        standing={slug: states[slug] for slug, is_anew in is_asked.items() if not is_anew},
        differing=_differing(asked, person) if person is not None and person.verified_at else (),
    )


def _differing(asked: PlacesRequest, person: Participant) -> tuple[str, ...]:
    return tuple(name for name, value in asked.details.items() if value and value != getattr(person, name))


def _vouch(participant: Participant, asked: PlacesRequest, *, by: str, at: datetime) -> None:
    """Take the coordinator's word for the address and all details: an unproven form may not have been its owner's."""
    participant.verified_at, participant.added_by = at, by
    _set(participant, asked.details)


def _set(participant: Participant, details: Mapping[str, str | None]) -> None:
    for name, value in details.items():
        setattr(participant, name, value)


def _request(participant: Participant, event: Event, *, by: str, at: datetime) -> Rsvp:
    """Put the request into the queue; the participant makes the move, the coordinator says so."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id, Rsvp.event_id == event.id)
    rsvp = db.session.scalars(held).one_or_none()
    if rsvp is None:
        rsvp = Rsvp(public_id=tokens.new_public_id(), participant=participant, event=event)
        rsvp.state, rsvp.version = State.UNVERIFIED, 0
        db.session.add(rsvp)
    rsvp.requested_at = at
    rsvp.asked_again_at = None
    rsvp.move(State.PENDING, by=Mover.PARTICIPANT)
    db.session.flush()
    journal.record("addition", f"rsvp:{rsvp.public_id}", by=by, at=at)
    return rsvp
