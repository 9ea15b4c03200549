"""Messages as calendars and mail servers write them back to an organizer, with the names exchanged."""

import base64
import quopri
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """What a guest's calendar says."""

    uid: str
    partstat: str = "ACCEPTED"
    sender: str = "sok@example.org"
    attendee: str = "sok@example.org"
    sequence: int = 0
    stamp: str = "20250702T101500Z"


Writer = Callable[[Answer], bytes]
BounceWriter = Callable[[str], bytes]


def google(answer: Answer) -> bytes:
    """Google Calendar: the calendar as a third alternative, in 7 bits, and once more as a file."""
    body = _calendar(
        "PRODID:-//Google Inc//Google Calendar 70.9054//EN",
        answer,
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={answer.partstat};CN=Sok\r\n"
        f"  Dara;X-NUM-GUESTS=0:mailto:{answer.attendee}",
        extra="CALSCALE:GREGORIAN",
    )
    return _message(
        f"From: Sok Dara <{answer.sender}>",
        "Reply-To: Sok Dara <sok@example.org>",
        "Sender: Google Calendar <calendar-notification@google.example>",
        'Content-Type: multipart/mixed; boundary="000000000000b1"',
        body=_parts(
            "000000000000b1",
            'Content-Type: multipart/alternative; boundary="000000000000a1"\r\n\r\n'
            + _parts(
                "000000000000a1",
                'Content-Type: text/plain; charset="UTF-8"; format=flowed; delsp=yes\r\n'
                "Content-Transfer-Encoding: base64\r\n\r\n" + _base64("Sok Dara has replied to this invitation"),
                'Content-Type: text/html; charset="UTF-8"\r\n'
                "Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>yes</p>",
                'Content-Type: text/calendar; charset="UTF-8"; method=REPLY\r\nContent-Transfer-Encoding: 7bit\r\n\r\n'
                + body,
            ),
            'Content-Type: application/ics; name="invite.ics"\r\n'
            'Content-Disposition: attachment; filename="invite.ics"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n" + _base64(body),
        ),
    )


def outlook(answer: Answer) -> bytes:
    """Outlook by Exchange: base64, its own zone, MAILTO in capitals, the name in quotes."""
    zone = (
        "BEGIN:VTIMEZONE\r\nTZID:Eastern Standard Time\r\n"
        "BEGIN:STANDARD\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\n"
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=1SU;BYMONTH=11\r\nEND:STANDARD\r\n"
        "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\n"
        "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=2SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE"
    )
    body = _calendar(
        "PRODID:Microsoft Exchange Server 2010",
        answer,
        f"ATTENDEE;PARTSTAT={answer.partstat};CN=\"'{answer.attendee}'\":MAILTO:{answer.attendee.upper()}",
        extra=zone,
        start="DTSTART;TZID=Eastern Standard Time:20250712T160000",
    ).replace("END:VEVENT", "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\r\nX-MICROSOFT-CDO-APPT-SEQUENCE:0\r\nEND:VEVENT")
    return _message(
        f'From: "Sok, Dara" <{answer.sender}>',
        "X-MS-Has-Attach:",
        'Content-Type: multipart/alternative;\r\n\tboundary="_000_AS8PR01MB_"',
        body=_parts(
            "_000_AS8PR01MB_",
            'Content-Type: text/plain; charset="iso-8859-1"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\r\n',
            'Content-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\n" + _base64(body),
        ),
    )


def apple(answer: Answer) -> bytes:
    """Apple Mail: quoted-printable, the calendar an attachment with a name."""
    body = _calendar(
        "PRODID:-//Apple Inc.//macOS 14.5//EN",
        answer,
        f'ATTENDEE;CN="Sok Dara";CUTYPE=INDIVIDUAL;EMAIL="{answer.attendee}";'
        f"PARTSTAT={answer.partstat}:mailto:{answer.attendee}",
        extra="CALSCALE:GREGORIAN",
    )
    encoded = quopri.encodestring(body.encode(), quotetabs=False).decode()
    return _message(
        f"From: Sok Dara <{answer.sender}>",
        "Content-Type: multipart/mixed;\r\n boundary=Apple-Mail-5C2D",
        body=_parts(
            "Apple-Mail-5C2D",
            "Content-Type: text/plain;\r\n charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\nSok Dara=C2=A0yes",
            "Content-Disposition: attachment;\r\n filename=iCal-20250702-101500.ics\r\n"
            "Content-Type: text/calendar;\r\n charset=utf-8;\r\n method=REPLY;\r\n name=iCal-20250702-101500.ics\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encoded,
        ),
    )


