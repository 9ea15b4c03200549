"""Keep letters until they have left, and carry them to the mail server: the only part that speaks SMTP.

The table is the truth. It never decides what a letter says or whether one is due. Each letter's state is committed
before and after it is sent, so that a worker that dies loses nothing and repeats at most the letter in its hands.
"""

import json
import logging
import smtplib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import bindparam, select, update

import config
from rsvp import tokens
from rsvp.db import cipher, db, transaction
from rsvp.messages import Connection, Envelope, Message, Parts, compose
from rsvp.models.letter import IN_CALENDAR, STANDING, Letter, LetterKind, LetterState
from rsvp.services import claims
from rsvp.services.claims import Claim, Taken

log = logging.getLogger(__name__)

# The waits after each time that the server put a letter off; after the last one the letter has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360, 360))
# A server that can't be reached says nothing about a letter: it is asked again and again.
UNREACHED_WAIT = timedelta(minutes=1)

Now = Callable[[], datetime]


# Said for every letter about a request, so they are written once.
_TAKEN_BACK = (
    update(Letter)
    .where(Letter.rsvp_id == bindparam("about"), Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)))
    .values(state=LetterState.SUPERSEDED, recipient=None, content=None, error=None)
)
_TAKEN_BACK_BUT_CANCELLATIONS = _TAKEN_BACK.where(Letter.kind != LetterKind.CANCELLATION)


@dataclass(frozen=True)
class Draft:
    """A letter before it has a place in the outbox."""

    kind: LetterKind
    language: str
    recipient: str
    parts: Parts
    participant_id: int
    rsvp_id: int | None = None


def add(draft: Draft, *, at: datetime, due_at: datetime | None = None) -> Letter:
    """Put a letter into the outbox, in the transaction of the act that it tells of.

    A letter that says how a request stands takes the place of those about it that haven't left.
    """
    if draft.kind in STANDING and draft.rsvp_id is not None:
        supersede(draft.rsvp_id, by=draft.kind)
    letter = Letter(
        public_id=tokens.new_public_id(),
        kind=draft.kind,
        language=draft.language,
        participant_id=draft.participant_id,
        rsvp_id=draft.rsvp_id,
        recipient=draft.recipient,
        content=json.dumps(asdict(draft.parts), ensure_ascii=False),
        created_at=at,
        due_at=due_at or at,
    )
    db.session.add(letter)
    return letter


def supersede(rsvp_id: int, *, by: LetterKind | None = None) -> None:
    """Take back the letters about a request that haven't left: what they say isn't true any more.

    `by` is the letter that takes their place, if there is one. A cancellation gives way to another calendar entry only.
    """
    taken_back = _TAKEN_BACK if by in IN_CALENDAR else _TAKEN_BACK_BUT_CANCELLATIONS
    db.session.execute(taken_back, {"about": rsvp_id}, execution_options={"synchronize_session": False})


def has_left(rsvp_id: int, kinds: Sequence[LetterKind]) -> bool:
    """Whether a letter of these kinds about a request has left, or may be leaving now."""
    left = (LetterState.SENDING, LetterState.SENT, LetterState.BOUNCED)
    chosen = select(Letter.id).where(Letter.rsvp_id == rsvp_id, Letter.kind.in_(kinds), Letter.state.in_(left))
    return db.session.scalars(chosen.limit(1)).one_or_none() is not None


def message_id(letter: Letter) -> str:
    """Return the letter's Message-ID: the same at every attempt."""
    return _message_id(letter.public_id)


def _message_id(public_id: str) -> str:
    return f"<{public_id}@{config.current().host}>"


def deliver(now: Now) -> int:
    """Send every letter that is due and return how many left.

    A letter that is refused, or that can't be made, doesn't stop the others. When the server can't be reached, or
    falls silent, the letters at hand are put off for a minute, and this call ends.
    """
    delivery = _Delivery(now)
    try:
        while (claimed := claims.claim(now())) and delivery.carry(claimed):
            pass
    finally:
        delivery.end()
    return delivery.sent


def why_unreachable() -> str | None:
    """Return the kind of error that keeps the mail server from being used, or None when it answers."""
    try:
        _close(_open())
    except (smtplib.SMTPException, OSError) as error:
        return type(error).__name__
    return None


