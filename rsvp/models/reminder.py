"""A reminder: the note that one guest was reminded of one start, so that it happens once."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base, Instant


class Reminder(Base):
    """One reminder of one RSVP for one start. A moved event has another start, and reminds again."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("rsvp_id", "starts_at", "minutes"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime] = mapped_column(Instant)
    # How long before the start.
    minutes: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(Instant)
