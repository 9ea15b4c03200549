"""A question that the coordinator asks about a request, and the guest's answer."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Encrypted, Instant
from rsvp.models.rsvp import Rsvp


class Question(Base):
    """One question; a request may have several."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    rsvp_id: Mapped[int] = mapped_column(ForeignKey("rsvp.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Encrypted("question.words"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
    # The coordinator's public id.
    asked_by: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(Encrypted("question.answer"))
    # None until it is answered.
    answered_at: Mapped[datetime | None] = mapped_column(Instant)

    rsvp: Mapped[Rsvp] = relationship()