def bare(calendar: bytes, *, sender: str = "sok@example.org", charset: str = "utf-8") -> bytes:
    """A reply that is nothing but its calendar, whatever stands in it."""
    head = (
        f"From: {sender}\r\nTo: nalen.smith@example.org\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/calendar; method=REPLY; charset={charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    return head.encode() + base64.encodebytes(calendar).replace(b"\n", b"\r\n")


def calendar(answer: Answer) -> str:
    """The smallest calendar object that is a whole answer."""
    return _calendar("PRODID:-//Somebody//EN", answer, f"ATTENDEE;PARTSTAT={answer.partstat}:mailto:{answer.attendee}")


def postfix_bounce(message_id: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """A delivery status notification of Postfix, with the headers of the letter that it is about."""
    said = "550 5.1.1 <sok@example.org>: Recipient address rejected:\r\n    User unknown in virtual mailbox table"
    return _message(
        "Return-Path: <>",
        "From: MAILER-DAEMON@mail.example.org (Mail Delivery System)",
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="4Wx1.1719915300/mail"',
        body=_parts(
            "4Wx1.1719915300/mail",
            "Content-Description: Notification\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry.",
            "Content-Description: Delivery report\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mail.example.org\r\nX-Postfix-Queue-ID: 4Wx1\r\n"
            "X-Postfix-Sender: rfc822; nalen.smith@example.org\r\nArrival-Date: Wed,  2 Jul 2025 10:15:00 +0000\r\n\r\n"
            "Final-Recipient: rfc822; sok@example.org\r\nOriginal-Recipient: rfc822;sok@example.org\r\n"
            f"Action: {action}\r\nStatus: {status}\r\nRemote-MTA: dns; mx.example.org\r\n"
            f"Diagnostic-Code: smtp; {said}",
            "Content-Description: Undelivered Message Headers\r\nContent-Type: text/rfc822-headers\r\n\r\n"
            f"Subject: Your place\r\nMessage-ID: {message_id}\r\nFrom: nalen.smith@example.org",
        ),
    )


def exchange_bounce(message_id: str) -> bytes:
    """A delivery status notification of Exchange, with the whole letter that it is about."""
    return _message(
        "From: <postmaster@example.org>",
        'Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="9B095B5ADSN=_01DACC=mail"',
        "X-MS-Exchange-Message-Is-Ndr:",
        body=_parts(
            "9B095B5ADSN=_01DACC=mail",
            'Content-Type: multipart/alternative; differences=Content-Type;\r\n\tboundary="b2_=_"\r\n\r\n'
            + _parts("b2_=_", 'Content-Type: text/plain; charset="us-ascii"\r\n\r\nDelivery has failed'),
            "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns;AS8PR01MB.example.org\r\n"
            "Received-From-MTA: dns;mail.example.org\r\n\r\nFinal-Recipient: rfc822;sok@example.org\r\n"
            "Action: failed\r\nStatus: 5.1.10\r\n"
            "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found by SMTP address lookup",
            "Content-Type: message/rfc822\r\n\r\nFrom: nalen.smith@example.org\r\nTo: sok@example.org\r\n"
            f"Message-ID: {message_id}\r\nSubject: Your place\r\nContent-Type: text/plain\r\n\r\nwords",
        ),
    )


def read_receipt(message_id: str) -> bytes:
    """A notice that somebody opened a letter, which is a report too."""
    return _message(
        "From: sok@example.org",
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="mdn"',
        body=_parts(
            "mdn",
            "Content-Type: text/plain\r\n\r\nIt was displayed.",
            "Content-Type: message/disposition-notification\r\n\r\nFinal-Recipient: rfc822;sok@example.org\r\n"
            f"Original-Message-ID: {message_id}\r\nDisposition: manual-action/MDN-sent-manually; displayed",
        ),
    )


def _calendar(
    prodid: str, answer: Answer, attendee: str, *, extra: str = "", start: str = "DTSTART:20250712T200000Z"
) -> str:
    lines = ["BEGIN:VCALENDAR", prodid, "VERSION:2.0", "METHOD:REPLY", extra, "BEGIN:VEVENT", start]
    lines += [
        "DTEND:20250712T220000Z",
        f"DTSTAMP:{answer.stamp}",
        "ORGANIZER;CN=Nalen Smith:mailto:nalen.smith@example.org",
    ]
    lines += [f"UID:{answer.uid}", attendee, f"SEQUENCE:{answer.sequence}", "STATUS:CONFIRMED", "TRANSP:OPAQUE"]
    lines += ["SUMMARY:Democracy", "END:VEVENT", "END:VCALENDAR", ""]
    return "\r\n".join(line for line in lines if line) + "\r\n"


def _message(*headers: str, body: str) -> bytes:
    head = ["To: nalen.smith@example.org", "Subject: Re: Your place", "MIME-Version: 1.0", *headers]
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()


def _parts(boundary: str, *parts: str) -> str:
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"


def _base64(text: str) -> str:
    return base64.encodebytes(text.encode()).decode().replace("\n", "\r\n")
