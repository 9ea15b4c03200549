"""A participant: a person who asked for a place, readable only with the keys."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base, Encrypted, Instant


class Participant(Base):
    """One person, found again by the keyed digest of their address."""

    __tablename__ = "participant"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(Encrypted("participant.name"))
    email: Mapped[str] = mapped_column(Encrypted("participant.email"))
    # HMAC-SHA-256 of the normalised address.
    email_index: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    zone: Mapped[str] = mapped_column(String(64))
    country: Mapped[str | None] = mapped_column(Encrypted("participant.country"))
    organisation: Mapped[str | None] = mapped_column(Encrypted("participant.organisation"))
    # Who in the community knows them, in their own words.
    referrer: Mapped[str | None] = mapped_column(Encrypted("participant.referrer"))
    message: Mapped[str | None] = mapped_column(Encrypted("participant.message"))
    # What an unproven form said about a proven participant (JSON): it replaces the columns above only
    # once the address is proven again, so that nobody changes another's data by typing their address.
    proposed: Mapped[str | None] = mapped_column(Encrypted("participant.proposed"))
    proposed_at: Mapped[datetime | None] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant, index=True)
    # When the address was proven first; None until then.
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    # When they last moved to another address.
    moved_at: Mapped[datetime | None] = mapped_column(Instant)
    # The coordinator (public id) who added them by hand and vouches for the address.
    added_by: Mapped[str | None] = mapped_column(String(64))
    # When the newest verification letter was written to them.
    verification_at: Mapped[datetime | None] = mapped_column(Instant)
