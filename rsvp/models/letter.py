"""A letter: one email to one person, kept in the outbox until it has left."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Encrypted, Instant
from rsvp.models.rsvp import Rsvp


class LetterState(StrEnum):
    """How far it has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEFERRED = "deferred"
    FAILED = "failed"
    BOUNCED = "bounced"  # another server sent it back later
    SUPERSEDED = "superseded"  # not sent: a newer letter says how things stand now


class LetterKind(StrEnum):
    """What it is for; also the name of its template."""

    VERIFICATION = "verification"
    RECEIPT = "receipt"
    INVITATION = "invitation"
    APPROVAL = "approval"  # the event's time isn't known yet, so there is no calendar file
    UPDATE = "update"
    CANCELLATION = "cancellation"
    REMINDER = "reminder"
    REGRET = "regret"  # their calendar said no: do they want to withdraw?
    WAITLISTING = "waitlisting"
    DECLINE = "decline"
    QUESTION = "question"  # about a request that waits
    BROADCAST = "broadcast"  # the coordinator's own words to everybody with a place at an event
    LINK = "link"  # to their own page, again
    ADDRESS = "address"  # to a new address: is it theirs?
    MOVING = "moving"  # to the old address: somebody asked for another one
    MOVED = "moved"  # to the old address: letters go elsewhere from now on
    DIGEST = "digest"  # to a coordinator: how much waits


# Each of these says how a request stands: the newest makes the older ones untrue.
STANDING = (
    LetterKind.INVITATION,
    LetterKind.APPROVAL,
    LetterKind.UPDATE,
    LetterKind.CANCELLATION,
    LetterKind.WAITLISTING,
    LetterKind.DECLINE,
)

# These carry a calendar entry. A cancellation that hasn't left is made untrue by another of these only: whatever else
# is decided meanwhile, the entry and its link must leave the guest's calendar.
IN_CALENDAR = (LetterKind.INVITATION, LetterKind.UPDATE, LetterKind.CANCELLATION)

WAITING = (LetterState.QUEUED, LetterState.SENDING, LetterState.DEFERRED)


class Letter(Base):
    """One row of the outbox. Its `public_id` is the local part of its Message-ID."""

    __tablename__ = "letter"
    __table_args__ = (Index(None, "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    participant_id: Mapped[int | None] = mapped_column(ForeignKey("participant.id", ondelete="SET NULL"), index=True)
    rsvp_id: Mapped[int | None] = mapped_column(ForeignKey("rsvp.id", ondelete="SET NULL"), index=True)
    # The address and the parts (JSON); both are erased once the letter has left.
    recipient: Mapped[str | None] = mapped_column(Encrypted("letter.recipient"))
    content: Mapped[str | None] = mapped_column(Encrypted("letter.content"))
    state: Mapped[str] = mapped_column(String(12), default=LetterState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    # Not before this instant.
    due_at: Mapped[datetime] = mapped_column(Instant)
    # While `sending`: whose work it is until then. Afterwards a sweep takes it up again.
    leased_until: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    # The mail server's words, which may name the address.
    error: Mapped[str | None] = mapped_column(Encrypted("letter.error"))

    rsvp: Mapped[Rsvp | None] = relationship()
