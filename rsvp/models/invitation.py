"""An invitation: the calendar entry of one RSVP, with one UID for life and a rising SEQUENCE."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Instant
from rsvp.models.rsvp import Rsvp


class Invitation(Base):
    """What the guest's calendar was last told (RFC 5545 §3.8.4.7 UID, §3.8.7.4 SEQUENCE)."""

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), unique=True)
    uid: Mapped[str] = mapped_column(String(255), unique=True)
    sequence: Mapped[int] = mapped_column(default=0)
    # REQUEST or CANCEL, as sent last.
    method: Mapped[str] = mapped_column(String(10))
    # What the calendar holds: a CANCEL names the hour that is taken out, also when the event has none any more.
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int]
    # All that the calendar holds of the event, as a digest: a difference means an update is due.
    told: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Instant)
    # DTSTAMP of the newest message.
    stamped_at: Mapped[datetime] = mapped_column(Instant)
    # Message-ID of the first letter; later ones answer it, so that they stand in one thread.
    first_message_id: Mapped[str] = mapped_column(String(255))

    # What the guest's calendar answered last (RFC 5545 §3.2.12 PARTSTAT), and the DTSTAMP of that answer.
    partstat: Mapped[str | None] = mapped_column(String(20))
    replied_at: Mapped[datetime | None] = mapped_column(Instant)

    rsvp: Mapped[Rsvp] = relationship()
