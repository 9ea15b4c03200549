"""Where those live who asked."""

import pytest

from rsvp.db import db, transaction
from rsvp.services import events, hours, rsvps
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def zones_of(slug: str = "democracy") -> dict[str, int]:
    event = events.named(slug)
    assert event is not None
    return hours.zones_of(event)


def test_who_waits_who_may_come_and_who_has_a_place_are_counted_by_zone() -> None:
    factories.event()
    factories.event("officials", starts_at=None)
    factories.pending(zone="Europe/Paris")
    factories.approved(zone="Europe/Paris")
    waiting = factories.pending(zone="Asia/Seoul")
    with transaction():
        rsvps.waitlist(factories.decision(waiting))
    factories.pending("officials", zone="Asia/Tokyo")
    assert zones_of() == {"Europe/Paris": 2, "Asia/Seoul": 1}


def test_who_is_refused_who_withdrew_and_who_never_proved_an_address_are_not_counted() -> None:
    factories.event()
    factories.ask("democracy")
    refused, taken, gone = factories.pending(), factories.approved(), factories.pending()
    with transaction():
        rsvps.decline(factories.decision(db.session.merge(refused)), reason=None)
        rsvps.revoke(factories.decision(db.session.merge(taken)), reason=None)
        rsvps.withdraw(gone.participant_id, "democracy", at=factories.NOW)
    assert zones_of() == {}
