"""Plain makers of what tests arrange: settings, a clock, people and requests."""

import base64
import re
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import config
from config import Settings
from rsvp.db import db, transaction
from rsvp.models import Event, Letter, Participant, Programme, Rsvp
from rsvp.models.token import Purpose
from rsvp.services import events, links, moves, requests, rsvps

NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)
FIRST = datetime(2025, 7, 12, 20, tzinfo=UTC)
LINK = "https://zoom.example/j/123?pwd=a1"
COORDINATOR = "coordinator-one"
PROGRAMME_FILE = Path(__file__).parents[1] / "programmes" / "2025-second-roundtable.toml"

_numbers = count(1)


class Moment:
    """A clock that a test sets."""

    def __init__(self, at: datetime = NOW):
        self.at = at

    def now(self) -> datetime:
        """Return the instant that the test set."""
        return self.at

    def pass_by(self, **parts: float) -> None:
        """Let time pass."""
        self.at += timedelta(**parts)


def environ(**changes: str) -> dict[str, str]:
    """Return a demo's environment with changes."""
    return {
        "SECRET_KEY": "s" * 40,
        "DATA_KEYS": base64.b64encode(b"d" * 32).decode(),
        "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
        "BASE_URL": "http://localhost",
        "MAIL_DEFAULT_SENDER": "Nalen Smith <nalen.smith@example.org>",
        "MINIMUM_FILL_SECONDS": "0",
        "DEMO": "1",
        **changes,
    }


def settings(instance: Path, **changes: str) -> Settings:
    """Return settings for tests."""
    return config.read(environ(**changes), instance=instance)


def programme() -> Programme:
    """Store a programme."""
    made = Programme(
        slug="series",
        title={"en": "A series", "km": "កម្មវិធី"},
        about={"en": "About it", "km": "អំពីកម្មវិធី"},
        organiser={"en": "The organiser", "km": "អ្នករៀបចំ"},
        coordinator_name={"en": "Ms. Nalen Smith", "km": "លោកស្រី ណាឡែន ស្មីត"},
        coordinator_email="nalen.smith@example.org",
    )
    db.session.add(made)
    return made


def event(slug: str = "democracy", **changes: object) -> Event:
    """Store an event, with the programme if there is none."""
    facts: dict[str, object] = {
        "kind": "discussion",
        "starts_at": FIRST,
        "zone": "America/New_York",
        "minutes": 120,
        "title": {"en": "Democracy and the Political Process", "km": "ប្រជាធិបតេយ្យ និងដំណើរការនយោបាយ"},
        "summary": {"en": "About democracy.", "km": "អំពីប្រជាធិបតេយ្យ។"},
    }
    with transaction():
        return events.create(Programme.current() or programme(), slug, facts | changes, at=NOW)


def asked(*slugs: str, email: str | None = None, **changes: str) -> requests.PlacesRequest:
    """Return what somebody's form asks."""
    values = {"name": "Sok Dara", "language": "en", "zone": "Asia/Phnom_Penh"} | changes
    return requests.PlacesRequest(
        email=email or f"guest{next(_numbers)}@example.org", events=slugs or ("democracy",), **values
    )


def ask(*slugs: str, at: datetime = NOW, **changes: str) -> Participant:
    """Let somebody ask for places, without proof."""
    form = asked(*slugs, **changes)
    with transaction():
        requests.receive(form, at=at)
    return db.session.query(Participant).order_by(Participant.id.desc()).first()  # type: ignore[return-value]


def prove(participant: Participant, *, at: datetime = NOW) -> str:
    """Let the participant prove their address; return the token of their places page."""
    with transaction():
        owner = db.session.merge(participant)
        token = links.issue(owner, Purpose.VERIFICATION, at=at)
        places = requests.verify(token, shown=requests.waiting(owner, at=at).digest, at=at)
    assert places is not None
    return places


def pending(*slugs: str, at: datetime = NOW, **changes: str) -> Rsvp:
    """Return a request that waits for its decision."""
    participant = ask(*slugs, at=at, **changes)
    prove(participant, at=at)
    return rsvp_of(participant)


def only_participant() -> Participant:
    """Return the one participant that there is."""
    return db.session.query(Participant).one()


def rsvp_of(participant: Participant) -> Rsvp:
    """Return the participant's first request."""
    return db.session.query(Rsvp).filter_by(participant_id=participant.id).order_by(Rsvp.id).first()  # type: ignore[return-value]


def decision(rsvp: Rsvp, *, at: datetime = NOW, by: str = COORDINATOR) -> rsvps.Decision:
    """Return a coordinator's decision about a request as it stands."""
    return rsvps.Decision(rsvp.public_id, rsvp.version, by=by, at=at)


def approved(*slugs: str, at: datetime = NOW, **changes: str) -> Rsvp:
    """Return an approved request."""
    rsvp = pending(*slugs, at=at, **changes)
    with transaction():
        rsvps.approve(decision(rsvp, at=at))
    return rsvp


def ask_to_move(participant: Participant, email: str, *, at: datetime = NOW) -> Letter:
    """Let somebody name a new address, inside a transaction; return the letter that goes there."""
    token = moves.ask(participant, email, at=at)
    assert token is not None, "it is asked for already"
    return moves.send_proof(participant, email, token, at=at)


def token_in(letter: Letter) -> str:
    """Return the secret of the link in a letter that hasn't left."""
    found = re.search(r"/([\w-]{43})\b", letter.content or "")
    assert found, "the letter holds no link"
    return found[1]


def letters(kind: str | None = None) -> list[Letter]:
    """Return the letters of a kind, oldest first."""
    found = db.session.query(Letter).order_by(Letter.id)
    return [letter for letter in found if kind in (None, letter.kind)]
