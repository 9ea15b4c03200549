"""Keep letters until they have left, and carry them to the mail server: the only part that speaks SMTP.

The table is the truth. It never decides what a letter says or whether one is due. Each letter's state is committed
before and after it is sent, so that a worker that dies loses nothing and repeats at most the letters in hand.
"""

import json
import logging
import smtplib
from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from queue import Empty, SimpleQueue

from sqlalchemy import CursorResult, bindparam, select, update

import config
from rsvp import tokens
from rsvp.db import db, transaction
from rsvp.messages import Parts
from rsvp.models.letter import IN_CALENDAR, STANDING, Letter, LetterKind, LetterState
from rsvp.services import carriers, claims
from rsvp.services.carriers import Carrier, Outcome
from rsvp.services.claims import Claim, Taken

log = logging.getLogger(__name__)

# The waits after each time that the server put a letter off; after the last one the letter has failed.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 360, 360, 360, 360))
# A server that can't be reached says nothing about a letter: it is asked again and again.
UNREACHED_WAIT = timedelta(minutes=1)

# Letters go over several connections when there are many: far mail servers think for long between two lines.
CARRIERS = 8
LETTERS_EACH = 8
# How long a carrier that is back waits for others, so that one commit serves several letters.
GATHERING_SECONDS = 0.002

Now = Callable[[], datetime]


# Said for every letter about a request, so they are written once.
_WAITING = (
    update(Letter)
    .where(Letter.state.in_((LetterState.QUEUED, LetterState.DEFERRED)))
    .values(state=LetterState.SUPERSEDED, recipient=None, content=None, error=None)
)
_TAKEN_BACK = _WAITING.where(Letter.rsvp_id == bindparam("about"))
_TAKEN_BACK_BUT_CANCELLATIONS = _TAKEN_BACK.where(Letter.kind != LetterKind.CANCELLATION)


@dataclass(frozen=True)
class Draft:
    """A letter before it has a place in the outbox."""

    kind: LetterKind
    language: str
    recipient: str
    parts: Parts
    participant_id: int | None = None
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


def take_back(kind: LetterKind, rsvp_ids: Collection[int], *, written_at: datetime) -> int:
    """Take back the letters of a kind about some requests that were written at that instant and haven't left."""
    written = (Letter.kind == kind, Letter.rsvp_id.in_(rsvp_ids), Letter.created_at == written_at)
    done = db.session.execute(_WAITING.where(*written), execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult)
    return done.rowcount


def has_left(rsvp_id: int, kinds: Sequence[LetterKind]) -> bool:
    """Whether a letter of these kinds about a request has left, or may be leaving now."""
    return newest_left(rsvp_id, kinds) is not None


def newest_left(rsvp_id: int, kinds: Sequence[LetterKind]) -> Letter | None:
    """Return the newest letter of these kinds about a request that has left, or may be leaving now."""
    left = (LetterState.SENDING, LetterState.SENT, LetterState.BOUNCED)
    chosen = select(Letter).where(Letter.rsvp_id == rsvp_id, Letter.kind.in_(kinds), Letter.state.in_(left))
    return db.session.scalars(chosen.order_by(Letter.id.desc()).limit(1)).one_or_none()


def has_moved(participant_id: int, *, since: datetime) -> bool:
    """Whether a guest went to another address later than that instant: the old one was told."""
    told = (Letter.participant_id == participant_id, Letter.kind == LetterKind.MOVED, Letter.created_at > since)
    return db.session.scalars(select(Letter.id).where(*told).limit(1)).one_or_none() is not None


def message_id(letter: Letter) -> str:
    """Return the letter's Message-ID: the same at every attempt."""
    return carriers.message_id(letter.public_id, config.current().host)


def deliver(now: Now) -> int:
    """Send every letter that is due and return how many left.

    A letter that is refused, or that can't be made, doesn't stop the others. When the server can't be reached, or
    falls silent, the letters at hand are put off for a minute, and this call ends.
    """
    with ThreadPoolExecutor(CARRIERS, thread_name_prefix="carrier") as threads:
        delivery = _Delivery(now, threads)
        try:
            while (claimed := claims.claim(now())) and delivery.carry(claimed):
                pass
        finally:
            delivery.end()
    return delivery.sent


def why_unreachable() -> str | None:
    """Return the kind of error that keeps the mail server from being used, or None when it answers."""
    try:
        carriers.hire().leave()
    except (smtplib.SMTPException, OSError) as error:
        return type(error).__name__
    return None


