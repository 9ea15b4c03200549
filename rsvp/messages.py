"""Turn a letter's parts into the MIME message that every mail client reads, and carry it to a mail server.

Flask-Mail 0.10 spoils Khmer, calendars, certificates and time-outs, so the message is written here and only the
connection is its own. Decides nothing about letters.
Source:  RFC 5322, RFC 2046, RFC 6047 (iMIP).
"""

import base64
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime, formataddr, parseaddr
from functools import lru_cache

import flask_mail
from flask import current_app

from config import Settings

_LINE = re.compile(b".{1,76}")
FILE = 'attachment; filename="invite.ics"'


@dataclass(frozen=True)
class Parts:
    """What a letter says. `calendar` is an iCalendar object whose METHOD is `method`."""

    subject: str
    text: str
    html: str
    calendar: str | None = None
    method: str | None = None
    in_reply_to: str | None = None


@dataclass(frozen=True)
class Envelope:
    """To whom a letter goes, in which language, and under which Message-ID and Date."""

    recipient: str
    language: str
    message_id: str
    dated: datetime


@dataclass(frozen=True)
class Message:
    """A letter as it travels, from one address to one address."""

    sender: str
    recipient: str
    raw: bytes


def compose(parts: Parts, envelope: Envelope, *, sender: str) -> Message:
    """Return the message: alternatives first, the calendar last among them and again as a file.

    The same letter is the same bytes at every attempt. Every part is base64: a Khmer paragraph passes the 998 octets
    of a line, and no part can hold the line between the parts, which has an underscore.
    Raises:  ValueError when what goes into a header has more than one line, or an address can't be written in ASCII.
    """
    _refuse_line_breaks(parts.subject, parts.method, parts.in_reply_to, sender)
    _refuse_line_breaks(envelope.recipient, envelope.language, envelope.message_id)
    sender_line, address = _from(sender)
    recipient = _ascii(envelope.recipient)
    boundary = "=_" + envelope.message_id.strip("<>").partition("@")[0]
    alternatives = [
        _part('text/plain; charset="utf-8"', _encoded(parts.text)),
        _part('text/html; charset="utf-8"', _encoded(parts.html)),
    ]
    files = []
    if parts.calendar:
        # The last of the alternatives: Outlook and Gmail show it as an invitation only there.
        calendar = _encoded(parts.calendar)
        alternatives.append(_part(f'text/calendar; charset="utf-8"; method={parts.method}', calendar))
        files.append(_part('application/ics; name="invite.ics"', calendar, disposition=FILE))
    headers = {
        "Content-Type": f'multipart/mixed; boundary="{boundary}_0"',
        "MIME-Version": "1.0",
        "Subject": _folded("Subject", parts.subject),
        "From": sender_line,
        "To": recipient,
        "Date": format_datetime(envelope.dated.astimezone(UTC)),
        "Message-ID": envelope.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "Content-Language": envelope.language,
    }
    if parts.in_reply_to:
        headers |= {"In-Reply-To": parts.in_reply_to, "References": parts.in_reply_to}
    inner = _multipart(
        {"Content-Type": f'multipart/alternative; boundary="{boundary}_1"'}, boundary + "_1", alternatives
    )
    return Message(address, recipient, _multipart(headers, boundary + "_0", [inner, *files]))


@lru_cache(maxsize=1)
def _from(sender: str) -> tuple[str, str]:
    """Return the sender as a header holds it, and the address alone."""
    name, address = parseaddr(sender)
    address = _ascii(address)
    return formataddr((name, address)) if name.isascii() else f"{_folded('From', name)}\r\n <{address}>", address


def _multipart(headers: Mapping[str, str], boundary: str, parts: list[bytes]) -> bytes:
    line = f"\r\n--{boundary}".encode()
    return _head(headers) + b"".join(line + b"\r\n" + part for part in parts) + line + b"--\r\n"


def _part(kind: str, encoded: bytes, *, disposition: str | None = None) -> bytes:
    headers = {"Content-Type": kind, "Content-Transfer-Encoding": "base64"}
    if disposition:
        headers["Content-Disposition"] = disposition
    return _head(headers) + b"\r\n" + encoded


def _encoded(text: str) -> bytes:
    """Return a text in base64, in lines of 76 octets (RFC 2045 §6.8)."""
    return b"\r\n".join(_LINE.findall(base64.b64encode(text.encode())))


def _head(headers: Mapping[str, str]) -> bytes:
    return "".join(f"{name}: {words}\r\n" for name, words in headers.items()).encode("ascii")


@lru_cache(maxsize=256)
def _folded(header: str, words: str) -> str:
    """Return words as a header holds them, in lines of up to 76 octets (RFC 2047 §2): the same in many letters."""
    charset = "us-ascii" if words.isascii() else "utf-8"
    return Header(words, charset, header_name=header).encode(linesep="\r\n")


def _ascii(address: str) -> str:
    if address.isascii():
        return address
    local, _, domain = address.rpartition("@")
    return f"{local.encode('ascii').decode()}@{domain.encode('idna').decode()}"


def _refuse_line_breaks(*headers: str | None) -> None:
    if any("\r" in words or "\n" in words for words in headers if words):
        raise ValueError("a header has one line")


class Connection(flask_mail.Connection):
    """A connection that checks the server's certificate and gives up in time."""

    def __init__(self, settings: Settings):
        super().__init__(current_app.extensions["mail"])
        self._settings = settings

    def send(self, message: Message) -> None:  # type: ignore[override]
        """Hand a message over.

        Flask-Mail's own would write it anew, by a policy that reads every header again, and ask the name server for
        our name each time.
        Raises:  SMTPException, OSError.
        """
        assert self.host is not None
        self.host.sendmail(message.sender, [message.recipient], message.raw)

    def configure_host(self) -> smtplib.SMTP:
        """Return a server that has been greeted and, where asked for, signed in to."""
        host = self._open()
        try:
            if self._settings.mail_use_tls:
                host.starttls(context=ssl.create_default_context())
            if self._settings.mail_username and self._settings.mail_password:
                host.login(self._settings.mail_username, self._settings.mail_password)
        except BaseException:
            host.close()
            raise
        return host

    def _open(self) -> smtplib.SMTP:
        server, port = self._settings.mail_server, self._settings.mail_port
        timeout = self._settings.mail_timeout_seconds
        if self._settings.mail_use_ssl:
            return smtplib.SMTP_SSL(server, port, timeout=timeout, context=ssl.create_default_context())
        return smtplib.SMTP(server, port, timeout=timeout)
