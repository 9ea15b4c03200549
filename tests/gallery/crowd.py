"""A house with more requests than a page of the queue holds, and a coordinator with every way in."""

from datetime import timedelta

from sqlalchemy import insert

from rsvp import tokens
from rsvp.db import db, transaction
from rsvp.models import Participant, Rsvp
from rsvp.models.coordinator import Coordinator, Passkey
from rsvp.models.rsvp import State
from rsvp.services import addresses, queue, second_factors
from tests import factories
from tests.gallery.furniture import NAMES, NOW, ZONES
from tests.gallery.house import House
from tests.views import pages

WAITING = 2 * queue.PAGE + 5
DEVICES = {"en": ("Sample telephone", "Sample laptop"), "km": ("ទូរសព្ទគំរូ", "កុំព្យូទ័រគំរូ")}


def furnish(house: House) -> None:
    """Let many ask for a place and one have it; then give the coordinator, who is signed in, their second factors."""
    with house.app.app_context():
        pages.build_desk(house.app)
        event = factories.event(link=factories.LINK).id
        factories.approved(name=NAMES[house.language][0], language=house.language, zone=ZONES[house.language])
        with transaction():
            first = (db.session.query(db.func.max(Participant.id)).scalar() or 0) + 1
            ids = range(first, first + WAITING)
            db.session.execute(insert(Participant), [_person(id, house.language) for id in ids])
            db.session.execute(insert(Rsvp), [_rsvp(id, event) for id in ids])
    house.cookies()
    with house.app.app_context(), transaction():
        coordinator = db.session.query(Coordinator).one()
        coordinator.tf_totp_secret = second_factors.new_secret()
        second_factors.keep_recovery_codes(coordinator, second_factors.new_recovery_codes(), at=NOW)
        coordinator.webauthn.extend(_passkey(name) for name in DEVICES[house.language])


def _person(id: int, language: str) -> dict[str, object]:
    email = f"sample{id}@example.org"
    return {
        "id": id,
        "public_id": tokens.new_public_id(),
        "name": f"{NAMES[language][id % len(NAMES[language])]} {id}",
        "email": email,
        "email_index": addresses.index(email),
        "language": language,
        "zone": ZONES[language],
        "created_at": NOW,
        "verified_at": NOW,
    }


def _rsvp(person: int, event: int) -> dict[str, object]:
    return {
        "public_id": tokens.new_public_id(),
        "participant_id": person,
        "event_id": event,
        "state": State.PENDING,
        "requested_at": NOW - timedelta(minutes=person),
    }


def _passkey(name: str) -> Passkey:
    at = NOW.replace(tzinfo=None)
    return Passkey(
        credential_id=name.encode(),
        public_key=b"a sample",
        backup_state=False,
        device_type="single_device",
        create_datetime=at,
        lastuse_datetime=at,
        name=name,
        usage="first",
    )
