"""What is erased, and when."""

from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.models import Letter, Participant, Rsvp, Token
from rsvp.services import outbox, retention, rsvps, tallies
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

LAST_END = factories.FIRST + timedelta(hours=2)


def test_a_guest_is_erased_thirty_days_after_their_last_event_and_a_count_remains() -> None:
    factories.event()
    rsvp = factories.approved()
    event_id = rsvp.event_id
    retention.run(at=LAST_END + timedelta(days=30))
    assert db.session.query(Participant).count() == 1
    erased = retention.run(at=LAST_END + timedelta(days=31))
    assert erased.participants == 1
    assert (db.session.query(Rsvp).count(), db.session.query(Token).count()) == (0, 0)
    assert [letter.content for letter in db.session.query(Letter)] == [None] * 3
    assert tallies.all_counts() == {f"event {event_id} approved": 1}


def test_a_guest_who_waits_for_an_event_without_a_time_is_kept() -> None:
    factories.event()
    factories.event("officials", starts_at=None)
    factories.approved("democracy", "officials")
    assert retention.run(at=LAST_END + timedelta(days=90)).participants == 0


def test_a_letter_to_a_person_who_is_erased_is_never_sent(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask()
    clock.pass_by(hours=48)
    retention.run(at=clock.now())
    assert outbox.deliver(clock.now) == 0
    assert db.session.query(Letter).one().recipient is None
    assert mail_server.received == []


def test_a_failed_letter_forgets_its_address_after_a_week(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.pending(email="gone@example.org")
    mail_server.refuse("gone@example.org", "550 5.1.1 No such user")
    with transaction():
        rsvps.decline(factories.decision(rsvp))
    outbox.deliver(clock.now)
    retention.run(at=factories.NOW + timedelta(days=6))
    assert factories.letters("decline")[0].recipient == "gone@example.org"
    retention.run(at=factories.NOW + timedelta(days=7))
    db.session.expire_all()
    assert (factories.letters("decline")[0].recipient, factories.letters("decline")[0].error) == (None, None)