class _Delivery:
    """One worker's round: the connection it uses, and what became of the letter before, if that isn't written yet.

    What became of a letter is committed together with the taking of the next one: a commit per letter, and a worker
    that dies repeats at most the letter that it was sending.
    """

    def __init__(self, now: Now):
        self.sent = 0
        self._now = now
        self._connection: Connection | None = None
        self._unwritten: Callable[[], None] | None = None

    def carry(self, claimed: list[Claim]) -> bool:
        """Send these letters; False when the server keeps the rest from being sent."""
        for position, claim in enumerate(claimed):
            if self._connection is None and (trouble := self._connect()):
                self._put_off(claimed[position:], trouble)
                return False
            taken = self._take(claim)
            trouble = self._send(taken) if taken else None
            if trouble is not None:
                self._put_off(claimed[position + 1 :], trouble)
                return False
        self._write()
        return True

    def end(self) -> None:
        """Write what is still to be written, and take leave of the server."""
        try:
            self._write()
        finally:
            _close(self._connection)

    def _connect(self) -> Exception | None:
        try:
            self._connection = _open()
        except (smtplib.SMTPException, OSError) as error:
            return error
        return None

    def _take(self, claim: Claim) -> Taken | None:
        with transaction():
            if self._unwritten:
                self._unwritten()
            taken = claims.take(claim, at=self._now())
        self._unwritten = None
        return taken

    def _send(self, taken: Taken) -> OSError | None:
        """Send one letter and keep what is to be written of it; return the error of a server that fell silent."""
        assert self._connection is not None
        at = self._now
        try:
            self._connection.send(_message(taken))
        except OSError as error:  # what smtplib raises is one too
            self._unwritten = partial(_answer, taken, error, at=at())
            self._connection = _usable(self._connection)
            return error if isinstance(error.__context__ or error, TimeoutError) else None
        except Exception as error:  # a letter that can't be made must not stop the queue
            self._unwritten = partial(_fail, taken, type(error).__name__)
            self._connection = _usable(self._connection)
            return None
        self.sent += 1
        self._unwritten = partial(claims.finish_sent, taken.claim, at=at())
        return None

    def _put_off(self, rest: list[Claim], error: Exception) -> None:
        due_at = self._now() + UNREACHED_WAIT
        self._write()
        with transaction():
            for claim in rest:
                claims.finish(claim, state=LetterState.DEFERRED, due_at=due_at, error=str(error))
        log.warning("mail server not reached error=%s letters=%s", type(error).__name__, len(rest))

    def _write(self) -> None:
        if self._unwritten:
            with transaction():
                self._unwritten()
            self._unwritten = None


def _message(taken: Taken) -> Message:
    """Return the message of a letter; whatever is wrong with it is raised here."""
    envelope = Envelope(
        recipient=cipher().decrypt(taken.recipient or "", "letter.recipient"),
        language=taken.language,
        message_id=_message_id(taken.public_id),
        dated=taken.created_at,
    )
    parts = Parts(**json.loads(cipher().decrypt(taken.content or "", "letter.content")))
    return compose(parts, envelope, sender=config.current().mail_default_sender)


def _answer(taken: Taken, error: OSError, *, at: datetime) -> None:
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
    if 500 <= code < 600 or taken.attempts > len(WAITS):
        _fail(taken, words)
    else:
        claims.finish(taken.claim, state=LetterState.DEFERRED, due_at=at + WAITS[taken.attempts - 1], error=words)
        log.warning("letter deferred id=%s attempts=%s", taken.claim.letter_id, taken.attempts)


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _fail(taken: Taken, words: str) -> None:
    claims.finish(taken.claim, state=LetterState.FAILED, error=words)
    log.warning("letter failed id=%s", taken.claim.letter_id)


def _open() -> Connection:
    connection = Connection(config.current())
    connection.host = connection.configure_host()
    return connection


def _usable(connection: Connection) -> Connection | None:
    """Return the connection if the next letter can go over it; a lost one is closed."""
    try:
        if connection.host is not None and connection.host.rset()[0] == 250:
            return connection
    except (smtplib.SMTPException, OSError):
        log.info("mail server closed the connection")
    _close(connection)
    return None


def _close(connection: Connection | None) -> None:
    try:
        if connection is not None and connection.host is not None:
            connection.host.quit()
    except (smtplib.SMTPException, OSError):
        log.info("mail server closed the connection first")
