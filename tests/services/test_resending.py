"""Letters written anew: what the guest gets, what the desk says meanwhile, and when it is refused."""

import icalendar
import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Event, Letter, Rsvp
from rsvp.models.letter import LetterKind, LetterState
from rsvp.services import deliveries, letters, outbox, replies, resending, retention, rsvps
from rsvp.services.resending import NotResendable
from tests import factories, incoming
from tests.factories import Moment
from tests.mailserver import MailServer, Received

SOK = "sok@example.org"


@pytest.fixture
def rsvp(app: Flask) -> Rsvp:
    factories.event(link=factories.LINK)
    return factories.approved(email=SOK)


def _resend(kind: LetterKind, clock: Moment) -> Letter:
    with transaction():
        return resending.resend(_newest(kind), by=factories.COORDINATOR, at=clock.now())


def _newest(kind: LetterKind) -> Letter:
    db.session.rollback()
    return factories.letters(kind)[-1]


def _without() -> list[str]:
    db.session.rollback()
    event = db.session.query(Event).one()
    return [rsvp.participant.email for rsvp in deliveries.without_invitation(event)]


def _trouble(clock: Moment) -> tuple[int, int]:
    db.session.rollback()
    found = deliveries.trouble(at=clock.now())
    return found.deferred, found.failed


def _entry(received: Received) -> tuple[str, str, int, str]:
    for part in received.message.walk():
        if part.get_content_type() == "text/calendar":
            read = icalendar.Calendar.from_ical(part.get_payload(decode=True))
            entry = read.walk("VEVENT")[0]
            return str(read["METHOD"]), str(entry["UID"]), int(entry["SEQUENCE"]), entry["DTSTAMP"].to_ical().decode()
    raise AssertionError("no calendar")


def test_an_invitation_written_anew_is_a_new_letter_about_the_same_entry(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    outbox.deliver(clock.now)
    factories.approved(email="another@example.org")
    outbox.deliver(clock.now)
    before = len(mail_server.received)
    first = next(received for received in mail_server.received[2:] if received.recipient == SOK)
    with transaction():
        letter = factories.letters(LetterKind.INVITATION)[0]
        resending.resend(letter, by=factories.COORDINATOR, at=clock.now())
    outbox.deliver(clock.now)
    (again,) = mail_server.received[before:]
    assert again.recipient == SOK
    assert again.message["Message-ID"] != first.message["Message-ID"]
    assert again.message["In-Reply-To"] == first.message["Message-ID"]
    assert _entry(again)[:3] == _entry(first)[:3]
    assert _entry(again)[3] > _entry(first)[3]


def test_a_cancellation_written_anew_keeps_its_place_in_the_sequence(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    outbox.deliver(clock.now)
    with transaction():
        rsvps.revoke(factories.decision(db.session.merge(rsvp)))
    outbox.deliver(clock.now)
    _resend(LetterKind.CANCELLATION, clock)
    outbox.deliver(clock.now)
    first, again = mail_server.received[-2:]
    assert _entry(again)[:3] == _entry(first)[:3] == ("CANCEL", _entry(first)[1], 1)
    assert again.message["Message-ID"] != first.message["Message-ID"]


def test_the_desk_tells_the_truth_while_an_invitation_fails_is_written_anew_and_leaves(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    assert (_without(), _trouble(clock)) == ([], (0, 0))
    mail_server.refuse(SOK, "550 5.1.1 No such user")
    outbox.deliver(clock.now)
    assert _without() == [SOK]
    assert _trouble(clock)[1] >= 1
    failed = _trouble(clock)[1]
    mail_server.accept(SOK)
    _resend(LetterKind.INVITATION, clock)
    assert (_without(), _trouble(clock)) == ([], (0, failed - 1))
    outbox.deliver(clock.now)
    assert (_without(), _trouble(clock)) == ([], (0, 0))
    assert _newest(LetterKind.INVITATION).state == LetterState.SENT


def test_a_confirmation_that_failed_is_no_trouble_once_another_letter_has_arrived(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    mail_server.refuse(SOK, "550 5.1.1 No such user")
    outbox.deliver(clock.now)
    assert _trouble(clock) == (0, 3)
    mail_server.accept(SOK)
    _resend(LetterKind.INVITATION, clock)
    outbox.deliver(clock.now)
    assert _trouble(clock) == (0, 0)


def test_a_confirmation_that_failed_is_no_trouble_once_its_request_is_erased(
    app: Flask, mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    factories.ask(email=SOK)
    mail_server.refuse(SOK, "550 5.1.1 No such user")
    outbox.deliver(clock.now)
    assert _trouble(clock) == (0, 1)
    clock.pass_by(days=3)
    retention.run(at=clock.now())
    assert _trouble(clock) == (0, 0)


def test_the_desk_tells_the_truth_while_an_invitation_bounces_and_is_written_anew(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    outbox.deliver(clock.now)
    assert (_without(), _trouble(clock)) == ([], (0, 0))
    with transaction():
        bounce = incoming.postfix_bounce(outbox.message_id(_newest(LetterKind.INVITATION)))
        assert replies.take_in(bounce, at=clock.now()) == replies.Outcome.BOUNCED
    assert (_without(), _trouble(clock)) == ([SOK], (0, 1))
    _resend(LetterKind.INVITATION, clock)
    assert (_without(), _trouble(clock)) == ([], (0, 0))
    mail_server.refuse(SOK, "451 4.7.1 Greylisted")
    outbox.deliver(clock.now)
    assert (_without(), _trouble(clock)) == ([SOK], (1, 0))
    mail_server.accept(SOK)
    clock.pass_by(minutes=1)
    outbox.deliver(clock.now)
    assert (_without(), _trouble(clock)) == ([], (0, 0))


def test_an_approved_guest_whose_invitation_failed_and_whose_reminder_arrived_is_still_without_it(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    mail_server.refuse(SOK, "550 5.1.1 No such user")
    outbox.deliver(clock.now)
    assert _trouble(clock) == (0, 3)
    mail_server.accept(SOK)
    with transaction():
        letters.send(LetterKind.REMINDER, db.session.merge(rsvp), at=clock.now())
    outbox.deliver(clock.now)
    assert _without() == [SOK]
    assert _trouble(clock) == (0, 1)


def test_an_invitation_of_somebody_revoked_is_not_written_anew(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    outbox.deliver(clock.now)
    with transaction():
        rsvps.revoke(factories.decision(db.session.merge(rsvp)))
    with pytest.raises(NotResendable):
        _resend(LetterKind.INVITATION, clock)
    assert len(factories.letters()) == 4


def test_an_invitation_to_an_event_called_off_is_not_written_anew(
    rsvp: Rsvp, mail_server: MailServer, clock: Moment
) -> None:
    outbox.deliver(clock.now)
    with transaction():
        db.session.merge(rsvp).event.status = "cancelled"
    with pytest.raises(NotResendable):
        _resend(LetterKind.INVITATION, clock)


def test_a_decline_of_somebody_approved_since_is_not_written_anew(app: Flask, clock: Moment) -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.decline(factories.decision(db.session.merge(rsvp)))
    with transaction():
        rsvps.reopen(factories.decision(db.session.merge(rsvp)))
    with transaction():
        rsvps.approve(factories.decision(db.session.merge(rsvp)))
    with pytest.raises(NotResendable):
        _resend(LetterKind.DECLINE, clock)


def test_a_letter_that_is_about_no_request_is_not_written_anew(rsvp: Rsvp, clock: Moment) -> None:
    for kind in (LetterKind.VERIFICATION, LetterKind.RECEIPT):
        with pytest.raises(NotResendable):
            _resend(kind, clock)
