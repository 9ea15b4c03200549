"""A past decline: the keyed digest of an address whose request was declined, kept when the person's data is erased."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base, Instant


class PastDecline(Base):
    """One address, readable by nobody: it only answers whether that address was declined before."""

    __tablename__ = "past_decline"

    id: Mapped[int] = mapped_column(primary_key=True)
    # The same digest as the participant's.
    email_index: Mapped[str] = mapped_column(String(64), unique=True)
    declined_at: Mapped[datetime] = mapped_column(Instant, index=True)
