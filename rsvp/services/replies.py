"""Take in what comes back by mail: what calendars answer, and which letters bounced.

A calendar's No frees no place: the desk shows it, and the guest is asked. What isn't ours stays unread.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

import config
from rsvp import inbox
from rsvp.db import db, transaction
from rsvp.inbox import Bounce, Malformed, Reply
from rsvp.models.invitation import Invitation
from rsvp.models.letter import Letter, LetterKind, LetterState
from rsvp.models.rsvp import State
from rsvp.models.tally import Tally
from rsvp.services import addresses, letters, tallies

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 30
MOST = 500
LARGEST = 512 * 1024
AHEAD = timedelta(days=1)  # a guest's clock may be wrong; an answer from next year would outdate all later ones
# The name of the count that remembers the UID of the message read last, before the mailbox's UIDVALIDITY.
READ_SO_FAR = "mailbox read up to"


class Outcome(StrEnum):
    """What became of a message; also the name of its count."""

    RECORDED = "reply recorded"
    FOREIGN = "reply foreign"  # no invitation of ours has that UID
    FORGED = "reply forged"  # not from who was invited
    STALE = "reply stale"  # older than what we know
    MALFORMED = "reply malformed"
    BOUNCED = "letter bounced"
    OTHER = "other mail"


HANDLED = frozenset({Outcome.RECORDED, Outcome.STALE, Outcome.BOUNCED})


def collect(*, at: datetime) -> dict[Outcome, int]:
    """Read what is new in the mailbox of `IMAP_URL`; return how many messages came to which end.

    Each message is its own transaction, and is marked as read only after it, and only if it was for us. A connection
    that is lost on the way ends the reading; the rest is read the next time.
    """
    found: dict[Outcome, int] = {}
    with _mailbox() as (mailbox, mark):
        try:
            for number in _new(mailbox, _read_so_far(mark)):
                outcome = _take_in(_fetch(mailbox, number), number, mark, at=at)
                found[outcome] = found.get(outcome, 0) + 1
                if outcome in HANDLED:
                    mailbox.add_flags([number], [SEEN])
        except (IMAPClientError, OSError) as error:
            log.warning("reply mailbox lost on the way error=%s", type(error).__name__)
    return found


def take_in(raw: bytes, *, at: datetime) -> Outcome:
    """Record what one message says, in the transaction at hand."""
    try:
        parsed = inbox.parse(raw)
    except Malformed:
        return Outcome.MALFORMED
    if isinstance(parsed, Reply):
        return _record(parsed, at=at)
    if isinstance(parsed, Bounce):
        return _bounce(parsed)
    return Outcome.OTHER


def _take_in(raw: bytes, number: int, mark: str, *, at: datetime) -> Outcome:
    """Take in one message and remember that it was read, in one transaction: each is counted once."""
    try:
        with transaction():
            outcome = take_in(raw, at=at)
            _count(outcome, number, mark)
    except OperationalError:
        raise
    except Exception as error:  # strangers write to this mailbox: nothing they send may stop the reading
        log.warning("message not understood error=%s", type(error).__name__)
        outcome = Outcome.MALFORMED
        with transaction():
            _count(outcome, number, mark)
    return outcome


def _count(outcome: Outcome, number: int, mark: str) -> None:
    if outcome != Outcome.OTHER:
        tallies.count(outcome)
    db.session.merge(Tally(name=mark, count=number))


def _read_so_far(mark: str) -> int | None:
    """Return the UID of the message that was read last, None before the first one."""
    db.session.rollback()
    return db.session.scalars(select(Tally.count).where(Tally.name == mark)).one_or_none()


def _new(mailbox: IMAPClient, last: int | None) -> list[int]:
    """Return the UIDs of the messages to read: the unread ones at first, later those that came after the last one.

    Source:  RFC 3501 §2.3.1.1: UIDs rise. `n:*` names the newest message also when its UID is below n.
    """
    if last is None:
        found = mailbox.search("UNSEEN")
    else:
        found = [number for number in mailbox.search(["UID", f"{last + 1}:*"]) if number > last]
    return sorted(found)[:MOST]


def _record(reply: Reply, *, at: datetime) -> Outcome:
    chosen = select(Invitation).where(Invitation.uid == reply.uid).with_for_update()
    invitation = db.session.scalars(chosen).one_or_none()
    if invitation is None:
        return Outcome.FOREIGN
    person = invitation.rsvp.participant
    if not all(_is_theirs(address, person.email_index) for address in (reply.attendee, reply.sender)):
        return Outcome.FORGED
    if reply.stamped_at > at + AHEAD:
        return Outcome.MALFORMED
    is_old = invitation.replied_at is not None and reply.stamped_at <= invitation.replied_at
    if invitation.rsvp.state != State.APPROVED or reply.sequence != invitation.sequence or is_old:
        return Outcome.STALE
    was = invitation.partstat
    invitation.partstat, invitation.replied_at = reply.partstat, reply.stamped_at
    if reply.partstat == "DECLINED" and was != "DECLINED":
        letters.send(LetterKind.REGRET, invitation.rsvp, at=at)
    return Outcome.RECORDED


def _is_theirs(address: str, index: str) -> bool:
    known = addresses.normalise(address)
    return known is not None and addresses.index(known) == index


def _bounce(bounce: Bounce) -> Outcome:
    public_id = bounce.message_id.strip("<>").partition("@")[0]
    letter = db.session.scalars(select(Letter).where(Letter.public_id == public_id)).one_or_none()
    if letter is None or bounce.message_id != f"<{public_id}@{config.current().host}>":
        return Outcome.FOREIGN
    if letter.state != LetterState.SENT:
        return Outcome.STALE
    letter.state = LetterState.BOUNCED
    letter.error = bounce.words if letter.participant_id else None  # they may name who was erased
    return Outcome.BOUNCED


@contextmanager
def _mailbox() -> Iterator[tuple[IMAPClient, str]]:
    """Open the mailbox that `IMAP_URL` names: `imaps://user:password@host:port/folder`.

    With it comes the name of the count that remembers how far it was read: UIDs hold for one UIDVALIDITY only.
    """
    url = urlsplit(config.current().imap_url or "")
    is_encrypted = url.scheme == "imaps"
    client = IMAPClient(url.hostname, port=url.port, ssl=is_encrypted, timeout=TIMEOUT_SECONDS)
    try:
        client.login(unquote(url.username or ""), unquote(url.password or ""))
        selected = client.select_folder(unquote(url.path.strip("/")) or "INBOX")
        yield client, f"{READ_SO_FAR} {selected[b'UIDVALIDITY']}"
    finally:
        _leave(client)


def _leave(client: IMAPClient) -> None:
    try:
        client.logout()
    except (IMAPClientError, OSError):
        with suppress(OSError):
            client.shutdown()


def _fetch(mailbox: IMAPClient, number: int) -> bytes:
    """Return the beginning of a message, all of it unless it is huge, without marking it as read.

    A message that is gone by now comes as nothing, which is nothing to us.
    """
    fetched = mailbox.fetch([number], [f"BODY.PEEK[]<0.{LARGEST}>"])
    raw: bytes = fetched.get(number, {}).get(b"BODY[]<0>") or b""
    return raw
