"""An RSVP: one participant's request for one event, and the one table of its moves."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Encrypted, Instant
from rsvp.errors import MoveRefused
from rsvp.models.event import Event
from rsvp.models.participant import Participant


class State(StrEnum):
    """Where a request stands."""

    UNVERIFIED = "unverified"
    PENDING = "pending"
    APPROVED = "approved"
    DECLINED = "declined"
    WAITLISTED = "waitlisted"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


class Mover(StrEnum):
    """Who makes a move."""

    PARTICIPANT = "participant"
    COORDINATOR = "coordinator"


_S, _P, _C = State, Mover.PARTICIPANT, Mover.COORDINATOR

MOVES: dict[tuple[State, State], Mover] = {
    (_S.UNVERIFIED, _S.PENDING): _P,
    (_S.PENDING, _S.APPROVED): _C,
    (_S.PENDING, _S.DECLINED): _C,
    (_S.PENDING, _S.WAITLISTED): _C,
    (_S.WAITLISTED, _S.APPROVED): _C,
    (_S.WAITLISTED, _S.DECLINED): _C,
    (_S.APPROVED, _S.REVOKED): _C,
    (_S.DECLINED, _S.PENDING): _C,
    (_S.REVOKED, _S.PENDING): _C,
    (_S.PENDING, _S.WITHDRAWN): _P,
    (_S.WAITLISTED, _S.WITHDRAWN): _P,
    (_S.APPROVED, _S.WITHDRAWN): _P,
    (_S.WITHDRAWN, _S.PENDING): _P,
}


class Rsvp(Base):
    """One request. `version` rises with every move, so that two decisions can't both stand."""

    __tablename__ = "rsvp"
    __table_args__ = (UniqueConstraint("participant_id", "event_id"), Index(None, "event_id", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    state: Mapped[str] = mapped_column(String(12), index=True)
    version: Mapped[int] = mapped_column(default=0)
    requested_at: Mapped[datetime] = mapped_column(Instant, index=True)
    # A withdrawn guest asked again by the public form and hasn't proven the address yet.
    asked_again_at: Mapped[datetime | None] = mapped_column(Instant)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    # The coordinator's public id.
    decided_by: Mapped[str | None] = mapped_column(String(64))
    # What the coordinator wrote to the guest with a refusal.
    reason: Mapped[str | None] = mapped_column(Encrypted("rsvp.reason"))
    # What coordinators write for each other; it never goes to the guest.
    note: Mapped[str | None] = mapped_column(Encrypted("rsvp.note"))
    # The state before the newest decision, and until when the coordinator may go back to it; its letter waits so long.
    undo_state: Mapped[str | None] = mapped_column(String(12))
    undo_until: Mapped[datetime | None] = mapped_column(Instant)
    # When the guest first opened the meeting from their own page; from where isn't kept.
    opened_at: Mapped[datetime | None] = mapped_column(Instant)
    # When a coordinator noted that the guest was there.
    attended_at: Mapped[datetime | None] = mapped_column(Instant)

    participant: Mapped[Participant] = relationship()
    event: Mapped[Event] = relationship()

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}

    def move(self, to: State, *, by: Mover) -> None:
        """Go to another state.

        Raises:  MoveRefused when the table of moves has no such move for who makes it.
        """
        if not can_move(State(self.state), to, by=by):
            raise MoveRefused
        self.state = to
        self.version += 1
        self.undo_state = self.undo_until = None

    def stay(self, *, until: datetime) -> None:
        """Let what was done without a move, a question, be taken back until then."""
        self.undo_state, self.undo_until = self.state, until

    @property
    def is_unmoved(self) -> bool:
        """Whether what was done last, and may be taken back, moved nothing."""
        return self.undo_state == self.state

    def told(self, *, at: datetime) -> State:
        """Return how it stands as far as its guest may know: what can be taken back is nobody's news yet."""
        is_fresh = self.undo_until is not None and at < self.undo_until
        return State(self.undo_state if self.undo_state and is_fresh else self.state)

    def go_back(self, *, at: datetime) -> None:
        """Return to the state before a decision that was made a moment ago.

        Raises:  MoveRefused when there is none, or its moment is over.
        """
        if self.undo_state is None or self.undo_until is None or at >= self.undo_until:
            raise MoveRefused
        self.state = self.undo_state
        self.version += 1
        self.undo_state = self.undo_until = None


def can_move(state: State, to: State, *, by: Mover) -> bool:
    """Whether the table has the move for who makes it."""
    return MOVES.get((state, to)) == by
