"""What is read from messages that strangers send, and how little they can do."""

import time
from datetime import UTC, datetime

import pytest

from rsvp import inbox
from rsvp.inbox import Bounce, Malformed, Reply
from tests import incoming
from tests.incoming import Answer

ANSWER = Answer("a1@example.org")
WHOLE = incoming.calendar(ANSWER)
NAMELESS = WHOLE.replace("UID:a1@example.org\r\n", "")
MESSAGE_ID = "<letter@example.org>"


@pytest.mark.parametrize("write", [incoming.google, incoming.outlook, incoming.apple])
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_an_answer_reads_alike_from_every_calendar(write: incoming.Writer, partstat: str) -> None:
    answer = Answer("a1@example.org", partstat=partstat, sequence=2)
    found = inbox.parse(write(answer))
    assert isinstance(found, Reply)
    assert (found.uid, found.sequence, found.partstat) == ("a1@example.org", 2, partstat)
    assert found.stamped_at == datetime(2025, 7, 2, 10, 15, tzinfo=UTC)
    assert (found.sender, found.attendee.lower()) == ("sok@example.org", "sok@example.org")


def test_an_answer_in_latin_1_is_read() -> None:
    body = WHOLE.replace("ATTENDEE;", "ATTENDEE;CN=Søk;").encode("iso-8859-1")
    assert isinstance(inbox.parse(incoming.bare(body, charset="iso-8859-1")), Reply)


def test_an_answer_with_a_huge_picture_behind_it_is_read_though_it_is_cut() -> None:
    message = incoming.google(ANSWER)
    assert isinstance(inbox.parse(message[: message.index(b"Content-Type: application/ics") + 60]), Reply)


@pytest.mark.parametrize("write", [incoming.postfix_bounce, incoming.exchange_bounce])
def test_a_bounce_names_the_letter_and_the_servers_words(write: incoming.BounceWriter) -> None:
    found = inbox.parse(write(MESSAGE_ID))
    assert isinstance(found, Bounce)
    assert found.message_id == MESSAGE_ID
    assert found.words.startswith(("smtp; 550 5.1.1 <sok@example.org>", "smtp;550 5.1.10 RESOLVER"))


@pytest.mark.parametrize(
    "message",
    [
        incoming.postfix_bounce(MESSAGE_ID, action="delayed", status="4.4.1"),
        incoming.postfix_bounce(MESSAGE_ID, action="delivered", status="2.0.0"),
        incoming.read_receipt(MESSAGE_ID),
        incoming.google(ANSWER).replace(b"method=REPLY", b"method=REQUEST"),
        b"From: a friend <friend@example.org>\r\nSubject: hello\r\n\r\nHow are you?",
        b"",
        b"\x00\xff" * 5000,
    ],
    ids=["delayed", "delivered", "opened", "invitation", "personal", "empty", "noise"],
)
def test_other_mail_is_nothing_to_us(message: bytes) -> None:
    assert inbox.parse(message) is None


MALFORMED = {
    "garbage": "BEGIN:VCALENDAR\r\nnonsense",
    "empty": "",
    "two entries": WHOLE.replace("END:VEVENT\r\n", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:b\r\nEND:VEVENT\r\n"),
    "no entry": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n",
    "another method inside": WHOLE.replace("METHOD:REPLY", "METHOD:REQUEST"),
    "no UID": NAMELESS,
    "two UIDs": WHOLE.replace("UID:", "UID:b\r\nUID:"),
    "no attendee": WHOLE.replace("ATTENDEE;", "X-ATTENDEE;"),
    "two attendees": WHOLE.replace("ATTENDEE;", "ATTENDEE:mailto:b@example.org\r\nATTENDEE;"),
    "no stamp": WHOLE.replace("DTSTAMP:", "X-STAMP:"),
    "a day for a stamp": WHOLE.replace("DTSTAMP:20250702T101500Z", "DTSTAMP;VALUE=DATE:20250702"),
    "an answer nobody knows": WHOLE.replace("=ACCEPTED", "=DELEGATED"),
    "a sequence of letters": WHOLE.replace("SEQUENCE:0", "SEQUENCE:many"),
    "a sequence without end": WHOLE.replace("SEQUENCE:0", "SEQUENCE:" + "9" * 6000),
    "NUL in the UID": WHOLE.replace("UID:a1", "UID:a\0001"),
    "NUL in the address": WHOLE.replace("mailto:sok", "mailto:s\0ok"),
    "3 MB": WHOLE.replace("SUMMARY:", "SUMMARY:" + "x" * 3_000_000),
    "deep": "BEGIN:VEVENT\r\n" * 4000,
    "deep and closed": "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + "BEGIN:VEVENT\r\n" * 2000 + "END:VEVENT\r\n" * 2000,
    "parameters without end": NAMELESS.replace("ATTENDEE;", "ATTENDEE" + ';X="a"' * 9000 + ";"),
    "rules without end": NAMELESS.replace("SUMMARY:", "RRULE:FREQ=YEARLY;BYMONTH=" + "1," * 25_000 + "\r\nSUMMARY:"),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_answer_is_called_so_at_once(body: str) -> None:
    _assert_malformed_at_once(incoming.bare(body.encode()))


MAZES = {
    "nested parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(5000)
    ),
    "nested messages": b"Content-Type: message/rfc822\r\n\r\n" * 15_000,
    "parts without end": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 70_000,
    "a type without end": b"Content-Type: text/calendar; method=REPLY"
    + b"; a=b" * 100_000
    + b"\r\n\r\n"
    + WHOLE.encode(),
    "a folded type": b"Content-Type: text/calendar; method=REPLY"
    + b";\r\n a=b" * 60_000
    + b"\r\n\r\n"
    + WHOLE.encode(),
    "a sender without end": b"From: " + b"(" * 400_000 + b"\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nx",
    "two senders": b"From: a@example.org\r\n" + incoming.bare(WHOLE.encode()),
    "no sender": incoming.bare(WHOLE.encode()).replace(b"From:", b"X-From:"),
    "another charset": incoming.bare(WHOLE.encode("utf-16"), charset="utf-16"),
    "a bounce of nothing": incoming.postfix_bounce(""),
    "a bounce with NUL": incoming.postfix_bounce("<a\0b@example.org>"),
}


@pytest.mark.parametrize("message", MAZES.values(), ids=MAZES)
def test_a_message_built_to_hold_up_the_reader_is_refused_at_once(message: bytes) -> None:
    _assert_malformed_at_once(message)


def _assert_malformed_at_once(message: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Malformed):
        inbox.parse(message)
    assert time.process_time() - began < 1
