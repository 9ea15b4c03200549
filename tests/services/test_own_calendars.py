"""The invitation once more, as a file or by letter, on both databases."""

from datetime import timedelta

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Letter, Participant, Rsvp
from rsvp.services import events, invitations, outbox, own_calendars, rsvps
from rsvp.services.own_calendars import NoEntry, SentJustNow, SentOften
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer
from tests.meetings import lines, properties
from tests.services.test_races import together


@pytest.fixture
def rsvp(app: Flask) -> Rsvp:
    """A place at an event with a link, whose letters have left."""
    factories.event(link=factories.LINK, passcode="482 913")
    made = factories.approved()
    outbox.deliver(lambda: factories.NOW)
    return made


def send_again(rsvp: Rsvp, clock: Moment) -> Letter:
    with transaction():
        guest = db.session.get(Participant, db.session.merge(rsvp).participant_id)
        assert guest is not None
        return own_calendars.send_again(guest, "democracy", at=clock.at)


def file_of(rsvp: Rsvp, slug: str = "democracy") -> bytes | None:
    db.session.rollback()
    return own_calendars.file_of(db.session.merge(rsvp).participant, slug, at=factories.NOW)


def test_the_letter_sent_again_brings_the_same_entry(rsvp: Rsvp, clock: Moment, mail_server: MailServer) -> None:
    first = mail_server.received[-1].message
    clock.pass_by(minutes=10)
    send_again(rsvp, clock)
    outbox.deliver(clock.now)
    again = mail_server.received[-1].message
    entries = [_entry(message) for message in (first, again)]
    assert entries[0]["UID"] == entries[1]["UID"]
    assert entries[0]["SEQUENCE"] == entries[1]["SEQUENCE"] == ":0"
    assert again["Message-ID"] != first["Message-ID"]


def test_the_file_is_the_invitations_own_entry_and_names_nobody(rsvp: Rsvp) -> None:
    body = file_of(rsvp)
    assert body is not None
    invitation = invitations.of(db.session.merge(rsvp))
    assert invitation is not None
    event = properties(body)
    assert (event["UID"], event["SEQUENCE"]) == (f":{invitation.uid}", f":{invitation.sequence}")
    assert (event["CLASS"], event["STATUS"], event["URL"]) == (":PRIVATE", ":CONFIRMED", f":{factories.LINK}")
    assert "482 913" in event["DESCRIPTION"]
    assert body.count(b"BEGIN:VALARM") == 2
    assert properties(body, "VCALENDAR")["METHOD"] == ":PUBLISH"
    assert {"NAME", "REFRESH-INTERVAL"} & properties(body, "VCALENDAR").keys() == set()
    words = "".join(lines(body))
    assert [word for word in ("ATTENDEE", "Sok Dara", rsvp.participant.email) if word in words] == []


def test_there_is_no_file_and_no_letter_without_a_place_at_a_known_hour(rsvp: Rsvp, clock: Moment) -> None:
    factories.event("officials", starts_at=None)
    other = factories.approved("officials")
    assert file_of(other, "officials") is None
    assert file_of(other, "democracy") is None
    assert file_of(rsvp, "officials") is None
    assert file_of(rsvp, "nothing") is None
    clock.pass_by(days=1)
    with pytest.raises(NoEntry):
        send_again(other, clock)
    for act in (rsvps.revoke, rsvps.reopen):
        with transaction():
            act(factories.decision(db.session.merge(rsvp)))
        assert file_of(rsvp) is None
        with pytest.raises(NoEntry):
            send_again(rsvp, clock)


def test_there_is_none_for_an_event_called_off_or_over(rsvp: Rsvp, clock: Moment) -> None:
    clock.at = factories.FIRST + timedelta(hours=2)
    assert own_calendars.file_of(db.session.merge(rsvp).participant, "democracy", at=clock.at) is None
    with pytest.raises(NoEntry):
        send_again(rsvp, clock)
    event = events.named("democracy")
    assert event is not None
    with transaction():
        events.call_off(db.session.merge(event), by="x", at=factories.NOW)
    assert file_of(rsvp) is None


def test_it_is_sent_once_in_ten_minutes_and_five_times_a_day(rsvp: Rsvp, clock: Moment) -> None:
    with pytest.raises(SentJustNow):
        send_again(rsvp, clock)
    for _ in range(4):
        clock.pass_by(minutes=10)
        send_again(rsvp, clock)
        with pytest.raises(SentJustNow):
            send_again(rsvp, clock)
    clock.pass_by(minutes=10)
    with pytest.raises(SentOften):
        send_again(rsvp, clock)
    assert len(factories.letters("invitation")) == 5
    clock.at = factories.NOW + timedelta(days=1)
    send_again(rsvp, clock)


def test_another_guests_letters_dont_count(rsvp: Rsvp, clock: Moment) -> None:
    clock.pass_by(minutes=10)
    factories.approved(at=clock.at)
    send_again(rsvp, clock)


def test_two_presses_at_the_same_moment_send_one_letter(app: Flask, rsvp: Rsvp, clock: Moment) -> None:
    clock.pass_by(minutes=10)
    guest_id = db.session.merge(rsvp).participant_id

    def press() -> object:
        found = db.session.get(Participant, guest_id)
        assert found is not None
        return own_calendars.send_again(found, "democracy", at=clock.at).kind

    results = together(app, [press, press, press])
    assert sum(isinstance(result, SentJustNow) for result in results) == 2
    assert len(factories.letters("invitation")) == 2


def _entry(message: object) -> dict[str, str]:
    parts = {part.get_content_type(): part for part in message.walk()}  # type: ignore[attr-defined]
    return properties(parts["text/calendar"].get_payload(decode=True))
