"""Keep letters until they have left, and carry them to the mail server: the only part that speaks SMTP.

The table is the truth. It never decides what a letter says or whether one is due.
"""

import json
import logging
import smtplib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

import config
from rsvp import tokens
from rsvp.db import db, transaction
from rsvp.messages import Connection, Envelope, Parts, compose
from rsvp.models.letter import Letter, LetterKind, LetterState

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
BATCH = 20
# The waits after each temporary failure; after the last one the letter has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360, 360))

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Draft:
    """A letter before it has a place in the outbox."""

    kind: LetterKind
    language: str
    recipient: str
    parts: Parts
    participant_id: int
    rsvp_id: int | None = None


def add(draft: Draft, *, at: datetime) -> Letter:
    """Put a letter into the outbox, in the transaction of the act that it tells of."""
    letter = Letter(
        public_id=tokens.new_public_id(),
        kind=draft.kind,
        language=draft.language,
        participant_id=draft.participant_id,
        rsvp_id=draft.rsvp_id,
        recipient=draft.recipient,
        content=json.dumps(asdict(draft.parts), ensure_ascii=False),
        created_at=at,
        due_at=at,
    )
    db.session.add(letter)
    return letter


def message_id(letter: Letter) -> str:
    """Return the letter's Message-ID: the same at every attempt."""
    return f"<{letter.public_id}@{config.current().host}>"


def deliver(now: Now) -> int:
    """Send every letter that is due and return how many left.

    A letter that is refused, or that can't be made, doesn't stop the others; a mail server that can't be
    reached defers the ones at hand. Each letter's state is committed before and after it is sent.
    """
    sent = 0
    while claimed := claim(now()):
        sent += _send_all(claimed, now)
    return sent


def why_unreachable() -> str | None:
    """Return the kind of error that keeps the mail server from being used, or None when it answers."""
    try:
        _close(_open())
    except (smtplib.SMTPException, OSError) as error:
        return type(error).__name__
    return None


def claim(at: datetime) -> list[int]:
    """Mark the letters that are due as `sending` with a lease, and return their ids.

    Only ids are read: a row that can't be decrypted must not keep the others here.
    """
    is_due = and_(Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)), Letter.due_at <= at)
    is_left = and_(Letter.state == LetterState.SENDING, Letter.leased_until <= at)
    due = select(Letter.id).where(or_(is_due, is_left)).order_by(Letter.id).limit(BATCH)
    with transaction():
        ids = list(db.session.scalars(due.with_for_update(skip_locked=True)))
        claim = update(Letter).where(Letter.id.in_(ids))
        db.session.execute(
            claim.values(state=LetterState.SENDING, leased_until=at + LEASE, attempts=Letter.attempts + 1)
        )
    return ids


def _send_all(ids: list[int], now: Now) -> int:
    """Send the letters over one connection as long as it holds, and return how many left."""
    sent = 0
    connection: Connection | None = None
    for position, letter_id in enumerate(ids):
        try:
            connection = connection or _open()
        except (smtplib.SMTPException, OSError) as error:
            for waiting in ids[position:]:
                _defer(waiting, error, at=now())
            return sent
        try:
            _send(letter_id, connection)
        except smtplib.SMTPException as error:
            _answer(letter_id, error, at=now())
            connection = _usable(connection)
        except OSError as error:
            _defer(letter_id, error, at=now())
            connection = _usable(connection)
        except Exception as error:  # a letter that can't be made must not stop the queue
            _fail(letter_id, type(error).__name__)
        else:
            _mark_sent(letter_id, at=now())
            sent += 1
    _close(connection)
    return sent


def _open() -> Connection:
    connection = Connection(config.current())
    connection.host = connection.configure_host()
    return connection


def _send(letter_id: int, connection: Connection) -> None:
    with transaction():
        letter = db.session.get_one(Letter, letter_id)
        envelope = Envelope(
            recipient=letter.recipient or "",
            language=letter.language,
            message_id=message_id(letter),
            dated=letter.created_at,
        )
        parts = Parts(**json.loads(letter.content or ""))
    connection.send(compose(parts, envelope, sender=config.current().mail_default_sender))


def _mark_sent(letter_id: int, *, at: datetime) -> None:
    _write(letter_id, state=LetterState.SENT, sent_at=at, recipient=None, content=None, error=None)


def _answer(letter_id: int, error: smtplib.SMTPException, *, at: datetime) -> None:
    """Fail a letter that the server refuses for good (5yz to its address or its text); defer it otherwise.

    A refusal of our own sign-in or sender says nothing about the letter.
    """
    code, words = 0, str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        words = f"{code} {_decoded(said)}"
    elif isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
        words = f"{code} {_decoded(error.smtp_error)}"
    if 500 <= code < 600:
        _fail(letter_id, words)
    else:
        _defer(letter_id, words, at=at)


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _defer(letter_id: int, error: object, *, at: datetime) -> None:
    attempts = db.session.scalars(select(Letter.attempts).where(Letter.id == letter_id)).one()
    if attempts > len(WAITS):
        _fail(letter_id, str(error))
        return
    _write(letter_id, state=LetterState.DEFERRED, due_at=at + WAITS[attempts - 1], error=str(error))
    log.warning("letter deferred id=%s attempts=%s", letter_id, attempts)


def _fail(letter_id: int, words: str) -> None:
    _write(letter_id, state=LetterState.FAILED, error=words)
    log.warning("letter failed id=%s", letter_id)


def _write(letter_id: int, **values: object) -> None:
    with transaction():
        db.session.execute(update(Letter).where(Letter.id == letter_id).values(leased_until=None, **values))


def _usable(connection: Connection | None) -> Connection | None:
    """Return the connection if the next letter can go over it; a lost one is closed and opened anew."""
    try:
        if connection is not None and connection.host is not None:
            code, _ = connection.host.rset()
            if code == 250:
                return connection
    except (smtplib.SMTPException, OSError):
        pass
    _close(connection)
    return None


def _close(connection: Connection | None) -> None:
    try:
        if connection is not None:
            connection.__exit__(None, None, None)  # type: ignore[arg-type]
    except (smtplib.SMTPException, OSError):
        log.info("mail server closed the connection first")
