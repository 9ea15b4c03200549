"""Read the demo's mailbox: the letters that its SMTP server stored, as their readers' programs show them.

Only reads; a letter is stored by aiosmtpd and kept until somebody deletes the folder.
Source:  https://cr.yp.to/proto/maildir.html for the folder, RFC 5322 and RFC 2046 for the letters.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime
from pathlib import Path

FOLDER = "mail"
ARRIVED = "new"
NEWEST = 200


@dataclass(frozen=True)
class StoredLetter:
    """One letter. `recipient` is whom the server was told to give it to; `calendar` is the .ics itself."""

    key: str
    recipient: str
    sender: str
    subject: str
    language: str
    dated_at: datetime | None
    text: str
    html: str | None
    calendar: bytes | None


def newest(folder: Path) -> list[StoredLetter]:
    """Return the letters that arrived last, newest first."""
    return [_read(file) for file in _files(folder)[:NEWEST]]


def named(folder: Path, key: str) -> StoredLetter | None:
    """Return the letter with that key, or None when there is none."""
    return next((_read(file) for file in _files(folder) if _key(file) == key), None)


def _files(folder: Path) -> list[Path]:
    """Return the stored letters, newest first."""
    arrived = folder / ARRIVED
    files = [file for file in arrived.iterdir() if file.is_file()] if arrived.is_dir() else []
    return sorted(files, key=_arrival, reverse=True)


def _arrival(file: Path) -> list[int]:
    """Return the second, microsecond, process and count that begin a letter's file name, in no fixed width."""
    return [int(number) for number in re.findall(r"\d+", file.name)[:4]]


def _key(file: Path) -> str:
    """Return a name for addresses: nothing of what is asked for ever becomes part of a path."""
    return hashlib.sha256(file.name.encode()).hexdigest()[:20]


def _read(file: Path) -> StoredLetter:
    message = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read_bytes())
    return StoredLetter(
        key=_key(file),
        recipient=str(message["X-RcptTo"] or message["To"] or ""),
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        language=str(message["Content-Language"] or ""),
        dated_at=_dated_at(message),
        text=_body(message, "plain") or "",
        html=_body(message, "html"),
        calendar=_calendar(message),
    )


def _dated_at(message: EmailMessage) -> datetime | None:
    try:
        return parsedate_to_datetime(str(message["Date"]))
    except ValueError:
        return None


def _body(message: EmailMessage, subtype: str) -> str | None:
    part = message.get_body((subtype,))
    return str(part.get_content()) if isinstance(part, EmailMessage) else None


def _calendar(message: EmailMessage) -> bytes | None:
    found = (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/calendar")
    return next((body for body in found if isinstance(body, bytes)), None)
