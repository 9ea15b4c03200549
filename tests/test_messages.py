"""A letter as a mail server receives it."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

import pytest
from flask import Flask

import config
from rsvp import ics
from rsvp.messages import Connection, Envelope, Parts, compose
from tests import meetings
from tests.mailserver import MailServer, Received

SENDER = "Nalen Smith <nalen.smith@example.org>"
ENVELOPE = Envelope("guest@example.org", "km", "<letter-1@example.org>", datetime(2025, 7, 1, 12, tzinfo=UTC))
# One paragraph, no line break, three octets a character.
LONG = "ប្រជាធិបតេយ្យ\u200bនិង\u200bដំណើរការ\u200bនយោបាយ " * 90
SUBJECT = "អ្នកមានកន្លែងហើយ៖ ថ្ងៃអាទិត្យ ទី១៣ ខែកក្កដា ឆ្នាំ២០២៥ ម៉ោង ៣ ទៀបភ្លឺ"
CALENDAR = ics.build_invitation(meetings.meeting("km"))
INVITATION = Parts(
    subject=SUBJECT,
    text=LONG,
    html=f"<p>{LONG}</p>",
    calendar=CALENDAR.decode(),
    method="REQUEST",
    in_reply_to="<letter-0@example.org>",
)
PLAIN = Parts(subject="Please confirm your address", text="Hello\n", html="<p>Hello</p>")

Send = Callable[..., Received]


@pytest.fixture
def send(site: Flask, mail_server: MailServer) -> Iterator[Send]:
    """Send one letter through the mail server and return what it took."""

    def carry(parts: Parts = INVITATION, *, sender: str = SENDER, **envelope: object) -> Received:
        message = compose(parts, dataclasses.replace(ENVELOPE, **envelope), sender=sender)  # type: ignore[arg-type]
        with Connection(config.current()) as connection:
            connection.send(message)
        return mail_server.received[-1]

    with site.app_context():
        yield carry


def test_an_invitation_has_the_tree_that_outlook_and_gmail_read(send: Send) -> None:
    message = send().message
    assert _tree(message) == (
        "multipart/mixed",
        [
            ("multipart/alternative", ["text/plain", "text/html", "text/calendar"]),
            "application/ics",
        ],
    )


def test_a_letter_without_a_calendar_has_no_calendar_part(send: Send) -> None:
    assert _tree(send(PLAIN).message) == ("multipart/mixed", [("multipart/alternative", ["text/plain", "text/html"])])


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_the_parts_say_their_kind_charset_and_method(send: Send, method: str) -> None:
    message = send(dataclasses.replace(INVITATION, method=method)).message
    text, html, calendar = _alternatives(message)
    assert _parameters(text) == ("text/plain", {"charset": "utf-8"})
    assert _parameters(html) == ("text/html", {"charset": "utf-8"})
    assert _parameters(calendar) == ("text/calendar", {"method": method, "charset": "utf-8"})
    assert _parameters(_attachment(message)) == ("application/ics", {"name": "invite.ics"})


def test_every_part_is_base64(send: Send) -> None:
    message = send().message
    parts = [*_alternatives(message), _attachment(message)]
    assert [str(part["Content-Transfer-Encoding"]) for part in parts] == ["base64"] * 4


def test_the_calendar_among_the_alternatives_is_no_attachment_and_the_file_is_one(send: Send) -> None:
    message = send().message
    assert [part["Content-Disposition"] for part in _alternatives(message)] == [None] * 3
    attachment = _attachment(message)
    assert (attachment.get_content_disposition(), attachment.get_filename()) == ("attachment", "invite.ics")


def test_the_calendar_and_the_file_hold_the_same_bytes_that_were_built(send: Send) -> None:
    message = send().message
    assert _alternatives(message)[2].get_payload(decode=True) == CALENDAR
    assert _attachment(message).get_payload(decode=True) == CALENDAR


def test_a_long_khmer_paragraph_arrives_whole_on_short_lines(send: Send) -> None:
    received = send()
    assert len(LONG) > 3000
    assert max(len(line) for line in received.raw.split(b"\r\n")) <= 998
    text, html, _ = _alternatives(received.message)
    assert text.get_content() == LONG
    assert html.get_content() == f"<p>{LONG}</p>"


def test_the_subject_arrives_in_khmer_and_the_headers_are_ascii(send: Send) -> None:
    received = send()
    assert received.message["Subject"] == SUBJECT
    assert received.raw.partition(b"\r\n\r\n")[0].isascii()


def test_a_letter_says_who_writes_to_whom_and_that_a_machine_sent_it(send: Send) -> None:
    message = send().message
    assert [(name, str(message[name])) for name in sorted(set(message.keys()) - {"Content-Type", "Subject"})] == [
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "km"),
        ("Date", "Tue, 01 Jul 2025 12:00:00 +0000"),
        ("From", "Nalen Smith <nalen.smith@example.org>"),
        ("In-Reply-To", "<letter-0@example.org>"),
        ("MIME-Version", "1.0"),
        ("Message-ID", "<letter-1@example.org>"),
        ("References", "<letter-0@example.org>"),
        ("To", "guest@example.org"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    assert len(message.keys()) == len(set(message.keys()))


def test_a_first_letter_answers_no_other_and_a_letter_is_no_newsletter(send: Send) -> None:
    message = send(PLAIN).message
    absent = ("In-Reply-To", "References", "List-Unsubscribe", "Precedence", "Bcc", "Cc", "Reply-To")
    assert {name: message[name] for name in absent} == dict.fromkeys(absent)


def test_the_date_is_numeric_and_the_instant_at_which_the_letter_was_written(send: Send) -> None:
    dated = datetime(2025, 7, 13, 3, tzinfo=timezone(timedelta(hours=7)))
    date = str(send(PLAIN, dated=dated).message["Date"])
    assert parsedate_to_datetime(date) == dated
    assert date.split()[-1] in ("+0000", "-0000")


def test_the_same_letter_sent_again_has_the_same_message_id(send: Send) -> None:
    assert send().message["Message-ID"] == send().message["Message-ID"] == "<letter-1@example.org>"


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Nalen Smith <n@example.org>", "Nalen Smith", "n@example.org"),
        ('"Smith, Nalen" <n@example.org>', "Smith, Nalen", "n@example.org"),
        ("ណាឡែន ស្មីត <n@example.org>", "ណាឡែន ស្មីត", "n@example.org"),
        ("n@example.org", "", "n@example.org"),
    ],
)
def test_the_senders_name_is_shown_as_it_was_set(send: Send, sender: str, name: str, address: str) -> None:
    (found,) = send(PLAIN, sender=sender).message["From"].addresses
    assert (found.display_name, found.addr_spec) == (name, address)


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\r\n "])
@pytest.mark.parametrize("header", ["subject", "in_reply_to", "method"])
def test_words_that_would_add_a_header_are_not_sent(
    send: Send, mail_server: MailServer, header: str, breaks: str
) -> None:
    forged = dataclasses.replace(INVITATION, **{header: f"a{breaks}Bcc: evil@example.com"})
    with pytest.raises(ValueError, match="one line"):
        send(forged)
    assert mail_server.received == []


@pytest.mark.parametrize("header", ["recipient", "language", "message_id"])
def test_an_envelope_that_would_add_a_header_is_not_sent(send: Send, mail_server: MailServer, header: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        send(PLAIN, **{header: "a@example.org\r\nBcc: evil@example.com"})
    assert mail_server.received == []


def test_a_sender_that_would_add_a_header_is_not_used(send: Send, mail_server: MailServer) -> None:
    with pytest.raises(ValueError, match="one line"):
        send(PLAIN, sender="Nalen\r\nBcc: evil@example.com <n@example.org>")
    assert mail_server.received == []


def test_a_letter_goes_to_its_one_reader_only(send: Send, mail_server: MailServer) -> None:
    send()
    assert [received.recipient for received in mail_server.received] == ["guest@example.org"]


def _tree(part: EmailMessage) -> object:
    if not part.is_multipart():
        return part.get_content_type()
    return part.get_content_type(), [_tree(child) for child in _children(part)]


def _children(part: EmailMessage) -> list[EmailMessage]:
    return list(part.iter_parts())  # type: ignore[arg-type]


def _alternatives(message: EmailMessage) -> list[EmailMessage]:
    return _children(_children(message)[0])


def _attachment(message: EmailMessage) -> EmailMessage:
    return _children(message)[1]


def _parameters(part: EmailMessage) -> tuple[str, dict[str, str]]:
    header = part["Content-Type"]
    return header.content_type, dict(header.params)
