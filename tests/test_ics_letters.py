"""The whole message around each calendar object, as the mail server took it: nobody in it but its own reader."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import product

import pytest
from flask import Flask

from rsvp.db import transaction
from rsvp.services import events, outbox
from tests import factories, meetings
from tests.mailserver import MailServer, Received

MATRIX = tuple(product(["en", "km"], [meetings.JULY, meetings.DECEMBER]))
OWN, OTHER = "sok.dara@guests.example", "chan.thea@guests.example"
NAMES = {OWN: "Sok Dara", OTHER: "ច័ន្ទ ធា"}
ORGANIZER = "nalen.smith@example.org"
ADDRESS = re.compile(r"[\w.+=-]+@[\w.-]+\w")
# A UID and a Message-ID look like an address and are nobody's.
NOBODYS = re.compile(r"[0-9a-f]{32}@example\.org|[\w-]{22}@example\.org")

Letters = dict[str, list[Received]]


@pytest.fixture(params=MATRIX, ids=lambda case: f"{case[0]}-{case[1]:%b}")
def letters(request: pytest.FixtureRequest, site: Flask, mail_server: MailServer) -> Iterator[Letters]:
    """What two guests of one event got over its life, by address: request, update, cancel."""
    language, starts_at = request.param
    with site.app_context():
        _live(language, starts_at)
        found: Letters = defaultdict(list)
        for received in mail_server.received:
            if list(received.message.iter_attachments()):
                found[received.recipient].append(received)
        yield found


def test_each_guest_gets_the_request_the_update_and_the_cancellation_as_one_entry(letters: Letters) -> None:
    for address in (OWN, OTHER):
        calendars = [_calendar(received.message) for received in letters[address]]
        facts = [(_value(body, "METHOD"), _value(body, "SEQUENCE"), _value(body, "STATUS")) for body in calendars]
        assert facts == [("REQUEST", "0", "CONFIRMED"), ("REQUEST", "1", "CONFIRMED"), ("CANCEL", "2", "CANCELLED")]
        assert len({_value(body, "UID") for body in calendars}) == 1
        stamps = [_value(body, "DTSTAMP") for body in calendars]
        assert stamps == sorted(set(stamps))
    assert _uids(letters[OWN]).isdisjoint(_uids(letters[OTHER]))


def test_no_other_persons_address_or_name_is_anywhere_in_a_message(letters: Letters) -> None:
    for address, other in ((OWN, OTHER), (OTHER, OWN)):
        for received in letters[address]:
            words = _everything(received)
            named = {found for found in ADDRESS.findall(words) if not NOBODYS.fullmatch(found)}
            assert named == {address, ORGANIZER}
            assert NAMES[other] not in words


def test_the_link_is_in_what_invites_and_not_in_what_cancels(letters: Letters) -> None:
    for received in letters[OWN]:
        words = _everything(received)
        secrets = [secret in words for secret in (factories.LINK, "482 913")]
        assert secrets == [_method(received) == "REQUEST"] * 2


def test_the_bytes_of_a_calendar_arrive_folded_with_crlf(letters: Letters) -> None:
    for received in letters[OWN]:
        body = _calendar(received.message)
        assert max(len(line) for line in body.split(b"\r\n")) <= 75
        assert body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n")
        assert body == _attachment(received.message)


def test_the_part_the_object_and_its_only_attendee_agree(letters: Letters) -> None:
    for address, gotten in letters.items():
        for received in gotten:
            (part,) = _parts(received.message, "text/calendar")
            assert part.get_param("method") == _method(received)
            lines = meetings.lines(_calendar(received.message))
            (attendee,) = (line for line in lines if line.startswith("ATTENDEE"))
            assert attendee.endswith(f":mailto:{address}")


def _live(language: str, starts_at: datetime) -> None:
    event = factories.event(starts_at=starts_at, link=factories.LINK, passcode="482 913")
    for address, name in NAMES.items():
        factories.approved(email=address, name=name, language=language)
    outbox.deliver(lambda: factories.NOW)
    later = factories.NOW + timedelta(days=1)
    with transaction():
        events.change(event, {"starts_at": starts_at + timedelta(days=7)}, by="x", at=later)
    outbox.deliver(lambda: later)
    with transaction():
        events.call_off(event, by="x", at=later + timedelta(days=1))
    outbox.deliver(lambda: later + timedelta(days=1))


def _everything(received: Received) -> str:
    """Return the raw message, its headers decoded, and every part decoded."""
    message = received.message
    headers = [f"{name}: {value}" for part in message.walk() for name, value in part.items()]
    parts = [_bytes(part).decode().replace("\r\n ", "") for part in message.walk() if not part.is_multipart()]
    return "\n".join([received.raw.decode(), *headers, *parts])


def _parts(message: EmailMessage, kind: str) -> list[EmailMessage]:
    return [part for part in message.walk() if part.get_content_type() == kind]  # type: ignore[misc]


def _calendar(message: EmailMessage) -> bytes:
    (part,) = _parts(message, "text/calendar")
    return _bytes(part)


def _attachment(message: EmailMessage) -> bytes:
    (part,) = _parts(message, "application/ics")
    return _bytes(part)


def _bytes(part: EmailMessage) -> bytes:
    body = part.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body


def _value(body: bytes, name: str) -> str:
    (value,) = (line.removeprefix(f"{name}:") for line in meetings.lines(body) if line.startswith(f"{name}:"))
    return value


def _method(received: Received) -> str:
    return _value(_calendar(received.message), "METHOD")


def _uids(gotten: list[Received]) -> set[str]:
    return {_value(_calendar(received.message), "UID") for received in gotten}
