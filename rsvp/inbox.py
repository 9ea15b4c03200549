"""Read what comes back by mail: calendar replies and reports of letters that could not be delivered.

Takes bytes and returns values; knows no row and no mailbox. Whatever isn't for us is None.
Source:  RFC 5546 §3.2.3 (REPLY), RFC 6047 (iMIP), RFC 3464 (delivery status notifications).
"""

import email
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parseaddr

from icalendar import Calendar

PARTSTATS = frozenset({"ACCEPTED", "TENTATIVE", "DECLINED"})
LARGEST_CALENDAR = 64 * 1024
LONGEST_HEADER = 2000
MOST_PARTS = 100
MOST_LINES_LIKE_BOUNDARIES = 1000

# Python's parser needs time that grows with the square of these, and a stack as deep as the parts are nested.
_CONTENT_TYPE = re.compile(rb"(?:\A|[\r\n])content-type:[^\r\n]*(?:(?:\r\n?|\n)[ \t][^\r\n]*)*", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """What a guest's calendar answered. `sender` is the address in From, `attendee` the one in the calendar."""

    uid: str
    sequence: int
    stamped_at: datetime
    partstat: str
    attendee: str
    sender: str


@dataclass(frozen=True)
class Bounce:
    """A letter of ours that another server could not deliver: its Message-ID, and that server's words."""

    message_id: str
    words: str


class Malformed(Exception):
    """The message says that it is a reply or a report, and isn't one."""


def parse(raw: bytes) -> Reply | Bounce | None:
    """Return what a message is to us, None when it is something else.

    Raises:  Malformed.
    """
    _refuse_mazes(raw)
    try:
        # The older policy: the newer one reads headers in a time that grows with their square.
        message = email.message_from_bytes(raw)
        if message.get_content_type() == "multipart/report":
            return _bounce(message)
        for part in message.walk():
            is_reply = str(part.get_param("method", "")).upper() == "REPLY"
            if part.get_content_type() == "text/calendar" and is_reply:
                return _reply(_decoded(part), sender=_sender(message))
    except Malformed:
        raise
    except Exception as error:  # strangers write to this mailbox: nothing they send may stop the reading
        raise Malformed(type(error).__name__) from error
    return None


def _refuse_mazes(raw: bytes) -> None:
    kinds = _CONTENT_TYPE.findall(raw)
    if len(kinds) > MOST_PARTS or raw.count(b"\n--") > MOST_LINES_LIKE_BOUNDARIES:
        raise Malformed("too many parts")
    if any(len(kind) > LONGEST_HEADER for kind in kinds):
        raise Malformed("a header too long")


def _sender(message: Message) -> str:
    senders = message.get_all("From", [])
    if len(senders) != 1 or len(str(senders[0])) > LONGEST_HEADER:
        raise Malformed("not one From")
    return _plain(parseaddr(str(senders[0]))[1])


def _reply(body: bytes, *, sender: str) -> Reply:
    if len(body) > LARGEST_CALENDAR:
        raise Malformed("too large")
    calendar = Calendar.from_ical(body)
    found = calendar.walk("VEVENT")
    if str(calendar.get("METHOD", "")).upper() != "REPLY" or len(found) != 1:
        raise Malformed("not one REPLY")
    event = found[0]
    attendee, uid = event.get("ATTENDEE"), event.get("UID")
    if attendee is None or isinstance(attendee, list) or uid is None or isinstance(uid, list):
        raise Malformed("not one ATTENDEE and UID")
    partstat = str(attendee.params.get("PARTSTAT", "")).upper()
    stamped_at = event.decoded("DTSTAMP")
    if partstat not in PARTSTATS or not isinstance(stamped_at, datetime):
        raise Malformed("a property is missing")
    return Reply(
        uid=_plain(str(uid)),
        sequence=int(event.get("SEQUENCE", 0)),
        stamped_at=_in_utc(stamped_at),
        partstat=partstat,
        attendee=_address(_plain(str(attendee))),
        sender=sender,
    )


def _in_utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _plain(words: str) -> str:
    """Return words that a database can look for.

    Raises:  Malformed.
    """
    if not words.isprintable():
        raise Malformed("a control character")
    return words.strip()


def _decoded(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _address(uri: str) -> str:
    """Return the address of a calendar user; Outlook writes it in quotes at times."""
    address = uri[len("mailto:") :] if uri.lower().startswith("mailto:") else uri
    return address.strip(" '\"<>")


def _bounce(message: Message) -> Bounce | None:
    """Return which letter failed; None for reports of delays and of success, and for receipts of reading."""
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return None
    words, message_id = "", ""
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            failed = [block for block in _blocks(part) if str(block.get("Action", "")).strip().lower() == "failed"]
            if not failed:
                return None
            words = _words(str(failed[0].get("Diagnostic-Code") or failed[0].get("Status") or ""))
        elif kind in ("message/rfc822", "text/rfc822-headers"):
            message_id = _original_id(part)
    if not words or not message_id:
        raise Malformed("a report without what failed")
    return Bounce(message_id=_plain(message_id), words=words)


def _words(said: str) -> str:
    """Return another server's words on one line, without what a page couldn't show."""
    line = " ".join(said.split()).encode("utf-8", "replace").decode()
    return "".join(character for character in line if character.isprintable())[:LONGEST_HEADER]


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _original_id(part: Message) -> str:
    blocks = _blocks(part)
    original = blocks[0] if blocks else email.message_from_bytes(_decoded(part))
    return str(original.get("Message-ID", "")).strip()
