"""A token: the digest of the secret in a link, good for one purpose until it expires or is revoked."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Encrypted, Instant
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp


class Purpose(StrEnum):
    """The one thing that a token opens."""

    VERIFICATION = "verification"
    PLACES = "places"
    FEED = "feed"
    JOIN = "join"
    ADDRESS = "address"  # proves another address of the participant's


class Token(Base):
    """A link's secret, stored as a digest; where it must be written again, also encrypted."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    # When a link that works once was used.
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    # What a join link opens, and its text: each new version of an invitation and the private calendar repeat it.
    rsvp_id: Mapped[int | None] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    text: Mapped[str | None] = mapped_column(Encrypted("token.text"))
    # The address that is to be proven.
    email: Mapped[str | None] = mapped_column(Encrypted("token.email"))

    participant: Mapped[Participant] = relationship()
    rsvp: Mapped[Rsvp | None] = relationship()

    def opens(self, purpose: Purpose, *, at: datetime) -> bool:
        """Whether it opens that purpose at that instant."""
        return self.is_for(purpose, at=at) and self.used_at is None

    def is_for(self, purpose: Purpose, *, at: datetime) -> bool:
        """Whether it was made for that purpose and is neither revoked nor too old, used or not."""
        return self.purpose == purpose and self.revoked_at is None and at < self.expires_at
