"""Fill the demo: the programme on the coming Saturdays, a coordinator, and people who were made up for it.

Everything goes through the services, so that the letters are the ones that anybody would get.
"""

from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from flask_security import verify_password
from sqlalchemy import select

from config import Settings
from rsvp import times, zones
from rsvp.db import db, transaction
from rsvp.demo.settings import COORDINATOR, desk_password
from rsvp.models.coordinator import Coordinator
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Purpose
from rsvp.services import addresses, coordinators, events, links, programmes, requests, rsvps
from rsvp.services.requests import PlacesRequest

FILE = Path(__file__).parents[2] / "programmes" / "2025-second-roundtable.toml"
LINK = "https://zoom.example/j/0000000000"
REASON = "This is a sample refusal: nobody was refused."
APART = timedelta(minutes=47)


PEOPLE = (
    PlacesRequest(
        email="sokha@example.org",
        events=("democracy", "sovereignty"),
        name="Sample Sokha",
        language="km",
        zone="Asia/Phnom_Penh",
        country="កម្ពុជា",
        message="សំណើគំរូ៖ ខ្ញុំចង់ស្តាប់ និងសួរសំណួរ។",
    ),
    PlacesRequest(
        email="bopha@example.org",
        events=("democracy", "officials"),
        name="គំរូ បុប្ផា",
        language="km",
        zone="Europe/Paris",
        country="បារាំង",
        referrer="Sample Sokha",
    ),
    PlacesRequest(
        email="dara@example.com",
        events=("democracy", "economic-pressure", "transnational-repression"),
        name="Sample Dara",
        language="en",
        zone="America/Los_Angeles",
        country="United States",
        organisation="Sample Community Centre",
        message="A sample request, made up for the demo.",
    ),
    PlacesRequest(
        email="vanna@example.com",
        events=("transnational-repression", "officials"),
        name="Sample Vanna",
        language="en",
        zone="Australia/Melbourne",
        country="Australia",
    ),
    PlacesRequest(
        email="rith@example.org",
        events=("sovereignty", "economic-pressure"),
        name="គំរូ រិទ្ធ",
        language="km",
        zone="Asia/Bangkok",
        country="ថៃ",
        message="សំណើគំរូ សម្រាប់បង្ហាញប៉ុណ្ណោះ។",
    ),
    PlacesRequest(
        email="sample.lim@example.com",
        events=("democracy",),
        name="Sample Lim",
        language="en",
        zone="Asia/Seoul",
        country="South Korea",
        referrer="Sample Vanna",
    ),
)
APPROVED, DECLINED = PEOPLE[0], PEOPLE[5]


def prepare(settings: Settings) -> None:
    """Bring the demo's data to where a start expects it; what the desk changed since stays."""
    at: datetime = current_app.extensions["clock"].now()
    with transaction():
        is_fresh = Programme.current() is None
        _load_programme(settings, at=at, is_fresh=is_fresh)
        coordinator = _coordinator(settings, at=at)
        if is_fresh:
            _ask_for_places(at)
            _decide(coordinator, at=at)


def _load_programme(settings: Settings, *, at: datetime, is_fresh: bool) -> None:
    first = None if settings.now else times.coming_saturday(at, zones.HOME)
    remembered = settings.instance / "first-saturday"
    wanted = str(first or "as published")
    if is_fresh or not remembered.exists() or remembered.read_text() != wanted:
        programmes.load(FILE.read_text(encoding="utf-8"), at=at, first_saturday=first)
        remembered.write_text(wanted)


def _coordinator(settings: Settings, *, at: datetime) -> Coordinator:
    """Return the account of the demo's coordinator, whose password is the one that the demo prints."""
    password = desk_password(settings.instance)
    known = db.session.scalars(select(Coordinator).where(Coordinator.email == COORDINATOR)).one_or_none()
    if known is not None and verify_password(password, known.password or ""):
        return known
    return coordinators.add(COORDINATOR, password=password, at=at)


def _ask_for_places(at: datetime) -> None:
    """Let everybody ask and prove their address, one after the other."""
    for position, person in enumerate(PEOPLE):
        asked_at = at - (len(PEOPLE) - position) * APART
        requests.receive(person, at=asked_at)
        participant = _participant(person)
        proof = links.issue(participant, Purpose.VERIFICATION, at=asked_at)
        requests.verify(proof, shown=requests.waiting(participant, at=asked_at).digest, at=asked_at)


def _decide(coordinator: Coordinator, *, at: datetime) -> None:
    """Approve one request and decline another, where events still take requests."""
    for event in requests.open_events(at):
        if event.slug == APPROVED.events[0]:
            events.change(event, {"link": LINK}, by=events.OPERATOR, at=at)
    for rsvp in _pending(APPROVED):
        rsvps.approve(_decision(rsvp, coordinator, at=at))
    for rsvp in _pending(DECLINED):
        rsvps.decline(_decision(rsvp, coordinator, at=at), reason=REASON)


def _participant(person: PlacesRequest) -> Participant:
    index = addresses.index(person.email)
    return db.session.scalars(select(Participant).where(Participant.email_index == index)).one()


def _pending(person: PlacesRequest) -> list[Rsvp]:
    """Return the person's first request that waits, if one does."""
    held = select(Rsvp).where(Rsvp.participant_id == _participant(person).id, Rsvp.state == State.PENDING)
    return list(db.session.scalars(held.order_by(Rsvp.id).limit(1)))


def _decision(rsvp: Rsvp, coordinator: Coordinator, *, at: datetime) -> rsvps.Decision:
    return rsvps.Decision(public_id=rsvp.public_id, version=rsvp.version, by=coordinator.public_id, at=at)
