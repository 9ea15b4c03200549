"""Reminders before an event."""

from datetime import datetime, timedelta

import pytest

from rsvp.db import transaction
from rsvp.services import events, outbox, reminders, rsvps
from tests import factories
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def change(at: datetime, **facts: object) -> None:
    event = events.named("democracy")
    assert event is not None
    with transaction():
        events.change(event, facts, by="x", at=at)


def send_all(at: datetime = factories.NOW) -> None:
    outbox.deliver(lambda: at)


def test_a_guest_is_reminded_a_day_and_an_hour_before_each_once() -> None:
    factories.event()
    factories.approved()
    send_all()
    assert reminders.write_due(at=factories.FIRST - DAY - timedelta(seconds=1)) == 0
    assert [reminders.write_due(at=factories.FIRST - DAY) for _ in range(3)] == [1, 0, 0]
    assert reminders.write_due(at=factories.FIRST - HOUR - timedelta(seconds=1)) == 0
    assert [reminders.write_due(at=factories.FIRST - HOUR) for _ in range(3)] == [1, 0, 0]
    assert reminders.write_due(at=factories.FIRST) == 0


def test_a_reminder_names_the_hour_where_the_guest_lives_and_the_link() -> None:
    factories.event(link=factories.LINK)
    factories.approved(language="km", zone="Europe/Paris")
    send_all()
    reminders.write_due(at=factories.FIRST - DAY)
    content = factories.letters("reminder")[0].content or ""
    assert "ម៉ោង ១០ យប់" in content
    assert factories.LINK in content
    assert '"calendar": null' in content


def test_a_moved_event_reminds_of_its_new_hour_only() -> None:
    factories.event()
    factories.approved()
    send_all()
    change(factories.NOW, starts_at=factories.FIRST + timedelta(days=7))
    send_all()
    assert reminders.write_due(at=factories.FIRST - DAY) == 0
    assert reminders.write_due(at=factories.FIRST + timedelta(days=6)) == 1


def test_an_event_moved_after_a_reminder_reminds_again_of_the_new_start() -> None:
    factories.event()
    factories.approved()
    send_all()
    reminders.write_due(at=factories.FIRST - DAY)
    change(factories.FIRST - DAY, starts_at=factories.FIRST + timedelta(days=3))
    send_all(factories.FIRST - DAY)
    assert reminders.write_due(at=factories.FIRST + timedelta(days=2)) == 1


def test_nobody_but_the_approved_is_reminded() -> None:
    factories.event()
    factories.pending()
    revoked = factories.approved()
    with transaction():
        rsvps.revoke(factories.decision(revoked))
    factories.ask()
    assert reminders.write_due(at=factories.FIRST - DAY) == 0


def test_a_cancelled_event_reminds_nobody() -> None:
    factories.event()
    factories.approved()
    event = events.named("democracy")
    assert event is not None
    with transaction():
        events.call_off(event, by="x", at=factories.NOW)
    assert reminders.write_due(at=factories.FIRST - DAY) == 0


def test_a_worker_that_stood_still_reminds_once_and_of_the_nearer_hour() -> None:
    factories.event()
    factories.approved()
    send_all()
    assert reminders.write_due(at=factories.FIRST - timedelta(minutes=30)) == 1
    assert reminders.write_due(at=factories.FIRST - timedelta(minutes=29)) == 0


def test_a_guest_approved_within_the_last_day_is_not_reminded_of_what_they_just_read() -> None:
    factories.event()
    factories.approved(at=factories.FIRST - timedelta(hours=3))
    assert reminders.write_due(at=factories.FIRST - timedelta(hours=3)) == 0
    assert reminders.write_due(at=factories.FIRST - HOUR) == 1


def test_an_event_has_its_own_reminders_or_none() -> None:
    factories.event(reminders="180")
    factories.event("sovereignty", reminders="")
    factories.approved("democracy")
    factories.approved("sovereignty")
    assert reminders.write_due(at=factories.FIRST - DAY) == 0
    assert reminders.write_due(at=factories.FIRST - timedelta(minutes=180)) == 1


def test_a_reminder_that_waited_is_not_sent_for_an_hour_that_has_moved() -> None:
    factories.event()
    factories.approved()
    send_all()
    reminders.write_due(at=factories.FIRST - DAY)
    change(factories.FIRST - DAY, starts_at=factories.FIRST + timedelta(days=7))
    assert [letter.state for letter in factories.letters("reminder")] == ["superseded"]


def test_a_reminder_that_waited_past_the_start_is_not_sent(mail_server: MailServer, clock: factories.Moment) -> None:
    factories.event()
    guest = factories.approved().participant.email
    outbox.deliver(clock.now)
    clock.at = factories.FIRST - HOUR
    reminders.write_due(at=clock.now())
    clock.at = factories.FIRST
    assert outbox.deliver(clock.now) == 0
    assert [letter.state for letter in factories.letters("reminder")] == ["superseded"]
    assert len([received for received in mail_server.received if received.recipient == guest]) == 3
