"""Letters on their way, over a real mail server."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from rsvp.db import db, transaction
from rsvp.models import Letter
from rsvp.models.letter import LetterState
from rsvp.services import claims, deliveries, outbox
from rsvp.services.outbox import WAITS
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")


def states() -> list[str]:
    db.session.expire_all()
    return [letter.state for letter in factories.letters()]


def test_a_letter_leaves_and_its_address_and_words_are_forgotten(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask(email="sok@example.org")
    assert outbox.deliver(clock.now) == 1
    letter = factories.letters()[0]
    assert (letter.state, letter.recipient, letter.content) == (LetterState.SENT, None, None)
    assert [received.recipient for received in mail_server.received] == ["sok@example.org"]


def test_the_message_is_named_after_its_row(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask()
    outbox.deliver(clock.now)
    letter = factories.letters()[0]
    assert mail_server.received[0].message["Message-ID"] == f"<{letter.public_id}@example.org>"


def test_each_letter_goes_to_one_person(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    people = [factories.approved() for _ in range(3)]
    outbox.deliver(clock.now)
    addresses = {rsvp.participant.email for rsvp in people}
    for received in mail_server.received:
        others = addresses - {received.recipient}
        assert received.message["To"] == received.recipient
        for part in received.message.walk():
            if not part.is_multipart():
                body = part.get_payload(decode=True).decode()
                assert not [address for address in others if address in body]


def test_a_letter_waits_while_the_mail_server_is_down_and_leaves_later(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.approved()
    mail_server.stop()
    assert outbox.deliver(clock.now) == 0
    assert states() == [LetterState.DEFERRED] * 3
    assert rsvp.state == "approved"
    assert deliveries.trouble(at=clock.now()).deferred == 3


def test_a_deferred_letter_is_tried_again_after_its_wait_and_not_before(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask(email="sok@example.org")
    mail_server.refuse("sok@example.org", "451 4.7.1 Greylisted")
    outbox.deliver(clock.now)
    assert states() == [LetterState.DEFERRED]
    mail_server.accept("sok@example.org")
    clock.pass_by(seconds=59)
    assert outbox.deliver(clock.now) == 0
    clock.pass_by(seconds=1)
    assert outbox.deliver(clock.now) == 1


def test_a_letter_that_the_server_never_takes_fails_in_the_end(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask(email="sok@example.org")
    mail_server.refuse("sok@example.org", "451 4.7.1 Greylisted")
    for wait in (*WAITS, timedelta(0)):
        assert states() != [LetterState.FAILED]
        outbox.deliver(clock.now)
        clock.at += wait
    assert states() == [LetterState.FAILED]


def test_a_refused_address_fails_its_own_letter_and_the_others_leave(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask(email="first@example.org")
    factories.ask(email="gone@example.org")
    factories.ask(email="last@example.org")
    mail_server.refuse("gone@example.org", "550 5.1.1 No such user")
    assert outbox.deliver(clock.now) == 2
    assert states() == [LetterState.SENT, LetterState.FAILED, LetterState.SENT]
    assert factories.letters()[1].error == "550 5.1.1 No such user"


def test_a_letter_that_cannot_be_read_does_not_stop_the_others(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask()
    factories.ask()
    with transaction():
        db.session.execute(text("UPDATE letter SET content = 'v1:spoilt:xx' WHERE id = 1"))
    assert outbox.deliver(clock.now) == 1
    found = db.session.query(Letter.state).order_by(Letter.id)
    assert [state for (state,) in found] == [LetterState.FAILED, LetterState.SENT]


def test_a_letter_left_by_a_dead_worker_is_taken_up_when_its_lease_ends(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask()
    assert len(claims.claim(clock.now())) == 1
    assert outbox.deliver(clock.now) == 0
    clock.at += claims.LEASE
    assert outbox.deliver(clock.now) == 1


def test_two_workers_never_hold_the_same_letter(clock: Moment, app: Flask) -> None:
    factories.event()
    factories.ask()
    assert len(claims.claim(clock.now())) == 1
    assert claims.claim(clock.now()) == []