class _Delivery:
    """One worker's round: its carriers, and what became of their letters, if that isn't written yet.

    What became of letters is committed together with the taking of the next ones. A worker that dies repeats at most
    those that were in its carriers' hands.
    """

    def __init__(self, now: Now, threads: Executor):
        self.sent = 0
        self._now = now
        self._threads = threads
        self._free: list[Carrier] = []
        self._busy = 0
        self._most = CARRIERS
        self._back: SimpleQueue[Outcome] = SimpleQueue()
        self._unwritten: list[Outcome] = []

    def carry(self, claimed: list[Claim]) -> bool:
        """Send these letters; False when the server keeps the rest from being sent."""
        waiting = deque(claimed)
        trouble: Exception | None = None
        while waiting and not trouble:
            trouble = self._hire(min(self._most, 1 + len(waiting) // LETTERS_EACH))
            if self._free and not trouble:
                self._hand_over(waiting)
            trouble = self._welcome_back() or trouble
        while self._busy:
            trouble = self._welcome_back() or trouble
        self._write()
        if trouble:
            self._put_off(waiting, trouble)
        return trouble is None

    def end(self) -> None:
        """Write what is still to be written, and take leave of the server."""
        try:
            while self._busy:
                self._welcome_back()
            self._write()
        finally:
            for carrier in self._free:
                carrier.leave()

    def _hire(self, wanted: int) -> Exception | None:
        """See that so many carriers are at work; fewer will do, but not none."""
        while len(self._free) + self._busy < wanted:
            try:
                self._free.append(carriers.hire())
            except (smtplib.SMTPException, OSError) as error:
                self._most = len(self._free) + self._busy
                return None if self._most else error
        return None

    def _hand_over(self, waiting: deque[Claim]) -> None:
        """Take a letter for each free carrier, just before it is sent: one that isn't true by now stays here."""
        at = self._now()
        hands = [waiting.popleft() for _ in range(min(len(self._free), len(waiting)))]
        with transaction():
            self._note(at)
            taken = claims.take(hands, at=at)
        self._unwritten = []
        for letter in taken:
            self._busy += 1
            self._threads.submit(self._send, self._free.pop(), letter)

    def _send(self, carrier: Carrier, letter: Taken) -> None:
        self._back.put(carrier.carry(letter))

    def _welcome_back(self) -> Exception | None:
        """Wait for a carrier, and shortly for others; return the error of a server that fell silent."""
        if not self._busy:
            return None
        silence = self._welcome(self._back.get())
        with suppress(Empty):
            while len(self._free) < self._busy:
                silence = self._welcome(self._back.get(timeout=GATHERING_SECONDS)) or silence
        return silence

    def _welcome(self, outcome: Outcome) -> Exception | None:
        self._busy -= 1
        self._unwritten.append(outcome)
        self.sent += outcome.error is None
        if outcome.carrier.is_usable:
            self._free.append(outcome.carrier)
        else:
            outcome.carrier.leave()
        return outcome.silence

    def _put_off(self, rest: Iterable[Claim], error: Exception) -> None:
        due_at = self._now() + UNREACHED_WAIT
        with transaction():
            for claim in rest:
                claims.finish(claim, state=LetterState.DEFERRED, due_at=due_at, error=str(error))
        log.warning("mail server not reached error=%s", type(error).__name__)

    def _write(self) -> None:
        if self._unwritten:
            with transaction():
                self._note(self._now())
            self._unwritten = []

    def _note(self, at: datetime) -> None:
        claims.finish_sent([outcome.taken.claim for outcome in self._unwritten if outcome.error is None], at=at)
        for outcome in self._unwritten:
            if isinstance(outcome.error, OSError):  # what smtplib raises is one too
                _answer(outcome.taken, outcome.error, at=at)
            elif outcome.error is not None:
                _fail(outcome.taken, type(outcome.error).__name__)


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
        due_at = at + WAITS[taken.attempts - 1]
        claims.finish(taken.claim, state=LetterState.DEFERRED, attempts=taken.attempts, due_at=due_at, error=words)
        log.warning("letter deferred id=%s attempts=%s", taken.claim.letter_id, taken.attempts)


def _decoded(words: bytes | str) -> str:
    return words.decode("utf-8", "replace") if isinstance(words, bytes) else words


def _fail(taken: Taken, words: str) -> None:
    claims.finish(taken.claim, state=LetterState.FAILED, attempts=taken.attempts, error=words)
    log.warning("letter failed id=%s", taken.claim.letter_id)
