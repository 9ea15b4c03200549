"""Turn a letter's parts into the MIME message that every mail client reads, and carry it to a mail server.

Corrects what Flask-Mail 0.10 does to Khmer, calendars, certificates and time-outs; decides nothing about letters.
Source:  RFC 5322, RFC 2046, RFC 6047 (iMIP).
"""

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.encoders import encode_base64
from email.mime.nonmultipart import MIMENonMultipart
from typing import Any

import flask_mail
from flask import current_app

from config import Settings


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


class _Message(flask_mail.Message):
    """A message whose text parts are base64: a Khmer paragraph passes the 998 octets of a line."""

    def _mimetext(self, text: str | None, subtype: str = "plain") -> Any:
        kind, _, method = subtype.partition("; method=")
        part = MIMENonMultipart("text", kind, charset="utf-8")
        if method:
            part.set_param("method", method)
        part.set_payload((text or "").encode())
        encode_base64(part)
        return part


def compose(parts: Parts, envelope: Envelope, *, sender: str) -> flask_mail.Message:
    """Return the message: alternatives first, the calendar last among them and again as a file.

    Raises:  ValueError when what goes into a header has more than one line: Flask-Mail checks some headers only.
    """
    _refuse_line_breaks(parts.subject, parts.method, parts.in_reply_to, sender)
    _refuse_line_breaks(envelope.recipient, envelope.language, envelope.message_id)
    message = _Message(
        subject=parts.subject,
        recipients=[envelope.recipient],
        body=parts.text,
        html=parts.html,
        # As a string: Flask-Mail takes it apart and encodes the name, which must not be encoded already.
        sender=sender,
        date=envelope.dated.timestamp(),
        extra_headers={
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "OOF, AutoReply",
            "Content-Language": envelope.language,
        },
    )
    message.msgId = envelope.message_id
    if parts.in_reply_to and message.extra_headers is not None:
        message.extra_headers |= {"In-Reply-To": parts.in_reply_to, "References": parts.in_reply_to}
    if parts.calendar:
        # Given to the constructor, the calendar would come before the HTML.
        message.alts[f"calendar; method={parts.method}"] = parts.calendar
        # A str here would turn Khmer into \\u escapes.
        message.attach("invite.ics", 'application/ics; name="invite.ics"', parts.calendar.encode())
    return message


def _refuse_line_breaks(*headers: str | None) -> None:
    if any("\r" in words or "\n" in words for words in headers if words):
        raise ValueError("a header has one line")


class Connection(flask_mail.Connection):
    """A connection that checks the server's certificate and gives up in time."""

    def __init__(self, settings: Settings):
        super().__init__(current_app.extensions["mail"])
        self._settings = settings

    def configure_host(self) -> smtplib.SMTP:
        """Return a server that has been greeted and, where asked for, signed in to."""
        host = self._open()
        if self._settings.mail_use_tls:
            host.starttls(context=ssl.create_default_context())
        if self._settings.mail_username and self._settings.mail_password:
            host.login(self._settings.mail_username, self._settings.mail_password)
        return host

    def _open(self) -> smtplib.SMTP:
        server, port = self._settings.mail_server, self._settings.mail_port
        timeout = self._settings.mail_timeout_seconds
        if self._settings.mail_use_ssl:
            return smtplib.SMTP_SSL(server, port, timeout=timeout, context=ssl.create_default_context())
        return smtplib.SMTP(server, port, timeout=timeout)
